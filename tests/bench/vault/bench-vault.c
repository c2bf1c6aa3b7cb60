/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-vault [FOLDER [ROUNDS]]: what sealing costs. The same work by plain SQLite, by our VFS and, where its library is
 * found, by SQLCipher, in turns in one run; of each the middle round, and the middle of its rounds' ratios to plain SQLite in
 * the same round. FOLDER is on the disk that is to be measured; by default a temporary one. */

#include "config.h"

#include "app/vault/vfs.h"
#include "tests/bench/vault/engine.h"
#include "tests/bench/vault/page-cost.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <time.h>

#define ROUNDS 5
#define COMMITS 2000
#define ROWS 200000
#define READS 50000
#define ROW_BYTES 600
#define OPENINGS 40
#define SMALL_CACHE "PRAGMA cache_size = -2000"

typedef struct
{
  const char *name;
  double      bound; /* ratio to SQLite */
  clockid_t   clock; /* of the processor where nothing waits for the disk: whatever else the machine does has no part in it */
  void (*run) (const Engine *engine, sqlite3 *database);
} Work;

typedef struct
{
  GArray *ms;     /* double, a round each */
  GArray *ratios; /* the same, to SQLite */
} Result;

static void
create (const Engine *engine, sqlite3 *database)
{
  engine_run (engine, database, "CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)");
}

static void
commit (const Engine *engine, sqlite3 *database)
{
  for (guint i = 0; i < COMMITS; i++)
    engine_run (engine, database, "INSERT INTO t (data) VALUES (randomblob (600))");
}

static void
fill (const Engine *engine, sqlite3 *database)
{
  engine_run (engine, database,
              "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " G_STRINGIFY (ROWS) ")"
                                                                                                              "INSERT INTO t (data) SELECT randomblob (600) FROM n; PRAGMA wal_checkpoint");
}

static sqlite3_stmt *
prepare (const Engine *engine, sqlite3 *database, const char *sql)
{
  sqlite3_stmt *statement;

  if (engine->prepare (database, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s cannot be prepared", engine->name, sql);
  return statement;
}

/* As a program reads rows: each of them comes out. Returns: bytes */
static gsize
fetch (const Engine *engine, sqlite3_stmt *statement)
{
  gsize size = 0;

  while (engine->step (statement) == SQLITE_ROW)
    if (engine->column_blob (statement, 0) != NULL)
      size += (gsize) engine->column_bytes (statement, 0);
  engine->reset (statement);
  return size;
}

static void
scan (const Engine *engine, sqlite3 *database)
{
  sqlite3_stmt *statement = prepare (engine, database, "SELECT data, id FROM t");

  if (fetch (engine, statement) != ROWS * ROW_BYTES)
    g_error ("%s: rows are missing", engine->name);
  engine->finalize (statement);
}

/* By keys in no order: multiples of a number without a common divisor. */
static void
read_some (const Engine *engine, sqlite3 *database)
{
  sqlite3_stmt *statement = prepare (engine, database, "SELECT data FROM t WHERE id = ?");

  for (gint64 i = 0; i < READS; i++)
    {
      engine->bind (statement, 1, 1 + i * 2654435761 % ROWS);
      if (fetch (engine, statement) != ROW_BYTES)
        g_error ("%s: a row is missing", engine->name);
    }
  engine->finalize (statement);
}

static void
read_first (const Engine *engine, sqlite3 *database)
{
  engine_run (engine, database, "SELECT length (data) FROM t LIMIT 1");
}

enum {
  WORK_COMMIT,
  WORK_FILL,
  WORK_SCAN,
  WORK_READ,
  WORK_OPEN,
  N_WORKS,
};

static const Work works[N_WORKS] = {
  { "2,000 durable commits of 600 bytes", 1.10, CLOCK_MONOTONIC, commit },
  { "200,000 rows at once, with checkpoint", 1.4, CLOCK_MONOTONIC, fill },
  { "scan after reopening", 1.7, CLOCK_PROCESS_CPUTIME_ID, scan },
  { "50,000 random reads, 2 MB of cache", 1.7, CLOCK_PROCESS_CPUTIME_ID, read_some },
  { "opening and a row, without KDF", 2.0, CLOCK_PROCESS_CPUTIME_ID, read_first },
};

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

static double
get_median (GArray *numbers)
{
  g_array_sort (numbers, compare);
  return g_array_index (numbers, double, numbers->len / 2);
}

static double
get_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static double
measure (const Engine *engine, sqlite3 *database, const Work *work)
{
  double start_ms = get_ms (work->clock);

  work->run (engine, database);
  return get_ms (work->clock) - start_ms;
}

static double
measure_openings (const Engine *engine, const char *path)
{
  double spent_ms = 0;

  for (guint i = 0; i < OPENINGS; i++)
    {
      double   start_ms = get_ms (works[WORK_OPEN].clock);
      sqlite3 *database = engine_open (engine, path);

      works[WORK_OPEN].run (engine, database);
      spent_ms += get_ms (works[WORK_OPEN].clock) - start_ms;
      engine->close (database);
    }
  return spent_ms / OPENINGS;
}

/* Each of the works on a database of its own state: what the ones before have left, opened anew. */
static void
run_round (const Engine *engine, const char *folder, double ms[N_WORKS])
{
  g_autofree char *path = g_build_filename (folder, "bench.db", NULL);
  sqlite3         *database = engine_open (engine, path);

  create (engine, database);
  ms[WORK_COMMIT] = measure (engine, database, &works[WORK_COMMIT]);
  engine_run (engine, database, "DROP TABLE t");
  create (engine, database);
  engine_run (engine, database, "PRAGMA wal_checkpoint");
  ms[WORK_FILL] = measure (engine, database, &works[WORK_FILL]);
  engine->close (database);

  database = engine_open (engine, path);
  ms[WORK_SCAN] = measure (engine, database, &works[WORK_SCAN]);
  engine->close (database);

  database = engine_open (engine, path);
  engine_run (engine, database, SMALL_CACHE);
  ms[WORK_READ] = measure (engine, database, &works[WORK_READ]);
  engine->close (database);

  ms[WORK_OPEN] = measure_openings (engine, path);
  engine_remove (path);
}

static void
keep (Result results[N_WORKS], const double ms[N_WORKS], const double plain_ms[N_WORKS])
{
  for (guint w = 0; w < N_WORKS; w++)
    {
      double ratio = ms[w] / plain_ms[w];

      g_array_append_val (results[w].ms, ms[w]);
      g_array_append_val (results[w].ratios, ratio);
    }
}

static void
print (Result results[N_ENGINES][N_WORKS], guint n_engines)
{
  printf ("%-40s%7s", "", "bound");
  for (guint e = 0; e < n_engines; e++)
    printf ("%20s", engines[e].name);
  printf ("\n");
  for (guint w = 0; w < N_WORKS; w++)
    {
      printf ("%-40s%6.2fx", works[w].name, works[w].bound);
      for (guint e = 0; e < n_engines; e++)
        printf ("%10.2f ms %5.2fx", get_median (results[e][w].ms), get_median (results[e][w].ratios));
      printf ("\n");
    }
}

static void
run_all (const char *folder, guint rounds, guint n_engines)
{
  Result results[N_ENGINES][N_WORKS];

  for (guint e = 0; e < N_ENGINES; e++)
    for (guint w = 0; w < N_WORKS; w++)
      results[e][w] = (Result){ g_array_new (FALSE, FALSE, sizeof (double)), g_array_new (FALSE, FALSE, sizeof (double)) };
  for (guint round = 0; round < rounds; round++)
    {
      double ms[N_ENGINES][N_WORKS];

      for (guint e = 0; e < n_engines; e++)
        {
          run_round (&engines[e], folder, ms[e]);
          keep (results[e], ms[e], ms[ENGINE_SQLITE]);
        }
    }
  print (results, n_engines);
  for (guint e = 0; e < N_ENGINES; e++)
    for (guint w = 0; w < N_WORKS; w++)
      {
        g_array_unref (results[e][w].ms);
        g_array_unref (results[e][w].ratios);
      }
}

int
main (int argc, char **argv)
{
  static const guint8 key[MERE_VFS_KEY] = "a key for nothing but measuring";
  g_autofree char    *made = argc < 2 ? g_dir_make_tmp ("merestone-bench-XXXXXX", NULL) : NULL;
  guint64             rounds = ROUNDS;

  if (argc > 3 || (argc == 3 && !g_ascii_string_to_unsigned (argv[2], 10, 1, 1000, &rounds, NULL)) ||
      mere_vfs_register (SEALED_VFS, NULL, key, NULL) != SQLITE_OK)
    {
      fprintf (stderr, "usage: bench-vault [FOLDER [ROUNDS]]\n");
      return 2;
    }
  page_cost_print ();
  run_all (made != NULL ? made : argv[1], (guint) rounds, engine_find_sqlcipher () ? N_ENGINES : ENGINE_SQLCIPHER);
  if (made != NULL)
    g_rmdir (made);
  return 0;
}
