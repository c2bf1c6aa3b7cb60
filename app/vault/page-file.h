/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/page-table.h"

G_BEGIN_DECLS

/**
 * MerePageFile:
 *
 * The database file: each page sealed in its place, 4056 bytes of ciphertext, nonce, tag. Associated data: vault id and page
 * number. Reads are checked against the page table; writes go there. The arguments are those of SQLite's methods.
 */
typedef struct _MerePageFile MerePageFile;

int  mere_page_file_open (MereVfs *vfs, sqlite3_file *below, const char *name, MerePageFile **self);
void mere_page_file_close (MerePageFile *self);

int mere_page_file_read (MerePageFile *self, guint8 *to, int size, gint64 offset);
int mere_page_file_write (MerePageFile *self, const guint8 *from, int size, gint64 offset);
int mere_page_file_truncate (MerePageFile *self, gint64 size);
int mere_page_file_sync (MerePageFile *self, int flags);
int mere_page_file_size (MerePageFile *self, sqlite3_int64 *size);

/* Between the two, SQLite copies pages from the WAL in the order of their numbers; neighbours are written at once. */
void mere_page_file_begin_checkpoint (MerePageFile *self);
void mere_page_file_end_checkpoint (MerePageFile *self);

/* Of a lenient VFS: whether the page that was read last opened, and the table could not say that it is the newest. */
gboolean mere_page_file_is_unchecked (MerePageFile *self);

/* Borrowed, for the log. */
MerePageTable  *mere_page_file_get_table (MerePageFile *self);
MerePageCipher *mere_page_file_get_cipher (MerePageFile *self);

G_END_DECLS
