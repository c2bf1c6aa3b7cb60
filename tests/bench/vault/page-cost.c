/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/bench/vault/page-cost.h"

#include "app/vault/page-cipher.h"
#include "app/vault/vfs.h"
#include "tests/app/vault/disk.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PAGE 4096
#define TEXT (PAGE - MERE_SEAL_BYTES)
#define AD 20       /* bytes of associated data that a page has */
#define PAGES 1000  /* in the database */
#define TIMES 20000 /* in a round */
#define ROUNDS 15
#define VFS "page-cost"
#define BOUND 1.25 /* of a page, to the bare cipher */

static const guint8 key[MERE_VFS_KEY] = "a key for nothing but measuring";

typedef struct
{
  EVP_CIPHER_CTX *bare;
  OSSL_PARAM      tag[2];
  guint8          tag_bytes[MERE_SEAL_TAG];
  MerePageCipher *cipher[2]; /* by MerePageCipherKind */
  sqlite3_file   *file;
  sqlite3_file   *disk;       /* the same, as it lies on the disk */
  guint8          page[PAGE]; /* TEXT of text, nonce, tag */
  guint8          other[PAGE];
} Bench;

/* Key and nonce, the associated data, the text and the tag: what any use of ChaCha20-Poly1305 has to do. */
static void
bare_seal (Bench *self, guint i)
{
  guint8 iv[12] = { (guint8) i };
  int    done;

  EVP_EncryptInit_ex2 (self->bare, NULL, key, iv, NULL);
  EVP_EncryptUpdate (self->bare, NULL, &done, self->page, AD);
  EVP_EncryptUpdate (self->bare, self->other, &done, self->page, TEXT);
  EVP_EncryptFinal_ex (self->bare, self->other + TEXT, &done);
  EVP_CIPHER_CTX_get_params (self->bare, self->tag);
}

static void
seal_crypto (Bench *self, guint i)
{
  mere_page_cipher_seal (self->cipher[MERE_PAGE_CIPHER_CRYPTO], 0, self->other, self->other + TEXT, self->page, TEXT, key, AD);
}

static void
seal_sodium (Bench *self, guint i)
{
  mere_page_cipher_seal (self->cipher[MERE_PAGE_CIPHER_SODIUM], 0, self->other, self->other + TEXT, self->page, TEXT, key, AD);
}

static void
open_crypto (Bench *self, guint i)
{
  if (!mere_page_cipher_open (self->cipher[MERE_PAGE_CIPHER_CRYPTO], 0, self->page, self->other, TEXT, self->other + TEXT, key, AD))
    g_error ("A page does not open");
}

static void
read_from (Bench *self, sqlite3_file *file, guint i)
{
  gint64 number = (i * 7919) % (PAGES - 1) + 1; /* not page 1 */

  if (file->pMethods->xRead (file, self->page, PAGE, number * PAGE) != SQLITE_OK)
    g_error ("A page does not read");
}

static void
read_page (Bench *self, guint i)
{
  read_from (self, self->file, i);
}

static void
read_disk (Bench *self, guint i)
{
  read_from (self, self->disk, i);
}

static void
write_to (Bench *self, sqlite3_file *file, guint i)
{
  gint64 number = i % (PAGES - 1) + 1;

  if (file->pMethods->xWrite (file, self->other, PAGE, number * PAGE) != SQLITE_OK)
    g_error ("A page is not written");
}

static void
write_page (Bench *self, guint i)
{
  write_to (self, self->file, i);
}

static void
write_disk (Bench *self, guint i)
{
  write_to (self, self->disk, i);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

/* Of this thread: whatever else the machine does has no part in a page. */
static double
processor_time_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

/* Returns: microseconds of one, in the middle round */
static double
measure (Bench *self, void (*work) (Bench *self, guint i))
{
  double rounds_us[ROUNDS];

  for (guint round = 0; round < ROUNDS; round++)
    {
      double start_us = processor_time_us ();

      for (guint i = 0; i < TIMES; i++)
        work (self, i);
      rounds_us[round] = (processor_time_us () - start_us) / TIMES;
    }
  qsort (rounds_us, ROUNDS, sizeof *rounds_us, compare);
  return rounds_us[ROUNDS / 2];
}

static void
print (const char *what, double us, double bare_us)
{
  printf ("%-52s%6.2fx%8.2f us %5.2fx\n", what, BOUND, us, us / bare_us);
}

static sqlite3 *
open_database (Bench *self)
{
  sqlite3_vfs *below = sqlite3_vfs_find (MERE_TEST_DISK);
  sqlite3     *database;

  if (sqlite3_open_v2 ("page-cost.db", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, VFS) != SQLITE_OK ||
      mere_vfs_prepare (database) != SQLITE_OK ||
      sqlite3_exec (database, "CREATE TABLE t AS SELECT 1; PRAGMA wal_checkpoint", NULL, NULL, NULL) != SQLITE_OK)
    g_error ("A database in memory cannot be made");
  sqlite3_file_control (database, "main", SQLITE_FCNTL_FILE_POINTER, &self->file);
  self->disk = g_malloc0 ((gsize) below->szOsFile);
  if (below->xOpen (below, "page-cost.db", self->disk, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    g_error ("The disk is not there");
  return database;
}

static void
print_all (Bench *self)
{
  double bare_us = measure (self, bare_seal), write_us;

  print ("bare ChaCha20-Poly1305 of libcrypto, 4,056 bytes", bare_us, bare_us);
  print ("sealed by ours on libsodium alone", measure (self, seal_sodium), bare_us);
  print ("sealed by ours on libcrypto, with nonce", measure (self, seal_crypto), bare_us);
  print ("opened by ours on libcrypto", measure (self, open_crypto), bare_us);
  memset (self->other, 0, PAGE);
  self->file->pMethods->xFileControl (self->file, SQLITE_FCNTL_CKPT_START, NULL);
  write_us = measure (self, write_page);
  self->file->pMethods->xFileControl (self->file, SQLITE_FCNTL_CKPT_DONE, NULL);
  print ("page read through the VFS, less the disk", measure (self, read_page) - measure (self, read_disk), bare_us);
  print ("page written through the VFS, less the disk", write_us - measure (self, write_disk), bare_us);
}

void
page_cost_print (void)
{
  g_autoptr (MereTestDisk) disk = mere_test_disk_new ();
  Bench    self = { EVP_CIPHER_CTX_new () };
  sqlite3 *database;

  self.tag[0] = OSSL_PARAM_construct_octet_string (OSSL_CIPHER_PARAM_AEAD_TAG, self.tag_bytes, MERE_SEAL_TAG);
  self.tag[1] = OSSL_PARAM_construct_end ();
  mere_test_disk_register ();
  mere_test_disk_use (disk);
  if (mere_vfs_register (VFS, MERE_TEST_DISK, key, NULL) != SQLITE_OK ||
      EVP_EncryptInit_ex2 (self.bare, EVP_chacha20_poly1305 (), NULL, NULL, NULL) != 1)
    g_error ("Nothing to measure");
  for (MerePageCipherKind kind = MERE_PAGE_CIPHER_CRYPTO; kind <= MERE_PAGE_CIPHER_SODIUM; kind++)
    self.cipher[kind] = mere_page_cipher_new (key, 1, kind);
  database = open_database (&self);
  print_all (&self);

  g_free (self.disk);
  sqlite3_close (database);
  mere_vfs_unregister (VFS);
  for (MerePageCipherKind kind = MERE_PAGE_CIPHER_CRYPTO; kind <= MERE_PAGE_CIPHER_SODIUM; kind++)
    mere_page_cipher_free (self.cipher[kind]);
  EVP_CIPHER_CTX_free (self.bare);
}
