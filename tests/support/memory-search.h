/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A search through all memory of this process for needles that are kept masked, so that the search does not find itself. */

#define MERE_NEEDLE 32 /* bytes of each */
#define MERE_MOST_NEEDLES 16

void mere_needle_set (guint which, const guint8 *bytes);
void mere_needle_make_text (guint which, char text[MERE_NEEDLE + 1]); /* random letters */
void mere_needles_count (guint found[MERE_MOST_NEEDLES]);

G_END_DECLS
