/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A vault with tables of both kinds, inner pages and rows on several pages, changed as the input says (edits.h), and what is rescued of it.
 * Whatever it is, SQLite finds the copy in order, and it has no more rows than was told. */

#include "config.h"

#include "app/vault/rescue.h"
#include "edits.h"
#include "fuzz.h"

#define ROWS 120

static MereTestDisk *whole;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  whole = mere_fuzz_make ("CREATE TABLE answers (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL); CREATE INDEX by_text ON answers (text);"
                          "CREATE TABLE pair (a TEXT, b INTEGER, note REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " G_STRINGIFY (ROWS) ")"
                                                                                                                          " INSERT INTO answers SELECT i, i || hex (zeroblob (CASE WHEN i % 40 = 0 THEN 5000 ELSE 100 END)) FROM n;"
                                                                                                                          "INSERT INTO pair SELECT 'key ' || hex (zeroblob (30)) || (id % 10), id, id / 3.0 FROM answers; PRAGMA wal_checkpoint;"
                                                                                                                          "UPDATE answers SET text = 'UTO' WHERE id = 2; DELETE FROM pair WHERE b % 7 = 0; CREATE VIEW seen AS SELECT id FROM answers");
  return whole == NULL;
}

static gint64
ask (sqlite3    *database,
     const char *sql)
{
  sqlite3_stmt *statement;
  gint64        value;

  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

static void
rescue (MereWreck *wreck)
{
  g_auto (MereRescue) told = { 0 };
  g_autoptr (GError) error = NULL;
  sqlite3 *copy;

  g_assert_cmpint (sqlite3_open (":memory:", &copy), ==, SQLITE_OK);
  if (mere_rescue_rows (wreck, copy, NULL, &told, NULL, NULL, NULL, &error))
    g_assert_cmpint (ask (copy, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  else
    g_assert_nonnull (error);
  g_assert_true (told.rows >= 0 && told.lost >= 0 && told.holes >= 0);
  g_assert_cmpint (sqlite3_close (copy), ==, SQLITE_OK);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_copy (whole);
  MereWreck *wreck;

  mere_fuzz_edit (disk, data, size);
  mere_test_disk_use (disk);
  mere_fuzz_register ();
  wreck = mere_wreck_open_database (MERE_FUZZ_VFS, MERE_FUZZ_DATABASE);
  if (wreck != NULL)
    rescue (wreck);
  mere_wreck_close (wreck);
  g_assert_cmpint (mere_vfs_unregister (MERE_FUZZ_VFS), ==, SQLITE_OK);
  return 0;
}
