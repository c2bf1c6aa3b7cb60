/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vfs.h"

G_BEGIN_DECLS

/* What went wrong below, as %MERE_VAULT_ERROR with words for a person. */

/* @code: an errno; @path: what it was about. */
void mere_vault_error_set_errno (GError **error, int code, const char *path);

/* What a VFS of ours found damaged, as part of a sentence; %NULL if nothing. */
char *mere_vault_error_dup_damage (const char *vfs);

/**
 * mere_vault_error_set_sqlite:
 * @database: (nullable): the connection that failed
 * @status: what it returned
 * @vfs: name of its VFS, which knows what is damaged
 * @path: folder of the vault
 */
void mere_vault_error_set_sqlite (GError **error, sqlite3 *database, int status, const char *vfs, const char *path);

G_END_DECLS
