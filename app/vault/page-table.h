/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vfs-private.h"

G_BEGIN_DECLS

/**
 * MerePageTable:
 *
 * Which version of each page is the newest: the first eight bytes of its nonce, which is random for each write. Kept in two
 * files beside the database, `NAME-pages1` and `NAME-pages2`, of which the one with the higher epoch counts. A file is
 * a chain of sealed records: a full table, then what each checkpoint changed. It is stored after the database was synced
 * and before the WAL is started over, so at any crash each page either agrees with it or has a newer copy in the WAL.
 */
typedef struct _MerePageTable MerePageTable;

#define MERE_ROOT 16 /* bytes that name one state of the table; random, so that two forks of a vault differ */

int  mere_page_table_open (MereVfs *vfs, const char *database, MerePageTable **self);
void mere_page_table_close (MerePageTable *self);

/* Zeros: never written. */
const guint8 *mere_page_table_get (MerePageTable *self, guint32 page);
int           mere_page_table_set (MerePageTable *self, guint32 page, const guint8 *version);
void          mere_page_table_truncate (MerePageTable *self, guint32 pages);
guint32       mere_page_table_get_size (MerePageTable *self);
gboolean      mere_page_table_is_fresh (MerePageTable *self); /* nothing was ever stored */

/* Writes what changed since the last time, if anything did. */
int mere_page_table_store (MerePageTable *self, int sync_flags);

/* The state that a new WAL builds on; and the WAL that the last checkpoint drew from, which is known by the state that it
 * builds on, with the number of its frames that are in the database now. */
const guint8 *mere_page_table_get_root (MerePageTable *self);
void          mere_page_table_set_source (MerePageTable *self, const guint8 *root, guint32 frames);
gboolean      mere_page_table_takes_source (MerePageTable *self, const guint8 *root, guint32 *frames);

/* A checkpoint passes pages from the log to the database sealed as they are: the log says which is on its way, the database
 * takes no other. */
void     mere_page_table_pass (MerePageTable *self, guint32 page, const guint8 *trailer);
gboolean mere_page_table_is_passed (MerePageTable *self, guint32 page, const guint8 *trailer);

G_END_DECLS
