/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/database.h"
#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereStatement:
 *
 * One use of a prepared statement. Freeing it resets it and gives it back to the store's cache, so that the next
 * mere_statement_new() with the same text costs a look-up. For the store's own modules, sync and headquarters; no page
 * holds SQL.
 *
 * |[
 *   g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT name FROM crossing WHERE id = ?1", error);
 *
 *   if (query == NULL)
 *     return FALSE;
 *   mere_statement_bind_text (query, 1, id);
 *   while (mere_statement_step (query, &row, error) && row)
 *     …mere_statement_get_text (query, 0)…
 * ]|
 */
typedef struct _MereStatement MereStatement;

/**
 * mere_statement_new:
 * @sql: one statement; a literal, or text that is the same each time (it stays in the cache)
 * @error: return location, domain %MERE_STORE_ERROR
 */
MereStatement *mere_statement_new (MereStore *store, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void           mere_statement_free (MereStatement *self);

/* Parameters count from 1. Text and bytes are copied. A failed bind shows at the next step. */
void mere_statement_bind_text (MereStatement *self, int parameter, const char *text); /* NULL binds NULL */
void mere_statement_bind_int (MereStatement *self, int parameter, gint64 value);
void mere_statement_bind_real (MereStatement *self, int parameter, double value);   /* NaN binds NULL */
void mere_statement_bind_bytes (MereStatement *self, int parameter, GBytes *bytes); /* NULL binds NULL */
void mere_statement_bind_data (MereStatement *self, int parameter, const void *data, gsize size);
void mere_statement_bind_lasting (MereStatement *self, int parameter, const void *data, gsize size); /* not copied: stays until reset */
void mere_statement_bind_null (MereStatement *self, int parameter);

/**
 * mere_statement_step:
 * @row: (out): whether there is a row to read
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Returns: %FALSE on failure
 */
gboolean mere_statement_step (MereStatement *self, gboolean *row, GError **error);

/* Runs a statement that gives no rows (what rows it gives are passed over) and resets it: bind and run again. */
gboolean mere_statement_run (MereStatement *self, GError **error);

/* Ends a walk early: the bindings stay. */
void mere_statement_reset (MereStatement *self);

/* Columns count from 0, and hold until the next step. */
const char *mere_statement_get_text (MereStatement *self, int column); /* borrowed; NULL for NULL */
char       *mere_statement_dup_text (MereStatement *self, int column);
gint64      mere_statement_get_int (MereStatement *self, int column);
double      mere_statement_get_real (MereStatement *self, int column);              /* NaN for NULL */
GBytes     *mere_statement_dup_bytes (MereStatement *self, int column);             /* NULL for NULL */
const void *mere_statement_get_data (MereStatement *self, int column, gsize *size); /* borrowed */
gboolean    mere_statement_is_null (MereStatement *self, int column);

/**
 * mere_store_execute:
 * @sql: one or more statements without parameters
 *
 * For pragmas and scripts; not cached.
 */
gboolean mere_store_execute (MereStore *self, const char *sql, GError **error);

/**
 * mere_store_lock:
 * @name: of what is to be changed by one at a time
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Within a transaction: waits for every other process that holds the lock of that name, and keeps it until the
 * transaction ends. In a vault a transaction keeps all others out anyway.
 */
gboolean mere_store_lock (MereStore *self, const char *name, GError **error);

/* Likewise, but any number of processes hold it so at once; mere_store_lock() waits for all of them. */
gboolean mere_store_lock_shared (MereStore *self, const char *name, GError **error);

/* How many rows the last statement of this connection changed. */
gint64 mere_store_get_changes (MereStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStatement, mere_statement_free)

G_END_DECLS
