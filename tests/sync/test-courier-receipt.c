/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Receipts on the laptop: each acknowledges what it names, once, and nothing else. */

#include "config.h"

#include <glib/gstdio.h>

#include "app/store/digest.h"
#include "app/store/instrument.h"
#include "app/store/returned.h"
#include "tests/sync/road-steps.h"
#include "sync/put-back.h"

static void
test_a_receipt_acknowledges (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierStatus) status = NULL;
  g_autoptr (MereReceipt) kept = NULL;

  mere_test_receipt_accept (receipt, received);
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_receipts, ==, 1);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  g_assert_cmpuint (read->n_refused_records, ==, 0);
  g_assert_false (read->new_chain);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_ACKNOWLEDGED);

  status = mere_courier_load_status (day->laptop->store, NULL);
  g_assert_cmpint (status->n_acknowledged, ==, 1);
  g_assert_cmpuint (status->n_bundles_open, ==, 0);
  g_assert_cmpstr (status->last_receipt_issued, ==, "2026-11-25T09:00:00Z");

  /* The proof names the receipt. */
  kept = mere_receipt_load_newest (day->laptop->store, NULL, NULL);
  {
    g_autofree char *b2 = mere_digest_dup_hex_of_bytes (kept->content);

    g_assert_nonnull (g_strstr_len (g_bytes_get_data (kept->signature, NULL), g_bytes_get_size (kept->signature), b2));
  }
}

static void
test_reading_again_changes_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) first = NULL;
  g_autoptr (MereCourierRead) second = NULL;

  mere_test_receipt_accept (receipt, received);
  name = mere_test_day_send_receipt (day, receipt);
  first = mere_test_day_read (day);
  second = mere_test_day_read_in_vain (day);
  g_assert_cmpuint (second->n_known, ==, 2);
  g_assert_cmpuint (second->n_receipts, ==, 0);
  g_assert_cmpuint (second->n_dispatches, ==, 0);
  g_assert_cmpuint (second->n_acknowledged, ==, 0);
}

/* An older dispatch and an older receipt, which come after newer ones. */
static void
test_counters_never_go_back (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *late = g_build_filename (day->folder, "late", NULL);
  g_autoptr (MereReceiptDocument) old = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autoptr (MereReceiptDocument) new = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *names[4] = { NULL };
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierRead) back = NULL;
  g_autoptr (MereInstrument) latest = NULL;
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);

  g_assert_cmpint (g_mkdir (late, 0700), ==, 0);
  names[0] = mere_test_hq_send_dispatch (day->hq, late, day->laptop, "2", 1);
  names[1] = mere_test_hq_send_receipt (day->hq, late, day->laptop, old, 1);
  names[2] = mere_test_hq_send_dispatch (day->hq, day->stick, day->laptop, "3", 1);
  mere_test_receipt_accept (new, received);
  names[3] = mere_test_day_send_receipt (day, new);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_dispatches, ==, 1);
  g_assert_cmpuint (read->n_receipts, ==, 1);

  back = mere_courier_read (day->laptop->store, late, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (back->n_known, ==, 2);
  g_assert_cmpuint (back->n_dispatches, ==, 0);
  g_assert_cmpuint (back->n_receipts, ==, 0);
  latest = mere_instrument_load_latest (day->laptop->store, MERE_TEST_FORM, NULL);
  g_assert_cmpstr (latest->version, ==, "3");
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_ACKNOWLEDGED);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_clear_pointer (&names[i], g_free);
}

/* A bundle of the right name and place, but another content: it is not ours that headquarters has. */
static void
test_a_receipt_for_another_content_acknowledges_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  MereTestReceived *bundle = received->pdata[0];
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  bundle->b2[0] = bundle->b2[0] == '0' ? '1' : '0';
  mere_test_receipt_accept (receipt, received);
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_acknowledged, ==, 0);
  g_assert_true (read->new_chain); /* and somebody has gone on with this chain elsewhere */
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_DELIVERED);
}

static void
test_a_partial_receipt_names_what_was_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *good = mere_test_laptop_add_record (day->laptop, "good");
  g_autofree char *bad = mere_test_laptop_add_record (day->laptop, "bad");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autofree char *code = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  MereReceiptChain *chain;

  mere_test_receipt_accept (receipt, received);
  chain = receipt->chains->pdata[0];
  mere_receipt_line_reject (chain->bundles->pdata[0], bad, "E_FORM_UNKNOWN");
  mere_receipt_document_return (receipt, good, NULL, "Which booth was it?");
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  g_assert_cmpuint (read->n_refused_records, ==, 1);
  g_assert_cmpuint (read->n_returned, ==, 1);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, good), ==, MERE_RECORD_ACKNOWLEDGED);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, bad), ==, MERE_RECORD_REFUSED);
  code = mere_receipt_load_refusal (day->laptop->store, bad, NULL);
  g_assert_cmpstr (code, ==, "E_FORM_UNKNOWN");
}

/* What is returned once is told once. */
static void
test_a_returned_record_is_told_once (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
      g_autofree char *name = NULL;
      g_autoptr (MereCourierRead) read = NULL;

      mere_receipt_document_return (receipt, record, "/data/booth", "Which booth?");
      name = mere_test_day_send_receipt (day, receipt);
      read = mere_test_day_read (day);
      g_assert_cmpuint (read->n_returned, ==, i == 0 ? 1 : 0);
    }
}

/* It is kept with its comment until a receipt says so no more. */
static void
test_a_returned_record_is_kept_with_its_comment (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
      g_autofree char *name = NULL;
      g_autoptr (MereCourierRead) read = NULL;
      g_autoptr (GPtrArray) list = NULL;

      if (i == 0)
        mere_receipt_document_return (receipt, record, "/data/booth", "Which booth?");
      name = mere_test_day_send_receipt (day, receipt);
      read = mere_test_day_read (day);
      list = mere_returned_list (day->laptop->store, record, NULL);
      g_assert_cmpuint (list->len, ==, i == 0 ? 1 : 0);
      if (i > 0)
        continue;
      g_assert_cmpstr (((MereReturned *) list->pdata[0])->ref, ==, "/data/booth");
      g_assert_cmpstr (((MereReturned *) list->pdata[0])->comment, ==, "Which booth?");
    }
}

static void
test_a_quarantined_bundle_stays_open (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);
  const MereTestReceived *bundle = received->pdata[0];
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  MereReceiptChain *chain = mere_receipt_document_add_chain (receipt, bundle->manifest->chain_id, 1);
  g_autofree char  *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierWritten) again = NULL;

  mere_receipt_chain_add_line (chain, 1, bundle->b2, MERE_RECEIPT_QUARANTINED, 0);
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_acknowledged, ==, 0);
  g_assert_false (read->new_chain);
  again = mere_test_day_write (day);
  g_assert_cmpuint (again->n_bundles, ==, 1);
}

/* Encrypted to us, but the words are for another laptop. */
static void
test_a_receipt_for_another_laptop_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  g_free (receipt->to);
  receipt->to = g_strdup ("abcdefgh");
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read_in_vain (day);
  mere_test_assert_refusal (read, "E_RECIPIENTS");
}

/* The vault was restored, and a receipt speaks of bundles that it has not sealed. */
static void
test_an_old_copy_learns_from_a_receipt (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *copy = g_build_filename (day->folder, "copy.db", NULL);
  g_autofree char *outbox = g_build_filename (day->laptop->folder, "outbox", NULL);
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *name = NULL;
  g_autofree char *record = NULL;
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierWritten) written = NULL;
  g_autoptr (GPtrArray) received = NULL;

  mere_test_laptop_copy_to (day->laptop, copy);
  {
    g_autofree char *lost = mere_test_laptop_add_record (day->laptop, "lost");
    g_autoptr (MereCourierWritten) first = mere_test_day_write (day);
    g_autoptr (GPtrArray) there = mere_test_day_receive (day);

    mere_test_receipt_accept (receipt, there);
  }
  mere_test_laptop_restore (day->laptop, copy);
  mere_test_remove_tree (outbox);
  mere_test_day_wipe_stick (day);
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_true (read->new_chain);
  g_assert_cmpint (mere_put_back_get_time_us (day->laptop->store), >, 0);

  record = mere_test_laptop_add_record (day->laptop, "after");
  written = mere_test_day_write (day);
  g_assert_false (written->new_chain);
  received = mere_test_hq_receive (day->hq, day->stick, device);
  g_assert_cmpuint (((MereTestReceived *) received->pdata[0])->manifest->chain_no, ==, 2);
}

/* Of the present chain headquarters has nothing that is not here, but it knows of a line of the log that is not. */
static void
test_an_old_copy_learns_from_its_log (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = mere_test_day_receive (day);

  for (guint later = 0; later < 2; later++)
    {
      g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
      MereReceiptChain *chain;
      g_autofree char  *name = NULL;
      g_autoptr (MereCourierRead) read = NULL;
      const MereTestReceived *bundle = received->pdata[0];

      mere_test_receipt_accept (receipt, received);
      chain = receipt->chains->pdata[0];
      chain->log_seq = bundle->manifest->log_seq + 100 * later;
      chain->log_hash = g_strdup (bundle->manifest->log_hash);
      name = mere_test_day_send_receipt (day, receipt);
      read = mere_test_day_read (day);
      g_assert_cmpint (read->new_chain, ==, later);
      g_assert_cmpint (mere_put_back_get_time_us (day->laptop->store) != 0, ==, later);
    }
  g_assert_true (mere_put_back_forget (day->laptop->store, NULL));
  g_assert_cmpint (mere_put_back_get_time_us (day->laptop->store), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier-receipt/a-receipt-acknowledges", test_a_receipt_acknowledges);
  g_test_add_func ("/courier-receipt/reading-again-changes-nothing", test_reading_again_changes_nothing);
  g_test_add_func ("/courier-receipt/counters-never-go-back", test_counters_never_go_back);
  g_test_add_func ("/courier-receipt/a-receipt-for-another-content-acknowledges-nothing", test_a_receipt_for_another_content_acknowledges_nothing);
  g_test_add_func ("/courier-receipt/a-partial-receipt-names-what-was-refused", test_a_partial_receipt_names_what_was_refused);
  g_test_add_func ("/courier-receipt/a-returned-record-is-told-once", test_a_returned_record_is_told_once);
  g_test_add_func ("/courier-receipt/a-returned-record-is-kept-with-its-comment", test_a_returned_record_is_kept_with_its_comment);
  g_test_add_func ("/courier-receipt/a-quarantined-bundle-stays-open", test_a_quarantined_bundle_stays_open);
  g_test_add_func ("/courier-receipt/a-receipt-for-another-laptop-is-refused", test_a_receipt_for_another_laptop_is_refused);
  g_test_add_func ("/courier-receipt/an-old-copy-learns-from-a-receipt", test_an_old_copy_learns_from_a_receipt);
  g_test_add_func ("/courier-receipt/an-old-copy-learns-from-its-log", test_an_old_copy_learns_from_its_log);

  return g_test_run ();
}
