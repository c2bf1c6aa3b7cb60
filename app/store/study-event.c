/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/store/study-event.h"

#include "app/store/row-list.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>

#define COLUMNS "seq, kind, passenger, target, shift_us, name, value, utc_us, offset_s, boot_us, boot"

void
mere_study_row_free (MereStudyRow *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->name);
  g_free (self->value);
  g_free (self);
}

gboolean
mere_study_begin (MereStore  *store,
                  const char *study,
                  guint       sight,
                  GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (store, "INSERT INTO study (id, sight) VALUES (?1, ?2)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, study);
  mere_statement_bind_int (insert, 2, sight);
  if (!mere_statement_run (insert, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_STUDIES);
  return TRUE;
}

gboolean
mere_study_load_sight (MereStore  *store,
                       const char *study,
                       guint      *sight,
                       GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT sight FROM study WHERE id = ?1", error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, study);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  if (!row)
    {
      g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("No observation was begun here."));
      return FALSE;
    }
  *sight = (guint) mere_statement_get_int (query, 0);
  return TRUE;
}

/* Inserts only where the seq is the next one. */
#define INSERT                                                \
  "INSERT INTO study_event (study, " COLUMNS ")"              \
  " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12" \
  " WHERE ?2 = (SELECT coalesce (max (seq), 0) + 1 FROM study_event WHERE study = ?1)"

static gboolean
insert_row (MereStore          *store,
            const char         *study,
            const MereStudyRow *row,
            GError            **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (store, INSERT, error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, study);
  mere_statement_bind_int (insert, 2, row->seq);
  mere_statement_bind_text (insert, 3, row->kind);
  mere_statement_bind_int (insert, 4, row->passenger);
  mere_statement_bind_int (insert, 5, row->target);
  mere_statement_bind_int (insert, 6, row->shift_us);
  mere_statement_bind_text (insert, 7, row->name);
  mere_statement_bind_text (insert, 8, row->value);
  mere_statement_bind_int (insert, 9, row->at.utc_us);
  mere_statement_bind_int (insert, 10, row->at.offset_s);
  mere_statement_bind_int (insert, 11, row->at.boot_us);
  mere_statement_bind_int (insert, 12, row->at.boot);
  if (!mere_statement_run (insert, error))
    return FALSE;
  if (mere_store_get_changes (store) == 1)
    return TRUE;
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT, _ ("This is not the next event of the study."));
  return FALSE;
}

/* The draft is listed by its last change. */
static gboolean
note_change (MereStore        *store,
             const char       *study,
             const MereMoment *at,
             GError          **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store,
    "UPDATE draft SET updated_us = ?2, updated_offset_s = ?3 WHERE instance_id = ?1 AND deleted_us IS NULL",
    error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, study);
  mere_statement_bind_int (update, 2, at->utc_us);
  mere_statement_bind_int (update, 3, at->offset_s);
  if (!mere_statement_run (update, error))
    return FALSE;
  if (mere_store_get_changes (store) == 1)
    return TRUE;
  g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("This observation was deleted or has ended."));
  return FALSE;
}

gboolean
mere_study_row_append (MereStore          *store,
                       const char         *study,
                       const MereStudyRow *row,
                       GError            **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !insert_row (store, study, row, error) || !note_change (store, study, &row->at, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_STUDIES | MERE_STORE_DRAFTS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

static MereStudyRow *
read_row (MereStatement *query)
{
  MereStudyRow *self = g_new0 (MereStudyRow, 1);

  self->seq = mere_statement_get_int (query, 0);
  self->kind = mere_statement_dup_text (query, 1);
  self->passenger = mere_statement_get_int (query, 2);
  self->target = mere_statement_get_int (query, 3);
  self->shift_us = mere_statement_get_int (query, 4);
  self->name = mere_statement_dup_text (query, 5);
  self->value = mere_statement_dup_text (query, 6);
  self->at.utc_us = mere_statement_get_int (query, 7);
  self->at.offset_s = (gint32) mere_statement_get_int (query, 8);
  self->at.boot_us = mere_statement_get_int (query, 9);
  self->at.boot = (guint32) mere_statement_get_int (query, 10);
  return self;
}

GPtrArray *
mere_study_row_list (MereStore  *store,
                     const char *study,
                     gint64      after_seq,
                     GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT " COLUMNS " FROM study_event WHERE study = ?1 AND seq > ?2 ORDER BY seq", error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, study);
  mere_statement_bind_int (query, 2, after_seq);
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_study_row_free, error);
}
