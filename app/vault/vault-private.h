/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/key-slot.h"
#include "app/vault/vault.h"

G_BEGIN_DECLS

/**
 * mere_vault_create_with_cost:
 * @cost: of each guess at its passphrase
 *
 * mere_vault_create(), for tests of what a vault does once it is open: they need not pay for a passphrase that guards
 * nothing. The product makes vaults by mere_vault_create() alone, which measures the cost.
 */
MereVault *mere_vault_create_with_cost (const char        *path,
                                        const MereSecret  *passphrase,
                                        const MereKeyCost *cost,
                                        GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* mere_vault_open(), by a slot of any kind. */
MereVault *mere_vault_open_by (const char       *path,
                               MereKeySlotKind   kind,
                               const MereSecret *secret,
                               GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* Borrowed, while the vault is open. */
const MereSecret *mere_vault_get_data_key (MereVault *self);

/* To be held from reading keys.json to writing it, so that no change of another thread is lost. */
GMutex *mere_vault_get_keys_mutex (MereVault *self);

/* What a call of SQLite's on the vault's database has met. */
void mere_vault_set_sqlite_error (MereVault *self, int status, GError **error);

/**
 * mere_vault_check:
 * @vfs: over which @database is open
 * @error: return location, %MERE_VAULT_ERROR_DAMAGED
 *
 * SQLite's integrity check: reads every page, and sees whether they fit together.
 */
gboolean mere_vault_check (sqlite3 *database, const char *vfs, const char *path, GError **error);

/* mere_vault_add_passphrase(), for the same tests. */
gboolean mere_vault_add_passphrase_with_cost (MereVault         *self,
                                              const MereSecret  *passphrase,
                                              const char        *label,
                                              const MereSecret  *new_passphrase,
                                              const MereKeyCost *cost,
                                              GError           **error);

G_END_DECLS
