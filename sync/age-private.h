/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/age.h"

G_BEGIN_DECLS

/* The two halves of an age file: header and payload. For age.c, its tests and its fuzzer. */

#define MERE_AGE_FILE_KEY_SIZE 16
#define MERE_AGE_NONCE_SIZE 16
#define MERE_AGE_TAG_SIZE 16
#define MERE_AGE_WRAPPED_SIZE (MERE_AGE_FILE_KEY_SIZE + MERE_AGE_TAG_SIZE)
#define MERE_AGE_MAC_SIZE 32

/* HKDF-SHA-256 (RFC 5869) with 32 bytes of output. */
void mere_age_derive (const guint8 *secret,
                      gsize         secret_size,
                      const guint8 *salt,
                      gsize         salt_size,
                      const char   *info,
                      guint8        key[32]);

/* One X25519 stanza: the file key wrapped for one recipient. */
typedef struct
{
  guint8 share[MERE_AGE_KEY_SIZE];
  guint8 body[MERE_AGE_WRAPPED_SIZE];
} MereAgeStanza;

/**
 * MereAgeHeader:
 * @stanzas: the X25519 ones
 * @n_stanzas: how many of them
 * @size: bytes of the whole header, its last line included
 * @mac_size: bytes that the MAC covers
 */
typedef struct
{
  MereAgeStanza stanzas[MERE_AGE_MAX_STANZAS];
  guint         n_stanzas;
  gsize         size;
  gsize         mac_size;
  guint8        mac[MERE_AGE_MAC_SIZE];
} MereAgeHeader;

/* Reads the header at the start of @bytes; HEADER. */
gboolean mere_age_header_parse (MereAgeHeader *header, const guint8 *bytes, gsize size, GError **error);

/* Unwraps with the first identity that fits and checks the MAC; HEADER, NO_MATCH, MAC. */
gboolean mere_age_header_open (const MereAgeHeader *header,
                               const guint8        *bytes,
                               GPtrArray           *identities,
                               guint8               file_key[MERE_AGE_FILE_KEY_SIZE],
                               guint               *identity,
                               GError             **error);

/* The text of a header that wraps @file_key; the shares are made of @ephemeral (nullable, for tests: 32 bytes each). */
GString *mere_age_header_new (const char *const *recipients,
                              const guint8       file_key[MERE_AGE_FILE_KEY_SIZE],
                              const guint8      *ephemeral,
                              GError           **error);

/* STREAM: chunks under one payload key. */
typedef struct _MereAgeCipher MereAgeCipher;

MereAgeCipher *mere_age_cipher_new (const guint8 file_key[MERE_AGE_FILE_KEY_SIZE],
                                    const guint8 nonce[MERE_AGE_NONCE_SIZE],
                                    gboolean     encrypts);
void           mere_age_cipher_free (MereAgeCipher *self);

/* @out has room for @size + 16. Moves the counter on. */
void mere_age_cipher_seal (MereAgeCipher *self, const guint8 *plain, gsize size, gboolean last, guint8 *out);

/* @size includes the tag. The counter moves on only where it opens. */
gboolean mere_age_cipher_open (MereAgeCipher *self, const guint8 *sealed, gsize size, gboolean last, guint8 *out);

/* A writer with everything random given, for tests: the same input gives the same file. */
MereAgeWriter *mere_age_writer_new_fixed (const char *const *recipients,
                                          const guint8       file_key[MERE_AGE_FILE_KEY_SIZE],
                                          const guint8       nonce[MERE_AGE_NONCE_SIZE],
                                          const guint8      *ephemeral,
                                          MereWriteFunc      write,
                                          gpointer           sink,
                                          GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereAgeCipher, mere_age_cipher_free)

G_END_DECLS
