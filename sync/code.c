/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Digits that people read to each other: 79.7 bits of a hash over both public keys, in groups of five, the last digit
 * Damm's, which finds every single wrong digit and every swap of neighbours. */

#include "config.h"

#include "sync/code.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DOMAIN_TEXT "merestone-code/1"
#define GROUP 5

G_DEFINE_QUARK (mere_code_error, mere_code_error)

/* Damm, "Total anti-symmetrische Quasigruppen", 2004: the totally anti-symmetric quasigroup of order 10. */
static const guint8 damm[10][10] = {
  { 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 },
  { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 },
  { 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 },
  { 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 },
  { 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 },
  { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
  { 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 },
  { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
  { 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 },
  { 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};

/* The digit that makes a number whose check is 0; of a number with its check digit: 0 where it fits. */
static guint
check_digit (const char *digits,
             gsize       n)
{
  guint interim = 0;

  for (gsize i = 0; i < n; i++)
    interim = damm[interim][digits[i] - '0'];

  return interim;
}

/* The hash as a big-endian number modulo 10^24, in decimal. */
static void
write_digits (const guint8 hash[MERE_CONTENT_SIZE],
              char         digits[MERE_CODE_LENGTH])
{
  const unsigned __int128 limit = (unsigned __int128) 1000000000000 * 1000000000000;
  unsigned __int128       rest = 0;

  for (gsize i = 0; i < MERE_CONTENT_SIZE; i++)
    rest = (rest << 8 | hash[i]) % limit;
  for (int i = MERE_CODE_LENGTH - 2; i >= 0; i--, rest /= 10)
    digits[i] = '0' + (char) (rest % 10);
}

void
mere_code_put (const guint8 hash[MERE_CODE_HASH],
               char         digits[MERE_CODE_LENGTH])
{
  G_STATIC_ASSERT (MERE_CODE_HASH == MERE_CONTENT_SIZE);

  write_digits (hash, digits);
  digits[MERE_CODE_LENGTH - 1] = '0' + (char) check_digit (digits, MERE_CODE_LENGTH - 1);
}

char *
mere_code_new (const char            *role,
               const MereMinisignKey *sign_key,
               const char            *box_key,
               GError               **error)
{
  char    *digits;
  guint8   box[MERE_AGE_KEY_SIZE];
  guint8   hash[MERE_CONTENT_SIZE];
  MereHash state;

  if (!mere_age_recipient_parse (box_key, box, error))
    return NULL;

  mere_hash_init (&state, MERE_CONTENT_SIZE);
  mere_hash_update (&state, DOMAIN_TEXT, strlen (DOMAIN_TEXT));
  mere_hash_update (&state, role, strlen (role));
  mere_hash_update (&state, sign_key->key, sizeof sign_key->key);
  mere_hash_update (&state, box, sizeof box);
  mere_hash_finish (&state, hash);

  digits = g_malloc (MERE_CODE_LENGTH + 1);
  mere_code_put (hash, digits);
  digits[MERE_CODE_LENGTH] = '\0';

  return digits;
}

char *
mere_code_group (const char *code)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; code[i] != '\0'; i++)
    {
      if (i > 0 && i % GROUP == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, code[i]);
    }

  return g_string_free (text, FALSE);
}

/* What people put between groups. */
static gboolean
is_filler (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || g_unichar_type (c) == G_UNICODE_FORMAT || c == '.' || c == '_';
}

char *
mere_code_read (const char *typed,
                GError    **error)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  if (!g_utf8_validate (typed, -1, NULL))
    typed = "?";
  for (const char *at = typed; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      int      value = g_unichar_digit_value (c);

      if (value >= 0)
        g_string_append_c (digits, '0' + (char) value);
      else if (!is_filler (c))
        {
          g_set_error (error, MERE_CODE_ERROR, MERE_CODE_ERROR_DIGIT,
                       _ ("A code has digits only; “%.*s” is none."), (int) (g_utf8_next_char (at) - at), at);
          return NULL;
        }
    }
  if (digits->len != MERE_CODE_LENGTH)
    {
      g_set_error (error, MERE_CODE_ERROR, MERE_CODE_ERROR_LENGTH,
                   _ ("A code has %d digits; these are %zu."), MERE_CODE_LENGTH, digits->len);
      return NULL;
    }
  if (check_digit (digits->str, digits->len) != 0)
    {
      g_set_error_literal (error, MERE_CODE_ERROR, MERE_CODE_ERROR_TYPING,
                           _ ("One digit is wrong, or two are swapped. Compare the groups and type them again."));
      return NULL;
    }

  return g_string_free (g_steal_pointer (&digits), FALSE);
}

gboolean
mere_code_compare (const char *code,
                   const char *typed,
                   GError    **error)
{
  g_autofree char *digits = mere_code_read (typed, error);

  if (digits == NULL)
    return FALSE;
  if (strcmp (digits, code) == 0)
    return TRUE;

  g_set_error_literal (error, MERE_CODE_ERROR, MERE_CODE_ERROR_DIFFERS,
                       _ ("This code is of other keys than those that came. Nothing was trusted; ask the other side before you go on."));

  return FALSE;
}

/* Crockford's base 32: no i, l, o, u. */
const char mere_code_alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

char *
mere_device_code_new (const MereMinisignKey *sign_key)
{
  guint8  hash[MERE_CONTENT_SIZE];
  guint64 bits = 0;
  char   *code = g_malloc (MERE_DEVICE_CODE_LENGTH + 1);

  crypto_generichash (hash, sizeof hash, sign_key->key, sizeof sign_key->key, NULL, 0);
  for (int i = 0; i < 5; i++)
    bits = bits << 8 | hash[i];
  for (int i = MERE_DEVICE_CODE_LENGTH - 1; i >= 0; i--, bits >>= 5)
    code[i] = mere_code_alphabet[bits & 31];
  code[MERE_DEVICE_CODE_LENGTH] = '\0';

  return code;
}

gboolean
mere_device_code_is (const char *text)
{
  gsize i;

  for (i = 0; i < MERE_DEVICE_CODE_LENGTH; i++)
    if (text[i] == '\0' || strchr (mere_code_alphabet, text[i]) == NULL)
      return FALSE;

  return text[i] == '\0';
}
