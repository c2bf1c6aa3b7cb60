/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-vault [FOLDER]: what sealing costs. The same work by plain SQLite, by our VFS and, where its library is found, by
 * SQLCipher, in turns in one run; of each the best round, and its ratio to plain SQLite. FOLDER is on the disk that
 * is to be measured; by default a temporary one. */

#include "config.h"

#include "app/vault/vfs.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <stdio.h>

#define ROUNDS 5
#define VFS "bench"
#define SETUP "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON"

/* A page cache far smaller than the database, so that reads go to the VFS. */
#define SMALL_CACHE "PRAGMA cache_size = -1000"

typedef struct
{
  const char *name;
  const char *vfs;
  const char *first; /* SQL right after opening */
  int (*open) (const char *path, sqlite3 **database, int flags, const char *vfs);
  int (*exec) (sqlite3 *database, const char *sql, sqlite3_callback each, void *data, char **message);
  int (*close) (sqlite3 *database);
} Engine;

typedef struct
{
  const char *name;
  const char *before; /* not measured */
  const char *sql;
  guint       times;
} Work;

/* In this order: each builds on what the ones before have left. */
static const Work works[] = {
  { "bulk insert and checkpoint, 20 MB", "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    "INSERT INTO t (text) SELECT hex (randomblob (500)) FROM n; PRAGMA wal_checkpoint",
    1 },
  { "durable commit, 1 kB", SMALL_CACHE, "INSERT INTO t (text) VALUES (hex (randomblob (500)))", 300 },
  { "scan", SMALL_CACHE, "SELECT sum (length (text)) FROM t", 3 },
  { "random reads", SMALL_CACHE,
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    "SELECT sum (length ((SELECT text FROM t WHERE id = 1 + i * 7919 % 20000))) FROM n",
    3 },
};

#define N_WORKS G_N_ELEMENTS (works)

static Engine engines[] = {
  { "SQLite", NULL, SETUP, sqlite3_open_v2, sqlite3_exec, sqlite3_close },
  { "sealed", VFS, SETUP, sqlite3_open_v2, sqlite3_exec, sqlite3_close },
  { "SQLCipher", NULL, "PRAGMA key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\"; PRAGMA cipher_page_size = 4096;" SETUP,
    NULL, NULL, NULL },
};

/* It has SQLite's own names, so it is looked into rather than linked. */
static gboolean
find_sqlcipher (Engine *engine)
{
  const char *const names[] = { "libsqlcipher.so.0", "libsqlcipher.so.1", "libsqlcipher.so" };
  void             *library = NULL;

  for (guint i = 0; library == NULL && i < G_N_ELEMENTS (names); i++)
    library = dlopen (names[i], RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (library == NULL)
    return FALSE;
  *(void **) &engine->open = dlsym (library, "sqlite3_open_v2");
  *(void **) &engine->exec = dlsym (library, "sqlite3_exec");
  *(void **) &engine->close = dlsym (library, "sqlite3_close");
  return engine->open != NULL && engine->exec != NULL && engine->close != NULL;
}

static void
run (const Engine *engine, sqlite3 *database, const char *sql)
{
  char *message = NULL;

  if (engine->exec (database, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s: %s", engine->name, sql, message);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

/* Returns: milliseconds of one time, the middle one: what else the machine does shows in the slow ones */
static double
measure (const Engine *engine, sqlite3 *database, const Work *work)
{
  g_autoptr (GArray) times_ms = g_array_new (FALSE, FALSE, sizeof (double));

  run (engine, database, work->before);
  for (guint i = 0; i < work->times; i++)
    {
      gint64 start = g_get_monotonic_time ();
      double ms;

      run (engine, database, work->sql);
      ms = (g_get_monotonic_time () - start) / 1000.0;
      g_array_append_val (times_ms, ms);
    }
  g_array_sort (times_ms, compare);
  return g_array_index (times_ms, double, work->times / 2);
}

static void
remove_database (const char *path)
{
  const char *const suffixes[] = { "", "-wal", "-pages1", "-pages2" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

static void
run_round (const Engine *engine, const char *folder, double best_ms[N_WORKS])
{
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  sqlite3         *database;

  if (engine->open (path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, engine->vfs) != SQLITE_OK)
    g_error ("%s: %s cannot be opened", engine->name, path);
  if (engine->vfs != NULL && mere_vfs_prepare (database) != SQLITE_OK)
    g_error ("%s cannot be prepared", engine->name);
  run (engine, database, engine->first);
  for (guint i = 0; i < N_WORKS; i++)
    {
      double ms = measure (engine, database, &works[i]);

      best_ms[i] = best_ms[i] == 0 ? ms : MIN (best_ms[i], ms);
    }
  engine->close (database);
  remove_database (path);
}

static void
print (double best_ms[G_N_ELEMENTS (engines)][N_WORKS])
{
  printf ("%-36s", "");
  for (guint e = 0; e < G_N_ELEMENTS (engines); e++)
    printf ("%20s", engines[e].name);
  printf ("\n");
  for (guint w = 0; w < N_WORKS; w++)
    {
      printf ("%-36s", works[w].name);
      for (guint e = 0; e < G_N_ELEMENTS (engines); e++)
        if (best_ms[e][w] > 0)
          printf ("%10.2f ms %5.2fx", best_ms[e][w], best_ms[e][w] / best_ms[0][w]);
        else
          printf ("%20s", "not found");
      printf ("\n");
    }
}

int
main (int argc, char **argv)
{
  static const guint8 key[MERE_VFS_KEY] = "a key for nothing but measuring";
  double              best_ms[G_N_ELEMENTS (engines)][N_WORKS] = { 0 };
  g_autofree char    *made = argc < 2 ? g_dir_make_tmp ("merestone-bench-XXXXXX", NULL) : NULL;
  gboolean            has_sqlcipher = find_sqlcipher (&engines[G_N_ELEMENTS (engines) - 1]);

  if (argc > 2 || mere_vfs_register (VFS, NULL, key, NULL) != SQLITE_OK)
    {
      fprintf (stderr, "usage: bench-vault [FOLDER]\n");
      return 2;
    }
  for (guint round = 0; round < ROUNDS; round++)
    for (guint e = 0; e < G_N_ELEMENTS (engines); e++)
      if (e + 1 < G_N_ELEMENTS (engines) || has_sqlcipher)
        run_round (&engines[e], made != NULL ? made : argv[1], best_ms[e]);
  print (best_ms);
  if (made != NULL)
    g_rmdir (made);
  return 0;
}
