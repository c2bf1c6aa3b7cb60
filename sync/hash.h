/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sodium.h>

#include "sync/stream.h"

G_BEGIN_DECLS

#define MERE_HASH_SIZE 64    /* bytes of BLAKE2b-512: what minisign signs, what names a bundle in its chain */
#define MERE_CONTENT_SIZE 32 /* bytes of BLAKE2b-256: what names a file within a bundle */

/**
 * MereHash:
 *
 * BLAKE2b-512 or BLAKE2b-256, piece by piece. Lies on the stack; needs no freeing.
 */
typedef struct
{
  crypto_generichash_state state;
  gsize                    size; /* of the hash, bytes */
  guint64                  n_bytes;
} MereHash;

void  mere_hash_init (MereHash *self, gsize size); /* MERE_HASH_SIZE or MERE_CONTENT_SIZE */
void  mere_hash_update (MereHash *self, const void *bytes, gsize size);
void  mere_hash_finish (MereHash *self, guint8 *hash);
char *mere_hash_finish_hex (MereHash *self);

/* A #MereWriteFunc: the sink is a #MereHash. Never fails. */
gboolean mere_hash_write (gpointer hash, const guint8 *bytes, gsize size, GError **error);

/* Lower-case hex of @bytes. */
char *mere_hex_new (const guint8 *bytes, gsize size);

/* Exactly @size bytes out of 2 x @size lower-case hex digits; %FALSE on anything else, and @bytes stays as it was. */
gboolean mere_hex_parse (const char *text, guint8 *bytes, gsize size);
gboolean mere_hex_is (const char *text, gsize size);

G_END_DECLS
