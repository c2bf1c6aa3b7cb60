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

static void
write_plain (const char *path)
{
  sqlite3 *database;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  run (database);
  sqlite3_close (database);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereSecret) passphrase = NULL;
  MereVault *vault;

  g_assert_cmpint (argc, ==, 5);
  passphrase = mere_secret_load_file (argv[2], &error);
  g_assert_no_error (error);
  vault = mere_vault_create_with_cost (argv[1], passphrase, &mere_test_cost, &error);
  g_assert_no_error (error);
  run (mere_vault_get_database (vault));
  write_plain (argv[3]);
  if (g_str_equal (argv[4], "killed"))
    _exit (0);
  mere_vault_close (vault);
  return 0;
}
