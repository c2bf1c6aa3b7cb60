/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "String Functions". Positions count characters, not bytes. */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/bounds.h"

#include <math.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

static void
fn_string (CALL_ARGS)
{
  if (n_args == 0)
    {
      char       *owned;
      const char *text = mere_any_to_string (evaluation->item, &owned);

      mere_value_take (result, owned != NULL ? owned : g_strdup (text));
    }
  else
    mere_value_take (result, mere_evaluate_string (evaluation, args[0]));
}

/* Text of a value, or of each of its nodes. */
static void
append_all (MereEvaluation *evaluation, MereExpr *arg, GString *out, const char *separator, gboolean *first)
{
  MereValue value;

  mere_evaluate (evaluation, arg, &value);
  for (guint i = 0; i < (value.kind == MERE_VALUE_NODES ? value.nodes.n : 1); i++)
    {
      g_autofree char *owned = NULL;
      const char      *text = value.kind == MERE_VALUE_NODES ? mere_any_to_string (value.nodes.items[i], &owned) : mere_value_to_string (&value, &owned);

      if (!*first)
        g_string_append (out, separator);
      *first = FALSE;
      if (out->len + strlen (text) <= MERE_LIMIT_RESULT_BYTES)
        g_string_append (out, text);
    }
  mere_value_clear (&value);
}

static void
fn_concat (CALL_ARGS)
{
  GString *out = g_string_new (NULL);
  gboolean first = TRUE;

  for (guint i = 0; i < n_args; i++)
    append_all (evaluation, args[i], out, "", &first);
  mere_value_take (result, g_string_free (out, FALSE));
}

static void
fn_join (CALL_ARGS)
{
  g_autofree char *separator = mere_evaluate_string (evaluation, args[0]);
  GString         *out = g_string_new (NULL);
  gboolean         first = TRUE;

  for (guint i = 1; i < n_args; i++)
    append_all (evaluation, args[i], out, separator, &first);
  mere_value_take (result, g_string_free (out, FALSE));
}

static char *
slice (const char *text, glong start, glong end)
{
  glong length = g_utf8_strlen (text, -1);

  start = CLAMP (start, 0, length);
  end = CLAMP (end, 0, length);
  return start < end ? g_utf8_substring (text, start, end) : g_strdup ("");
}

static glong
to_index (double number, glong otherwise)
{
  if (isnan (number))
    return otherwise;
  return (glong) CLAMP (number, -1e9, 1e9);
}

static void
fn_substr (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  glong            length = g_utf8_strlen (text, -1);
  glong            start = to_index (mere_evaluate_number (evaluation, args[1]), length);
  glong            end = n_args > 2 ? to_index (mere_evaluate_number (evaluation, args[2]), 0) : length;

  mere_value_take (result, slice (text, start < 0 ? start + length : start, end < 0 ? end + length : end));
}

/* XPath 1.0: characters whose position is at least round(start) and less than round(start) + round(length). */
static void
fn_substring (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  double           start = floor (mere_evaluate_number (evaluation, args[1]) + 0.5);
  double           end = n_args > 2 ? start + floor (mere_evaluate_number (evaluation, args[2]) + 0.5) : INFINITY;

  if (isnan (start) || isnan (end))
    mere_value_borrow (result, "");
  else
    mere_value_take (result, slice (text, to_index (start - 1, 0), to_index (end - 1, 0)));
}

static void
fn_substring_before (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  g_autofree char *needle = mere_evaluate_string (evaluation, args[1]);
  const char      *found = strstr (text, needle);

  mere_value_take (result, found != NULL ? g_strndup (text, found - text) : g_strdup (""));
}

static void
fn_substring_after (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  g_autofree char *needle = mere_evaluate_string (evaluation, args[1]);
  const char      *found = strstr (text, needle);

  mere_value_take (result, found != NULL ? g_strdup (found + strlen (needle)) : g_strdup (""));
}

static void
fn_translate (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  g_autofree char *from = mere_evaluate_string (evaluation, args[1]);
  g_autofree char *to = mere_evaluate_string (evaluation, args[2]);
  GString         *out = g_string_new (NULL);
  glong            to_length = g_utf8_strlen (to, -1);
  guint            cost = 1 + (guint) (strlen (from) / 16);

  for (const char *at = text; *at != '\0' && mere_evaluation_step (evaluation, cost); at = g_utf8_next_char (at))
    {
      gunichar    c = g_utf8_get_char (at);
      const char *found = g_utf8_strchr (from, -1, c);
      glong       index = found != NULL ? g_utf8_pointer_to_offset (from, found) : -1;

      if (index < 0)
        g_string_append_unichar (out, c);
      else if (index < to_length)
        g_string_append_unichar (out, g_utf8_get_char (g_utf8_offset_to_pointer (to, index)));
    }
  mere_value_take (result, g_string_free (out, FALSE));
}

static void
fn_string_length (CALL_ARGS)
{
  g_autofree char *owned = NULL;
  const char      *text = n_args > 0 ? mere_evaluate_borrow (evaluation, args[0], &owned) : mere_any_to_string (evaluation->item, &owned);

  mere_value_number (result, g_utf8_strlen (text, -1));
}

static void
fn_normalize_space (CALL_ARGS)
{
  g_autofree char *owned = NULL;
  const char      *text = n_args > 0 ? mere_evaluate_borrow (evaluation, args[0], &owned) : mere_any_to_string (evaluation->item, &owned);
  GString         *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (!mere_is_xml_space (*text))
        g_string_append_c (out, *text);
      else if (out->len > 0 && !mere_is_xml_space (text[1]) && text[1] != '\0')
        g_string_append_c (out, ' ');
    }
  mere_value_take (result, g_string_free (out, FALSE));
}

static void
fn_contains (CALL_ARGS)
{
  g_autofree char *owned = NULL, *owned_needle = NULL;
  const char      *text = mere_evaluate_borrow (evaluation, args[0], &owned);

  mere_value_boolean (result, strstr (text, mere_evaluate_borrow (evaluation, args[1], &owned_needle)) != NULL);
}

static void
fn_starts_with (CALL_ARGS)
{
  g_autofree char *owned = NULL, *owned_needle = NULL;
  const char      *text = mere_evaluate_borrow (evaluation, args[0], &owned);

  mere_value_boolean (result, g_str_has_prefix (text, mere_evaluate_borrow (evaluation, args[1], &owned_needle)));
}

static void
fn_ends_with (CALL_ARGS)
{
  g_autofree char *owned = NULL, *owned_needle = NULL;
  const char      *text = mere_evaluate_borrow (evaluation, args[0], &owned);

  mere_value_boolean (result, g_str_has_suffix (text, mere_evaluate_borrow (evaluation, args[1], &owned_needle)));
}

static void
fn_uuid (CALL_ARGS)
{
  double   length = n_args > 0 ? mere_evaluate_number (evaluation, args[0]) : 36;
  GString *out = g_string_new (NULL);

  while (out->len < CLAMP (length, 0, 65536))
    {
      g_autofree char *uuid = g_uuid_string_random ();

      g_string_append (out, uuid);
    }
  g_string_truncate (out, (gsize) CLAMP (length, 0, 65536));
  mere_value_take (result, g_string_free (out, FALSE));
}

static const struct
{
  const char *name;
  const char *evp;
} digests[] = {
  { "MD5", "MD5" },
  { "SHA-1", "SHA1" },
  { "SHA-256", "SHA256" },
  { "SHA-384", "SHA384" },
  { "SHA-512", "SHA512" },
};

static gboolean
hash (const char *text, const char *algorithm, guint8 *out, guint *length)
{
  for (guint i = 0; i < G_N_ELEMENTS (digests); i++)
    if (g_ascii_strcasecmp (digests[i].name, algorithm) == 0)
      return EVP_Digest (text, strlen (text), out, length, EVP_get_digestbyname (digests[i].evp), NULL) == 1;
  return FALSE;
}

static char *
to_hex (const guint8 *bytes, guint n)
{
  GString *out = g_string_sized_new (2 * n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, "%02x", bytes[i]);
  return g_string_free (out, FALSE);
}

static void
fn_digest (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  g_autofree char *algorithm = mere_evaluate_string (evaluation, args[1]);
  g_autofree char *encoding = n_args > 2 ? mere_evaluate_string (evaluation, args[2]) : NULL;
  guint8           bytes[EVP_MAX_MD_SIZE];
  guint            length = 0;

  if (!hash (text, algorithm, bytes, &length))
    mere_value_borrow (result, "");
  else if (g_strcmp0 (encoding, "hex") == 0)
    mere_value_take (result, to_hex (bytes, length));
  else
    mere_value_take (result, g_base64_encode (bytes, length));
}

/* As browsers do: white space and missing padding are forgiven, other letters are not. */
static char *
normalise_base64 (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (g_ascii_isspace (*text))
        continue;
      if (*text == '=' && text[1 + strspn (text + 1, "= \t\r\n")] == '\0')
        break;
      if (!g_ascii_isalnum (*text) && *text != '+' && *text != '/')
        return g_string_free (out, TRUE);
      g_string_append_c (out, *text);
    }
  if (out->len % 4 == 1)
    return g_string_free (out, TRUE);
  while (out->len % 4 != 0)
    g_string_append_c (out, '=');
  return g_string_free (out, FALSE);
}

/* NULL for what is no base64. */
static guchar *
decode_base64 (const char *text, gsize *length)
{
  g_autofree char *normal = normalise_base64 (text);

  return normal != NULL && *normal != '\0' ? g_base64_decode (normal, length) : NULL;
}

static void
take_bytes (MereValue *result, const guchar *bytes, gsize length)
{
  if (length == 0 || memchr (bytes, 0, length) != NULL)
    mere_value_borrow (result, "");
  else
    mere_value_take (result, g_utf8_make_valid ((const char *) bytes, length));
}

static void
fn_base64_decode (CALL_ARGS)
{
  g_autofree char   *text = mere_evaluate_string (evaluation, args[0]);
  gsize              length = 0;
  g_autofree guchar *bytes = decode_base64 (text, &length);

  take_bytes (result, bytes, bytes != NULL ? length : 0);
}

/* Of ODK Collect, for codes that a form can trust: base64 of an Ed25519 signature and what it signs. What was signed,
 * where the signature is by that key; else nothing. */
static void
fn_extract_signed (CALL_ARGS)
{
  g_autofree char   *text = mere_evaluate_string (evaluation, args[0]);
  g_autofree char   *key_text = mere_evaluate_string (evaluation, args[1]);
  gsize              length = 0, key_length = 0;
  g_autofree guchar *bytes = decode_base64 (text, &length);
  g_autofree guchar *key = decode_base64 (key_text, &key_length);

  mere_value_borrow (result, "");
  if (bytes == NULL || key == NULL || key_length != crypto_sign_PUBLICKEYBYTES || length <= crypto_sign_BYTES)
    return;
  if (crypto_sign_verify_detached (bytes, bytes + crypto_sign_BYTES, length - crypto_sign_BYTES, key) == 0)
    take_bytes (result, bytes + crypto_sign_BYTES, length - crypto_sign_BYTES);
}

/* pulldata() was given a look-up when it was bound: instance(id)/root/item[query_element = $query]/desired_element. */
static void
fn_pulldata (CALL_ARGS)
{
  g_autofree char *query = NULL;
  const char      *outer = evaluation->query;

  if (n_args != 2)
    {
      mere_value_borrow (result, "");
      return;
    }
  query = mere_evaluate_string (evaluation, args[0]);
  evaluation->query = query;
  mere_value_take (result, mere_evaluate_string (evaluation, args[1]));
  evaluation->query = outer;
}

static void
fn_itext (CALL_ARGS)
{
  g_autofree char *id = mere_evaluate_string (evaluation, args[0]);

  mere_value_take (result, mere_itext_show (evaluation->session, evaluation->current, id));
}

static void
fn_version (CALL_ARGS)
{
  mere_value_borrow (result, mere_form_get_version (evaluation->form));
}

const MereFunction mere_functions_string[] = {
  { "string", 0, 1, fn_string, MERE_FUNCTION_CONTEXT },
  { "concat", 0, -1, fn_concat, 0 },
  { "join", 1, -1, fn_join, 0 },
  { "substr", 2, 3, fn_substr, 0 },
  { "substring", 2, 3, fn_substring, 0 },
  { "substring-before", 2, 2, fn_substring_before, 0 },
  { "substring-after", 2, 2, fn_substring_after, 0 },
  { "translate", 3, 3, fn_translate, 0 },
  { "string-length", 0, 1, fn_string_length, MERE_FUNCTION_CONTEXT },
  { "normalize-space", 0, 1, fn_normalize_space, MERE_FUNCTION_CONTEXT },
  { "contains", 2, 2, fn_contains, 0 },
  { "starts-with", 2, 2, fn_starts_with, 0 },
  { "ends-with", 2, 2, fn_ends_with, 0 },
  { "uuid", 0, 1, fn_uuid, MERE_FUNCTION_VOLATILE | MERE_FUNCTION_CHANCE },
  { "digest", 2, 3, fn_digest, 0 },
  { "base64-decode", 1, 1, fn_base64_decode, 0 },
  { "extract-signed", 2, 2, fn_extract_signed, 0 },
  { "pulldata", 4, 4, fn_pulldata, 0 },
  { "jr:itext", 1, 1, fn_itext, MERE_FUNCTION_LANGUAGE },
  { "itext", 1, 1, fn_itext, MERE_FUNCTION_LANGUAGE },
  { "version", 0, 0, fn_version, 0 },
  { NULL },
};
