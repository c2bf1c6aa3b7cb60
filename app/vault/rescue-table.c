/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/rescue-table.h"

struct _MereRescueTable
{
  sqlite3              *to;
  const MereRescueLine *line;
  char                 *name;   /* quoted */
  char                 *number; /* quoted column; NULL where rows have none */
  GArray               *values;
  sqlite3_stmt         *insert;
  guint                 n_values; /* that @insert takes, without the number */
  sqlite3_stmt         *find;
};

static char *
quote (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  return g_strconcat ("\"", doubled, "\"", NULL);
}

static gboolean
has_column (const MereRescueLine *line, const char *name)
{
  for (guint i = 0; i < line->columns->len; i++)
    if (g_ascii_strcasecmp (g_array_index (line->columns, MereRescueColumn, i).name, name) == 0)
      return TRUE;
  return FALSE;
}

/* The column that is the number, else a name for it that no column has. */
static char *
dup_number (const MereRescueLine *line)
{
  static const char *const names[] = { "rowid", "_rowid_", "oid" };

  for (guint i = 0; i < line->columns->len; i++)
    if (g_array_index (line->columns, MereRescueColumn, i).is_number)
      return quote (g_array_index (line->columns, MereRescueColumn, i).name);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!has_column (line, names[i]))
      return g_strdup (names[i]);
  return NULL;
}

MereRescueTable *
mere_rescue_table_new (sqlite3 *to, const MereRescueLine *line)
{
  MereRescueTable *self = g_new0 (MereRescueTable, 1);

  self->to = to;
  self->line = line;
  self->name = quote (line->name);
  self->number = line->has_numbers ? dup_number (line) : NULL;
  self->values = g_array_new (FALSE, FALSE, sizeof (MereTreeValue));
  return self;
}

void
mere_rescue_table_free (MereRescueTable *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->insert);
  sqlite3_finalize (self->find);
  g_array_unref (self->values);
  g_free (self->number);
  g_free (self->name);
  g_free (self);
}

static const MereRescueColumn *
get_column (MereRescueTable *self, guint i)
{
  return &g_array_index (self->line->columns, MereRescueColumn, i);
}

/* A row from before a column was added takes that column's default. */
static gboolean
prepare (MereRescueTable *self, guint n_values)
{
  g_autoptr (GString) sql = NULL;
  g_autoptr (GString) marks = NULL;

  if (self->insert != NULL && self->n_values == n_values)
    return TRUE;
  g_clear_pointer (&self->insert, sqlite3_finalize);
  sql = g_string_new ("INSERT INTO ");
  marks = g_string_new (self->number != NULL ? "?1" : NULL);
  g_string_append_printf (sql, "%s (%s", self->name, self->number != NULL ? self->number : "");
  for (guint i = 0; i < n_values; i++)
    {
      g_autofree char *column = NULL;

      if (get_column (self, i)->is_number)
        continue;
      column = quote (get_column (self, i)->name);
      g_string_append_printf (sql, "%s%s", marks->len > 0 ? ", " : "", column);
      g_string_append_printf (marks, "%s?%u", marks->len > 0 ? ", " : "", i + 2);
    }
  g_string_append_printf (sql, ") VALUES (%s)", marks->str);
  self->n_values = n_values;
  return sqlite3_prepare_v2 (self->to, sql->str, -1, &self->insert, NULL) == SQLITE_OK;
}

static void
bind (MereRescueTable *self, gint64 number, const guint8 *payload)
{
  if (self->number != NULL)
    sqlite3_bind_int64 (self->insert, 1, number);
  for (guint i = 0; i < self->values->len; i++)
    if (!get_column (self, i)->is_number)
      mere_tree_value_bind (&g_array_index (self->values, MereTreeValue, i), payload, self->insert, (int) i + 2);
}

static MereRescuePut
judge (int status)
{
  switch (status)
    {
    case SQLITE_DONE:
      return MERE_RESCUE_PUT_DONE;
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_UNIQUE:
      return MERE_RESCUE_PUT_THERE;
    default:
      return (status & 0xff) == SQLITE_CONSTRAINT || (status & 0xff) == SQLITE_MISMATCH ? MERE_RESCUE_PUT_REFUSED : MERE_RESCUE_PUT_FAILED;
    }
}

MereRescuePut
mere_rescue_table_put (MereRescueTable *self, gint64 number, const GByteArray *payload)
{
  int status;

  if (!mere_tree_record_parse (payload->data, payload->len, payload->len, self->values) ||
      mere_rescue_line_judge (self->line, self->values) < 0 || !prepare (self, self->values->len))
    return MERE_RESCUE_PUT_REFUSED;
  bind (self, number, payload->data);
  sqlite3_step (self->insert);
  status = sqlite3_extended_errcode (self->to);
  sqlite3_reset (self->insert);
  sqlite3_clear_bindings (self->insert);
  return judge (status);
}

gboolean
mere_rescue_table_has (MereRescueTable *self, gint64 number)
{
  g_autofree char *sql = NULL;
  gboolean         has;

  if (self->number == NULL)
    return FALSE;
  if (self->find == NULL)
    {
      sql = g_strdup_printf ("SELECT 1 FROM %s WHERE %s = ?1", self->name, self->number);
      if (sqlite3_prepare_v2 (self->to, sql, -1, &self->find, NULL) != SQLITE_OK)
        return FALSE;
    }
  sqlite3_bind_int64 (self->find, 1, number);
  has = sqlite3_step (self->find) == SQLITE_ROW;
  sqlite3_reset (self->find);
  return has;
}

gboolean
mere_rescue_table_matches (MereRescueTable *self, gint64 number, const char *column, const MereTreeValue *value, const guint8 *payload)
{
  g_autofree char *name = quote (column);
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE %s = ?1 AND %s IS ?2", self->name, self->number, name);
  sqlite3_stmt    *statement;
  gboolean         matches;

  if (self->number == NULL || sqlite3_prepare_v2 (self->to, sql, -1, &statement, NULL) != SQLITE_OK)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  mere_tree_value_bind (value, payload, statement, 2);
  matches = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);
  return matches;
}

gint64
mere_rescue_table_count_orphans (MereRescueTable *self)
{
  sqlite3_stmt *statement;
  gint64        n = 0;

  if (sqlite3_prepare_v2 (self->to, "SELECT count (*) FROM pragma_foreign_key_check (?1)", -1, &statement, NULL) != SQLITE_OK)
    return 0;
  sqlite3_bind_text (statement, 1, self->line->name, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}
