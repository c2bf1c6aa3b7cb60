/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/backup.h"

G_BEGIN_DECLS

/* A new data key for a vault: for when an old passphrase, an old copy of keys.json or an answer of headquarters may be in other hands.
 * Every page and every block of content is sealed anew into a second database in the folder `rekey` of the vault, and read back; then it takes the place of
 * the first one. What SQLite has left in pages between their cells is not taken along. Killed at any point, the vault is the old one, or the new one, and opens; mere_vault_rekey_resume() goes on where it
 * stopped. Needs as much room on the disk as database and content have. Format: docs/formats.md, "A change of keys".
 *
 * Errors: domain %MERE_VAULT_ERROR, or %G_IO_ERROR_CANCELLED. To be called off the main thread. */

/**
 * mere_vault_rekey:
 * @path: folder of a vault that is not open
 * @passphrase: one that opens it; the only one that does afterwards, at the same cost and under the same label
 * @progress: (nullable) (scope call): pages that are behind, of twice those that there are; a block counts as many as it is large
 *
 * On failure, or when it is cancelled, the vault is as it was.
 */
gboolean mere_vault_rekey (const char       *path,
                           const MereSecret *passphrase,
                           MereVaultProgress progress,
                           gpointer          data,
                           GCancellable     *cancellable,
                           GError          **error);

/* Whether a change of keys was cut off. */
gboolean mere_vault_rekey_is_pending (const char *path);

/**
 * mere_vault_rekey_resume:
 *
 * Goes on with what was cut off, where @passphrase is the one that it was begun with; otherwise, and where nothing was cut off, it
 * does nothing. Where the vault was written to in the meantime, it begins anew.
 */
gboolean mere_vault_rekey_resume (const char       *path,
                                  const MereSecret *passphrase,
                                  MereVaultProgress progress,
                                  gpointer          data,
                                  GCancellable     *cancellable,
                                  GError          **error);

/**
 * mere_rekey_finish:
 * @path: folder of a vault, which the caller has locked
 *
 * Puts the new database and keys in place, if they are complete. Every opening begins with this.
 */
gboolean mere_rekey_finish (const char *path, GError **error);

/* Takes away what is not complete. */
void mere_rekey_discard (const char *path);

G_END_DECLS
