/* SPDX-License-Identifier: GPL-3.0-or-later */

/* minisign's files: a public key is "Ed", number, key; a signature file is a comment, the signature ("ED", number, Ed25519
 * over BLAKE2b-512 of the content), a trusted comment, and the signature of signature and trusted comment together. */

#include "config.h"

#include "sync/minisign.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/base64.h"

#define UNTRUSTED_PREFIX "untrusted comment: "
#define TRUSTED_PREFIX "trusted comment: "
#define NUMBER_SIZE 8

/* The structures inside the base64; bytes only, so there is no padding. */
typedef struct
{
  guint8          algorithm[2]; /* "Ed": the key's, whatever it signs */
  MereMinisignKey key;
} PublicKey;

typedef struct
{
  guint8 algorithm[2]; /* "ED": prehashed */
  guint8 number[NUMBER_SIZE];
  guint8 signature[crypto_sign_BYTES];
} Signature;

G_STATIC_ASSERT (sizeof (PublicKey) == 42);
G_STATIC_ASSERT (sizeof (Signature) == 74);

G_DEFINE_QUARK (mere_minisign_error, mere_minisign_error)

MereSecret *
mere_minisign_secret_new (void)
{
  MereSecret *secret = mere_secret_new (MERE_MINISIGN_SECRET_SIZE);
  guint8      key[crypto_sign_PUBLICKEYBYTES];

  randombytes_buf (mere_secret_get_data (secret), NUMBER_SIZE);
  crypto_sign_keypair (key, mere_secret_get_data (secret) + NUMBER_SIZE);

  return secret;
}

void
mere_minisign_secret_get_key (const MereSecret *secret,
                              MereMinisignKey  *key)
{
  const guint8 *bytes = mere_secret_get_data (secret);

  memcpy (key->number, bytes, NUMBER_SIZE);
  crypto_sign_ed25519_sk_to_pk (key->key, bytes + NUMBER_SIZE);
}

/* One line of a text that may hold any bytes. */
static gboolean
next_line (MereSpan *rest,
           MereSpan *line)
{
  const guint8 *end = rest->size > 0 ? memchr (rest->bytes, '\n', rest->size) : NULL;
  gsize         length = end != NULL ? (gsize) (end - rest->bytes) : rest->size;

  if (rest->size == 0)
    return FALSE;

  *line = (MereSpan){ rest->bytes, length };
  if (line->size > 0 && line->bytes[line->size - 1] == '\r')
    line->size--;
  rest->bytes += length + (end != NULL);
  rest->size -= length + (end != NULL);

  return TRUE;
}

static gboolean
take_prefix (MereSpan   *line,
             const char *prefix)
{
  gsize length = strlen (prefix);

  if (line->size < length || memcmp (line->bytes, prefix, length) != 0)
    return FALSE;

  line->bytes += length;
  line->size -= length;

  return TRUE;
}

gboolean
mere_minisign_key_parse (const char      *text,
                         MereMinisignKey *key,
                         GError         **error)
{
  MereSpan  rest = { (const guint8 *) text, strlen (text) };
  MereSpan  line = { NULL, 0 };
  PublicKey found;
  gboolean  sound = next_line (&rest, &line);

  if (sound && take_prefix (&line, UNTRUSTED_PREFIX))
    sound = next_line (&rest, &line);
  sound = sound && rest.size == 0 && mere_base64_decode_exactly (line.bytes, line.size, MERE_BASE64_PADDED, &found, sizeof found) &&
          memcmp (found.algorithm, "Ed", 2) == 0;
  if (!sound)
    {
      g_set_error_literal (error, MERE_MINISIGN_ERROR, MERE_MINISIGN_ERROR_KEY,
                           _ ("This is no minisign public key: “RW…” was mistyped or cut."));
      return FALSE;
    }
  *key = found.key;

  return TRUE;
}

char *
mere_minisign_key_to_text (const MereMinisignKey *key)
{
  PublicKey text = { .algorithm = "Ed", .key = *key };

  return mere_base64_encode (&text, sizeof text, MERE_BASE64_PADDED);
}

char *
mere_minisign_key_to_file (const MereMinisignKey *key)
{
  g_autofree char *text = mere_minisign_key_to_text (key);
  guint64          number = 0;

  for (int i = NUMBER_SIZE - 1; i >= 0; i--)
    number = number << 8 | key->number[i];

  return g_strdup_printf (UNTRUSTED_PREFIX "minisign public key %016" G_GINT64_MODIFIER "X\n%s\n", number, text);
}

gboolean
mere_minisign_key_equal (const MereMinisignKey *a,
                         const MereMinisignKey *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

/* What the second signature is over. */
static GByteArray *
global_message (const guint8 signature[crypto_sign_BYTES],
                const char  *trusted_comment)
{
  GByteArray *message = g_byte_array_new ();

  g_byte_array_append (message, signature, crypto_sign_BYTES);
  g_byte_array_append (message, (const guint8 *) trusted_comment, strlen (trusted_comment));

  return message;
}

char *
mere_minisign_sign (const MereSecret *secret,
                    const guint8      hash[MERE_HASH_SIZE],
                    const char       *trusted_comment)
{
  const guint8    *bytes = mere_secret_get_data (secret);
  const guint8    *key = bytes + NUMBER_SIZE;
  Signature        signature = { .algorithm = "ED" };
  guint8           global[crypto_sign_BYTES];
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GByteArray) message = NULL;

  memcpy (signature.number, bytes, NUMBER_SIZE);
  crypto_sign_detached (signature.signature, NULL, hash, MERE_HASH_SIZE, key);
  message = global_message (signature.signature, trusted_comment);
  crypto_sign_detached (global, NULL, message->data, message->len, key);
  first = mere_base64_encode (&signature, sizeof signature, MERE_BASE64_PADDED);
  second = mere_base64_encode (global, sizeof global, MERE_BASE64_PADDED);

  return g_strdup_printf (UNTRUSTED_PREFIX "signature\n%s\n" TRUSTED_PREFIX "%s\n%s\n", first, trusted_comment, second);
}

static void
hash_data (const void *data,
           gsize       size,
           guint8      hash[MERE_HASH_SIZE])
{
  crypto_generichash (hash, MERE_HASH_SIZE, data, size, NULL, 0);
}

char *
mere_minisign_sign_data (const MereSecret *secret,
                         const void       *data,
                         gsize             size,
                         const char       *trusted_comment)
{
  guint8 hash[MERE_HASH_SIZE];

  hash_data (data, size, hash);

  return mere_minisign_sign (secret, hash, trusted_comment);
}

static gboolean
is_comment (const MereSpan *line)
{
  if (line->size > MERE_MINISIGN_MAX_TRUSTED_COMMENT || !g_utf8_validate_len ((const char *) line->bytes, line->size, NULL))
    return FALSE;
  for (gsize i = 0; i < line->size; i++)
    if (line->bytes[i] < 0x20 || line->bytes[i] == 0x7f)
      return FALSE;

  return TRUE;
}

MereMinisign *
mere_minisign_parse (const char *text,
                     gsize       size,
                     GError    **error)
{
  MereSpan  rest = { (const guint8 *) text, size };
  MereSpan  lines[4];
  Signature signature;
  g_autoptr (MereMinisign) self = g_new0 (MereMinisign, 1);
  gboolean sound = size <= MERE_MINISIGN_MAX_SIZE;

  for (int i = 0; i < 4 && sound; i++)
    sound = next_line (&rest, &lines[i]);
  sound = sound && rest.size == 0 &&
          take_prefix (&lines[0], UNTRUSTED_PREFIX) &&
          mere_base64_decode_exactly (lines[1].bytes, lines[1].size, MERE_BASE64_PADDED, &signature, sizeof signature) &&
          memcmp (signature.algorithm, "ED", 2) == 0 &&
          take_prefix (&lines[2], TRUSTED_PREFIX) && is_comment (&lines[2]) &&
          mere_base64_decode_exactly (lines[3].bytes, lines[3].size, MERE_BASE64_PADDED, self->global, sizeof self->global);
  if (!sound)
    {
      g_set_error_literal (error, MERE_MINISIGN_ERROR, MERE_MINISIGN_ERROR_FORMAT,
                           _ ("This is no signature as minisign makes it (prehashed, four lines): it was cut or changed."));
      return NULL;
    }
  memcpy (self->number, signature.number, NUMBER_SIZE);
  memcpy (self->signature, signature.signature, sizeof self->signature);
  self->trusted_comment = g_strndup ((const char *) lines[2].bytes, lines[2].size);

  return g_steal_pointer (&self);
}

gboolean
mere_minisign_verify (const MereMinisign    *self,
                      const MereMinisignKey *key,
                      const guint8           hash[MERE_HASH_SIZE],
                      GError               **error)
{
  g_autoptr (GByteArray) message = global_message (self->signature, self->trusted_comment);

  if (memcmp (self->number, key->number, NUMBER_SIZE) != 0)
    {
      g_set_error_literal (error, MERE_MINISIGN_ERROR, MERE_MINISIGN_ERROR_SIGNER, _ ("The signature was made with another key."));
      return FALSE;
    }
  if (crypto_sign_verify_detached (self->signature, hash, MERE_HASH_SIZE, key->key) != 0 ||
      crypto_sign_verify_detached (self->global, message->data, message->len, key->key) != 0)
    {
      g_set_error_literal (error, MERE_MINISIGN_ERROR, MERE_MINISIGN_ERROR_SIGNATURE,
                           _ ("The signature does not fit: the file or its signature was changed or cut."));
      return FALSE;
    }

  return TRUE;
}

gboolean
mere_minisign_verify_data (const MereMinisign    *self,
                           const MereMinisignKey *key,
                           const void            *data,
                           gsize                  size,
                           GError               **error)
{
  guint8 hash[MERE_HASH_SIZE];

  hash_data (data, size, hash);

  return mere_minisign_verify (self, key, hash, error);
}

void
mere_minisign_free (MereMinisign *self)
{
  if (self == NULL)
    return;

  g_free (self->trusted_comment);
  g_free (self);
}
