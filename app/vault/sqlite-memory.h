/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * mere_sqlite_memory_wipe:
 *
 * From now on SQLite wipes all memory that it gives back: its page cache holds opened pages, its statements hold answers. To be
 * called before the first other call to SQLite in the process; later it changes nothing. Opening and making a vault does it.
 *
 * Returns: whether SQLite's memory is wiped
 */
gboolean mere_sqlite_memory_wipe (void);

G_END_DECLS
