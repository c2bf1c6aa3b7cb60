/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* Whole pieces of attachments in the vault's content file (app/vault/content-file.h); a store that lies in no vault has none. The
 * database says which blocks count. One that is no longer named is emptied once that is durable, and used again only then.
 * For attachment.c and store.c. */

gboolean mere_block_is_kept (MereStore *store); /* whether the store has such a file */

/**
 * mere_block_write:
 * @attachment: row of the attachment
 * @number: of the piece
 * @bytes: %MERE_BLOCK_SIZE of them
 *
 * Writes the piece into a block that nobody has. Counts when the transaction around it is committed.
 */
gboolean mere_block_write (MereStore *store, gint64 attachment, gint64 number, const guint8 *bytes, GError **error);

/**
 * mere_block_read:
 * @error: return location; %MERE_VAULT_ERROR_DAMAGED comes as %MERE_STORE_ERROR_DAMAGED
 *
 * Returns: (transfer full) (nullable): the piece; %NULL without an error where it lies in no block
 */
GBytes *mere_block_read (MereStore *store, gint64 attachment, gint64 number, GError **error);

/* Before a commit: what it will name is on the disk. */
gboolean mere_block_sync (MereStore *store, GError **error);

/* After a commit: empties what is no longer named. What fails is tried again by the next one. */
gboolean mere_block_settle (MereStore *store, GError **error);

/* When the store is opened: settles, and cuts off what a crash has left behind the last block. */
gboolean mere_block_tidy (MereStore *store, GError **error);

G_END_DECLS
