/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sample-vault VAULT PASSPHRASE-FILE PLAIN.db closed|killed: makes a vault, and a plain database with the same content, for a
 * reader that shares no code with us. `killed` leaves the vault as a killed process does, its log alive. */

#include "config.h"

#include "tests/app/vault/fixture.h"

#include <unistd.h>

/* Of each kind: pages that come, go and change, a table that takes several records, a log that started over. */
static const char *const statements[] = {
  "PRAGMA wal_autocheckpoint = 20",
  "CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)",
  "CREATE INDEX by_text ON answers (text)",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
  "INSERT INTO answers SELECT i, 'Utopia ' || i || hex (zeroblob (i % 300)) FROM n",
  "DELETE FROM answers WHERE id % 3 = 0",
  "VACUUM",
  "UPDATE answers SET text = text || ' gate' WHERE id % 50 = 1",
  "CREATE TABLE blobs (b BLOB)",
  "INSERT INTO blobs VALUES (zeroblob (50000))",
  "PRAGMA wal_checkpoint",
  "UPDATE answers SET text = 'ferry ' || id WHERE id < 10",
  "BEGIN; INSERT INTO answers VALUES (5000, 'Anna Maria Eriksson'); SAVEPOINT s; DELETE FROM answers; ROLLBACK TO s; COMMIT",
};

static void
run (sqlite3 *database)
{
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    mere_test_execute (database, statements[i]);
}

/* The third block of the content file, and the row that names it. */
static gint64
write_block (MereVault *vault)
{
  g_autofree guint8 *content = g_malloc (MERE_BLOCK_SIZE);
  g_autoptr (GError) error = NULL;
  gint64 version;

  for (gsize i = 0; i < MERE_BLOCK_SIZE; i++)
    content[i] = (guint8) (i * 7);
  mere_content_file_write (mere_vault_get_content (vault), 3, content, &version, &error);
  g_assert_no_error (error);
  mere_content_file_sync (mere_vault_get_content (vault), &error);
  g_assert_no_error (error);
  return version;
}

static void
name_block (sqlite3 *database, gint64 version)
{
  g_autofree char *sql = g_strdup_printf (
    "CREATE TABLE attachment_block (block INTEGER PRIMARY KEY, version INTEGER);"
    "INSERT INTO attachment_block VALUES (3, %" G_GINT64_FORMAT ")",
    version);

  mere_test_execute (database, sql);
}

static void
write_plain (const char *path, gint64 version)
{
  sqlite3 *database;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  run (database);
  name_block (database, version);
  sqlite3_close (database);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereSecret) passphrase = NULL;
  MereVault *vault;
  gint64     version;

  g_assert_cmpint (argc, ==, 5);
  passphrase = mere_secret_load_file (argv[2], &error);
  g_assert_no_error (error);
  vault = mere_vault_create_with_cost (argv[1], passphrase, &mere_test_cost, &error);
  g_assert_no_error (error);
  run (mere_vault_get_database (vault));
  version = write_block (vault);
  name_block (mere_vault_get_database (vault), version);
  write_plain (argv[3], version);
  if (g_str_equal (argv[4], "killed"))
    _exit (0);
  mere_vault_close (vault);
  return 0;
}
