/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * mere_migration_apply:
 * @last: highest number to apply; %G_MAXUINT for all
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Applies the numbered files of the engine (SQLite: schemas/sql), which are compiled in, in the order of their numbers: each that the
 * database does not have yet, once, in a transaction of its own together with the line that says so. Applying again
 * does nothing. A database that has a number which this program does not know is refused with
 * %MERE_STORE_ERROR_NEWER before anything is changed.
 *
 * mere_store_open() does this; here for tests and for a tool that stops at a number.
 */
gboolean mere_migration_apply (MereStore *store, guint last, GError **error);

/**
 * mere_migration_describe:
 * @database: an empty one, without a store
 * @last: as above
 *
 * The same for a database that is to be looked at: what a vault has after migration @last.
 */
gboolean mere_migration_describe (sqlite3 *database, guint last, GError **error);

/* The numbers that SQLite has, ascending: (element-type guint). */
GArray *mere_migration_list (void);

/* Where the files are in the resources: "/org/merestone/Merestone/sql/NNNN-subject.sql". */
#define MERE_MIGRATION_PATH "/org/merestone/Merestone/sql/"

G_END_DECLS
