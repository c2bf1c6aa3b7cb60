/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of a vault by somebody who writes them: a small vault with its log still there, changed as the input says, opened, read,
 * written to. An edit is 12 bytes: what to do, where, and a number. Bytes are changed as they lie; files are cut; blocks are copied;
 * and, what no stranger could do, texts are changed under their seal, so that what is read behind it is reached. */

#include "config.h"

#include <sodium.h>

#include "app/vault/vfs-private.h"
#include "fuzz.h"
#include "tests/app/vault/disk.h"

#define VFS "fuzzed"
#define DATABASE "utopia.db"
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

static const char *const names[N_FILES] = { DATABASE, DATABASE "-wal", DATABASE "-pages" };
static const guint8      data_key[MERE_VFS_KEY] = "of nothing: what lies behind it ";
static guint8            keys[MERE_N_KEYS][MERE_SEAL_KEY];
static MereTestDisk     *whole;

static sqlite3 *
open_sealed (int *status)
{
  sqlite3 *database;

  *status = sqlite3_open_v2 (DATABASE, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, VFS);
  if (*status == SQLITE_OK)
    *status = mere_vfs_prepare (database);
  return database;
}

/* A state as a killed process leaves it: pages in the database, more in its log. */
static MereTestDisk *
make_whole (void)
{
  MereTestDisk *disk = mere_test_disk_new (), *copy;
  sqlite3      *database;
  int           status;

  mere_test_disk_use (disk);
  g_assert_cmpint (mere_vfs_register (VFS, MERE_TEST_DISK, data_key, NULL), ==, SQLITE_OK);
  database = open_sealed (&status);
  g_assert_cmpint (status, ==, SQLITE_OK);
  status = sqlite3_exec (database,
                         "CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX by_text ON answers (text);"
                         "INSERT INTO answers VALUES (1, hex (zeroblob (9000))), (2, 'Utopia'); PRAGMA wal_checkpoint;"
                         "UPDATE answers SET text = 'UTO' WHERE id = 2; INSERT INTO answers VALUES (3, hex (zeroblob (3000)))",
                         NULL, NULL, NULL);
  g_assert_cmpint (status, ==, SQLITE_OK);
  copy = mere_test_disk_copy (disk);
  sqlite3_close (database);
  mere_vfs_unregister (VFS);
  mere_test_disk_free (disk);
  return copy;
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  if (sodium_init () < 0)
    return 1;
  mere_test_disk_register ();
  mere_subkey_derive (keys[MERE_KEY_PAGES], data_key, MERE_SUBKEY_PAGES);
  mere_subkey_derive (keys[MERE_KEY_WAL], data_key, MERE_SUBKEY_WAL);
  mere_subkey_derive (keys[MERE_KEY_TABLE], data_key, MERE_SUBKEY_TABLE);
  whole = make_whole ();
  return 0;
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

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_copy (whole);
  sqlite3 *database;
  int      status;

  for (size_t i = 0; i < MIN (size / EDIT, MOST_EDITS); i++)
    edit (disk, data + i * EDIT);
  mere_test_disk_use (disk);
  g_assert_cmpint (mere_vfs_register (VFS, MERE_TEST_DISK, data_key, NULL), ==, SQLITE_OK);
  database = open_sealed (&status);
  if (status == SQLITE_OK)
    {
      sqlite3_exec (database, "SELECT sum (length (text)) FROM answers; PRAGMA integrity_check", NULL, NULL, NULL);
      sqlite3_exec (database, "INSERT INTO answers (text) VALUES (hex (zeroblob (5000))); DELETE FROM answers WHERE id = 1", NULL, NULL, NULL);
      sqlite3_exec (database, "PRAGMA wal_checkpoint; VACUUM", NULL, NULL, NULL);
    }
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  g_assert_cmpint (mere_vfs_unregister (VFS), ==, SQLITE_OK);
  return 0;
}
