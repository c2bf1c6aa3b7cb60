/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sticks as they are in the field: full, locked, crowded with other people's files, from another decade. Real file systems,
 * mounted where nobody else sees them. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "road-fixture.h"

#define BLOB_SIZE 300000       /* bytes of an attachment that does not compress */
#define SMALL_STICK "size=64k" /* smaller than that */
#define LARGE_STICK "size=8m"
#define N_FOREIGN 3000

static gboolean may_mount;

static void
write_map (const char *path,
           const char *text)
{
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Mounts of this process alone; without the right to them the tests are skipped. */
static void
leave_the_others (void)
{
  g_autofree char *users = g_strdup_printf ("0 %u 1", (guint) geteuid ());
  g_autofree char *groups = g_strdup_printf ("0 %u 1", (guint) getegid ());

  if (unshare (CLONE_NEWNS) == 0)
    may_mount = mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
  if (may_mount || unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return;
  write_map ("/proc/self/setgroups", "deny");
  write_map ("/proc/self/uid_map", users);
  write_map ("/proc/self/gid_map", groups);
  may_mount = mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static gboolean
mount_stick (MereTestDay  *day,
             unsigned long flags,
             const char   *options)
{
  if (may_mount && mount ("stick", day->stick, "tmpfs", flags, options) == 0)
    return TRUE;
  g_test_skip ("mounting is not allowed here");

  return FALSE;
}

static void
unmount_stick (MereTestDay *day)
{
  g_assert_cmpint (umount (day->stick), ==, 0);
}

static GBytes *
make_blob (void)
{
  guint8 *bytes = g_malloc (BLOB_SIZE);

  for (gsize i = 0; i < BLOB_SIZE; i++)
    bytes[i] = (guint8) g_test_rand_int ();

  return g_bytes_new_take (bytes, BLOB_SIZE);
}

static void
assert_refused (MereTestDay *day,
                int          code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = mere_courier_write (day->laptop->store, day->stick, NULL, NULL, NULL, &error);

  g_assert_null (written);
  g_assert_error (error, MERE_STICK_ERROR, code);
  g_assert_cmpint (mere_test_laptop_ask (day->laptop, "SELECT count (*) FROM placement"), ==, 0);
}

/* Room is made, and everything goes on as if nothing had been. */
static void
test_a_full_stick_delivers_nothing_until_there_is_room (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GBytes) blob = make_blob ();
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "one", blob);
  g_autoptr (MereCourierWritten) written = NULL;

  if (!mount_stick (day, 0, SMALL_STICK))
    return;
  assert_refused (day, MERE_STICK_ERROR_FULL);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_PACKED);

  g_assert_cmpint (mount (NULL, day->stick, NULL, MS_REMOUNT, LARGE_STICK), ==, 0);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_bundles, ==, 1);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_DELIVERED);
  unmount_stick (day);
}

static void
test_a_locked_stick_can_be_read_but_not_written (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  if (!mount_stick (day, 0, LARGE_STICK))
    return;
  name = mere_test_hq_send_dispatch (day->hq, day->stick, day->laptop, "2", 0);
  g_assert_cmpint (mount (NULL, day->stick, NULL, MS_REMOUNT | MS_RDONLY, LARGE_STICK), ==, 0);
  assert_refused (day, MERE_STICK_ERROR_READ_ONLY);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_dispatches, ==, 1);
  unmount_stick (day);
}

static void
add_foreign_files (const char *stick)
{
  for (guint i = 0; i < N_FOREIGN; i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s/Photos %u", stick, i % 30);
      g_autofree char *path = g_strdup_printf ("%s/IMG_%04u.age", folder, i);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents_full (path, "no bundle", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

static guint
count_foreign_files (const char *stick)
{
  g_auto (GStrv) files = mere_test_list_files (stick, ".age");
  guint n = 0;

  for (gsize i = 0; files[i] != NULL; i++)
    n += strstr (files[i], "IMG_") != NULL;

  return n;
}

/* They are neither opened nor touched, and nobody is troubled with them. */
static void
test_a_stick_full_of_other_peoples_files_works (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  add_foreign_files (day->stick);
  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_bundles, ==, 1);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  g_assert_cmpuint (count_foreign_files (day->stick), ==, N_FOREIGN);
}

static void
make_old (const char *stick)
{
  static const struct timespec the_1980s[2] = { { .tv_sec = 315532800 }, { .tv_sec = 315532800 } };
  g_auto (GStrv) files = mere_test_list_files (stick, "");

  for (gsize i = 0; files[i] != NULL; i++)
    g_assert_cmpint (utimensat (AT_FDCWD, files[i], the_1980s, 0), ==, 0);
}

/* Where a clock has stopped, files are of 1980: nothing is decided by time. */
static void
test_files_of_1980_are_as_good_as_any (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (GPtrArray) received = NULL;
  g_autoptr (MereReceiptDocument) receipt = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_courier_written_free (mere_test_day_write (day));
  make_old (day->stick);
  received = mere_test_hq_receive (day->hq, day->stick, device);
  g_assert_cmpuint (received->len, ==, 1);
  receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_free (receipt->issued);
  receipt->issued = g_strdup ("1980-01-01T00:00:00Z");
  mere_test_receipt_accept (receipt, received);
  name = mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, 0);
  make_old (day->stick);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  leave_the_others ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/courier-sticks/a-full-stick-delivers-nothing-until-there-is-room", test_a_full_stick_delivers_nothing_until_there_is_room);
  g_test_add_func ("/courier-sticks/a-locked-stick-can-be-read-but-not-written", test_a_locked_stick_can_be_read_but_not_written);
  g_test_add_func ("/courier-sticks/a-stick-full-of-other-peoples-files-works", test_a_stick_full_of_other_peoples_files_works);
  g_test_add_func ("/courier-sticks/files-of-1980-are-as-good-as-any", test_files_of_1980_are_as_good_as_any);

  return g_test_run ();
}
