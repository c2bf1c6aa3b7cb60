/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MereMenuButton:
 *
 * The program's main menu, the same in every header bar.
 */
#define MERE_TYPE_MENU_BUTTON (mere_menu_button_get_type ())
G_DECLARE_FINAL_TYPE (MereMenuButton, mere_menu_button, MERE, MENU_BUTTON, AdwBin)

G_END_DECLS
