/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What PostgreSQL's planner knows of a table. The server looks at its tables once a minute; headquarters fills an empty one with a
 * hundred thousand rows in less. Until then each prepared statement keeps the plan of the empty table, which reads all of it
 * for each question. So whoever has doubled a table tells the server to look. */

#include "config.h"

#include "sync/hq/postgres-private.h"

#define FEW 1000 /* rows: reading them all is no loss */

typedef struct
{
  gint64 added; /* since somebody looked */
  gint64 known; /* rows then; negative: not asked yet */
} Growth;

void
mere_postgres_note_rows (MerePostgres *self,
                         const char   *table,
                         gint64        n)
{
  Growth *growth;

  if (self->growth == NULL)
    self->growth = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  growth = g_hash_table_lookup (self->growth, table);
  if (growth == NULL)
    {
      growth = g_new (Growth, 1);
      *growth = (Growth){ 0, -1 };
      g_hash_table_insert (self->growth, g_strdup (table), growth);
    }
  growth->added += n;
}

/* Rows that the planner takes a table for; 0 where it never looked. */
static gint64
ask_known (MerePostgres *self,
           const char   *table)
{
  const char *const values[] = { table };
  PGresult         *result = PQexecParams (
            self->connection, "SELECT greatest (reltuples, 0)::bigint FROM pg_catalog.pg_class WHERE oid = to_regclass ($1)", 1, NULL, values, NULL, NULL, 0);
  gint64 known = PQntuples (result) == 1 ? g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10) : 0;

  PQclear (result);
  return known;
}

/* Its failure is none of ours: what was committed is kept, and the server will look by itself. */
static void
look (MerePostgres *self,
      const char   *table,
      Growth       *growth)
{
  g_autofree char *sql = g_strconcat ("ANALYZE ", table, NULL);

  PQclear (PQexec (self->connection, sql));
  *growth = (Growth){ 0, -1 };
}

void
mere_postgres_refresh_statistics (MerePostgres *self)
{
  GHashTableIter iter;
  gpointer       table, value;

  if (self->growth == NULL || PQtransactionStatus (self->connection) != PQTRANS_IDLE)
    return;
  g_hash_table_iter_init (&iter, self->growth);
  while (g_hash_table_iter_next (&iter, &table, &value))
    {
      Growth *growth = value;

      if (growth->added >= FEW && growth->known < 0)
        growth->known = ask_known (self, table);
      if (growth->added >= FEW && growth->added >= growth->known)
        look (self, table, growth);
    }
}
