/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* An encrypting VFS for SQLite, usable by any program with a key and nothing else of the app:
 *
 *     mere_vfs_register ("sealed", NULL, key, NULL);
 *     sqlite3_open_v2 ("some.db", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "sealed");
 *     mere_vfs_prepare (db);                      // exclusive, WAL, nothing temporary on the disk
 *     ...
 *     sqlite3_close (db);
 *     mere_vfs_unregister ("sealed");
 *
 * Every page, WAL frame and header lies sealed on the disk (XChaCha20-Poly1305). A page or a frame that was changed, moved,
 * taken from elsewhere or put back from an earlier time is noticed: the statement that meets it fails with
 * SQLITE_IOERR_DATA, and mere_vfs_get_damage() names it. Page size 4096, 40 bytes of each page reserved; SQLite learns both
 * from the VFS, so a program need not set them.
 *
 * Rollback journals and temporary files are refused (SQLITE_CANTOPEN), so that nothing reaches the disk in the clear; there
 * is no shared memory, so WAL needs `locking_mode=EXCLUSIVE`: one connection at a time. Format: docs/formats.md, "Vault". */

#define MERE_VFS_KEY 32 /* bytes of a data key */
#define MERE_VFS_ID 16  /* bytes of a vault's id */

typedef enum {
  MERE_VFS_DAMAGE_NONE,
  MERE_VFS_DAMAGE_PAGE,       /* page @number does not open */
  MERE_VFS_DAMAGE_PAGE_OLD,   /* page @number is genuine, but of an earlier time */
  MERE_VFS_DAMAGE_SHORT,      /* the database ends before page @number */
  MERE_VFS_DAMAGE_TABLE,      /* the page table is gone or does not open */
  MERE_VFS_DAMAGE_WAL_HEADER, /* the WAL's header does not open */
  MERE_VFS_DAMAGE_WAL_OTHER,  /* the WAL is of another time */
  MERE_VFS_DAMAGE_FRAME,      /* WAL frame @number does not open, and it was committed */
} MereVfsDamageKind;

typedef struct
{
  MereVfsDamageKind kind;
  guint32           number; /* page or frame, from 1; 0 where it has none */
} MereVfsDamage;

/**
 * mere_vfs_register:
 * @name: what to give to sqlite3_open_v2(); copied
 * @below: (nullable): name of the VFS that reads and writes, or %NULL for the default one
 * @key: (array fixed-size=32): data key; copied into locked memory, so the caller may wipe its own
 * @id: (array fixed-size=16) (nullable): bound into everything sealed; %NULL for zeros
 *
 * Returns: %SQLITE_OK, %SQLITE_NOMEM, or %SQLITE_ERROR if @below is unknown or @name is taken
 */
int mere_vfs_register (const char *name, const char *below, const guint8 *key, const guint8 *id);

/**
 * mere_vfs_unregister:
 * @name: a VFS of ours whose connections are closed
 *
 * Forgets the VFS and wipes its keys.
 */
int mere_vfs_unregister (const char *name);

/**
 * mere_vfs_prepare:
 * @database: a connection just opened over a VFS of ours
 *
 * Sets what the VFS needs and what a vault promises: `locking_mode=EXCLUSIVE`, `temp_store=MEMORY`, `journal_mode=WAL`,
 * `synchronous=FULL`, `secure_delete=ON`. Reads the WAL that a crash has left.
 *
 * Returns: %SQLITE_OK, %SQLITE_BUSY if another connection has it, or what SQLite met
 */
int mere_vfs_prepare (sqlite3 *database);

/**
 * mere_vfs_get_damage:
 * @name: a VFS of ours
 * @damage: (out): the newest damage met through it
 *
 * Returns: whether any was met
 */
gboolean mere_vfs_get_damage (const char *name, MereVfsDamage *damage);

G_END_DECLS
