/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stick as a folder of the system: what is written, found, copied in and removed, and what is left alone. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle-fixture.h"
#include "memory-volume.h"
#include "sync/stick.h"

typedef struct
{
  MereTestRoad *road;
  char         *bundle; /* path of an .age on the laptop */
  char         *name;
  char         *mount;
  char         *inbox;
  MereStick    *stick;
  char         *placed;
} Fixture;

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static guint descriptors_before;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  descriptors_before = count_descriptors ();
  self->road = mere_test_road_new ();
  self->bundle = mere_test_road_seal (self->road);
  self->name = g_path_get_basename (self->bundle);
  self->mount = g_build_filename (self->road->folder, "stick", NULL);
  self->inbox = g_build_filename (self->road->folder, "inbox", NULL);
  g_assert_cmpint (g_mkdir (self->mount, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (self->inbox, 0700), ==, 0);
  self->stick = mere_stick_open (self->mount, &error);
  g_assert_no_error (error);
}

/* Whatever was done, no folder or file stays open. */
static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  mere_stick_free (self->stick);
  mere_test_road_free (self->road);
  g_free (self->bundle);
  g_free (self->name);
  g_free (self->mount);
  g_free (self->inbox);
  g_free (self->placed);
  g_assert_cmpuint (count_descriptors (), ==, descriptors_before);
}

static gboolean
publish (Fixture *self,
         GError **error)
{
  const char *const paths[] = { self->bundle, NULL };

  g_clear_pointer (&self->placed, g_free);

  return mere_stick_publish (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", paths, NULL, NULL, NULL, &self->placed, error);
}

static void
publish_well (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (publish (self, &error));
  g_assert_no_error (error);
}

static gboolean
check (Fixture *self,
       GError **error)
{
  const char *const paths[] = { self->bundle, NULL };

  return mere_stick_check (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", paths, NULL, error);
}

static char *
on_stick (Fixture    *self,
          const char *suffix)
{
  return g_strdup_printf ("%s/" MERE_STICK_ROOT "/TO-HQ/%s/s000001/%s%s", self->mount, self->road->device, self->name, suffix);
}

/* A small file, its folders made. */
static void
put (Fixture    *self,
     const char *path)
{
  g_autofree char *full = g_build_filename (self->mount, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  mere_test_save (full, "x", 1);
}

static void
test_a_pair_arrives_whole (Fixture      *self,
                           gconstpointer data)
{
  g_autofree char *age = on_stick (self, "");
  g_autoptr (GBytes) here = mere_test_load (self->bundle);
  g_autoptr (GBytes) there = NULL;
  g_autoptr (GError) error = NULL;

  publish_well (self);
  there = mere_test_load (age);
  g_assert_true (g_bytes_equal (here, there));
  g_assert_cmpstr (self->placed, ==, "s000001");
  g_assert_true (check (self, &error));
  g_assert_true (mere_test_road_read (self->road, age, &error));
}

typedef struct
{
  guint64 done, total;
  guint   n;
} Seen;

static void
see (gpointer data,
     guint64  done,
     guint64  total)
{
  Seen *seen = data;

  g_assert_cmpuint (done, >=, seen->done);
  g_assert_cmpuint (done, <=, total);
  *seen = (Seen){ done, total, seen->n + 1 };
}

static void
test_progress_counts_writing_and_both_readings (Fixture      *self,
                                                gconstpointer data)
{
  const char *const paths[] = { self->bundle, NULL };
  g_autofree char  *signature = g_strconcat (self->bundle, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) age = mere_test_load (self->bundle);
  g_autoptr (GBytes) minisig = mere_test_load (signature);
  Seen seen = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_stick_publish (self->stick, MERE_STICK_TO_FIELD, MERE_STICK_ALL, "s000009", paths, see, &seen, NULL, &self->placed, &error));
  g_assert_cmpuint (seen.total, ==, 3 * (g_bytes_get_size (age) + g_bytes_get_size (minisig)));
  g_assert_cmpuint (seen.done, ==, seen.total);
}

/* All three languages; and a number that stays. */
static void
test_the_stick_explains_itself_once (Fixture      *self,
                                     gconstpointer data)
{
  g_autofree char *readme_path = g_build_filename (self->mount, MERE_STICK_ROOT, "README.TXT", NULL);
  g_autofree char *id = NULL;
  g_autoptr (GBytes) readme = NULL;
  const char *text;

  g_assert_null (mere_stick_get_id (self->stick));
  publish_well (self);
  id = g_strdup (mere_stick_get_id (self->stick));
  g_assert_cmpuint (strlen (id), ==, 16);
  readme = mere_test_load (readme_path);
  text = g_bytes_get_data (readme, NULL);
  g_assert_true (g_utf8_validate_len (text, g_bytes_get_size (readme), NULL));
  for (const char *const *word = (const char *const[]){ "ENGLISH", "FRANÇAIS", "ESPAÑOL", "minisign -VHm", "zstd -dc", NULL }; *word != NULL; word++)
    g_assert_nonnull (g_strstr_len (text, g_bytes_get_size (readme), *word));

  mere_test_save (readme_path, "mine", 4);
  publish_well (self);
  g_assert_cmpstr (self->placed, ==, "s000001a");
  g_assert_cmpstr (mere_stick_get_id (self->stick), ==, id);
  g_clear_pointer (&readme, g_bytes_unref);
  readme = mere_test_load (readme_path);
  g_assert_cmpmem (g_bytes_get_data (readme, NULL), g_bytes_get_size (readme), "mine", 4);
}

static void
test_a_stick_number_is_believed_only_in_its_form (Fixture      *self,
                                                  gconstpointer data)
{
  static const char *const wrong[] = { "", "{}", "{\"stick\":\"../../etc\"}", "{\"stick\":\"4F2A91C07D3BE866\"}", "{\"stick\":\"4f2a91c07d3be866\"} x" };
  g_autofree char         *folder = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);
  g_autofree char         *path = g_build_filename (folder, "STICK.JSN", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      mere_test_save (path, wrong[i], strlen (wrong[i]));
      g_assert_null (mere_stick_get_id (self->stick));
    }
}

static void
test_a_neutral_name_is_possible (Fixture      *self,
                                 gconstpointer data)
{
  g_autofree char *neutral = g_build_filename (self->mount, "BACKUP", NULL);
  g_autofree char *usual = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);

  mere_stick_set_root_name (self->stick, "BACKUP");
  publish_well (self);
  g_assert_true (g_file_test (neutral, G_FILE_TEST_IS_DIR));
  g_assert_false (g_file_test (usual, G_FILE_TEST_EXISTS));
}

static void
test_a_placement_that_is_gone_or_changed_is_noticed (Fixture      *self,
                                                     gconstpointer data)
{
  g_autofree char *age = on_stick (self, "");
  g_autofree char *signature = on_stick (self, MERE_MINISIGN_SUFFIX);
  g_autoptr (GError) absent = NULL;
  g_autoptr (GError) changed = NULL;
  g_autoptr (GError) unsigned_ = NULL;

  g_assert_false (check (self, &absent));
  g_assert_error (absent, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
  publish_well (self);
  g_unlink (signature);
  g_assert_false (check (self, &unsigned_));
  g_assert_error (unsigned_, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
  mere_test_save (age, "shorter", 7);
  g_assert_false (check (self, &changed));
  g_assert_error (changed, MERE_STICK_ERROR, MERE_STICK_ERROR_DIFFERS);
}

/* What a lazy unmount leaves: the path leads to the laptop's own disk. */
static void
test_nothing_is_written_where_the_stick_was (Fixture      *self,
                                             gconstpointer data)
{
  g_autofree char *aside = g_strconcat (self->mount, "-pulled", NULL);
  g_autofree char *ours = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (self->mount, aside), ==, 0);
  g_assert_cmpint (g_mkdir (self->mount, 0700), ==, 0);
  g_assert_false (publish (self, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_GONE);
  g_assert_false (g_file_test (ours, G_FILE_TEST_EXISTS));
}

static void
test_a_link_in_the_way_is_not_followed (Fixture      *self,
                                        gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);
  g_autoptr (GDir) outside = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (self->inbox, link), ==, 0);
  g_assert_false (publish (self, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_DAMAGED);
  outside = g_dir_open (self->inbox, 0, NULL);
  g_assert_null (g_dir_read_name (outside));
}

static void
test_the_laptops_own_faults_are_told_apart (Fixture      *self,
                                            gconstpointer data)
{
  g_autofree char *signature = g_strconcat (self->bundle, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GError) large = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_cmpint (truncate (self->bundle, (off_t) MERE_BUNDLE_MAX_SIZE + 1), ==, 0);
  g_assert_false (publish (self, &large));
  g_assert_error (large, MERE_STICK_ERROR, MERE_STICK_ERROR_TOO_LARGE);
  g_unlink (signature);
  g_assert_cmpint (truncate (self->bundle, 10), ==, 0);
  g_assert_false (publish (self, &missing));
  g_assert_error (missing, MERE_STICK_ERROR, MERE_STICK_ERROR_LOCAL);
}

static void
test_a_request_to_stop_is_heard (Fixture      *self,
                                 gconstpointer data)
{
  const char *const paths[] = { self->bundle, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) writing = NULL;
  g_autoptr (GError) scanning = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (mere_stick_publish (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", paths, NULL, NULL, cancellable, &self->placed, &writing));
  g_assert_error (writing, MERE_STICK_ERROR, MERE_STICK_ERROR_CANCELLED);
  g_assert_null (mere_stick_scan (self->stick, cancellable, &scanning));
  g_assert_error (scanning, MERE_STICK_ERROR, MERE_STICK_ERROR_CANCELLED);
}

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
assert_scan (Fixture    *self,
             const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = mere_stick_scan (self->stick, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (found);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_pairs_are_found_wherever_they_lie (Fixture      *self,
                                        gconstpointer data)
{
  put (self, "k7q2m9xd-01-000003.age");
  put (self, "Neuer Ordner/ab/cd/ef/k7q2m9xd-01-000002.age");
  put (self, "Neuer Ordner/ab/cd/ef/k7q2m9xd-01-000002.age.minisig");
  put (self, "from \xd9\x85\xd8\xb1\xd9\x83\xd8\xb2/k7q2m9xd-01-000001.age");
  put (self, "MERESTONE/ENROL/k7q2m9xd/s000001/enrol.json");
  put (self, "MERESTONE/ENROL/k7q2m9xd/s000001/enrol.json.minisig");
  assert_scan (self,
               "/k7q2m9xd-01-000003.age\n"
               "MERESTONE/ENROL/k7q2m9xd/s000001/enrol.json+\n"
               "Neuer Ordner/ab/cd/ef/k7q2m9xd-01-000002.age+\n"
               "from \xd9\x85\xd8\xb1\xd9\x83\xd8\xb2/k7q2m9xd-01-000001.age\n");
}

static void
test_what_is_none_of_ours_is_not_looked_at (Fixture      *self,
                                            gconstpointer data)
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
    put (self, others[i]);
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
find_one (Fixture    *self,
          GPtrArray **found)
{
  g_autoptr (GError) error = NULL;

  *found = mere_stick_scan (self->stick, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint ((*found)->len, ==, 1);

  return (*found)->pdata[0];
}

static void
test_the_copy_is_what_is_worked_on (Fixture      *self,
                                    gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  const MereStickFound *found;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *path = NULL;
  g_autofree char *hex = NULL;
  g_autoptr (MereBundleReader) reader = NULL;
  guint8 hash[MERE_HASH_SIZE];
  Seen   seen = { 0 };
  g_autoptr (GError) error = NULL;

  publish_well (self);
  found = find_one (self, &all);
  signature = mere_stick_load_signature (self->stick, found, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (signature, NULL), "untrusted comment: "));
  path = mere_stick_copy_in (self->stick, found, self->inbox, hash, see, &seen, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen.done, ==, found->size);
  reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &self->road->key, NULL, &error);
  g_assert_no_error (error);
  hex = mere_hex_new (hash, sizeof hash);
  g_assert_cmpstr (hex, ==, mere_bundle_reader_get_b2 (reader));
}

static void
test_a_failed_copy_leaves_the_older_one (Fixture      *self,
                                         gconstpointer data)
{
  g_autofree char *signature = on_stick (self, MERE_MINISIGN_SUFFIX);
  g_autofree char *huge = g_strnfill (MERE_MINISIGN_MAX_SIZE + 1, 'x');
  g_autofree char *first = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GDir) folder = NULL;
  const MereStickFound *found;
  guint                 n = 0;
  g_autoptr (GError) error = NULL;

  publish_well (self);
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
test_an_inbox_that_is_not_there_is_the_computers_fault (Fixture      *self,
                                                        gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  publish_well (self);
  g_assert_null (mere_stick_copy_in (self->stick, find_one (self, &all), "/nowhere", NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_LOCAL);
}

static void
assert_sessions (Fixture    *self,
                 const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) sessions = mere_stick_list_sessions (self->stick, MERE_STICK_TO_HQ, self->road->device, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_strjoinv (" ", sessions);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_a_session_is_removed_and_no_more (Fixture      *self,
                                       gconstpointer data)
{
  g_autofree char *signature = on_stick (self, MERE_MINISIGN_SUFFIX);
  g_autofree char *foreign = on_stick (self, ".notes");
  g_autoptr (GError) error = NULL;

  assert_sessions (self, "");
  publish_well (self);
  publish_well (self);
  assert_sessions (self, "s000001 s000001a");
  mere_test_save (foreign, "mine", 4);
  g_assert_true (mere_stick_remove_session (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", &error));
  g_assert_false (g_file_test (signature, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  g_unlink (foreign);
  g_assert_true (mere_stick_remove_session (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", &error));
  assert_sessions (self, "s000001a");
  g_assert_true (mere_stick_remove_session (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", &error));
  g_assert_no_error (error);
}

static void
test_a_path_that_is_no_folder_is_no_stick (Fixture      *self,
                                           gconstpointer data)
{
  g_autoptr (GError) absent = NULL;
  g_autoptr (GError) file = NULL;

  g_assert_null (mere_stick_open ("/nowhere", &absent));
  g_assert_error (absent, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
  g_assert_null (mere_stick_open (self->bundle, &file));
  g_assert_error (file, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
}

#define ADD(name, function) g_test_add ("/stick/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  ADD ("a-pair-arrives-whole", test_a_pair_arrives_whole);
  ADD ("progress-counts-writing-and-both-readings", test_progress_counts_writing_and_both_readings);
  ADD ("the-stick-explains-itself-once", test_the_stick_explains_itself_once);
  ADD ("a-stick-number-is-believed-only-in-its-form", test_a_stick_number_is_believed_only_in_its_form);
  ADD ("a-neutral-name-is-possible", test_a_neutral_name_is_possible);
  ADD ("a-placement-that-is-gone-or-changed-is-noticed", test_a_placement_that_is_gone_or_changed_is_noticed);
  ADD ("nothing-is-written-where-the-stick-was", test_nothing_is_written_where_the_stick_was);
  ADD ("a-link-in-the-way-is-not-followed", test_a_link_in_the_way_is_not_followed);
  ADD ("the-laptops-own-faults-are-told-apart", test_the_laptops_own_faults_are_told_apart);
  ADD ("a-request-to-stop-is-heard", test_a_request_to_stop_is_heard);
  ADD ("pairs-are-found-wherever-they-lie", test_pairs_are_found_wherever_they_lie);
  ADD ("what-is-none-of-ours-is-not-looked-at", test_what_is_none_of_ours_is_not_looked_at);
  g_test_add_func ("/stick/a-scan-ends-on-any-stick", test_a_scan_ends_on_any_stick);
  g_test_add_func ("/stick/a-bad-folder-does-not-hide-the-others", test_a_bad_folder_does_not_hide_the_others);
  g_test_add_func ("/stick/a-stick-that-is-pulled-while-it-is-looked-through-is-gone", test_a_stick_that_is_pulled_while_it_is_looked_through_is_gone);
  ADD ("the-copy-is-what-is-worked-on", test_the_copy_is_what_is_worked_on);
  ADD ("a-failed-copy-leaves-the-older-one", test_a_failed_copy_leaves_the_older_one);
  ADD ("an-inbox-that-is-not-there-is-the-computers-fault", test_an_inbox_that_is_not_there_is_the_computers_fault);
  ADD ("a-session-is-removed-and-no-more", test_a_session_is_removed_and_no_more);
  ADD ("a-path-that-is-no-folder-is-no-stick", test_a_path_that_is_no_folder_is_no_stick);

  return g_test_run ();
}
