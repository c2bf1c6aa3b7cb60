/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prepared statements of PostgreSQL. Rows come one by one as the server sends them, so that a long answer needs no memory.
 * A connection has one answer under way; when another statement begins before its end, the rest of it is kept. */

#include "config.h"

#include "sync/hq/postgres-private.h"

#include "app/store/store.h"

typedef struct
{
  char *data; /* NULL: NULL */
  int   size;
  int   binary;
} Parameter;

struct _MerePostgresStatement
{
  MerePrepared base;
  char        *name;
  int          n_parameters;
  Oid         *types; /* of the parameters, as the server understood them */
  Parameter   *parameters;
  gboolean     sent;
  PGresult    *row;
  GQueue       kept;    /* PGresult: rows that came while somebody else needed the connection */
  GError      *failure; /* likewise */
  GPtrArray   *texts;   /* of columns that are none; by column */
};

#define MAX_PARAMETERS 512

/* Copies a string of SQL with its quotes; returns where it goes on. */
static const char *
copy_quoted (GString    *to,
             const char *from)
{
  const char *end = strchr (from + 1, *from);

  end = end != NULL ? end + 1 : from + strlen (from);
  g_string_append_len (to, from, end - from);
  return end;
}

static const char *
copy_parameter (GString    *to,
                const char *from,
                GByteArray *used)
{
  char *end;
  guint number = (guint) g_ascii_strtoull (from + 1, &end, 10);

  g_return_val_if_fail (number > 0 && number <= MAX_PARAMETERS, from + 1);
  while (used->len < number)
    g_byte_array_append (used, (const guint8 *) "", 1);
  used->data[number - 1] = TRUE;
  g_string_append_printf (to, "$%u", number);
  return end;
}

#define CONFLICT "ON CONFLICT ("

char *
mere_postgres_translate (const char *sql,
                         GByteArray *used)
{
  GString *to = g_string_sized_new (strlen (sql) + 32);

  while (*sql != '\0')
    if (*sql == '\'' || *sql == '"')
      sql = copy_quoted (to, sql);
    else if (*sql == '?')
      sql = copy_parameter (to, sql, used);
    else if (g_str_has_prefix (sql, CONFLICT))
      {
        g_string_append (to, CONFLICT "assessment_id, ");
        sql += strlen (CONFLICT);
      }
    else
      g_string_append_c (to, *sql++);
  return g_string_free (to, FALSE);
}

static MerePostgres *
database_of (MerePostgresStatement *self)
{
  return (MerePostgres *) self->base.database;
}

/* A parameter that does not occur has no type of its own. */
static Oid *
types_of (GByteArray *used)
{
  Oid *types = g_new0 (Oid, used->len + 1);

  for (guint i = 0; i < used->len; i++)
    types[i] = used->data[i] ? 0 : MERE_POSTGRES_TEXT;
  return types;
}

static gboolean
check (MerePostgres *self,
       PGresult     *result,
       GError      **error)
{
  gboolean done = PQresultStatus (result) == PGRES_COMMAND_OK || mere_postgres_fail (self, result, error);

  PQclear (result);
  return done;
}

static gboolean
describe (MerePostgresStatement *self,
          GError               **error)
{
  PGresult *result = PQdescribePrepared (database_of (self)->connection, self->name);

  for (int i = 0; i < self->n_parameters; i++)
    self->types[i] = PQparamtype (result, i);
  return check (database_of (self), result, error);
}

MerePrepared *
mere_postgres_prepare (MereDatabase *database,
                       const char   *sql,
                       GError      **error)
{
  MerePostgres          *connection = (MerePostgres *) database;
  MerePostgresStatement *self = g_new0 (MerePostgresStatement, 1);
  g_autoptr (GByteArray) used = g_byte_array_new ();
  g_autofree char *text = mere_postgres_translate (sql, used);

  self->base.database = database;
  self->base.sql = g_strdup (sql);
  self->name = g_strdup_printf ("m%" G_GUINT64_FORMAT, ++connection->n_statements);
  self->n_parameters = (int) used->len;
  self->types = types_of (used);
  self->parameters = g_new0 (Parameter, used->len + 1);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  g_queue_init (&self->kept);
  mere_postgres_set_free (connection);
  if (check (connection, PQprepare (connection->connection, self->name, text, self->n_parameters, self->types), error) && describe (self, error))
    return &self->base;
  g_clear_pointer (&self->name, g_free);
  mere_postgres_finalize (&self->base);
  return NULL;
}

/* @data (transfer full) */
static void
set_parameter (Parameter *parameter,
               char      *data,
               gsize      size,
               gboolean   binary)
{
  g_free (parameter->data);
  parameter->data = data;
  parameter->size = (int) size;
  parameter->binary = binary;
}

static char *
dup_with_nul (const void *data,
              gsize       size)
{
  char *copy = g_malloc (size + 1);

  if (size > 0)
    memcpy (copy, data, size);
  copy[size] = '\0';
  return copy;
}

static char *
dup_number (const MereValue *value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  return value->kind == MERE_VALUE_INT ? g_strdup_printf ("%" G_GINT64_FORMAT, value->integer)
                                       : g_strdup (g_ascii_dtostr (digits, sizeof digits, value->real));
}

/* Numbers go as text, which the server reads as the type that it needs; bytes and what goes into bytea as they are. */
void
mere_postgres_bind (MerePrepared    *prepared,
                    int              parameter,
                    const MereValue *value)
{
  MerePostgresStatement *self = (MerePostgresStatement *) prepared;
  Parameter             *place = &self->parameters[parameter - 1];
  gboolean               binary;

  /* A list of filters binds what its SQL may not ask for. */
  if (parameter > self->n_parameters)
    return;
  binary = value->kind == MERE_VALUE_BYTES || self->types[parameter - 1] == MERE_POSTGRES_BYTEA;
  if (value->kind == MERE_VALUE_NULL)
    set_parameter (place, NULL, 0, FALSE);
  else if (value->kind == MERE_VALUE_TEXT || value->kind == MERE_VALUE_BYTES)
    set_parameter (place, dup_with_nul (value->data, value->size), value->size, binary);
  else
    {
      char *number = dup_number (value);

      set_parameter (place, number, strlen (number), binary);
    }
}

static gboolean
send (MerePostgresStatement *self,
      GError               **error)
{
  MerePostgres *database = database_of (self);
  const char  **values = g_newa (const char *, self->n_parameters + 1);
  int          *sizes = g_newa (int, self->n_parameters + 1);
  int          *formats = g_newa (int, self->n_parameters + 1);

  for (int i = 0; i < self->n_parameters; i++)
    {
      values[i] = self->parameters[i].data;
      sizes[i] = self->parameters[i].size;
      formats[i] = self->parameters[i].binary;
    }
  mere_postgres_set_free (database);
  if (!PQsendQueryPrepared (database->connection, self->name, self->n_parameters, values, sizes, formats, TRUE))
    return mere_postgres_fail (database, NULL, error);
  PQsetSingleRowMode (database->connection);
  database->walking = self;
  self->sent = TRUE;
  return TRUE;
}

/* The end of an answer: what it says, and that the connection is free again. */
static gboolean
end_answer (MerePostgresStatement *self,
            PGresult              *last,
            GError               **error)
{
  MerePostgres  *database = database_of (self);
  ExecStatusType status = PQresultStatus (last);
  gboolean       done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  PGresult      *more;

  if (done)
    database->n_changes = (gint64) g_ascii_strtoll (PQcmdTuples (last), NULL, 10);
  else
    mere_postgres_fail (database, last, error);
  PQclear (last);
  while ((more = PQgetResult (database->connection)) != NULL)
    PQclear (more);
  database->walking = NULL;
  return done;
}

/* The next row that comes over the connection, or NULL at its end or failure. */
static PGresult *
receive (MerePostgresStatement *self,
         GError               **error)
{
  PGresult *result = PQgetResult (database_of (self)->connection);

  if (PQresultStatus (result) == PGRES_SINGLE_TUPLE)
    return result;
  end_answer (self, result, error);
  return NULL;
}

void
mere_postgres_set_free (MerePostgres *self)
{
  MerePostgresStatement *walking = self->walking;
  PGresult              *row;

  if (walking == NULL)
    return;
  while ((row = receive (walking, &walking->failure)) != NULL)
    g_queue_push_tail (&walking->kept, row);
}

gboolean
mere_postgres_step (MerePrepared *prepared,
                    gboolean     *row,
                    GError      **error)
{
  MerePostgresStatement *self = (MerePostgresStatement *) prepared;
  g_autoptr (GError) failure = NULL;

  *row = FALSE;
  g_clear_pointer (&self->row, PQclear);
  g_ptr_array_set_size (self->texts, 0);
  if (!self->sent && !send (self, error))
    return FALSE;
  self->row = g_queue_pop_head (&self->kept);
  if (self->row == NULL && database_of (self)->walking == self)
    self->row = receive (self, &failure);
  else if (self->row == NULL)
    failure = g_steal_pointer (&self->failure);
  *row = self->row != NULL;
  if (failure == NULL)
    return TRUE;
  mere_postgres_reset (prepared);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
mere_postgres_reset (MerePrepared *prepared)
{
  MerePostgresStatement *self = (MerePostgresStatement *) prepared;
  PGresult              *row;

  g_clear_pointer (&self->row, PQclear);
  g_ptr_array_set_size (self->texts, 0);
  while ((row = g_queue_pop_head (&self->kept)) != NULL)
    PQclear (row);
  while (database_of (self)->walking == self && (row = receive (self, NULL)) != NULL)
    PQclear (row);
  g_clear_error (&self->failure);
  self->sent = FALSE;
}

void
mere_postgres_clear (MerePrepared *prepared)
{
  MerePostgresStatement *self = (MerePostgresStatement *) prepared;

  mere_postgres_reset (prepared);
  for (int i = 0; i < self->n_parameters; i++)
    set_parameter (&self->parameters[i], NULL, 0, FALSE);
}

/* In a transaction that has failed the server takes no more words: then the statement lives as long as the connection. */
static void
deallocate (MerePostgresStatement *self)
{
  MerePostgres    *database = database_of (self);
  g_autofree char *sql = g_strconcat ("DEALLOCATE ", self->name, NULL);

  if (PQstatus (database->connection) != CONNECTION_OK || PQtransactionStatus (database->connection) == PQTRANS_INERROR)
    return;
  mere_postgres_set_free (database);
  PQclear (PQexec (database->connection, sql));
}

void
mere_postgres_finalize (MerePrepared *prepared)
{
  MerePostgresStatement *self = (MerePostgresStatement *) prepared;

  mere_postgres_clear (prepared);
  if (self->name != NULL)
    deallocate (self);
  g_ptr_array_unref (self->texts);
  g_free (self->parameters);
  g_free (self->types);
  g_free (self->name);
  g_free (self->base.sql);
  g_free (self);
}

PGresult *
mere_postgres_statement_get_row (MerePrepared *prepared)
{
  return ((MerePostgresStatement *) prepared)->row;
}

char **
mere_postgres_statement_get_text_place (MerePrepared *prepared,
                                        int           column)
{
  GPtrArray *texts = ((MerePostgresStatement *) prepared)->texts;

  if (texts->len <= (guint) column)
    g_ptr_array_set_size (texts, column + 1);
  return (char **) &texts->pdata[column];
}
