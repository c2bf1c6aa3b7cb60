/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereNewVaultPage:
 *
 * Makes a vault: its name, the folder it lies in, and the passphrase, typed twice and rated as it is typed.
 *
 * MereNewVaultPage::unlocked (store): the vault is made; whoever listens owns the store from now on.
 */
#define MERE_TYPE_NEW_VAULT_PAGE (mere_new_vault_page_get_type ())
G_DECLARE_FINAL_TYPE (MereNewVaultPage, mere_new_vault_page, MERE, NEW_VAULT_PAGE, AdwBin)

/* Forgets what was typed. */
void mere_new_vault_page_reset (MereNewVaultPage *self);

G_END_DECLS
