/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/database.h"
#include "app/vault/vault.h"

G_BEGIN_DECLS

/**
 * mere_sqlite_new:
 * @connection: (transfer full): without open statements
 * @vault: (nullable) (transfer full): the vault that it belongs to, and that closes it
 *
 * Returns: (transfer full): SQLite as an engine of the store
 */
MereDatabase *mere_sqlite_new (sqlite3 *connection, MereVault *vault);

/* Borrowed; NULL where @database is of another engine, or there is none. */
sqlite3   *mere_sqlite_get_connection (MereDatabase *database);
MereVault *mere_sqlite_get_vault (MereDatabase *database);

G_END_DECLS
