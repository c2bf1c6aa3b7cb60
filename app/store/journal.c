/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal of a draft: declared in draft.h. A step is a row appended, and a few numbers updated in the draft's row;
 * both are found by key, so that a step costs the same whatever the vault holds. */

#include "config.h"

#include "app/store/draft.h"

#include "app/store/clock.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"
#include "app/store/words.h"

#include <glib/gi18n-lib.h>

static const char *const ops[] = { "set", "add", "remove", "restore", "language", "comment" };
static const char *const turns[] = { "do", "undo", "redo" };

void
mere_step_free (MereStep *self)
{
  if (self == NULL)
    return;
  g_free (self->ref);
  g_free (self->value);
  g_free (self->previous);
  g_free (self);
}

/* The number of its row; 0 on failure. */
static gint64
insert_draft (MereStore  *store,
              const char *instance_id,
              const char *edits,
              gint64      instrument,
              const char *assessment,
              const char *crossing,
              GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO draft (instance_id, edits, instrument, assessment, crossing,"
    "                   created_us, created_offset_s, updated_us, updated_offset_s)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?7) RETURNING row",
    error);
  gboolean row;
  gint64   utc_us;
  gint32   offset_s;

  if (insert == NULL)
    return 0;
  mere_clock_read (&utc_us, &offset_s);
  mere_statement_bind_text (insert, 1, instance_id);
  mere_statement_bind_text (insert, 2, edits);
  mere_statement_bind_int (insert, 3, instrument);
  mere_statement_bind_text (insert, 4, assessment);
  mere_statement_bind_text (insert, 5, crossing);
  mere_statement_bind_int (insert, 6, utc_us);
  mere_statement_bind_int (insert, 7, offset_s);
  return mere_statement_step (insert, &row, error) ? mere_statement_get_int (insert, 0) : 0;
}

static gboolean
save_snapshot (MereStore *store,
               gint64     id,
               GBytes    *xml,
               GError   **error)
{
  g_autoptr (MereStatement) save = mere_statement_new (
    store,
    "INSERT INTO draft_snapshot (draft, xml) VALUES (?1, ?2) ON CONFLICT (draft) DO UPDATE SET xml = excluded.xml",
    error);

  if (save == NULL)
    return FALSE;
  mere_statement_bind_int (save, 1, id);
  mere_statement_bind_bytes (save, 2, xml);
  return mere_statement_run (save, error);
}

gint64
mere_draft_add (MereStore  *store,
                const char *instance_id,
                const char *edits,
                gint64      instrument,
                const char *assessment,
                const char *crossing,
                GBytes     *snapshot,
                GError    **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  gint64 id;

  id = work != NULL ? insert_draft (store, instance_id, edits, instrument, assessment, crossing, error) : 0;
  if (id == 0 || !save_snapshot (store, id, snapshot, error))
    return 0;
  mere_store_touch (store, MERE_STORE_DRAFTS);
  return mere_transaction_commit (g_steal_pointer (&work), error) ? id : 0;
}

/* Takes the next number, and what lists show of the draft. */
static gboolean
advance_draft (MereStore *store,
               gint64     id,
               MereStep  *step,
               guint      n_answered,
               guint      n_asked,
               GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store,
    "UPDATE draft SET last_seq = last_seq + 1, updated_us = ?2, updated_offset_s = ?3, n_answered = ?4, n_asked = ?5"
    " WHERE row = ?1 AND deleted_us IS NULL RETURNING last_seq",
    error);
  gboolean row;

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, id);
  mere_statement_bind_int (update, 2, step->at.utc_us);
  mere_statement_bind_int (update, 3, step->at.offset_s);
  mere_statement_bind_int (update, 4, n_answered);
  mere_statement_bind_int (update, 5, n_asked);
  if (!mere_statement_step (update, &row, error))
    return FALSE;
  if (!row)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("This draft was deleted or has become a record."));
      return FALSE;
    }
  step->seq = mere_statement_get_int (update, 0);
  return TRUE;
}

static gboolean
insert_step (MereStore      *store,
             gint64          id,
             const MereStep *step,
             GError        **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO draft_step (draft, seq, op, turn, of, ref, value, previous, utc_us, offset_s, boot_us, boot)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, id);
  mere_statement_bind_int (insert, 2, step->seq);
  mere_statement_bind_text (insert, 3, ops[step->op]);
  mere_statement_bind_text (insert, 4, turns[step->turn]);
  mere_statement_bind_int (insert, 5, step->of);
  mere_statement_bind_text (insert, 6, step->ref);
  mere_statement_bind_text (insert, 7, step->value);
  mere_statement_bind_text (insert, 8, step->previous);
  mere_statement_bind_int (insert, 9, step->at.utc_us);
  mere_statement_bind_int (insert, 10, step->at.offset_s);
  mere_statement_bind_int (insert, 11, step->at.boot_us);
  mere_statement_bind_int (insert, 12, step->at.boot);
  return mere_statement_run (insert, error);
}

static gboolean
insert_before (MereStore *store,
               gint64     id,
               gint64     seq,
               GBytes    *xml,
               GError   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO draft_before (draft, seq, xml) VALUES (?1, ?2, ?3)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, id);
  mere_statement_bind_int (insert, 2, seq);
  mere_statement_bind_bytes (insert, 3, xml);
  return mere_statement_run (insert, error);
}

gboolean
mere_draft_append (MereStore *store,
                   gint64     id,
                   MereStep  *step,
                   GBytes    *before,
                   GBytes    *after,
                   guint      n_answered,
                   guint      n_asked,
                   GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !advance_draft (store, id, step, n_answered, n_asked, error) ||
      !insert_step (store, id, step, error) ||
      (before != NULL && !insert_before (store, id, step->seq, before, error)) ||
      (after != NULL && !mere_draft_compact (store, id, after, error)))
    return FALSE;
  mere_store_touch (store, MERE_STORE_DRAFTS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static gboolean
note_snapshot (MereStore *store,
               gint64     id,
               GError   **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE draft SET snapshot_seq = last_seq WHERE row = ?1", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, id);
  return mere_statement_run (update, error);
}

gboolean
mere_draft_compact (MereStore *store,
                    gint64     id,
                    GBytes    *snapshot,
                    GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL && save_snapshot (store, id, snapshot, error) && note_snapshot (store, id, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

GBytes *
mere_draft_load_snapshot (MereStore *store,
                          gint64     id,
                          gint64    *seq,
                          GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT s.xml, d.snapshot_seq FROM draft AS d JOIN draft_snapshot AS s ON s.draft = d.row WHERE d.row = ?1",
    error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, id);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no such draft."));
      return NULL;
    }
  *seq = mere_statement_get_int (query, 1);
  return mere_statement_dup_bytes (query, 0);
}

static MereStep *
read_step (MereStatement *query)
{
  MereStep *self = g_new0 (MereStep, 1);

  self->seq = mere_statement_get_int (query, 0);
  self->op = (MereStepOp) MAX (mere_words_find (ops, G_N_ELEMENTS (ops), mere_statement_get_text (query, 1)), 0);
  self->turn = (MereStepTurn) MAX (mere_words_find (turns, G_N_ELEMENTS (turns), mere_statement_get_text (query, 2)), 0);
  self->of = mere_statement_get_int (query, 3);
  self->ref = mere_statement_dup_text (query, 4);
  self->value = mere_statement_dup_text (query, 5);
  self->previous = mere_statement_dup_text (query, 6);
  self->at.utc_us = mere_statement_get_int (query, 7);
  self->at.offset_s = (gint32) mere_statement_get_int (query, 8);
  self->at.boot_us = mere_statement_get_int (query, 9);
  self->at.boot = (guint32) mere_statement_get_int (query, 10);
  self->kept = mere_statement_get_int (query, 11) != 0;
  return self;
}

GPtrArray *
mere_draft_load_steps (MereStore *store,
                       gint64     id,
                       gint64     after,
                       GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT s.seq, s.op, s.turn, s.of, s.ref, s.value, s.previous, s.utc_us, s.offset_s, s.boot_us, s.boot,"
    "       EXISTS (SELECT 1 FROM draft_before AS b WHERE b.draft = s.draft AND b.seq = s.seq)"
    "  FROM draft_step AS s WHERE s.draft = ?1 AND s.seq > ?2 ORDER BY s.seq",
    error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, id);
  mere_statement_bind_int (query, 2, after);
  return mere_statement_read_all (query, (MereRowReader) read_step, (GDestroyNotify) mere_step_free, error);
}

GBytes *
mere_draft_load_before (MereStore *store,
                        gint64     id,
                        gint64     seq,
                        GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT xml FROM draft_before WHERE draft = ?1 AND seq = ?2", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, id);
  mere_statement_bind_int (query, 2, seq);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("There is no such step."));
  return row ? mere_statement_dup_bytes (query, 0) : NULL;
}
