/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PostgreSQL under the store of headquarters: the connection, and its errors in the words of the store. Statements are in
 * postgres-statement.c, values in postgres-column.c, COPY in postgres-copy.c, what the planner knows in postgres-statistics.c. */

#include "config.h"

#include "sync/hq/postgres-private.h"

#include "app/store/store.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char    *state; /* SQLSTATE, or the class that it begins with */
  MereStoreError error;
  const char    *message;
} Meaning;

/* PostgreSQL, appendix A; what is longer comes first. */
static const Meaning meanings[] = {
  { "25006", MERE_STORE_ERROR_READ_ONLY, N_ ("The database may not be written. What was saved before is kept; this change is not.") },
  { "53100", MERE_STORE_ERROR_FULL, N_ ("There is no room left on the database's disk. What was saved before is kept; this change is not.") },
  { "42501", MERE_STORE_ERROR_READ_ONLY, N_ ("The database does not allow this to its user. What was saved before is kept; this change is not.") },
  { "23505", MERE_STORE_ERROR_CONFLICT, N_ ("This does not go together with what the database holds.") },
  { "23", MERE_STORE_ERROR_CONFLICT, N_ ("This does not go together with what the database holds.") },
  { "40", MERE_STORE_ERROR_BUSY, N_ ("Another process was at the same. What was saved before is kept; do this again.") },
  { "55P03", MERE_STORE_ERROR_BUSY, N_ ("Another process was at the same. What was saved before is kept; do this again.") },
  { "XX001", MERE_STORE_ERROR_DAMAGED, N_ ("The database is damaged.") },
  { "XX002", MERE_STORE_ERROR_DAMAGED, N_ ("The database is damaged.") },
};

static const Meaning *
find_meaning (const char *state)
{
  for (guint i = 0; state != NULL && i < G_N_ELEMENTS (meanings); i++)
    if (g_str_has_prefix (state, meanings[i].state))
      return &meanings[i];
  return NULL;
}

gboolean
mere_postgres_fail (MerePostgres   *self,
                    const PGresult *result,
                    GError        **error)
{
  const Meaning   *meaning = find_meaning (PQresultErrorField (result, PG_DIAG_SQLSTATE));
  const char      *primary = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  g_autofree char *said = g_strchomp (g_strdup (primary != NULL ? primary : PQerrorMessage (self->connection)));

  g_set_error (error,
               MERE_STORE_ERROR,
               meaning != NULL ? meaning->error : MERE_STORE_ERROR_FAILED,
               "%s (%s)",
               meaning != NULL                                ? _ (meaning->message)
               : PQstatus (self->connection) != CONNECTION_OK ? _ ("The connection to the database was lost. What was saved before is kept; do this again.")
                                                              : _ ("The database refused."),
               said);
  return FALSE;
}

static void
close_database (MereDatabase *database)
{
  MerePostgres *self = (MerePostgres *) database;

  g_clear_pointer (&self->copy, g_byte_array_unref);
  g_clear_pointer (&self->growth, g_hash_table_unref);
  g_free (self->copy_table);
  PQfinish (self->connection);
  g_free (self);
}

static gboolean
in_transaction (MereDatabase *database)
{
  PGTransactionStatusType status = PQtransactionStatus (((MerePostgres *) database)->connection);

  return status != PQTRANS_IDLE && status != PQTRANS_UNKNOWN;
}

static gint64
get_changes (MereDatabase *database)
{
  return ((MerePostgres *) database)->n_changes;
}

/* COMMIT of a transaction that has failed is answered by "ROLLBACK", as if all were well. */
static gboolean
check_tag (MerePostgres *self,
           const char   *sql,
           PGresult     *result,
           GError      **error)
{
  if (!g_str_equal (sql, "COMMIT") || g_str_equal (PQcmdStatus (result), "COMMIT"))
    return TRUE;
  g_set_error_literal (error,
                       MERE_STORE_ERROR,
                       MERE_STORE_ERROR_FAILED,
                       _ ("The change was given up as a whole after an error. What was saved before is kept."));
  return FALSE;
}

static gboolean
execute (MereDatabase *database,
         const char   *sql,
         GError      **error)
{
  MerePostgres  *self = (MerePostgres *) database;
  PGresult      *result;
  ExecStatusType status;
  gboolean       done;

  mere_postgres_set_free (self);
  result = PQexec (self->connection, sql);
  status = PQresultStatus (result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
    done = check_tag (self, sql, result, error);
  else
    done = mere_postgres_fail (self, result, error);
  self->n_changes = done ? (gint64) g_ascii_strtoll (PQcmdTuples (result), NULL, 10) : 0;
  PQclear (result);
  if (done && g_str_equal (sql, "COMMIT"))
    mere_postgres_refresh_statistics (self);
  return done;
}

static char *
dup_rows_sql (const char *table)
{
  return g_strdup_printf ("SELECT nextval ('%s_row_seq') FROM generate_series (1, ?1)", table);
}

#define LOCK_NUMBER "hashtextextended (current_schema () || '/' || current_setting ('merestone.assessment') || '/' || ?1, 0)"

static const MereEngine engine = {
  .migrations = MERE_POSTGRES_MIGRATION_PATH,
  .begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
  .has_table = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema () AND tablename = ?1",
  .lock = "SELECT pg_advisory_xact_lock (" LOCK_NUMBER ")",
  .lock_shared = "SELECT pg_advisory_xact_lock_shared (" LOCK_NUMBER ")",
  .close = close_database,
  .in_transaction = in_transaction,
  .execute = execute,
  .get_changes = get_changes,
  .prepare = mere_postgres_prepare,
  .finalize = mere_postgres_finalize,
  .bind = mere_postgres_bind,
  .step = mere_postgres_step,
  .clear = mere_postgres_clear,
  .reset = mere_postgres_reset,
  .is_null = mere_postgres_is_null,
  .get_int = mere_postgres_get_int,
  .get_real = mere_postgres_get_real,
  .get_text = mere_postgres_get_text,
  .get_data = mere_postgres_get_data,
  .dup_rows_sql = dup_rows_sql,
  .bulk_begin = mere_postgres_bulk_begin,
  .bulk_row = mere_postgres_bulk_row,
  .bulk_end = mere_postgres_bulk_end,
};

/* Notices are for administrators, and this is no place that prints. */
static void
pass_over_notice (void       *data,
                  const char *message)
{
}

/* A commit is on the disk when it returns, whatever the server's habit: a receipt says what is kept. And a page of records is read by
 * their numbers: merged with them, a table would be walked from its newest row to where those of a crossing lie. */
#define SET_UP                                                                                                                 \
  "SELECT set_config ('merestone.assessment', coalesce (nullif (current_setting ('merestone.assessment', true), ''), 'main')," \
  "                   false),"                                                                                                 \
  "       set_config ('synchronous_commit', CASE current_setting ('synchronous_commit') WHEN 'off' THEN 'on'"                  \
  "                   ELSE current_setting ('synchronous_commit') END, false);"                                                \
  "SELECT set_config (name, 'off', false) FROM pg_settings WHERE name = 'enable_mergejoin'"

static gboolean
set_up (MerePostgres *self,
        GError      **error)
{
  const char *encoding;

  if (PQstatus (self->connection) != CONNECTION_OK)
    {
      g_autofree char *said = g_strchomp (g_strdup (PQerrorMessage (self->connection)));

      g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED, _ ("The database cannot be reached: %s"), said);
      return FALSE;
    }
  PQsetNoticeProcessor (self->connection, pass_over_notice, NULL);
  encoding = PQparameterStatus (self->connection, "server_encoding");
  if (g_strcmp0 (encoding, "UTF8") != 0)
    {
      g_set_error (
        error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED, _ ("The database must be in UTF8, and is in %s. Nothing was changed."), encoding);
      return FALSE;
    }
  return execute (&self->base, SET_UP, error);
}

MereDatabase *
mere_postgres_connect (const char *address,
                       GError    **error)
{
  const char *const names[] = { "dbname", "fallback_application_name", "client_encoding", NULL };
  const char *const values[] = { address, "merestone-hq", "UTF8", NULL };
  MerePostgres     *self = g_new0 (MerePostgres, 1);

  self->base.engine = &engine;
  self->connection = PQconnectdbParams (names, values, TRUE);
  if (set_up (self, error))
    return &self->base;
  close_database (&self->base);
  return NULL;
}
