/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdlib.h>
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
  MERE_SUBKEY_CONTENT = 5,
} MereSubkey;

/* Those that a connection's cipher has, by their number in it. */
enum {
  MERE_KEY_PAGES,
  MERE_KEY_WAL,
  MERE_KEY_TABLE,
  MERE_N_KEYS,
};

void mere_subkey_derive (guint8 out[MERE_SEAL_KEY], const guint8 *key, MereSubkey subkey);

typedef struct
{
  sqlite3_vfs   base;
  sqlite3_vfs  *below;
  guint8        id[MERE_VFS_ID];
  guint8       *keys;   /* MERE_N_KEYS subkeys, locked */
  gpointer      cipher; /* one that no connection uses; NULL: none */
  MereVfsDamage damage;
  gboolean      lenient; /* for wreck.c alone: reads what opens by itself where the page table cannot say whether it is the newest */
} MereVfs;

/* A cipher with the VFS's keys, of one connection's own. Locked memory and libcrypto's state cost more than what opening has to
 * read, so one of them is kept for the next. */
MerePageCipher *mere_vfs_take_cipher (MereVfs *self);
void            mere_vfs_give_cipher (MereVfs *self, MerePageCipher *cipher);

/* Notes what is damaged. Returns: SQLITE_IOERR_DATA */
int mere_vfs_damaged (MereVfs *self, MereVfsDamageKind kind, guint32 number);

/* Space that not every opening needs, taken at its first use. */
static inline gboolean
mere_buffer (guint8 **buffer, gsize size)
{
  if (*buffer == NULL)
    *buffer = malloc (size);
  return *buffer != NULL;
}

/* Whether the end of a page that SQLite leaves to us is as it has to be: zeros. */
static inline gboolean
mere_end_is_blank (const guint8 *page)
{
  guint64 words[MERE_SEAL_BYTES / 8];

  memcpy (words, page + MERE_PAGE_TEXT, sizeof words);
  return (words[0] | words[1] | words[2] | words[3] | words[4]) == 0;
}

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
