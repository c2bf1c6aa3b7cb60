/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vault.h"

G_BEGIN_DECLS

/**
 * MereVaultProgress:
 * @done: pages that are behind
 * @all: pages there are, each counted twice: written, and read back
 *
 * Called in the thread that does the work.
 */
typedef void (*MereVaultProgress) (guint done, guint all, gpointer data);

/**
 * mere_vault_backup:
 * @folder: what is to become the copy: on a stick, say; it must not exist or must be empty
 * @progress: (nullable) (scope call): is told how far it has come
 * @error: return location, domain %MERE_VAULT_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Copies an open vault while it is in use: into a vault of the same keys, which the same passphrases open. Pages are sealed anew;
 * what is committed meanwhile through the vault's own connection is taken along. Then the copy is read back from the medium, past
 * the cache, page by page, and checked. A vault that is being locked ends it, as if it were cancelled. To be called off the main thread. On failure nothing is left in @folder.
 *
 * Restoring is opening the copy and making a backup of it where the vault is to be. That a vault was set back to an earlier
 * state, headquarters sees by its chain.
 */
gboolean mere_vault_backup (MereVault        *self,
                            const char       *folder,
                            MereVaultProgress progress,
                            gpointer          data,
                            GCancellable     *cancellable,
                            GError          **error);

G_END_DECLS
