/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereUnlockPage:
 *
 * Asks for the passphrase of one vault. Knows of it nothing but its folder's name.
 *
 * MereUnlockPage::unlocked (store): the passphrase was right; whoever listens owns the store from now on.
 */
#define MERE_TYPE_UNLOCK_PAGE (mere_unlock_page_get_type ())
G_DECLARE_FINAL_TYPE (MereUnlockPage, mere_unlock_page, MERE, UNLOCK_PAGE, AdwBin)

/* Forgets what was typed, and asks for this vault. */
void mere_unlock_page_set_vault (MereUnlockPage *self,
                                 const char     *path);

G_END_DECLS
