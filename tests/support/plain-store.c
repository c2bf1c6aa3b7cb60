/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/support/plain-store.h"

#include "app/store/statement.h"

#include <glib/gstdio.h>

static void
open_store (MerePlainStore *self)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &database), ==, SQLITE_OK);
  self->store = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->store);
}

MerePlainStore *
mere_plain_store_new (void)
{
  MerePlainStore *self = g_new0 (MerePlainStore, 1);

  self->folder = g_dir_make_tmp ("merestone-store-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "store.db", NULL);
  open_store (self);
  return self;
}

void
mere_plain_store_free (MerePlainStore *self)
{
  static const char *const files[] = { "store.db", "store.db-wal", "store.db-shm" };

  mere_store_close (self->store);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, files[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

void
mere_plain_store_reopen (MerePlainStore *self)
{
  mere_store_close (self->store);
  open_store (self);
}

gint64
mere_plain_store_ask (MerePlainStore *self,
                      const char     *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (self->store, sql, &error);
  gboolean row = FALSE;

  g_assert_no_error (error);
  g_assert_true (mere_statement_step (query, &row, &error) && row);
  return mere_statement_get_int (query, 0);
}

void
mere_plain_store_limit (MerePlainStore *self,
                        int             pages)
{
  gint64           held = mere_plain_store_ask (self, "PRAGMA page_count");
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT, pages < 0 ? 1000000 : held + pages);

  /* the text differs each time: not through the cache of statements */
  g_assert_true (mere_store_execute (self->store, sql, NULL));
}

static int
refuse (void *user_data)
{
  return 1;
}

void
mere_plain_store_refuse_commits (MerePlainStore *self,
                                 gboolean        refusing)
{
  sqlite3_commit_hook (mere_store_get_database (self->store), refusing ? refuse : NULL, NULL);
}
