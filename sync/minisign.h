/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/secret.h"
#include "sync/hash.h"

G_BEGIN_DECLS

/* minisign's prehashed signatures ("ED": Ed25519 over BLAKE2b-512), made and checked; its public key text. Legacy "Ed"
 * signatures are refused. A signature does not bind the file's name: what must be bound stands in the trusted comment. */

#define MERE_MINISIGN_MAX_SIZE 10240           /* bytes of a .minisig; longer ones are refused */
#define MERE_MINISIGN_MAX_TRUSTED_COMMENT 8192 /* as minisign has it */
#define MERE_MINISIGN_SUFFIX ".minisig"

#define MERE_MINISIGN_ERROR (mere_minisign_error_quark ())
GQuark mere_minisign_error_quark (void);

/**
 * MereMinisignError:
 * @MERE_MINISIGN_ERROR_KEY: a text is no minisign public key
 * @MERE_MINISIGN_ERROR_FORMAT: not the four lines of a prehashed signature
 * @MERE_MINISIGN_ERROR_SIGNER: made with another key (its number differs)
 * @MERE_MINISIGN_ERROR_SIGNATURE: right key number, but the signature is not of this content or this comment
 */
typedef enum {
  MERE_MINISIGN_ERROR_KEY = 1,
  MERE_MINISIGN_ERROR_FORMAT,
  MERE_MINISIGN_ERROR_SIGNER,
  MERE_MINISIGN_ERROR_SIGNATURE,
} MereMinisignError;

/**
 * MereMinisignKey:
 * @number: tells keys apart; random
 * @key: Ed25519 public key
 */
typedef struct
{
  guint8 number[8];
  guint8 key[32];
} MereMinisignKey;

#define MERE_MINISIGN_SECRET_SIZE 72 /* number, then libsodium's 64-byte Ed25519 secret */

/* Returns: (transfer full): a new secret key of %MERE_MINISIGN_SECRET_SIZE bytes. */
MereSecret *mere_minisign_secret_new (void) G_GNUC_WARN_UNUSED_RESULT;

void mere_minisign_secret_get_key (const MereSecret *secret, MereMinisignKey *key);

/**
 * mere_minisign_key_parse:
 * @text: "RW…", 56 characters, alone or as the second line of a minisign.pub
 * @error: return location, %MERE_MINISIGN_ERROR_KEY
 */
gboolean mere_minisign_key_parse (const char *text, MereMinisignKey *key, GError **error);

char    *mere_minisign_key_to_text (const MereMinisignKey *key) G_GNUC_WARN_UNUSED_RESULT; /* 56 characters */
char    *mere_minisign_key_to_file (const MereMinisignKey *key) G_GNUC_WARN_UNUSED_RESULT; /* a minisign.pub, two lines */
gboolean mere_minisign_key_equal (const MereMinisignKey *a, const MereMinisignKey *b);

/**
 * mere_minisign_sign:
 * @secret: from mere_minisign_secret_new()
 * @hash: BLAKE2b-512 of what is signed
 * @trusted_comment: one line, at most %MERE_MINISIGN_MAX_TRUSTED_COMMENT bytes
 *
 * Returns: the text of a .minisig
 */
char *mere_minisign_sign (const MereSecret *secret,
                          const guint8      hash[MERE_HASH_SIZE],
                          const char       *trusted_comment) G_GNUC_WARN_UNUSED_RESULT;
char *mere_minisign_sign_data (const MereSecret *secret,
                               const void       *data,
                               gsize             size,
                               const char       *trusted_comment) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereMinisign:
 * @number: number of the key it claims to be made with
 * @trusted_comment: NUL-terminated; to be believed after mere_minisign_verify() only
 *
 * A signature that was read, not yet checked.
 */
typedef struct
{
  guint8 number[8];
  guint8 signature[64];
  guint8 global[64];
  char  *trusted_comment;
} MereMinisign;

/**
 * mere_minisign_parse:
 * @text: content of a .minisig; may hold any bytes
 * @error: return location, %MERE_MINISIGN_ERROR_FORMAT
 *
 * Takes what minisign writes and nothing else: four lines, canonical base64, line ends LF or CRLF, no more lines, no
 * control characters in the trusted comment. The untrusted comment is passed over.
 */
MereMinisign *mere_minisign_parse (const char *text, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_minisign_verify:
 * @hash: BLAKE2b-512 of the content
 * @error: return location, %MERE_MINISIGN_ERROR_SIGNER or _SIGNATURE
 */
gboolean mere_minisign_verify (const MereMinisign    *self,
                               const MereMinisignKey *key,
                               const guint8           hash[MERE_HASH_SIZE],
                               GError               **error);
gboolean mere_minisign_verify_data (const MereMinisign    *self,
                                    const MereMinisignKey *key,
                                    const void            *data,
                                    gsize                  size,
                                    GError               **error);
void     mere_minisign_free (MereMinisign *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereMinisign, mere_minisign_free)

G_END_DECLS
