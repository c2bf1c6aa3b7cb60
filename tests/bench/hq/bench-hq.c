/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-hq [--quick | --records N]: headquarters receives records of a form of 60 questions, in bundles of 2,000 that the
 * laptop's own writer makes. Its peer puts the same rows into a second store of the same kind and does nothing else. What is
 * asked for is a vault, or with MERESTONE_TEST_STORE a PostgreSQL database. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "app/store/statement.h"
#include "app/vault/vault-private.h"
#include "rows.h"
#include "sync/hq/chain.h"
#include "sync/hq/device.h"
#include "sync/hq/inbox.h"
#include "sync/hq/kept.h"
#include "sync/hq/latest.h"
#include "sync/hq/place.h"
#include "sync/hq/postgres.h"
#include "tests/sync/bundle-fixture.h"

#define A_MILLION 1000000
#define QUICK 40000
#define PER_BUNDLE 2000
#define ASKED 9 /* times each question is asked; the median counts */

static void
check (gboolean      done,
       const GError *error)
{
  if (!done)
    g_error ("%s", error->message);
}

static MereStore *
open_vault (const char *folder,
            const char *name)
{
  const MereKeyCost cost = { 1, 8 * 1024 * 1024 };
  g_autofree char  *path = g_build_filename (folder, name, NULL);
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text ("three quiet lanterns");
  MerePlace  place = { .vault = path };
  GError    *error = NULL;
  MereVault *vault = mere_vault_create_with_cost (path, passphrase, &cost, &error);
  MereStore *store;

  check (vault != NULL, error);
  mere_vault_close (vault);
  store = mere_place_open (&place, passphrase, &error);
  check (store != NULL, error);
  return store;
}

#if HAVE_LIBPQ
static MereStore *
open_database (const char *address,
               const char *folder,
               const char *name)
{
  g_autofree char *sql = g_strdup_printf ("CREATE SCHEMA %s; SET search_path TO %s", name, name);
  GError          *error = NULL;
  MereDatabase    *database = mere_postgres_connect (address, &error);
  MereStore       *store = NULL;

  if (database != NULL && database->engine->execute (database, sql, &error))
    store = mere_store_open_engine (database, &error);
  check (store != NULL, error);
  mere_store_set_folder (store, folder);
  mere_store_set_seal (store, mere_secret_new (32));
  return store;
}
#endif

static MereStore *
open_store (const char *folder,
            const char *name)
{
#if HAVE_LIBPQ
  if (g_getenv ("MERESTONE_TEST_STORE") != NULL)
    return open_database (g_getenv ("MERESTONE_TEST_STORE"), folder, name);
#endif
  return open_vault (folder, name);
}

typedef struct
{
  char         *folder;
  MereStore    *store;
  MereKeyring  *keys;
  MereTestRoad *laptop;
  char         *device;
  char         *prev; /* b2 of the bundle before */
} Bench;

/* Seconds that something took: by the clock, of this process's processors, and of those of the database's process. On a machine that
 * others use the clock says what they do. */
typedef struct
{
  double clock;
  double own;
  double server;
} Cost;

static MereKeyring *
found_headquarters (MereStore    *store,
                    MereTestRoad *laptop)
{
  g_autoptr (MereCard) card = mere_card_new_device (&laptop->key, laptop->box_recipient, "bench");
  GError      *error = NULL;
  MereKeyring *keys;

  check (mere_keyring_make (store, "Headquarters", NULL, &error), error);
  keys = mere_keyring_load (store, &error);
  check (keys != NULL && mere_device_approve (store, card, NULL, NULL, &error), error);
  return keys;
}

static void
bench_init (Bench *self)
{
  self->folder = g_dir_make_tmp ("merestone-bench-XXXXXX", NULL);
  self->laptop = mere_test_road_new ();
  self->store = open_store (self->folder, "received");
  self->keys = found_headquarters (self->store, self->laptop);
  g_free (self->laptop->hq_recipient);
  self->laptop->hq_recipient = g_strdup (self->keys->trust->operational);
  self->device = g_strdup (self->laptop->device);
}

static void
announce (MereBundleWriter *writer,
          MereTestContents *contents,
          const Row        *row)
{
  g_autofree char *b2 = mere_test_b2 (g_bytes_get_data (row->xml, NULL), g_bytes_get_size (row->xml));
  g_autofree char *form_b2 = mere_test_b2 ("form", 4);
  char            *none[] = { NULL };
  GError          *error = NULL;
  MereEntry        entry = {
           .type = MERE_ENTRY_RECORD,
           .record = row->id,
           .form = (char *) "officer",
           .form_version = (char *) "1",
           .form_b2 = form_b2,
           .blobs = none,
           .crossing = (char *) row->crossing,
           .finalised = (char *) "2026-07-31T11:12:44+02:00",
           .b2 = b2,
           .size = g_bytes_get_size (row->xml),
  };

  check (mere_bundle_writer_add (writer, &entry, &error), error);
  g_ptr_array_add (contents->contents, g_bytes_ref (row->xml));
}

static MereSealed *
seal (Bench     *self,
      GPtrArray *rows,
      guint      seq)
{
  g_autoptr (MereManifest) head = mere_test_road_new_head (self->laptop);
  g_autoptr (MereBundleWriter) writer = NULL;
  g_auto (MereTestContents) contents = { NULL };
  GError     *error = NULL;
  MereSealed *sealed;

  head->seq = seq;
  head->prev = g_strdup (self->prev);
  writer = mere_bundle_writer_new (head);
  mere_test_contents_init (&contents);
  for (guint i = 0; i < rows->len; i++)
    announce (writer, &contents, rows->pdata[i]);
  sealed = mere_bundle_writer_seal (
    writer, self->laptop->sign, self->laptop->folder, mere_test_content, &contents, NULL, NULL, NULL, &error);
  check (sealed != NULL, error);
  g_free (self->prev);
  self->prev = g_strdup (sealed->b2);
  return sealed;
}

static double
read_clock (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* Linux, Documentation/scheduler/sched-stats.rst: nanoseconds on a processor. 0 for a server on another machine, and for a vault. */
static double
read_server (MereStore *store)
{
  g_autoptr (MereStatement) query = mere_store_is_shared (store) ? mere_statement_new (store, "SELECT pg_backend_pid ()", NULL) : NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gboolean         row;

  if (query == NULL || !mere_statement_step (query, &row, NULL))
    return 0;
  path = g_strdup_printf ("/proc/%d/schedstat", (int) mere_statement_get_int (query, 0));
  return g_file_get_contents (path, &text, NULL, NULL) ? (double) g_ascii_strtoull (text, NULL, 10) / 1e9 : 0;
}

static Cost
read_cost (MereStore *store)
{
  double server = read_server (store);

  return (Cost){ read_clock (CLOCK_MONOTONIC), read_clock (CLOCK_PROCESS_CPUTIME_ID), server };
}

static Cost
since (Cost       before,
       MereStore *store)
{
  double clock = read_clock (CLOCK_MONOTONIC);
  double own = read_clock (CLOCK_PROCESS_CPUTIME_ID);

  return (Cost){ clock - before.clock, own - before.own, read_server (store) - before.server };
}

static Cost
take (Bench     *self,
      GPtrArray *rows,
      guint      seq)
{
  g_autoptr (MereSealed) sealed = seal (self, rows, seq);
  g_autofree char *signature = g_strconcat (sealed->path, ".minisig", NULL);
  g_autoptr (MereInboxResult) result = NULL;
  GError *error = NULL;
  Cost    cost = read_cost (self->store);

  result = mere_inbox_take (self->store, self->keys, sealed->path, NULL, NULL, NULL, NULL, &error);
  cost = since (cost, self->store);
  check (result != NULL, error);
  if (result->n_new != rows->len)
    g_error ("%u of %u records were taken", result->n_new, rows->len);
  remove (sealed->path);
  remove (signature);
  return cost;
}

static GPtrArray *
make_rows (guint from)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);

  for (guint i = 0; i < PER_BUNDLE; i++)
    g_ptr_array_add (rows, row_new (from + i));
  return rows;
}

static Cost
insert (MereStore  *peer,
        GPtrArray  *rows,
        const char *device)
{
  Cost cost = read_cost (peer);

  rows_insert (peer, rows, 1, device);
  return since (cost, peer);
}

/* The rows of the peer name a bundle: that of the first rows, received. */
static void
begin_peer (Bench     *self,
            MereStore *peer)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (MereKeyring) keys = found_headquarters (peer, self->laptop);
  g_autofree char *recipient = g_steal_pointer (&self->laptop->hq_recipient);
  g_autoptr (MereInboxResult) result = NULL;
  GError *error = NULL;

  self->laptop->hq_recipient = g_strdup (keys->trust->operational);
  sealed = seal (self, none, 1);
  result = mere_inbox_take (peer, keys, sealed->path, NULL, NULL, NULL, NULL, &error);
  check (result != NULL, error);
  g_free (self->laptop->hq_recipient);
  self->laptop->hq_recipient = g_steal_pointer (&recipient);
  g_clear_pointer (&self->prev, g_free);
}

static Cost
sum (const Cost *costs,
     guint       from,
     guint       to)
{
  Cost all = { 0 };

  for (guint i = from; i < to; i++)
    {
      all.clock += costs[i].clock;
      all.own += costs[i].own;
      all.server += costs[i].server;
    }
  return all;
}

static double
get_work (Cost cost)
{
  return cost.own + cost.server;
}

static int
compare (const void *a,
         const void *b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return left < right ? -1 : left > right;
}

typedef void (*Question) (Bench *self);

/* What the verb reads of the one laptop there is. */
static void
ask_status (Bench *self)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) devices = mere_device_list (self->store, &error);
  g_autoptr (MereReceiptDocument) document = mere_chain_list (self->store, self->device, -1, &error);
  g_autoptr (GPtrArray) branches = mere_chain_list_branches (self->store, self->device, &error);
  g_autoptr (MereLatest) latest = mere_latest_load (self->store, self->device, &error);

  check (devices != NULL && document != NULL && branches != NULL && latest != NULL, error);
}

static void
ask_crossing (Bench *self)
{
  MereKeptFilter   filter = MERE_KEPT_FILTER_INIT;
  g_autofree char *crossing = crossing_id (7);
  GError          *error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  filter.crossing = crossing;
  list = mere_kept_list (self->store, &filter, &error);
  check (list != NULL, error);
  if (list->len != 100)
    g_error ("%u records of one crossing", list->len);
}

static void
measure (Bench      *self,
         const char *name,
         Question    question)
{
  double times[ASKED];

  for (guint i = 0; i < ASKED; i++)
    {
      gint64 begin = g_get_monotonic_time ();

      question (self);
      times[i] = (double) (g_get_monotonic_time () - begin) / 1000;
    }
  qsort (times, ASKED, sizeof *times, compare);
  printf ("  %-34s %8.1f ms (bound 50)\n", name, times[ASKED / 2]);
}

static void
print_cost (const char *name,
            Cost        cost,
            guint       n_records)
{
  printf ("  %-34s %8.1f µs a record by the clock; of processors %.1f, and %.1f of the server\n", name, cost.clock / n_records * 1e6,
          cost.own / n_records * 1e6, cost.server / n_records * 1e6);
}

static void
print_ratio (const char *name,
             double      by_clock,
             double      by_work,
             const char *unit)
{
  printf ("  %-34s %8.2f by the clock, %.2f of processors (bound %s)\n", name, by_clock, by_work, unit);
}

static void
print_tenths (const Cost *costs,
              guint       n)
{
  printf ("  each tenth, of processors         ");
  for (guint i = 0; i < 10; i++)
    {
      guint from = n * i / 10, to = n * (i + 1) / 10;

      printf (" %6.1f", to > from ? get_work (sum (costs, from, to)) / ((to - from) * PER_BUNDLE) * 1e6 : 0);
    }
  printf ("\n");
}

/* Linux, Documentation/filesystems/proc.rst: in KiB, what is its own. Pages of a vault's file that are mapped are the system's, which
 * takes them back where it needs them. */
static double
read_own_memory (void)
{
  static const char name[] = "RssAnon:";
  g_autofree char  *text = NULL;
  const char       *found;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  found = strstr (text, name);
  return found != NULL ? g_ascii_strtod (found + strlen (name), NULL) : 0;
}

static void
report (const Cost *received,
        const Cost *inserted,
        guint       n)
{
  guint         tenth = MAX (n / 10, 1);
  Cost          all = sum (received, 0, n), peer = sum (inserted, 0, n);
  Cost          first = sum (received, 0, tenth), last = sum (received, n - tenth, n);
  Cost          peer_first = sum (inserted, 0, tenth), peer_last = sum (inserted, n - tenth, n);
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  print_cost ("received", all, n * PER_BUNDLE);
  print_tenths (received, n);
  print_cost ("the same rows, inserted", peer, n * PER_BUNDLE);
  print_tenths (inserted, n);
  print_ratio ("rate, to the rate of inserting", peer.clock / all.clock, get_work (peer) / get_work (all), "0.5");
  print_ratio ("last tenth to first", last.clock / first.clock, get_work (last) / get_work (first), "1.2");
  print_ratio ("the same of inserting", peer_last.clock / peer_first.clock, get_work (peer_last) / get_work (peer_first), "none");
  printf ("  memory                             %8.0f MiB, with pages of files at most %.0f\n", read_own_memory () / 1024,
          (double) usage.ru_maxrss / 1024);
  fflush (stdout);
}

static guint
read_count (int    argc,
            char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--quick"))
    return QUICK;
  if (argc == 3 && g_str_equal (argv[1], "--records"))
    return MAX ((guint) atoi (argv[2]), PER_BUNDLE);
  return A_MILLION;
}

int
main (int    argc,
      char **argv)
{
  guint      n = read_count (argc, argv) / PER_BUNDLE;
  Cost      *received = g_new0 (Cost, n);
  Cost      *inserted = g_new0 (Cost, n);
  Bench      self = { NULL };
  MereStore *peer;

  bench_init (&self);
  peer = open_store (self.folder, "inserted");
  begin_peer (&self, peer);
  printf ("%u records of 60 questions, %s\n", n * PER_BUNDLE, mere_store_is_shared (self.store) ? "PostgreSQL" : "vault");
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GPtrArray) rows = make_rows (i * PER_BUNDLE);

      received[i] = take (&self, rows, i + 1);
      inserted[i] = insert (peer, rows, self.device);
    }
  report (received, inserted, n);
  measure (&self, "status", ask_status);
  measure (&self, "records of one crossing", ask_crossing);
  mere_keyring_free (self.keys);
  mere_store_close (peer);
  mere_store_close (self.store);
  mere_test_remove_tree (self.folder);
  mere_test_road_free (self.laptop);
  g_free (self.device);
  g_free (self.prev);
  g_free (self.folder);
  g_free (received);
  g_free (inserted);
  return 0;
}
