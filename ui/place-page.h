/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "app/store/store.h"
#include "ui/place.h"

G_BEGIN_DECLS

/* The page of a place of the side bar. */
GtkWidget *mere_place_page_new (MerePlace  place,
                                MereStore *store);

/* Ctrl+1 for the first place, and so on, wherever the focus is; @action ("s": name of a place) goes there.
 * (transfer full) */
GtkEventController *mere_place_keys_new (const char *action);

G_END_DECLS
