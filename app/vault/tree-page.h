/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* SQLite's pages and records, decoded without SQLite, for what it would not read: "Database File Format", 1.6 and 2.1. All bytes are
 * hostile; nothing is read outside of them, and nothing here follows from one page to another. */

#define MERE_TREE_PAGE 4096
#define MERE_TREE_USABLE 4056      /* docs/formats.md: the rest of a page is the seal's */
#define MERE_TREE_MOST_VALUES 2000 /* SQLite's own bound of columns */

typedef enum {
  MERE_TREE_NONE = 0,
  MERE_TREE_INDEX_INNER = 2,
  MERE_TREE_TABLE_INNER = 5,
  MERE_TREE_INDEX_LEAF = 10,
  MERE_TREE_TABLE_LEAF = 13,
} MereTreeKind;

typedef struct
{
  const guint8 *bytes; /* of the page; borrowed */
  MereTreeKind  kind;
  gsize         list; /* where the cells' places are */
  guint         n_cells;
  guint32       last_child; /* of inner pages */
} MereTreePage;

/**
 * MereTreeCell:
 * @child: of inner pages: what comes before this cell
 * @number: of tables: the row's, or of inner pages the highest of @child
 * @local: (nullable): the payload's first bytes, in the page; %NULL on a table's inner pages
 * @size: of the whole payload
 * @overflow: the page where it goes on; 0 where @n_local is all of it
 */
typedef struct
{
  guint32       child;
  gint64        number;
  const guint8 *local;
  gsize         n_local;
  gsize         size;
  guint32       overflow;
} MereTreeCell;

static inline gboolean
mere_tree_is_leaf (MereTreeKind kind)
{
  return kind == MERE_TREE_TABLE_LEAF || kind == MERE_TREE_INDEX_LEAF;
}

static inline gboolean
mere_tree_is_table (MereTreeKind kind)
{
  return kind == MERE_TREE_TABLE_LEAF || kind == MERE_TREE_TABLE_INNER;
}

/* @number: of the page; the first one begins with the database's header. Returns: whether it is a page of a tree */
gboolean mere_tree_page_parse (MereTreePage *self, const guint8 *bytes, guint32 number);

/* @cell: from 0. Returns: whether it lies in the page */
gboolean mere_tree_page_get_cell (const MereTreePage *self, guint cell, MereTreeCell *out);

/* A value in a record: type, and where it lies. */
typedef struct
{
  int   type; /* SQLITE_INTEGER, _FLOAT, _TEXT, _BLOB, _NULL */
  guint serial;
  gsize at;
  gsize size;
} MereTreeValue;

/**
 * mere_tree_record_parse:
 * @bytes: of a payload, from its start; its header has to be among them
 * @size: of the whole payload
 * @values: (element-type MereTreeValue): emptied, then filled
 *
 * Returns: whether it is a record. Its values may lie behind @n_bytes.
 */
gboolean mere_tree_record_parse (const guint8 *bytes, gsize n_bytes, gsize size, GArray *values);

/* Whole payloads alone. */
gint64 mere_tree_value_get_int (const MereTreeValue *self, const guint8 *payload);
int    mere_tree_value_bind (const MereTreeValue *self, const guint8 *payload, sqlite3_stmt *statement, int parameter); /* borrowed until it is run */

G_END_DECLS
