/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cards: what they say is signed by their own key; whose key that is, the digits tell. */

#include "config.h"

#include <string.h>

#include "road-fixture.h"
#include "sync/code.h"

typedef struct
{
  MereSecret *sign;
  MereCard   *card;
  GBytes     *text;
  GBytes     *signature;
} Signed;

static void
signed_init (Signed     *self,
             const char *label)
{
  MereMinisignKey key;
  g_autoptr (MereSecret) box = mere_age_identity_new ();
  g_autofree char *box_key = mere_age_identity_dup_recipient (box);

  self->sign = mere_minisign_secret_new ();
  mere_minisign_secret_get_key (self->sign, &key);
  self->card = mere_card_new_device (&key, box_key, label);
  mere_card_sign (self->card, self->sign, &self->text, &self->signature);
}

static void
signed_clear (Signed *self)
{
  mere_secret_free (self->sign);
  mere_card_free (self->card);
  g_bytes_unref (self->text);
  g_bytes_unref (self->signature);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signed, signed_clear)

static void
test_a_card_reads_as_it_was_signed (void)
{
  g_auto (Signed) made = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCard) read = NULL;
  g_autofree char *code = NULL;
  g_autofree char *expected = NULL;

  signed_init (&made, "Poste n° 3 “Nord”");
  read = mere_card_open (made.text, made.signature, &error);
  g_assert_no_error (error);
  g_assert_false (read->is_hq);
  g_assert_cmpstr (read->device, ==, made.card->device);
  g_assert_cmpstr (read->sign_key, ==, made.card->sign_key);
  g_assert_cmpstr (read->box_key, ==, made.card->box_key);
  g_assert_cmpstr (read->label, ==, "Poste n° 3 “Nord”");
  g_assert_null (read->trust);
  code = mere_card_dup_code (read);
  expected = mere_card_dup_code (made.card);
  g_assert_cmpstr (code, ==, expected);
  g_assert_cmpuint (strlen (code), ==, MERE_CODE_LENGTH);
}

/* The longest list that may be still fits the card. */
static void
test_headquarters_card_carries_its_list (void)
{
  g_autoptr (MereSecret) root = mere_minisign_secret_new ();
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (MereTrust) draft = mere_trust_copy (day->hq->trust);
  g_autoptr (GStrvBuilder) revoked = g_strv_builder_new ();
  g_autoptr (MereTrust) trust = NULL;
  g_autoptr (MereCard) card = NULL;
  g_autoptr (MereCard) read = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2800; i++)
    {
      g_autofree char *device = g_strdup_printf ("%08d", i);

      g_strv_builder_add (revoked, device);
    }
  g_strfreev (draft->revoked);
  draft->revoked = g_strv_builder_end (revoked);
  trust = mere_trust_seal (draft, NULL, root, &error);
  g_assert_no_error (error);
  card = mere_card_new_hq (trust, NULL, "Headquarters");
  mere_card_sign (card, root, &text, &signature);
  g_assert_cmpuint (g_bytes_get_size (text), <=, 65536);
  read = mere_card_open (text, signature, &error);
  g_assert_no_error (error);
  g_assert_true (read->is_hq);
  g_assert_true (g_bytes_equal (read->trust->text, trust->text));
  g_assert_cmpstr (read->box_key, ==, trust->operational);
}

static void
test_every_changed_byte_is_noticed (void)
{
  g_auto (Signed) made = { 0 };
  gsize size;

  signed_init (&made, "Booth");
  for (gsize at = 0; at < g_bytes_get_size (made.text); at++)
    {
      guint8 *copy = g_memdup2 (g_bytes_get_data (made.text, &size), g_bytes_get_size (made.text));
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;

      copy[at] ^= 1;
      changed = g_bytes_new_take (copy, size);
      g_assert_null (mere_card_open (changed, made.signature, &error));
      g_assert_true (error->domain == MERE_CARD_ERROR);
    }
}

static void
assert_text_refused (const Signed *made,
                     const char   *find,
                     const char   *replace)
{
  g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (made->text, NULL), (gssize) g_bytes_get_size (made->text));
  g_autofree char *comment = g_strdup_printf ("merestone-card/1 d=%s", made->card->device);
  g_autofree char *lines = NULL;
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_string_replace (text, find, replace, 1), ==, 1);
  lines = mere_minisign_sign_data (made->sign, text->str, text->len, comment);
  signature = g_bytes_new (lines, strlen (lines));
  changed = g_string_free_to_bytes (g_steal_pointer (&text));
  g_assert_null (mere_card_open (changed, signature, &error));
  g_assert_error (error, MERE_CARD_ERROR, MERE_CARD_ERROR_FORMAT);
}

/* Well signed, and still no card. */
static void
test_broken_cards_are_refused (void)
{
  g_auto (Signed) made = { 0 };

  signed_init (&made, "Booth");
  assert_text_refused (&made, "merestone-card", "merestone-cart");
  assert_text_refused (&made, "\"version\":1", "\"version\":2");
  assert_text_refused (&made, "\"version\":1", "\"version\":0");
  assert_text_refused (&made, "\"role\":\"device\"", "\"role\":\"hq\"");
  assert_text_refused (&made, "\"role\":\"device\"", "\"role\":\"king\"");
  assert_text_refused (&made, made.card->device, "00000000");
  assert_text_refused (&made, "\"age1", "\"age2");
  assert_text_refused (&made, "\"RW", "\"RV");
  assert_text_refused (&made, "}\n", ",\"label\":\"twice\"}\n");
  assert_text_refused (&made, "}\n", "} and more\n");
}

static void
test_a_card_signed_by_another_key_is_refused (void)
{
  g_auto (Signed) made = { 0 };
  g_auto (Signed) other = { 0 };
  g_autoptr (GError) error = NULL;

  signed_init (&made, "Booth");
  signed_init (&other, "Booth");
  g_assert_null (mere_card_open (made.text, other.signature, &error));
  g_assert_error (error, MERE_CARD_ERROR, MERE_CARD_ERROR_SIGNATURE);
}

/* The list of one headquarters on the card of another. */
static void
test_a_borrowed_list_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (MereSecret) root = mere_minisign_secret_new ();
  g_autoptr (MereTrust) own = mere_trust_seal (day->hq->trust, NULL, root, NULL);
  g_autoptr (MereCard) card = mere_card_new_hq (own, NULL, "");
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GError) error = NULL;

  mere_trust_free (card->trust);
  card->trust = mere_trust_copy (day->hq->trust);
  mere_card_sign (card, root, &text, &signature);
  g_assert_null (mere_card_open (text, signature, &error));
  g_assert_error (error, MERE_CARD_ERROR, MERE_CARD_ERROR_SIGNATURE);
}

/* The digits are over a box key that the list does not name. */
static void
test_another_box_key_than_the_lists_is_refused (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autoptr (MereCard) card = mere_card_new_hq (day->hq->trust, NULL, "");
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GError) error = NULL;

  g_free (card->box_key);
  card->box_key = g_strdup (day->hq->trust->recovery);
  mere_card_sign (card, day->hq->root, &text, &signature);
  g_assert_null (mere_card_open (text, signature, &error));
  g_assert_error (error, MERE_CARD_ERROR, MERE_CARD_ERROR_SIGNATURE);
}

static void
test_a_scan_tells_cards_from_what_is_called_so (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  g_autofree char *broken = g_build_filename (day->stick, "enrol.json", NULL);
  g_autofree char *broken_signature = g_strconcat (broken, ".minisig", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (day->stick, &error);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) cards = NULL;
  guint n_damaged = 0;

  mere_test_hq_write_card (day->hq, day->stick);
  g_assert_true (mere_enrol_write (day->laptop->store, day->stick, NULL, &error));
  mere_test_save (broken, "{}", 2);
  mere_test_save (broken_signature, "{}", 2);
  found = mere_stick_scan (stick, NULL, &error);
  g_assert_cmpuint (found->len, ==, 3);
  cards = mere_card_scan (stick, found, &n_damaged, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cards->len, ==, 2);
  g_assert_cmpuint (n_damaged, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/a-card-reads-as-it-was-signed", test_a_card_reads_as_it_was_signed);
  g_test_add_func ("/card/headquarters-card-carries-its-list", test_headquarters_card_carries_its_list);
  g_test_add_func ("/card/every-changed-byte-is-noticed", test_every_changed_byte_is_noticed);
  g_test_add_func ("/card/broken-cards-are-refused", test_broken_cards_are_refused);
  g_test_add_func ("/card/a-card-signed-by-another-key-is-refused", test_a_card_signed_by_another_key_is_refused);
  g_test_add_func ("/card/a-borrowed-list-is-refused", test_a_borrowed_list_is_refused);
  g_test_add_func ("/card/another-box-key-than-the-lists-is-refused", test_another_box_key_than_the_lists_is_refused);
  g_test_add_func ("/card/a-scan-tells-cards-from-what-is-called-so", test_a_scan_tells_cards_from_what_is_called_so);

  return g_test_run ();
}
