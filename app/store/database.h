/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <string.h>

G_BEGIN_DECLS

/* What a store stands on: a connection to a database, and a table of functions for it. SQLite's is sqlite.h; headquarters
 * has another one. For the store itself and for who adds an engine; all others use MereStore and MereStatement.
 *
 * All engines take the same SQL: parameters ?1, ?2 …, standard functions, no implicit casts, booleans as 0 and 1,
 * ON CONFLICT and RETURNING. A connection is used by one thread at a time. Errors are of the domain %MERE_STORE_ERROR. */

typedef enum {
  MERE_VALUE_NULL,
  MERE_VALUE_INT,
  MERE_VALUE_REAL,
  MERE_VALUE_TEXT, /* UTF-8, @size bytes, without a NUL */
  MERE_VALUE_BYTES,
} MereValueKind;

/* One value on its way in; borrowed. */
typedef struct
{
  MereValueKind kind;
  gint64        integer;
  double        real;
  const void   *data;
  gsize         size;
  gboolean      lasts; /* @data stays as it is until the statement is reset: an engine need not copy it */
} MereValue;

static inline MereValue
mere_value_int (gint64 integer)
{
  return (MereValue){ .kind = MERE_VALUE_INT, .integer = integer };
}

/* NULL gives NULL. */
static inline MereValue
mere_value_text (const char *text)
{
  return (MereValue){ .kind = text != NULL ? MERE_VALUE_TEXT : MERE_VALUE_NULL, .data = text, .size = text != NULL ? strlen (text) : 0 };
}

/* Likewise. */
static inline MereValue
mere_value_bytes (GBytes *bytes)
{
  MereValue value = { .kind = MERE_VALUE_NULL };

  if (bytes == NULL)
    return value;
  value.kind = MERE_VALUE_BYTES;
  value.data = g_bytes_get_data (bytes, &value.size);
  return value;
}

typedef struct _MereEngine MereEngine;

/* A connection; an engine puts its own behind it. */
typedef struct
{
  const MereEngine *engine;
} MereDatabase;

/* A prepared statement, likewise. */
typedef struct
{
  MereDatabase *database;
  char         *sql; /* as it was given; the engine frees it */
} MerePrepared;

/**
 * MereEngine:
 * @migrations: where its numbered files are in the resources
 * @begin: SQL that begins a transaction
 * @has_table: SQL that gives a row where the table ?1 exists
 * @lock: (nullable): SQL that waits for the lock of name ?1 and holds it until the transaction ends; %NULL where a
 *   transaction keeps every other writer out by itself
 * @lock_shared: (nullable): the same, but for who may hold it with others of its kind
 * @in_transaction: %FALSE too where the database gave the transaction up by itself
 * @execute: one or more statements without parameters; also those of transactions
 * @clear: ends the walk and forgets the bindings
 * @reset: ends the walk; the bindings stay
 * @get_changes: rows that the last statement that changes rows has changed
 * @dup_rows_sql: SQL that gives ?1 numbers which no row of the table has; (transfer full)
 * @bulk_begin: begins to add rows to a table, in the fastest way there is; until @bulk_end nothing else is done
 */
struct _MereEngine
{
  const char *migrations;
  const char *begin;
  const char *has_table;
  const char *lock;
  const char *lock_shared;

  void (*close) (MereDatabase *self);
  gboolean (*in_transaction) (MereDatabase *self);
  gboolean (*execute) (MereDatabase *self, const char *sql, GError **error);
  gint64 (*get_changes) (MereDatabase *self);

  MerePrepared *(*prepare) (MereDatabase *self, const char *sql, GError **error);
  void (*finalize) (MerePrepared *self);
  void (*bind) (MerePrepared *self, int parameter, const MereValue *value); /* from 1; copies what does not last */
  gboolean (*step) (MerePrepared *self, gboolean *row, GError **error);
  void (*clear) (MerePrepared *self);
  void (*reset) (MerePrepared *self);

  /* Columns count from 0, and hold until the next step. */
  gboolean (*is_null) (MerePrepared *self, int column);
  gint64 (*get_int) (MerePrepared *self, int column);
  double (*get_real) (MerePrepared *self, int column);
  const char *(*get_text) (MerePrepared *self, int column);
  const void *(*get_data) (MerePrepared *self, int column, gsize *size);

  char *(*dup_rows_sql) (const char *table);
  gboolean (*bulk_begin) (MereDatabase *self, const char *table, const char *const *columns, GError **error);
  gboolean (*bulk_row) (MereDatabase *self, const MereValue *values, GError **error);
  gboolean (*bulk_end) (MereDatabase *self, GError **error); /* on failure no row was added, or the transaction is lost */
};

G_END_DECLS
