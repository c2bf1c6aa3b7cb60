/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The VFS by itself, as any program may use it: what SQLite does with it stays right, and nothing goes to the disk beside it. */

#include "config.h"

#include "app/vault/vfs.h"
#include "tests/app/vault/disk.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define NAME "sealed"

static const guint8 key[MERE_VFS_KEY] = "0123456789abcdef0123456789abcde";

typedef struct
{
  char    *folder;
  char    *path;
  sqlite3 *database;
} Sealed;

static void
sealed_open (Sealed *self)
{
  g_assert_cmpint (sqlite3_open_v2 (self->path, &self->database,
                                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, NAME),
                   ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_prepare (self->database), ==, SQLITE_OK);
}

static void
sealed_reopen (Sealed *self)
{
  g_assert_cmpint (sqlite3_close (self->database), ==, SQLITE_OK);
  sealed_open (self);
}

static void
set_up (Sealed *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("merestone-vfs-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "some.db", NULL);
  g_assert_cmpint (mere_vfs_register (NAME, NULL, key, NULL), ==, SQLITE_OK);
  sealed_open (self);
  mere_test_execute (self->database, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX i ON t (text)");
}

static void
tear_down (Sealed *self, gconstpointer data)
{
  g_assert_cmpint (sqlite3_close (self->database), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_unregister (NAME), ==, SQLITE_OK);
  mere_test_remove_tree (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static void
assert_whole (Sealed *self)
{
  MereVfsDamage damage;

  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
                   ==, 0);
  g_assert_false (mere_vfs_get_damage (NAME, &damage));
}

static void
add_rows (Sealed *self, guint rows)
{
  g_autofree char *sql = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
                                          "INSERT INTO t (text) SELECT '" MERE_TEST_CANARY "' || hex (randomblob (100)) FROM n",
                                          rows);

  mere_test_execute (self->database, sql);
}

static void
test_sqlite_learns_what_it_needs (Sealed *self, gconstpointer data)
{
  int reserved = -1;

  g_assert_cmpint (mere_test_query (self->database, "PRAGMA page_size"), ==, 4096);
  g_assert_cmpint (mere_test_query (self->database, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), ==, 1);
  g_assert_cmpint (mere_test_query (self->database, "PRAGMA secure_delete"), ==, 1);
  g_assert_cmpint (mere_test_query (self->database, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (sqlite3_file_control (self->database, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved), ==, SQLITE_OK);
  g_assert_cmpint (reserved, ==, 40);
}

/* Pages that do not fit the cache are written before their transaction ends, and again, and taken back. */
static void
test_large_transactions (Sealed *self, gconstpointer data)
{
  mere_test_execute (self->database, "PRAGMA cache_size = 10; BEGIN");
  add_rows (self, 2000);
  mere_test_execute (self->database, "UPDATE t SET text = text || 'a' WHERE id % 2; UPDATE t SET text = text || 'b' WHERE id % 3;"
                                     "SAVEPOINT s; DELETE FROM t WHERE id > 100; ROLLBACK TO s;"
                                     "UPDATE t SET text = text || 'c' WHERE id % 5; COMMIT");
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 2000);
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t WHERE text GLOB '*c'"), ==, 1600);
  assert_whole (self);

  mere_test_execute (self->database, "BEGIN; DELETE FROM t; ROLLBACK");
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 2000);
  sealed_reopen (self);
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 2000);
  assert_whole (self);
}

static goffset
measure_log (Sealed *self)
{
  g_autofree char *path = g_strconcat (self->path, "-wal", NULL);
  GStatBuf         found;

  g_assert_cmpint (g_stat (path, &found), ==, 0);
  return found.st_size;
}

/* A commit that finds the log long enough has one thing less to make durable; one that is large is not written twice. */
static void
test_small_commits_rarely_lengthen_the_log (Sealed *self, gconstpointer data)
{
  guint   longer = 0;
  int     frames = 0;
  goffset size = measure_log (self), before = size;

  for (guint i = 0; i < 100; i++)
    {
      add_rows (self, 1);
      longer += measure_log (self) != size;
      size = measure_log (self);
    }
  g_assert_cmpuint (longer, <=, 25);
  g_assert_cmpint (size, >, before);
  mere_test_execute (self->database, "PRAGMA wal_autocheckpoint = 0");
  add_rows (self, 20000);
  g_assert_cmpint (sqlite3_wal_checkpoint_v2 (self->database, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, NULL), ==, SQLITE_OK);
  g_assert_cmpint (measure_log (self), <=, 184 + (frames + 31) * 4172); /* docs/formats.md */
  sealed_reopen (self);
  assert_whole (self);
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 20100);
}

static void
test_a_database_that_shrinks_and_grows (Sealed *self, gconstpointer data)
{
  for (int round = 0; round < 3; round++)
    {
      add_rows (self, 3000);
      mere_test_execute (self->database, "DELETE FROM t WHERE id % 10; VACUUM; PRAGMA wal_checkpoint (TRUNCATE)");
      assert_whole (self);
      add_rows (self, 100);
      sealed_reopen (self);
      assert_whole (self);
    }
  g_assert_cmpint (mere_test_query (self->database, "SELECT max (id) FROM t"), >, 3000);
}

/* A log that is copied into the database while a statement reads, so that it cannot start over, and one that does, many times. */
static void
test_many_checkpoints (Sealed *self, gconstpointer data)
{
  sqlite3_stmt *reader;

  mere_test_execute (self->database, "PRAGMA wal_autocheckpoint = 5");
  for (int round = 0; round < 30; round++)
    {
      add_rows (self, 20);
      g_assert_cmpint (sqlite3_prepare_v2 (self->database, "SELECT * FROM t", -1, &reader, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_step (reader), ==, SQLITE_ROW);
      add_rows (self, 20);
      g_assert_cmpint (sqlite3_finalize (reader), ==, SQLITE_OK);
    }
  assert_whole (self);
  sealed_reopen (self);
  assert_whole (self);
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 1200);
}

static guint
count_files (Sealed *self)
{
  g_autoptr (GDir) files = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (files) != NULL)
    n++;
  return n;
}

/* The log cannot be left for a journal that would lie on the disk in the clear. */
/* Their pointer maps look like pages of trees at times, with something in the gap. */
static void
test_auto_vacuum (Sealed *self, gconstpointer data)
{
  mere_test_execute (self->database, "PRAGMA auto_vacuum = FULL; VACUUM; PRAGMA wal_autocheckpoint = 20");
  g_assert_cmpint (mere_test_query (self->database, "PRAGMA auto_vacuum"), ==, 1);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *erase = g_strdup_printf ("DELETE FROM t WHERE id %% 7 = %u", i % 7);

      add_rows (self, 400);
      mere_test_execute (self->database, erase);
      sealed_reopen (self);
      assert_whole (self);
    }
}

static void
test_rollback_journals_are_refused (Sealed *self, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (self->path, "-journal", NULL);

  add_rows (self, 10);
  g_assert_cmpint (sqlite3_exec (self->database, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) & 0xff, ==, SQLITE_CANTOPEN);
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
  sealed_reopen (self);
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 10);
}

/* A file of that name, put there by somebody, is not replayed. */
static void
test_a_planted_journal_is_not_read (Sealed *self, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (self->path, "-journal", NULL);
  g_autofree char *bytes = g_strnfill (8192, 'x');

  add_rows (self, 10);
  g_assert_cmpint (sqlite3_close (self->database), ==, SQLITE_OK);
  g_assert_true (g_file_set_contents (journal, bytes, -1, NULL));
  sealed_open (self);
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM t"), ==, 10);
}

static void
test_temporary_files_are_refused (Sealed *self, gconstpointer data)
{
  guint files;

  add_rows (self, 2000);
  files = count_files (self);
  mere_test_execute (self->database, "PRAGMA temp_store = FILE; PRAGMA temp.cache_size = 5; PRAGMA cache_size = 5");
  g_assert_cmpint (sqlite3_exec (self->database, "CREATE TEMP TABLE c AS SELECT * FROM t", NULL, NULL, NULL) & 0xff, ==,
                   SQLITE_CANTOPEN);
  g_assert_cmpuint (count_files (self), ==, files);
  mere_test_execute (self->database, "PRAGMA temp_store = MEMORY; CREATE TEMP TABLE c AS SELECT * FROM t ORDER BY text");
  g_assert_cmpint (mere_test_query (self->database, "SELECT count (*) FROM c"), ==, 2000);
  g_assert_cmpuint (count_files (self), ==, files);
  g_assert_false (mere_test_folder_holds (self->folder, MERE_TEST_CANARY));
}

static void
test_one_connection_at_a_time (Sealed *self, gconstpointer data)
{
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open_v2 (self->path, &other, SQLITE_OPEN_READWRITE, NAME), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_prepare (other) & 0xff, ==, SQLITE_BUSY);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
}

/* What has no place for nonce and tag cannot be kept. */
static void
test_a_plain_database_is_not_taken_in (Sealed *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "plain.db", NULL);
  sqlite3         *plain;

  g_assert_cmpint (sqlite3_open (path, &plain), ==, SQLITE_OK);
  mere_test_execute (plain, "CREATE TABLE t (text); INSERT INTO t VALUES ('plain')");
  g_assert_cmpint (sqlite3_close (plain), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_open_v2 (path, &plain, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NAME), !=, SQLITE_OK);
  sqlite3_close (plain);
}

/* Its page table is longer than SQLite's VFS reads or writes in one call. */
static void
test_a_large_database (void)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_new ();
  Sealed self = { NULL, (char *) "large.db", NULL };

  mere_test_disk_register ();
  mere_test_disk_use (disk);
  g_assert_cmpint (mere_vfs_register (NAME, MERE_TEST_DISK, key, NULL), ==, SQLITE_OK);
  sealed_open (&self);
  mere_test_execute (self.database, "CREATE TABLE t (id INTEGER PRIMARY KEY, text BLOB);"
                                    "INSERT INTO t VALUES (1, zeroblob (75000000)); PRAGMA wal_checkpoint (TRUNCATE);"
                                    "INSERT INTO t VALUES (2, zeroblob (60000000))");
  sealed_reopen (&self);
  g_assert_cmpint (mere_test_query (self.database, "SELECT sum (length (text)) FROM t"), ==, 135000000);
  assert_whole (&self);
  g_assert_cmpint (sqlite3_close (self.database), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_unregister (NAME), ==, SQLITE_OK);
}

static void
test_registering (void)
{
  MereVfsDamage damage;

  g_assert_cmpint (mere_vfs_register ("a", "no such VFS", key, NULL), ==, SQLITE_ERROR);
  g_assert_cmpint (mere_vfs_register ("a", NULL, key, NULL), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_register ("a", NULL, key, NULL), ==, SQLITE_ERROR);
  g_assert_false (mere_vfs_get_damage ("a", &damage));
  g_assert_cmpint (mere_vfs_unregister ("a"), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_unregister ("a"), ==, SQLITE_ERROR);
  g_assert_cmpint (mere_vfs_unregister (sqlite3_vfs_find (NULL)->zName), ==, SQLITE_ERROR);
}

#define ADD(name, test) g_test_add ("/vault/vfs/" name, Sealed, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  ADD ("sqlite-learns-what-it-needs", test_sqlite_learns_what_it_needs);
  ADD ("large-transactions", test_large_transactions);
  ADD ("small-commits-rarely-lengthen-the-log", test_small_commits_rarely_lengthen_the_log);
  ADD ("a-database-that-shrinks-and-grows", test_a_database_that_shrinks_and_grows);
  ADD ("many-checkpoints", test_many_checkpoints);
  ADD ("auto-vacuum", test_auto_vacuum);
  ADD ("rollback-journals-are-refused", test_rollback_journals_are_refused);
  ADD ("a-planted-journal-is-not-read", test_a_planted_journal_is_not_read);
  ADD ("temporary-files-are-refused", test_temporary_files_are_refused);
  ADD ("one-connection-at-a-time", test_one_connection_at_a_time);
  ADD ("a-plain-database-is-not-taken-in", test_a_plain_database_is_not_taken_in);
  g_test_add_func ("/vault/vfs/a-large-database", test_a_large_database);
  g_test_add_func ("/vault/vfs/registering", test_registering);
  return g_test_run ();
}
