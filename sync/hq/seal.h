/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* Headquarters' secret keys in a database that is not encrypted itself: each is sealed with a random key, and that one under
 * the passphrase. In a vault, whose pages are sealed, they lie as they are. Format: docs/formats-store.md, "Seal". */

/**
 * mere_seal_make:
 * @passphrase: what is to open it
 * @error: return location, domain %MERE_STORE_ERROR (CONFLICT where there is one), %MERE_VAULT_ERROR (too weak)
 *
 * Makes the key of a new headquarters and gives it to @store. Costs one key derivation: Argon2id, 256 MiB.
 */
gboolean mere_seal_make (MereStore *store, const MereSecret *passphrase, GError **error);

/**
 * mere_seal_open:
 * @error: return location, domain %MERE_STORE_ERROR (NOT_FOUND, DAMAGED), %MERE_VAULT_ERROR (PASSPHRASE)
 *
 * Opens the key with the passphrase and gives it to @store.
 */
gboolean mere_seal_open (MereStore *store, const MereSecret *passphrase, GError **error);

#define MERE_KEYRING_OLD_BOX "old-box" /* @use of the secrets in hq_old_key; of hq_key it is what the row says */

/* A secret as it is to be kept, and back. @use is bound to it. Without a seal, in a vault, it is the secret itself. */
GBytes     *mere_seal_close_secret (MereStore *store, const char *use, const MereSecret *secret, GError **error);
MereSecret *mere_seal_open_secret (MereStore *store, const char *use, const void *data, gsize size, GError **error);

G_END_DECLS
