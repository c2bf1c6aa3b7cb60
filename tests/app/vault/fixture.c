/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const MereKeyCost mere_test_cost = { 1, 8192 };

static MereTestVault *
test_vault_new (void)
{
  g_autoptr (GError) error = NULL;
  MereTestVault *self = g_new0 (MereTestVault, 1);

  self->folder = g_dir_make_tmp ("merestone-vault-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "utopia.vault", NULL);
  self->passphrase = mere_secret_new_from_text (MERE_TEST_PASSPHRASE);
  return self;
}

MereTestVault *
mere_test_vault_new (void)
{
  g_autoptr (GError) error = NULL;
  MereTestVault *self = test_vault_new ();

  self->vault = mere_vault_create_with_cost (self->path, self->passphrase, &mere_test_cost, &error);
  g_assert_no_error (error);
  mere_test_execute (mere_vault_get_database (self->vault), "CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)");
  return self;
}

MereTestVault *
mere_test_vault_new_with_rows (guint rows)
{
  MereTestVault *self = mere_test_vault_new ();
  sqlite3       *database = mere_vault_get_database (self->vault);

  mere_test_execute (database, "BEGIN");
  mere_test_add_rows (self, 1, rows);
  mere_test_execute (database, "COMMIT");
  mere_test_vault_close (self);
  return self;
}

static void
copy_file (MereTestVault *from, MereTestVault *to, const char *name)
{
  g_autoptr (GBytes) bytes = mere_test_read (from, name);

  mere_test_write (to, name, bytes);
}

MereTestVault *
mere_test_vault_copy (MereTestVault *self)
{
  g_autoptr (GDir) files = g_dir_open (self->path, 0, NULL);
  MereTestVault *copy = test_vault_new ();
  const char    *name;

  g_assert_cmpint (g_mkdir (copy->path, 0700), ==, 0);
  while ((name = g_dir_read_name (files)) != NULL)
    copy_file (self, copy, name);
  return copy;
}

void
mere_test_vault_free (MereTestVault *self)
{
  mere_test_vault_close (self);
  mere_test_remove_tree (self->folder);
  mere_secret_free (self->passphrase);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

void
mere_test_vault_open (MereTestVault *self)
{
  g_autoptr (GError) error = NULL;

  self->vault = mere_vault_open (self->path, self->passphrase, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->vault);
}

void
mere_test_vault_close (MereTestVault *self)
{
  g_clear_pointer (&self->vault, mere_vault_close);
}

static void
assert_words (const char *text, const char *words)
{
  if (words != NULL && (text == NULL || strstr (text, words) == NULL))
    g_error ("“%s” does not say “%s”", text, words);
}

void
mere_test_vault_assert_refused (MereTestVault *self, MereVaultError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  self->vault = mere_vault_open (self->path, self->passphrase, &error);
  g_assert_null (self->vault);
  g_assert_error (error, MERE_VAULT_ERROR, (int) code);
  assert_words (error->message, words);
}

gboolean
mere_test_vault_reads_all (MereTestVault *self, char **damage)
{
  g_autoptr (GError) error = NULL;
  int status;

  self->vault = mere_vault_open (self->path, self->passphrase, &error);
  *damage = error != NULL ? g_strdup (error->message) : NULL;
  if (self->vault == NULL)
    {
      g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED);
      return FALSE;
    }
  status = sqlite3_exec (mere_vault_get_database (self->vault), "SELECT sum (length (text)) FROM answers", NULL, NULL, NULL);
  if (status == SQLITE_OK)
    return TRUE;
  g_assert_cmpint (status, ==, SQLITE_IOERR_DATA);
  *damage = mere_vault_dup_damage (self->vault);
  mere_test_vault_close (self);
  return FALSE;
}

void
mere_test_vault_assert_damaged (MereTestVault *self, const char *words)
{
  g_autofree char *damage = NULL;

  g_assert_false (mere_test_vault_reads_all (self, &damage));
  assert_words (damage, words);
}

void
mere_test_add_rows (MereTestVault *self, guint first, guint rows)
{
  for (guint i = first; i < first + rows; i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO answers VALUES (%u, '%s, row %u, ' || hex (zeroblob (200)))", i,
                                              MERE_TEST_CANARY, i);

      mere_test_execute (mere_vault_get_database (self->vault), sql);
    }
}

void
mere_test_execute (sqlite3 *database, const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (database, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

gint64
mere_test_query (sqlite3 *database, const char *sql)
{
  sqlite3_stmt *statement;
  gint64        value;

  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
  return value;
}

void
mere_test_vault_do_and_die (MereTestVault *self, void (*work) (MereTestVault *self))
{
  pid_t child;
  int   status;

  g_assert_null (self->vault);
  child = fork ();
  if (child == 0)
    {
      mere_test_vault_open (self);
      work (self);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static char *
dup_name (MereTestVault *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

GBytes *
mere_test_read (MereTestVault *self, const char *name)
{
  g_autofree char *path = dup_name (self, name);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize size;

  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, size);
}

void
mere_test_write (MereTestVault *self, const char *name, GBytes *bytes)
{
  g_autofree char *path = dup_name (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_CONSISTENT,
                            0600, &error);
  g_assert_no_error (error);
}

void
mere_test_remove (MereTestVault *self, const char *name)
{
  g_autofree char *path = dup_name (self, name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

void
mere_test_flip (MereTestVault *self, const char *name, gsize offset)
{
  g_autoptr (GBytes) bytes = mere_test_read (self, name);
  gsize   size = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, size);

  g_assert_cmpuint (offset, <, size);
  copy[offset] ^= 1;
  mere_test_write (self, name, changed);
}

void
mere_test_move (MereTestVault *self, const char *name, gsize from, gsize to, gsize size)
{
  g_autoptr (GBytes) bytes = mere_test_read (self, name);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, g_bytes_get_size (bytes));

  g_assert_cmpuint (MAX (from, to) + size, <=, g_bytes_get_size (bytes));
  memmove (copy + to, copy + from, size);
  mere_test_write (self, name, changed);
}

gboolean
mere_test_exists (MereTestVault *self, const char *name)
{
  g_autofree char *path = dup_name (self, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
mere_test_folder_holds (const char *folder, const char *needle)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize            size = 0;

      if (g_file_get_contents (path, &bytes, &size, NULL) && memmem (bytes, size, needle, strlen (needle)) != NULL)
        return TRUE;
      if (strstr (name, needle) != NULL || (g_file_test (path, G_FILE_TEST_IS_DIR) && mere_test_folder_holds (path, needle)))
        return TRUE;
    }
  return FALSE;
}

void
mere_test_remove_tree (const char *path)
{
  g_autoptr (GDir) files = g_dir_open (path, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      mere_test_remove_tree (child);
    }
  g_remove (path);
}
