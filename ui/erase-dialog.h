/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

#define MERE_ERASE_DIALOG_ERASE "erase" /* the response that erases */

/**
 * mere_erase_dialog_new:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Asks whether the open vault is to be erased for good: says what headquarters does not have yet, and lets it be done only when the
 * vault's name was typed.
 *
 * Returns: (transfer floating): an #AdwMessageDialog, or %NULL
 */
GtkWidget *mere_erase_dialog_new (GtkWindow *parent,
                                  MereStore *store,
                                  GError   **error);

G_END_DECLS
