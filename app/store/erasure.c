/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Erasing what headquarters has. The records go one by one, each durably; SQLite's secure_delete overwrites them. Then the
 * database is rewritten, so that no free page is left, and nothing rests on what moving rows has left in the unused parts
 * of pages; and the write-ahead log, which holds pages as they were, is emptied. */

#include "config.h"

#include "app/store/erasure.h"

#include "app/store/colleague.h"
#include "app/store/draft.h"
#include "app/store/row-list.h"
#include "app/store/statement.h"

/* SQLite builds the new database in memory, since no temporary file may lie beside a vault. */
#define MAX_REWRITTEN (128 * G_GINT64_CONSTANT (1048576)) /* bytes that are kept */

/* Sent back, and not yet answered by a newer version: its text is needed for that. */
#define IS_RETURNED "(d.superseded = 0 AND EXISTS (SELECT 1 FROM returned AS r WHERE r.record = d.id))"
#define IS_ERASABLE "d.state = 'acknowledged' AND NOT " IS_RETURNED
#define IS_KEPT "d.state <> 'erased' AND NOT (" IS_ERASABLE ")"

static gboolean
count (MereStore       *store,
       MereErasurePlan *self,
       GError         **error)
{
  gint64 n_files = 0;

  if (!mere_store_load_number (store, "SELECT count (*) FROM record AS d WHERE " IS_ERASABLE, &self->n_records, error) ||
      !mere_store_load_number (store, "SELECT coalesce (sum (d.size), 0) FROM record AS d WHERE " IS_ERASABLE, &self->n_bytes, error) ||
      !mere_store_load_number (store,
                               "SELECT coalesce (sum (a.size), 0) FROM attachment AS a WHERE a.b2 IN"
                               " (SELECT l.b2 FROM record_attachment AS l JOIN record AS d ON d.id = l.record WHERE " IS_ERASABLE ")",
                               &n_files,
                               error) ||
      !mere_store_load_number (store, "SELECT count (*) FROM draft WHERE deleted_us IS NOT NULL", &self->n_discarded, error) ||
      !mere_store_load_number (store, "SELECT count (*) FROM draft WHERE deleted_us IS NULL", &self->n_drafts, error) ||
      !mere_store_load_number (store, "SELECT count (*) FROM record AS d WHERE " IS_KEPT, &self->n_kept, error) ||
      !mere_store_load_number (store,
                               "SELECT count (*) FROM record AS d WHERE d.state = 'acknowledged' AND " IS_RETURNED,
                               &self->n_kept_returned,
                               error))
    return FALSE;
  self->n_bytes += n_files;
  return mere_colleague_measure (store, &self->n_colleagues, &self->n_colleague_bytes, error);
}

/* Instance ids, the newest first; at most @limit, or all below 0. */
static GPtrArray *
list_ids (MereStore  *store,
          const char *sql,
          gint64      limit,
          GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, limit >= 0 ? limit : G_MAXINT64);
  return mere_statement_read_texts (query, error);
}

static gboolean
list_kept (MereStore       *store,
           MereErasurePlan *self,
           GError         **error)
{
  g_autoptr (GPtrArray) ids = list_ids (
    store, "SELECT d.id FROM record AS d WHERE " IS_KEPT " ORDER BY d.row DESC LIMIT ?1", MERE_ERASURE_MAX_LISTED, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      MereRecord *record = mere_record_load (store, ids->pdata[i], error);

      if (record == NULL)
        return FALSE;
      g_ptr_array_add (self->kept, record);
    }
  return ids != NULL;
}

MereErasurePlan *
mere_erasure_plan (MereStore *store,
                   GError   **error)
{
  g_autoptr (MereErasurePlan) self = g_new0 (MereErasurePlan, 1);
  g_autoptr (MereTransaction) work = NULL;

  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_record_free);
  work = mere_transaction_begin (store, error); /* so that the numbers are of one moment */
  return work != NULL && count (store, self, error) && list_kept (store, self, error) ? g_steal_pointer (&self) : NULL;
}

void
mere_erasure_plan_free (MereErasurePlan *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->kept);
  g_free (self);
}

/* Bytes of the pages that hold something. */
static gboolean
measure (MereStore *store,
         gint64    *bytes,
         GError   **error)
{
  gint64 n_pages, n_free, page_size;

  if (!mere_store_load_number (store, "PRAGMA page_count", &n_pages, error) || !mere_store_load_number (store, "PRAGMA freelist_count", &n_free, error) ||
      !mere_store_load_number (store, "PRAGMA page_size", &page_size, error))
    return FALSE;
  *bytes = (n_pages - n_free) * page_size;
  return TRUE;
}

static gboolean
rewrite (MereStore *store,
         gboolean  *rewritten,
         GError   **error)
{
  gint64 bytes;

  if (!measure (store, &bytes, error))
    return FALSE;
  *rewritten = bytes <= MAX_REWRITTEN;
  return (!*rewritten || mere_store_execute (store, "VACUUM", error)) &&
         mere_store_execute (store, "PRAGMA wal_checkpoint (TRUNCATE)", error);
}

static gboolean
erase_records (MereStore          *store,
               MereErasureProgress progress,
               gpointer            user_data,
               GCancellable       *cancellable,
               gint64             *n_erased,
               GError            **error)
{
  g_autoptr (GPtrArray) ids = list_ids (
    store, "SELECT d.id FROM record AS d WHERE " IS_ERASABLE " ORDER BY d.row DESC LIMIT ?1", -1, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      if (progress != NULL)
        progress (user_data, i, ids->len);
      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !mere_record_erase (store, ids->pdata[i], error))
        return FALSE;
      ++*n_erased;
    }
  return ids != NULL;
}

gboolean
mere_erasure_run (MereStore          *store,
                  MereErasureProgress progress,
                  gpointer            user_data,
                  GCancellable       *cancellable,
                  MereErasureResult  *result,
                  GError            **error)
{
  *result = (MereErasureResult){ 0 };
  if (!erase_records (store, progress, user_data, cancellable, &result->n_records, error) ||
      !mere_colleague_measure (store, &result->n_colleagues, NULL, error) || !mere_colleague_erase_all (store, error) ||
      !mere_draft_purge (store, G_MAXINT64, error))
    return FALSE;
  if (progress != NULL)
    progress (user_data, 0, 0);
  return rewrite (store, &result->rewritten, error);
}
