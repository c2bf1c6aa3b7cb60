/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MERE_DIGEST_SIZE 32     /* bytes of BLAKE2b-256 */
#define MERE_DIGEST_HEX_SIZE 65 /* as hex digits, with the NUL */

/* BLAKE2b-256 as lower-case hex: what `b2sum -l 256` prints. */
char *mere_digest_dup_hex (const void *data, gsize size);
char *mere_digest_dup_hex_of_bytes (GBytes *bytes);

/**
 * MereDigest:
 *
 * The same, piece by piece.
 */
typedef struct _MereDigest MereDigest;

MereDigest *mere_digest_new (void);
void        mere_digest_update (MereDigest *self, const void *data, gsize size);
char       *mere_digest_finish (MereDigest *self); /* hex; frees nothing, but ends it */
void        mere_digest_free (MereDigest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereDigest, mere_digest_free)

G_END_DECLS
