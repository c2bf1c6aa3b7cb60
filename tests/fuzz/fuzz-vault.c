/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small vault with its log still there, changed as the input says (edits.h), opened, read, written to. */

#include "config.h"

#include "edits.h"
#include "fuzz.h"

static MereTestDisk *whole;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  whole = mere_fuzz_make ("CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX by_text ON answers (text);"
                          "INSERT INTO answers VALUES (1, hex (zeroblob (9000))), (2, 'Utopia'); PRAGMA wal_checkpoint;"
                          "UPDATE answers SET text = 'UTO' WHERE id = 2; INSERT INTO answers VALUES (3, hex (zeroblob (3000)))");
  return whole == NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_copy (whole);
  sqlite3 *database;
  int      status;

  mere_fuzz_edit (disk, data, size);
  mere_test_disk_use (disk);
  mere_fuzz_register ();
  database = mere_fuzz_open (&status);
  if (status == SQLITE_OK)
    {
      sqlite3_exec (database, "SELECT sum (length (text)) FROM answers; PRAGMA integrity_check", NULL, NULL, NULL);
      sqlite3_exec (database, "INSERT INTO answers (text) VALUES (hex (zeroblob (5000))); DELETE FROM answers WHERE id = 1", NULL, NULL, NULL);
      sqlite3_exec (database, "PRAGMA wal_checkpoint; VACUUM", NULL, NULL, NULL);
    }
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_unregister (MERE_FUZZ_VFS), ==, SQLITE_OK);
  return 0;
}
