/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/database.h"

G_BEGIN_DECLS

/**
 * mere_postgres_connect:
 * @address: a connection string as libpq takes it: "postgresql://…", "service=…", "host=… dbname=…"
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Connects the store's engine to PostgreSQL 15 or newer, or to what speaks its protocol. The database must be in UTF-8.
 * Rows are added under the session's assessment: what the address sets by `options=-c merestone.assessment=…`, or "main".
 * docs/scale.md says how to lay it out.
 *
 * Returns: (transfer full): for mere_store_open_engine()
 */
MereDatabase *mere_postgres_connect (const char *address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define MERE_POSTGRES_MIGRATION_PATH "/org/merestone/Merestone/sql/postgresql/"

G_END_DECLS
