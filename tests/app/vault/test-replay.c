/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a power cut may leave at each point of a vault's work, on a disk in memory: of what was not synced everything, nothing,
 * any sectors or any writes. After each the vault opens, has all that was committed and no half of anything, and goes on.
 * With MERESTONE_TEST_DEEP that goes on, for MERESTONE_DEEP_SECONDS (600): other days, more chances at each call, more crashes during repair. */

#include "config.h"

#include "app/vault/vfs.h"
#include "tests/app/vault/disk.h"
#include "tests/app/vault/fixture.h"
#include "tests/app/vault/steps.h"
#include "tests/support/chance.h"

#define VFS "sealed"
#define DATABASE "utopia.db"
#define ROW_BYTES 700
#define LEAST_POINTS 2000
#define DEEP_SECONDS 600

static const guint8 key[MERE_VFS_KEY] = "0123456789abcdef0123456789abcde";

/* Work on a disk, and after how many of its calls each commit was told. */
typedef struct
{
  MereTestDisk *disk;
  gint64        before; /* steps that were there at first */
  GArray       *told;   /* guint: calls */
} Recording;

typedef struct
{
  guint sessions;
  guint steps;   /* in a session */
  guint chances; /* at each call, of the crashes that need luck */
  guint nested;  /* of so many crashes one is followed by crashes in its repair; 0: none */
} Size;

static Size        size = { 6, 9, 2, 700 };
static const Size  deep_size = { 3, 12, 10, 100 };
static GHashTable *points; /* digests */
static GRand      *luck;
static gint64      end_us; /* of a deep run, by the monotonic clock; 0: it has no end of its own */

static sqlite3 *
open_sealed (void)
{
  sqlite3 *database;
  int      flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;

  g_assert_cmpint (sqlite3_open_v2 (DATABASE, &database, flags, VFS), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_prepare (database), ==, SQLITE_OK);
  mere_test_steps_prepare (database);
  return database;
}

/* Each session grows and shrinks. */
static void
work (Recording *self, guint steps)
{
  sqlite3 *database = open_sealed ();
  gint64   done = mere_test_steps_count (database);

  mere_test_execute (database, "CREATE TABLE IF NOT EXISTS ballast AS SELECT hex (randomblob (30000))");
  for (guint i = 0; i < steps; i++)
    {
      guint calls;

      mere_test_steps_do (database, ++done, ROW_BYTES);
      calls = mere_test_disk_get_calls (self->disk);
      g_array_append_val (self->told, calls);
    }
  mere_test_execute (database, "DROP TABLE ballast; VACUUM"); /* makes the database shorter */
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
}

static gint64
count_told (Recording *self, guint call)
{
  gint64 told = self->before;

  for (guint i = 0; i < self->told->len && g_array_index (self->told, guint, i) <= call; i++)
    told++;
  return told;
}

static void
recording_start (Recording *self, MereTestDisk *disk, gint64 before)
{
  *self = (Recording){ disk, before, g_array_new (FALSE, FALSE, sizeof (guint)) };
  mere_test_disk_use (disk);
  mere_test_disk_start_recording (disk);
}

/* Opens what a crash has left, looks at everything, and goes on with it. Returns: the last step that was there */
static gint64
assert_survives (MereTestDisk *left, gint64 told)
{
  MereVfsDamage damage;
  sqlite3      *database;
  gint64        there;

  mere_test_disk_use (left);
  database = open_sealed ();
  there = mere_test_steps_assert_kept (database, told);
  mere_test_steps_do (database, there + 1, ROW_BYTES);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  database = open_sealed ();
  g_assert_cmpint (mere_test_steps_count (database), ==, there + 1);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  g_assert_false (mere_vfs_get_damage (VFS, &damage));
  return there;
}

static gboolean
is_over (void)
{
  return end_us != 0 && g_get_monotonic_time () >= end_us;
}

static void crash_everywhere (Recording *self, guint chances, gboolean nested);

/* Once more, with the repair recorded, and crashes in it. */
static void
crash_in_repair (MereTestDisk *left, gint64 there)
{
  Recording repair;

  recording_start (&repair, left, there);
  work (&repair, 2);
  crash_everywhere (&repair, 1, FALSE);
  g_array_unref (repair.told);
}

static void
crash_at (Recording *self, guint call, MereTestCrash crash, gboolean nested)
{
  g_autoptr (MereTestDisk) left = mere_test_disk_crash (self->disk, call, crash, luck);
  g_autoptr (MereTestDisk) again = nested ? mere_test_disk_copy (left) : NULL;
  gint64 there;

  if (!g_hash_table_add (points, mere_test_disk_dup_digest (left)))
    return;
  there = assert_survives (left, count_told (self, call));
  if (again != NULL)
    crash_in_repair (again, there);
}

static void
crash_everywhere (Recording *self, guint chances, gboolean nested)
{
  guint calls = mere_test_disk_get_calls (self->disk), n = 0;

  for (guint call = 0; call <= calls && !is_over (); call++)
    for (MereTestCrash crash = 0; crash < MERE_TEST_N_CRASHES; crash++)
      for (guint chance = crash < MERE_TEST_CRASH_TORN ? 1 : chances; chance > 0; chance--)
        crash_at (self, call, crash, nested && size.nested > 0 && ++n % size.nested == 0);
}

static void
crash_a_day (void)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_new ();
  Recording recording;
  sqlite3  *database;

  mere_test_disk_use (disk);
  database = open_sealed ();
  mere_test_execute (database, "CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)");
  mere_test_steps_start (database);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);

  recording_start (&recording, disk, 0);
  for (guint i = 0; i < size.sessions; i++)
    work (&recording, size.steps);
  crash_everywhere (&recording, size.chances, TRUE);
  g_array_unref (recording.told);
  g_test_message ("%u distinct points so far; a day of %u calls", g_hash_table_size (points), mere_test_disk_get_calls (disk));
}

static void
test_every_point_of_a_day (void)
{
  crash_a_day ();
  g_assert_cmpuint (g_hash_table_size (points), >=, LEAST_POINTS);
}

/* Days of other lengths, and of other luck. */
static void
test_other_days (void)
{
  const char *seconds = g_getenv ("MERESTONE_DEEP_SECONDS");

  end_us = g_get_monotonic_time () + (seconds != NULL ? g_ascii_strtoll (seconds, NULL, 10) : DEEP_SECONDS) * G_USEC_PER_SEC;
  for (guint day = 0; !is_over (); day++)
    {
      size = deep_size;
      size.sessions += day % 5;
      crash_a_day ();
    }
  end_us = 0;
}

#define FAILED_STEPS 4
#define CALLS_AFTER 25 /* a crash soon after the sync failed: while what it left is cleared up */

/* Steps, of which each that fails is done again. Returns: the call at which the sync failed */
static guint
work_through_failure (Recording *self, sqlite3 *database)
{
  guint  failed = 0, calls;
  gint64 done = mere_test_steps_count (database);

  for (guint i = 0; i < FAILED_STEPS;)
    {
      gboolean kept = mere_test_steps_try (database, done + 1, 4 * ROW_BYTES) == SQLITE_OK;

      calls = mere_test_disk_get_calls (self->disk);
      if (failed == 0 && mere_test_disk_has_failed (self->disk))
        failed = calls;
      if (!kept)
        continue;
      g_array_append_val (self->told, calls);
      done++;
      i++;
    }
  return failed;
}

/* A sync of the log, the database, the nodes or the root of the page table is refused once; the work goes on, and then the power is
 * cut. Returns: whether there was such a sync */
static gboolean
fail_and_crash (guint nth)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_new ();
  Recording recording;
  sqlite3  *database;
  guint     failed;
  gboolean  happened;

  mere_test_disk_use (disk);
  database = open_sealed ();
  mere_test_execute (database, "CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)");
  mere_test_steps_start (database);
  mere_test_steps_do (database, 1, ROW_BYTES);
  mere_test_execute (database, "PRAGMA wal_checkpoint; PRAGMA wal_autocheckpoint = 5");
  recording_start (&recording, disk, 1);
  mere_test_disk_fail_sync (disk, nth);
  failed = work_through_failure (&recording, database);
  happened = mere_test_disk_has_failed (disk);
  mere_test_disk_fail_sync (disk, 0);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);

  for (guint call = failed; happened && call < MIN (failed + CALLS_AFTER, mere_test_disk_get_calls (disk)); call++)
    for (MereTestCrash crash = 0; crash < MERE_TEST_N_CRASHES; crash++)
      crash_at (&recording, call, crash, FALSE);
  g_array_unref (recording.told);
  return happened;
}

static void
test_a_failed_sync (void)
{
  guint nth = 1;

  while (fail_and_crash (nth))
    nth++;
  g_test_message ("each of %u syncs failed", nth - 1);
  g_assert_cmpuint (nth, >, 10);
}

int
main (int argc, char **argv)
{
  int status;

  mere_test_init_chance (&argc, &argv);
  points = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  luck = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  mere_test_disk_register ();
  g_assert_cmpint (mere_vfs_register (VFS, MERE_TEST_DISK, key, NULL), ==, SQLITE_OK);
  g_test_add_func ("/vault/replay/every-point-of-a-day", test_every_point_of_a_day);
  g_test_add_func ("/vault/replay/a-failed-sync", test_a_failed_sync);
  if (g_getenv ("MERESTONE_TEST_DEEP") != NULL)
    g_test_add_func ("/vault/replay/other-days", test_other_days);
  status = g_test_run ();
  g_assert_cmpint (mere_vfs_unregister (VFS), ==, SQLITE_OK);
  g_rand_free (luck);
  g_hash_table_unref (points);
  return status;
}
