/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "app/capture/capture.h"

G_BEGIN_DECLS

/**
 * mere_form_picture_new:
 * @name: (nullable): of a file beside the form, as mere_form_node_dup_media() gives it
 * @words: what it is a picture of, for those who do not see it
 *
 * A picture of a label or a choice; it appears when it is read.
 *
 * Returns: (nullable): %NULL where the form came without it
 */
GtkWidget *mere_form_picture_new (MereCapture *capture, const char *name, const char *words);

G_END_DECLS
