/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Statements: a cache of prepared ones, and SQLite's codes in the words of the store. */

#include "config.h"

#include "app/store/statement.h"
#include "app/store/store-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Statements kept prepared. The modules here use about a hundred; one costs some kilobytes. */
#define CACHE_SIZE 256

struct _MereStatement
{
  MereStore    *store;
  sqlite3_stmt *statement; /* NULL once the store was closed */
};

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

gboolean
mere_store_set_error (MereStore *self,
                      int        code,
                      GError   **error)
{
  const Meaning   *meaning;
  int              extended = sqlite3_extended_errcode (self->database);
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
               damage != NULL ? damage : sqlite3_errmsg (self->database));
  return FALSE;
}

static sqlite3_stmt *
take_statement (MereStore  *store,
                const char *sql,
                GError    **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (store->idle, sql);
  int           code;

  if (statement != NULL)
    {
      g_hash_table_remove (store->idle, sql);
      return statement;
    }
  code = sqlite3_prepare_v3 (store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    mere_store_set_error (store, code, error);
  return statement;
}

static void
give_statement_back (MereStore    *store,
                     sqlite3_stmt *statement)
{
  const char *sql = sqlite3_sql (statement);

  if (g_hash_table_size (store->idle) >= CACHE_SIZE || g_hash_table_contains (store->idle, sql))
    {
      sqlite3_finalize (statement);
      return;
    }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  g_hash_table_insert (store->idle, (gpointer) sql, statement);
}

MereStatement *
mere_statement_new (MereStore  *store,
                    const char *sql,
                    GError    **error)
{
  MereStatement *self;
  sqlite3_stmt  *statement;

  g_rec_mutex_lock (&store->lock);
  statement = mere_store_check_whole (store, error) ? take_statement (store, sql, error) : NULL;
  if (statement == NULL)
    {
      g_rec_mutex_unlock (&store->lock);
      return NULL;
    }
  self = g_new (MereStatement, 1);
  self->store = mere_store_ref (store);
  self->statement = statement;
  g_hash_table_add (store->busy, self);
  return self;
}

void
mere_statement_free (MereStatement *self)
{
  MereStore *store;

  if (self == NULL)
    return;
  store = self->store;
  g_hash_table_remove (store->busy, self);
  if (self->statement != NULL)
    give_statement_back (store, self->statement);
  g_free (self);
  g_rec_mutex_unlock (&store->lock);
  mere_store_unref (store);
}

void
mere_store_drop_statements (MereStore *self)
{
  GHashTableIter iter;
  gpointer       item;

  g_hash_table_iter_init (&iter, self->busy);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    g_clear_pointer (&((MereStatement *) item)->statement, sqlite3_finalize);
  g_hash_table_iter_init (&iter, self->idle);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      g_hash_table_iter_steal (&iter);
      sqlite3_finalize (item);
    }
}

void
mere_statement_bind_text (MereStatement *self,
                          int            parameter,
                          const char    *text)
{
  sqlite3_bind_text (self->statement, parameter, text, -1, SQLITE_TRANSIENT);
}

void
mere_statement_bind_int (MereStatement *self,
                         int            parameter,
                         gint64         value)
{
  sqlite3_bind_int64 (self->statement, parameter, value);
}

void
mere_statement_bind_real (MereStatement *self,
                          int            parameter,
                          double         value)
{
  sqlite3_bind_double (self->statement, parameter, value);
}

void
mere_statement_bind_data (MereStatement *self,
                          int            parameter,
                          const void    *data,
                          gsize          size)
{
  /* A NULL pointer would bind NULL, and there may be nothing in an empty piece. */
  sqlite3_bind_blob64 (self->statement, parameter, data != NULL ? data : "", size, SQLITE_TRANSIENT);
}

void
mere_statement_bind_bytes (MereStatement *self,
                           int            parameter,
                           GBytes        *bytes)
{
  gsize       size;
  const void *data;

  if (bytes == NULL)
    {
      mere_statement_bind_null (self, parameter);
      return;
    }
  data = g_bytes_get_data (bytes, &size);
  mere_statement_bind_data (self, parameter, data, size);
}

void
mere_statement_bind_null (MereStatement *self,
                          int            parameter)
{
  sqlite3_bind_null (self->statement, parameter);
}

gboolean
mere_statement_step (MereStatement *self,
                     gboolean      *row,
                     GError       **error)
{
  int code;

  *row = FALSE;
  if (!mere_store_check_whole (self->store, error))
    return FALSE;
  code = sqlite3_step (self->statement);
  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;
  mere_store_set_error (self->store, code, error);
  sqlite3_reset (self->statement);
  return FALSE;
}

gboolean
mere_statement_run (MereStatement *self,
                    GError       **error)
{
  gboolean row;

  do
    if (!mere_statement_step (self, &row, error))
      return FALSE;
  while (row);
  mere_statement_reset (self);
  return TRUE;
}

void
mere_statement_reset (MereStatement *self)
{
  sqlite3_reset (self->statement);
}

const char *
mere_statement_get_text (MereStatement *self,
                         int            column)
{
  return (const char *) sqlite3_column_text (self->statement, column);
}

char *
mere_statement_dup_text (MereStatement *self,
                         int            column)
{
  return g_strdup (mere_statement_get_text (self, column));
}

gint64
mere_statement_get_int (MereStatement *self,
                        int            column)
{
  return sqlite3_column_int64 (self->statement, column);
}

double
mere_statement_get_real (MereStatement *self,
                         int            column)
{
  return mere_statement_is_null (self, column) ? NAN : sqlite3_column_double (self->statement, column);
}

const void *
mere_statement_get_data (MereStatement *self,
                         int            column,
                         gsize         *size)
{
  const void *data = sqlite3_column_blob (self->statement, column);

  *size = (gsize) sqlite3_column_bytes (self->statement, column);
  return data;
}

GBytes *
mere_statement_dup_bytes (MereStatement *self,
                          int            column)
{
  gsize       size;
  const void *data;

  if (mere_statement_is_null (self, column))
    return NULL;
  data = mere_statement_get_data (self, column, &size);
  return g_bytes_new (data, size);
}

gboolean
mere_statement_is_null (MereStatement *self,
                        int            column)
{
  return sqlite3_column_type (self->statement, column) == SQLITE_NULL;
}

static gboolean
step_raw (MereStore    *self,
          sqlite3_stmt *statement,
          GError      **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_DONE && code != SQLITE_ROW)
    mere_store_set_error (self, code, error);
  give_statement_back (self, statement);
  return code == SQLITE_DONE || code == SQLITE_ROW;
}

gboolean
mere_store_run_raw (MereStore  *self,
                    const char *sql,
                    GError    **error)
{
  sqlite3_stmt *statement = take_statement (self, sql, error);

  return statement != NULL && step_raw (self, statement, error);
}

gboolean
mere_store_execute (MereStore  *self,
                    const char *sql,
                    GError    **error)
{
  gboolean done;
  int      code;

  g_rec_mutex_lock (&self->lock);
  done = mere_store_check_whole (self, error);
  if (done)
    {
      code = sqlite3_exec (self->database, sql, NULL, NULL, NULL);
      done = code == SQLITE_OK || mere_store_set_error (self, code, error);
    }
  g_rec_mutex_unlock (&self->lock);
  return done;
}

gint64
mere_store_get_changes (MereStore *self)
{
  return sqlite3_changes64 (self->database);
}

gint64
mere_store_get_last_row_id (MereStore *self)
{
  return sqlite3_last_insert_rowid (self->database);
}
