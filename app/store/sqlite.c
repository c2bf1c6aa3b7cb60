/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite under the store, and its codes in the words of the store. */

#include "config.h"

#include "app/store/sqlite.h"

#include "app/store/migration.h"
#include "app/store/store.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define BULK_ROWS 16 /* of a statement */

typedef struct
{
  MereDatabase base;
  sqlite3     *connection;
  MereVault   *vault;
  GHashTable  *inserts; /* SQL (of the statement itself) → MerePrepared: what rows are added with */
  struct
  {
    char         *begin;  /* of the SQL; NULL: no rows are being added */
    MerePrepared *insert; /* of BULK_ROWS rows */
    MereValue    *values; /* of those that wait */
    guint         n_rows; /* that wait */
    guint         n_columns;
  } bulk;
} Database;

typedef struct
{
  MerePrepared  base;
  sqlite3_stmt *statement;
} Prepared;

typedef struct
{
  int            code; /* primary or extended */
  MereStoreError error;
  const char    *message;
} Meaning;

/* What a code of SQLite means to a person. Extended codes come first. */
static const Meaning meanings[] = {
  { SQLITE_IOERR_DATA, MERE_STORE_ERROR_DAMAGED, N_ ("The vault is damaged or was changed from outside.") },
  { SQLITE_IOERR_CORRUPTFS, MERE_STORE_ERROR_DAMAGED, N_ ("The file system under the vault is damaged.") },
  { SQLITE_FULL, MERE_STORE_ERROR_FULL, N_ ("There is no room left on the disk. What was saved before is kept; this change is not.") },
  { SQLITE_READONLY, MERE_STORE_ERROR_READ_ONLY, N_ ("The disk may not be written. What was saved before is kept; this change is not.") },
  { SQLITE_PERM, MERE_STORE_ERROR_READ_ONLY, N_ ("The vault's files may not be written. What was saved before is kept; this change is not.") },
  { SQLITE_CORRUPT, MERE_STORE_ERROR_DAMAGED, N_ ("The vault is damaged or was changed from outside.") },
  { SQLITE_NOTADB, MERE_STORE_ERROR_DAMAGED, N_ ("The vault is damaged or was changed from outside.") },
  { SQLITE_IOERR, MERE_STORE_ERROR_FAILED, N_ ("The disk could not be read or written. What was saved before is kept; this change is not.") },
  { SQLITE_CONSTRAINT, MERE_STORE_ERROR_CONFLICT, N_ ("This does not go together with what the vault holds.") },
  { SQLITE_TOOBIG, MERE_STORE_ERROR_FAILED, N_ ("This is too large for the vault.") },
};

static const Meaning *
find_meaning (int code)
{
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].code == code || meanings[i].code == (code & 0xff))
      return &meanings[i];
  return NULL;
}

static gboolean
fail (Database *self,
      int       code,
      GError  **error)
{
  const Meaning   *meaning;
  int              extended = sqlite3_extended_errcode (self->connection);
  g_autofree char *damage = NULL;

  if ((extended & 0xff) == (code & 0xff))
    code = extended;
  meaning = find_meaning (code);
  if (code == SQLITE_IOERR_DATA && self->vault != NULL)
    damage = mere_vault_dup_damage (self->vault);
  g_set_error (error,
               MERE_STORE_ERROR,
               meaning != NULL ? meaning->error : MERE_STORE_ERROR_FAILED,
               "%s (%s)",
               meaning != NULL ? _ (meaning->message) : _ ("The vault's database refused."),
               damage != NULL ? damage : sqlite3_errmsg (self->connection));
  return FALSE;
}

static sqlite3_stmt *
statement_of (MerePrepared *prepared)
{
  return ((Prepared *) prepared)->statement;
}

static void
close_database (MereDatabase *database)
{
  Database *self = (Database *) database;

  g_hash_table_unref (self->inserts);
  g_free (self->bulk.begin);
  g_free (self->bulk.values);
  if (self->vault != NULL)
    mere_vault_close (self->vault);
  else
    sqlite3_close_v2 (self->connection);
  g_free (self);
}

static gboolean
in_transaction (MereDatabase *database)
{
  return !sqlite3_get_autocommit (((Database *) database)->connection);
}

static gboolean
execute (MereDatabase *database,
         const char   *sql,
         GError      **error)
{
  Database *self = (Database *) database;
  int       code = sqlite3_exec (self->connection, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || fail (self, code, error);
}

static gint64
get_changes (MereDatabase *database)
{
  return sqlite3_changes64 (((Database *) database)->connection);
}

static MerePrepared *
prepare (MereDatabase *database,
         const char   *sql,
         GError      **error)
{
  Database     *self = (Database *) database;
  Prepared     *prepared;
  sqlite3_stmt *statement = NULL;
  int           code = sqlite3_prepare_v3 (self->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (code != SQLITE_OK)
    {
      fail (self, code, error);
      return NULL;
    }
  prepared = g_new0 (Prepared, 1);
  prepared->base.database = database;
  prepared->base.sql = g_strdup (sql);
  prepared->statement = statement;
  return &prepared->base;
}

static void
finalize (MerePrepared *prepared)
{
  sqlite3_finalize (statement_of (prepared));
  g_free (prepared->sql);
  g_free (prepared);
}

static void
bind (MerePrepared    *prepared,
      int              parameter,
      const MereValue *value)
{
  sqlite3_stmt           *statement = statement_of (prepared);
  sqlite3_destructor_type destructor = value->lasts ? SQLITE_STATIC : SQLITE_TRANSIENT;

  switch (value->kind)
    {
    case MERE_VALUE_INT:
      sqlite3_bind_int64 (statement, parameter, value->integer);
      break;
    case MERE_VALUE_REAL:
      sqlite3_bind_double (statement, parameter, value->real);
      break;
    case MERE_VALUE_TEXT:
      sqlite3_bind_text64 (statement, parameter, value->data, value->size, destructor, SQLITE_UTF8);
      break;
    case MERE_VALUE_BYTES:
      /* A NULL pointer would bind NULL, and there may be nothing in an empty piece. */
      sqlite3_bind_blob64 (statement, parameter, value->data != NULL ? value->data : "", value->size, destructor);
      break;
    case MERE_VALUE_NULL:
    default:
      sqlite3_bind_null (statement, parameter);
    }
}

static gboolean
step (MerePrepared *prepared,
      gboolean     *row,
      GError      **error)
{
  int code = sqlite3_step (statement_of (prepared));

  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;
  fail ((Database *) prepared->database, code, error);
  sqlite3_reset (statement_of (prepared));
  return FALSE;
}

static void
reset (MerePrepared *prepared)
{
  sqlite3_reset (statement_of (prepared));
}

static void
clear (MerePrepared *prepared)
{
  sqlite3_reset (statement_of (prepared));
  sqlite3_clear_bindings (statement_of (prepared));
}

static gboolean
is_null (MerePrepared *prepared,
         int           column)
{
  return sqlite3_column_type (statement_of (prepared), column) == SQLITE_NULL;
}

static gint64
get_int (MerePrepared *prepared,
         int           column)
{
  return sqlite3_column_int64 (statement_of (prepared), column);
}

static double
get_real (MerePrepared *prepared,
          int           column)
{
  return is_null (prepared, column) ? NAN : sqlite3_column_double (statement_of (prepared), column);
}

static const char *
get_text (MerePrepared *prepared,
          int           column)
{
  return (const char *) sqlite3_column_text (statement_of (prepared), column);
}

static const void *
get_data (MerePrepared *prepared,
          int           column,
          gsize        *size)
{
  const void *data = sqlite3_column_blob (statement_of (prepared), column);

  *size = (gsize) sqlite3_column_bytes (statement_of (prepared), column);
  return data;
}

/* A transaction keeps every other writer out, so what is above the highest is free. */
static char *
dup_rows_sql (const char *table)
{
  return g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
                          " SELECT (SELECT coalesce (max (row), 0) FROM %s) + i FROM n",
                          table);
}

/* Opening a table and its indexes, and counting up its rows, are done once a statement: half the time of inserting one row by one. So a
 * statement takes several; it is kept, for making it takes as long as inserting a dozen rows. */
static MerePrepared *
get_insert (Database *self,
            guint     n_rows,
            GError  **error)
{
  g_autoptr (GString) sql = g_string_new (self->bulk.begin);
  MerePrepared *insert;

  for (guint i = 0; i < n_rows * self->bulk.n_columns; i++)
    {
      g_string_append (sql, i % self->bulk.n_columns > 0 ? ", " : (i == 0 ? "(" : "), ("));
      g_string_append_printf (sql, "?%u", i + 1);
    }
  g_string_append_c (sql, ')');
  insert = g_hash_table_lookup (self->inserts, sql->str);
  if (insert != NULL)
    return insert;
  insert = prepare (&self->base, sql->str, error);
  if (insert != NULL)
    g_hash_table_insert (self->inserts, insert->sql, insert);
  return insert;
}

static gboolean
bulk_begin (MereDatabase      *database,
            const char        *table,
            const char *const *columns,
            GError           **error)
{
  Database        *self = (Database *) database;
  g_autofree char *names = g_strjoinv (", ", (char **) columns);

  g_free (self->bulk.begin);
  g_free (self->bulk.values);
  self->bulk.begin = g_strdup_printf ("INSERT INTO %s (%s) VALUES ", table, names);
  self->bulk.n_columns = g_strv_length ((char **) columns);
  self->bulk.values = g_new (MereValue, BULK_ROWS * self->bulk.n_columns);
  self->bulk.n_rows = 0;
  self->bulk.insert = get_insert (self, BULK_ROWS, error);
  return self->bulk.insert != NULL;
}

/* From the waiting row @first on, as many as @insert takes. */
static gboolean
insert_rows (Database     *self,
             MerePrepared *insert,
             guint         first,
             guint         n_rows,
             GError      **error)
{
  const MereValue *values = self->bulk.values + first * self->bulk.n_columns;
  gboolean         row;

  for (guint i = 0; i < n_rows * self->bulk.n_columns; i++)
    bind (insert, (int) i + 1, &values[i]);
  if (!step (insert, &row, error))
    return FALSE;
  reset (insert);
  return TRUE;
}

static gboolean
bulk_row (MereDatabase    *database,
          const MereValue *values,
          GError         **error)
{
  Database  *self = (Database *) database;
  MereValue *kept = self->bulk.values + self->bulk.n_rows++ * self->bulk.n_columns;

  for (guint i = 0; i < self->bulk.n_columns; i++)
    {
      kept[i] = values[i];
      kept[i].lasts = TRUE;
    }
  if (self->bulk.n_rows < BULK_ROWS)
    return TRUE;
  self->bulk.n_rows = 0;
  return insert_rows (self, self->bulk.insert, 0, BULK_ROWS, error);
}

static gboolean
insert_rest (Database *self,
             GError  **error)
{
  MerePrepared *insert = self->bulk.n_rows > 0 ? get_insert (self, 1, error) : NULL;

  if (self->bulk.n_rows > 0 && insert == NULL)
    return FALSE;
  for (guint i = 0; i < self->bulk.n_rows; i++)
    if (!insert_rows (self, insert, i, 1, error))
      return FALSE;
  return TRUE;
}

/* What the statements were bound to goes now. */
static void
forget_values (gpointer key,
               gpointer insert,
               gpointer data)
{
  clear (insert);
}

static gboolean
bulk_end (MereDatabase *database,
          GError      **error)
{
  Database *self = (Database *) database;
  gboolean  done = insert_rest (self, error);

  g_hash_table_foreach (self->inserts, forget_values, NULL);
  g_clear_pointer (&self->bulk.values, g_free);
  g_clear_pointer (&self->bulk.begin, g_free);
  self->bulk.n_rows = 0;
  return done;
}

static const MereEngine engine = {
  .migrations = MERE_MIGRATION_PATH,
  .begin = "BEGIN IMMEDIATE",
  .has_table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1",
  .close = close_database,
  .in_transaction = in_transaction,
  .execute = execute,
  .get_changes = get_changes,
  .prepare = prepare,
  .finalize = finalize,
  .bind = bind,
  .step = step,
  .clear = clear,
  .reset = reset,
  .is_null = is_null,
  .get_int = get_int,
  .get_real = get_real,
  .get_text = get_text,
  .get_data = get_data,
  .dup_rows_sql = dup_rows_sql,
  .bulk_begin = bulk_begin,
  .bulk_row = bulk_row,
  .bulk_end = bulk_end,
};

MereDatabase *
mere_sqlite_new (sqlite3   *connection,
                 MereVault *vault)
{
  Database *self = g_new0 (Database, 1);

  self->base.engine = &engine;
  self->inserts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) finalize);
  self->connection = connection;
  self->vault = vault;
  return &self->base;
}

sqlite3 *
mere_sqlite_get_connection (MereDatabase *database)
{
  return database != NULL && database->engine == &engine ? ((Database *) database)->connection : NULL;
}

MereVault *
mere_sqlite_get_vault (MereDatabase *database)
{
  return database != NULL && database->engine == &engine ? ((Database *) database)->vault : NULL;
}
