/* SPDX-License-Identifier: GPL-3.0-or-later */

/* minisign's secret key file: a comment, then base64 of algorithm, key derivation, checksum's kind, salt, its two limits, and number,
 * key and checksum, masked with what scrypt makes of the passphrase. The checksum is BLAKE2b-256 of algorithm, number and key. */

#include "config.h"

#include "sync/minisign-box.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "sync/base64.h"

#define PREFIX "untrusted comment: "
#define SCRYPT_OPS (1 << 23)                             /* N = 2^18, r = 8, p = 1: some 0.7 s */
#define SCRYPT_MEMORY (256 * 1048576)                    /* bytes */
#define MAX_OPS (G_GUINT64_CONSTANT (1) << 27)           /* what a file may ask for: four times what minisign takes */
#define MAX_MEMORY (G_GUINT64_CONSTANT (1024) * 1048576) /* what minisign takes */

/* Bytes only, so there is no padding. */
typedef struct
{
  guint8 key[MERE_MINISIGN_SECRET_SIZE]; /* number, then key */
  guint8 checksum[32];
} Masked;

typedef struct
{
  guint8 algorithm[2];  /* "Ed" */
  guint8 derivation[2]; /* "Sc" */
  guint8 hash[2];       /* "B2" */
  guint8 salt[crypto_pwhash_scryptsalsa208sha256_SALTBYTES];
  guint8 ops[8]; /* little endian, as is the next one */
  guint8 memory[8];
  Masked masked;
} Box;

G_STATIC_ASSERT (sizeof (Masked) == 104);
G_STATIC_ASSERT (sizeof (Box) == 158);

G_DEFINE_QUARK (mere_minisign_box_error, mere_minisign_box_error)

static void
put_number (guint8  bytes[8],
            guint64 number)
{
  number = GUINT64_TO_LE (number);
  memcpy (bytes, &number, sizeof number);
}

static guint64
get_number (const guint8 bytes[8])
{
  guint64 number;

  memcpy (&number, bytes, sizeof number);

  return GUINT64_FROM_LE (number);
}

static void
hash_key (const guint8 algorithm[2],
          const guint8 key[MERE_MINISIGN_SECRET_SIZE],
          guint8       checksum[32])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, 32);
  crypto_generichash_update (&state, algorithm, 2);
  crypto_generichash_update (&state, key, MERE_MINISIGN_SECRET_SIZE);
  crypto_generichash_final (&state, checksum, 32);
}

/* Masking and unmasking are the same. @secret: of the size of #Masked. */
static gboolean
mask (const Box        *box,
      const MereSecret *passphrase,
      MereSecret       *secret,
      GError          **error)
{
  g_autoptr (MereSecret) stream = mere_secret_new (sizeof (Masked));
  guint8       *bytes = mere_secret_get_data (secret);
  const guint8 *key = mere_secret_get_data (stream);

  if (crypto_pwhash_scryptsalsa208sha256 (mere_secret_get_data (stream), sizeof (Masked), (const char *) mere_secret_get_data (passphrase),
                                          mere_secret_get_size (passphrase), box->salt, get_number (box->ops), (gsize) get_number (box->memory)) != 0)
    {
      g_set_error_literal (error, MERE_MINISIGN_BOX_ERROR, MERE_MINISIGN_BOX_ERROR_MEMORY,
                           _ ("There is not enough memory for what the passphrase of the key file costs. Nothing was done."));
      return FALSE;
    }
  for (gsize i = 0; i < sizeof (Masked); i++)
    bytes[i] ^= key[i];

  return TRUE;
}

char *
mere_minisign_box_close (const MereSecret *secret,
                         const MereSecret *passphrase,
                         const char       *comment,
                         GError          **error)
{
  Box box = { .algorithm = "Ed", .derivation = "Sc", .hash = "B2" };
  g_autoptr (MereSecret) masked = mere_secret_new (sizeof (Masked));
  Masked          *content = (Masked *) mere_secret_get_data (masked);
  g_autofree char *text = NULL;

  randombytes_buf (box.salt, sizeof box.salt);
  put_number (box.ops, SCRYPT_OPS);
  put_number (box.memory, SCRYPT_MEMORY);
  memcpy (content->key, mere_secret_get_data (secret), sizeof content->key);
  hash_key (box.algorithm, content->key, content->checksum);
  if (!mask (&box, passphrase, masked, error))
    return NULL;
  box.masked = *content;
  text = mere_base64_encode (&box, sizeof box, MERE_BASE64_PADDED);

  return g_strdup_printf (PREFIX "%s\n%s\n", comment, text);
}

static gboolean
refuse_form (GError **error)
{
  g_set_error_literal (error, MERE_MINISIGN_BOX_ERROR, MERE_MINISIGN_BOX_ERROR_FORMAT,
                       _ ("This is no minisign secret key under a passphrase. Nothing was done."));

  return FALSE;
}

static gboolean
parse (const char *text,
       gsize       size,
       Box        *box,
       GError    **error)
{
  const char *line = size <= MERE_MINISIGN_BOX_MAX_SIZE ? memchr (text, '\n', size) : NULL;
  const char *end = line != NULL ? memchr (line + 1, '\n', size - (gsize) (line + 1 - text)) : NULL;

  if (line == NULL || size < strlen (PREFIX) || memcmp (text, PREFIX, strlen (PREFIX)) != 0)
    return refuse_form (error);
  line++;
  if (end == NULL)
    end = text + size;
  else if (end + 1 != text + size)
    return refuse_form (error);
  if (end > line && end[-1] == '\r')
    end--;
  if (!mere_base64_decode_exactly ((const guint8 *) line, (gsize) (end - line), MERE_BASE64_PADDED, box, sizeof *box) ||
      memcmp (box->algorithm, "Ed", 2) != 0 || memcmp (box->derivation, "Sc", 2) != 0 || memcmp (box->hash, "B2", 2) != 0 ||
      get_number (box->ops) > MAX_OPS || get_number (box->memory) > MAX_MEMORY)
    return refuse_form (error);

  return TRUE;
}

MereSecret *
mere_minisign_box_open (const char       *text,
                        gsize             size,
                        const MereSecret *passphrase,
                        GError          **error)
{
  g_autoptr (MereSecret) masked = mere_secret_new (sizeof (Masked));
  Masked *content = (Masked *) mere_secret_get_data (masked);
  guint8  checksum[32];
  Box     box;

  if (!parse (text, size, &box, error))
    return NULL;
  *content = box.masked;
  if (!mask (&box, passphrase, masked, error))
    return NULL;
  hash_key (box.algorithm, content->key, checksum);
  if (sodium_memcmp (checksum, content->checksum, sizeof checksum) == 0)
    return mere_secret_new_from_bytes (content->key, sizeof content->key);
  g_set_error_literal (error, MERE_MINISIGN_BOX_ERROR, MERE_MINISIGN_BOX_ERROR_PASSPHRASE,
                       _ ("The passphrase does not open this key file. Nothing was done."));

  return NULL;
}
