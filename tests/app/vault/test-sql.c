/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL over the VFS is SQL: a broad load in the manner of SQLite's speedtest1, statement by statement, gives the same rows, the same
 * counts of changes and the same refusals as over SQLite's own VFS, before and after reopening. */

#include "config.h"

#include "app/vault/vfs.h"
#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define VFS "sealed"
#define BLOB_BYTES 300000
#define BLOB_PIECE 7001

#define NUMBERS(most) "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #most ") "

static const guint8 key[MERE_VFS_KEY] = "0123456789abcdef0123456789abcde";

/* A table of its own each, where it can be; no random numbers, no times. */
static const char *const statements[] = {
  /* speedtest1: inserts, with and without an index, in one transaction and alone */
  "CREATE TABLE z1 (a INTEGER, b INTEGER, c TEXT)",
  "BEGIN; " NUMBERS (20000) "INSERT INTO z1 SELECT i, i * 7919 % 20011, 'text of ' || (i * 104729 % 99991) FROM n; COMMIT",
  "CREATE TABLE z2 (a INTEGER PRIMARY KEY, b INTEGER UNIQUE, c TEXT NOT NULL)",
  "BEGIN; " NUMBERS (15000) "INSERT INTO z2 SELECT i * 7919 % 15013, i, hex (i) || printf ('%.*c', i % 200, 'x') FROM n; COMMIT",
  "INSERT INTO z2 VALUES (20000, 20000, 'alone')",
  "INSERT INTO z2 VALUES (20000, 20001, 'twice')",
  "SELECT count (*), avg (b), sum (length (c)) FROM z1 WHERE b BETWEEN 1000 AND 5000",
  "SELECT count (*), min (c), max (c) FROM z1 WHERE c LIKE '%99%'",
  "SELECT a, b, c FROM z1 WHERE c LIKE '%77%' ORDER BY a LIMIT 10 OFFSET 5",
  "CREATE UNIQUE INDEX z1_a ON z1 (a); CREATE INDEX z1_b ON z1 (b); CREATE INDEX z1_c ON z1 (c COLLATE NOCASE, b DESC)",
  "SELECT group_concat (a) FROM (SELECT a FROM z1 WHERE b IN (17, 18, 19, 4711) ORDER BY a)",
  "SELECT count (*) FROM z1 JOIN z2 ON z1.b = z2.a WHERE z2.b % 3 = 1",
  "UPDATE z1 SET b = b + 1 WHERE a % 11 = 0",
  "UPDATE z1 SET c = c || printf ('%.*c', 900, 'y') WHERE a % 17 = 0",
  "DELETE FROM z2 WHERE b % 4 = 0",
  "REPLACE INTO z2 SELECT a, b + 100000, upper (c) FROM z2 WHERE a % 5 = 0",
  "INSERT INTO z2 VALUES (3, 999999, 'three') ON CONFLICT (a) DO UPDATE SET c = excluded.c RETURNING a, c",
  "SELECT count (*), sum (a), sum (b), sum (length (c)) FROM z2",

  /* Transactions: rolled back, nested, spilled out of a small cache */
  "PRAGMA cache_size = 10",
  "BEGIN; DELETE FROM z1; SELECT count (*) FROM z1; ROLLBACK; SELECT count (*) FROM z1",
  "BEGIN; UPDATE z1 SET c = 'gone'; SAVEPOINT one; DELETE FROM z1 WHERE a < 9000; SAVEPOINT two; DROP TABLE z2;"
  "ROLLBACK TO two; RELEASE two; ROLLBACK TO one; UPDATE z1 SET c = 'stays' WHERE a = 77; COMMIT",
  "SELECT c, count (*) FROM z1 GROUP BY c ORDER BY c",
  "INSERT INTO z2 SELECT a, b, NULL FROM z1 WHERE a > 19990",
  "SELECT count (*) FROM z2",
  "PRAGMA cache_size = 2000",

  /* The log starts over, is cut, grows past its bound */
  "PRAGMA wal_checkpoint (PASSIVE)",
  "UPDATE z1 SET b = b * 2",
  "PRAGMA wal_checkpoint (RESTART)",
  "UPDATE z1 SET b = b - 1",
  "PRAGMA wal_checkpoint (TRUNCATE)",
  "PRAGMA wal_autocheckpoint = 0",
  "UPDATE z1 SET c = c || a; UPDATE z1 SET c = substr (c, 2)",
  "PRAGMA wal_autocheckpoint = 50",
  "UPDATE z1 SET b = b + 3 WHERE a % 2 = 0",

  /* All kinds of tables */
  "CREATE TABLE w (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID",
  "BEGIN; " NUMBERS (5000) "INSERT INTO w SELECT printf ('%08x', i * 7919 % 5003), zeroblob (i % 300) FROM n; COMMIT",
  "DELETE FROM w WHERE k LIKE '%7%'; SELECT count (*), sum (length (v)) FROM w",
  "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent ON DELETE CASCADE)",
  "PRAGMA foreign_keys = ON",
  "INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1), (1), (2)",
  "INSERT INTO child VALUES (3)",
  "DELETE FROM parent WHERE id = 1; SELECT count (*) FROM child",
  "CREATE TABLE audit (what TEXT); CREATE TRIGGER watch AFTER UPDATE OF b ON z2 BEGIN INSERT INTO audit VALUES (old.b || '>' || new.b); END",
  "UPDATE z2 SET b = -b WHERE a < 40; SELECT count (*), min (what), max (what) FROM audit",
  "CREATE VIEW seen AS SELECT a, row_number () OVER (ORDER BY b DESC) AS place FROM z2; SELECT a FROM seen WHERE place BETWEEN 5 AND 9",
  "CREATE TABLE made (a INTEGER, b INTEGER AS (a * a) STORED, c TEXT AS (a || '!')); INSERT INTO made (a) VALUES (3), (4); SELECT * FROM made",
  "CREATE VIRTUAL TABLE words USING fts5 (text)",
  "INSERT INTO words SELECT c FROM z2; SELECT count (*) FROM words WHERE words MATCH 'alone'",
  "DELETE FROM words WHERE rowid % 2 = 0; INSERT INTO words (words) VALUES ('optimize'); SELECT count (*) FROM words",
  "CREATE TEMP TABLE t AS SELECT a, c FROM z1 ORDER BY c DESC LIMIT 3000; SELECT sum (a) FROM (SELECT a FROM t ORDER BY c, a LIMIT 1000)",
  "ALTER TABLE z1 ADD COLUMN d INTEGER DEFAULT 5; ALTER TABLE z1 RENAME COLUMN b TO bb; ALTER TABLE z1 DROP COLUMN bb",
  "ALTER TABLE z1 ADD COLUMN e; DROP INDEX z1_b; ALTER TABLE z1 DROP COLUMN e; SELECT count (*), sum (d) FROM z1",
  "CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob (3000000)), (hex (zeroblob (500000))); SELECT length (x) FROM big",
  "UPDATE big SET x = substr (x, 1, 10); SELECT length (x) FROM big",

  /* Shorter again, in both ways */
  "DROP TABLE z2; DROP TABLE w",
  "PRAGMA freelist_count; PRAGMA page_count",
  "VACUUM",
  "PRAGMA freelist_count; PRAGMA page_count",
  "PRAGMA auto_vacuum = INCREMENTAL; VACUUM",
  "DELETE FROM z1 WHERE a % 3 = 0",
  "PRAGMA incremental_vacuum (20)",
  "PRAGMA incremental_vacuum",
  "REINDEX; ANALYZE; SELECT count (*) FROM sqlite_stat1",
  "PRAGMA quick_check",
};

/* What a statement gives: each row, then the code and how many rows it changed. */
static int
add_row (void *data, int columns, char **values, char **names)
{
  for (int i = 0; i < columns; i++)
    g_string_append_printf (data, "%s|", values[i] != NULL ? values[i] : "NULL");
  g_string_append_c (data, '\n');
  return 0;
}

static char *
run (sqlite3 *database, const char *sql)
{
  GString *text = g_string_new (NULL);
  int      status = sqlite3_exec (database, sql, add_row, text, NULL);

  g_string_append_printf (text, "%d %s, %" G_GINT64_FORMAT " changed", status, sqlite3_errmsg (database),
                          (gint64) sqlite3_total_changes64 (database));
  return g_string_free (text, FALSE);
}

static void
assert_same (sqlite3 *plain, sqlite3 *sealed, const char *sql)
{
  g_autofree char *expected = run (plain, sql);
  g_autofree char *found = run (sealed, sql);

  if (strcmp (expected, found) != 0)
    g_error ("%s\nplain:  %s\nsealed: %s", sql, expected, found);
}

/* With as many bytes of a page left alone: then even the numbers of pages and frames are the same. */
static sqlite3 *
open_plain (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "plain.db", NULL);
  sqlite3         *database;
  int              reserved = 40;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_file_control (database, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved), ==, SQLITE_OK);
  mere_test_execute (database, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
  return database;
}

static sqlite3 *
open_sealed (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "sealed.db", NULL);
  sqlite3         *database;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, VFS), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_prepare (database), ==, SQLITE_OK);
  return database;
}

/* Every row of every table, and whether it fits together. */
static void
assert_same_content (sqlite3 *plain, sqlite3 *sealed)
{
  sqlite3_stmt *tables;

  assert_same (plain, sealed, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name");
  assert_same (plain, sealed, "PRAGMA integrity_check");
  g_assert_cmpint (sqlite3_prepare_v2 (plain, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &tables, NULL), ==, SQLITE_OK);
  while (sqlite3_step (tables) == SQLITE_ROW)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", (const char *) sqlite3_column_text (tables, 0));

      assert_same (plain, sealed, sql);
    }
  sqlite3_finalize (tables);
}

static void
test_same_as_plain (void)
{
  g_autofree char *folder = g_dir_make_tmp ("merestone-sql-XXXXXX", NULL);

  for (guint round = 0; round < 2; round++)
    {
      sqlite3 *plain = open_plain (folder), *sealed = open_sealed (folder);

      for (guint i = 0; round == 0 && i < G_N_ELEMENTS (statements); i++)
        assert_same (plain, sealed, statements[i]);
      assert_same_content (plain, sealed);
      g_assert_cmpint (sqlite3_close (plain), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_close (sealed), ==, SQLITE_OK);
    }
  mere_test_remove_tree (folder);
}

/* A blob written and read in pieces, across pages, also while its row is changed. */
static void
write_and_read_blob (sqlite3 *database, guint8 *read_back, int *expired)
{
  sqlite3_blob *blob;
  guint8        piece[BLOB_PIECE];

  mere_test_execute (database, "CREATE TABLE b (id INTEGER PRIMARY KEY, x BLOB, y); INSERT INTO b VALUES (1, zeroblob (" G_STRINGIFY (BLOB_BYTES) "), 0)");
  g_assert_cmpint (sqlite3_blob_open (database, "main", "b", "x", 1, 1, &blob), ==, SQLITE_OK);
  for (int at = 0; at < BLOB_BYTES; at += BLOB_PIECE)
    {
      int size = MIN (BLOB_PIECE, BLOB_BYTES - at);

      for (int i = 0; i < size; i++)
        piece[i] = (guint8) ((at + i) * 31 >> 3);
      g_assert_cmpint (sqlite3_blob_write (blob, piece, size, at), ==, SQLITE_OK);
    }
  g_assert_cmpint (sqlite3_blob_close (blob), ==, SQLITE_OK);
  mere_test_execute (database, "PRAGMA wal_checkpoint");
  g_assert_cmpint (sqlite3_blob_open (database, "main", "b", "x", 1, 0, &blob), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_blob_read (blob, read_back, BLOB_BYTES, 0), ==, SQLITE_OK);
  mere_test_execute (database, "UPDATE b SET y = 1");
  *expired = sqlite3_blob_read (blob, piece, 1, 0);
  sqlite3_blob_close (blob);
}

static void
test_blobs_in_pieces (void)
{
  g_autofree char   *folder = g_dir_make_tmp ("merestone-sql-XXXXXX", NULL);
  sqlite3           *plain = open_plain (folder), *sealed = open_sealed (folder);
  g_autofree guint8 *expected = g_malloc (BLOB_BYTES);
  g_autofree guint8 *found = g_malloc (BLOB_BYTES);
  int                expired[2];

  write_and_read_blob (plain, expected, &expired[0]);
  write_and_read_blob (sealed, found, &expired[1]);
  g_assert_cmpmem (found, BLOB_BYTES, expected, BLOB_BYTES);
  g_assert_cmpint (expired[0], ==, SQLITE_ABORT);
  g_assert_cmpint (expired[1], ==, SQLITE_ABORT);
  g_assert_cmpint (sqlite3_close (plain), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (sealed), ==, SQLITE_OK);
  mere_test_remove_tree (folder);
}

/* A commit over two files needs a journal beside them, in the clear: it is refused, and nothing of it lies on the disk. */
static void
test_nothing_is_attached (void)
{
  g_autofree char *folder = g_dir_make_tmp ("merestone-sql-XXXXXX", NULL);
  g_autofree char *other = g_build_filename (folder, "other.db", NULL);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS other", other);
  sqlite3         *sealed = open_sealed (folder);

  mere_test_execute (sealed, "CREATE TABLE answers (text)");
  if (sqlite3_exec (sealed, attach, NULL, NULL, NULL) == SQLITE_OK)
    g_assert_cmpint (sqlite3_exec (sealed,
                                   "BEGIN; CREATE TABLE other.copies AS SELECT '" MERE_TEST_CANARY "' AS text;"
                                   "INSERT INTO answers VALUES ('" MERE_TEST_CANARY "'); COMMIT",
                                   NULL, NULL, NULL),
                     !=, SQLITE_OK);
  if (!sqlite3_get_autocommit (sealed))
    mere_test_execute (sealed, "ROLLBACK");
  g_assert_cmpint (mere_test_query (sealed, "SELECT count (*) FROM answers"), ==, 0);
  mere_test_execute (sealed, "INSERT INTO answers VALUES ('UTO')");
  g_assert_cmpint (sqlite3_close (sealed), ==, SQLITE_OK);
  g_assert_false (mere_test_folder_holds (folder, MERE_TEST_CANARY));
  mere_test_remove_tree (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (mere_vfs_register (VFS, NULL, key, NULL), ==, SQLITE_OK);
  g_test_add_func ("/vault/sql/same-as-plain", test_same_as_plain);
  g_test_add_func ("/vault/sql/blobs-in-pieces", test_blobs_in_pieces);
  g_test_add_func ("/vault/sql/nothing-is-attached", test_nothing_is_attached);
  status = g_test_run ();
  g_assert_cmpint (mere_vfs_unregister (VFS), ==, SQLITE_OK);
  return status;
}
