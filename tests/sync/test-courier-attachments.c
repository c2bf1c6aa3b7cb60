/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments on their way: before their record, in pieces where they are large, and not twice. */

#include "config.h"

#include <string.h>

#include "tests/sync/road-steps.h"
#include "sync/courier-private.h"

static void
test_attachments_travel_before_their_record (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GBytes) file = g_bytes_new_static (MERE_TEST_PICTURE, strlen (MERE_TEST_PICTURE));
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "seen", file);
  g_autofree char *again = mere_test_laptop_add_record_with (day->laptop, "seen again", file);
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  const MereTestReceived *bundle = received->pdata[0];
  g_autofree char        *b2 = mere_test_b2 (MERE_TEST_PICTURE, strlen (MERE_TEST_PICTURE));
  g_autofree char        *path = mere_entry_path_of_blob (b2);
  MereManifestWalk        walk;
  g_auto (MereEntry) entry = { 0 };

  g_assert_true (g_bytes_equal (g_hash_table_lookup (bundle->contents, path), file));
  g_assert_cmpuint (g_hash_table_size (bundle->contents), ==, 3);
  mere_manifest_walk_init (&walk, bundle->manifest);
  g_assert_true (mere_manifest_walk_next (&walk, &entry));
  g_assert_cmpint (entry.type, ==, MERE_ENTRY_BLOB);
  g_assert_cmpstr (entry.name, ==, "passport.png");
  g_assert_true (mere_manifest_walk_next (&walk, &entry));
  g_assert_cmpint (entry.type, ==, MERE_ENTRY_RECORD);
  g_assert_cmpstr (entry.blobs[0], ==, b2);
}

static void
test_attachments_that_are_there_stay_home (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GBytes) file = g_bytes_new_static (MERE_TEST_PICTURE, strlen (MERE_TEST_PICTURE));
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "seen", file);
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autofree char *again = NULL;
  g_autoptr (MereCourierWritten) second = NULL;
  g_autoptr (GPtrArray) received = NULL;

  mere_test_day_acknowledge_all (day);
  mere_test_day_wipe_stick (day);
  again = mere_test_laptop_add_record_with (day->laptop, "again", file);
  second = mere_test_day_write (day);
  received = mere_test_day_receive (day);
  g_assert_cmpuint (g_hash_table_size (((MereTestReceived *) received->pdata[0])->contents), ==, 1);
}

/* Puts the pieces of an attachment together again, as headquarters does. */
static GBytes *
join (GPtrArray  *received,
      const char *of,
      gsize       size)
{
  guint8 *whole = g_malloc0 (size);

  for (guint i = 0; i < received->len; i++)
    {
      const MereTestReceived *bundle = received->pdata[i];
      MereManifestWalk        walk;
      g_auto (MereEntry) entry = { 0 };

      mere_manifest_walk_init (&walk, bundle->manifest);
      while (mere_manifest_walk_next (&walk, &entry))
        if (entry.type == MERE_ENTRY_CHUNK && strcmp (entry.of, of) == 0)
          {
            GBytes *piece = g_hash_table_lookup (bundle->contents, entry.path);

            g_assert_cmpuint (entry.total, ==, size);
            memcpy (whole + entry.offset, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
          }
    }

  return g_bytes_new_take (whole, size);
}

/* The sizes are small here; the ways are the same. */
static void
test_large_attachments_travel_in_pieces (void)
{
  const MereCourierSizes sizes = { .bundle = 3000000, .chunk = 1000000 };
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GBytes) file = mere_test_make_noise (7300001);
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "recorded", file);
  g_autofree char *b2 = mere_test_b2 (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_autoptr (GError) error = NULL;
  guint n_sealed = 0;
  g_autoptr (MereCourierWritten) written = NULL;
  g_autoptr (GPtrArray) received = NULL;
  g_autoptr (GBytes) joined = NULL;

  {
    g_auto (MereCourier) courier = { 0 };

    g_assert_true (mere_courier_begin (&courier, day->laptop->store, day->stick, NULL, NULL, NULL, &error));
    g_assert_true (mere_courier_pack (&courier, &sizes, NULL, &n_sealed, &error));
    g_assert_no_error (error);
  }
  g_assert_cmpuint (n_sealed, ==, 3);

  written = mere_test_day_write (day);
  g_assert_cmpuint (written->n_bundles, ==, 3);
  g_assert_cmpuint (written->n_records, ==, 1);
  received = mere_test_day_receive (day);
  joined = join (received, b2, g_bytes_get_size (file));
  g_assert_true (g_bytes_equal (joined, file));
  g_assert_cmpuint (((MereTestReceived *) received->pdata[2])->records->len, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier-attachments/attachments-travel-before-their-record", test_attachments_travel_before_their_record);
  g_test_add_func ("/courier-attachments/attachments-that-are-there-stay-home", test_attachments_that_are_there_stay_home);
  g_test_add_func ("/courier-attachments/large-attachments-travel-in-pieces", test_large_attachments_travel_in_pieces);

  return g_test_run ();
}
