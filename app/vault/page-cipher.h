/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MERE_SEAL_NONCE 24
#define MERE_SEAL_TAG 16
#define MERE_SEAL_BYTES (MERE_SEAL_NONCE + MERE_SEAL_TAG) /* what follows each sealed message */
#define MERE_SEAL_KEY 32
#define MERE_SEAL_KEYS 3 /* at most, of one cipher */

/**
 * MerePageCipher:
 *
 * XChaCha20-Poly1305 (IETF) under a few keys, with random nonces. Two implementations that give the same bytes: libsodium's,
 * and HChaCha20 of libsodium followed by ChaCha20-Poly1305 of libcrypto, which is about three times as fast on a processor
 * with wide vectors. Sealing and opening allocate nothing. One thread at a time uses a cipher.
 */
typedef struct _MerePageCipher MerePageCipher;

typedef enum {
  MERE_PAGE_CIPHER_CRYPTO, /* the fast one; falls back to libsodium where libcrypto lacks ChaCha20-Poly1305 */
  MERE_PAGE_CIPHER_SODIUM,
} MerePageCipherKind;

/**
 * mere_page_cipher_new:
 * @keys: @n_keys of 32 bytes each; copied into locked memory
 * @n_keys: at most %MERE_SEAL_KEYS
 *
 * Returns: (transfer full): a cipher, or %NULL without memory
 */
MerePageCipher *mere_page_cipher_new (const guint8 *keys, guint n_keys, MerePageCipherKind kind) G_GNUC_WARN_UNUSED_RESULT;
void            mere_page_cipher_free (MerePageCipher *self);

/**
 * mere_page_cipher_seal:
 * @key: which one, from 0
 * @out: @size bytes of ciphertext; may be @in
 * @trailer: (out caller-allocates): 24 bytes nonce, 16 bytes tag
 * @in: what to seal
 * @ad: associated data: authenticated, not stored
 *
 * Returns: %FALSE if the cipher failed, which it does not on a healthy machine
 */
gboolean mere_page_cipher_seal (MerePageCipher *self,
                                guint           key,
                                guint8         *out,
                                guint8         *trailer,
                                const guint8   *in,
                                gsize           size,
                                const guint8   *ad,
                                gsize           ad_size);

/**
 * mere_page_cipher_open:
 * @key: which one, from 0
 * @out: @size bytes of plaintext; may be @in; zeros if it does not open
 * @in: ciphertext
 * @trailer: nonce and tag
 *
 * Returns: whether message, trailer and associated data belong together
 */
gboolean mere_page_cipher_open (MerePageCipher *self,
                                guint           key,
                                guint8         *out,
                                const guint8   *in,
                                gsize           size,
                                const guint8   *trailer,
                                const guint8   *ad,
                                gsize           ad_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MerePageCipher, mere_page_cipher_free)

G_END_DECLS
