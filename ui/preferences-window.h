/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MerePreferencesWindow:
 *
 * What this computer remembers and a person may choose: when the vault locks by itself, and the language.
 */
#define MERE_TYPE_PREFERENCES_WINDOW (mere_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (MerePreferencesWindow, mere_preferences_window, MERE, PREFERENCES_WINDOW, AdwPreferencesWindow)

MerePreferencesWindow *mere_preferences_window_new (void);

G_END_DECLS
