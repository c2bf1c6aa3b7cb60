/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several processes take in the same bundles at once, and are killed at any moment. Each of them has a connection of its
 * own. For a store that several may write: PostgreSQL. */

#include "config.h"

#include "tests/support/chance.h"

#include "hq-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/store/log.h"

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
      g_autoptr (MereInboxResult) result = mere_inbox_take (store, hq->keys, sealed->path, NULL, NULL, NULL, &error);

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

static gboolean
is_one_writer (MereTestHq *hq)
{
  if (mere_store_is_shared (hq->store))
    return FALSE;
  g_test_skip ("this store has one writer");
  return TRUE;
}

static void
test_several_at_once_take_each_bundle_once (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  Parcels parcels = { { NULL } };
  pid_t   children[N_PROCESSES];
  guint32 seed = g_test_rand_int ();

  if (is_one_writer (hq))
    return;
  g_test_message ("seed %u", seed);
  parcels_init (&parcels, hq);
  for (guint i = 0; i < N_PROCESSES; i++)
    children[i] = begin_process (hq, &parcels, seed + i);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      int status = 0;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }
  assert_done (hq, &parcels);
  parcels_clear (&parcels);
}

/* Kills one after another at a random moment, and begins it again; in the end all may finish. */
static void
test_killed_at_any_moment_they_begin_again (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  Parcels parcels = { { NULL } };
  pid_t   children[N_PROCESSES];
  guint32 seed = g_test_rand_int ();
  GRand  *random = g_rand_new_with_seed (seed);

  if (!is_one_writer (hq))
    {
      g_test_message ("seed %u", seed);
      parcels_init (&parcels, hq);
      for (guint i = 0; i < N_PROCESSES; i++)
        children[i] = begin_process (hq, &parcels, seed + i);
      for (guint kill_no = 0; kill_no < N_KILLS; kill_no++)
        {
          guint victim = (guint) g_rand_int_range (random, 0, N_PROCESSES);
          int   status;

          g_usleep ((gulong) g_rand_int_range (random, 0, 40000)); /* the moment of the kill, not a wait for anything */
          kill (children[victim], SIGKILL);
          g_assert_cmpint (waitpid (children[victim], &status, 0), ==, children[victim]);
          children[victim] = begin_process (hq, &parcels, seed + 100 + kill_no);
        }
      for (guint i = 0; i < N_PROCESSES; i++)
        {
          int status = 0;

          g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
          g_assert_cmpint (status, ==, 0);
        }
      assert_done (hq, &parcels);
      parcels_clear (&parcels);
    }
  g_rand_free (random);
}

int
main (int    argc,
      char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/hq/concurrent/at-once", test_several_at_once_take_each_bundle_once);
  g_test_add_func ("/hq/concurrent/killed", test_killed_at_any_moment_they_begin_again);
  return g_test_run ();
}
