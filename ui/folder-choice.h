/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*MereFolderChosen) (GtkWidget  *widget,
                                  const char *path);

/* Asks for a folder over the window of @widget; calls back with its path, unless it was given up or @widget is gone. */
void mere_folder_choice_ask (GtkWidget       *widget,
                             const char      *title,
                             const char      *accept,
                             MereFolderChosen chosen);

G_END_DECLS
