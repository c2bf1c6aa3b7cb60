/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing to a stick: what is sealed arrives whole, once, and what headquarters has acknowledged leaves. */

#include "config.h"

#include <string.h>

#include "tests/sync/road-steps.h"

static void
test_nothing_is_packed_before_both_have_typed (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "yes");
  g_autofree char *code = mere_test_hq_dup_code (day->hq);

  mere_test_day_assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
  mere_test_hq_write_card (day->hq, day->stick);
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, NULL));
  mere_test_day_assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, code, NULL));
  mere_test_day_assert_write_fails (day, day->stick, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
  mere_test_day_assert_count (day, "bundle", 0);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
}

static void
test_headquarters_reads_what_was_written (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *one = mere_test_laptop_add_record (day->laptop, "one");
  g_autofree char *two = mere_test_laptop_add_record (day->laptop, "two");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
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
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
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
  mere_test_day_assert_count (day, "bundle", 1);
  mere_test_day_assert_count (day, "placement", 2);
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
  received = mere_test_day_receive (day);
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

  mere_test_day_acknowledge_all (day);
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
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
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
  g_test_add_func ("/courier-write/nothing-is-packed-before-both-have-typed", test_nothing_is_packed_before_both_have_typed);
  g_test_add_func ("/courier-write/headquarters-reads-what-was-written", test_headquarters_reads_what_was_written);
  g_test_add_func ("/courier-write/the-manifest-tells-how-the-laptop-stands", test_the_manifest_tells_how_the_laptop_stands);
  g_test_add_func ("/courier-write/writing-again-adds-placements-only", test_writing_again_adds_placements_only);
  g_test_add_func ("/courier-write/nothing-to-write-is-no-failure", test_nothing_to_write_is_no_failure);
  g_test_add_func ("/courier-write/a-lost-stick-is-written-anew", test_a_lost_stick_is_written_anew);
  g_test_add_func ("/courier-write/acknowledged-sessions-leave-the-stick", test_acknowledged_sessions_leave_the_stick);
  g_test_add_func ("/courier-write/open-sessions-stay-on-the-stick", test_open_sessions_stay_on_the_stick);
  g_test_add_func ("/courier-write/nothing-typed-is-found-on-the-stick", test_nothing_typed_is_found_on_the_stick);
  g_test_add_func ("/courier-write/files-of-others-are-left-alone", test_files_of_others_are_left_alone);
  g_test_add_func ("/courier-write/look-and-status-count", test_look_and_status_count);

  return g_test_run ();
}
