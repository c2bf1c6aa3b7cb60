/* SPDX-License-Identifier: GPL-3.0-or-later */

/* minisign's signatures and public keys as text. Against minisign itself: test-stock.c. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "sync/minisign.h"

#define CONTENT "merestone, milestone"
#define COMMENT "merestone-bundle/1 b=k7q2m9xd-01-000042"

typedef struct
{
  MereSecret     *secret;
  MereMinisignKey key;
  char           *text; /* of a signature over CONTENT */
} Signer;

static void
signer_init (Signer *self)
{
  self->secret = mere_minisign_secret_new ();
  mere_minisign_secret_get_key (self->secret, &self->key);
  self->text = mere_minisign_sign_data (self->secret, CONTENT, strlen (CONTENT), COMMENT);
}

static void
signer_clear (Signer *self)
{
  mere_secret_free (self->secret);
  g_free (self->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signer, signer_clear)

/* 0, or the code with which text or signature is refused. */
static int
judge (const Signer *signer,
       const char   *text,
       gsize         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereMinisign) signature = mere_minisign_parse (text, size, &error);

  if (signature == NULL || !mere_minisign_verify_data (signature, &signer->key, CONTENT, strlen (CONTENT), &error))
    {
      g_assert_true (error->domain == MERE_MINISIGN_ERROR);
      return error->code;
    }

  return 0;
}

static void
test_a_signature_holds_for_its_content_alone (void)
{
  g_auto (Signer) signer;
  g_autoptr (MereMinisign) signature = NULL;
  g_autoptr (GError) error = NULL;

  signer_init (&signer);
  signature = mere_minisign_parse (signer.text, strlen (signer.text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (signature->trusted_comment, ==, COMMENT);
  g_assert_true (mere_minisign_verify_data (signature, &signer.key, CONTENT, strlen (CONTENT), &error));
  g_assert_false (mere_minisign_verify_data (signature, &signer.key, CONTENT, strlen (CONTENT) - 1, &error));
  g_assert_error (error, MERE_MINISIGN_ERROR, MERE_MINISIGN_ERROR_SIGNATURE);
}

static void
test_another_key_is_told_apart_by_its_number (void)
{
  g_auto (Signer) signer;
  g_auto (Signer) other;

  signer_init (&signer);
  signer_init (&other);
  g_assert_cmpint (judge (&other, signer.text, strlen (signer.text)), ==, MERE_MINISIGN_ERROR_SIGNER);
  memcpy (other.key.number, signer.key.number, sizeof other.key.number);
  g_assert_cmpint (judge (&other, signer.text, strlen (signer.text)), ==, MERE_MINISIGN_ERROR_SIGNATURE);
}

/* Lines 2 to 4: nothing of them can be changed, not even to another spelling of the same. */
static void
test_every_changed_bit_is_refused (void)
{
  g_auto (Signer) signer;
  gsize start, size;

  signer_init (&signer);
  size = strlen (signer.text);
  start = strchr (signer.text, '\n') - signer.text + 1;
  for (gsize bit = 8 * start; bit < 8 * (size - 1); bit++)
    {
      signer.text[bit / 8] ^= (char) (1 << bit % 8);
      g_assert_cmpint (judge (&signer, signer.text, size), !=, 0);
      signer.text[bit / 8] ^= (char) (1 << bit % 8);
    }
  g_assert_cmpint (judge (&signer, signer.text, size), ==, 0);
}

static void
test_every_cut_is_refused (void)
{
  g_auto (Signer) signer;

  signer_init (&signer);
  for (gsize size = 0; size < strlen (signer.text) - 1; size++)
    g_assert_cmpint (judge (&signer, signer.text, size), ==, MERE_MINISIGN_ERROR_FORMAT);
}

/* @text with one of its four lines replaced. */
static char *
with_line (const char *text,
           guint       number,
           const char *line)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_free (lines[number]);
  lines[number] = g_strdup (line);

  return g_strjoinv ("\n", lines);
}

static void
test_the_untrusted_comment_says_nothing (void)
{
  g_auto (Signer) signer;
  g_autofree char *other = NULL;
  g_autofree char *none = NULL;

  signer_init (&signer);
  other = with_line (signer.text, 0, "untrusted comment: \xff anything at all");
  none = with_line (signer.text, 0, "comment: none");
  g_assert_cmpint (judge (&signer, other, strlen (other)), ==, 0);
  g_assert_cmpint (judge (&signer, none, strlen (none)), ==, MERE_MINISIGN_ERROR_FORMAT);
}

static void
test_line_ends_may_be_those_of_a_mail (void)
{
  g_auto (Signer) signer;
  g_auto (GStrv) lines = NULL;
  g_autofree char *mailed = NULL;

  signer_init (&signer);
  lines = g_strsplit (signer.text, "\n", -1);
  mailed = g_strjoinv ("\r\n", lines);
  g_assert_cmpint (judge (&signer, mailed, strlen (mailed)), ==, 0);
}

/* "Ed" signs the content itself, not its hash; minisign still takes it unless told otherwise. */
static void
test_legacy_signatures_are_refused (void)
{
  g_auto (Signer) signer;
  g_auto (GStrv) lines = NULL;
  guint8           bytes[74];
  char             encoded[101];
  gsize            n;
  g_autofree char *legacy = NULL;

  signer_init (&signer);
  lines = g_strsplit (signer.text, "\n", -1);
  g_assert_cmpint (sodium_base642bin (bytes, sizeof bytes, lines[1], strlen (lines[1]), NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL), ==, 0);
  bytes[1] = 'd';
  crypto_sign_detached (bytes + 10, NULL, (const guint8 *) CONTENT, strlen (CONTENT), mere_secret_get_data (signer.secret) + 8);
  sodium_bin2base64 (encoded, sizeof encoded, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
  legacy = with_line (signer.text, 1, encoded);
  g_assert_cmpint (judge (&signer, legacy, strlen (legacy)), ==, MERE_MINISIGN_ERROR_FORMAT);
}

static void
test_more_than_four_lines_and_long_ones_are_refused (void)
{
  g_auto (Signer) signer;
  g_autofree char *longer = NULL;
  g_autofree char *filler = g_strnfill (MERE_MINISIGN_MAX_SIZE, 'x');
  g_autofree char *line = g_strconcat ("untrusted comment: ", filler, NULL);
  g_autofree char *huge = NULL;

  signer_init (&signer);
  longer = g_strconcat (signer.text, "another line\n", NULL);
  huge = with_line (signer.text, 0, line);
  g_assert_cmpint (judge (&signer, longer, strlen (longer)), ==, MERE_MINISIGN_ERROR_FORMAT);
  g_assert_cmpint (judge (&signer, huge, strlen (huge)), ==, MERE_MINISIGN_ERROR_FORMAT);
}

static void
test_public_keys_survive_their_texts (void)
{
  g_auto (Signer) signer;
  MereMinisignKey  again;
  g_autofree char *text = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GError) error = NULL;

  signer_init (&signer);
  text = mere_minisign_key_to_text (&signer.key);
  file = mere_minisign_key_to_file (&signer.key);
  g_assert_cmpuint (strlen (text), ==, 56);
  g_assert_true (g_str_has_prefix (text, "RW"));
  g_assert_true (mere_minisign_key_parse (text, &again, &error));
  g_assert_true (mere_minisign_key_equal (&again, &signer.key));
  g_assert_true (mere_minisign_key_parse (file, &again, &error));
  g_assert_true (mere_minisign_key_equal (&again, &signer.key));
}

static void
test_texts_that_are_no_public_key_are_refused (void)
{
  static const char *const wrong[] = {
    "",
    "RW",
    "untrusted comment: minisign public key\n",
    "untrusted comment: minisign public key\nRWQ\n",
    "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO",  /* one too few */
    "RUQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", /* of another kind */
    "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\nmore",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      MereMinisignKey key;
      g_autoptr (GError) error = NULL;

      g_assert_false (mere_minisign_key_parse (wrong[i], &key, &error));
      g_assert_error (error, MERE_MINISIGN_ERROR, MERE_MINISIGN_ERROR_KEY);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/minisign/a-signature-holds-for-its-content-alone", test_a_signature_holds_for_its_content_alone);
  g_test_add_func ("/minisign/another-key-is-told-apart-by-its-number", test_another_key_is_told_apart_by_its_number);
  g_test_add_func ("/minisign/every-changed-bit-is-refused", test_every_changed_bit_is_refused);
  g_test_add_func ("/minisign/every-cut-is-refused", test_every_cut_is_refused);
  g_test_add_func ("/minisign/the-untrusted-comment-says-nothing", test_the_untrusted_comment_says_nothing);
  g_test_add_func ("/minisign/line-ends-may-be-those-of-a-mail", test_line_ends_may_be_those_of_a_mail);
  g_test_add_func ("/minisign/legacy-signatures-are-refused", test_legacy_signatures_are_refused);
  g_test_add_func ("/minisign/more-than-four-lines-and-long-ones-are-refused", test_more_than_four_lines_and_long_ones_are_refused);
  g_test_add_func ("/minisign/public-keys-survive-their-texts", test_public_keys_survive_their_texts);
  g_test_add_func ("/minisign/texts-that-are-no-public-key-are-refused", test_texts_that_are_no_public_key_are_refused);

  return g_test_run ();
}
