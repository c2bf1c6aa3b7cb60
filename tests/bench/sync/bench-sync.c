/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-sync: what packing and reading a bundle costs, as ratios to its peers in the same run: the sum of the primitives
 * that it is made of, one after the other on the same bytes, and tar c | zstd -3 | age -r of the same files, with and without minisign -S. Best of five. */

#include "config.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "sync/age-private.h"
#include "tests/bench/sync/road.h"

#define ROUNDS 5

typedef void (*Work) (gpointer data);

static double
best_of (Work     work,
         gpointer data)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      work (data);
      best = MIN (best, (g_get_monotonic_time () - start) / 1e6);
    }

  return best;
}

typedef struct
{
  Road       *road;
  MereSealed *sealed;
  GByteArray *plain;      /* all contents */
  GByteArray *compressed; /* of plain */
  GByteArray *scratch;
} Bench;

static void
hash (const GByteArray *bytes,
      gsize             size)
{
  guint8 digest[MERE_HASH_SIZE];

  crypto_generichash (digest, size, bytes->data, bytes->len, NULL, 0);
}

static void
hash_plain (gpointer data)
{
  hash (((Bench *) data)->plain, MERE_CONTENT_SIZE);
}

static void
hash_sealed (gpointer data)
{
  hash (((Bench *) data)->compressed, MERE_HASH_SIZE);
}

static void
compress (gpointer data)
{
  Bench *self = data;
  gsize  n = ZSTD_compress (self->scratch->data, self->scratch->len, self->plain->data, self->plain->len, 3);

  g_byte_array_set_size (self->compressed, 0);
  g_byte_array_append (self->compressed, self->scratch->data, n);
}

static void
expand (gpointer data)
{
  Bench *self = data;

  ZSTD_decompress (self->scratch->data, self->scratch->len, self->compressed->data, self->compressed->len);
}

/* Sealing and opening cost the same, chunk by chunk. */
static void
encrypt (gpointer data)
{
  Bench       *self = data;
  const guint8 key[MERE_AGE_FILE_KEY_SIZE] = { 0 };
  g_autoptr (MereAgeCipher) cipher = mere_age_cipher_new (key, key, TRUE);

  for (gsize at = 0; at < self->compressed->len; at += MERE_AGE_CHUNK_SIZE)
    mere_age_cipher_seal (cipher, self->compressed->data + at, MIN (MERE_AGE_CHUNK_SIZE, self->compressed->len - at), FALSE, self->scratch->data);
}

static void
write_out (gpointer data)
{
  Bench           *self = data;
  g_autofree char *path = g_build_filename (self->road->folder, "raw", NULL);
  int              fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  if (!mere_write_to_fd (GINT_TO_POINTER (fd), self->compressed->data, self->compressed->len, NULL) || fsync (fd) != 0)
    g_error ("%s", path);
  close (fd);
}

static void
pack (gpointer data)
{
  Bench *self = data;

  mere_sealed_free (self->sealed);
  self->sealed = road_seal (self->road);
}

static void
read_in (gpointer data)
{
  Bench *self = data;

  road_read (self->road, self->sealed);
}

static void
run_tools (Bench      *self,
           const char *script)
{
  const char *const argv[] = { "sh", "-euc", script, "sh", self->road->recipient, NULL };
  int               status;

  if (!g_spawn_sync (self->road->folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) || status != 0)
    g_error ("tar, zstd, age or minisign failed");
}

static void
pack_with_tools (gpointer data)
{
  run_tools (data, "tar c -C plain . | zstd -3 -q | age -r $1 -o peer.age; sync peer.age");
}

static void
sign_with_tools (gpointer data)
{
  run_tools (data, "minisign -SWm peer.age -s peer.key");
}

static void
prepare (Bench *self)
{
  self->road = road_new ();
  self->plain = g_byte_array_new ();
  self->compressed = g_byte_array_new ();
  self->scratch = g_byte_array_new ();
  for (guint i = 0; i < self->road->contents->len; i++)
    {
      GBytes *content = self->road->contents->pdata[i];

      g_byte_array_append (self->plain, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
    }
  g_byte_array_set_size (self->scratch, ZSTD_compressBound (self->plain->len));
  road_save_files (self->road);
  run_tools (self, "minisign -GW -p peer.pub -s peer.key");
}

static void
report (const char *what,
        double      seconds,
        double      bytes,
        double      ratio,
        const char *peer)
{
  printf ("%-8s %6.0f MB/s   %4.2f x %s\n", what, bytes / seconds / 1e6, ratio, peer);
}

int
main (void)
{
  Bench  bench = { 0 };
  double to_pack, to_read, packing, reading, tools, signing;

  if (sodium_init () < 0)
    return 1;

  prepare (&bench);
  to_pack = best_of (compress, &bench);
  to_pack += best_of (hash_plain, &bench) + best_of (encrypt, &bench) + best_of (hash_sealed, &bench) + best_of (write_out, &bench);
  to_read = best_of (hash_sealed, &bench) + best_of (encrypt, &bench) + best_of (expand, &bench) + best_of (hash_plain, &bench);
  packing = best_of (pack, &bench);
  reading = best_of (read_in, &bench);
  tools = best_of (pack_with_tools, &bench);
  signing = best_of (sign_with_tools, &bench);

  printf ("%.1f MB in %u files; bundle %.1f MB\n", bench.road->size / 1e6, bench.road->contents->len, bench.sealed->size / 1e6);
  report ("pack", packing, bench.road->size, packing / to_pack, "its primitives: hash, zstd, cipher, hash, write");
  report ("pack", packing, bench.road->size, packing / (tools + signing), "tar | zstd -3 | age, then minisign -S");
  report ("pack", packing, bench.road->size, packing / tools, "tar | zstd -3 | age, unsigned");
  report ("read", reading, bench.road->size, reading / to_read, "its primitives: hash, cipher, zstd, hash");

  mere_sealed_free (bench.sealed);
  g_byte_array_unref (bench.plain);
  g_byte_array_unref (bench.compressed);
  g_byte_array_unref (bench.scratch);
  road_free (bench.road);

  return 0;
}
