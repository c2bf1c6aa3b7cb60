/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/wreck-map.h"

G_BEGIN_DECLS

/* What the records of a table or an index look like: their values in the order in which they are stored. */
typedef struct
{
  char    *name;     /* of the column; NULL: a number or an expression */
  char     affinity; /* as SQLite names them: 'A' blob, 'B' text, 'C' numeric, 'D' integer, 'E' real */
  gboolean not_null;
  gboolean is_number; /* the row's number itself, stored as NULL */
} MereRescueColumn;

/**
 * MereRescueLine:
 * @type: "table", "index", "view" or "trigger"
 * @table: it belongs to
 * @sql: (nullable): of indexes that a table brings along
 * @root: 0 where it is not known, or has none
 * @columns: (nullable) (element-type MereRescueColumn): of tables and indexes; %NULL where @sql is not understood
 * @has_numbers: a table whose rows have numbers
 * @is_partial: an index that does not have all rows
 * @tree: its number in the map; -1: none
 */
typedef struct
{
  gint64   number;
  char    *type;
  char    *name;
  char    *table;
  char    *sql;
  guint32  root;
  GArray  *columns;
  gboolean has_numbers;
  gboolean is_partial;
  int      tree;
} MereRescueLine;

/**
 * mere_rescue_schema_read:
 * @map: without trees so far; its first one becomes the schema's
 * @known: (nullable): an open database that has what this one should have
 * @described: (out): how many lines are @known's
 *
 * The schema's lines, in the order in which they were made: those of its leaves, wherever these are, and where one of them may be lost, those
 * that only @known has, without their roots. The trees of all of them are added to @map.
 *
 * Returns: (transfer full) (element-type MereRescueLine): the lines
 */
GPtrArray *mere_rescue_schema_read (MereWreckMap *map, sqlite3 *known, gint64 *described) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_rescue_line_judge:
 * @values: (element-type MereTreeValue): a record
 *
 * Returns: how much speaks against @values being of this table or index; -1: everything
 */
int mere_rescue_line_judge (const MereRescueLine *self, const GArray *values);

static inline gboolean
mere_rescue_line_is_table (const MereRescueLine *self)
{
  return g_str_equal (self->type, "table");
}

/* SQLite's own: made together with others, never by their text. */
static inline gboolean
mere_rescue_line_is_own (const MereRescueLine *self)
{
  return g_ascii_strncasecmp (self->name, "sqlite_", 7) == 0;
}

G_END_DECLS
