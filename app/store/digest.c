/* SPDX-License-Identifier: GPL-3.0-or-later */

/* BLAKE2b-256, by which content is named everywhere: store, bundle, headquarters, receipt. */

#include "config.h"

#include "app/store/digest.h"

#include <sodium.h>

G_STATIC_ASSERT (MERE_DIGEST_SIZE == crypto_generichash_BYTES);

struct _MereDigest
{
  crypto_generichash_state *state; /* libsodium wants it on a 64-byte boundary */
};

static char *
dup_hex (const guint8 *digest)
{
  char *hex = g_malloc (MERE_DIGEST_HEX_SIZE);

  return sodium_bin2hex (hex, MERE_DIGEST_HEX_SIZE, digest, MERE_DIGEST_SIZE);
}

char *
mere_digest_dup_hex (const void *data,
                     gsize       size)
{
  guint8 digest[MERE_DIGEST_SIZE];

  crypto_generichash (digest, sizeof digest, data, size, NULL, 0);
  return dup_hex (digest);
}

char *
mere_digest_dup_hex_of_bytes (GBytes *bytes)
{
  gsize       size;
  const void *data = g_bytes_get_data (bytes, &size);

  return mere_digest_dup_hex (data, size);
}

MereDigest *
mere_digest_new (void)
{
  MereDigest *self = g_new (MereDigest, 1);

  self->state = g_aligned_alloc (1, sizeof *self->state, 64);
  crypto_generichash_init (self->state, NULL, 0, MERE_DIGEST_SIZE);
  return self;
}

void
mere_digest_update (MereDigest *self,
                    const void *data,
                    gsize       size)
{
  crypto_generichash_update (self->state, data, size);
}

char *
mere_digest_finish (MereDigest *self)
{
  guint8 digest[MERE_DIGEST_SIZE];

  crypto_generichash_final (self->state, digest, sizeof digest);
  return dup_hex (digest);
}

void
mere_digest_free (MereDigest *self)
{
  if (self == NULL)
    return;
  sodium_memzero (self->state, sizeof *self->state);
  g_aligned_free (self->state);
  g_free (self);
}
