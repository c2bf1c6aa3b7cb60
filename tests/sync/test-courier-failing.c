/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing that comes to nothing: whatever happens to the stick, the disk or the vault, the laptop still holds what it sealed. */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/sync/road-steps.h"
#include "sync/courier-private.h"

/* What a power cut between sealing and its line in the vault leaves. */
static void
test_a_number_nobody_saw_is_used_again (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *path = g_strdup_printf ("%s/outbox/%s-01-000001.age", day->laptop->folder, device);
  g_autofree char *signature = g_strconcat (path, ".minisig", NULL);
  g_autofree char *half = g_strdup_printf ("%s/outbox/.tmp-%s-01-000001.age", day->laptop->folder, device);
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = NULL;
  g_autoptr (GPtrArray) received = NULL;

  mere_test_save (path, "left over", 9);
  mere_test_save (signature, "left over", 9);
  mere_test_save (half, "left over", 9);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_sealed, ==, 1);
  g_assert_false (written->new_chain);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  received = mere_test_day_receive (day);
  g_assert_cmpuint (((MereTestReceived *) received->pdata[0])->manifest->seq, ==, 1);
}

/* Sealed, but no stick took it. */
static void
test_what_was_sealed_is_written_later (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  guint            n_sealed = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = NULL;

  {
    g_auto (MereCourier) courier = { 0 };

    g_assert_true (mere_courier_begin (&courier, day->laptop->store, day->stick, NULL, NULL, NULL, &error));
    g_assert_true (mere_courier_pack (&courier, NULL, NULL, &n_sealed, &error));
  }
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_PACKED);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_sealed, ==, 0);
  g_assert_cmpuint (written->n_bundles, ==, 1);
}

static void
test_a_bundle_that_the_disk_lost_is_packed_again (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autofree char *outbox = g_build_filename (day->laptop->folder, "outbox", NULL);
  g_auto (GStrv) sealed = mere_test_list_files (outbox, ".age");
  g_autoptr (MereCourierWritten) second = NULL;
  g_autoptr (MereCourierWritten) third = NULL;
  g_autoptr (GPtrArray) received = NULL;

  mere_test_save (sealed[0], "rotten", 6);
  mere_test_day_wipe_stick (day);
  second = mere_test_day_write (day);
  g_assert_cmpuint (second->n_sealed, ==, 1);
  g_assert_cmpuint (second->n_bundles, ==, 1);
  g_assert_cmpuint (second->n_records, ==, 1);
  third = mere_test_day_write (day);
  g_assert_cmpuint (third->n_sealed, ==, 0);
  received = mere_test_day_receive (day);
  g_assert_cmpuint (received->len, ==, 1);
  g_assert_cmpstr (((MereTestReceived *) received->pdata[0])->records->pdata[0], ==, record);
}

static void
test_a_stick_that_is_gone_delivers_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *nowhere = g_build_filename (day->folder, "nowhere", NULL);
  g_autoptr (MereCourierWritten) written = NULL;

  mere_test_day_assert_write_fails (day, nowhere, MERE_STICK_ERROR, -1);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_records, ==, 1);
}

/* Something else lies where the folder must be made: what a file system that refuses looks like, for root too. */
static void
test_a_stick_that_refuses_delivers_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *other = g_build_filename (day->folder, "other", NULL);
  g_autofree char *in_the_way = g_build_filename (other, "MERESTONE", NULL);
  g_autofree char *before = NULL;
  g_autoptr (MereCourierWritten) written = NULL;

  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  mere_test_save (in_the_way, "a file", 6);
  mere_test_day_assert_write_fails (day, other, MERE_STICK_ERROR, -1);
  mere_test_day_assert_count (day, "placement", 0);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_PACKED);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_sealed, ==, 0);
  g_assert_cmpuint (written->n_records, ==, 1);
}

static void
test_a_read_only_folder_delivers_nothing (void)
{
  g_autoptr (MereTestDay) day = NULL;
  g_autofree char *record = NULL;
  g_autofree char *locked = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write anywhere");
      return;
    }
  day = mere_test_day_new_enrolled ();
  record = mere_test_laptop_add_record (day->laptop, "one");
  locked = g_build_filename (day->folder, "locked", NULL);
  g_assert_cmpint (g_mkdir (locked, 0500), ==, 0);
  mere_test_day_assert_write_fails (day, locked, MERE_STICK_ERROR, MERE_STICK_ERROR_READ_ONLY);
  mere_test_day_assert_count (day, "placement", 0);
}

/* Files may grow no further than this: a medium that gives up in the middle of a bundle. */
static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_a_stick_that_fails_midway_delivers_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autoptr (GBytes) file = mere_test_make_noise (3 << 20);
  g_autofree char *two = mere_test_laptop_add_record_with (day->laptop, "two", file);
  g_autofree char *copy = g_build_filename (day->folder, "copy.db", NULL);
  g_autoptr (MereCourierWritten) last = NULL;
  g_autoptr (GPtrArray) received = NULL;

  mere_test_day_pack (day);
  mere_test_laptop_copy_to (day->laptop, copy); /* what is written to the database next is small */
  signal (SIGXFSZ, SIG_IGN);
  limit_files (1 << 20);
  mere_test_day_assert_write_fails (day, day->stick, MERE_STICK_ERROR, -1);
  limit_files (RLIM_INFINITY);

  /* The first bundle was read back there before, the second was nowhere. */
  mere_test_day_assert_count (day, "placement", 1);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, two), ==, MERE_RECORD_PACKED);
  last = mere_test_day_write (day);
  g_assert_cmpuint (last->n_bundles, ==, 2);
  received = mere_test_day_receive (day);
  g_assert_cmpuint (received->len, ==, 2);
}

/* An outbox on a full disk: the sealed bundle cannot be made. */
static void
test_a_broken_outbox_leaves_records_final (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *in_the_way = g_strdup_printf ("%s/outbox/.tmp-%s-01-000001.age", day->laptop->folder, device);
  g_autoptr (MereCourierWritten) written = NULL;

  /* A folder of that name cannot be removed as a left-over. */
  g_assert_cmpint (g_mkdir_with_parents (in_the_way, 0700), ==, 0);
  mere_test_day_assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_OUTBOX);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
  mere_test_day_assert_count (day, "bundle", 0);
  g_assert_cmpint (g_rmdir (in_the_way), ==, 0);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_records, ==, 1);
}

typedef struct
{
  GCancellable   *cancellable;
  MereCourierStep step;
} Stopping;

static void
stop_at_step (gpointer        data,
              MereCourierStep step,
              guint64         done,
              guint64         total)
{
  const Stopping *self = data;

  if (step == self->step)
    g_cancellable_cancel (self->cancellable);
}

static void
test_stopping_delivers_nothing (void)
{
  static const MereCourierStep steps[] = { MERE_COURIER_LOOKING, MERE_COURIER_PACKING, MERE_COURIER_WRITING };
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GBytes) file = mere_test_make_noise (3 << 20);
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "one", file);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Stopping stopping = { cancellable, steps[i] };
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_courier_write (day->laptop->store, day->stick, stop_at_step, &stopping, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      mere_test_day_assert_count (day, "placement", 0);
    }
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_PACKED);
  {
    g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
    g_autoptr (GPtrArray) received = mere_test_day_receive (day);

    g_assert_cmpuint (written->n_sealed, ==, 0);
    g_assert_cmpuint (received->len, ==, 1);
  }
}

static void
test_an_old_copy_finds_its_own_bundles (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *copy = g_build_filename (day->folder, "copy.db", NULL);
  g_autofree char *outbox = g_build_filename (day->laptop->folder, "outbox", NULL);
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autofree char *two = NULL;
  g_autofree char *three = NULL;
  g_autoptr (MereCourierWritten) second = NULL;
  g_autoptr (MereCourierWritten) third = NULL;
  g_autoptr (MereCourierWritten) fourth = NULL;
  g_autoptr (GPtrArray) received = NULL;
  const MereManifest *last;

  mere_test_laptop_copy_to (day->laptop, copy);
  two = mere_test_laptop_add_record (day->laptop, "two");
  second = mere_test_day_write (day);
  mere_test_laptop_restore (day->laptop, copy);

  three = mere_test_laptop_add_record (day->laptop, "three");
  third = mere_test_day_write (day);
  g_assert_true (third->new_chain);
  fourth = mere_test_day_write (day);
  g_assert_false (fourth->new_chain);

  /* All three are there, and the new chain knows its parent. */
  received = mere_test_day_receive (day);
  g_assert_cmpuint (received->len, ==, 3);
  for (guint i = 0; i < received->len; i++)
    {
      last = ((MereTestReceived *) received->pdata[i])->manifest;
      if (last->chain_no == 2)
        {
          g_assert_cmpuint (last->seq, ==, 1);
          g_assert_cmpuint (last->parent_seq, ==, 1);
          g_assert_cmpstr (last->parent_id, !=, last->chain_id);
          g_assert_nonnull (last->parent_b2);
        }
    }
}

/* The stick is elsewhere, but the sealed bundles still lie beside the vault. */
static void
test_an_old_copy_finds_its_outbox (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *copy = g_build_filename (day->folder, "copy.db", NULL);
  g_autoptr (MereCourierWritten) written = NULL;

  mere_test_laptop_copy_to (day->laptop, copy);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
      g_autoptr (MereCourierWritten) each = mere_test_day_write (day);
    }
  mere_test_laptop_restore (day->laptop, copy);
  mere_test_day_wipe_stick (day);
  written = mere_test_day_write (day);
  g_assert_true (written->new_chain);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier-failing/a-number-nobody-saw-is-used-again", test_a_number_nobody_saw_is_used_again);
  g_test_add_func ("/courier-failing/what-was-sealed-is-written-later", test_what_was_sealed_is_written_later);
  g_test_add_func ("/courier-failing/a-bundle-that-the-disk-lost-is-packed-again", test_a_bundle_that_the_disk_lost_is_packed_again);
  g_test_add_func ("/courier-failing/a-stick-that-is-gone-delivers-nothing", test_a_stick_that_is_gone_delivers_nothing);
  g_test_add_func ("/courier-failing/a-stick-that-refuses-delivers-nothing", test_a_stick_that_refuses_delivers_nothing);
  g_test_add_func ("/courier-failing/a-read-only-folder-delivers-nothing", test_a_read_only_folder_delivers_nothing);
  g_test_add_func ("/courier-failing/a-stick-that-fails-midway-delivers-nothing", test_a_stick_that_fails_midway_delivers_nothing);
  g_test_add_func ("/courier-failing/a-broken-outbox-leaves-records-final", test_a_broken_outbox_leaves_records_final);
  g_test_add_func ("/courier-failing/stopping-delivers-nothing", test_stopping_delivers_nothing);
  g_test_add_func ("/courier-failing/an-old-copy-finds-its-own-bundles", test_an_old_copy_finds_its_own_bundles);
  g_test_add_func ("/courier-failing/an-old-copy-finds-its-outbox", test_an_old_copy_finds_its_outbox);

  return g_test_run ();
}
