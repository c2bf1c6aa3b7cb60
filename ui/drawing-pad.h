/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MereDrawingPad:
 *
 * Paper to draw on with mouse, pen or finger: dark ink on white, whatever the theme is. Signal “drawn”: a stroke was
 * ended, or taken back.
 */
#define MERE_TYPE_DRAWING_PAD (mere_drawing_pad_get_type ())
G_DECLARE_FINAL_TYPE (MereDrawingPad, mere_drawing_pad, MERE, DRAWING_PAD, GtkWidget)

GtkWidget *mere_drawing_pad_new (int width, int height); /* px */

gboolean mere_drawing_pad_is_empty (MereDrawingPad *self);

/* One stroke, in px from the upper left corner; as a person draws it. */
void mere_drawing_pad_begin (MereDrawingPad *self, double x, double y);
void mere_drawing_pad_go (MereDrawingPad *self, double x, double y);
void mere_drawing_pad_end (MereDrawingPad *self);

/* Takes the last stroke back. */
void mere_drawing_pad_undo (MereDrawingPad *self);
/* All of them, without “drawn”. */
void mere_drawing_pad_clear (MereDrawingPad *self);

/* (transfer full): what is on the paper, with twice as many pixels; a PNG. */
GBytes *mere_drawing_pad_dup_png (MereDrawingPad *self);

G_END_DECLS
