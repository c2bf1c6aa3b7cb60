/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stick as a folder of the system: what is written and removed, and what is left alone. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sync/stick-fixture.h"

static gboolean
check (MereTestStick *self,
       GError       **error)
{
  const char *const paths[] = { self->bundle, NULL };

  return mere_stick_check (self->stick, MERE_STICK_TO_HQ, self->road->device, "s000001", paths, NULL, error);
}

static void
test_a_pair_arrives_whole (MereTestStick *self,
                           gconstpointer  data)
{
  g_autofree char *age = mere_test_stick_path (self, "");
  g_autoptr (GBytes) here = mere_test_load (self->bundle);
  g_autoptr (GBytes) there = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_stick_publish_well (self);
  there = mere_test_load (age);
  g_assert_true (g_bytes_equal (here, there));
  g_assert_cmpstr (self->placed, ==, "s000001");
  g_assert_true (check (self, &error));
  g_assert_true (mere_test_road_read (self->road, age, &error));
}

static void
test_progress_counts_writing_and_both_readings (MereTestStick *self,
                                                gconstpointer  data)
{
  const char *const paths[] = { self->bundle, NULL };
  g_autofree char  *signature = g_strconcat (self->bundle, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) age = mere_test_load (self->bundle);
  g_autoptr (GBytes) minisig = mere_test_load (signature);
  MereTestSeen seen = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_stick_publish (self->stick, MERE_STICK_TO_FIELD, MERE_STICK_ALL, "s000009", paths, mere_test_stick_see, &seen, NULL, &self->placed, &error));
  g_assert_cmpuint (seen.total, ==, 3 * (g_bytes_get_size (age) + g_bytes_get_size (minisig)));
  g_assert_cmpuint (seen.done, ==, seen.total);
}

/* All three languages; and a number that stays. */
static void
test_the_stick_explains_itself_once (MereTestStick *self,
                                     gconstpointer  data)
{
  g_autofree char *readme_path = g_build_filename (self->mount, MERE_STICK_ROOT, "README.TXT", NULL);
  g_autofree char *id = NULL;
  g_autoptr (GBytes) readme = NULL;
  const char *text;

  g_assert_null (mere_stick_get_id (self->stick));
  mere_test_stick_publish_well (self);
  id = g_strdup (mere_stick_get_id (self->stick));
  g_assert_cmpuint (strlen (id), ==, 16);
  readme = mere_test_load (readme_path);
  text = g_bytes_get_data (readme, NULL);
  g_assert_true (g_utf8_validate_len (text, g_bytes_get_size (readme), NULL));
  for (const char *const *word = (const char *const[]){ "ENGLISH", "FRANÇAIS", "ESPAÑOL", "minisign -VHm", "zstd -dc", NULL }; *word != NULL; word++)
    g_assert_nonnull (g_strstr_len (text, g_bytes_get_size (readme), *word));

  mere_test_save (readme_path, "mine", 4);
  mere_test_stick_publish_well (self);
  g_assert_cmpstr (self->placed, ==, "s000001a");
  g_assert_cmpstr (mere_stick_get_id (self->stick), ==, id);
  g_clear_pointer (&readme, g_bytes_unref);
  readme = mere_test_load (readme_path);
  g_assert_cmpmem (g_bytes_get_data (readme, NULL), g_bytes_get_size (readme), "mine", 4);
}

static void
test_a_stick_number_is_believed_only_in_its_form (MereTestStick *self,
                                                  gconstpointer  data)
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
test_a_neutral_name_is_possible (MereTestStick *self,
                                 gconstpointer  data)
{
  g_autofree char *neutral = g_build_filename (self->mount, "BACKUP", NULL);
  g_autofree char *usual = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);

  mere_stick_set_root_name (self->stick, "BACKUP");
  mere_test_stick_publish_well (self);
  g_assert_true (g_file_test (neutral, G_FILE_TEST_IS_DIR));
  g_assert_false (g_file_test (usual, G_FILE_TEST_EXISTS));
}

static void
test_a_placement_that_is_gone_or_changed_is_noticed (MereTestStick *self,
                                                     gconstpointer  data)
{
  g_autofree char *age = mere_test_stick_path (self, "");
  g_autofree char *signature = mere_test_stick_path (self, MERE_MINISIGN_SUFFIX);
  g_autoptr (GError) absent = NULL;
  g_autoptr (GError) changed = NULL;
  g_autoptr (GError) unsigned_ = NULL;

  g_assert_false (check (self, &absent));
  g_assert_error (absent, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
  mere_test_stick_publish_well (self);
  g_unlink (signature);
  g_assert_false (check (self, &unsigned_));
  g_assert_error (unsigned_, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
  mere_test_save (age, "shorter", 7);
  g_assert_false (check (self, &changed));
  g_assert_error (changed, MERE_STICK_ERROR, MERE_STICK_ERROR_DIFFERS);
}

/* What a lazy unmount leaves: the path leads to the laptop's own disk. */
static void
test_nothing_is_written_where_the_stick_was (MereTestStick *self,
                                             gconstpointer  data)
{
  g_autofree char *aside = g_strconcat (self->mount, "-pulled", NULL);
  g_autofree char *ours = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (self->mount, aside), ==, 0);
  g_assert_cmpint (g_mkdir (self->mount, 0700), ==, 0);
  g_assert_false (mere_test_stick_publish (self, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_GONE);
  g_assert_false (g_file_test (ours, G_FILE_TEST_EXISTS));
}

static void
test_a_link_in_the_way_is_not_followed (MereTestStick *self,
                                        gconstpointer  data)
{
  g_autofree char *link = g_build_filename (self->mount, MERE_STICK_ROOT, NULL);
  g_autoptr (GDir) outside = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (self->inbox, link), ==, 0);
  g_assert_false (mere_test_stick_publish (self, &error));
  g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_DAMAGED);
  outside = g_dir_open (self->inbox, 0, NULL);
  g_assert_null (g_dir_read_name (outside));
}

static void
test_the_laptops_own_faults_are_told_apart (MereTestStick *self,
                                            gconstpointer  data)
{
  g_autofree char *signature = g_strconcat (self->bundle, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GError) large = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_cmpint (truncate (self->bundle, (off_t) MERE_BUNDLE_MAX_SIZE + 1), ==, 0);
  g_assert_false (mere_test_stick_publish (self, &large));
  g_assert_error (large, MERE_STICK_ERROR, MERE_STICK_ERROR_TOO_LARGE);
  g_unlink (signature);
  g_assert_cmpint (truncate (self->bundle, 10), ==, 0);
  g_assert_false (mere_test_stick_publish (self, &missing));
  g_assert_error (missing, MERE_STICK_ERROR, MERE_STICK_ERROR_LOCAL);
}

static void
test_a_request_to_stop_is_heard (MereTestStick *self,
                                 gconstpointer  data)
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

static void
assert_sessions (MereTestStick *self,
                 const char    *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) sessions = mere_stick_list_sessions (self->stick, MERE_STICK_TO_HQ, self->road->device, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_strjoinv (" ", sessions);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_a_session_is_removed_and_no_more (MereTestStick *self,
                                       gconstpointer  data)
{
  g_autofree char *signature = mere_test_stick_path (self, MERE_MINISIGN_SUFFIX);
  g_autofree char *foreign = mere_test_stick_path (self, ".notes");
  g_autoptr (GError) error = NULL;

  assert_sessions (self, "");
  mere_test_stick_publish_well (self);
  mere_test_stick_publish_well (self);
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
test_a_path_that_is_no_folder_is_no_stick (MereTestStick *self,
                                           gconstpointer  data)
{
  g_autoptr (GError) absent = NULL;
  g_autoptr (GError) file = NULL;

  g_assert_null (mere_stick_open ("/nowhere", &absent));
  g_assert_error (absent, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
  g_assert_null (mere_stick_open (self->bundle, &file));
  g_assert_error (file, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND);
}

#define ADD(name, function) g_test_add ("/stick/" name, MereTestStick, NULL, mere_test_stick_set_up, function, mere_test_stick_tear_down)

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
  ADD ("a-session-is-removed-and-no-more", test_a_session_is_removed_and_no_more);
  ADD ("a-path-that-is-no-folder-is-no-stick", test_a_path_that_is_no_folder_is_no_stick);

  return g_test_run ();
}
