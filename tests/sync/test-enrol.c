/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two codes typed on two sides, and nothing is trusted before. */

#include "config.h"

#include <string.h>

#include "road-fixture.h"
#include "sync/code.h"

static void
assert_state (MereTestDay   *day,
              MereEnrolState state)
{
  g_assert_cmpint (mere_enrol_get_state (day->laptop->store), ==, state);
}

static void
assert_refused (MereTestDay *day,
                const char  *typed,
                GQuark       domain,
                int          code)
{
  g_autofree char *before = mere_test_laptop_dump (day->laptop);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_enrol_trust (day->laptop->store, day->stick, typed, &error));
  g_assert_error (error, domain, code);
  after = mere_test_laptop_dump (day->laptop);
  g_assert_cmpstr (before, ==, after);
}

static void
test_a_new_vault_knows_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereEnrolStatus) status = mere_enrol_load_status (day->laptop->store, &error);

  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, MERE_ENROL_NEW);
  g_assert_cmpstr (status->device, ==, "");
  g_assert_cmpstr (status->code, ==, "");
  g_assert_cmpstr (status->label, ==, "");
  g_assert_cmpstr (status->hq, ==, "");
  g_assert_cmpuint (status->trust, ==, 0);
}

static void
test_keys_are_made_once (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;
  g_autofree char *again = NULL;
  g_autoptr (MereEnrolStatus) status = NULL;

  g_assert_true (mere_enrol_prepare (day->laptop->store, "  Booth laptop ", &error));
  device = mere_test_laptop_dup_device (day->laptop);
  g_assert_true (mere_enrol_prepare (day->laptop->store, NULL, &error));
  again = mere_test_laptop_dup_device (day->laptop);
  g_assert_cmpstr (device, ==, again);
  g_assert_true (mere_device_code_is (device));

  status = mere_enrol_load_status (day->laptop->store, &error);
  g_assert_cmpstr (status->label, ==, "Booth laptop");
  g_assert_cmpuint (strlen (status->code), ==, MERE_CODE_LENGTH + 4);
  assert_state (day, MERE_ENROL_NEW);
}

static void
test_a_label_is_cut_between_characters (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GString) label = g_string_new (NULL);
  g_autoptr (MereEnrolStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append (label, "ث");
  g_assert_true (mere_enrol_prepare (day->laptop->store, label->str, &error));
  status = mere_enrol_load_status (day->laptop->store, &error);
  g_assert_cmpint (g_utf8_strlen (status->label, -1), ==, MERE_ENROL_MAX_LABEL);
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, &error));
  g_assert_no_error (error);
}

/* What headquarters sees is what the laptop shows. */
static void
test_the_card_has_the_laptops_digits (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) cards = NULL;
  g_autoptr (MereEnrolStatus) status = NULL;
  g_autofree char *code = NULL;
  g_autofree char *grouped = NULL;

  g_assert_true (mere_enrol_prepare (day->laptop->store, "Booth", &error));
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, &error));
  assert_state (day, MERE_ENROL_OFFERED);
  g_assert_false (mere_enrol_has_card (day->stick));

  stick = mere_stick_open (day->stick, &error);
  found = mere_stick_scan (stick, NULL, &error);
  cards = mere_card_scan (stick, found, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cards->len, ==, 1);
  code = mere_card_dup_code (cards->pdata[0]);
  grouped = mere_code_group (code);
  status = mere_enrol_load_status (day->laptop->store, &error);
  g_assert_cmpstr (grouped, ==, status->code);
  g_assert_cmpstr (((MereCard *) cards->pdata[0])->label, ==, "Booth");
}

static void
test_writing_again_leaves_one_card (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) cards = NULL;

  for (int i = 0; i < 3; i++)
    g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, &error));
  cards = mere_test_list_files (day->stick, "enrol.json");
  g_assert_cmpuint (g_strv_length (cards), ==, 1);
}

static void
test_the_right_digits_are_trusted (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);
  g_autofree char *grouped = mere_code_group (code);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereEnrolStatus) status = NULL;

  mere_test_hq_write_card (day->hq, day->stick);
  g_assert_true (mere_enrol_has_card (day->stick));
  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, grouped, &error));
  g_assert_no_error (error);
  assert_state (day, MERE_ENROL_TRUSTING);
  status = mere_enrol_load_status (day->laptop->store, &error);
  g_assert_cmpstr (status->hq, ==, day->hq->trust->hq);
  g_assert_cmpuint (status->trust, ==, 1);
}

static void
test_the_same_headquarters_again_changes_nothing (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);
  g_autofree char *before = mere_test_laptop_dump (day->laptop);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, code, &error));
  after = mere_test_laptop_dump (day->laptop);
  g_assert_cmpstr (before, ==, after);
  assert_state (day, MERE_ENROL_ACTIVE);
}

static void
test_an_empty_stick_has_no_card (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);

  g_assert_false (mere_enrol_has_card (day->stick));
  assert_refused (day, code, MERE_ENROL_ERROR, MERE_ENROL_ERROR_NO_CARD);
}

static void
test_mistyped_digits_are_told_from_wrong_ones (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);
  g_autofree char *mistyped = g_strdup (code);

  mere_test_hq_write_card (day->hq, day->stick);
  mistyped[3] = mistyped[3] == '9' ? '0' : mistyped[3] + 1;
  assert_refused (day, mistyped, MERE_CODE_ERROR, MERE_CODE_ERROR_TYPING);
  assert_refused (day, "12345", MERE_CODE_ERROR, MERE_CODE_ERROR_LENGTH);
  assert_refused (day, "x", MERE_CODE_ERROR, MERE_CODE_ERROR_DIGIT);
  assert_state (day, MERE_ENROL_NEW);
}

static void
test_digits_of_another_headquarters_are_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *folder = g_build_filename (day->folder, "other", NULL);
  g_autoptr (MereTestHq) other = mere_test_hq_new (folder);
  g_autofree char *code = mere_test_hq_dup_code (other);

  mere_test_hq_write_card (day->hq, day->stick);
  assert_refused (day, code, MERE_ENROL_ERROR, MERE_ENROL_ERROR_CODE);

  /* With both cards there, the digits choose. */
  mere_test_hq_write_card (other, day->stick);
  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, code, NULL));
}

static void
test_a_second_headquarters_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new_enrolled ();
  g_autofree char *folder = g_build_filename (day->folder, "other", NULL);
  g_autoptr (MereTestHq) other = mere_test_hq_new (folder);
  g_autofree char *code = mere_test_hq_dup_code (other);

  mere_test_hq_write_card (other, day->stick);
  assert_refused (day, code, MERE_ENROL_ERROR, MERE_ENROL_ERROR_ALREADY);
  assert_state (day, MERE_ENROL_ACTIVE);
}

static void
change_byte (const char *path,
             gsize       at)
{
  g_autoptr (GBytes) bytes = mere_test_load (path);
  gsize            size;
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));

  copy[at] ^= 1;
  mere_test_save (path, copy, size);
}

/* A card whose every tenth byte is changed in turn is none. */
static void
test_a_changed_card_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);
  g_auto (GStrv) cards = NULL;
  g_autoptr (GBytes) bytes = NULL;

  mere_test_hq_write_card (day->hq, day->stick);
  cards = mere_test_list_files (day->stick, "enrol.json");
  bytes = mere_test_load (cards[0]);
  for (gsize at = 0; at < g_bytes_get_size (bytes); at += 10)
    {
      change_byte (cards[0], at);
      assert_refused (day, code, MERE_ENROL_ERROR, MERE_ENROL_ERROR_CARD);
      change_byte (cards[0], at);
    }
  g_assert_true (mere_enrol_trust (day->laptop->store, day->stick, code, NULL));
}

static void
test_the_public_key_is_a_minisign_file (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = mere_enrol_dup_public_key (day->laptop->store, &error);
  MereMinisignKey  key;
  g_autofree char *device = mere_test_laptop_dup_device (day->laptop);
  g_autofree char *code = NULL;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "untrusted comment: "));
  g_assert_true (mere_minisign_key_parse (text, &key, NULL));
  code = mere_device_code_new (&key);
  g_assert_cmpstr (code, ==, device);
}

static void
test_a_stick_that_is_gone_enrols_nobody (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *code = mere_test_hq_dup_code (day->hq);
  g_autofree char *nowhere = g_build_filename (day->folder, "nowhere", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_enrol_write (day->laptop->store, nowhere, NULL, &error));
  g_assert_true (error->domain == MERE_STICK_ERROR);
  g_clear_error (&error);
  g_assert_false (mere_enrol_trust (day->laptop->store, nowhere, code, &error));
  g_assert_true (error->domain == MERE_STICK_ERROR);
  assert_state (day, MERE_ENROL_NEW);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enrol/a-new-vault-knows-nothing", test_a_new_vault_knows_nothing);
  g_test_add_func ("/enrol/keys-are-made-once", test_keys_are_made_once);
  g_test_add_func ("/enrol/a-label-is-cut-between-characters", test_a_label_is_cut_between_characters);
  g_test_add_func ("/enrol/the-card-has-the-laptops-digits", test_the_card_has_the_laptops_digits);
  g_test_add_func ("/enrol/writing-again-leaves-one-card", test_writing_again_leaves_one_card);
  g_test_add_func ("/enrol/the-right-digits-are-trusted", test_the_right_digits_are_trusted);
  g_test_add_func ("/enrol/the-same-headquarters-again-changes-nothing", test_the_same_headquarters_again_changes_nothing);
  g_test_add_func ("/enrol/an-empty-stick-has-no-card", test_an_empty_stick_has_no_card);
  g_test_add_func ("/enrol/mistyped-digits-are-told-from-wrong-ones", test_mistyped_digits_are_told_from_wrong_ones);
  g_test_add_func ("/enrol/digits-of-another-headquarters-are-refused", test_digits_of_another_headquarters_are_refused);
  g_test_add_func ("/enrol/a-second-headquarters-is-refused", test_a_second_headquarters_is_refused);
  g_test_add_func ("/enrol/a-changed-card-is-refused", test_a_changed_card_is_refused);
  g_test_add_func ("/enrol/the-public-key-is-a-minisign-file", test_the_public_key_is_a_minisign_file);
  g_test_add_func ("/enrol/a-stick-that-is-gone-enrols-nobody", test_a_stick_that_is_gone_enrols_nobody);

  return g_test_run ();
}
