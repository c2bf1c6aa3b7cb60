/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereVaultWindow:
 *
 * What belongs to the open vault as a whole: who can open it, copies, its keys, its end. What cannot be done while it is open leads to
 * the actions win.rekey, win.rescue and win.erase-vault of the window that it is over.
 */
#define MERE_TYPE_VAULT_WINDOW (mere_vault_window_get_type ())
G_DECLARE_FINAL_TYPE (MereVaultWindow, mere_vault_window, MERE, VAULT_WINDOW, AdwPreferencesWindow)

MereVaultWindow *mere_vault_window_new (GtkWindow *parent,
                                        MereStore *store);

G_END_DECLS
