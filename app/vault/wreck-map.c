/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/wreck-map.h"

#include <sodium.h>
#include <string.h>

#define FREE_TRUNK 32 /* of the first page: where the list of free pages begins; "Database File Format", 1.5 */
#define NOBODY (-1)
#define BELOW_TAKEN 1000 /* a level: of what nothing leads to, it is not known; deeper than any tree */
#define MOST_READS 4     /* of one row */

typedef enum {
  ROLE_NONE,     /* nothing leads to it */
  ROLE_CHILD,    /* an inner page does, or it is a root */
  ROLE_OVERFLOW, /* a row goes on in it */
  ROLE_FREE,
} Role;

typedef struct
{
  guint8  state; /* MereWreckState */
  guint8  kind;  /* MereTreeKind */
  guint8  role;
  guint8  is_empty; /* a leaf without rows */
  guint8  reads;    /* of a row's first page: how often it was asked for */
  gint32  owner;    /* number of a tree */
  guint32 chain;    /* of a page in which a row goes on: the first of these */
} Page;

struct _MereWreckMap
{
  MereWreck *wreck;
  Page      *pages; /* from 1 */
  guint32    n_pages;
  GPtrArray *trees;
};

static void
tree_free (gpointer data)
{
  MereWreckTree *self = data;

  g_array_unref (self->pages);
  g_array_unref (self->gaps);
  g_free (self);
}

void
mere_wreck_map_free (MereWreckMap *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->trees);
  g_free (self->pages);
  g_free (self);
}

static Page *
find (MereWreckMap *self, guint32 number)
{
  return number > 0 && number <= self->n_pages ? &self->pages[number - 1] : NULL;
}

static guint32
get_u32 (const guint8 *from)
{
  return (guint32) from[0] << 24 | (guint32) from[1] << 16 | (guint32) from[2] << 8 | from[3];
}

/* Reading all of it */

static void
look_at (MereWreckMap *self, guint32 number)
{
  guint8       bytes[MERE_WRECK_PAGE];
  MereTreePage parsed;
  Page        *page = find (self, number);

  page->owner = NOBODY;
  page->state = (guint8) mere_wreck_read (self->wreck, number, bytes);
  if (page->state == MERE_WRECK_OPENS || page->state == MERE_WRECK_UNCHECKED)
    page->kind = mere_tree_page_parse (&parsed, bytes, number) ? (guint8) parsed.kind : MERE_TREE_NONE;
  page->is_empty = mere_tree_is_leaf (page->kind) && parsed.n_cells == 0;
  sodium_memzero (bytes, sizeof bytes);
}

static void
note_free (MereWreckMap *self, guint32 number)
{
  Page *page = find (self, number);

  if (page != NULL && page->role == ROLE_NONE)
    page->role = ROLE_FREE;
}

/* Trunks that point to each other, and to leaves. */
static void
read_free_pages (MereWreckMap *self)
{
  guint8  bytes[MERE_WRECK_PAGE];
  guint32 trunk = 0;
  Page   *page;

  if (mere_wreck_read (self->wreck, 1, bytes) != MERE_WRECK_DAMAGED)
    trunk = get_u32 (bytes + FREE_TRUNK);
  while ((page = find (self, trunk)) != NULL && page->role == ROLE_NONE)
    {
      note_free (self, trunk);
      if (mere_wreck_read (self->wreck, trunk, bytes) == MERE_WRECK_DAMAGED)
        return;
      for (guint32 i = 0; i < MIN (get_u32 (bytes + 4), MERE_TREE_USABLE / 4 - 2); i++)
        note_free (self, get_u32 (bytes + 8 + 4 * i));
      trunk = get_u32 (bytes);
    }
}

MereWreckMap *
mere_wreck_map_new (MereWreck *wreck, GFunc step, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (MereWreckMap) self = g_new0 (MereWreckMap, 1);

  self->wreck = wreck;
  self->n_pages = mere_wreck_get_pages (wreck);
  self->pages = g_new0 (Page, self->n_pages);
  self->trees = g_ptr_array_new_with_free_func (tree_free);
  for (guint32 number = 1; number <= self->n_pages; number++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      look_at (self, number);
      if (step != NULL)
        step (NULL, data);
    }
  read_free_pages (self);
  return g_steal_pointer (&self);
}

/* Trees */

static gboolean
fits (const MereWreckTree *tree, const Page *page)
{
  return page != NULL && page->kind != MERE_TREE_NONE && page->owner == NOBODY && mere_tree_is_table (page->kind) == tree->is_table;
}

/* What an inner page leads to, each with the numbers that it may hold; in the order of keys. */
static void
add_children (const MereTreePage *page, const MereWreckGap *above, GArray *queue)
{
  MereWreckGap child = { 0, above->level + 1, above->after, above->last };
  MereTreeCell cell;

  for (guint i = 0; i < page->n_cells; i++)
    {
      if (!mere_tree_page_get_cell (page, i, &cell))
        continue;
      child.page = cell.child;
      child.last = mere_tree_is_table (page->kind) ? cell.number : above->last;
      g_array_append_val (queue, child);
      child.after = mere_tree_is_table (page->kind) ? cell.number : above->after;
    }
  child.page = page->last_child;
  child.last = above->last;
  g_array_append_val (queue, child);
}

static void
visit (MereWreckMap *self, guint tree_number, const MereWreckGap *place, gboolean from_root, GArray *queue)
{
  MereWreckTree *tree = self->trees->pdata[tree_number];
  Page          *page = find (self, place->page);
  guint8         bytes[MERE_WRECK_PAGE];
  MereTreePage   parsed;

  if (!fits (tree, page) || !mere_wreck_map_read (self, place->page, bytes, &parsed))
    {
      if (page != NULL && page->owner == NOBODY)
        page->role = ROLE_CHILD;
      g_array_append_val (tree->gaps, *place);
      return;
    }
  page->owner = (gint32) tree_number;
  page->role = ROLE_CHILD;
  g_array_append_val (tree->pages, place->page);
  if (!mere_tree_is_leaf (parsed.kind))
    add_children (&parsed, place, queue);
  else if (from_root)
    tree->leaf_level = (int) place->level;
  sodium_memzero (bytes, sizeof bytes);
}

/* Level by level. */
static void
follow (MereWreckMap *self, guint tree, guint32 top, gboolean from_root)
{
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (MereWreckGap));
  MereWreckGap first = { top, from_root ? 0 : BELOW_TAKEN, G_MININT64, G_MAXINT64 };

  g_array_append_val (queue, first);
  for (guint i = 0; i < queue->len; i++)
    {
      MereWreckGap place = g_array_index (queue, MereWreckGap, i);

      visit (self, tree, &place, from_root, queue);
    }
}

guint
mere_wreck_map_add_tree (MereWreckMap *self, guint32 root, gboolean is_table)
{
  MereWreckTree *tree = g_new0 (MereWreckTree, 1);
  guint          number = self->trees->len;

  tree->root = root;
  tree->is_table = is_table;
  tree->pages = g_array_new (FALSE, FALSE, sizeof (guint32));
  tree->gaps = g_array_new (FALSE, FALSE, sizeof (MereWreckGap));
  tree->leaf_level = -1;
  g_ptr_array_add (self->trees, tree);
  if (root != 0)
    follow (self, number, root, TRUE);
  return number;
}

const MereWreckTree *
mere_wreck_map_get_tree (MereWreckMap *self, guint tree)
{
  return self->trees->pdata[tree];
}

gboolean
mere_wreck_tree_misses_leaf (const MereWreckTree *self, const MereWreckGap *gap)
{
  return gap->level >= BELOW_TAKEN || (self->leaf_level >= 0 && gap->level >= (guint) self->leaf_level);
}

gboolean
mere_wreck_tree_is_broken (const MereWreckTree *self)
{
  for (guint i = 0; i < self->gaps->len; i++)
    if (!mere_wreck_tree_misses_leaf (self, &g_array_index (self->gaps, MereWreckGap, i)))
      return TRUE;
  return self->root == 0;
}

/* Orphans */

static gboolean
is_orphan (const Page *page)
{
  return page != NULL && page->owner == NOBODY && page->kind != MERE_TREE_NONE;
}

static void
mark_children (MereWreckMap *self, guint32 number)
{
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (MereWreckGap));
  MereWreckGap none = { 0 };
  MereTreePage parsed;
  guint8       bytes[MERE_WRECK_PAGE];

  if (!mere_wreck_map_read (self, number, bytes, &parsed) || mere_tree_is_leaf (parsed.kind))
    return;
  add_children (&parsed, &none, children);
  for (guint i = 0; i < children->len; i++)
    {
      Page *child = find (self, g_array_index (children, MereWreckGap, i).page);

      if (is_orphan (child))
        child->role = ROLE_CHILD;
    }
}

GArray *
mere_wreck_map_list_orphans (MereWreckMap *self)
{
  GArray *tops = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 number = 1; number <= self->n_pages; number++)
    if (is_orphan (find (self, number)))
      find (self, number)->role = ROLE_NONE;
  for (guint32 number = 1; number <= self->n_pages; number++)
    if (is_orphan (find (self, number)) && !mere_tree_is_leaf (find (self, number)->kind))
      mark_children (self, number);
  for (guint32 number = 1; number <= self->n_pages; number++)
    if (is_orphan (find (self, number)) && find (self, number)->role == ROLE_NONE && !find (self, number)->is_empty)
      g_array_append_val (tops, number);
  return tops;
}

guint32
mere_wreck_map_find_leaf (MereWreckMap *self, guint32 page)
{
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (MereWreckGap));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  MereWreckGap first = { page, 0, 0, 0 };

  g_array_append_val (queue, first);
  for (guint i = 0; i < queue->len; i++)
    {
      MereWreckGap place = g_array_index (queue, MereWreckGap, i);
      guint8       bytes[MERE_WRECK_PAGE];
      MereTreePage parsed;

      if (!is_orphan (find (self, place.page)) || !g_hash_table_add (seen, GUINT_TO_POINTER (place.page)) ||
          !mere_wreck_map_read (self, place.page, bytes, &parsed))
        continue;
      if (mere_tree_is_leaf (parsed.kind))
        return place.page;
      add_children (&parsed, &place, queue);
    }
  return 0;
}

void
mere_wreck_map_take (MereWreckMap *self, guint tree, guint32 page)
{
  ((MereWreckTree *) self->trees->pdata[tree])->taken++;
  follow (self, tree, page, FALSE);
}

/* Pages */

MereWreckState
mere_wreck_map_get_state (MereWreckMap *self, guint32 page)
{
  return find (self, page) != NULL ? find (self, page)->state : MERE_WRECK_DAMAGED;
}

MereTreeKind
mere_wreck_map_get_kind (MereWreckMap *self, guint32 page)
{
  return find (self, page) != NULL ? find (self, page)->kind : MERE_TREE_NONE;
}

gboolean
mere_wreck_map_read (MereWreckMap *self, guint32 page, guint8 bytes[MERE_WRECK_PAGE], MereTreePage *parsed)
{
  return mere_wreck_read (self->wreck, page, bytes) != MERE_WRECK_DAMAGED && mere_tree_page_parse (parsed, bytes, page);
}

/* A page belongs to one row; which may be read a few times: to see whose it is, and to copy it. */
static gboolean
claim (Page *page, guint32 first)
{
  if (page == NULL || page->owner != NOBODY || (page->role == ROLE_OVERFLOW ? page->chain != first : page->role != ROLE_NONE))
    return FALSE;
  page->role = ROLE_OVERFLOW;
  page->chain = first;
  return page->kind == MERE_TREE_NONE && page->state != MERE_WRECK_BLANK && page->state != MERE_WRECK_DAMAGED;
}

/* "Database File Format", 1.6: the number of the next page, 0 at the end; then content. Returns: how many bytes were taken; 0: no more */
static gsize
read_overflow (MereWreckMap *self, guint32 *number, guint32 first, gsize missing, GByteArray *payload)
{
  guint8 bytes[MERE_WRECK_PAGE];
  gsize  part = MIN (missing, MERE_TREE_USABLE - 4);

  if (!claim (find (self, *number), first) || mere_wreck_read (self->wreck, *number, bytes) == MERE_WRECK_DAMAGED)
    return 0;
  g_byte_array_append (payload, bytes + 4, (guint) part);
  *number = get_u32 (bytes);
  return part;
}

gboolean
mere_wreck_map_read_payload (MereWreckMap *self, const MereTreeCell *cell, GByteArray *payload)
{
  guint32 next = cell->overflow;
  gsize   missing = cell->size - cell->n_local, part;
  Page   *first = find (self, next);

  g_byte_array_set_size (payload, 0);
  g_byte_array_append (payload, cell->local, (guint) cell->n_local);
  if (cell->size > (gsize) self->n_pages * MERE_TREE_USABLE || (first != NULL && first->reads >= MOST_READS))
    return FALSE;
  if (first != NULL)
    first->reads++;
  for (; missing > 0; missing -= part)
    {
      part = read_overflow (self, &next, cell->overflow, missing, payload);
      if (part == 0)
        return FALSE;
    }
  return TRUE;
}

guint
mere_wreck_map_count_orphans (MereWreckMap *self)
{
  guint n = 0;

  for (guint32 i = 0; i < self->n_pages; i++)
    n += is_orphan (&self->pages[i]) && mere_tree_is_leaf (self->pages[i].kind) && !self->pages[i].is_empty;
  return n;
}

guint
mere_wreck_map_count_unknown (MereWreckMap *self)
{
  guint n = 0;

  for (guint32 i = 0; i < self->n_pages; i++)
    n += self->pages[i].state == MERE_WRECK_DAMAGED && self->pages[i].role == ROLE_NONE;
  return n;
}

guint
mere_wreck_map_count_unchecked (MereWreckMap *self)
{
  guint n = 0;

  for (guint32 i = 0; i < self->n_pages; i++)
    n += self->pages[i].state == MERE_WRECK_UNCHECKED && self->pages[i].role != ROLE_FREE;
  return n;
}
