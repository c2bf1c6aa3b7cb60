/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this computer remembers outside every vault: where vaults lie, and how the window likes to be. Kept in GSettings
 * (schemas/org.merestone.Merestone.gschema.xml). Where the schema is not installed, the one beside the program in a
 * build folder is taken; without that too, the defaults hold and nothing is kept. */

#define MERE_REMEMBERED_MAX_VAULTS 8

char **mere_remembered_dup_vaults (void); /* (transfer full): paths, the last opened first; never %NULL */
void   mere_remembered_add_vault (const char *path);
void   mere_remembered_forget_vault (const char *path);

guint mere_remembered_get_idle_minutes (void); /* 0: never lock by itself */
void  mere_remembered_set_idle_minutes (guint minutes);

char *mere_remembered_dup_language (void); /* (transfer full): "" for the system's */
void  mere_remembered_set_language (const char *code);

void     mere_remembered_get_size (int *width, int *height);
void     mere_remembered_set_size (int width, int height);
gboolean mere_remembered_get_maximized (void);
void     mere_remembered_set_maximized (gboolean maximized);

G_END_DECLS
