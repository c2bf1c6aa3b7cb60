/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading from a stick: what headquarters has signed for this laptop is believed, once; everything else changes nothing. */

#include "config.h"

#include <glib/gstdio.h>

#include "app/store/instrument.h"
#include "tests/sync/road-steps.h"

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
test_an_unknown_key_is_refused_and_listed (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autoptr (MereReceiptDocument) receipt = mere_test_hq_begin_receipt (day->hq, day->laptop);
  g_autofree char *name = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  mere_secret_free (day->hq->sign);
  day->hq->sign = mere_minisign_secret_new ();
  name = mere_test_day_send_receipt (day, receipt);
  read = mere_test_day_read_in_vain (day);
  mere_test_assert_refusal (read, "E_SENDER_UNKNOWN");
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
      read = mere_test_day_read_in_vain (day);
      mere_test_assert_refusal (read, "E_SIGNATURE");
      flip (path, at * 7);
    }
  {
    g_autoptr (MereCourierRead) read = NULL;

    g_assert_cmpint (g_unlink (signature), ==, 0);
    read = mere_test_day_read_in_vain (day);
    mere_test_assert_refusal (read, "E_UNFINISHED");
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
  g_autoptr (MereCourierRead) again = mere_test_day_read_in_vain (day);
  MereCourierLook look;

  g_assert_cmpuint (read->n_others, ==, 1);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  g_assert_cmpuint (again->n_others, ==, 1);
  g_assert_true (mere_courier_look (day->laptop->store, day->stick, &look, NULL, NULL));
  g_assert_cmpuint (look.n_others, ==, 1);
  g_assert_cmpuint (look.n_for_us, ==, 0);
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
  read = mere_test_day_read_in_vain (day);
  mere_test_assert_refusal (read, "E_DISPATCH");
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
  g_test_add_func ("/courier-read/an-unknown-key-is-refused-and-listed", test_an_unknown_key_is_refused_and_listed);
  g_test_add_func ("/courier-read/damaged-and-unfinished-bundles-are-refused", test_damaged_and_unfinished_bundles_are_refused);
  g_test_add_func ("/courier-read/bundles-for-others-are-not-opened", test_bundles_for_others_are_not_opened);
  g_test_add_func ("/courier-read/a-dispatch-is-installed-whole-or-not-at-all", test_a_dispatch_is_installed_whole_or_not_at_all);
  g_test_add_func ("/courier-read/stopping-is-no-refusal", test_stopping_is_no_refusal);

  return g_test_run ();
}
