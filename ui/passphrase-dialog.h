/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/vault-work.h"

G_BEGIN_DECLS

/**
 * MerePassphraseDialog:
 *
 * Adds, changes or removes a passphrase of the open vault; each asks for one that opens it.
 *
 * MerePassphraseDialog::done: it was done.
 */
#define MERE_TYPE_PASSPHRASE_DIALOG (mere_passphrase_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MerePassphraseDialog, mere_passphrase_dialog, MERE, PASSPHRASE_DIALOG, AdwWindow)

/**
 * mere_passphrase_dialog_new:
 * @kind: %MERE_VAULT_WORK_ADD, _CHANGE or _REMOVE
 * @label: (nullable): whose passphrase it is that is removed; %NULL for that with which the vault was made
 */
MerePassphraseDialog *mere_passphrase_dialog_new (MereStore        *store,
                                                  MereVaultWorkKind kind,
                                                  const char       *label);

G_END_DECLS
