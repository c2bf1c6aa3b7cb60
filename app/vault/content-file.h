/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "app/vault/secret.h"

G_BEGIN_DECLS

#define MERE_BLOCK_SIZE (256 * 1024) /* bytes of content in a block */

/**
 * MereContentFile:
 *
 * `vault.db-content`: the bulk of what is attached, in blocks of one size, each sealed in its place. What is written here is written
 * once, where the database would write it to its log and then to its pages. Which blocks count, and which version of each, only
 * the database knows: a block that no row names means nothing, so one is written and synced before the row that names it is
 * committed. Blocks count from 1. Format: docs/formats.md, "vault.db-content".
 *
 * Any thread may use it; calls wait for each other. Errors: domain %MERE_VAULT_ERROR.
 */
typedef struct _MereContentFile MereContentFile;

/**
 * mere_content_file_new:
 * @folder: that the file lies in; it is made by the first writing
 * @data_key: of the vault; its subkey is kept
 * @id: of the vault, 16 bytes
 */
MereContentFile *mere_content_file_new (const char *folder, const MereSecret *data_key, const guint8 *id) G_GNUC_WARN_UNUSED_RESULT;
void             mere_content_file_free (MereContentFile *self); /* durable is what was synced */

/**
 * mere_content_file_write:
 * @content: %MERE_BLOCK_SIZE bytes
 *
 * Returns: (out): in @version, what tells this content of the block from any that was there before
 */
gboolean mere_content_file_write (MereContentFile *self, guint32 block, const guint8 *content, gint64 *version, GError **error);

/* The same with a version that is given: for a copy, whose rows are those of the first. */
gboolean mere_content_file_write_version (MereContentFile *self,
                                          guint32          block,
                                          const guint8    *content,
                                          gint64           version,
                                          GError         **error);

/**
 * mere_content_file_read:
 * @version: that it has to be of
 * @content: (out caller-allocates): %MERE_BLOCK_SIZE bytes; zeros on failure
 * @error: return location, %MERE_VAULT_ERROR_DAMAGED where it does not open, or is of another time
 */
gboolean mere_content_file_read (MereContentFile *self, guint32 block, gint64 version, guint8 *content, GError **error);

/* What was written is on the disk. Costs nothing where nothing was written since. */
gboolean mere_content_file_sync (MereContentFile *self, GError **error);

/* Whether something was written that was not synced yet. */
gboolean mere_content_file_is_dirty (MereContentFile *self);

/**
 * mere_content_file_empty:
 *
 * Gives a block's room back to the file system, or, where that has no such call, overwrites what opens it.
 */
gboolean mere_content_file_empty (MereContentFile *self, guint32 block, GError **error);

/* Cuts off what lies behind block @last. */
gboolean mere_content_file_cut (MereContentFile *self, guint32 last, GError **error);

/**
 * mere_content_file_hold:
 *
 * While it is held, nobody should empty or cut: somebody reads blocks whose rows may be gone meanwhile. mere_content_file_is_held() tells.
 */
void     mere_content_file_hold (MereContentFile *self);
void     mere_content_file_release (MereContentFile *self);
gboolean mere_content_file_is_held (MereContentFile *self);

/* Drops the file from the cache: what is read next comes from the medium. */
void mere_content_file_forget_cached (MereContentFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereContentFile, mere_content_file_free)

G_END_DECLS
