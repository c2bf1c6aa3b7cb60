/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Trust lists on the laptop: they follow each other, and a key that was withdrawn is believed no more. */

#include "config.h"

#include "tests/sync/road-steps.h"

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
  name = mere_test_day_send_receipt (day, receipt);
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
  read = mere_test_day_read_in_vain (day);
  mere_test_assert_refusal (read, "E_TRUST");
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
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read_in_vain (day);
  mere_test_assert_refusal (read, "E_TRUST");
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
  one = mere_test_day_send_receipt (day, first);
  mere_secret_free (day->hq->sign);
  day->hq->sign = mere_secret_copy (new);
  second = mere_test_hq_begin_receipt (day->hq, day->laptop);
  two = mere_test_day_send_receipt (day, second);

  read = mere_test_day_read (day);
  mere_test_assert_refusal (read, "E_SENDER_UNKNOWN");
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
  without = mere_test_day_read_in_vain (day);
  mere_test_assert_refusal (without, "E_SENDER_UNKNOWN");
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
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read (day);
  g_assert_true (read->revoked);
  g_assert_cmpint (mere_enrol_get_state (day->laptop->store), ==, MERE_ENROL_REVOKED);
  g_assert_null (mere_courier_write (day->laptop->store, day->stick, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_COURIER_ERROR, MERE_COURIER_ERROR_REVOKED);
  g_assert_cmpint (mere_test_laptop_get_state (day->laptop, record), ==, MERE_RECORD_FINAL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier-trust/trust-lists-travel-with-receipts", test_trust_lists_travel_with_receipts);
  g_test_add_func ("/courier-trust/a-gap-between-trust-lists-is-refused", test_a_gap_between_trust_lists_is_refused);
  g_test_add_func ("/courier-trust/a-trust-list-of-another-root-is-refused", test_a_trust_list_of_another_root_is_refused);
  g_test_add_func ("/courier-trust/a-withdrawn-key-is-believed-no-more", test_a_withdrawn_key_is_believed_no_more);
  g_test_add_func ("/courier-trust/a-card-brings-the-newest-trust-list", test_a_card_brings_the_newest_trust_list);
  g_test_add_func ("/courier-trust/a-revoked-laptop-packs-nothing", test_a_revoked_laptop_packs_nothing);

  return g_test_run ();
}
