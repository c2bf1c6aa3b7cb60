/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/content-file.h"
#include "app/vault/secret.h"
#include "app/vault/vfs.h"

G_BEGIN_DECLS

/**
 * MereWreck:
 *
 * The database of a damaged vault, page by page, below SQLite: the newest copy of each page that opens, from the log or from the
 * database. Nothing is written. Where the page table does not open, a page counts that opens by itself; it is genuine, but whether it
 * is the newest nobody can say then. A log that is not of this database's time is left out; where frames of it do not open, the later
 * ones count. Pages count from 1. One thread at a time.
 */
typedef struct _MereWreck MereWreck;

#define MERE_WRECK_PAGE 4096

typedef enum {
  MERE_WRECK_BLANK,     /* was never written */
  MERE_WRECK_OPENS,     /* and is the newest */
  MERE_WRECK_UNCHECKED, /* opens, and may be of an earlier time */
  MERE_WRECK_DAMAGED,
} MereWreckState;

/**
 * mere_wreck_open:
 * @path: folder of a vault that nobody has open
 * @passphrase: one that opens its keys
 * @error: return location, domain %MERE_VAULT_ERROR
 *
 * Fails only where the keys do not open, or there is no database. Holds the folder as an open vault does. Costs a key derivation.
 */
MereWreck *mere_wreck_open (const char *path, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_wreck_open_database:
 * @vfs: a VFS of ours of which no connection is open; stays as it is made by this: lenient
 * @path: of the database
 *
 * Returns: (transfer full): an open wreck, or %NULL where the file cannot be read
 */
MereWreck *mere_wreck_open_database (const char *vfs, const char *path) G_GNUC_WARN_UNUSED_RESULT;
void       mere_wreck_close (MereWreck *self);

guint32        mere_wreck_get_pages (MereWreck *self);
MereWreckState mere_wreck_read (MereWreck *self, guint32 number, guint8 page[MERE_WRECK_PAGE]); /* zeros unless it opens */

/* (transfer none) (nullable): what is attached; %NULL for a database without its folder. */
MereContentFile *mere_wreck_get_content (MereWreck *self);

/* Frames of the log that were committed and do not open: what they changed may be there as it was before. */
guint mere_wreck_get_lost_frames (MereWreck *self);

/* (transfer full) (nullable): what was met last, as part of a sentence. */
char *mere_wreck_dup_damage (MereWreck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereWreck, mere_wreck_close)

G_END_DECLS
