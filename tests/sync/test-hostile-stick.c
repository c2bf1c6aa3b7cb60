/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stick that somebody has prepared, before headquarters: bombs, links, devices, files without end, names in no encoding. What
 * is ours comes in, nothing else is opened, and memory stays bounded: all of it happens in a process that may have no more. */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/sync/schedule-truth.h"

#define MORE_MEMORY (G_GUINT64_CONSTANT (96) << 20) /* bytes of address space beyond what the process has at the start */
#define ENDLESS (G_GINT64_CONSTANT (1) << 40)       /* bytes of a file that takes no room */
#define N_FOREIGN 20000

typedef struct
{
  char          *folder;
  MereTestWorld *world;
  MereTestTruth *truth;
  const char    *stick;
} Desk;

static void
set_up (Desk         *self,
        gconstpointer data)
{
  g_autofree char *prepared = NULL;
  g_autofree char *folder = NULL;

  self->folder = g_dir_make_tmp ("merestone-hostile-XXXXXX", NULL);
  prepared = g_build_filename (self->folder, "prepared", NULL);
  folder = g_build_filename (self->folder, "world", NULL);
  g_assert_cmpint (g_mkdir (prepared, 0700), ==, 0);
  mere_test_world_prepare (prepared);
  self->world = mere_test_world_new (prepared, folder);
  self->truth = mere_test_truth_new ();
  self->stick = self->world->sticks[0];
}

static void
tear_down (Desk         *self,
           gconstpointer data)
{
  mere_test_truth_free (self->truth);
  mere_test_world_free (self->world);
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
}

/* One honest bundle. */
static void
write_bundle (Desk *self)
{
  MereTestLaptop  *laptop = self->world->laptops->pdata[0];
  g_autofree char *record = mere_test_laptop_add_record (laptop, "an answer");
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = mere_courier_write (laptop->store, self->stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  mere_test_truth_note_sealed (self->truth, self->world, 0);
}

static MereReceived *
receive (Desk *self)
{
  g_autoptr (GError) error = NULL;
  MereReceived *received = mere_received_new ();

  mere_test_truth_note_received (self->truth, self->stick);
  g_assert_true (mere_receive_stick (self->world->hq, self->world->keys, self->stick, NULL, received, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  mere_test_truth_check_hq (self->truth, self->world);

  return received;
}

static guint
count_verdicts (const MereReceived *received,
                MereInboxVerdict    verdict)
{
  guint n = 0;

  for (guint i = 0; i < received->results->len; i++)
    n += ((MereInboxResult *) received->results->pdata[i])->verdict == verdict;

  return n;
}

static char *
path_on_stick (Desk       *self,
               const char *name)
{
  return g_build_filename (self->stick, name, NULL);
}

/* Called like one of ours, with something that looks like its signature. */
static char *
plant (Desk       *self,
       const char *name)
{
  g_auto (GStrv) paths = mere_test_list_files (self->stick, MERE_BUNDLE_SUFFIX MERE_MINISIGN_SUFFIX);
  g_autofree char *path = path_on_stick (self, name);
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) text = mere_test_load (paths[0]);

  mere_test_save (signature, g_bytes_get_data (text, NULL), g_bytes_get_size (text));

  return g_steal_pointer (&path);
}

/* Opening one of them would wait for ever, or leave the stick. */
static void
plant_what_is_no_file (Desk *self)
{
  g_autofree char *fifo = plant (self, "00000000-01-000001.age");
  g_autofree char *link = plant (self, "00000000-01-000002.age");
  g_autofree char *loop = plant (self, "00000000-01-000003.age");
  g_autofree char *device = plant (self, "00000000-01-000004.age");
  g_autofree char *folder = plant (self, "00000000-01-000005.age");
  g_autofree char *around = path_on_stick (self, "around");

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_cmpint (symlink (loop, loop), ==, 0);
  g_assert_true (mknod (device, S_IFCHR | 0600, makedev (1, 5)) == 0 || errno == EPERM);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (".", around), ==, 0);
}

static void
plant_endless_files (Desk *self)
{
  g_autofree char *bundle = plant (self, "00000000-01-000006.age");
  g_autofree char *other = plant (self, "00000000-01-000007.age");
  g_autofree char *signature = g_strconcat (other, MERE_MINISIGN_SUFFIX, NULL);

  mere_test_save (bundle, "x", 1);
  mere_test_save (other, "x", 1);
  g_assert_cmpint (truncate (bundle, ENDLESS), ==, 0);
  g_assert_cmpint (truncate (signature, ENDLESS), ==, 0);
}

static void
plant_names (Desk *self)
{
  static const char *const names[] = { "\xff\xfe.age", "caf\xe9-01-000001.age", "a\nb-01-000001.age", "-rf", "\xed\xa0\x80.age", "..age", "con", "%n%n%s.age",
                                       "00000000-01-000008.age;rm", "\xe2\x80\xae"
                                                                    "ega.minisig" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_on_stick (self, names[i]);

      mere_test_save (path, "x", 1);
    }
}

static void
plant_foreign_files (Desk *self)
{
  g_autofree char *folder = path_on_stick (self, "pictures");

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (guint i = 0; i < N_FOREIGN; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%u.jpg", folder, i);

      g_assert_cmpint (mknod (name, S_IFREG | 0600, 0), ==, 0);
    }
}

static guint64
get_address_space (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));

  return g_ascii_strtoull (text, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE);
}

/* A sanitizer reserves terabytes for itself: then there is nothing to limit. */
static void
limit_memory (void)
{
  const struct rlimit limit = { get_address_space () + MORE_MEMORY, RLIM_INFINITY };

  if (limit.rlim_cur < (rlim_t) ENDLESS)
    g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

static void
unlimit_memory (void)
{
  const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

static void
test_what_is_ours_comes_in_and_nothing_else_is_opened (Desk         *self,
                                                       gconstpointer data)
{
  g_autoptr (MereReceived) received = NULL;

  write_bundle (self);
  plant_what_is_no_file (self);
  plant_endless_files (self);
  plant_names (self);
  plant_foreign_files (self);
  limit_memory ();
  received = receive (self);
  unlimit_memory ();
  g_assert_cmpuint (count_verdicts (received, MERE_INBOX_ACCEPTED), ==, 1);
  g_assert_cmpuint (received->receipts->len, ==, 1);
}

/* The laptop's own side of the same stick. */
static void
test_a_laptop_writes_and_reads_beside_all_that (Desk         *self,
                                                gconstpointer data)
{
  MereTestLaptop *laptop = self->world->laptops->pdata[0];
  gint64          n_acknowledged = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceived) received = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  write_bundle (self);
  plant_what_is_no_file (self);
  plant_endless_files (self);
  plant_names (self);
  plant_foreign_files (self);
  limit_memory ();
  write_bundle (self);
  received = receive (self);
  read = mere_courier_read (laptop->store, self->stick, NULL, NULL, NULL, &error);
  unlimit_memory ();
  g_assert_no_error (error);
  g_assert_cmpuint (read->n_acknowledged, ==, 2);
  mere_test_truth_check_laptop (self->truth, self->world, 0, &n_acknowledged);
}

static void
set_time (const char *folder)
{
  const struct timeval first_of_fat[2] = { { 315532800, 0 }, { 315532800, 0 } }; /* 1980-01-01 */
  g_auto (GStrv) paths = mere_test_list_files (folder, "");

  for (gsize i = 0; paths[i] != NULL; i++)
    g_assert_cmpint (utimes (paths[i], first_of_fat), ==, 0);
}

static void
test_a_stick_of_1980_is_as_good_as_any (Desk         *self,
                                        gconstpointer data)
{
  g_autoptr (MereReceived) first = NULL;
  g_autoptr (MereReceived) second = NULL;

  write_bundle (self);
  set_time (self->stick);
  first = receive (self);
  g_assert_cmpuint (count_verdicts (first, MERE_INBOX_ACCEPTED), ==, 1);
  set_time (self->stick);
  write_bundle (self);
  set_time (self->stick);
  second = receive (self);
  g_assert_cmpuint (count_verdicts (second, MERE_INBOX_ACCEPTED), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  mere_test_use_memory ();
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/hostile-stick/" name, Desk, NULL, set_up, function, tear_down)
  ADD ("what-is-ours-comes-in-and-nothing-else-is-opened", test_what_is_ours_comes_in_and_nothing_else_is_opened);
  ADD ("a-laptop-writes-and-reads-beside-all-that", test_a_laptop_writes_and_reads_beside_all_that);
  ADD ("a-stick-of-1980-is-as-good-as-any", test_a_stick_of_1980_is_as_good_as_any);

  return g_test_run ();
}
