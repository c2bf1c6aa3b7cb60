/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* Small values by name, kept in the vault: text, numbers, bytes. A name is "room.thing", as "window.crossing". */

/* (transfer full) (nullable): NULL without an error where it was never set. */
char   *mere_settings_load_text (MereStore *store, const char *key, GError **error);
GBytes *mere_settings_load_bytes (MereStore *store, const char *key, GError **error);
gint64  mere_settings_load_int (MereStore *store, const char *key, gint64 fallback);

/* NULL unsets. */
gboolean mere_settings_save_text (MereStore *store, const char *key, const char *text, GError **error);
gboolean mere_settings_save_bytes (MereStore *store, const char *key, GBytes *bytes, GError **error);
gboolean mere_settings_save_int (MereStore *store, const char *key, gint64 value, GError **error);

G_END_DECLS
