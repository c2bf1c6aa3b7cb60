/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/statement.h"

G_BEGIN_DECLS

/**
 * mere_bulk_begin:
 * @table: its name
 * @columns: (array zero-terminated=1): whose values are given, in this order
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Begins to add many rows to one table, by the fastest way that the engine has. Within a transaction, and nothing else is
 * asked of the store until mere_bulk_end(). A row that is there already fails the whole: look first.
 */
gboolean mere_bulk_begin (MereStore *store, const char *table, const char *const *columns, GError **error);
gboolean mere_bulk_end (MereStore *store, GError **error); /* also after a failure of mere_bulk_add() */

/**
 * mere_bulk_add:
 * @values: one a column; the texts and bytes that they point to are borrowed until mere_bulk_end()
 *
 * A row that the table does not take may be told of later: by one of the next ones, or by mere_bulk_end().
 */
gboolean mere_bulk_add (MereStore *store, const MereValue *values, GError **error);

/**
 * mere_bulk_take_rows:
 * @table: one whose `row` the database numbers
 * @n: how many
 * @rows: (out caller-allocated) (array length=n): numbers that no row of it has, ascending
 *
 * For rows that other tables name.
 */
gboolean mere_bulk_take_rows (MereStore *store, const char *table, guint n, gint64 *rows, GError **error);

G_END_DECLS
