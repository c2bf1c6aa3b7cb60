/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The part of a page of a tree that holds nothing, between its list of cells and the cells. secure_delete clears what is deleted, but not
 * what is left there when SQLite moves cells from page to page. SQLite never reads it. Pages that are not of a tree have none; but the
 * pointer maps of databases with auto_vacuum may look like one, and so may the links between overflow pages from 33,554,432 pages on
 * (128 GiB): ask mere_page_gap_is_safe() first, of the first page. */

gboolean mere_page_gap_is_safe (const guint8 *first_page);
gboolean mere_page_gap_is_clear (const guint8 *page, guint32 number);
void     mere_page_gap_clear (guint8 *page, guint32 number);

G_END_DECLS
