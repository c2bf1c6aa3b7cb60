/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several processes take in the same bundles at once, and are killed at any moment. Each of them has a connection of its
 * own. A store that has one writer is written by one after another; what several do at once is for PostgreSQL. */

#include "config.h"

#include "tests/support/chance.h"

#include "hq-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/store/log.h"
#include "app/store/statement.h"
#include "sync/hq/export.h"
#include "sync/hq/kept-batch.h"

#define N_LAPTOPS 3
#define N_BUNDLES 4 /* of each */
#define N_PROCESSES 4
#define N_KILLS 24

typedef struct
{
  MereTestRoad *laptops[N_LAPTOPS];
  GPtrArray    *sent; /* MereSealed */
} Parcels;

/* Records that follow each other over bundles, and a picture that all laptops send. */
static void
send_bundle (Parcels *self,
             guint    laptop,
             guint    seq)
{
  const char *const blobs[] = { "the picture of the day", NULL };
  g_autofree char  *uuid = g_strdup_printf ("%08x-0000-4000-8000-%012x", laptop, seq);
  g_autofree char  *other = g_strdup_printf ("%08x-0000-4000-8000-%012x", laptop, 1000 + seq);
  g_autofree char  *before = seq > 1 ? g_strdup_printf ("%08x-0000-4000-8000-%012x", laptop, seq - 1) : NULL;
  MereTestPlace     place = { .seq = seq };
  MereTestFile      files[] = { { .uuid = uuid, .supersedes = before, .answer = "one", .blobs = blobs },
                                { .uuid = other, .answer = "two" },
                                { .blob = blobs[0], .name = "picture.jpg" } };

  if (seq > 1)
    place.prev = ((MereSealed *) self->sent->pdata[self->sent->len - 1])->b2;
  g_ptr_array_add (self->sent, mere_test_send (self->laptops[laptop], &place, files, G_N_ELEMENTS (files)));
}

static void
parcels_init (Parcels    *self,
              MereTestHq *hq)
{
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_sealed_free);
  for (guint laptop = 0; laptop < N_LAPTOPS; laptop++)
    {
      self->laptops[laptop] = mere_test_hq_new_laptop (hq, "team");
      for (guint seq = 1; seq <= N_BUNDLES; seq++)
        send_bundle (self, laptop, seq);
    }
}

static void
parcels_clear (Parcels *self)
{
  g_ptr_array_unref (self->sent);
  for (guint laptop = 0; laptop < N_LAPTOPS; laptop++)
    mere_test_road_free (self->laptops[laptop]);
}

static void
shuffle (GPtrArray *list,
         guint32    seed)
{
  GRand *random = g_rand_new_with_seed (seed);

  for (guint i = list->len - 1; i > 0; i--)
    {
      guint    other = (guint) g_rand_int_range (random, 0, (int) i + 1);
      gpointer held = list->pdata[i];

      list->pdata[i] = list->pdata[other];
      list->pdata[other] = held;
    }
  g_rand_free (random);
}

/* What a process does, on a connection of its own: everything, in an order of its own. */
static int
take_all (MereTestHq *hq,
          Parcels    *parcels,
          guint32     seed)
{
  MereStore *store = mere_test_hq_open_again (hq);

  shuffle (parcels->sent, seed);
  for (guint i = 0; i < parcels->sent->len; i++)
    {
      const MereSealed *sealed = parcels->sent->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (MereInboxResult) result = mere_inbox_take (store, hq->keys, sealed->path, NULL, NULL, NULL, NULL, &error);

      if (result == NULL || result->verdict > MERE_INBOX_DUPLICATE || result->verdict == MERE_INBOX_PARTIAL)
        {
          g_printerr ("# %s: %s\n", sealed->name, error != NULL ? error->message : result->code);
          return 1;
        }
    }
  return 0;
}

static pid_t
begin_process (MereTestHq *hq,
               Parcels    *parcels,
               guint32     seed)
{
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (take_all (hq, parcels, seed));
  return child;
}

static void
assert_done (MereTestHq *hq,
             Parcels    *parcels)
{
  g_autofree char *records = mere_test_hq_dump_records (hq);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < parcels->sent->len; i++)
    {
      const MereSealed *sealed = parcels->sent->pdata[i];
      g_autoptr (MereInboxResult) result = mere_test_take (hq, sealed->path);
      g_autofree char *line = g_strdup_printf (" | %s | accepted", sealed->b2);

      g_assert_cmpint (result->verdict, ==, MERE_INBOX_DUPLICATE);
      g_assert_nonnull (strstr (records, line));
    }
  again = mere_test_hq_dump_records (hq);
  g_assert_cmpstr (records, ==, again);
  for (guint laptop = 0; laptop < N_LAPTOPS; laptop++)
    for (guint seq = 1; seq <= N_BUNDLES; seq++)
      {
        g_autofree char *line = g_strdup_printf ("uuid:%08x-0000-4000-8000-%012x | %s", laptop, seq, seq > 1 ? "uuid:" : "–");

        g_assert_nonnull (strstr (records, line));
      }
  g_assert_true (mere_log_verify (hq->store, NULL, &error));
  g_assert_no_error (error);
}

static void
wait_for_end (pid_t child)
{
  int status = 0;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

static void
test_several_at_once_take_each_bundle_once (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  Parcels parcels = { { NULL } };
  pid_t   children[N_PROCESSES];
  guint32 seed = g_test_rand_int ();

  g_test_message ("seed %u", seed);
  parcels_init (&parcels, hq);
  for (guint i = 0; i < N_PROCESSES; i++)
    children[i] = begin_process (hq, &parcels, seed + i);
  for (guint i = 0; i < N_PROCESSES; i++)
    wait_for_end (children[i]);
  assert_done (hq, &parcels);
  parcels_clear (&parcels);
}

/* Kills one after another at a random moment, and begins it again; in the end all may finish. */
static void
kill_again_and_again (MereTestHq *hq,
                      Parcels    *parcels,
                      guint       n,
                      guint32     seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  pid_t children[N_PROCESSES];

  for (guint i = 0; i < n; i++)
    children[i] = begin_process (hq, parcels, seed + i);
  for (guint kill_no = 0; kill_no < N_KILLS; kill_no++)
    {
      guint victim = (guint) g_rand_int_range (random, 0, (gint32) n);
      int   status;

      g_usleep ((gulong) g_rand_int_range (random, 0, 40000)); /* the moment of the kill, not a wait for anything */
      kill (children[victim], SIGKILL);
      g_assert_cmpint (waitpid (children[victim], &status, 0), ==, children[victim]);
      children[victim] = begin_process (hq, parcels, seed + 100 + kill_no);
    }
  for (guint i = 0; i < n; i++)
    wait_for_end (children[i]);
}

static void
test_killed_at_any_moment_they_begin_again (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  Parcels  parcels = { { NULL } };
  guint32  seed = g_test_rand_int ();
  gboolean shared = mere_store_is_shared (hq->store);

  g_test_message ("seed %u", seed);
  parcels_init (&parcels, hq);
  if (!shared)
    g_clear_pointer (&hq->store, mere_store_close); /* it would keep the others out */
  kill_again_and_again (hq, &parcels, shared ? N_PROCESSES : 1, seed);
  if (!shared)
    hq->store = mere_test_hq_open_again (hq);
  assert_done (hq, &parcels);
  parcels_clear (&parcels);
}

#define UUID_FIRST "a0000000-0000-4000-8000-000000000001"
#define UUID_LATE "a0000000-0000-4000-8000-000000000002"
#define UUID_SECOND "a0000000-0000-4000-8000-000000000003"

static gboolean
pass_over (gpointer       user_data,
           const char    *id,
           const char    *b2,
           GBytes        *xml,
           MereKeptResult result,
           GError       **error)
{
  return TRUE;
}

/* Another process, in the midst of taking in a record: its row has its number, and nobody sees it yet. */
static MereKeptBatch *
begin_record (MereStore    *store,
              MereTestRoad *laptop,
              const char   *uuid)
{
  g_autofree char *xml = mere_test_record_xml (uuid, NULL, "gate", "late");
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  g_autofree char *b2 = mere_test_b2 (xml, strlen (xml));
  g_autofree char *id = g_strconcat ("uuid:", uuid, NULL);
  MereKeptNew      record = { .b2 = b2, .record = { .id = id, .form = "gate", .form_version = "1", .form_b2 = "", .title = "", .xml = bytes } };
  MereKeptBatch   *batch = mere_kept_batch_new (store, laptop->device, 1, pass_over, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_store_begin (store, &error) && mere_store_lock_shared (store, MERE_INBOX_LOCK, &error) &&
                 mere_kept_batch_add (batch, &record, &error) && mere_kept_batch_flush (batch, &error));
  return batch;
}

typedef struct
{
  MereStore *store;
  char      *folder;
  guint      n_records; /* exported */
  gint       done;
} Exporting;

static gpointer
export_new (gpointer data)
{
  Exporting *self = data;
  MereExport options = { .format = MERE_EXPORT_JSON_LINES, .incremental = TRUE };
  g_autoptr (GError) error = NULL;

  mere_export_run (self->store, self->folder, &options, &error);
  g_assert_no_error (error);
  self->n_records += options.n_records;
  g_atomic_int_set (&self->done, TRUE);
  return NULL;
}

static gboolean
is_waited_for (MereStore *store)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", NULL);
  gboolean row = FALSE;

  g_assert_true (mere_statement_step (query, &row, NULL));
  return row;
}

/* (transfer full): its b2. */
static char *
take_one (MereTestHq   *hq,
          MereTestRoad *laptop,
          guint         seq,
          const char   *prev,
          const char   *uuid)
{
  const MereTestPlace place = { .seq = seq, .prev = prev };
  const MereTestFile  file = { .uuid = uuid, .answer = "in time" };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, &place, &file, 1);
  g_autoptr (MereInboxResult) result = mere_test_take (hq, sealed->path);

  g_assert_cmpuint (result->n_new, ==, 1);
  return g_strdup (sealed->b2);
}

/* Who began earlier may commit later: with a lower row than what was exported meanwhile. */
static void
test_an_export_leaves_out_none_that_commits_late (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = NULL;
  g_autoptr (MereKeptBatch) late = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  Exporting        exporting = { NULL };
  MereStore       *other;
  GThread         *thread;

  laptop = mere_test_hq_new_laptop (hq, "First team");
  first = take_one (hq, laptop, 1, NULL, UUID_FIRST);
  other = mere_test_hq_open_again (hq);
  late = begin_record (other, laptop, UUID_LATE);
  second = take_one (hq, laptop, 2, first, UUID_SECOND);
  exporting.store = mere_test_hq_open_again (hq);
  exporting.folder = g_build_filename (hq->folder, "export", NULL);
  thread = g_thread_new ("export", export_new, &exporting);
  while (!g_atomic_int_get (&exporting.done) && !is_waited_for (hq->store))
    ;
  g_assert_true (mere_kept_batch_finish (late, &error) && mere_store_commit (other, &error));
  g_thread_join (thread);
  export_new (&exporting);
  g_assert_cmpuint (exporting.n_records, ==, 3);
  g_clear_pointer (&late, mere_kept_batch_free);
  mere_store_close (other);
  mere_store_close (exporting.store);
  g_free (exporting.folder);
}

int
main (int    argc,
      char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/hq/concurrent/killed", test_killed_at_any_moment_they_begin_again);
  if (g_getenv ("MERESTONE_TEST_STORE") != NULL)
    {
      g_test_add_func ("/hq/concurrent/at-once", test_several_at_once_take_each_bundle_once);
      g_test_add_func ("/hq/concurrent/export", test_an_export_leaves_out_none_that_commits_late);
    }
  return g_test_run ();
}
