/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts as lists see them. Their journal is in journal.c. */

#include "config.h"

#include "app/store/draft.h"

#include "app/store/attachment.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>

#define SELECT                                                                                          \
  "SELECT d.row, d.instance_id, d.edits, d.instrument, i.form, i.version, coalesce (d.title, i.title)," \
  "       i.kind, d.assessment, d.crossing, c.name, d.created_us, d.created_offset_s,"                  \
  "       d.updated_us, d.updated_offset_s, d.n_answered, d.n_asked, d.deleted_us IS NOT NULL"          \
  "  FROM draft AS d JOIN instrument AS i ON i.row = d.instrument LEFT JOIN crossing AS c ON c.id = d.crossing"

G_DEFINE_BOXED_TYPE (MereDraft, mere_draft, mere_draft_copy, mere_draft_free)

MereDraft *
mere_draft_copy (const MereDraft *self)
{
  MereDraft *copy = g_new (MereDraft, 1);

  *copy = *self;
  copy->instance_id = g_strdup (self->instance_id);
  copy->edits = g_strdup (self->edits);
  copy->form = g_strdup (self->form);
  copy->form_version = g_strdup (self->form_version);
  copy->title = g_strdup (self->title);
  copy->assessment = g_strdup (self->assessment);
  copy->crossing = g_strdup (self->crossing);
  copy->crossing_name = g_strdup (self->crossing_name);
  return copy;
}

void
mere_draft_free (MereDraft *self)
{
  if (self == NULL)
    return;
  g_free (self->instance_id);
  g_free (self->edits);
  g_free (self->form);
  g_free (self->form_version);
  g_free (self->title);
  g_free (self->assessment);
  g_free (self->crossing);
  g_free (self->crossing_name);
  g_free (self);
}

static MereDraft *
read_row (MereStatement *query)
{
  MereDraft *self = g_new0 (MereDraft, 1);

  self->id = mere_statement_get_int (query, 0);
  self->instance_id = mere_statement_dup_text (query, 1);
  self->edits = mere_statement_dup_text (query, 2);
  self->instrument = mere_statement_get_int (query, 3);
  self->form = mere_statement_dup_text (query, 4);
  self->form_version = mere_statement_dup_text (query, 5);
  self->title = mere_statement_dup_text (query, 6);
  mere_instrument_kind_from_string (mere_statement_get_text (query, 7), &self->kind);
  self->assessment = mere_statement_dup_text (query, 8);
  self->crossing = mere_statement_dup_text (query, 9);
  self->crossing_name = mere_statement_dup_text (query, 10);
  self->created_us = mere_statement_get_int (query, 11);
  self->created_offset_s = (gint32) mere_statement_get_int (query, 12);
  self->updated_us = mere_statement_get_int (query, 13);
  self->updated_offset_s = (gint32) mere_statement_get_int (query, 14);
  self->n_answered = (guint) mere_statement_get_int (query, 15);
  self->n_asked = (guint) mere_statement_get_int (query, 16);
  self->deleted = mere_statement_get_int (query, 17) != 0;
  return self;
}

GPtrArray *
mere_draft_list (MereStore  *store,
                 int         kind,
                 const char *crossing,
                 GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    SELECT " WHERE d.deleted_us IS NULL AND (?1 IS NULL OR i.kind = ?1) AND (?2 IS NULL OR d.crossing = ?2)"
           " ORDER BY d.updated_us DESC, d.row DESC",
    error);

  if (query == NULL)
    return NULL;
  if (kind >= 0)
    mere_statement_bind_text (query, 1, mere_instrument_kind_to_string ((MereInstrumentKind) kind));
  mere_statement_bind_text (query, 2, crossing);
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_draft_free, error);
}

static gboolean
fail_not_found (GError **error)
{
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no such draft."));
  return FALSE;
}

MereDraft *
mere_draft_load (MereStore *store,
                 gint64     id,
                 GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT " WHERE d.row = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    fail_not_found (error);
  return row ? read_row (query) : NULL;
}

gint64
mere_draft_find_edit (MereStore  *store,
                      const char *record,
                      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT row FROM draft WHERE edits = ?1", error);
  gboolean row;

  if (query == NULL)
    return 0;
  mere_statement_bind_text (query, 1, record);
  return mere_statement_step (query, &row, error) && row ? mere_statement_get_int (query, 0) : 0;
}

gint64
mere_draft_count (MereStore *store,
                  int        kind,
                  GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT count (*) FROM draft AS d JOIN instrument AS i ON i.row = d.instrument"
    " WHERE d.deleted_us IS NULL AND (?1 IS NULL OR i.kind = ?1)",
    error);
  gboolean row;

  if (query == NULL)
    return -1;
  if (kind >= 0)
    mere_statement_bind_text (query, 1, mere_instrument_kind_to_string ((MereInstrumentKind) kind));
  return mere_statement_step (query, &row, error) ? mere_statement_get_int (query, 0) : -1;
}

/* Runs @change on one draft. */
static gboolean
change_one (MereStore     *store,
            MereStatement *change,
            gint64         id,
            GError       **error)
{
  if (change == NULL)
    return FALSE;
  mere_statement_bind_int (change, 1, id);
  if (!mere_statement_run (change, error))
    return FALSE;
  if (mere_store_get_changes (store) == 0)
    return fail_not_found (error);
  mere_store_touch (store, MERE_STORE_DRAFTS);
  return TRUE;
}

gboolean
mere_draft_delete (MereStore *store,
                   gint64     id,
                   GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE draft SET deleted_us = coalesce (deleted_us, ?2) WHERE row = ?1", error);

  if (update != NULL)
    mere_statement_bind_int (update, 2, g_get_real_time ());
  return change_one (store, update, id, error);
}

gboolean
mere_draft_restore (MereStore *store,
                    gint64     id,
                    GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE draft SET deleted_us = NULL WHERE row = ?1", error);

  return change_one (store, update, id, error);
}

gboolean
mere_draft_remove (MereStore *store,
                   gint64     id,
                   GError   **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (store, "DELETE FROM draft WHERE row = ?1", error);

  return change_one (store, delete, id, error);
}

gboolean
mere_draft_set_title (MereStore  *store,
                      gint64      id,
                      const char *title,
                      GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (store, "UPDATE draft SET title = ?2 WHERE row = ?1", error);

  if (update != NULL)
    mere_statement_bind_text (update, 2, title);
  return change_one (store, update, id, error);
}

gboolean
mere_draft_set_progress (MereStore *store,
                         gint64     id,
                         guint      n_answered,
                         guint      n_asked,
                         GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE draft SET n_answered = ?2, n_asked = ?3 WHERE row = ?1", error);

  if (update != NULL)
    {
      mere_statement_bind_int (update, 2, n_answered);
      mere_statement_bind_int (update, 3, n_asked);
    }
  return change_one (store, update, id, error);
}

/* Runs @sql for the drafts that were deleted before a moment. */
static gboolean
run_before (MereStore  *store,
            const char *sql,
            gint64      before_us,
            GError    **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_int (statement, 1, before_us);
  return mere_statement_run (statement, error);
}

gboolean
mere_draft_purge (MereStore *store,
                  gint64     before_us,
                  GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL ||
      !run_before (store,
                   "DELETE FROM study_event WHERE study IN (SELECT instance_id FROM draft WHERE deleted_us < ?1)",
                   before_us,
                   error) ||
      !run_before (store,
                   "DELETE FROM study WHERE id IN (SELECT instance_id FROM draft WHERE deleted_us < ?1)",
                   before_us,
                   error) ||
      !run_before (store, "DELETE FROM draft WHERE deleted_us < ?1", before_us, error) ||
      !mere_attachment_sweep (store, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_DRAFTS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}
