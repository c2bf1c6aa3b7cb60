/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mere_when_parse:
 * @option: what the text was given with, for the message
 * @text: (nullable): "2026-11-24" (its first moment, UTC) or RFC 3339
 * @utc_us: (out): 0 for %NULL
 * @error: return location, %G_OPTION_ERROR_BAD_VALUE
 */
gboolean mere_when_parse (const char *option, const char *text, gint64 *utc_us, GError **error);

G_END_DECLS
