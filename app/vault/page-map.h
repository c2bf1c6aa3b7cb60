/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * MerePageMap:
 *
 * The database file as SQLite's own VFS maps it into memory, so that a page is opened from where the kernel has it into SQLite's
 * buffer, without a call and a copy between. A page that the disk cannot read is an error as with any read, and no signal: each
 * part of the file is asked for before it is touched. Where that cannot be done (before Linux 5.14, on 32 bits, over a VFS that
 * maps nothing) there is no map, and the caller reads.
 */
typedef struct
{
  sqlite3_file *below;
  gboolean      mapped;
  guint32       pages; /* of the file when it was mapped */
  guint8       *asked; /* a bit for each part: the kernel has read it without an error */
} MerePageMap;

void mere_page_map_start (MerePageMap *self, sqlite3_file *below);
void mere_page_map_end (MerePageMap *self);

/**
 * mere_page_map_fetch:
 * @number: page, from 1
 * @pages: in the file
 * @page: (out) (nullable): where it lies; %NULL: read it. To be given back before the file is changed
 *
 * Returns: %SQLITE_OK, or %SQLITE_IOERR_READ if the disk cannot read it
 */
int  mere_page_map_fetch (MerePageMap *self, guint32 number, guint32 pages, const guint8 **page);
void mere_page_map_release (MerePageMap *self, guint32 number, const guint8 *page);

G_END_DECLS
