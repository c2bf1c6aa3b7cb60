/* SPDX-License-Identifier: GPL-3.0-or-later */

/* XChaCha20-Poly1305 is HChaCha20 over the first 16 bytes of the nonce, which gives a key for this message alone, and then
 * ChaCha20-Poly1305 (RFC 8439) with the other 8 bytes (draft-irtf-cfrg-xchacha-03, section 2). libcrypto has the second
 * part with wide vectors. */

#include "config.h"

#include "app/vault/page-cipher.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>
#include <string.h>

#define POOLED 170 /* nonces fetched at once: one getrandom() instead of 170; 4080 bytes */

struct _MerePageCipher
{
  guint8          keys[MERE_SEAL_KEYS][MERE_SEAL_KEY];
  guint8          message_key[crypto_core_hchacha20_OUTPUTBYTES];
  EVP_CIPHER_CTX *sealing; /* NULL: libsodium does it all */
  EVP_CIPHER_CTX *opening;
  OSSL_PARAM      tag[2]; /* of a message, at tag_bytes: asking for it by a control costs a tenth of a page */
  guint8          tag_bytes[MERE_SEAL_TAG];
  guint           left;
  guint8          nonces[POOLED * MERE_SEAL_NONCE];
};

static void
prepare_crypto (MerePageCipher *self)
{
  EVP_CIPHER *algorithm = EVP_CIPHER_fetch (NULL, "ChaCha20-Poly1305", NULL);

  if (algorithm == NULL)
    return;
  self->sealing = EVP_CIPHER_CTX_new ();
  self->opening = EVP_CIPHER_CTX_new ();
  if (self->sealing == NULL || self->opening == NULL ||
      EVP_EncryptInit_ex2 (self->sealing, algorithm, NULL, NULL, NULL) != 1 ||
      EVP_DecryptInit_ex2 (self->opening, algorithm, NULL, NULL, NULL) != 1)
    {
      EVP_CIPHER_CTX_free (self->sealing);
      EVP_CIPHER_CTX_free (self->opening);
      self->sealing = self->opening = NULL;
    }
  EVP_CIPHER_free (algorithm); /* the contexts hold it */
  self->tag[0] = OSSL_PARAM_construct_octet_string (OSSL_CIPHER_PARAM_AEAD_TAG, self->tag_bytes, MERE_SEAL_TAG);
  self->tag[1] = OSSL_PARAM_construct_end ();
}

MerePageCipher *
mere_page_cipher_new (const guint8 *keys, guint n_keys, MerePageCipherKind kind)
{
  MerePageCipher *self;

  if (sodium_init () < 0 || n_keys > MERE_SEAL_KEYS)
    return NULL;
  self = sodium_malloc (sizeof *self);
  if (self == NULL)
    return NULL;
  memset (self, 0, G_STRUCT_OFFSET (MerePageCipher, nonces));
  memcpy (self->keys, keys, n_keys * MERE_SEAL_KEY);
  if (kind == MERE_PAGE_CIPHER_CRYPTO)
    prepare_crypto (self);
  return self;
}

void
mere_page_cipher_free (MerePageCipher *self)
{
  if (self == NULL)
    return;
  EVP_CIPHER_CTX_free (self->sealing); /* wipes what it holds of the last message's key */
  EVP_CIPHER_CTX_free (self->opening);
  sodium_free (self);
}

static void
take_nonce (MerePageCipher *self, guint8 *nonce)
{
  if (self->left == 0)
    {
      randombytes_buf (self->nonces, sizeof self->nonces);
      self->left = POOLED;
    }
  self->left--;
  memcpy (nonce, self->nonces + self->left * MERE_SEAL_NONCE, MERE_SEAL_NONCE);
}

/* Leaves the key of this message in self->message_key and its 12-byte nonce in @iv. */
static void
derive_message_key (MerePageCipher *self, guint key, const guint8 *nonce, guint8 iv[12])
{
  crypto_core_hchacha20 (self->message_key, nonce, self->keys[key], NULL);
  memset (iv, 0, 4);
  memcpy (iv + 4, nonce + 16, 8);
}

gboolean
mere_page_cipher_seal (MerePageCipher *self,
                       guint           key,
                       guint8         *out,
                       guint8         *trailer,
                       const guint8   *in,
                       gsize           size,
                       const guint8   *ad,
                       gsize           ad_size)
{
  guint8 iv[12];
  int    done;

  take_nonce (self, trailer);
  if (self->sealing == NULL)
    return crypto_aead_xchacha20poly1305_ietf_encrypt_detached (out, trailer + MERE_SEAL_NONCE, NULL, in, size, ad, ad_size,
                                                                NULL, trailer, self->keys[key]) == 0;

  derive_message_key (self, key, trailer, iv);
  if (EVP_EncryptInit_ex2 (self->sealing, NULL, self->message_key, iv, NULL) != 1 ||
      EVP_EncryptUpdate (self->sealing, NULL, &done, ad, (int) ad_size) != 1 ||
      EVP_EncryptUpdate (self->sealing, out, &done, in, (int) size) != 1 ||
      EVP_EncryptFinal_ex (self->sealing, out + size, &done) != 1 ||
      EVP_CIPHER_CTX_get_params (self->sealing, self->tag) != 1)
    return FALSE;
  memcpy (trailer + MERE_SEAL_NONCE, self->tag_bytes, MERE_SEAL_TAG);
  return TRUE;
}

static gboolean
open_with_crypto (MerePageCipher *self,
                  guint           key,
                  guint8         *out,
                  const guint8   *in,
                  gsize           size,
                  const guint8   *trailer,
                  const guint8   *ad,
                  gsize           ad_size)
{
  guint8 iv[12];
  int    done;

  memcpy (self->tag_bytes, trailer + MERE_SEAL_NONCE, MERE_SEAL_TAG);
  derive_message_key (self, key, trailer, iv);
  return EVP_DecryptInit_ex2 (self->opening, NULL, self->message_key, iv, self->tag) == 1 &&
         EVP_DecryptUpdate (self->opening, NULL, &done, ad, (int) ad_size) == 1 &&
         EVP_DecryptUpdate (self->opening, out, &done, in, (int) size) == 1 &&
         EVP_DecryptFinal_ex (self->opening, out + size, &done) == 1;
}

gboolean
mere_page_cipher_open (MerePageCipher *self,
                       guint           key,
                       guint8         *out,
                       const guint8   *in,
                       gsize           size,
                       const guint8   *trailer,
                       const guint8   *ad,
                       gsize           ad_size)
{
  gboolean opens;

  if (self->opening == NULL)
    opens = crypto_aead_xchacha20poly1305_ietf_decrypt_detached (out, NULL, in, size, trailer + MERE_SEAL_NONCE, ad, ad_size,
                                                                 trailer, self->keys[key]) == 0;
  else
    opens = open_with_crypto (self, key, out, in, size, trailer, ad, ad_size);
  if (!opens)
    memset (out, 0, size);
  return opens;
}
