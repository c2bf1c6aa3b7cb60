/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stick that is a real file system, pulled at any byte: what lies on it goes to headquarters, then the laptop has another try
 * at it, and headquarters has everything. Which bytes: spread evenly over an insertion, also one that clears what was received. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/sync/dying-stick.h"
#include "tests/sync/schedule-truth.h"

#ifdef __SANITIZE_ADDRESS__
#define N_CUTS 128 /* each costs some ten times as much */
#else
#define N_CUTS 512
#endif
#define N_CUTS_DEEP 5120
#define N_CUTS_PER_WORLD 128 /* chains that are walked at each step grow */

typedef struct
{
  char           *folder;
  char           *prepared;
  char           *medium;
  char           *mount;
  MereDyingStick *stick;
  const char     *reason; /* why there is none */
} Desk;

static Desk desk;

/* Taken in; or its signature, which comes last, was cut. */
static gboolean
is_whole_or_unfinished (const MereInboxResult *result)
{
  return result->verdict <= MERE_INBOX_DUPLICATE ||
         strcmp (result->code, mere_bundle_error_get_name (MERE_BUNDLE_ERROR_SIGNATURE_FORM)) == 0;
}

static void
receive (MereTestWorld *world,
         MereTestTruth *truth)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceived) received = mere_received_new ();

  mere_test_truth_note_received (truth, desk.medium);
  g_assert_true (mere_receive_stick (world->hq, world->keys, desk.medium, NULL, received, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (received->failures->len, ==, 0);
  for (guint i = 0; i < received->results->len; i++)
    g_assert_true (is_whole_or_unfinished (received->results->pdata[i]));
  mere_test_truth_check_hq (truth, world);
}

static MereStore *
get_store (MereTestWorld *world)
{
  return ((MereTestLaptop *) world->laptops->pdata[0])->store;
}

/* Whether it was over before the pull; else what is said is that the stick is gone. */
static gboolean
insert (MereTestWorld *world,
        MereTestTruth *truth,
        gint64         moves)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = NULL;

  mere_dying_stick_plug (desk.stick, moves);
  written = mere_courier_write (get_store (world), desk.mount, NULL, NULL, NULL, &error);
  mere_dying_stick_plug (desk.stick, -1);
  mere_test_truth_note_sealed (truth, world, 0);
  if (written == NULL)
    g_assert_error (error, MERE_STICK_ERROR, MERE_STICK_ERROR_GONE);

  return written != NULL;
}

static void
read_receipt (MereTestWorld *world,
              MereTestTruth *truth,
              gint64        *n_acknowledged)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierRead) read = mere_courier_read (get_store (world), desk.mount, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  mere_test_truth_check_laptop (truth, world, 0, n_acknowledged);
}

/* Bytes and calls of one insertion over what an earlier one left. */
static gint64
measure (MereTestWorld *world,
         MereTestTruth *truth,
         gint64        *n_acknowledged)
{
  gint64 moves = 0;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *record = mere_test_laptop_add_record (world->laptops->pdata[0], "an answer");
      g_autoptr (GError) error = NULL;
      g_autoptr (MereCourierWritten) written = NULL;

      mere_dying_stick_plug (desk.stick, -1);
      written = mere_courier_write (get_store (world), desk.mount, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      moves = mere_dying_stick_count (desk.stick);
      mere_test_truth_note_sealed (truth, world, 0);
      receive (world, truth);
      read_receipt (world, truth, n_acknowledged);
    }

  return moves;
}

static void
cut (MereTestWorld *world,
     MereTestTruth *truth,
     gint64         moves,
     gint64        *n_acknowledged)
{
  g_autofree char *record = mere_test_laptop_add_record (world->laptops->pdata[0], "an answer");
  gboolean         delivered = insert (world, truth, moves);
  MereRecordState  state = mere_test_laptop_get_state (world->laptops->pdata[0], record);

  g_assert_true (delivered == (state == MERE_RECORD_DELIVERED));
  receive (world, truth);
  g_assert_true (insert (world, truth, -1));
  receive (world, truth);
  read_receipt (world, truth, n_acknowledged);
  g_assert_cmpint (mere_test_laptop_get_state (world->laptops->pdata[0], record), ==, MERE_RECORD_ACKNOWLEDGED);
}

static void
wipe (const char *path)
{
  mere_test_remove_tree (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static void
clear_medium (void)
{
  g_autofree char *root = g_build_filename (desk.medium, MERE_STICK_ROOT, NULL);

  if (g_file_test (root, G_FILE_TEST_IS_DIR))
    mere_test_remove_tree (root);
}

/* Of all @n cuts, those of one world: @first, and every @step after it. */
static void
cut_one_world (guint first,
               guint step,
               guint n)
{
  g_autofree char *folder = g_build_filename (desk.folder, "world", NULL);
  MereTestWorld   *world = mere_test_world_new (desk.prepared, folder);
  g_autoptr (MereTestTruth) truth = mere_test_truth_new ();
  gint64 n_acknowledged = 0, all;

  clear_medium ();
  all = measure (world, truth, &n_acknowledged);
  for (guint i = first; i < n; i += step)
    cut (world, truth, all * i / n, &n_acknowledged);
  mere_test_world_free (world);
}

static void
test_whatever_was_cut_headquarters_has_everything_in_the_end (void)
{
  guint n = g_getenv ("MERESTONE_TEST_DEEP") != NULL ? N_CUTS_DEEP : N_CUTS;
  guint n_worlds = n / N_CUTS_PER_WORLD;

  if (desk.stick == NULL)
    {
      g_test_skip (desk.reason);
      return;
    }
  wipe (desk.prepared);
  mere_test_world_prepare (desk.prepared);
  for (guint i = 0; i < n_worlds; i++)
    cut_one_world (i, n_worlds, n);
  g_test_message ("%u cuts", n);
}

/* The file system is a process of its own, made before there are threads. */
static void
set_up (void)
{
  desk.folder = g_dir_make_tmp ("merestone-fuse-XXXXXX", NULL);
  desk.prepared = g_build_filename (desk.folder, "prepared", NULL);
  desk.medium = g_build_filename (desk.folder, "medium", NULL);
  desk.mount = g_build_filename (desk.folder, "mount", NULL);
  g_assert_cmpint (g_mkdir (desk.prepared, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (desk.medium, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (desk.mount, 0700), ==, 0);
  desk.stick = mere_dying_stick_new (desk.medium, desk.mount, FALSE, &desk.reason);
}

static void
tear_down (void)
{
  mere_dying_stick_free (desk.stick);
  mere_test_remove_tree (desk.folder);
  g_free (desk.folder);
  g_free (desk.prepared);
  g_free (desk.medium);
  g_free (desk.mount);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  mere_test_use_memory ();
  set_up ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stick-fuse/whatever-was-cut-headquarters-has-everything-in-the-end",
                   test_whatever_was_cut_headquarters_has_everything_in_the_end);
  status = g_test_run ();
  tear_down ();

  return status;
}
