/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-sync [MIB]: what packing, reading and receiving cost, as ratios to peers in the same run: the sum of the primitives that each
 * is made of, one after the other on the same bytes; tar | zstd -3 | age with minisign; minisign, age | zstd | tar. Best of
 * three. Memory is measured in a process that does nothing else: bench-sync --pack FOLDER RECIPIENT. */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "app/vault/vault-private.h"
#include "sync/age-private.h"
#include "sync/hq/device.h"
#include "sync/hq/place.h"
#include "sync/hq/receive.h"
#include "tests/bench/sync/road.h"

#define ROUNDS 3
#define DEFAULT_SIZE 1024 /* MiB */

typedef void (*Work) (gpointer data);

/* @before does not count. */
static double
best_after (Work     before,
            Work     work,
            gpointer data)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < ROUNDS; i++)
    {
      gint64 start;

      if (before != NULL)
        before (data);
      start = g_get_monotonic_time ();

      work (data);
      best = MIN (best, (g_get_monotonic_time () - start) / 1e6);
    }

  return best;
}

static double
best_of (Work     work,
         gpointer data)
{
  return best_after (NULL, work, data);
}

typedef struct
{
  Road        *road;
  GPtrArray   *sealed;
  GByteArray  *plain;      /* all contents */
  GByteArray  *compressed; /* of plain */
  GByteArray  *scratch;
  MereKeyring *keys; /* of headquarters */
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

  g_byte_array_set_size (self->compressed, (guint) n);
  memcpy (self->compressed->data, self->scratch->data, n);
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

  g_clear_pointer (&self->sealed, g_ptr_array_unref);
  self->sealed = road_seal (self->road);
}

static void
read_in (gpointer data)
{
  Bench *self = data;

  road_read (self->road, self->keys->box, self->sealed);
}

static void
run_tools (Bench      *self,
           const char *script)
{
  MereMinisignKey key;
  g_autofree char *public = NULL;
  const char *argv[] = { "sh", "-euc", script, "sh", self->road->recipients[0], NULL, NULL };
  int         status;

  mere_minisign_secret_get_key (self->road->sign, &key);
  argv[5] = public = mere_minisign_key_to_text (&key);
  if (!g_spawn_sync (self->road->folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) || status != 0)
    g_error ("tar, zstd, age or minisign failed");
}

static void
pack_with_tools (gpointer data)
{
  run_tools (data, "tar c -C plain . | zstd -3 -q | age -r $1 -o peer.age; minisign -SWm peer.age -s peer.key; sync peer.age peer.age.minisig");
}

static void
make_empty (gpointer data)
{
  run_tools (data, "rm -rf out; mkdir out; sync -f out");
}

/* As durable as ours: to the disk. */
static void
receive_with_tools (gpointer data)
{
  run_tools (data,
             "for f in stick/*.age; do"
             " minisign -VQHm $f -P $2; age -d -i hq.key $f | zstd -dcq | tar xf - -C out; done; sync -f out");
}

static MereSecret *
passphrase_new (void)
{
  return mere_secret_new_from_text ("three quiet lanterns");
}

static MereStore *
open_store (const char *path)
{
  g_autoptr (MereSecret) passphrase = passphrase_new ();
  g_autoptr (GError) error = NULL;
  MerePlace  place = { .vault = (char *) path };
  MereStore *store = mere_place_open (&place, passphrase, &error);

  if (store == NULL)
    g_error ("%s: %s", path, error->message);

  return store;
}

/* A fresh copy of headquarters' store, as it was before anything had come. */
static void
copy_store (gpointer data)
{
  run_tools (data, "rm -rf received; cp -r hq.vault received; sync -f .");
}

/* From the stick to the last byte in the store: the write-ahead log is empty when the store has been closed. */
static void
receive (gpointer data)
{
  Bench           *self = data;
  g_autofree char *path = g_build_filename (self->road->folder, "received", NULL);
  g_autofree char *stick = g_build_filename (self->road->folder, "stick", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceived) received = mere_received_new ();
  MereStore *store = open_store (path);

  if (!mere_receive_stick (store, self->keys, stick, NULL, received, NULL, NULL, NULL, &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < received->results->len; i++)
    if (((MereInboxResult *) received->results->pdata[i])->verdict != MERE_INBOX_ACCEPTED)
      g_error ("a bundle was not accepted");
  mere_store_close (store);
}

static void
read_plain (Bench *self)
{
  for (guint i = 0; i < self->road->paths->len; i++)
    {
      g_autofree char *content = NULL;
      gsize            size;

      if (!g_file_get_contents (self->road->paths->pdata[i], &content, &size, NULL))
        g_error ("%s", (char *) self->road->paths->pdata[i]);
      g_byte_array_append (self->plain, (const guint8 *) content, (guint) size);
    }
}

static void
make_vault (const char *path)
{
  const MereKeyCost cost = { 1, 8 * 1024 * 1024 };
  g_autoptr (MereSecret) passphrase = passphrase_new ();
  g_autoptr (GError) error = NULL;
  MereVault *vault = mere_vault_create_with_cost (path, passphrase, &cost, &error);

  if (vault == NULL)
    g_error ("%s", error->message);
  mere_vault_close (vault);
}

/* Headquarters with its keys, before anything has come. */
static MereStore *
found_headquarters (Bench      *self,
                    const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "hq.vault", NULL);
  g_autoptr (GError) error = NULL;
  MereStore *store;

  make_vault (path);
  store = open_store (path);
  if (!mere_keyring_make (store, NULL, NULL, &error) || (self->keys = mere_keyring_load (store, &error)) == NULL)
    g_error ("%s", error->message);

  return store;
}

static void
enrol (Bench     *self,
       MereStore *store)
{
  g_autoptr (MereCard) card = NULL;
  g_autoptr (GError) error = NULL;
  MereMinisignKey key;

  mere_minisign_secret_get_key (self->road->sign, &key);
  card = mere_card_new_device (&key, self->road->recipients[0], "Laptop");
  if (!mere_device_approve (store, card, NULL, NULL, &error))
    g_error ("%s", error->message);
  mere_store_close (store);
}

static void
write_identity (Bench      *self,
                const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "hq.key", NULL);
  g_autoptr (GError) error = NULL;

  if (!mere_keyring_write_identity (self->keys->box, path, &error))
    g_error ("%s", error->message);
}

static void
prepare (Bench  *self,
         guint64 size)
{
  g_autofree char *folder = g_dir_make_tmp ("merestone-bench-XXXXXX", NULL);
  MereStore       *store = found_headquarters (self, folder);
  g_autofree char *recipient = mere_age_identity_dup_recipient (self->keys->box);

  write_identity (self, folder);
  self->road = road_new (folder, size, (const char *const[]){ recipient, NULL });
  enrol (self, store);
  self->plain = g_byte_array_sized_new ((guint) self->road->size);
  self->scratch = g_byte_array_new ();
  self->compressed = g_byte_array_new ();
  read_plain (self);
  g_byte_array_set_size (self->scratch, (guint) ZSTD_compressBound (self->plain->len));
  run_tools (self, "minisign -GW -p peer.pub -s peer.key");
}

static void
report (const char *what,
        double      seconds,
        double      bytes,
        double      ratio,
        const char *peer)
{
  printf ("%-20s %6.0f MB/s   %4.2f x %s\n", what, bytes / seconds / 1e6, ratio, peer);
}

/* The largest that a process was that announces and packs all. */
static void
report_memory (Bench      *self,
               const char *program)
{
  const char *const argv[] = { program, "--pack", self->road->folder, self->road->recipients[0], NULL };

  fflush (stdout);
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, NULL, NULL))
    g_error ("%s", program);
}

/* MiB that this process ever had in memory; getrusage() counts what it was before it became this program. */
static double
get_peak (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || (line = strstr (status, "VmHWM:")) == NULL)
    return 0;

  return (double) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) / 1024;
}

static int
pack_only (const char *folder,
           const char *recipient)
{
  const char *const recipients[] = { recipient, NULL };
  g_autoptr (Road) road = road_open (folder, recipients);
  double before = get_peak ();
  g_autoptr (GPtrArray) sealed = road_seal (road);

  printf ("memory   %.1f MiB at most while packing %u bundles; %.1f MiB of it before: the program and all that was announced\n",
          get_peak (), sealed->len, before);

  return 0;
}

static void
measure (Bench      *self,
         const char *program)
{
  double size = (double) self->road->size;
  double zip = best_of (compress, self), content_hash = best_of (hash_plain, self), cipher = best_of (encrypt, self);
  double file_hash = best_of (hash_sealed, self), writing = best_of (write_out, self), unzip = best_of (expand, self);
  double to_read = file_hash + cipher + unzip + content_hash;
  double packing = best_of (pack, self), reading = best_of (read_in, self), receiving = best_after (copy_store, receive, self);
  double pack_tools = best_of (pack_with_tools, self), receive_tools = best_after (make_empty, receive_with_tools, self);

  printf ("%.1f MB in %u files, %u of them records; bundles %.1f MB\n", size / 1e6, self->road->paths->len, self->road->n_records, self->compressed->len / 1e6);
  report ("pack", packing, size, packing / (zip + content_hash + cipher + file_hash + writing), "its primitives: hash, zstd, cipher, hash, write");
  report ("pack", packing, size, packing / pack_tools, "tar | zstd -3 | age, then minisign -S");
  report ("read", reading, size, reading / to_read, "its primitives: hash, cipher, zstd, hash");
  report ("receive", receiving, size, receiving / to_read, "the same");
  report ("receive", receiving, size, receiving / receive_tools, "minisign -V, then age -d | zstd -d | tar x, sync: in the clear");
  report_memory (self, program);
}

static void
clean_up (Bench *self)
{
  const char *const argv[] = { "rm", "-rf", self->road->folder, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_ptr_array_unref (self->sealed);
  g_byte_array_unref (self->plain);
  g_byte_array_unref (self->compressed);
  g_byte_array_unref (self->scratch);
  mere_keyring_free (self->keys);
  road_free (self->road);
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { 0 };

  if (sodium_init () < 0)
    return 1;
  if (argc == 4 && strcmp (argv[1], "--pack") == 0)
    return pack_only (argv[2], argv[3]);

  prepare (&bench, (argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : DEFAULT_SIZE) << 20);
  measure (&bench, argv[0]);
  clean_up (&bench);

  return 0;
}
