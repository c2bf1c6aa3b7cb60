/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading from a stick: what headquarters has signed for this laptop is believed, once; everything else changes nothing. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/store/digest.h"
#include "app/store/instrument.h"
#include "app/store/returned.h"
#include "road-fixture.h"
#include "sync/code.h"
#include "sync/put-back.h"

static GPtrArray *
receive (MereTestDay *day)
{
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);

  return mere_test_hq_receive (day->hq, day->stick, device);
}

static void
assert_refusal (const MereCourierRead *read,
                const char            *code)
{
  const MereCourierRefusal *refusal;

  g_assert_cmpuint (read->refusals->len, ==, 1);
  refusal = read->refusals->pdata[0];
  g_assert_cmpstr (refusal->code, ==, code);
  g_assert_cmpuint (strlen (refusal->message), >, 20);
  g_assert_cmpuint (strlen (refusal->name), >, 0);
}

/* Reads, and nothing in the vault is changed by it. */
static MereCourierRead *
read_in_vain (MereTestDay *day)
{
  g_autofree char *before = mere_test_laptop_dump (day->laptop);
  MereCourierRead *read = mere_test_day_read (day);
  g_autofree char *after = mere_test_laptop_dump (day->laptop);

  g_assert_cmpstr (before, ==, after);

  return read;
}

static char *
send_receipt (MereTestDay         *day,
              MereReceiptDocument *receipt)
{
  return mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, 1);
}

static void
test_nothing_is_read_before_the_digits_were_typed (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GError) error = NULL;

  mere_test_hq_write_card (day->hq, day->stick);
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, NULL));
  g_assert_null (mere_courier_read (day->laptop->store, day->stick, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_NOT_ENROLLED);
}

static void
test_the_mission_pack_is_installed (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) crossings = NULL;
  g_autoptr (MereAssessment) assessment = NULL;
  g_autoptr (MereInstrument) instrument = NULL;
  const MereCrossing *north;

  mere_test_hq_write_card (day->hq, day->stick);
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, &error));
  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, code, &error));
  name = mere_test_hq_send_dispatch (day->hq, day->stick, day->laptop, "1", 1);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  g_assert_cmpuint (read->n_dispatches, ==, 1);
  g_assert_cmpuint (read->n_instruments, ==, 1);
  g_assert_cmpuint (read->n_crossings, ==, 2);
  g_assert_cmpstr (read->assessment, ==, "Utopia 2026");
  g_assert_cmpstr (read->message, ==, "Begin in the north.");
  g_assert_cmpuint (read->trust, ==, 1);

  crossings = mere_crossing_list (day->laptop->store, FALSE, &error);
  g_assert_cmpuint (crossings->len, ==, 2);
  north = crossings->pdata[1];
  g_assert_cmpstr (north->name, ==, "Utopia North");
  g_assert_cmpint (north->origin, ==, MERE_CROSSING_PACK);
  g_assert_cmpfloat (north->latitude, ==, -12.5);
  assessment = mere_assessment_load_current (day->laptop->store, &error);
  g_assert_cmpstr (assessment->country, ==, "UTO");
  g_assert_cmpstr (north->assessment, ==, assessment->id);
  instrument = mere_instrument_load_latest (day->laptop->store, MERE_TEST_FORM, &error);
  g_assert_cmpstr (instrument->version, ==, "1");
  g_assert_no_error (error);
}

static void
test_a_new_version_replaces_the_old_one (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *name = mere_test_hq_send_dispatch (day->hq, day->stick, day->laptop, "2", 1);
  g_autoptr (MereCourierRead) read = mere_test_day_read (day);
  g_autoptr (MereInstrument) old = mere_instrument_load (day->laptop->store, MERE_TEST_FORM, "1", NULL);
  g_autoptr (MereInstrument) latest = mere_instrument_load_latest (day->laptop->store, MERE_TEST_FORM, NULL);

  g_assert_cmpuint (read->n_dispatches, ==, 1);
  g_assert_cmpuint (read->n_known, ==, 1);
  g_assert_cmpuint (read->n_instruments, ==, 1);
  g_assert_false (old->active);
  g_assert_cmpstr (latest->version, ==, "2");
}

static void
test_a_receipt_acknowledges (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereCourierWritten) written = mere_test_day_write (day);
  g_autoptr (GPtrArray) received = receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierStatus) status = NULL;
  g_autoptr (MereReceipt) kept = NULL;

  mere_test_receipt_accept (receipt, received);
  name = send_receipt (day, receipt);
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
  g_autoptr (GPtrArray) received = receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) first = NULL;
  g_autoptr (MereCourierRead) second = NULL;

  mere_test_receipt_accept (receipt, received);
  name = send_receipt (day, receipt);
  first = mere_test_day_read (day);
  second = read_in_vain (day);
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
  g_autoptr (GPtrArray) received = receive (day);

  g_assert_cmpint (g_mkdir (late, 0700), ==, 0);
  names[0] = mere_test_hq_send_dispatch (day->hq, late, day->laptop, "2", 1);
  names[1] = mere_test_hq_send_receipt (day->hq, late, day->laptop, old, 1);
  names[2] = mere_test_hq_send_dispatch (day->hq, day->stick, day->laptop, "3", 1);
  mere_test_receipt_accept (new, received);
  names[3] = send_receipt (day, new);
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
  g_autoptr (GPtrArray) received = receive (day);
  MereTestReceived *bundle = received->pdata[0];
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  bundle->b2[0] = bundle->b2[0] == '0' ? '1' : '0';
  mere_test_receipt_accept (receipt, received);
  name = send_receipt (day, receipt);
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
  g_autoptr (GPtrArray) received = receive (day);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autofree char *code = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  MereReceiptChain *chain;

  mere_test_receipt_accept (receipt, received);
  chain = receipt->chains->pdata[0];
  mere_receipt_line_reject (chain->bundles->pdata[0], bad, "E_FORM_UNKNOWN");
  mere_receipt_document_return (receipt, good, NULL, "Which booth was it?");
  name = send_receipt (day, receipt);
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
      name = send_receipt (day, receipt);
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
      name = send_receipt (day, receipt);
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
  g_autoptr (GPtrArray) received = receive (day);
  const MereTestReceived *bundle = received->pdata[0];
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  MereReceiptChain *chain = mere_receipt_document_add_chain (receipt, bundle->manifest->chain_id, 1);
  g_autofree char  *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierWritten) again = NULL;

  mere_receipt_chain_add_line (chain, 1, bundle->b2, MERE_RECEIPT_QUARANTINED, 0);
  name = send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_acknowledged, ==, 0);
  g_assert_false (read->new_chain);
  again = mere_test_day_write (day);
  g_assert_cmpuint (again->n_bundles, ==, 1);
}

static void
test_an_unknown_key_is_refused_and_listed (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_secret_free (day->hq->sign);
  day->hq->sign = mere_minisign_secret_new ();
  name = send_receipt (day, receipt);
  read = read_in_vain (day);
  assert_refusal (read, "E_SENDER_UNKNOWN");
  g_assert_cmpuint (read->n_known, ==, 1);
}

static void
flip (const char *path,
      gsize       at)
{
  g_autoptr (GBytes) bytes = mere_test_load (path);
  gsize            size = g_bytes_get_size (bytes);
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);

  copy[at % size] ^= 1;
  mere_test_save (path, copy, size);
}

static char *
find_file (MereTestDay *day,
           const char  *name,
           const char  *suffix)
{
  g_autofree char *ending = g_strconcat (name, suffix, NULL);
  g_auto (GStrv) paths = mere_test_list_files (day->stick, ending);

  g_assert_cmpuint (g_strv_length (paths), ==, 1);

  return g_strdup (paths[0]);
}

static void
test_damaged_and_unfinished_bundles_are_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *name = mere_test_hq_send_dispatch (day->hq, day->stick, day->laptop, "2", 1);
  g_autofree char *path = find_file (day, name, ".age");
  g_autofree char *signature = find_file (day, name, ".age.minisig");

  for (gsize at = 0; at < 400; at += 40)
    {
      g_autoptr (MereCourierRead) read = NULL;

      flip (path, at * 7);
      read = read_in_vain (day);
      assert_refusal (read, "E_SIGNATURE");
      flip (path, at * 7);
    }
  {
    g_autoptr (MereCourierRead) read = NULL;

    g_assert_cmpint (g_unlink (signature), ==, 0);
    read = read_in_vain (day);
    assert_refusal (read, "E_UNFINISHED");
  }
}

static void
test_bundles_for_others_are_not_opened (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereSecret) box = mere_age_identity_new ();
  g_autofree char *box_key = mere_age_identity_dup_recipient (box);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  MereTestEntry    entry = { MERE_ENTRY_RECEIPT, MERE_RECEIPT_NAME, mere_receipt_document_write (receipt) };
  g_autofree char *name = mere_test_hq_send (day->hq, day->stick, "abcdefgh", box_key, MERE_BUNDLE_RECEIPT, &entry, 1);
  g_autoptr (MereCourierRead) read = mere_test_day_read (day);
  g_autoptr (MereCourierRead) again = read_in_vain (day);
  MereCourierLook look;

  g_assert_cmpuint (read->n_others, ==, 1);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  g_assert_cmpuint (again->n_others, ==, 1);
  g_assert_true (mere_courier_look (day->laptop->store, day->stick, &look, NULL, NULL));
  g_assert_cmpuint (look.n_others, ==, 1);
  g_assert_cmpuint (look.n_for_us, ==, 0);
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
  name = send_receipt (day, receipt);
  read = read_in_vain (day);
  assert_refusal (read, "E_RECIPIENTS");
}

static void
test_trust_lists_travel_with_receipts (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereReceiptDocument) receipt = NULL;
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_hq_renew_trust (day->hq, NULL);
  mere_test_hq_renew_trust (day->hq, NULL);
  receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  name = send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_cmpuint (read->n_receipts, ==, 1);
  g_assert_cmpuint (read->trust, ==, 3);
  g_assert_false (read->revoked);
}

static void
test_a_gap_between_trust_lists_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereReceiptDocument) receipt = NULL;
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_hq_renew_trust (day->hq, NULL);
  mere_test_hq_renew_trust (day->hq, NULL);
  receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  name = mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, 2);
  read = read_in_vain (day);
  assert_refusal (read, "E_TRUST");
  g_assert_cmpuint (read->trust, ==, 1);
}

static void
test_a_trust_list_of_another_root_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *folder = g_build_filename (day->folder, "other", NULL);
  g_autoptr (MereTestHq) other = mere_test_hq_new (folder);
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_test_hq_renew_trust (other, NULL);
  g_ptr_array_add (day->hq->history, mere_trust_copy (other->trust));
  name = send_receipt (day, receipt);
  read = read_in_vain (day);
  assert_refusal (read, "E_TRUST");
}

static void
test_a_withdrawn_key_is_believed_no_more (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereSecret) old = mere_secret_copy (day->hq->sign);
  g_autoptr (MereSecret) new = NULL;
  g_autoptr (MereReceiptDocument) first = NULL;
  g_autoptr (MereReceiptDocument) second = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  /* The old key signs the bundle that brings its own withdrawal. */
  mere_test_hq_change_key (day->hq);
  new = day->hq->sign;
  day->hq->sign = mere_secret_copy (old);
  first = mere_test_hq_begin_receipt (day->hq, day->laptop);
  one = send_receipt (day, first);
  mere_secret_free (day->hq->sign);
  day->hq->sign = mere_secret_copy (new);
  second = mere_test_hq_begin_receipt (day->hq, day->laptop);
  two = send_receipt (day, second);

  read = mere_test_day_read (day);
  assert_refusal (read, "E_SENDER_UNKNOWN");
  g_assert_cmpuint (read->trust, ==, 2);
  g_assert_cmpuint (read->n_receipts, ==, 1);
}

/* The key is lost; the card brings the list that names the new one, over the versions that nobody brought. */
static void
test_a_card_brings_the_newest_trust_list (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereReceiptDocument) receipt = NULL;
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) without = NULL;
  g_autoptr (MereCourierRead) with = NULL;

  mere_test_hq_renew_trust (day->hq, NULL);
  mere_test_hq_change_key (day->hq);
  receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  name = mere_test_hq_send_receipt (day->hq, day->stick, day->laptop, receipt, day->hq->history->len);
  without = read_in_vain (day);
  assert_refusal (without, "E_SENDER_UNKNOWN");
  mere_test_hq_write_card (day->hq, day->stick);
  with = mere_test_day_read (day);
  g_assert_cmpuint (with->refusals->len, ==, 0);
  g_assert_cmpuint (with->trust, ==, 3);
  g_assert_cmpuint (with->n_receipts, ==, 1);
}

static void
test_a_revoked_laptop_packs_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *record = mere_test_laptop_add_record (day->laptop, "one");
  g_autoptr (MereReceiptDocument) receipt = NULL;
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_hq_renew_trust (day->hq, device);
  receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  name = send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_true (read->revoked);
  g_assert_cmpint (mere_enrol_get_state (day->laptop->store), ==, MERE_ENROL_REVOKED);
  g_assert_null (mere_courier_write (day->laptop->store, day->stick, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_REVOKED);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
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
    g_autoptr (GPtrArray) there = receive (day);

    mere_test_receipt_accept (receipt, there);
  }
  mere_test_laptop_restore (day->laptop, copy);
  mere_test_remove_tree (outbox);
  mere_test_day_wipe_stick (day);
  name = send_receipt (day, receipt);
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
  g_autoptr (GPtrArray) received = receive (day);

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
      name = send_receipt (day, receipt);
      read = mere_test_day_read (day);
      g_assert_cmpint (read->new_chain, ==, later);
      g_assert_cmpint (mere_put_back_get_time_us (day->laptop->store) != 0, ==, later);
    }
  g_assert_true (mere_put_back_forget (day->laptop->store, NULL));
  g_assert_cmpint (mere_put_back_get_time_us (day->laptop->store), ==, 0);
}

static void
test_a_dispatch_is_installed_whole_or_not_at_all (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char  *device = mere_test_laptop_dup_device (day->laptop);
  const char *const to[] = { device, NULL };
  g_autoptr (MereDispatch) dispatch = mere_dispatch_new ();
  g_autofree char *missing = mere_test_b2 ("missing", 7);
  g_auto (GStrv) cards = mere_test_list_files (day->stick, "enrol.json");
  g_autoptr (MereCourierRead) read = NULL;
  g_autofree char *name = NULL;
  g_autofree char *box_key = NULL;

  for (gsize i = 0; cards[i] != NULL; i++)
    {
      g_autofree char *signature_path = g_strconcat (cards[i], ".minisig", NULL);
      g_autoptr (GBytes) text = mere_test_load (cards[i]);
      g_autoptr (GBytes) signature = mere_test_load (signature_path);
      g_autoptr (MereCard) card = mere_card_open (text, signature, NULL);

      if (!card->is_hq)
        box_key = g_strdup (card->box_key);
    }
  dispatch->counter = ++day->hq->n_dispatches;
  dispatch->to = g_strdupv ((char **) to);
  dispatch->trust = 1;
  dispatch->assessment = mere_assessment_new ("5b0c6a3e-0000-4000-8000-00000000000f", "Another", "UTO", NULL, NULL);
  mere_dispatch_add_instrument (dispatch, "not-there", "1", missing, TRUE);
  {
    MereTestEntry entry = { MERE_ENTRY_DISPATCH, MERE_DISPATCH_NAME, mere_dispatch_write (dispatch) };

    name = mere_test_hq_send (day->hq, day->stick, device, box_key, MERE_BUNDLE_DISPATCH, &entry, 1);
  }
  read = read_in_vain (day);
  assert_refusal (read, "E_DISPATCH");
}

static void
test_stopping_is_no_refusal (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (mere_courier_read (day->laptop->store, day->stick, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier-read/nothing-is-read-before-the-digits-were-typed", test_nothing_is_read_before_the_digits_were_typed);
  g_test_add_func ("/courier-read/the-mission-pack-is-installed", test_the_mission_pack_is_installed);
  g_test_add_func ("/courier-read/a-new-version-replaces-the-old-one", test_a_new_version_replaces_the_old_one);
  g_test_add_func ("/courier-read/a-receipt-acknowledges", test_a_receipt_acknowledges);
  g_test_add_func ("/courier-read/reading-again-changes-nothing", test_reading_again_changes_nothing);
  g_test_add_func ("/courier-read/counters-never-go-back", test_counters_never_go_back);
  g_test_add_func ("/courier-read/a-receipt-for-another-content-acknowledges-nothing", test_a_receipt_for_another_content_acknowledges_nothing);
  g_test_add_func ("/courier-read/a-partial-receipt-names-what-was-refused", test_a_partial_receipt_names_what_was_refused);
  g_test_add_func ("/courier-read/a-returned-record-is-told-once", test_a_returned_record_is_told_once);
  g_test_add_func ("/courier-read/a-returned-record-is-kept-with-its-comment", test_a_returned_record_is_kept_with_its_comment);
  g_test_add_func ("/courier-read/a-quarantined-bundle-stays-open", test_a_quarantined_bundle_stays_open);
  g_test_add_func ("/courier-read/an-unknown-key-is-refused-and-listed", test_an_unknown_key_is_refused_and_listed);
  g_test_add_func ("/courier-read/damaged-and-unfinished-bundles-are-refused", test_damaged_and_unfinished_bundles_are_refused);
  g_test_add_func ("/courier-read/bundles-for-others-are-not-opened", test_bundles_for_others_are_not_opened);
  g_test_add_func ("/courier-read/a-receipt-for-another-laptop-is-refused", test_a_receipt_for_another_laptop_is_refused);
  g_test_add_func ("/courier-read/trust-lists-travel-with-receipts", test_trust_lists_travel_with_receipts);
  g_test_add_func ("/courier-read/a-gap-between-trust-lists-is-refused", test_a_gap_between_trust_lists_is_refused);
  g_test_add_func ("/courier-read/a-trust-list-of-another-root-is-refused", test_a_trust_list_of_another_root_is_refused);
  g_test_add_func ("/courier-read/a-withdrawn-key-is-believed-no-more", test_a_withdrawn_key_is_believed_no_more);
  g_test_add_func ("/courier-read/a-card-brings-the-newest-trust-list", test_a_card_brings_the_newest_trust_list);
  g_test_add_func ("/courier-read/a-revoked-laptop-packs-nothing", test_a_revoked_laptop_packs_nothing);
  g_test_add_func ("/courier-read/an-old-copy-learns-from-a-receipt", test_an_old_copy_learns_from_a_receipt);
  g_test_add_func ("/courier-read/an-old-copy-learns-from-its-log", test_an_old_copy_learns_from_its_log);
  g_test_add_func ("/courier-read/a-dispatch-is-installed-whole-or-not-at-all", test_a_dispatch_is_installed_whole_or_not_at_all);
  g_test_add_func ("/courier-read/stopping-is-no-refusal", test_stopping_is_no_refusal);

  return g_test_run ();
}
