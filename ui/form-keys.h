/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Binds the keys of a form to the actions of its page. Wherever in the window the focus is: the keys of the form are those
 * of the window while it is shown. */
void mere_form_keys_add (GtkWidget *page);

G_END_DECLS
