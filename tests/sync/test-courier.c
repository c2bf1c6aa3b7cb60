/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing to a stick: what is sealed arrives whole, and whatever happens to the stick, the laptop still holds it. */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "road-fixture.h"
#include "sync/courier-private.h"

static void
assert_count (MereTestDay *day,
              const char  *table,
              gint64       expected)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);

  g_assert_cmpint (mere_test_laptop_ask (day->laptop, sql), ==, expected);
}

static GPtrArray *
receive (MereTestDay *day)
{
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);

  return mere_test_hq_receive (day->hq, day->stick, device);
}

static void
acknowledge_all (MereTestDay *day)
{
  g_autoptr (GPtrArray) received = receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_receipt_accept (receipt, received);
  name = mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, day->hq->history->len);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_receipts, ==, 1);
}

static void
assert_write_fails (MereTestDay *day,
                    const char  *folder,
                    GQuark       domain,
                    int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_courier_write (day->laptop->store, folder, NULL, NULL, NULL, &error));
  if (code >= 0)
    g_assert_error (error, domain, code);
  else
    g_assert_true (error->domain == domain);
}

static GBytes *
make_noise (gsize size)
{
  guint8 *bytes = g_malloc (size);
  guint32 state = 1;

  for (gsize i = 0; i < size; i++)
    {
      state = state * 1664525 + 1013904223;
      bytes[i] = (guint8) (state >> 24);
    }

  return g_bytes_new_take (bytes, size);
}

/* Seals without writing: what a stick that was pulled at once leaves. */
static void
pack (MereTestDay *day)
{
  g_auto (MereCourier) courier = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_sealed;

  g_assert_true (mere_courier_begin (&courier, day->laptop->store, day->stick, NULL, NULL, NULL, &error));
  g_assert_true (mere_courier_pack (&courier, NULL, NULL, &n_sealed, &error));
  g_assert_no_error (error);
}

static void
test_nothing_is_packed_before_both_have_typed (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "yes");
  g_autofree char *code = mere_test_hq_dup_code (day->hq);

  assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
  mere_test_hq_write_card (day->hq, day->stick);
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, NULL));
  assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, code, NULL));
  assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
  assert_count (day, "bundle", 0);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
}

static void
test_headquarters_reads_what_was_written (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *two = mere_test_laptop_add_record (day->laptop, "two");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = receive (day);
  const MereTestReceived *bundle = received->pdata[0];
  g_autofree char        *path = mere_entry_path_of_record (one);
  GBytes                 *xml;

  g_assert_cmpuint (written->n_sealed, ==, 1);
  g_assert_cmpuint (written->n_bundles, ==, 1);
  g_assert_cmpuint (written->n_records, ==, 2);
  g_assert_cmpuint (written->n_bytes, >, 0);
  g_assert_false (written->new_chain);
  g_assert_nonnull (written->session);
  g_assert_nonnull (written->stick);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, one), ==, MERE_RECORD_DELIVERED);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, two), ==, MERE_RECORD_DELIVERED);

  g_assert_cmpuint (received->len, ==, 1);
  g_assert_cmpuint (bundle->records->len, ==, 2);
  xml = g_hash_table_lookup (bundle->contents, path);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), ">one<"));
}

static void
test_the_manifest_tells_how_the_laptop_stands (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autofree char *two = mere_test_laptop_add_record (day->laptop, "two");
  g_autoptr (MereCourierWritten) second = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = receive (day);
  const MereManifest *a = ((MereTestReceived *) received->pdata[0])->manifest;
  const MereManifest *b = ((MereTestReceived *) received->pdata[1])->manifest;

  g_assert_cmpuint (received->len, ==, 2);
  g_assert_cmpuint (a->seq, ==, 1);
  g_assert_null (a->prev);
  g_assert_cmpuint (a->unacked->len, ==, 0);
  g_assert_cmpint (a->seen_dispatch, ==, 1);
  g_assert_cmpint (a->seen_trust, ==, 1);
  g_assert_cmpuint (g_strv_length (a->recipients), ==, 2);
  g_assert_cmpint (a->log_seq, >, 0);
  g_assert_nonnull (a->log_hash);

  g_assert_cmpuint (b->seq, ==, 2);
  g_assert_cmpstr (b->prev, ==, ((MereTestReceived *) received->pdata[0])->b2);
  g_assert_cmpstr (b->chain_id, ==, a->chain_id);
  g_assert_cmpuint (b->unacked->len, ==, 1);
  g_assert_cmpint (b->log_seq, >, a->log_seq);
}

static void
test_writing_again_adds_placements_only (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autoptr (MereCourierWritten) second = mere_test_day_write (day);

  g_assert_cmpuint (second->n_sealed, ==, 0);
  g_assert_cmpuint (second->n_bundles, ==, 1);
  g_assert_cmpuint (second->n_removed, ==, 0);
  g_assert_cmpstr (first->session, !=, second->session);
  g_assert_cmpstr (first->stick, ==, second->stick);
  assert_count (day, "bundle", 1);
  assert_count (day, "placement", 2);
}

static void
test_nothing_to_write_is_no_failure (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);

  g_assert_null (written->session);
  g_assert_cmpuint (written->n_bundles, ==, 0);
}

static void
test_a_lost_stick_is_written_anew (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autofree char *two = NULL;
  g_autoptr (MereCourierWritten) second = NULL;
  g_autoptr (GPtrArray) received = NULL;

  mere_test_day_wipe_stick (day);
  two = mere_test_laptop_add_record (day->laptop, "two");
  second = mere_test_day_write (day);
  g_assert_cmpuint (second->n_sealed, ==, 1);
  g_assert_cmpuint (second->n_bundles, ==, 2);
  g_assert_cmpuint (second->n_records, ==, 2);
  received = receive (day);
  g_assert_cmpuint (received->len, ==, 2);
}

static void
test_acknowledged_sessions_leave_the_stick (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autofree char *two = NULL;
  g_autoptr (MereCourierWritten) second = NULL;
  g_autofree char *outbox = g_build_filename (day->laptop->folder, "outbox", NULL);
  g_auto (GStrv) on_stick = NULL;
  g_auto (GStrv) in_outbox = NULL;

  acknowledge_all (day);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, one), ==, MERE_RECORD_ACKNOWLEDGED);
  two = mere_test_laptop_add_record (day->laptop, "two");
  second = mere_test_day_write (day);
  g_assert_cmpuint (second->n_removed, ==, 1);
  g_assert_cmpuint (second->n_bundles, ==, 1);
  on_stick = mere_test_list_files (day->stick, "-01-000001.age");
  g_assert_cmpuint (g_strv_length (on_stick), ==, 1); /* headquarters' own first one */
  in_outbox = mere_test_list_files (outbox, ".age");
  g_assert_cmpuint (g_strv_length (in_outbox), ==, 1);
}

/* A session with one bundle that is not acknowledged stays as a whole. */
static void
test_open_sessions_stay_on_the_stick (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = receive (day);
  g_autofree char *two = mere_test_laptop_add_record (day->laptop, "two");
  g_autoptr (MereCourierWritten) second = mere_test_day_write (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierWritten) third = NULL;

  mere_test_receipt_accept (receipt, received);
  name = mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, 1);
  read = mere_test_day_read (day);
  third = mere_test_day_write (day);
  g_assert_cmpuint (third->n_removed, ==, 1);
  g_assert_cmpuint (third->n_bundles, ==, 1);
}

static void
test_attachments_travel_before_their_record (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GBytes) file = g_bytes_new_static (MERE_TEST_PICTURE, strlen (MERE_TEST_PICTURE));
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "seen", file);
  g_autofree char *again = mere_test_laptop_add_record_with (day->laptop, "seen again", file);
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = receive (day);
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

  acknowledge_all (day);
  mere_test_day_wipe_stick (day);
  again = mere_test_laptop_add_record_with (day->laptop, "again", file);
  second = mere_test_day_write (day);
  received = receive (day);
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
  g_autoptr (GBytes) file = make_noise (7300001);
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
  received = receive (day);
  joined = join (received, b2, g_bytes_get_size (file));
  g_assert_true (g_bytes_equal (joined, file));
  g_assert_cmpuint (((MereTestReceived *) received->pdata[2])->records->len, ==, 1);
}

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
  received = receive (day);
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
  received = receive (day);
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

  assert_write_fails (day, nowhere, MERE_STICK_ERROR, -1);
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
  assert_write_fails (day, other, MERE_STICK_ERROR, -1);
  assert_count (day, "placement", 0);
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
  assert_write_fails (day, locked, MERE_STICK_ERROR, MERE_STICK_ERROR_READ_ONLY);
  assert_count (day, "placement", 0);
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
  g_autoptr (GBytes) file = make_noise (3 << 20);
  g_autofree char *two = mere_test_laptop_add_record_with (day->laptop, "two", file);
  g_autofree char *copy = g_build_filename (day->folder, "copy.db", NULL);
  g_autoptr (MereCourierWritten) last = NULL;
  g_autoptr (GPtrArray) received = NULL;

  pack (day);
  mere_test_laptop_copy_to (day->laptop, copy); /* what is written to the database next is small */
  signal (SIGXFSZ, SIG_IGN);
  limit_files (1 << 20);
  assert_write_fails (day, day->stick, MERE_STICK_ERROR, -1);
  limit_files (RLIM_INFINITY);

  /* The first bundle was read back there before, the second was nowhere. */
  assert_count (day, "placement", 1);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, two), ==, MERE_RECORD_PACKED);
  last = mere_test_day_write (day);
  g_assert_cmpuint (last->n_bundles, ==, 2);
  received = receive (day);
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
  assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_OUTBOX);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
  assert_count (day, "bundle", 0);
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
  g_autoptr (GBytes) file = make_noise (3 << 20);
  g_autofree char *record = mere_test_laptop_add_record_with (day->laptop, "one", file);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Stopping stopping = { cancellable, steps[i] };
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_courier_write (day->laptop->store, day->stick, stop_at_step, &stopping, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_count (day, "placement", 0);
    }
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_PACKED);
  {
    g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
    g_autoptr (GPtrArray) received = receive (day);

    g_assert_cmpuint (written->n_sealed, ==, 0);
    g_assert_cmpuint (received->len, ==, 1);
  }
}

static void
test_nothing_typed_is_found_on_the_stick (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "canary-in-the-clear");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_auto (GStrv) paths = mere_test_list_files (day->stick, "");

  g_assert_cmpuint (g_strv_length (paths), >, 4);
  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = mere_test_load (paths[i]);

      g_assert_null (g_strstr_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "canary"));
      g_assert_null (g_strstr_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), record + strlen ("uuid:")));
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
  received = receive (day);
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

static void
test_files_of_others_are_left_alone (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *note = g_build_filename (day->stick, "note.txt", NULL);
  g_autofree char *forged = g_strdup_printf ("%s/%s-01-000009.age", day->stick, device);
  g_autofree char *signature = g_strconcat (forged, ".minisig", NULL);
  g_autoptr (MereCourierWritten) written = NULL;

  mere_test_save (note, "mine", 4);
  mere_test_save (forged, "forged", 6);
  mere_test_save (signature, "forged", 6);
  written = mere_test_day_write (day);
  g_assert_false (written->new_chain);
  g_assert_true (g_file_test (note, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (forged, G_FILE_TEST_EXISTS));
}

static void
test_look_and_status_count (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autofree char *two = mere_test_laptop_add_record (day->laptop, "two");
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierStatus) status = mere_courier_load_status (day->laptop->store, &error);
  MereCourierLook look;

  g_assert_cmpint (status->n_waiting, ==, 1);
  g_assert_cmpint (status->n_delivered, ==, 1);
  g_assert_cmpint (status->n_acknowledged, ==, 0);
  g_assert_cmpuint (status->n_bundles_open, ==, 1);
  g_assert_cmpint (status->n_bytes_open, ==, written->n_bytes);
  g_assert_cmpint (status->last_written_us, >, 0);
  g_assert_cmpint (status->last_receipt_us, ==, 0);
  g_assert_null (status->last_receipt_issued);

  g_assert_true (mere_courier_look (day->laptop->store, day->stick, &look, NULL, &error));
  g_assert_cmpuint (look.n_ours, ==, 1);
  g_assert_cmpuint (look.n_ours_open, ==, 1);
  g_assert_cmpuint (look.n_for_us, ==, 0);
  g_assert_cmpuint (look.n_unfinished, ==, 0);
  g_assert_true (look.has_card);
  g_assert_true (look.has_enrolment);
  g_assert_cmpuint (look.n_bytes, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier/nothing-is-packed-before-both-have-typed", test_nothing_is_packed_before_both_have_typed);
  g_test_add_func ("/courier/headquarters-reads-what-was-written", test_headquarters_reads_what_was_written);
  g_test_add_func ("/courier/the-manifest-tells-how-the-laptop-stands", test_the_manifest_tells_how_the_laptop_stands);
  g_test_add_func ("/courier/writing-again-adds-placements-only", test_writing_again_adds_placements_only);
  g_test_add_func ("/courier/nothing-to-write-is-no-failure", test_nothing_to_write_is_no_failure);
  g_test_add_func ("/courier/a-lost-stick-is-written-anew", test_a_lost_stick_is_written_anew);
  g_test_add_func ("/courier/acknowledged-sessions-leave-the-stick", test_acknowledged_sessions_leave_the_stick);
  g_test_add_func ("/courier/open-sessions-stay-on-the-stick", test_open_sessions_stay_on_the_stick);
  g_test_add_func ("/courier/attachments-travel-before-their-record", test_attachments_travel_before_their_record);
  g_test_add_func ("/courier/attachments-that-are-there-stay-home", test_attachments_that_are_there_stay_home);
  g_test_add_func ("/courier/large-attachments-travel-in-pieces", test_large_attachments_travel_in_pieces);
  g_test_add_func ("/courier/a-number-nobody-saw-is-used-again", test_a_number_nobody_saw_is_used_again);
  g_test_add_func ("/courier/what-was-sealed-is-written-later", test_what_was_sealed_is_written_later);
  g_test_add_func ("/courier/a-bundle-that-the-disk-lost-is-packed-again", test_a_bundle_that_the_disk_lost_is_packed_again);
  g_test_add_func ("/courier/a-stick-that-is-gone-delivers-nothing", test_a_stick_that_is_gone_delivers_nothing);
  g_test_add_func ("/courier/a-stick-that-refuses-delivers-nothing", test_a_stick_that_refuses_delivers_nothing);
  g_test_add_func ("/courier/a-read-only-folder-delivers-nothing", test_a_read_only_folder_delivers_nothing);
  g_test_add_func ("/courier/a-stick-that-fails-midway-delivers-nothing", test_a_stick_that_fails_midway_delivers_nothing);
  g_test_add_func ("/courier/a-broken-outbox-leaves-records-final", test_a_broken_outbox_leaves_records_final);
  g_test_add_func ("/courier/stopping-delivers-nothing", test_stopping_delivers_nothing);
  g_test_add_func ("/courier/nothing-typed-is-found-on-the-stick", test_nothing_typed_is_found_on_the_stick);
  g_test_add_func ("/courier/an-old-copy-finds-its-own-bundles", test_an_old_copy_finds_its_own_bundles);
  g_test_add_func ("/courier/an-old-copy-finds-its-outbox", test_an_old_copy_finds_its_outbox);
  g_test_add_func ("/courier/files-of-others-are-left-alone", test_files_of_others_are_left_alone);
  g_test_add_func ("/courier/look-and-status-count", test_look_and_status_count);

  return g_test_run ();
}
