/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/rescue-schema.h"

#include <sodium.h>
#include <string.h>

#define COLUMNS 5       /* of sqlite_schema: type, name, table, root, SQL */
#define MOST_LINES 2000 /* of a schema */

static void
clear_column (gpointer data)
{
  g_free (((MereRescueColumn *) data)->name);
}

static void
line_free (gpointer data)
{
  MereRescueLine *self = data;

  g_free (self->type);
  g_free (self->name);
  g_free (self->table);
  g_free (self->sql);
  g_clear_pointer (&self->columns, g_array_unref);
  g_free (self);
}

/* Lines */

/* Whether it can be a line of a schema at all. */
static gboolean
is_line (const GArray *values)
{
  const MereTreeValue *value = (const MereTreeValue *) (gpointer) values->data;

  return values->len == COLUMNS && value[0].type == SQLITE_TEXT && value[1].type == SQLITE_TEXT && value[2].type == SQLITE_TEXT &&
         (value[3].type == SQLITE_INTEGER || value[3].type == SQLITE_NULL) && (value[4].type == SQLITE_TEXT || value[4].type == SQLITE_NULL);
}

static char *
dup_text (const GArray *values, guint column, const guint8 *payload)
{
  const MereTreeValue *value = &g_array_index (values, MereTreeValue, column);

  return value->type == SQLITE_TEXT ? g_strndup ((const char *) payload + value->at, value->size) : NULL;
}

static gboolean
is_known_type (const char *type)
{
  static const char *const types[] = { "table", "index", "view", "trigger", NULL };

  return g_strv_contains (types, type);
}

static MereRescueLine *
line_new (gint64 number, const GArray *values, const guint8 *payload)
{
  MereRescueLine *self = g_new0 (MereRescueLine, 1);
  gint64          root = mere_tree_value_get_int (&g_array_index (values, MereTreeValue, 3), payload);

  self->number = number;
  self->type = dup_text (values, 0, payload);
  self->name = dup_text (values, 1, payload);
  self->table = dup_text (values, 2, payload);
  self->sql = dup_text (values, 4, payload);
  self->root = root > 1 && root <= G_MAXUINT32 ? (guint32) root : 0;
  self->tree = -1;
  if (is_known_type (self->type) && (self->sql == NULL || g_str_has_prefix (self->sql, "CREATE ")))
    return self;
  line_free (self);
  return NULL;
}

static const MereRescueLine *
find_line (GPtrArray *lines, const char *type, const char *name)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const MereRescueLine *line = lines->pdata[i];

      if (g_str_equal (line->type, type) && g_str_equal (line->name, name))
        return line;
    }
  return NULL;
}

/* Returns: whether it is a leaf of the schema; its lines are added to @lines, if there is one */
static gboolean
read_leaf (MereWreckMap *map, guint32 page, GPtrArray *lines)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (MereTreeValue));
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  guint8       bytes[MERE_WRECK_PAGE];
  MereTreePage parsed;
  MereTreeCell cell;
  guint        found = 0;

  if (!mere_wreck_map_read (map, page, bytes, &parsed) || parsed.kind != MERE_TREE_TABLE_LEAF)
    return FALSE;
  for (guint i = 0; i < parsed.n_cells; i++)
    {
      MereRescueLine *line;

      if (!mere_tree_page_get_cell (&parsed, i, &cell) || !mere_wreck_map_read_payload (map, &cell, payload))
        continue;
      line = mere_tree_record_parse (payload->data, payload->len, payload->len, values) && is_line (values)
               ? line_new (cell.number, values, payload->data)
               : NULL;
      found += line != NULL;
      if (line != NULL && lines != NULL && lines->len < MOST_LINES && find_line (lines, line->type, line->name) == NULL)
        g_ptr_array_add (lines, g_steal_pointer (&line));
      g_clear_pointer (&line, line_free);
    }
  return found > 0;
}

static void
read_tree (MereWreckMap *map, GPtrArray *lines)
{
  const MereWreckTree *tree = mere_wreck_map_get_tree (map, 0);

  for (guint i = 0; i < tree->pages->len; i++)
    read_leaf (map, g_array_index (tree->pages, guint32, i), lines);
}

static void
take_orphans (MereWreckMap *map)
{
  g_autoptr (GArray) tops = mere_wreck_map_list_orphans (map);

  for (guint i = 0; i < tops->len; i++)
    {
      guint32 leaf = mere_wreck_map_find_leaf (map, g_array_index (tops, guint32, i));

      if (leaf != 0 && read_leaf (map, leaf, NULL))
        mere_wreck_map_take (map, 0, g_array_index (tops, guint32, i));
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const MereRescueLine *left = *(MereRescueLine *const *) a, *right = *(MereRescueLine *const *) b;

  return left->number < right->number ? -1 : left->number > right->number;
}

static void
add_known (GPtrArray *lines, sqlite3 *known)
{
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (known, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid", -1, &statement, NULL) != SQLITE_OK)
    return;
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char     *type = (const char *) sqlite3_column_text (statement, 0), *name = (const char *) sqlite3_column_text (statement, 1);
      MereRescueLine *line;

      if (find_line (lines, type, name) != NULL)
        continue;
      line = g_new0 (MereRescueLine, 1);
      line->type = g_strdup (type);
      line->name = g_strdup (name);
      line->table = g_strdup ((const char *) sqlite3_column_text (statement, 2));
      line->sql = g_strdup ((const char *) sqlite3_column_text (statement, 3));
      line->tree = -1;
      g_ptr_array_add (lines, line);
    }
  sqlite3_finalize (statement);
}

/* Shapes */

/* "Datatypes In SQLite", 3.1. */
static char
get_affinity (const char *declared)
{
  g_autofree char *type = g_ascii_strup (declared != NULL ? declared : "", -1);

  if (strstr (type, "INT") != NULL)
    return 'D';
  if (strstr (type, "CHAR") != NULL || strstr (type, "CLOB") != NULL || strstr (type, "TEXT") != NULL)
    return 'B';
  if (*type == '\0' || strstr (type, "BLOB") != NULL)
    return 'A';
  return strstr (type, "REAL") != NULL || strstr (type, "FLOA") != NULL || strstr (type, "DOUB") != NULL ? 'E' : 'C';
}

/* Runs a question of one or two parameters. Each row: name, type, not null, is the number. */
static GArray *
ask_columns (sqlite3 *shapes, const char *sql, const char *first, const char *second)
{
  GArray       *columns = g_array_new (FALSE, FALSE, sizeof (MereRescueColumn));
  sqlite3_stmt *statement;

  g_array_set_clear_func (columns, clear_column);
  if (sqlite3_prepare_v2 (shapes, sql, -1, &statement, NULL) != SQLITE_OK)
    return columns;
  sqlite3_bind_text (statement, 1, first, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, second, -1, SQLITE_STATIC);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      MereRescueColumn column = { g_strdup ((const char *) sqlite3_column_text (statement, 0)),
                                  get_affinity ((const char *) sqlite3_column_text (statement, 1)),
                                  sqlite3_column_int (statement, 2) != 0, sqlite3_column_int (statement, 3) != 0 };

      g_array_append_val (columns, column);
    }
  sqlite3_finalize (statement);
  return columns;
}

static char *
ask_text (sqlite3 *shapes, const char *sql, const char *first, const char *second)
{
  sqlite3_stmt *statement;
  char         *text = NULL;

  if (sqlite3_prepare_v2 (shapes, sql, -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  sqlite3_bind_text (statement, 1, first, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, second, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return text;
}

/* A number is an alias of the row's where it is the only key and has no index of its own. */
#define TABLE_COLUMNS                                                          \
  "SELECT name, type, \"notnull\", pk = 1 AND upper (type) = 'INTEGER'"        \
  " AND NOT EXISTS (SELECT 1 FROM pragma_index_list (?1) WHERE origin = 'pk')" \
  " AND (SELECT count (*) FROM pragma_table_info (?1) WHERE pk > 0) = 1 FROM pragma_table_info (?1) ORDER BY cid"

/* Key first, then what it leads to: the row's number, or the key of a table without numbers. */
#define INDEX_COLUMNS                                                                                  \
  "SELECT x.name, CASE WHEN x.cid = -1 THEN 'INTEGER' ELSE i.type END, x.cid = -1 OR i.\"notnull\", 0" \
  " FROM pragma_index_xinfo (?1) AS x LEFT JOIN pragma_table_info (?2) AS i ON i.cid = x.cid ORDER BY x.seqno"

static void
describe_table (MereRescueLine *self, sqlite3 *shapes)
{
  g_autofree char *without = ask_text (shapes, "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1", self->name, NULL);
  g_autofree char *key = ask_text (shapes, "SELECT name FROM pragma_index_list (?1) WHERE origin = 'pk'", self->name, NULL);

  self->has_numbers = g_strcmp0 (without, "0") == 0;
  self->columns = self->has_numbers ? ask_columns (shapes, TABLE_COLUMNS, self->name, NULL)
                                    : ask_columns (shapes, INDEX_COLUMNS, key, self->name);
}

static void
describe_index (MereRescueLine *self, sqlite3 *shapes)
{
  g_autofree char *partial = ask_text (shapes, "SELECT partial FROM pragma_index_list (?1) WHERE name = ?2 AND partial", self->table, self->name);

  self->is_partial = partial != NULL;
  self->columns = ask_columns (shapes, INDEX_COLUMNS, self->name, self->table);
}

static void
describe (MereRescueLine *self, sqlite3 *shapes)
{
  if (mere_rescue_line_is_table (self))
    describe_table (self, shapes);
  else if (g_str_equal (self->type, "index"))
    describe_index (self, shapes);
  if (self->columns != NULL && self->columns->len == 0)
    g_clear_pointer (&self->columns, g_array_unref);
}

/* One statement, whatever follows it. */
static void
try_line (sqlite3 *shapes, const MereRescueLine *line)
{
  sqlite3_stmt *statement = NULL;

  if (line->sql == NULL || mere_rescue_line_is_own (line) || sqlite3_prepare_v2 (shapes, line->sql, -1, &statement, NULL) != SQLITE_OK)
    return;
  sqlite3_step (statement);
  sqlite3_finalize (statement);
}

/* Made once more where nothing is kept, to ask SQLite what it is like. */
static void
describe_all (GPtrArray *lines)
{
  static const char *const types[] = { "table", "index" };
  sqlite3                 *shapes;

  if (sqlite3_open (":memory:", &shapes) == SQLITE_OK)
    {
      for (guint type = 0; type < G_N_ELEMENTS (types); type++)
        for (guint i = 0; i < lines->len; i++)
          if (g_str_equal (((MereRescueLine *) lines->pdata[i])->type, types[type]))
            try_line (shapes, lines->pdata[i]);
      for (guint i = 0; i < lines->len; i++)
        describe (lines->pdata[i], shapes);
    }
  sqlite3_close (shapes);
}

GPtrArray *
mere_rescue_schema_read (MereWreckMap *map, sqlite3 *known, gint64 *described)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  gboolean   whole;
  guint      own;

  mere_wreck_map_add_tree (map, 1, TRUE);
  whole = mere_wreck_map_get_tree (map, 0)->gaps->len == 0;
  if (mere_wreck_tree_is_broken (mere_wreck_map_get_tree (map, 0)))
    take_orphans (map);
  read_tree (map, lines);
  g_ptr_array_sort (lines, compare_lines);
  own = lines->len;
  if (!whole && known != NULL)
    add_known (lines, known);
  *described = lines->len - own;
  describe_all (lines);
  for (guint i = 0; i < lines->len; i++)
    {
      MereRescueLine *line = lines->pdata[i];
      gboolean        is_table = mere_rescue_line_is_table (line) && line->has_numbers;

      if (line->columns == NULL) /* what is not understood has its pages all the same */
        is_table = mere_tree_is_table (mere_wreck_map_get_kind (map, line->root));
      if (line->columns != NULL || line->root != 0)
        line->tree = (int) mere_wreck_map_add_tree (map, line->root, is_table);
    }
  return lines;
}

/* Judging */

static int
judge_value (const MereRescueColumn *column, int type)
{
  if (column->is_number)
    return type == SQLITE_NULL ? 0 : -1;
  if (type == SQLITE_NULL)
    return column->not_null ? -1 : 0;
  if (column->affinity == 'B')
    return type == SQLITE_INTEGER || type == SQLITE_FLOAT ? -1 : type == SQLITE_BLOB;
  if (column->affinity == 'A')
    return 0;
  return type == SQLITE_TEXT || type == SQLITE_BLOB; /* what does not look like a number stays as it is */
}

int
mere_rescue_line_judge (const MereRescueLine *self, const GArray *values)
{
  int against;

  if (self->columns == NULL || values->len == 0 || values->len > self->columns->len)
    return -1;
  against = values->len < self->columns->len; /* a row from before a column was added */
  for (guint i = 0; i < values->len; i++)
    {
      int more = judge_value (&g_array_index (self->columns, MereRescueColumn, i), g_array_index (values, MereTreeValue, i).type);

      if (more < 0)
        return -1;
      against += more;
    }
  return against;
}
