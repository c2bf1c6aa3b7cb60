/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records of colleagues. What they say lies in a table of its own, so that it can go while they are still counted. */

#include "config.h"

#include "app/store/colleague.h"

#include "app/store/evidence.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>

#define IS_NEWEST "NOT EXISTS (SELECT 1 FROM colleague_record AS n WHERE n.supersedes = d.record)"

/* A colleague who is in the team no more is called by the name of the laptop. */
#define SELECT                                                                                                  \
  "SELECT d.record, d.device, coalesce (nullif (m.label, ''), d.device), d.supersedes, d.form, d.form_version," \
  " coalesce (i.title, d.form), coalesce (i.kind, 'other'), d.crossing, c.name, d.b2, d.bundle, d.finalised,"   \
  " d.received_us, EXISTS (SELECT 1 FROM colleague_xml AS x WHERE x.record = d.record)"                         \
  "  FROM colleague_record AS d LEFT JOIN colleague AS m ON m.device = d.device"                                \
  "  LEFT JOIN crossing AS c ON c.id = d.crossing"                                                              \
  "  LEFT JOIN instrument AS i ON i.form = d.form AND i.version = d.form_version "

void
mere_colleague_record_free (MereColleagueRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->device);
  g_free (self->label);
  g_free (self->supersedes);
  g_free (self->form);
  g_free (self->form_version);
  g_free (self->title);
  g_free (self->crossing);
  g_free (self->crossing_name);
  g_free (self->b2);
  g_free (self->bundle);
  g_free (self->finalised);
  g_free (self);
}

static gboolean
insert_record (MereStore                 *store,
               const MereColleagueRecord *record,
               GError                   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO colleague_record (record, device, supersedes, form, form_version, crossing, b2, bundle, received_us, finalised)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, record->id);
  mere_statement_bind_text (insert, 2, record->device);
  mere_statement_bind_text (insert, 3, record->supersedes);
  mere_statement_bind_text (insert, 4, record->form);
  mere_statement_bind_text (insert, 5, record->form_version);
  mere_statement_bind_text (insert, 6, record->crossing);
  mere_statement_bind_text (insert, 7, record->b2);
  mere_statement_bind_text (insert, 8, record->bundle);
  mere_statement_bind_int (insert, 9, g_get_real_time ());
  mere_statement_bind_text (insert, 10, record->finalised);
  return mere_statement_run (insert, error);
}

/* Only to the very record that is kept: an id that two laptops use is the first one's. */
static gboolean
insert_xml (MereStore                 *store,
            const MereColleagueRecord *record,
            GBytes                    *xml,
            GError                   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO colleague_xml (record, xml) SELECT d.record, ?4 FROM colleague_record AS d"
    " WHERE d.record = ?1 AND d.device = ?2 AND d.b2 = ?3 AND d.erased_us IS NULL ON CONFLICT DO NOTHING",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, record->id);
  mere_statement_bind_text (insert, 2, record->device);
  mere_statement_bind_text (insert, 3, record->b2);
  mere_statement_bind_bytes (insert, 4, xml);
  return mere_statement_run (insert, error);
}

gboolean
mere_colleague_add (MereStore                 *store,
                    const MereColleagueRecord *record,
                    GBytes                    *xml,
                    guint                     *n_new,
                    GError                   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !insert_record (store, record, error))
    return FALSE;
  *n_new += (guint) mere_store_get_changes (store);
  if (xml != NULL && !insert_xml (store, record, xml, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_OTHER);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static MereColleagueRecord *
read_row (MereStatement *query)
{
  MereColleagueRecord *self = g_new0 (MereColleagueRecord, 1);

  self->id = mere_statement_dup_text (query, 0);
  self->device = mere_statement_dup_text (query, 1);
  self->label = mere_statement_dup_text (query, 2);
  self->supersedes = mere_statement_dup_text (query, 3);
  self->form = mere_statement_dup_text (query, 4);
  self->form_version = mere_statement_dup_text (query, 5);
  self->title = mere_statement_dup_text (query, 6);
  if (!mere_instrument_kind_from_string (mere_statement_get_text (query, 7), &self->kind))
    self->kind = MERE_INSTRUMENT_OTHER;
  self->crossing = mere_statement_dup_text (query, 8);
  self->crossing_name = mere_statement_dup_text (query, 9);
  self->b2 = mere_statement_dup_text (query, 10);
  self->bundle = mere_statement_dup_text (query, 11);
  self->finalised = mere_statement_dup_text (query, 12);
  self->received_us = mere_statement_get_int (query, 13);
  self->readable = mere_statement_get_int (query, 14) != 0;
  return self;
}

GPtrArray *
mere_colleague_list (MereStore *store,
                     guint      offset,
                     guint      limit,
                     GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, SELECT "WHERE " IS_NEWEST " ORDER BY d.received_us DESC, d.record LIMIT ?1 OFFSET ?2", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, limit);
  mere_statement_bind_int (query, 2, offset);
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_colleague_record_free, error);
}

MereColleagueRecord *
mere_colleague_load (MereStore  *store,
                     const char *id,
                     GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT "WHERE d.record = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (row)
    return read_row (query);
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("This record of a colleague is not on this laptop."));
  return NULL;
}

GBytes *
mere_colleague_load_xml (MereStore  *store,
                         const char *id,
                         GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT xml FROM colleague_xml WHERE record = ?1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (row)
    return mere_statement_dup_bytes (query, 0);
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND,
                       _ ("The answers of this record are not on this laptop: its colleague’s laptop and headquarters have them."));
  return NULL;
}

gboolean
mere_colleague_measure (MereStore *store,
                        gint64    *n_records,
                        gint64    *n_bytes,
                        GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT count (*), coalesce (sum (length (xml)), 0) FROM colleague_xml", error);
  gboolean row;

  if (query == NULL || !mere_statement_step (query, &row, error))
    return FALSE;
  if (n_records != NULL)
    *n_records = mere_statement_get_int (query, 0);
  if (n_bytes != NULL)
    *n_bytes = mere_statement_get_int (query, 1);
  return TRUE;
}

static gboolean
mark_erased (MereStore *store,
             GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE colleague_record SET erased_us = ?1 WHERE erased_us IS NULL", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, g_get_real_time ());
  return mere_statement_run (update, error);
}

gboolean
mere_colleague_erase_all (MereStore *store,
                          GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !mere_evidence_reduce_colleagues (store, error) ||
      !mere_store_execute (store, "DELETE FROM colleague_xml", error) || !mark_erased (store, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_OTHER);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}
