/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/page-gap.h"

#include "app/vault/vfs-private.h"

#define PAGES 28            /* of the first page: how many there are; "Database File Format", 1.3 */
#define LARGEST_ROOT 52     /* the same: not 0 where there are pointer maps */
#define TOO_MANY (2u << 24) /* pages: the number of one may begin with the type of a tree's page */

gboolean
mere_page_gap_is_safe (const guint8 *first_page)
{
  return mere_get_u32 (first_page + LARGEST_ROOT) == 0 && mere_get_u32 (first_page + PAGES) < TOO_MANY;
}

/* "Database File Format", 1.6: the type, the first free block, the number of cells, where their content begins. Other pages begin with
 * the number of a page, whose first byte is 0 or 1 where it is safe to ask. Returns: the gap's size */
static gsize
find (const guint8 *page, guint32 number, gsize *start)
{
  gsize         header = number == 1 ? 100 : 0, content;
  const guint8 *at = page + header;
  gboolean      leaf = at[0] == 10 || at[0] == 13;

  if (!leaf && at[0] != 2 && at[0] != 5)
    return 0;
  *start = header + (leaf ? 8 : 12) + 2 * ((gsize) at[3] << 8 | at[4]);
  content = (gsize) at[5] << 8 | at[6];
  return *start < content && content <= MERE_PAGE_TEXT ? content - *start : 0;
}

gboolean
mere_page_gap_is_clear (const guint8 *page, guint32 number)
{
  gsize start = 0, size = find (page, number, &start);

  return size == 0 || (page[start] == 0 && memcmp (page + start, page + start + 1, size - 1) == 0);
}

void
mere_page_gap_clear (guint8 *page, guint32 number)
{
  gsize start = 0, size = find (page, number, &start);

  if (size > 0)
    memset (page + start, 0, size);
}
