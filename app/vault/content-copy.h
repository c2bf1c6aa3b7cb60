/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "app/vault/content-file.h"

G_BEGIN_DECLS

/* All blocks that count, from one vault to another. Which these are stands in the database's table `attachment_block`; one without
 * that table has none. Errors: domain %MERE_VAULT_ERROR. */

/**
 * MereContentTell:
 * @done: blocks that are behind
 *
 * Returns: %FALSE to stop, with @error set
 */
typedef gboolean (*MereContentTell) (gpointer data, guint done, GError **error);

guint mere_content_count (sqlite3 *rows);

/**
 * mere_content_copy:
 * @rows: the database that names the blocks
 * @from: where they are
 * @to: where each is sealed in the same place, as the same version, and then synced; one that is there already stays
 * @tell: called after each block
 *
 * The rows of both are the same.
 */
gboolean mere_content_copy (sqlite3         *rows,
                            MereContentFile *from,
                            MereContentFile *to,
                            MereContentTell  tell,
                            gpointer         data,
                            GError         **error);

/* Reads every block, past the cache. */
gboolean mere_content_verify (sqlite3 *rows, MereContentFile *file, MereContentTell tell, gpointer data, GError **error);

/**
 * mere_content_rescue:
 * @rows: the rescued database: of what does not open, the row is deleted
 */
gboolean mere_content_rescue (sqlite3 *rows, MereContentFile *from, MereContentFile *to, GError **error);

G_END_DECLS
