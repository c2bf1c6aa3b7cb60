/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/vault/tree-page.h"
#include "app/vault/wreck.h"

G_BEGIN_DECLS

/**
 * MereWreckMap:
 *
 * To which tree each page of a wreck belongs: first by following the trees from their roots, then as somebody who knows better says
 * (mere_wreck_map_take()). A page belongs to one tree or to one row at most, so nothing goes in circles, and all of it takes
 * time and memory in proportion to the pages.
 */
typedef struct _MereWreckMap MereWreckMap;

/* A place in a tree where something has to be and is not: the rows of tables with numbers over @after, up to @last. */
typedef struct
{
  guint32 page;
  guint   level; /* below the root */
  gint64  after;
  gint64  last;
} MereWreckGap;

/**
 * MereWreckTree:
 * @root: 0 where it is not known
 * @is_table: one whose rows have numbers
 * @pages: (element-type guint32): those that open; in the order of their keys as far as the root leads to them
 * @gaps: (element-type MereWreckGap)
 * @leaf_level: below the root; -1 where no leaf was reached from it
 * @taken: subtrees that were given to it
 */
typedef struct
{
  guint32  root;
  gboolean is_table;
  GArray  *pages;
  GArray  *gaps;
  int      leaf_level;
  guint    taken;
} MereWreckTree;

/**
 * mere_wreck_map_new:
 * @wreck: borrowed
 * @step: (nullable) (scope call): called with @data for each page that was read
 * @error: return location, %G_IO_ERROR_CANCELLED
 *
 * Reads every page.
 */
MereWreckMap *mere_wreck_map_new (MereWreck    *wreck,
                                  GFunc         step,
                                  gpointer      data,
                                  GCancellable *cancellable,
                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void          mere_wreck_map_free (MereWreckMap *self);

/* Follows a tree from its root. Returns: its number, from 0 */
guint                mere_wreck_map_add_tree (MereWreckMap *self, guint32 root, gboolean is_table);
const MereWreckTree *mere_wreck_map_get_tree (MereWreckMap *self, guint tree); /* borrowed until the next one is added */

/* (transfer full) (element-type guint32): topmost pages of what belongs to no tree so far. */
GArray *mere_wreck_map_list_orphans (MereWreckMap *self) G_GNUC_WARN_UNUSED_RESULT;

/* The first leaf below @page, an orphan; 0 where none opens. */
guint32 mere_wreck_map_find_leaf (MereWreckMap *self, guint32 page);

/* Gives an orphan and all below it to a tree; what it did not have before is appended to its pages. */
void mere_wreck_map_take (MereWreckMap *self, guint tree, guint32 page);

/* Whether pages that no inner page leads to may belong to the tree. */
gboolean mere_wreck_tree_is_broken (const MereWreckTree *self);

/* Whether @gap is a leaf, as far as that can be known. */
gboolean mere_wreck_tree_misses_leaf (const MereWreckTree *self, const MereWreckGap *gap);

/* A page as it is read again. */
MereWreckState mere_wreck_map_get_state (MereWreckMap *self, guint32 page);
MereTreeKind   mere_wreck_map_get_kind (MereWreckMap *self, guint32 page);
gboolean       mere_wreck_map_read (MereWreckMap *self, guint32 page, guint8 bytes[MERE_WRECK_PAGE], MereTreePage *parsed);

/**
 * mere_wreck_map_read_payload:
 * @cell: of a page that was read; its @local is still there
 * @payload: emptied, then filled
 *
 * Returns: whether all of it opens. A page in which a payload goes on belongs to the first row that asks for it, a few times.
 */
gboolean mere_wreck_map_read_payload (MereWreckMap *self, const MereTreeCell *cell, GByteArray *payload);

/* Leaves with rows that open and belong to no tree. */
guint mere_wreck_map_count_orphans (MereWreckMap *self);

/* Pages that do not open and that nothing leads to: nobody knows what they held. */
guint mere_wreck_map_count_unknown (MereWreckMap *self);
guint mere_wreck_map_count_unchecked (MereWreckMap *self); /* that hold or held something */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereWreckMap, mere_wreck_map_free)

G_END_DECLS
