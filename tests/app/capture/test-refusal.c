/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What cannot be committed leaves the filling as it was, on the screen and in the store. */

#include "config.h"

#include "tests/app/capture/filling.h"

typedef gboolean (*Attempt) (MereFilling *self, GError **error);

static gboolean
try_set (MereFilling *self,
         GError     **error)
{
  return mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/post"), "South gate", error);
}

static gboolean
try_add (MereFilling *self,
         GError     **error)
{
  return mere_capture_add (self->capture, mere_filling_node (self->capture, "/data/lane"), error) != NULL;
}

static gboolean
try_remove (MereFilling *self,
            GError     **error)
{
  return mere_capture_remove (self->capture, mere_filling_node (self->capture, "/data/lane[1]"), error);
}

static gboolean
try_comment (MereFilling *self,
             GError     **error)
{
  return mere_capture_set_comment (self->capture, mere_filling_node (self->capture, "/data/post"), "no room", error);
}

static gboolean
try_language (MereFilling *self,
              GError     **error)
{
  return mere_capture_set_language (self->capture, "Français (fr)", error);
}

static gboolean
try_undo (MereFilling *self,
          GError     **error)
{
  return mere_capture_undo (self->capture, NULL, error);
}

static gboolean
try_redo (MereFilling *self,
          GError     **error)
{
  return mere_capture_redo (self->capture, NULL, error);
}

static gboolean
try_finalise (MereFilling *self,
              GError     **error)
{
  g_autofree char *record = mere_capture_finalise (self->capture, NULL, error);

  return record != NULL;
}

static void
test_a_step_that_is_not_committed_changes_nothing (MereFilling  *self,
                                                   gconstpointer form)
{
  static const Attempt attempts[] = { try_set, try_add, try_remove, try_comment, try_language, try_undo, try_redo, try_finalise };

  mere_filling_fill_in (self);
  mere_filling_set (self->capture, "/data/staff", "13");
  mere_filling_undo (self->capture, "/data/staff");
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *before = mere_filling_dup_screen (self->capture);
      g_autofree char *after = NULL;

      mere_plain_store_refuse_commits (self->plain, TRUE);
      g_assert_false (attempts[i](self, &error));
      g_assert_cmpint (error->domain, ==, MERE_STORE_ERROR);
      mere_plain_store_refuse_commits (self->plain, FALSE);
      after = mere_filling_dup_screen (self->capture);
      g_assert_cmpstr (after, ==, before);
      mere_filling_crash (self);
    }
  g_assert_true (try_set (self, NULL));
}

static void
test_a_full_disk_is_told (MereFilling  *self,
                          gconstpointer form)
{
  g_autofree char *long_answer = g_strnfill (200000, 'a');
  g_autoptr (GError) error = NULL;

  mere_filling_fill_in (self);
  mere_plain_store_limit (self->plain, 0);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/post"), long_answer, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FULL);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "Utopia Bridge");
  mere_filling_crash (self);
  mere_filling_set (self->capture, "/data/post", long_answer);
  mere_filling_crash (self);
}

static void
test_side_effects_that_are_not_committed (MereFilling  *self,
                                          gconstpointer form)
{
  static const char *const answers[][2] = { { "/data/n", "1" }, { "/data/answer", "no" } };

  mere_filling_set (self->capture, "/data/n", "3");
  mere_filling_set (self->capture, "/data/door[3]/name", "north");
  mere_filling_comment (self->capture, "/data/door[3]/name", "stuck");
  mere_filling_set (self->capture, "/data/answer", "yes");
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *before = mere_filling_dup_screen (self->capture);
      g_autofree char *after = NULL;

      mere_plain_store_refuse_commits (self->plain, TRUE);
      g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, answers[i][0]), answers[i][1], NULL));
      mere_plain_store_refuse_commits (self->plain, FALSE);
      after = mere_filling_dup_screen (self->capture);
      g_assert_cmpstr (after, ==, before);
      mere_filling_crash (self);
    }
}

#define ADD(path, form, test) g_test_add (path, MereFilling, form, mere_filling_set_up, test, mere_filling_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/capture/a-step-that-is-not-committed-changes-nothing", "lanes", test_a_step_that_is_not_committed_changes_nothing);
  ADD ("/capture/a-full-disk-is-told", "lanes", test_a_full_disk_is_told);
  ADD ("/capture/a-step-with-side-effects-that-is-not-committed", "chance", test_side_effects_that_are_not_committed);
  return g_test_run ();
}
