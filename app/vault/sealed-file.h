/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vault.h"

G_BEGIN_DECLS

/**
 * MereSealedFile:
 *
 * A database page by page, under SQLite: for copying all of it as it is. Pages count from 1. Errors: domain %MERE_VAULT_ERROR.
 */
typedef struct _MereSealedFile MereSealedFile;

#define MERE_SEALED_PAGE 4096

/**
 * mere_sealed_file_open:
 * @path: a vault.db that no connection has open; an empty file is a new one
 * @data_key: what it is sealed under
 * @id: of the vault, 32 hex digits
 */
MereSealedFile *mere_sealed_file_open (const char       *path,
                                       const MereSecret *data_key,
                                       const char       *id,
                                       GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* That of an open vault; for reading what is not in the log. Valid as long as the vault is open. */
MereSealedFile *mere_sealed_file_new_for_vault (MereVault *vault) G_GNUC_WARN_UNUSED_RESULT;
void            mere_sealed_file_close (MereSealedFile *self); /* durable is what was synced */

guint32  mere_sealed_file_get_pages (MereSealedFile *self);
gboolean mere_sealed_file_has (MereSealedFile *self, guint32 number); /* whether it is there, opens, and is not all zeros */
gboolean mere_sealed_file_read (MereSealedFile *self, guint32 number, guint8 page[MERE_SEALED_PAGE], GError **error);
gboolean mere_sealed_file_write (MereSealedFile *self, guint32 number, const guint8 page[MERE_SEALED_PAGE], GError **error);
gboolean mere_sealed_file_sync (MereSealedFile *self, GError **error);

/* Drops the database in @folder from the cache: what is read next comes from the medium. */
void mere_sealed_file_forget_cached (const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSealedFile, mere_sealed_file_close)

G_END_DECLS
