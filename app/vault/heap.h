/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mere_heap_is_wiped:
 *
 * A program that calls this, as making and opening a vault does, has a free() of ours: memory is wiped when anybody in the process
 * gives it back, whether GLib, libxml2 or GTK. So an answer on a form is gone from memory when the form is. What is never given
 * back, or given back otherwise, is not wiped: stacks, and pieces that GLib's slices keep for themselves.
 *
 * Returns: whether it is so: with the GNU C library, and not under a sanitizer, which has a free() of its own
 */
gboolean mere_heap_is_wiped (void);

G_END_DECLS
