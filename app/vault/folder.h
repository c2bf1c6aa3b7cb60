/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder that a vault is. Errors: domain %MERE_VAULT_ERROR. */

/**
 * mere_folder_make:
 * @made: (out): whether there was none before
 * @error: return location, %MERE_VAULT_ERROR_EXISTS if something lies there
 *
 * Makes @path, and the folders above it, unless it is an empty folder already.
 */
gboolean mere_folder_make (const char *path, gboolean *made, GError **error);

/**
 * mere_folder_lock:
 * @error: return location, %MERE_VAULT_ERROR_IN_USE if somebody holds it, %MERE_VAULT_ERROR_NOT_A_VAULT if it is not there
 *
 * Locks the folder itself, so that no file has to be left for it. A file system without such locks leaves it to SQLite's on
 * the database.
 *
 * Returns: a descriptor that holds the lock until it is closed, or -1
 */
int mere_folder_lock (const char *path, GError **error);

/* Makes durable which files lie in it. */
gboolean mere_folder_sync (const char *path, GError **error);

G_END_DECLS
