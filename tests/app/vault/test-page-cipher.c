/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/page-cipher.h"

#include <sodium.h>
#include <string.h>

#define SIZE 4056

typedef struct
{
  guint8 key[MERE_SEAL_KEY];
  guint8 ad[20];
  guint8 text[SIZE];
  guint8 sealed[SIZE];
  guint8 trailer[MERE_SEAL_BYTES];
  guint8 opened[SIZE];
} Message;

static const MerePageCipherKind kinds[] = { MERE_PAGE_CIPHER_CRYPTO, MERE_PAGE_CIPHER_SODIUM };

static void
message_init (Message *self)
{
  randombytes_buf (self, sizeof *self);
}

static gboolean
seal (Message *self, MerePageCipherKind kind, gsize size)
{
  g_autoptr (MerePageCipher) cipher = mere_page_cipher_new (self->key, 1, kind);

  return mere_page_cipher_seal (cipher, 0, self->sealed, self->trailer, self->text, size, self->ad, sizeof self->ad);
}

static gboolean
unseal (Message *self, MerePageCipherKind kind, gsize size)
{
  g_autoptr (MerePageCipher) cipher = mere_page_cipher_new (self->key, 1, kind);

  return mere_page_cipher_open (cipher, 0, self->opened, self->sealed, size, self->trailer, self->ad, sizeof self->ad);
}

static void
test_both_kinds_are_libsodiums_bytes (void)
{
  const gsize sizes[] = { 1, 15, 16, 36, 48, 63, 64, 65, SIZE };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      {
        Message message;
        guint8  expected[SIZE], tag[MERE_SEAL_TAG];

        message_init (&message);
        g_assert_true (seal (&message, kinds[i], sizes[j]));
        crypto_aead_xchacha20poly1305_ietf_encrypt_detached (expected, tag, NULL, message.text, sizes[j], message.ad,
                                                             sizeof message.ad, NULL, message.trailer, message.key);
        g_assert_cmpmem (message.sealed, sizes[j], expected, sizes[j]);
        g_assert_cmpmem (message.trailer + MERE_SEAL_NONCE, MERE_SEAL_TAG, tag, MERE_SEAL_TAG);
      }
}

static void
test_each_kind_opens_the_others (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++)
      {
        Message message;

        message_init (&message);
        g_assert_true (seal (&message, kinds[i], SIZE));
        g_assert_true (unseal (&message, kinds[j], SIZE));
        g_assert_cmpmem (message.opened, SIZE, message.text, SIZE);
      }
}

static void
assert_refused (Message *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      memset (message->opened, 1, sizeof message->opened);
      g_assert_false (unseal (message, kinds[i], SIZE));
      g_assert_true (sodium_is_zero (message->opened, SIZE));
    }
}

static void
assert_each_bit_counts (Message *message, guint8 *bytes, gsize size, gsize step)
{
  for (gsize bit = 0; bit < 8 * size; bit += step)
    {
      bytes[bit / 8] ^= (guint8) (1 << bit % 8);
      assert_refused (message);
      bytes[bit / 8] ^= (guint8) (1 << bit % 8);
    }
}

static void
test_whatever_was_changed_does_not_open (void)
{
  Message message;

  message_init (&message);
  g_assert_true (seal (&message, MERE_PAGE_CIPHER_CRYPTO, SIZE));
  assert_each_bit_counts (&message, message.trailer, sizeof message.trailer, 1);
  assert_each_bit_counts (&message, message.ad, sizeof message.ad, 1);
  assert_each_bit_counts (&message, message.key, sizeof message.key, 1);
  assert_each_bit_counts (&message, message.sealed, sizeof message.sealed, 61);
}

static void
test_a_buffer_may_be_sealed_in_place (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Message message;
      g_autoptr (MerePageCipher) cipher = NULL;

      message_init (&message);
      cipher = mere_page_cipher_new (message.key, 1, kinds[i]);
      memcpy (message.sealed, message.text, SIZE);
      g_assert_true (mere_page_cipher_seal (cipher, 0, message.sealed, message.trailer, message.sealed, SIZE, message.ad, 20));
      g_assert_cmpint (memcmp (message.sealed, message.text, SIZE), !=, 0);
      g_assert_true (mere_page_cipher_open (cipher, 0, message.sealed, message.sealed, SIZE, message.trailer, message.ad, 20));
      g_assert_cmpmem (message.sealed, SIZE, message.text, SIZE);
    }
}

/* Past the pool of nonces that is fetched at once. */
static void
test_no_nonce_comes_twice (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  Message message;
  g_autoptr (MerePageCipher) cipher = NULL;

  message_init (&message);
  cipher = mere_page_cipher_new (message.key, 1, MERE_PAGE_CIPHER_CRYPTO);
  for (guint i = 0; i < 1000; i++)
    {
      g_assert_true (mere_page_cipher_seal (cipher, 0, message.sealed, message.trailer, message.text, 16, message.ad, 20));
      g_assert_true (g_hash_table_add (seen, g_bytes_new (message.trailer, MERE_SEAL_NONCE)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/vault/page-cipher/both-kinds-are-libsodiums-bytes", test_both_kinds_are_libsodiums_bytes);
  g_test_add_func ("/vault/page-cipher/each-kind-opens-the-others", test_each_kind_opens_the_others);
  g_test_add_func ("/vault/page-cipher/whatever-was-changed-does-not-open", test_whatever_was_changed_does_not_open);
  g_test_add_func ("/vault/page-cipher/a-buffer-may-be-sealed-in-place", test_a_buffer_may_be_sealed_in_place);
  g_test_add_func ("/vault/page-cipher/no-nonce-comes-twice", test_no_nonce_comes_twice);
  return g_test_run ();
}
