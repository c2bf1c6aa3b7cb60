/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/page-table.h"

G_BEGIN_DECLS

/**
 * MereWal:
 *
 * The write-ahead log. SQLite sees a header of 32 bytes and frames of 24+4096; on the disk the header lies sealed in one
 * of two places of 92 bytes, so that a torn one leaves the one before; each frame in 76 bytes (its header) and 4096 (its
 * page). The headers form a chain: each one's associated data holds the tag of the one before, and each holds the version of
 * its page, so that no frame can be taken out of its history. The arguments are those of SQLite's methods, offsets are
 * SQLite's.
 *
 * A frame that does not open reads as zeros, which ends SQLite's recovery as with any torn write, unless it is known that
 * the frame had been committed and synced: then it is damage.
 */
typedef struct _MereWal MereWal;

int mere_wal_open (MereVfs *vfs, sqlite3_file *below, MerePageCipher *cipher, MerePageTable *table, MereWal **self);
int mere_wal_close (MereWal *self);

int mere_wal_read (MereWal *self, guint8 *to, int size, gint64 offset);
int mere_wal_write (MereWal *self, const guint8 *from, int size, gint64 offset);
int mere_wal_truncate (MereWal *self, gint64 size);
int mere_wal_sync (MereWal *self, int flags);
int mere_wal_size (MereWal *self, sqlite3_int64 *size);

/* Of a lenient VFS: whether nobody can say that this log is of the database's time. */
gboolean mere_wal_is_unchecked (MereWal *self);

/* While a checkpoint goes on, the frames it reads are noted in the page table. */
void mere_wal_begin_checkpoint (MereWal *self);
void mere_wal_end_checkpoint (MereWal *self);

G_END_DECLS
