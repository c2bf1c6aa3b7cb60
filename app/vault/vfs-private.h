/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "app/vault/page-cipher.h"
#include "app/vault/vfs.h"

G_BEGIN_DECLS

/* What the parts of the VFS share. */

#define MERE_PAGE_SIZE 4096
#define MERE_PAGE_TEXT (MERE_PAGE_SIZE - MERE_SEAL_BYTES) /* bytes of a page that SQLite uses */
#define MERE_VERSION 8                                    /* bytes of a nonce that tell one version of a page from another */
#define MERE_RUN 16                                       /* pages or frames written at once */
#define MERE_WAL_HEADER 32                                /* SQLite's */
#define MERE_WAL_FRAME 24                                 /* SQLite's, before each page */

/* Subkeys of the data key, by crypto_kdf: docs/formats.md. */
typedef enum {
  MERE_SUBKEY_PAGES = 1,
  MERE_SUBKEY_WAL = 2,
  MERE_SUBKEY_TABLE = 3,
  MERE_SUBKEY_SLOTS = 4, /* keys.json */
} MereSubkey;

void mere_subkey_derive (guint8 out[MERE_SEAL_KEY], const guint8 *key, MereSubkey subkey);

typedef struct
{
  sqlite3_vfs   base;
  sqlite3_vfs  *below;
  guint8        id[MERE_VFS_ID];
  guint8       *key; /* locked */
  MereVfsDamage damage;
} MereVfs;

MerePageCipher *mere_vfs_new_cipher (MereVfs *self, MereSubkey subkey);

/* Notes what is damaged. Returns: SQLITE_IOERR_DATA */
int mere_vfs_damaged (MereVfs *self, MereVfsDamageKind kind, guint32 number);

static inline void
mere_put_u32 (guint8 *to, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (to, &value, 4);
}

static inline guint32
mere_get_u32 (const guint8 *from)
{
  guint32 value;

  memcpy (&value, from, 4);
  return GUINT32_FROM_BE (value);
}

static inline void
mere_put_u64 (guint8 *to, guint64 value)
{
  value = GUINT64_TO_BE (value);
  memcpy (to, &value, 8);
}

static inline guint64
mere_get_u64 (const guint8 *from)
{
  guint64 value;

  memcpy (&value, from, 8);
  return GUINT64_FROM_BE (value);
}

/* SQLite's own methods on the file below, without the indirection at each call. */
static inline int
mere_below_read (sqlite3_file *file, void *to, int size, gint64 offset)
{
  return file->pMethods->xRead (file, to, size, offset);
}

static inline int
mere_below_write (sqlite3_file *file, const void *from, int size, gint64 offset)
{
  return file->pMethods->xWrite (file, from, size, offset);
}

static inline int
mere_below_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return file->pMethods->xFileSize (file, size);
}

G_END_DECLS
