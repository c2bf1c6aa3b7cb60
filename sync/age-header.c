/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The header of an age file: lines of text that wrap the file key for each recipient, and a MAC over them.
 * C2SP "age", sections "Header" and "X25519 recipient stanza". */

#include "config.h"

#include "sync/age-private.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "sync/base64.h"

#define VERSION_LINE "age-encryption.org/v1"
#define X25519_INFO "age-encryption.org/v1/X25519"
#define BODY_COLUMNS 64

void
mere_age_derive (const guint8 *secret,
                 gsize         secret_size,
                 const guint8 *salt,
                 gsize         salt_size,
                 const char   *info,
                 guint8        key[32])
{
  crypto_auth_hmacsha256_state state;
  guint8                       extracted[32];
  const guint8                 one = 1;

  crypto_auth_hmacsha256_init (&state, salt, salt_size);
  crypto_auth_hmacsha256_update (&state, secret, secret_size);
  crypto_auth_hmacsha256_final (&state, extracted);
  crypto_auth_hmacsha256_init (&state, extracted, sizeof extracted);
  crypto_auth_hmacsha256_update (&state, (const guint8 *) info, strlen (info));
  crypto_auth_hmacsha256_update (&state, &one, 1);
  crypto_auth_hmacsha256_final (&state, key);
  sodium_memzero (&state, sizeof state);
  sodium_memzero (extracted, sizeof extracted);
}

static gboolean
refuse (GError    **error,
        const char *message)
{
  g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_HEADER, message);

  return FALSE;
}

/* A line without its LF. Moves @rest behind it; FALSE where there is no LF any more. */
static gboolean
next_line (MereSpan *rest,
           MereSpan *line)
{
  const guint8 *end = rest->size > 0 ? memchr (rest->bytes, '\n', rest->size) : NULL;

  if (end == NULL)
    return FALSE;

  line->bytes = rest->bytes;
  line->size = end - rest->bytes;
  rest->size -= line->size + 1;
  rest->bytes = end + 1;

  return TRUE;
}

static gboolean
line_is (const MereSpan *line,
         const char     *text)
{
  return line->size == strlen (text) && memcmp (line->bytes, text, line->size) == 0;
}

static gboolean
line_begins (const MereSpan *line,
             const char     *text)
{
  return line->size >= strlen (text) && memcmp (line->bytes, text, strlen (text)) == 0;
}

static gboolean
decode_32 (const guint8 *text,
           gsize         length,
           guint8        bytes[32])
{
  return mere_base64_decode_exactly (text, length, MERE_BASE64_UNPADDED, bytes, 32);
}

static gboolean
is_base64 (const MereSpan *line)
{
  guint8 bytes[BODY_COLUMNS];
  gsize  n;

  return mere_base64_decode (line->bytes, line->size, MERE_BASE64_UNPADDED, bytes, sizeof bytes, &n);
}

/* "argument SP argument…": counts them, gives the first two. */
static gboolean
split_arguments (MereSpan line,
                 MereSpan first_two[2],
                 guint   *n_arguments)
{
  *n_arguments = 0;
  while (TRUE)
    {
      gsize length = 0;

      while (length < line.size && line.bytes[length] > 0x20 && line.bytes[length] < 0x7f)
        length++;
      if (length == 0)
        return FALSE;
      if (*n_arguments < 2)
        first_two[*n_arguments] = (MereSpan){ line.bytes, length };
      *n_arguments += 1;
      if (length == line.size)
        return TRUE;
      if (line.bytes[length] != ' ')
        return FALSE;
      line.bytes += length + 1;
      line.size -= length + 1;
    }
}

/* The lines of base64 after a stanza's arguments; gives the last one and how many came before it. */
static gboolean
read_body (MereSpan *rest,
           MereSpan *last,
           guint    *n_full,
           GError  **error)
{
  for (*n_full = 0;; *n_full += 1)
    {
      if (!next_line (rest, last))
        return refuse (error, _ ("The age header ends within a stanza."));
      if (last->size > BODY_COLUMNS || !is_base64 (last))
        return refuse (error, _ ("The age header holds a line that is no base64."));
      if (last->size < BODY_COLUMNS)
        return TRUE;
    }
}

static gboolean
read_stanza (MereAgeHeader *header,
             MereSpan       line,
             MereSpan      *rest,
             GError       **error)
{
  MereAgeStanza *stanza = &header->stanzas[header->n_stanzas];
  MereSpan       arguments[2];
  MereSpan       last;
  guint          n_arguments;
  guint          n_full;

  line.bytes += strlen ("-> ");
  line.size -= strlen ("-> ");
  if (!split_arguments (line, arguments, &n_arguments))
    return refuse (error, _ ("The age header holds a stanza without proper arguments."));
  if (!read_body (rest, &last, &n_full, error))
    return FALSE;

  /* A passphrase must be a file's only recipient, or it would vouch for files that others can write. */
  if (line_is (&arguments[0], "scrypt"))
    return refuse (error, _ ("The age file is encrypted with a passphrase; only keys are used here."));
  if (!line_is (&arguments[0], "X25519"))
    return TRUE;

  if (n_arguments != 2 || !decode_32 (arguments[1].bytes, arguments[1].size, stanza->share))
    return refuse (error, _ ("The age header holds an X25519 stanza with a bad share."));
  if (n_full != 0 || !decode_32 (last.bytes, last.size, stanza->body))
    return refuse (error, _ ("The age header holds an X25519 stanza with a bad body."));
  header->n_stanzas++;

  return TRUE;
}

gboolean
mere_age_header_parse (MereAgeHeader *header,
                       const guint8  *bytes,
                       gsize          size,
                       GError       **error)
{
  MereSpan rest = { bytes, MIN (size, MERE_AGE_MAX_HEADER) };
  MereSpan line;
  guint    n_stanzas = 0;

  header->n_stanzas = 0;
  if (!next_line (&rest, &line) || !line_is (&line, VERSION_LINE))
    return refuse (error, _ ("This is no age file of version 1."));

  while (next_line (&rest, &line) && line_begins (&line, "-> "))
    {
      if (n_stanzas++ == MERE_AGE_MAX_STANZAS)
        return refuse (error, _ ("The age header has too many stanzas."));
      if (!read_stanza (header, line, &rest, error))
        return FALSE;
    }
  if (n_stanzas == 0 || !line_begins (&line, "--- ") || line.bytes + line.size + 1 != rest.bytes)
    return refuse (error, _ ("The age header is cut or holds a line that does not belong there."));
  if (!decode_32 (line.bytes + 4, line.size - 4, header->mac))
    return refuse (error, _ ("The age header does not end in a proper MAC."));

  header->mac_size = line.bytes - bytes + strlen ("---");
  header->size = rest.bytes - bytes;

  return TRUE;
}

/* The key that wraps the file key between a share and a recipient; FALSE where the shared secret is all zero. */
static gboolean
wrap_key (const guint8 secret[32],
          const guint8 point[32],
          const guint8 share[32],
          const guint8 recipient[32],
          guint8       key[32])
{
  guint8 shared[32];
  guint8 salt[64];

  if (crypto_scalarmult (shared, secret, point) != 0)
    return FALSE;

  memcpy (salt, share, 32);
  memcpy (salt + 32, recipient, 32);
  mere_age_derive (shared, sizeof shared, salt, sizeof salt, X25519_INFO, key);
  sodium_memzero (shared, sizeof shared);

  return TRUE;
}

static const guint8 zero_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

/* Whether @identity opens one of the stanzas. */
static gboolean
unwrap (const MereAgeHeader *header,
        const MereSecret    *identity,
        guint8               file_key[MERE_AGE_FILE_KEY_SIZE],
        gboolean            *found,
        GError             **error)
{
  const guint8 *secret = mere_secret_get_data (identity);
  guint8        recipient[32];

  *found = FALSE;
  crypto_scalarmult_base (recipient, secret);
  for (guint i = 0; i < header->n_stanzas && !*found; i++)
    {
      const MereAgeStanza *stanza = &header->stanzas[i];
      guint8               key[32];

      if (!wrap_key (secret, stanza->share, stanza->share, recipient, key))
        return refuse (error, _ ("The age header holds a share of low order."));
      *found = crypto_aead_chacha20poly1305_ietf_decrypt (file_key, NULL, NULL, stanza->body, sizeof stanza->body,
                                                          NULL, 0, zero_nonce, key) == 0;
      sodium_memzero (key, sizeof key);
    }

  return TRUE;
}

static void
compute_mac (const guint8  file_key[MERE_AGE_FILE_KEY_SIZE],
             const guint8 *bytes,
             gsize         size,
             guint8        mac[MERE_AGE_MAC_SIZE])
{
  guint8 key[32];

  mere_age_derive (file_key, MERE_AGE_FILE_KEY_SIZE, (const guint8 *) "", 0, "header", key);
  crypto_auth_hmacsha256 (mac, bytes, size, key);
  sodium_memzero (key, sizeof key);
}

gboolean
mere_age_header_open (const MereAgeHeader *header,
                      const guint8        *bytes,
                      GPtrArray           *identities,
                      guint8               file_key[MERE_AGE_FILE_KEY_SIZE],
                      guint               *identity,
                      GError             **error)
{
  guint8   mac[MERE_AGE_MAC_SIZE];
  gboolean found = FALSE;

  for (guint i = 0; i < identities->len && !found; i++)
    {
      if (!unwrap (header, identities->pdata[i], file_key, &found, error))
        return FALSE;
      *identity = i;
    }
  if (!found)
    {
      g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_NO_MATCH,
                           _ ("The age file is encrypted to others; no key here opens it."));
      return FALSE;
    }

  compute_mac (file_key, bytes, header->mac_size, mac);
  if (sodium_memcmp (mac, header->mac, sizeof mac) != 0)
    {
      sodium_memzero (file_key, MERE_AGE_FILE_KEY_SIZE);
      g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_MAC,
                           _ ("The age header was changed after it was made."));
      return FALSE;
    }

  return TRUE;
}

static void
append_base64 (GString      *text,
               const guint8 *bytes,
               gsize         size)
{
  g_autofree char *encoded = mere_base64_encode (bytes, size, MERE_BASE64_UNPADDED);

  g_string_append (text, encoded);
}

static gboolean
append_stanza (GString     *text,
               const char  *recipient_text,
               const guint8 file_key[MERE_AGE_FILE_KEY_SIZE],
               const guint8 ephemeral[32],
               GError     **error)
{
  guint8 recipient[32], share[32], key[32], body[MERE_AGE_WRAPPED_SIZE];

  if (!mere_age_recipient_parse (recipient_text, recipient, error))
    return FALSE;

  crypto_scalarmult_base (share, ephemeral);
  if (!wrap_key (ephemeral, recipient, share, recipient, key))
    {
      g_set_error_literal (error, MERE_AGE_ERROR, MERE_AGE_ERROR_KEY,
                           _ ("This age recipient is a point of low order: nobody can be meant by it."));
      return FALSE;
    }
  crypto_aead_chacha20poly1305_ietf_encrypt (body, NULL, file_key, MERE_AGE_FILE_KEY_SIZE, NULL, 0, NULL, zero_nonce, key);
  sodium_memzero (key, sizeof key);

  g_string_append (text, "-> X25519 ");
  append_base64 (text, share, sizeof share);
  g_string_append_c (text, '\n');
  append_base64 (text, body, sizeof body);
  g_string_append_c (text, '\n');

  return TRUE;
}

GString *
mere_age_header_new (const char *const *recipients,
                     const guint8       file_key[MERE_AGE_FILE_KEY_SIZE],
                     const guint8      *ephemeral,
                     GError           **error)
{
  g_autoptr (GString) text = g_string_new (VERSION_LINE "\n");
  guint8 mac[MERE_AGE_MAC_SIZE];

  for (gsize i = 0; recipients[i] != NULL; i++)
    {
      guint8   random[32];
      gboolean appended;

      if (ephemeral != NULL)
        memcpy (random, ephemeral + 32 * i, sizeof random);
      else
        randombytes_buf (random, sizeof random);
      appended = append_stanza (text, recipients[i], file_key, random, error);
      sodium_memzero (random, sizeof random);
      if (!appended)
        return NULL;
    }

  g_string_append (text, "---");
  compute_mac (file_key, (const guint8 *) text->str, text->len, mac);
  g_string_append_c (text, ' ');
  append_base64 (text, mac, sizeof mac);
  g_string_append_c (text, '\n');

  return g_steal_pointer (&text);
}
