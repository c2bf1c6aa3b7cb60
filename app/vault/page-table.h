/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/vfs-private.h"

G_BEGIN_DECLS

/**
 * MerePageTable:
 *
 * Which version of each page is the newest: the first eight bytes of its nonce, which is random for each write. Kept in a file
 * beside the database, `NAME-pages`, as a tree of three levels of sealed nodes: leaves hold the versions of pages, middle nodes
 * those of leaves, the root those of middle nodes. Each node has two places of which one counts, so that a new state never
 * lies over the one before; writing the root ends it. Nodes are read when they are first asked for.
 *
 * It is stored after the database was synced and before the WAL is started over, so at any crash each page either agrees with it
 * or has a newer copy in the WAL.
 */
typedef struct _MerePageTable MerePageTable;

#define MERE_ROOT 16 /* bytes that name one state of the table; random, so that two forks of a vault differ */

/* @cipher: borrowed, with the VFS's keys */
int  mere_page_table_open (MereVfs *vfs, const char *database, MerePageCipher *cipher, MerePageTable **self);
void mere_page_table_close (MerePageTable *self);

/* @version: zeros: never written; borrowed until the table is changed */
int      mere_page_table_get (MerePageTable *self, guint32 page, const guint8 **version);
int      mere_page_table_set (MerePageTable *self, guint32 page, const guint8 *version);
int      mere_page_table_truncate (MerePageTable *self, guint32 pages);
guint32  mere_page_table_get_size (MerePageTable *self);
gboolean mere_page_table_is_fresh (MerePageTable *self); /* nothing was ever stored */

/* Whether a newer state than this one may have been stored: a place of the root holds something that does not open, or neither
 * opens. After a crash that is as it should be; a lenient VFS cannot tell that from damage. */
gboolean mere_page_table_is_doubtful (MerePageTable *self);

/* Writes what changed since the last time, if anything did: a node for each leaf that has changed, the nodes above, the root. */
int mere_page_table_store (MerePageTable *self, int sync_flags);

/* The state that a new WAL builds on; and the WAL that the last checkpoint drew from, which is known by the state that it
 * builds on, with the number of its frames that are in the database now. */
const guint8 *mere_page_table_get_root (MerePageTable *self);
void          mere_page_table_set_source (MerePageTable *self, const guint8 *root, guint32 frames);
gboolean      mere_page_table_takes_source (MerePageTable *self, const guint8 *root, guint32 *frames);

/* Whether what pages hold in their gaps may be cleared (page-gap.h): not before the database's first page was seen, opened. */
void     mere_page_table_see_first_page (MerePageTable *self, const guint8 *page);
gboolean mere_page_table_clears_gaps (MerePageTable *self);

/* A checkpoint passes pages from the log to the database sealed as they are: the log says which is on its way, the database
 * takes no other. */
void     mere_page_table_pass (MerePageTable *self, guint32 page, const guint8 *trailer);
gboolean mere_page_table_is_passed (MerePageTable *self, guint32 page, const guint8 *trailer);

G_END_DECLS
