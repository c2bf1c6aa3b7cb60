/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/page-map.h"

#include "app/vault/vfs-private.h"

#include <sys/mman.h>

#define PART 16                        /* pages asked for at once: 64 KiB, a multiple of any processor's pages */
#define MOST ((sqlite3_int64) 1 << 40) /* SQLite has a bound of its own, 2 GiB by default; what lies behind it is read */

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14: reads without a signal */
#endif

static gboolean
is_possible (sqlite3_file *below)
{
  static guint8 memory[2 * 65536]; /* holds a whole page of any processor */
  guint8       *page = memory + (65536 - (gsize) memory % 65536);

  return sizeof (void *) >= 8 && below->pMethods->iVersion >= 3 && madvise (page, 1, MADV_POPULATE_READ) == 0;
}

void
mere_page_map_start (MerePageMap *self, sqlite3_file *below)
{
  sqlite3_int64 most = MOST;

  *self = (MerePageMap){ below, FALSE, 0, NULL };
  self->mapped = is_possible (below) && below->pMethods->xFileControl (below, SQLITE_FCNTL_MMAP_SIZE, &most) == SQLITE_OK;
}

static void
forget (MerePageMap *self)
{
  if (self->asked != NULL)
    self->below->pMethods->xUnfetch (self->below, 0, NULL);
  free (self->asked);
  self->asked = NULL;
}

void
mere_page_map_end (MerePageMap *self)
{
  if (self->mapped)
    forget (self);
  self->mapped = FALSE;
}

/* What was appended since the file was mapped is read, until it is worth another map. */
static gboolean
follow_size (MerePageMap *self, guint32 pages)
{
  if (self->asked != NULL && pages >= self->pages && pages - self->pages <= self->pages / 8)
    return TRUE;
  forget (self);
  self->pages = pages;
  self->asked = calloc (1, pages / PART / 8 + 1);
  return self->asked != NULL;
}

/* The part that @page lies in, else the page alone. */
static gboolean
ask (MerePageMap *self, guint32 number, const guint8 *page)
{
  guint32       part = (number - 1) / PART, first = part * PART;
  guint8       *bits = &self->asked[part / 8], bit = (guint8) (1 << part % 8);
  const guint8 *start = page - (gsize) (number - 1 - first) * MERE_PAGE_SIZE;

  if ((*bits & bit) != 0)
    return TRUE;
  if (madvise ((void *) start, (gsize) MIN (PART, self->pages - first) * MERE_PAGE_SIZE, MADV_POPULATE_READ) != 0)
    return madvise ((void *) page, MERE_PAGE_SIZE, MADV_POPULATE_READ) == 0;
  *bits |= bit;
  return TRUE;
}

int
mere_page_map_fetch (MerePageMap *self, guint32 number, guint32 pages, const guint8 **page)
{
  void *place = NULL;

  *page = NULL;
  if (!self->mapped || !follow_size (self, pages) || number > self->pages)
    return SQLITE_OK;
  /* SQLite holds back the file's last 256 bytes, for readers that look behind a page. */
  if (self->below->pMethods->xFetch (self->below, (gint64) (number - 1) * MERE_PAGE_SIZE, MERE_PAGE_SIZE - 256, &place) != SQLITE_OK)
    return SQLITE_OK;
  if (place == NULL)
    return SQLITE_OK;
  *page = place;
  if (ask (self, number, *page))
    return SQLITE_OK;
  mere_page_map_release (self, number, *page);
  *page = NULL;
  return SQLITE_IOERR_READ;
}

void
mere_page_map_release (MerePageMap *self, guint32 number, const guint8 *page)
{
  self->below->pMethods->xUnfetch (self->below, (gint64) (number - 1) * MERE_PAGE_SIZE, (void *) page);
}
