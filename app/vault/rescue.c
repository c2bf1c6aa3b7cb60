/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/rescue.h"

#include "app/vault/vault-private.h"

#define MOST_PROBES 100000 /* rows that do not open, one after the other, before the rest of a table is given up */

typedef struct
{
  MereVault        *from;
  MereVault        *to;
  MereRescue       *rescue;
  MereVaultProgress progress;
  gpointer          data;
  GCancellable     *cancellable;
  guint             tables; /* that are behind */
} Work;

/* A table that is copied. */
typedef struct
{
  sqlite3_stmt *insert;
  int           columns;
  gboolean      failed; /* to write */
} Target;

void
mere_rescue_clear (MereRescue *self)
{
  g_clear_pointer (&self->damage, g_free);
}

static sqlite3 *
source (Work *self)
{
  return mere_vault_get_database (self->from);
}

static sqlite3 *
target (Work *self)
{
  return mere_vault_get_database (self->to);
}

static gboolean
set_failed (MereVault *vault, GError **error)
{
  mere_vault_set_sqlite_error (vault, sqlite3_extended_errcode (mere_vault_get_database (vault)), error);
  return FALSE;
}

static gboolean
execute (Work *self, const char *sql, GError **error)
{
  return sqlite3_exec (target (self), sql, NULL, NULL, NULL) == SQLITE_OK || set_failed (self->to, error);
}

static sqlite3_stmt *
prepare (sqlite3 *database, const char *sql)
{
  sqlite3_stmt *statement;

  return sqlite3_prepare_v2 (database, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

/* The schema */

/* Runs over the lines of the schema of which @where holds. */
typedef gboolean (*Visit) (Work *self, const char *name, const char *sql, GError **error);

static gboolean
visit_schema (Work *self, const char *where, Visit visit, GError **error)
{
  g_autofree char *sql = g_strconcat ("SELECT name, sql FROM sqlite_schema WHERE ", where, " ORDER BY rowid", NULL);
  sqlite3_stmt    *lines = prepare (source (self), sql);
  int              status = SQLITE_ERROR;

  while (lines != NULL && (status = sqlite3_step (lines)) == SQLITE_ROW)
    if (!visit (self, (const char *) sqlite3_column_text (lines, 0), (const char *) sqlite3_column_text (lines, 1), error))
      {
        sqlite3_finalize (lines);
        return FALSE;
      }
  sqlite3_finalize (lines);
  return status == SQLITE_DONE || set_failed (self->from, error);
}

static gboolean
make (Work *self, const char *name, const char *sql, GError **error)
{
  return execute (self, sql, error);
}

/* Versions that a program keeps in the header. */
static gboolean
copy_pragma (Work *self, const char *pragma, GError **error)
{
  g_autofree char *ask = g_strdup_printf ("PRAGMA %s", pragma);
  g_autofree char *tell = NULL;
  sqlite3_stmt    *statement = prepare (source (self), ask);

  if (statement == NULL || sqlite3_step (statement) != SQLITE_ROW)
    {
      sqlite3_finalize (statement);
      return set_failed (self->from, error);
    }
  tell = g_strdup_printf ("PRAGMA %s = %d", pragma, sqlite3_column_int (statement, 0));
  sqlite3_finalize (statement);
  return execute (self, tell, error);
}

/* Rows */

static char *
quote (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  return g_strconcat ("\"", doubled, "\"", NULL);
}

static gboolean
target_open (Target *self, Work *work, const char *table, int columns)
{
  g_autoptr (GString) sql = g_string_new ("INSERT OR IGNORE INTO ");
  g_autofree char *name = quote (table);

  g_string_append_printf (sql, "%s VALUES (?1", name);
  for (int i = 2; i <= columns; i++)
    g_string_append_printf (sql, ", ?%d", i);
  g_string_append (sql, ")");
  self->columns = columns;
  self->insert = prepare (target (work), sql->str);
  return self->insert != NULL;
}

/* Returns: %FALSE if it could not be written */
static gboolean
target_put (Target *self, Work *work, sqlite3_stmt *row, int first)
{
  for (int i = 0; i < self->columns; i++)
    sqlite3_bind_value (self->insert, i + 1, sqlite3_column_value (row, first + i));
  self->failed = sqlite3_step (self->insert) != SQLITE_DONE || sqlite3_reset (self->insert) != SQLITE_OK;
  if (!self->failed)
    work->rescue->rows += sqlite3_changes (target (work));
  return !self->failed;
}

/* From @after on, until something does not open. Returns: SQLITE_DONE at the end of the table; @after: the last that was copied */
static int
copy_forward (Work *self, Target *to, sqlite3_stmt *rows, gint64 *after)
{
  int status;

  sqlite3_bind_int64 (rows, 1, *after);
  while ((status = sqlite3_step (rows)) == SQLITE_ROW)
    {
      if (!target_put (to, self, rows, 1))
        break;
      *after = sqlite3_column_int64 (rows, 0);
    }
  sqlite3_reset (rows);
  return status;
}

/**
 * find_next:
 * @next: (out): the number of the next row behind @after whose place in the tree opens
 * @skipped: (out): whether there are places before it that do not
 *
 * Returns: %SQLITE_ROW, %SQLITE_DONE where there is none, or what it was given up at
 */
static int
find_next (sqlite3_stmt *numbers, gint64 after, gint64 *next, gboolean *skipped)
{
  int status = SQLITE_ERROR;

  *skipped = FALSE;
  for (guint probe = 0; probe < MOST_PROBES && after < G_MAXINT64; probe++, after++)
    {
      sqlite3_bind_int64 (numbers, 1, after);
      status = sqlite3_step (numbers);
      if (status == SQLITE_ROW)
        *next = sqlite3_column_int64 (numbers, 0);
      sqlite3_reset (numbers);
      *skipped = probe > 0;
      if (status == SQLITE_ROW || status == SQLITE_DONE)
        break;
      after = MAX (after, 0); /* rows count from 1 */
    }
  return status;
}

/* Where the place of a row opens and its content does not, it is lost; where places do not open, there is a hole. */
static void
copy_numbered (Work *self, Target *to, sqlite3_stmt *rows, sqlite3_stmt *numbers)
{
  gint64 after = G_MININT64;

  while (copy_forward (self, to, rows, &after) != SQLITE_DONE && !to->failed && !g_cancellable_is_cancelled (self->cancellable))
    {
      gboolean skipped;
      gint64   next;
      int      found = find_next (numbers, after, &next, &skipped);

      self->rescue->lost += !skipped;
      self->rescue->holes += skipped;
      if (found != SQLITE_ROW)
        return;
      after = skipped ? next - 1 : next;
    }
}

/* From both ends: what lies between two damaged pages is not reached. */
static void
copy_unnumbered (Work *self, Target *to, const char *table, const char *key)
{
  static const char *const ways[] = { "ASC", "DESC" };
  g_autofree char         *name = quote (table);

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_auto (GStrv) columns = g_strsplit (key, ",", -1);
      g_autofree char *separator = g_strdup_printf (" %s,", ways[i]);
      g_autofree char *order = g_strjoinv (separator, columns);
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s ORDER BY %s %s", name, order, ways[i]);
      sqlite3_stmt    *rows = prepare (source (self), sql);
      int              status = SQLITE_ERROR;

      while (rows != NULL && (status = sqlite3_step (rows)) == SQLITE_ROW && target_put (to, self, rows, 0))
        ;
      sqlite3_finalize (rows);
      if (status == SQLITE_DONE || to->failed)
        return;
      self->rescue->holes += i == 0;
    }
}

/* "a,b": the columns of the primary key; (nullable) where the table has numbers. */
static char *
dup_key (Work *self, const char *table)
{
  g_autofree char *name = quote (table);
  g_autofree char *sql = g_strdup_printf ("SELECT rowid FROM %s LIMIT 0", name);
  sqlite3_stmt    *statement = prepare (target (self), sql);
  GString         *key;

  if (statement != NULL)
    {
      sqlite3_finalize (statement);
      return NULL;
    }
  key = g_string_new (NULL);
  statement = prepare (target (self), "SELECT name FROM pragma_table_info (?1) WHERE pk > 0 ORDER BY pk");
  sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autofree char *column = quote ((const char *) sqlite3_column_text (statement, 0));

      g_string_append_printf (key, "%s%s", key->len > 0 ? "," : "", column);
    }
  sqlite3_finalize (statement);
  return g_string_free (key, FALSE);
}

static int
count_columns (Work *self, const char *table)
{
  sqlite3_stmt *statement = prepare (target (self), "SELECT count (*) FROM pragma_table_info (?1)");
  int           columns;

  sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
  columns = sqlite3_step (statement) == SQLITE_ROW ? sqlite3_column_int (statement, 0) : 0;
  sqlite3_finalize (statement);
  return columns;
}

static guint
count_tables (Work *self)
{
  sqlite3_stmt *statement = prepare (target (self), "SELECT count (*) FROM sqlite_schema WHERE type = 'table'");
  guint         tables = sqlite3_step (statement) == SQLITE_ROW ? (guint) sqlite3_column_int (statement, 0) : 0;

  sqlite3_finalize (statement);
  return tables;
}

/* A table whose numbers are not one of its columns gets new ones: nothing can refer to them. */
static void
copy_rows (Work *self, Target *to, const char *table, const char *key)
{
  g_autofree char *name = quote (table);
  g_autofree char *rows_sql = g_strdup_printf ("SELECT rowid, * FROM %s WHERE rowid > ?1 ORDER BY rowid", name);
  g_autofree char *numbers_sql = g_strdup_printf ("SELECT rowid FROM %s WHERE rowid > ?1 ORDER BY rowid LIMIT 1", name);
  sqlite3_stmt    *rows, *numbers;

  if (key != NULL)
    {
      copy_unnumbered (self, to, table, key);
      return;
    }
  rows = prepare (source (self), rows_sql);
  numbers = prepare (source (self), numbers_sql);
  if (rows != NULL && numbers != NULL)
    copy_numbered (self, to, rows, numbers);
  sqlite3_finalize (rows);
  sqlite3_finalize (numbers);
}

static gboolean
copy_table (Work *self, const char *table, const char *sql, GError **error)
{
  g_autofree char *key = dup_key (self, table);
  Target           to = { NULL };

  if (!target_open (&to, self, table, count_columns (self, table)))
    return set_failed (self->to, error);
  copy_rows (self, &to, table, key);
  sqlite3_finalize (to.insert);
  if (to.failed)
    return set_failed (self->to, error);
  self->tables++;
  if (self->progress != NULL)
    self->progress (self->tables, MAX (count_tables (self), self->tables), self->data);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

#define OURS "type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"

/* Copying rows has counted already; the old counts hold. */
static gboolean
copy_counts (Work *self, const char *table, const char *sql, GError **error)
{
  return execute (self, "DELETE FROM sqlite_sequence", error) && copy_table (self, table, sql, error);
}

static gboolean
copy_all (Work *self, GError **error)
{
  return execute (self, "PRAGMA foreign_keys = OFF; BEGIN", error) && visit_schema (self, OURS, make, error) &&
         visit_schema (self, OURS, copy_table, error) && visit_schema (self, "name = 'sqlite_sequence'", copy_counts, error) &&
         visit_schema (self, "type IN ('index', 'view', 'trigger') AND sql IS NOT NULL", make, error) &&
         copy_pragma (self, "user_version", error) && copy_pragma (self, "application_id", error) && execute (self, "COMMIT", error);
}

gboolean
mere_rescue_rows (MereVault        *from,
                  MereVault        *to,
                  MereRescue       *rescue,
                  MereVaultProgress progress,
                  gpointer          data,
                  GCancellable     *cancellable,
                  GError          **error)
{
  Work     self = { from, to, rescue, progress, data, cancellable, 0 };
  gboolean done;

  *rescue = (MereRescue){ 0 };
  done = copy_all (&self, error);
  if (!done && !sqlite3_get_autocommit (target (&self)))
    sqlite3_exec (target (&self), "ROLLBACK", NULL, NULL, NULL);
  rescue->damage = mere_vault_dup_damage (from);
  return done;
}
