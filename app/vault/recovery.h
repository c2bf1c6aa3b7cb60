/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/key-slot.h"
#include "app/vault/vault.h"

G_BEGIN_DECLS

/* A way into a vault whose passphrase was forgotten: a slot of keys.json that opens with an answer which somebody else can work
 * out from a challenge. What both are is none of the vault's business: sync/recover.h. An answer opens the vault once; from then on
 * there is a new passphrase, and no such slot until a new challenge is laid down. Errors: domain %MERE_VAULT_ERROR. All but
 * mere_recovery_dup_challenge() cost key derivations and belong off the main thread. */

/**
 * mere_vault_arm_recovery:
 * @challenge: what will be shown while the vault is locked; letters, digits and dashes
 * @answer: what opens the vault
 *
 * Lays down a challenge in place of an earlier one, whose answer is worth nothing from then on. A guess costs what one at the
 * vault's first passphrase costs.
 */
gboolean mere_vault_arm_recovery (MereVault *self, const char *challenge, const MereSecret *answer, GError **error);

/* Takes the slot away, where there is one. */
gboolean mere_vault_disarm_recovery (MereVault *self, GError **error);

/**
 * mere_recovery_dup_challenge:
 * @path: folder of a vault, locked or open
 *
 * Returns: (transfer full) (nullable): its challenge, as it lies there: who has the folder may have changed it. %NULL: none
 */
char *mere_recovery_dup_challenge (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_recovery_check:
 * @error: %MERE_VAULT_ERROR_PASSPHRASE where it is not the answer
 *
 * Whether @answer would open the vault. Changes nothing.
 */
gboolean mere_recovery_check (const char *path, const MereSecret *answer, GError **error);

/**
 * mere_vault_recover:
 * @path: folder of a vault that is not open
 * @answer: to its challenge
 * @passphrase: what opens it from now on, in place of the passphrase with which it was made, or of the first one that is left
 * @error: as for mere_vault_open(); %MERE_VAULT_ERROR_PASSPHRASE where it is not the answer
 *
 * The new passphrase comes and the challenge goes in one change of keys.json: a crash leaves all or nothing of it.
 *
 * Returns: (transfer full): the open vault
 */
MereVault *mere_vault_recover (const char       *path,
                               const MereSecret *answer,
                               const MereSecret *passphrase,
                               GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for tests, which need not pay. */
MereVault *mere_vault_recover_with_cost (const char        *path,
                                         const MereSecret  *answer,
                                         const MereSecret  *passphrase,
                                         const MereKeyCost *cost,
                                         GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
