/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libpq-fe.h>

#include "sync/hq/postgres.h"

G_BEGIN_DECLS

/* What the files of the engine share. */

typedef struct _MerePostgresStatement MerePostgresStatement;

typedef struct
{
  MereDatabase           base;
  PGconn                *connection;
  MerePostgresStatement *walking;      /* whose rows the connection still holds */
  guint64                n_statements; /* prepared so far: their names */
  gint64                 n_changes;
  GByteArray            *copy; /* rows on their way; NULL: none are */
  guint                  n_copy_columns;
  char                  *copy_table;
  gint64                 n_copied;
  GHashTable            *growth; /* of tables; NULL: none has grown */
} MerePostgres;

/* postgres-statement.c */
MerePrepared *mere_postgres_prepare (MereDatabase *database, const char *sql, GError **error);
void          mere_postgres_finalize (MerePrepared *prepared);
void          mere_postgres_bind (MerePrepared *prepared, int parameter, const MereValue *value);
gboolean      mere_postgres_step (MerePrepared *prepared, gboolean *row, GError **error);
void          mere_postgres_clear (MerePrepared *prepared);
void          mere_postgres_reset (MerePrepared *prepared);

/* Frees the connection for another query: what the statement under way still has to give is kept for it. */
void mere_postgres_set_free (MerePostgres *self);

/* postgres-column.c: the values of a row in PostgreSQL's binary format */
gboolean    mere_postgres_is_null (MerePrepared *prepared, int column);
gint64      mere_postgres_get_int (MerePrepared *prepared, int column);
double      mere_postgres_get_real (MerePrepared *prepared, int column);
const char *mere_postgres_get_text (MerePrepared *prepared, int column);
const void *mere_postgres_get_data (MerePrepared *prepared, int column, gsize *size);

/* The row that a statement stands on, and a place for the text of column values that are none. */
PGresult *mere_postgres_statement_get_row (MerePrepared *prepared);
char    **mere_postgres_statement_get_text_place (MerePrepared *prepared, int column);

/* postgres-copy.c */
gboolean mere_postgres_bulk_begin (MereDatabase *database, const char *table, const char *const *columns, GError **error);
gboolean mere_postgres_bulk_row (MereDatabase *database, const MereValue *values, GError **error);
gboolean mere_postgres_bulk_end (MereDatabase *database, GError **error);

/* postgres-statistics.c: after a commit, the server is told of tables that have grown so much that its plans are out of date */
void mere_postgres_note_rows (MerePostgres *self, const char *table, gint64 n);
void mere_postgres_refresh_statistics (MerePostgres *self);

/* Fills @error from what the server said; @result may be NULL. Returns: always %FALSE */
gboolean mere_postgres_fail (MerePostgres *self, const PGresult *result, GError **error);

/* SQL as PostgreSQL wants it: "$1" for "?1", keys with their assessment. @used: which parameters occur, from 1. */
char *mere_postgres_translate (const char *sql, GByteArray *used);

/* Types, as src/include/catalog/pg_type.dat numbers them. */
enum {
  MERE_POSTGRES_BOOL = 16,
  MERE_POSTGRES_BYTEA = 17,
  MERE_POSTGRES_INT8 = 20,
  MERE_POSTGRES_INT2 = 21,
  MERE_POSTGRES_INT4 = 23,
  MERE_POSTGRES_TEXT = 25,
  MERE_POSTGRES_FLOAT4 = 700,
  MERE_POSTGRES_FLOAT8 = 701,
  MERE_POSTGRES_NUMERIC = 1700,
};

G_END_DECLS
