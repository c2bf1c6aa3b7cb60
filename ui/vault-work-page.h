/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/vault-work.h"

G_BEGIN_DECLS

/**
 * MereVaultWorkPage:
 *
 * What is done to a vault that is not open: its keys changed, a copy restored, a damaged one rescued. It asks for the passphrase,
 * shows how far it is, can be cancelled, and tells what came of it.
 */
#define MERE_TYPE_VAULT_WORK_PAGE (mere_vault_work_page_get_type ())
G_DECLARE_FINAL_TYPE (MereVaultWorkPage, mere_vault_work_page, MERE, VAULT_WORK_PAGE, AdwBin)

/**
 * mere_vault_work_page_begin:
 * @kind: %MERE_VAULT_WORK_REKEY, _RESTORE or _RESCUE
 * @path: folder of the vault
 */
void mere_vault_work_page_begin (MereVaultWorkPage *self,
                                 MereVaultWorkKind  kind,
                                 const char        *path);

G_END_DECLS
