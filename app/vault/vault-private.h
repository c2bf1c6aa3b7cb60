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

G_END_DECLS
