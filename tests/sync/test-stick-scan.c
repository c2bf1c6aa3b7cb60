/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is found on a stick, and how it is copied in. */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sync/memory-volume.h"
#include "tests/sync/stick-fixture.h"

/* "folder/name", with "+" where it is finished; one a line. */
static char *
describe (GPtrArray *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const MereStickFound *one = found->pdata[i];

      g_string_append_printf (text, "%s/%s%s\n", one->folder, one->name, one->finished ? "+" : "");
    }

  return g_string_free (text, FALSE);
}

static void
assert_scan (MereTestStick *self,
             const char    *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = mere_stick_scan (self->stick, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (found);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_pairs_are_found_wherever_they_lie (MereTestStick *self,
                                        gconstpointer  data)
{
  mere_test_stick_put (self, "k7q2m9xd-01-000003.age");
  mere_test_stick_put (self, "Neuer Ordner/ab/cd/ef/k7q2m9xd-01-000002.age");
  mere_test_stick_put (self, "Neuer Ordner/ab/cd/ef/k7q2m9xd-01-000002.age.minisig");
  mere_test_stick_put (self, "from \xd9\x85\xd8\xb1\xd9\x83\xd8\xb2/k7q2m9xd-01-000001.age");
  mere_test_stick_put (self, "MERESTONE/ENROL/k7q2m9xd/s000001/enrol.json");
  mere_test_stick_put (self, "MERESTONE/ENROL/k7q2m9xd/s000001/enrol.json.minisig");
  assert_scan (self,
               "/k7q2m9xd-01-000003.age\n"
               "MERESTONE/ENROL/k7q2m9xd/s000001/enrol.json+\n"
               "Neuer Ordner/ab/cd/ef/k7q2m9xd-01-000002.age+\n"
               "from \xd9\x85\xd8\xb1\xd9\x83\xd8\xb2/k7q2m9xd-01-000001.age\n");
}

static void
test_what_is_none_of_ours_is_not_looked_at (MereTestStick *self,
                                            gconstpointer  data)
{
  static const char *const others[] = {
    "photos/IMG_0001.JPG",
    "k7q2m9xd-01-000001.age.part",
    "K7Q2M9XD-01-000001.AGE",
    "k7q2m9xd-1-000001.age",
    "k7q2m9xd-01-000000.age",
    "k7q2m9xl-01-000001.age", /* l is no digit */
    ".k7q2m9xd-01-000001.age",
    "k7q2m9xd-01-000001.age.minisig", /* without its file */
    "enrol.json.bak",
    "a/b/c/d/e/k7q2m9xd-01-000001.age", /* too deep */
    "\xff\xfe/k7q2m9xd-01-000001",      /* no UTF-8, no suffix */
  };
  g_autofree char *pipe = g_build_filename (self->mount, "k7q2m9xd-01-000009.age", NULL);
  g_autofree char *folder = g_build_filename (self->mount, "k7q2m9xd-01-000008.age", NULL);
  g_autofree char *link = g_build_filename (self->mount, "k7q2m9xd-01-000007.age", NULL);
  g_autofree char *way_out = g_build_filename (self->mount, "outside", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    mere_test_stick_put (self, others[i]);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (self->bundle, link), ==, 0);
  g_assert_cmpint (symlink (self->road->folder, way_out), ==, 0);
  assert_scan (self, "");
}

static int
list_without_end (MereVolume        *volume,
                  int                folder,
                  MereVolumeListFunc each,
                  gpointer           user_data)
{
  guint n = 0;

  while (each (user_data, "k7q2m9xd-01-000001.age", MERE_VOLUME_OTHER))
    g_assert_cmpuint (n++, <, MERE_STICK_MAX_NAMES);

  return 0;
}

static void
test_a_scan_ends_on_any_stick (void)
{
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autoptr (GError) error = NULL;

  volume->base.list = list_without_end;
  g_assert_null (mere_stick_scan (stick, NULL, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_CROWDED);
}

static int (*list_well) (MereVolume *volume, int folder, MereVolumeListFunc each, gpointer user_data);

/* The second folder that is listed cannot be read. */
static int
list_but_one (MereVolume        *volume,
              int                folder,
              MereVolumeListFunc each,
              gpointer           user_data)
{
  static guint n;

  return n++ == 1 ? -EIO : list_well (volume, folder, each, user_data);
}

static void
test_a_bad_folder_does_not_hide_the_others (void)
{
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  mere_memory_volume_put (volume, "bad/k7q2m9xd-01-000001.age", "x");
  mere_memory_volume_put (volume, "good/k7q2m9xd-01-000002.age", "x");
  list_well = volume->base.list;
  volume->base.list = list_but_one;
  found = mere_stick_scan (stick, NULL, &error);
  g_assert_no_error (error);
  text = describe (found);
  g_assert_cmpstr (text, ==, "good/k7q2m9xd-01-000002.age\n");
}

static void
test_a_stick_that_is_pulled_while_it_is_looked_through_is_gone (void)
{
  MereMemoryVolume *volume = mere_memory_volume_new ();
  g_autoptr (MereStick) stick = mere_stick_new (&volume->base);
  g_autoptr (GError) error = NULL;

  mere_memory_volume_put (volume, "k7q2m9xd-01-000001.age", "x");
  volume->pulled = TRUE;
  g_assert_null (mere_stick_scan (stick, NULL, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_GONE);
}

static MereStickFound *
find_one (MereTestStick *self,
          GPtrArray    **found)
{
  g_autoptr (GError) error = NULL;

  *found = mere_stick_scan (self->stick, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint ((*found)->len, ==, 1);

  return (*found)->pdata[0];
}

static void
test_the_copy_is_what_is_worked_on (MereTestStick *self,
                                    gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  const MereStickFound *found;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *path = NULL;
  g_autofree char *hex = NULL;
  g_autoptr (MereBundleReader) reader = NULL;
  guint8       hash[MERE_HASH_SIZE];
  MereTestSeen seen = { 0 };
  g_autoptr (GError) error = NULL;

  mere_test_stick_publish_well (self);
  found = find_one (self, &all);
  signature = mere_stick_load_signature (self->stick, found, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (signature, NULL), "untrusted comment: "));
  path = mere_stick_copy_in (self->stick, found, self->inbox, hash, mere_test_stick_see, &seen, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen.done, ==, found->size);
  reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &self->road->key, NULL, &error);
  g_assert_no_error (error);
  hex = mere_hex_new (hash, sizeof hash);
  g_assert_cmpstr (hex, ==, mere_bundle_reader_get_b2 (reader));
}

static void
test_a_failed_copy_leaves_the_older_one (MereTestStick *self,
                                         gconstpointer  data)
{
  g_autofree char *signature = mere_test_stick_path (self, MERE_MINISIGN_SUFFIX);
  g_autofree char *huge = g_strnfill (MERE_MINISIGN_MAX_SIZE + 1, 'x');
  g_autofree char *first = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GDir) folder = NULL;
  const MereStickFound *found;
  guint                 n = 0;
  g_autoptr (GError) error = NULL;

  mere_test_stick_publish_well (self);
  found = find_one (self, &all);
  first = mere_stick_copy_in (self->stick, found, self->inbox, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  mere_test_save (signature, huge, MERE_MINISIGN_MAX_SIZE + 1);
  g_assert_null (mere_stick_copy_in (self->stick, found, self->inbox, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_true (mere_test_road_read (self->road, first, &error));
  folder = g_dir_open (self->inbox, 0, NULL);
  while (g_dir_read_name (folder) != NULL)
    n++;
  g_assert_cmpuint (n, ==, 2);
}

static void
test_an_inbox_that_is_not_there_is_the_computers_fault (MereTestStick *self,
                                                        gconstpointer  data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_stick_publish_well (self);
  g_assert_null (mere_stick_copy_in (self->stick, find_one (self, &all), "/nowhere", NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_LOCAL);
}

#define ADD(name, function) g_test_add ("/stick-scan/" name, MereTestStick, NULL, mere_test_stick_set_up, function, mere_test_stick_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  ADD ("pairs-are-found-wherever-they-lie", test_pairs_are_found_wherever_they_lie);
  ADD ("what-is-none-of-ours-is-not-looked-at", test_what_is_none_of_ours_is_not_looked_at);
  ADD ("the-copy-is-what-is-worked-on", test_the_copy_is_what_is_worked_on);
  ADD ("a-failed-copy-leaves-the-older-one", test_a_failed_copy_leaves_the_older_one);
  ADD ("an-inbox-that-is-not-there-is-the-computers-fault", test_an_inbox_that_is_not_there_is_the_computers_fault);
  g_test_add_func ("/stick-scan/a-scan-ends-on-any-stick", test_a_scan_ends_on_any_stick);
  g_test_add_func ("/stick-scan/a-bad-folder-does-not-hide-the-others", test_a_bad_folder_does_not_hide_the_others);
  g_test_add_func ("/stick-scan/a-stick-that-is-pulled-while-it-is-looked-through-is-gone", test_a_stick_that_is_pulled_while_it_is_looked_through_is_gone);

  return g_test_run ();
}
