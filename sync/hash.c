/* SPDX-License-Identifier: GPL-3.0-or-later */

/* BLAKE2b by libsodium, and hex. */

#include "config.h"

#include "sync/hash.h"

void
mere_hash_init (MereHash *self,
                gsize     size)
{
  self->size = size;
  self->n_bytes = 0;
  crypto_generichash_init (&self->state, NULL, 0, size);
}

void
mere_hash_update (MereHash   *self,
                  const void *bytes,
                  gsize       size)
{
  if (size > 0)
    crypto_generichash_update (&self->state, bytes, size);
  self->n_bytes += size;
}

void
mere_hash_finish (MereHash *self,
                  guint8   *hash)
{
  crypto_generichash_final (&self->state, hash, self->size);
}

char *
mere_hash_finish_hex (MereHash *self)
{
  guint8 hash[MERE_HASH_SIZE];

  mere_hash_finish (self, hash);

  return mere_hex_new (hash, self->size);
}

gboolean
mere_hash_write (gpointer      hash,
                 const guint8 *bytes,
                 gsize         size,
                 GError      **error)
{
  mere_hash_update (hash, bytes, size);

  return TRUE;
}

char *
mere_hex_new (const guint8 *bytes,
              gsize         size)
{
  char *text = g_malloc (2 * size + 1);

  sodium_bin2hex (text, 2 * size + 1, bytes, size);

  return text;
}

static int
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;

  return -1;
}

gboolean
mere_hex_is (const char *text,
             gsize       size)
{
  gsize i;

  for (i = 0; i < 2 * size; i++)
    if (hex_digit (text[i]) < 0)
      return FALSE;

  return text[i] == '\0';
}

gboolean
mere_hex_parse (const char *text,
                guint8     *bytes,
                gsize       size)
{
  if (!mere_hex_is (text, size))
    return FALSE;

  for (gsize i = 0; i < size; i++)
    bytes[i] = hex_digit (text[2 * i]) << 4 | hex_digit (text[2 * i + 1]);

  return TRUE;
}
