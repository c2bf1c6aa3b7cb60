/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereWindow:
 *
 * Shows the welcome, the making of a vault, the unlock page, or the desk. It owns the store while a vault is open:
 * locking destroys the desk with all that it shows, then closes the store. While locked its title says nothing but the
 * name of the program.
 *
 * Actions: win.lock, win.welcome, win.new-vault, win.open-vault (asks for a folder), win.unlock, win.recover and win.rescue (s: folder of a locked vault), win.restore (asks
 * for a copy); while unlocked win.vault, win.rekey, win.rescue-open, win.erase-vault (asks nothing more).
 */
#define MERE_TYPE_WINDOW (mere_window_get_type ())
G_DECLARE_FINAL_TYPE (MereWindow, mere_window, MERE, WINDOW, AdwApplicationWindow)

MereWindow *mere_window_new (AdwApplication *application);

/* Shows the unlock page for the vault in that folder. A vault that is open is locked first. */
void mere_window_show_vault (MereWindow *self,
                             const char *path);

/* Takes the store over and shows the desk. */
void mere_window_take_store (MereWindow *self,
                             MereStore  *store);

void     mere_window_lock (MereWindow *self);
gboolean mere_window_is_unlocked (MereWindow *self);

G_END_DECLS
