/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereRecoveryPage:
 *
 * Opens a vault whose passphrase was forgotten: shows its challenge, takes headquarters' answer, and then a new passphrase. It keeps
 * the answer only while it is shown.
 *
 * MereRecoveryPage::unlocked (store): the vault is open; whoever listens owns the store from now on.
 */
#define MERE_TYPE_RECOVERY_PAGE (mere_recovery_page_get_type ())
G_DECLARE_FINAL_TYPE (MereRecoveryPage, mere_recovery_page, MERE, RECOVERY_PAGE, AdwBin)

/* @path: folder of a locked vault */
void mere_recovery_page_set_vault (MereRecoveryPage *self,
                                   const char       *path);

G_END_DECLS
