/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a query gives: a list, or one number. */

#include "config.h"

#include "app/store/row-list.h"

GPtrArray *
mere_statement_read_all (MereStatement *self,
                         MereRowReader  reader,
                         GDestroyNotify free_one,
                         GError       **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free_one);
  gboolean row;

  for (;;)
    {
      if (!mere_statement_step (self, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, reader (self));
    }
}

static gpointer
read_text (MereStatement *row)
{
  return mere_statement_dup_text (row, 0);
}

GPtrArray *
mere_statement_read_texts (MereStatement *self,
                           GError       **error)
{
  return mere_statement_read_all (self, read_text, g_free, error);
}

gboolean
mere_store_load_number (MereStore  *self,
                        const char *sql,
                        gint64     *number,
                        GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (self, sql, error);
  gboolean row;

  if (query == NULL || !mere_statement_step (query, &row, error))
    return FALSE;
  *number = row ? mere_statement_get_int (query, 0) : 0;
  return TRUE;
}
