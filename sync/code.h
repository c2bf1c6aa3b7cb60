/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/age.h"
#include "sync/minisign.h"

G_BEGIN_DECLS

/* What people compare and type: the 25 digits of an enrolment, and the eight characters that name a laptop. */

#define MERE_CODE_LENGTH 25       /* 24 digits of the hash, then Damm's check digit */
#define MERE_DEVICE_CODE_LENGTH 8 /* Crockford's base 32, lower case */

#define MERE_CODE_ERROR (mere_code_error_quark ())
GQuark mere_code_error_quark (void);

/**
 * MereCodeError:
 * @MERE_CODE_ERROR_LENGTH: not 25 digits; the message says how many
 * @MERE_CODE_ERROR_DIGIT: something that is neither digit, space nor dash
 * @MERE_CODE_ERROR_TYPING: the check digit does not fit: one digit is wrong or two are swapped
 * @MERE_CODE_ERROR_DIFFERS: typed right, but of other keys: not to be trusted
 */
typedef enum {
  MERE_CODE_ERROR_LENGTH = 1,
  MERE_CODE_ERROR_DIGIT,
  MERE_CODE_ERROR_TYPING,
  MERE_CODE_ERROR_DIFFERS,
} MereCodeError;

#define MERE_CODE_ROLE_DEVICE "device"
#define MERE_CODE_ROLE_HQ "hq"

/**
 * mere_code_new:
 * @role: %MERE_CODE_ROLE_DEVICE or %MERE_CODE_ROLE_HQ
 * @sign_key: the public signing key; of headquarters, its root
 * @box_key: the X25519 recipient, "age1…"
 * @error: return location, %MERE_AGE_ERROR_KEY
 *
 * Returns: 25 ASCII digits
 */
char *mere_code_new (const char            *role,
                     const MereMinisignKey *sign_key,
                     const char            *box_key,
                     GError               **error) G_GNUC_WARN_UNUSED_RESULT;

#define MERE_CODE_HASH 32 /* bytes of BLAKE2b-256 */

/* 24 digits of a hash and their check digit, without a NUL. */
void mere_code_put (const guint8 hash[MERE_CODE_HASH], char digits[MERE_CODE_LENGTH]);

/* "12345 67890 12345 67890 12345" */
char *mere_code_group (const char *code) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_code_read:
 * @typed: digits of any script; spaces and dashes are passed over
 * @error: return location, domain %MERE_CODE_ERROR but DIFFERS
 *
 * Returns: 25 ASCII digits whose check digit fits
 */
char *mere_code_read (const char *typed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_code_compare:
 * @code: what it must be
 * @typed: as for mere_code_read()
 * @error: return location, domain %MERE_CODE_ERROR
 */
gboolean mere_code_compare (const char *code, const char *typed, GError **error);

extern const char mere_code_alphabet[]; /* Crockford's base 32, lower case: 32 characters */

/* The name of a laptop, or of a headquarters: eight characters of the hash of its signing key. */
char    *mere_device_code_new (const MereMinisignKey *sign_key) G_GNUC_WARN_UNUSED_RESULT;
gboolean mere_device_code_is (const char *text);

G_END_DECLS
