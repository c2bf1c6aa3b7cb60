/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Writes FOLDER/NAME-LOOK.png of a window, once it stands still. */
void mere_take_picture (GtkWidget *window, const char *folder, const char *name, const char *look);

/* @percent: of the normal size */
void mere_take_set_text_size (const char *percent);

G_END_DECLS
