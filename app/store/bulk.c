/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many rows at once. */

#include "config.h"

#include "app/store/bulk.h"
#include "app/store/store-private.h"

gboolean
mere_bulk_begin (MereStore         *store,
                 const char        *table,
                 const char *const *columns,
                 GError           **error)
{
  g_return_val_if_fail (store->depth > 0, FALSE);
  return mere_store_check_whole (store, error) && store->database->engine->bulk_begin (store->database, table, columns, error);
}

gboolean
mere_bulk_add (MereStore       *store,
               const MereValue *values,
               GError         **error)
{
  return mere_store_check_whole (store, error) && store->database->engine->bulk_row (store->database, values, error);
}

gboolean
mere_bulk_end (MereStore *store,
               GError   **error)
{
  return store->database == NULL || store->database->engine->bulk_end (store->database, error);
}

gboolean
mere_bulk_take_rows (MereStore  *store,
                     const char *table,
                     guint       n,
                     gint64     *rows,
                     GError    **error)
{
  g_autofree char *sql = store->database != NULL ? store->database->engine->dup_rows_sql (table) : NULL;
  g_autoptr (MereStatement) query = mere_statement_new (store, sql != NULL ? sql : "", error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_int (query, 1, n);
  for (guint i = 0; i < n; i++)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      rows[i] = mere_statement_get_int (query, 0);
    }
  return TRUE;
}
