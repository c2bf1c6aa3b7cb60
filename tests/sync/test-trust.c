/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Trust lists: signed by the root or nothing, one after the other or not at all. */

#include "config.h"

#include <string.h>

#include "app/store/digest.h"
#include "road-fixture.h"
#include "sync/code.h"
#include "sync/handover.h"

typedef struct
{
  MereSecret     *root;
  MereMinisignKey key;
  MereTrust      *first;
  MereTrust      *second;
} Lists;

static MereTrust *
new_draft (void)
{
  MereTrust *draft = mere_trust_new ();
  g_autoptr (MereSecret) sign = mere_minisign_secret_new ();
  g_autoptr (MereSecret) box = mere_age_identity_new ();
  MereMinisignKey  key;
  g_autofree char *text = NULL;

  mere_minisign_secret_get_key (sign, &key);
  text = mere_minisign_key_to_text (&key);
  mere_trust_add_signer (draft, text, 1);
  draft->operational = mere_age_identity_dup_recipient (box);
  draft->issued = g_strdup ("2026-11-25T08:00:00Z");

  return draft;
}

static void
lists_init (Lists *self)
{
  g_autoptr (MereTrust) draft = new_draft ();
  const char *const revoked[] = { "k7q2m9xd", NULL };
  g_autoptr (GError) error = NULL;

  self->root = mere_minisign_secret_new ();
  mere_minisign_secret_get_key (self->root, &self->key);
  self->first = mere_trust_seal (draft, NULL, self->root, &error);
  g_assert_no_error (error);
  draft->revoked = g_strdupv ((char **) revoked);
  self->second = mere_trust_seal (draft, self->first, self->root, &error);
  g_assert_no_error (error);
}

static void
lists_clear (Lists *self)
{
  mere_secret_free (self->root);
  mere_trust_free (self->first);
  mere_trust_free (self->second);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lists, lists_clear)

static void
test_a_list_reads_as_it_was_sealed (void)
{
  g_auto (Lists) lists = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereTrust) read = NULL;
  g_autofree char *hq = NULL;
  g_autofree char *b2 = NULL;

  lists_init (&lists);
  read = mere_trust_open (lists.second->text, lists.second->signature, &lists.key, &error);
  g_assert_no_error (error);
  hq = mere_device_code_new (&lists.key);
  b2 = mere_digest_dup_hex_of_bytes (lists.first->text);
  g_assert_cmpuint (read->version, ==, 2);
  g_assert_cmpstr (read->prev, ==, b2);
  g_assert_cmpstr (read->hq, ==, hq);
  g_assert_cmpuint (read->signers->len, ==, 1);
  g_assert_cmpstr (read->operational, ==, lists.first->operational);
  g_assert_null (read->recovery);
  g_assert_true (mere_trust_is_revoked (read, "k7q2m9xd"));
  g_assert_false (mere_trust_is_revoked (read, "k7q2m9xe"));
  g_assert_false (mere_trust_is_revoked (lists.first, "k7q2m9xd"));
}

static void
test_recipients_are_both_box_keys (void)
{
  g_autoptr (MereTrust) draft = new_draft ();
  g_autoptr (MereSecret) recovery = mere_age_identity_new ();
  g_auto (GStrv) one = mere_trust_dup_recipients (draft);
  g_auto (GStrv) two = NULL;

  g_assert_cmpuint (g_strv_length (one), ==, 1);
  draft->recovery = mere_age_identity_dup_recipient (recovery);
  two = mere_trust_dup_recipients (draft);
  g_assert_cmpuint (g_strv_length (two), ==, 2);
  g_assert_cmpstr (two[0], ==, draft->operational);
}

/* Every byte of the text, and of the signature's lines 2 to 4. */
static void
test_a_changed_list_is_refused (void)
{
  g_auto (Lists) lists = { 0 };
  gsize size;

  lists_init (&lists);
  for (gsize at = 0; at < g_bytes_get_size (lists.first->text); at++)
    {
      guint8 *copy = g_memdup2 (g_bytes_get_data (lists.first->text, &size), g_bytes_get_size (lists.first->text));
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;

      copy[at] ^= 1;
      changed = g_bytes_new_take (copy, size);
      g_assert_null (mere_trust_open (changed, lists.first->signature, &lists.key, &error));
      g_assert_true (error->domain == MERE_TRUST_ERROR);
    }
}

static void
test_another_root_is_told_from_a_bad_signature (void)
{
  g_auto (Lists) lists = { 0 };
  g_auto (Lists) others = { 0 };
  g_autoptr (GError) error = NULL;

  lists_init (&lists);
  lists_init (&others);
  g_assert_null (mere_trust_open (others.first->text, others.first->signature, &lists.key, &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_ROOT);
  g_clear_error (&error);
  g_assert_null (mere_trust_open (lists.first->text, others.first->signature, &lists.key, &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_SIGNATURE);
}

/* The right key and text, but the comment of a bundle or of another version. */
static void
test_the_comment_is_part_of_it (void)
{
  static const char *const comments[] = { "merestone-bundle/1 b=x", "merestone-trust/1 v=2 hq=k7q2m9xd", "" };
  g_auto (Lists) lists = { 0 };

  lists_init (&lists);
  for (gsize i = 0; i < G_N_ELEMENTS (comments); i++)
    {
      gsize       size;
      const void *text = g_bytes_get_data (lists.first->text, &size);
      char       *lines = mere_minisign_sign_data (lists.root, text, size, comments[i]);
      g_autoptr (GBytes) signature = g_bytes_new_take (lines, strlen (lines));
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_trust_open (lists.first->text, signature, &lists.key, &error));
      g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_SIGNATURE);
    }
}

static void
test_only_the_next_version_follows (void)
{
  g_auto (Lists) lists = { 0 };
  g_autoptr (MereTrust) third = NULL;
  g_autoptr (GError) error = NULL;

  lists_init (&lists);
  third = mere_trust_seal (lists.second, lists.second, lists.root, &error);
  g_assert_true (mere_trust_follows (lists.first, lists.second, &error));
  g_assert_true (mere_trust_follows (lists.second, third, &error));

  /* Known ones are no news, and no error. */
  g_assert_false (mere_trust_follows (lists.second, lists.second, &error));
  g_assert_false (mere_trust_follows (lists.second, lists.first, &error));
  g_assert_no_error (error);

  g_assert_false (mere_trust_follows (lists.first, third, &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_GAP);
}

static void
test_two_lists_of_one_version_are_a_fork (void)
{
  g_auto (Lists) lists = { 0 };
  g_autoptr (MereTrust) draft = new_draft ();
  g_autoptr (MereTrust) other = NULL;
  g_autoptr (MereTrust) after = NULL;
  g_autoptr (GError) error = NULL;

  lists_init (&lists);
  other = mere_trust_seal (draft, lists.first, lists.root, &error);
  after = mere_trust_seal (draft, other, lists.root, &error);
  g_assert_false (mere_trust_follows (lists.second, other, &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORK);
  g_clear_error (&error);
  g_assert_false (mere_trust_follows (lists.second, after, &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORK);
}

static void
test_signers_are_found_by_number (void)
{
  g_auto (Lists) lists = { 0 };
  MereMinisignKey key, found;
  const guint8    nobody[8] = { 0 };

  lists_init (&lists);
  g_assert_true (mere_minisign_key_parse (((MereTrustSigner *) lists.first->signers->pdata[0])->key, &key, NULL));
  g_assert_true (mere_trust_find_signer (lists.first, key.number, &found));
  g_assert_true (mere_minisign_key_equal (&key, &found));
  g_assert_false (mere_trust_find_signer (lists.first, nobody, &found));
  g_assert_false (mere_trust_find_signer (lists.first, lists.key.number, &found)); /* the root signs no bundles */
}

/* Signed by the root, and still not what a list must be. */
static void
test_broken_lists_cannot_be_sealed (void)
{
  g_autoptr (MereSecret) root = mere_minisign_secret_new ();

  for (int i = 0; i < 6; i++)
    {
      g_autoptr (MereTrust) draft = new_draft ();
      g_autoptr (GError) error = NULL;
      const char *const nobody[] = { "nobody", NULL };

      if (i == 0)
        g_ptr_array_set_size (draft->signers, 0);
      if (i == 1)
        mere_trust_add_signer (draft, "RWnot-a-key", 1);
      if (i == 2)
        mere_trust_add_signer (draft, ((MereTrustSigner *) draft->signers->pdata[0])->key, 2);
      if (i == 3)
        g_clear_pointer (&draft->operational, g_free);
      if (i == 4)
        draft->recovery = g_strdup (draft->operational);
      if (i == 5)
        draft->revoked = g_strdupv ((char **) nobody);
      g_assert_null (mere_trust_seal (draft, NULL, root, &error));
      g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORMAT);
    }
}

static void
assert_format_refused (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) signature = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_trust_open (bytes, signature, NULL, &error));
  g_assert_error (error, MERE_TRUST_ERROR, MERE_TRUST_ERROR_FORMAT);
}

static void
test_what_is_no_list_is_refused (void)
{
  g_auto (Lists) lists = { 0 };
  g_autofree char *text = NULL;
  gsize            size;

  assert_format_refused ("");
  assert_format_refused ("null");
  assert_format_refused ("{}");
  assert_format_refused ("[[[[[[[[[[[[[[[[[[[[[[[[");
  assert_format_refused ("{\"format\":\"merestone-trust\",\"version\":1}");

  /* A new part that may not be passed over, a second root, a list cut anywhere. */
  lists_init (&lists);
  text = g_strndup (g_bytes_get_data (lists.first->text, &size), g_bytes_get_size (lists.first->text));
  {
    g_autofree char *critical = g_strdup_printf ("{\"critical\":[\"threshold\"],%s", text + 1);
    g_autoptr (GString) roots = g_string_new (text);

    assert_format_refused (critical);
    g_string_replace (roots, "\"root\":[", "\"root\":[\"RWx\",", 1);
    assert_format_refused (roots->str);
  }
  for (gsize n = 1; n < size - 1; n += 7)
    {
      g_autofree char *cut = g_strndup (text, n);

      assert_format_refused (cut);
    }
}

static void
test_a_vault_keeps_every_version (void)
{
  g_autoptr (MereTestDay) day = mere_test_day_new ();
  MereStore *store = day->laptop->store;
  g_auto (Lists) lists = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereTrust) newest = NULL;
  g_autoptr (MereTrust) older = NULL;

  lists_init (&lists);
  g_assert_null (mere_trust_load (store, 0, &error));
  g_assert_no_error (error);
  g_assert_true (mere_trust_save (store, lists.first, &error));
  g_assert_true (mere_trust_save (store, lists.second, &error));
  newest = mere_trust_load (store, 0, &error);
  older = mere_trust_load (store, 1, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (newest->text, lists.second->text));
  g_assert_true (g_bytes_equal (older->text, lists.first->text));
  g_assert_true (g_bytes_equal (older->signature, lists.first->signature));
}

static MereHandover *
new_handover (MereSecret **from,
              MereSecret **to)
{
  MereMinisignKey key;

  if (*from == NULL)
    *from = mere_minisign_secret_new ();
  *to = mere_minisign_secret_new ();
  mere_minisign_secret_get_key (*to, &key);

  return mere_handover_seal (*from, &key, 2);
}

static void
test_a_changed_handover_is_refused (void)
{
  g_autoptr (MereSecret) from = NULL;
  g_autoptr (MereSecret) to = NULL;
  g_autoptr (MereHandover) handover = new_handover (&from, &to);
  g_autoptr (MereHandover) read = NULL;
  g_autoptr (GError) error = NULL;
  gsize       size;
  const char *bytes = g_bytes_get_data (handover->text, &size);

  read = mere_handover_open (handover->text, handover->signature, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->from, ==, handover->from);
  g_assert_cmpstr (read->to, ==, handover->to);
  g_assert_cmpuint (read->trust, ==, 2);
  for (gsize at = 0; at < size; at++)
    {
      guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) changed = NULL;

      copy[at] ^= 1;
      changed = g_bytes_new_take (copy, size);
      g_assert_null (mere_handover_open (changed, handover->signature, NULL));
    }
}

/* Whoever gets the new root to sign its own coming has signed nothing. */
static void
test_a_handover_is_the_old_roots_word_alone (void)
{
  g_autoptr (MereSecret) from = NULL;
  g_autoptr (MereSecret) to = NULL;
  g_autoptr (MereHandover) handover = new_handover (&from, &to);
  g_autoptr (GBytes) other = NULL;
  MereMinisignKey  one, two;
  g_autofree char *comment = NULL;
  g_autofree char *one_name = NULL;
  g_autofree char *two_name = NULL;
  char            *lines;

  mere_minisign_secret_get_key (from, &one);
  mere_minisign_secret_get_key (to, &two);
  one_name = mere_device_code_new (&one);
  two_name = mere_device_code_new (&two);
  comment = g_strdup_printf ("merestone-handover/1 from=%s to=%s", one_name, two_name);
  lines = mere_minisign_sign_data (to, g_bytes_get_data (handover->text, NULL), g_bytes_get_size (handover->text), comment);
  other = g_bytes_new_take (lines, strlen (lines));
  g_assert_null (mere_handover_open (handover->text, other, NULL));
}

static void
test_handovers_lead_over_any_number_of_roots (void)
{
  g_autoptr (MereSecret) one = NULL;
  g_autoptr (MereSecret) two = NULL;
  g_autoptr (MereSecret) three = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_handover_free);
  MereHandover   *first = new_handover (&one, &two);
  MereHandover   *second = new_handover (&two, &three);
  MereMinisignKey key;

  g_ptr_array_add (list, second);
  g_ptr_array_add (list, first);
  g_assert_true (mere_handover_leads (list, first->from, second->to));
  g_assert_true (mere_handover_leads (list, second->from, second->to));
  g_assert_false (mere_handover_leads (list, second->to, first->from));
  g_assert_false (mere_handover_leads (NULL, first->from, first->to));

  /* A ring leads nowhere else, and ends. */
  mere_minisign_secret_get_key (one, &key);
  g_ptr_array_add (list, mere_handover_seal (three, &key, 4));
  g_assert_false (mere_handover_leads (list, first->from, "RWnowhere"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/a-list-reads-as-it-was-sealed", test_a_list_reads_as_it_was_sealed);
  g_test_add_func ("/trust/recipients-are-both-box-keys", test_recipients_are_both_box_keys);
  g_test_add_func ("/trust/a-changed-list-is-refused", test_a_changed_list_is_refused);
  g_test_add_func ("/trust/another-root-is-told-from-a-bad-signature", test_another_root_is_told_from_a_bad_signature);
  g_test_add_func ("/trust/the-comment-is-part-of-it", test_the_comment_is_part_of_it);
  g_test_add_func ("/trust/only-the-next-version-follows", test_only_the_next_version_follows);
  g_test_add_func ("/trust/two-lists-of-one-version-are-a-fork", test_two_lists_of_one_version_are_a_fork);
  g_test_add_func ("/trust/signers-are-found-by-number", test_signers_are_found_by_number);
  g_test_add_func ("/trust/broken-lists-cannot-be-sealed", test_broken_lists_cannot_be_sealed);
  g_test_add_func ("/trust/what-is-no-list-is-refused", test_what_is_no_list_is_refused);
  g_test_add_func ("/trust/a-vault-keeps-every-version", test_a_vault_keeps_every_version);

  g_test_add_func ("/trust/a-changed-handover-is-refused", test_a_changed_handover_is_refused);
  g_test_add_func ("/trust/a-handover-is-the-old-roots-word-alone", test_a_handover_is_the_old_roots_word_alone);
  g_test_add_func ("/trust/handovers-lead-over-any-number-of-roots", test_handovers_lead_over_any_number_of_roots);

  return g_test_run ();
}
