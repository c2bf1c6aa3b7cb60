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
 * Makes @path, and the folders above it, unless it is an empty folder already, or one in which the making of a vault was cut off.
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

/**
 * mere_folder_start:
 *
 * Begins a vault in a folder that mere_folder_make() took and that is locked now: takes away what an earlier try has left, marks
 * the folder as unfinished, and makes an empty database that its owner alone may read; SQLite gives its other files the same mode.
 */
gboolean mere_folder_start (const char *path, GError **error);

/* Takes the mark away: from now on it is a vault, or nothing. */
void mere_folder_finish (const char *path);

/* Unlinks the database and what belongs to it. */
void mere_folder_unlink_database (const char *path);

/* Removes what else lies in the folder of a vault: bundles, cards, copies from sticks. Follows no links. */
void mere_folder_remove_beside (const char *path);

/* Makes durable which files lie in it. */
gboolean mere_folder_sync (const char *path, GError **error);

G_END_DECLS
