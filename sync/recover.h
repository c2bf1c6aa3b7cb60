/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "sync/age.h"

G_BEGIN_DECLS

/* How headquarters helps to open a laptop whose passphrase was forgotten, without a network: the locked laptop shows a challenge of
 * 20 characters, headquarters answers with 25 digits, both short enough for the telephone.
 *
 * The laptop's own X25519 key, and the recovery key that headquarters' trust list names, give both sides the same secret without a
 * message. While the vault is open, the laptop works out the answer to a challenge that it makes up, seals the vault's key under
 * that answer, and forgets the answer: app/vault/recovery.h. Headquarters works the same answer out again from the paper with its
 * recovery key, and learns nothing but that it was asked. Format: docs/formats-road.md, "Recovery". */

#define MERE_RECOVER_LENGTH 20 /* the laptop's name, 8; at random, 8; a check, 4: Crockford's base 32 */

#define MERE_RECOVER_ERROR (mere_recover_error_quark ())

GQuark mere_recover_error_quark (void);

/**
 * MereRecoverError:
 * @MERE_RECOVER_ERROR_LENGTH: not 20 characters; the message says how many
 * @MERE_RECOVER_ERROR_CHARACTER: something that is neither letter, digit, space nor dash
 * @MERE_RECOVER_ERROR_CHECK: mistyped, or made for another recovery key
 */
typedef enum {
  MERE_RECOVER_ERROR_LENGTH = 1,
  MERE_RECOVER_ERROR_CHARACTER,
  MERE_RECOVER_ERROR_CHECK,
} MereRecoverError;

/**
 * mere_recover_challenge_new:
 * @device: the laptop's name
 * @recovery: headquarters' recovery key, "age1…"
 *
 * Returns: (transfer full): a challenge that was never there before
 */
char *mere_recover_challenge_new (const char *device, const char *recovery) G_GNUC_WARN_UNUSED_RESULT;

/* "ggps4-rcy7k-2m9qx-d04fz"; %NULL where @challenge is none. */
char *mere_recover_challenge_group (const char *challenge) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_recover_challenge_read:
 * @typed: in any case, with spaces and dashes; o is read as 0, i and l as 1
 * @error: return location, %MERE_RECOVER_ERROR_LENGTH or _CHARACTER
 *
 * Returns: (transfer full): 20 characters; whether they are those of a challenge, mere_recover_challenge_is_for() tells
 */
char *mere_recover_challenge_read (const char *typed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether it is a challenge that was made for this recovery key. */
gboolean mere_recover_challenge_is_for (const char *challenge, const char *recovery);

/* (transfer full): the name of the laptop that made it. */
char *mere_recover_challenge_dup_device (const char *challenge) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_recover_answer_new:
 * @identity: the laptop's, or headquarters' recovery identity
 * @laptop: the laptop's recipient, "age1…"
 * @recovery: headquarters' recovery recipient; @identity is that of either
 * @error: return location, %MERE_AGE_ERROR_KEY
 *
 * Returns: (transfer full): 25 digits as a text, in locked memory
 */
MereSecret *mere_recover_answer_new (const MereSecret *identity,
                                     const char       *laptop,
                                     const char       *recovery,
                                     const char       *challenge,
                                     GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_recover_answer_read:
 * @typed: as for mere_code_read()
 * @error: return location, domain %MERE_CODE_ERROR
 *
 * Returns: (transfer full): what opens the vault, if it is the answer
 */
MereSecret *mere_recover_answer_read (const char *typed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_recover_ensure:
 * @error: return location, domain %MERE_STORE_ERROR or %MERE_VAULT_ERROR
 *
 * Sees that the vault has a challenge for the recovery key which headquarters names now, or none where it names none or where it is
 * not wanted. Cheap where nothing changes; else it costs a key derivation: off the main thread. Does nothing without a vault.
 */
gboolean mere_recover_ensure (MereStore *store, GError **error);

/* Whether headquarters may help; it may, until the owner of the laptop says otherwise. Takes effect with mere_recover_ensure(). */
gboolean mere_recover_is_wanted (MereStore *store);
gboolean mere_recover_set_wanted (MereStore *store, gboolean wanted, GError **error);

G_END_DECLS
