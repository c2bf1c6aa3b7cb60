/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/statement.h"

G_BEGIN_DECLS

/**
 * MereRowReader:
 * @row: a statement that stands at a row
 *
 * Returns: (transfer full): what the row says
 */
typedef gpointer (*MereRowReader) (MereStatement *row);

/**
 * mere_statement_read_all:
 * @self: with its parameters bound
 * @free_one: (nullable): for what @reader returns
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Returns: (transfer full): one a row, in the statement's order; %NULL on failure
 */
GPtrArray *mere_statement_read_all (MereStatement *self, MereRowReader reader, GDestroyNotify free_one, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for the first column as text. */
GPtrArray *mere_statement_read_texts (MereStatement *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_store_load_number:
 * @sql: a query without parameters, for a whole number
 * @number: (out): 0 where there is no row
 * @error: return location, domain %MERE_STORE_ERROR
 */
gboolean mere_store_load_number (MereStore *self, const char *sql, gint64 *number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
