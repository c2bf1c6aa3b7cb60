/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How things are said on the screen, in the window's language. Each returns a copy. */

/* "Utopia" of "/home/me/Utopia.vault". */
char *mere_text_vault_name (const char *path);

/* A moment as a person at work says it: "just now", "12 minutes ago", "today, 14:05", "yesterday, 14:05",
 * "3 July 2026". Local time of this computer. */
char *mere_text_moment (gint64 utc_us);

/* A label of a menu: GMenu reads "_" as a mnemonic. */
char *mere_text_menu_label (const char *text);

G_END_DECLS
