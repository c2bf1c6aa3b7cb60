/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process still holds of what was typed, once the forms are dropped and the vault is locked: nothing. While they are open each
 * of it is found, so the search can find. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/store/record.h"
#include "app/vault/heap.h"
#include "app/vault/sqlite-memory.h"
#include "tests/app/vault/fixture.h"
#include "tests/support/memory-search.h"

#include <sodium.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  ANSWER,  /* typed into a question, and what follows from it */
  AGAIN,   /* what it is changed to, undone, done again */
  LANE,    /* in a repeat that is removed */
  COMMENT, /* on a question */
  N_NEEDLES,
};

static void
type (MereCapture *capture)
{
  char answer[MERE_NEEDLE + 1], again[MERE_NEEDLE + 1], lane[MERE_NEEDLE + 1], comment[MERE_NEEDLE + 1];

  mere_needle_make_text (ANSWER, answer);
  mere_needle_make_text (AGAIN, again);
  mere_needle_make_text (LANE, lane);
  mere_needle_make_text (COMMENT, comment);
  mere_filling_set (capture, "/data/post", answer);
  mere_filling_set (capture, "/data/staff", "12");
  mere_filling_add (capture, "/data/lane");
  mere_filling_set (capture, "/data/lane[1]/name", lane);
  mere_filling_comment (capture, "/data/post", comment);
  mere_filling_set (capture, "/data/post", again);
  mere_filling_undo (capture, "/data/post");
  mere_filling_redo (capture, "/data/post");
  sodium_memzero (answer, sizeof answer);
  sodium_memzero (again, sizeof again);
  sodium_memzero (lane, sizeof lane);
  sodium_memzero (comment, sizeof comment);
}

/* A day without a screen: a filling, left and opened again, finalised, looked at, searched for. */
static void
work (MereStore *store, guint found[MERE_MOST_NEEDLES])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *crossing = mere_filling_crossing (store);
  MereCapture     *capture = mere_capture_new (store, mere_filling_take_in (store, "lanes"), crossing, &error);
  gint64           draft;
  g_autofree char *record = NULL;
  g_autoptr (MereFormSession) shown = NULL;
  g_autofree char *screen = NULL;

  g_assert_no_error (error);
  type (capture);
  draft = mere_capture_get_draft (capture);
  g_assert_true (mere_capture_compact (capture, &error));
  g_object_unref (capture);
  capture = mere_capture_open (store, draft, &error);
  g_assert_no_error (error);
  screen = mere_filling_dup_screen (capture);
  mere_needles_count (found);
  record = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (capture);
  shown = mere_capture_load_record (store, record, &error);
  g_assert_no_error (error);
}

/* In a process of its own, whose end is its result: a bit for each needle that is left; 1 << N_NEEDLES: the search found nothing
 * while all was open. */
static int
use_and_lock (MereTestVault *place)
{
  g_autoptr (GError) error = NULL;
  guint      found[MERE_MOST_NEEDLES];
  int        left = 0;
  MereStore *store;

  mere_test_vault_open (place);
  store = mere_store_open (g_steal_pointer (&place->vault), &error);
  g_assert_no_error (error);
  work (store, found);
  for (guint which = 0; which < N_NEEDLES; which++)
    left |= found[which] == 0 ? 1 << N_NEEDLES : 0;
  mere_store_close (store);

  mere_needles_count (found);
  for (guint which = 0; which < N_NEEDLES; which++)
    left |= found[which] > 0 ? 1 << which : 0;
  return left;
}

static void
test_nothing_of_a_form_is_left_after_locking (void)
{
  g_autoptr (MereTestVault) place = NULL;
  int   status;
  pid_t child;

  if (!mere_heap_is_wiped ())
    {
      g_test_skip ("a sanitizer, or another C library, keeps what was freed");
      return;
    }
  place = mere_test_vault_new ();
  mere_test_vault_close (place);
  child = fork ();
  if (child == 0)
    _exit (use_and_lock (place));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmphex ((guint) WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mere_sqlite_memory_wipe ());
  g_test_add_func ("/capture/memory/nothing-of-a-form-is-left-after-locking", test_nothing_of_a_form_is_left_after_locking);
  return g_test_run ();
}
