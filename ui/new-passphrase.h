/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "app/vault/secret.h"

G_BEGIN_DECLS

/**
 * MereNewPassphrase:
 *
 * A passphrase that is chosen: typed twice, and rated as it is typed. What was typed is gone when the widget is no longer shown.
 *
 * MereNewPassphrase::changed: something was typed.
 * MereNewPassphrase::done: Enter in the second field.
 */
#define MERE_TYPE_NEW_PASSPHRASE (mere_new_passphrase_get_type ())
G_DECLARE_FINAL_TYPE (MereNewPassphrase, mere_new_passphrase, MERE, NEW_PASSPHRASE, GtkBox)

/* Calls it “New passphrase”: beside one that is typed to show that one may. */
void mere_new_passphrase_set_beside_another (MereNewPassphrase *self);

gboolean    mere_new_passphrase_is_ready (MereNewPassphrase *self); /* strong enough, and twice the same */
MereSecret *mere_new_passphrase_dup (MereNewPassphrase *self) G_GNUC_WARN_UNUSED_RESULT;
void        mere_new_passphrase_clear (MereNewPassphrase *self);

G_END_DECLS
