/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mere_passphrase_rate:
 * @text: what was typed
 * @advice: (out) (transfer full) (nullable): a sentence that says what is weak, or %NULL
 *
 * Rates a passphrase with libpwquality. Cheap enough for each key press.
 *
 * Returns: 0 (refused) to 100 (strong); below %MERE_PASSPHRASE_MINIMUM a vault is not made with it
 */
int mere_passphrase_rate (const char *text, char **advice);

#define MERE_PASSPHRASE_MINIMUM 30 /* of 100; eight random letters are about 40 */

G_END_DECLS
