/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "edits.h"

#include <sodium.h>

#include "app/vault/vfs-private.h"
#include "tests/app/vault/disk.h"

#define EDIT 12
#define MOST_EDITS 32
#define HEADER (52 + MERE_SEAL_BYTES) /* docs/formats.md, "vault.db-wal" */
#define LABEL (36 + MERE_SEAL_BYTES)
#define FRAME (LABEL + MERE_PAGE_SIZE)

enum {
  DATABASE_FILE,
  LOG_FILE,
  TABLE_FILE,
  N_FILES,
};

/* A sealed message in one of the files. */
typedef struct
{
  guint8 *bytes;
  gsize   text; /* bytes of it */
  guint   key;
  guint8  ad[MERE_VFS_ID + 8 + 4 + MERE_SEAL_TAG];
  gsize   ad_size;
} Sealed;

static const char *const names[N_FILES] = { MERE_FUZZ_DATABASE, MERE_FUZZ_DATABASE "-wal", MERE_FUZZ_DATABASE "-pages" };
static const guint8      data_key[MERE_VFS_KEY] = "of nothing: what lies behind it ";
static guint8            keys[MERE_N_KEYS][MERE_SEAL_KEY];

sqlite3 *
mere_fuzz_open (int *status)
{
  sqlite3 *database;

  *status = sqlite3_open_v2 (MERE_FUZZ_DATABASE, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, MERE_FUZZ_VFS);
  if (*status == SQLITE_OK)
    *status = mere_vfs_prepare (database);
  return database;
}

MereTestDisk *
mere_fuzz_make (const char *sql)
{
  MereTestDisk *disk, *copy;
  sqlite3      *database;
  int           status;

  if (sodium_init () < 0)
    return NULL;
  mere_test_disk_register ();
  mere_subkey_derive (keys[MERE_KEY_PAGES], data_key, MERE_SUBKEY_PAGES);
  mere_subkey_derive (keys[MERE_KEY_WAL], data_key, MERE_SUBKEY_WAL);
  mere_subkey_derive (keys[MERE_KEY_TABLE], data_key, MERE_SUBKEY_TABLE);
  disk = mere_test_disk_new ();
  mere_test_disk_use (disk);
  mere_fuzz_register ();
  database = mere_fuzz_open (&status);
  g_assert_cmpint (status, ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  copy = mere_test_disk_copy (disk);
  sqlite3_close (database);
  mere_vfs_unregister (MERE_FUZZ_VFS);
  mere_test_disk_free (disk);
  return copy;
}

void
mere_fuzz_register (void)
{
  g_assert_cmpint (mere_vfs_register (MERE_FUZZ_VFS, MERE_TEST_DISK, data_key, NULL), ==, SQLITE_OK);
}

static gboolean
is_inside (GByteArray *file, gsize at, gsize size)
{
  return at <= file->len && file->len - at >= size;
}

/* A page of the database, or a place of the page table. */
static gboolean
find_block (GByteArray *file, guint which, guint key, Sealed *sealed)
{
  gsize at = (gsize) which * MERE_PAGE_SIZE;

  if (!is_inside (file, at, MERE_PAGE_SIZE))
    return FALSE;
  *sealed = (Sealed){ file->data + at, MERE_PAGE_TEXT, key, { 0 }, MERE_VFS_ID + 4 };
  mere_put_u32 (sealed->ad + MERE_VFS_ID, key == MERE_KEY_PAGES ? which + 1 : which / 2);
  return TRUE;
}

static gboolean
open_text (const Sealed *sealed, guint8 *text)
{
  const guint8 *trailer = sealed->bytes + sealed->text;

  return crypto_aead_xchacha20poly1305_ietf_decrypt_detached (text, NULL, sealed->bytes, sealed->text, trailer + MERE_SEAL_NONCE,
                                                              sealed->ad, sealed->ad_size, trailer, keys[sealed->key]) == 0;
}

/* The two headers, then a label and a page for each frame. */
static gboolean
find_in_log (GByteArray *file, guint which, Sealed *sealed)
{
  Sealed header = { file->data, HEADER - MERE_SEAL_BYTES, MERE_KEY_WAL, { 0 }, MERE_VFS_ID };
  guint8 text[HEADER], label_text[LABEL];
  guint  frame = which < 2 ? 0 : which / 2;
  gsize  at = 2 * HEADER + (gsize) (frame - 1) * FRAME;

  if (!is_inside (file, 0, 2 * HEADER))
    return FALSE;
  *sealed = header;
  sealed->bytes += which < 2 ? which * HEADER : 0;
  if (which < 2)
    return TRUE;
  if (!is_inside (file, at, FRAME) || !open_text (&header, text))
    return FALSE;
  *sealed = (Sealed){ file->data + at, LABEL - MERE_SEAL_BYTES, MERE_KEY_WAL, { 0 }, MERE_VFS_ID + 8 + 4 + MERE_SEAL_TAG };
  memcpy (sealed->ad + MERE_VFS_ID, text + 16, 8);
  mere_put_u32 (sealed->ad + MERE_VFS_ID + 8, frame);
  memcpy (sealed->ad + MERE_VFS_ID + 12, file->data + (frame == 1 ? HEADER : at - MERE_PAGE_SIZE) - MERE_SEAL_TAG, MERE_SEAL_TAG);
  if (which % 2 == 0)
    return TRUE;
  if (!open_text (sealed, label_text))
    return FALSE;
  *sealed = (Sealed){ file->data + at + LABEL, MERE_PAGE_TEXT, MERE_KEY_PAGES, { 0 }, MERE_VFS_ID + 4 };
  memcpy (sealed->ad + MERE_VFS_ID, label_text, 4);
  return TRUE;
}

static gboolean
find_sealed (GByteArray *file, guint kind, guint which, Sealed *sealed)
{
  if (kind == LOG_FILE)
    return find_in_log (file, which, sealed);
  return find_block (file, which, kind == DATABASE_FILE ? MERE_KEY_PAGES : MERE_KEY_TABLE, sealed);
}

/* Under the same nonce, so that whoever knows its version still takes it. */
static void
change_text (GByteArray *file, guint kind, guint which, guint32 at, guint32 value)
{
  guint8  text[MERE_PAGE_SIZE];
  Sealed  sealed;
  guint8 *trailer;

  if (!find_sealed (file, kind, which, &sealed) || !open_text (&sealed, text))
    return;
  mere_put_u32 (text + at % (sealed.text - 3), value);
  trailer = sealed.bytes + sealed.text;
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (sealed.bytes, trailer + MERE_SEAL_NONCE, NULL, text, sealed.text, sealed.ad,
                                                       sealed.ad_size, NULL, trailer, keys[sealed.key]);
}

static void
copy_block (GByteArray *file, guint from, guint to)
{
  if (is_inside (file, (gsize) from * MERE_PAGE_SIZE, MERE_PAGE_SIZE) && is_inside (file, (gsize) to * MERE_PAGE_SIZE, MERE_PAGE_SIZE))
    memmove (file->data + (gsize) to * MERE_PAGE_SIZE, file->data + (gsize) from * MERE_PAGE_SIZE, MERE_PAGE_SIZE);
}

static void
edit (MereTestDisk *disk, const guint8 *how)
{
  guint       kind = how[1] % N_FILES, which = (guint) how[2] << 8 | how[3];
  guint32     at = mere_get_u32 (how + 4), value = mere_get_u32 (how + 8);
  GByteArray *file = mere_test_disk_get_bytes (disk, names[kind]);

  if (file == NULL || file->len == 0)
    return;
  switch (how[0] % 4)
    {
    case 0:
      file->data[at % file->len] ^= (guint8) value;
      break;
    case 1:
      g_byte_array_set_size (file, at % file->len);
      break;
    case 2:
      copy_block (file, which, at % (file->len / MERE_PAGE_SIZE + 1));
      break;
    default:
      change_text (file, kind, which, at, value);
      break;
    }
}

void
mere_fuzz_edit (MereTestDisk *disk, const guint8 *data, gsize size)
{
  for (gsize i = 0; i < MIN (size / EDIT, MOST_EDITS); i++)
    edit (disk, data + i * EDIT);
}
