/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps of a filling: what is typed is there after a crash, and what was done is undone. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/store/statement.h"

static MereDraft *
load_draft (MereFilling *self)
{
  g_autoptr (GError) error = NULL;
  MereDraft *draft = mere_draft_load (self->plain->store, mere_capture_get_draft (self->capture), &error);

  g_assert_no_error (error);
  return draft;
}

static void
set_language (MereFilling *self,
              const char  *language)
{
  g_autoptr (GError) error = NULL;

  mere_capture_set_language (self->capture, language, &error);
  g_assert_no_error (error);
}

static void
compact (MereFilling *self)
{
  g_autoptr (GError) error = NULL;

  mere_capture_compact (self->capture, &error);
  g_assert_no_error (error);
}

static void
test_answers_outlive_a_crash (MereFilling  *self,
                              gconstpointer form)
{
  mere_filling_crash (self);
  mere_filling_fill_in (self);
  mere_filling_comment (self->capture, "/data/lane[1]/name", "As the sign says: <Citoyens> & others");
  set_language (self, "Français (fr)");
  mere_filling_crash (self);
  compact (self);
  mere_filling_crash (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "12");
  g_assert_cmpstr (mere_form_node_get_label (mere_filling_node (self->capture, "/data/post")), ==, "Poste");
}

static void
test_undo_and_redo_outlive_a_crash (MereFilling  *self,
                                    gconstpointer form)
{
  mere_filling_fill_in (self);
  mere_filling_set (self->capture, "/data/staff", "13");
  mere_filling_undo (self->capture, "/data/staff");
  mere_filling_undo (self->capture, "/data/lane[1]/name");
  mere_filling_crash (self);
  mere_filling_redo (self->capture, "/data/lane[1]/name");
  mere_filling_crash (self);
  compact (self);
  mere_filling_crash (self);
  mere_filling_redo (self->capture, "/data/staff");
  g_assert_false (mere_capture_can_redo (self->capture));
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "13");
  mere_filling_crash (self);
}

static void
test_undoing_all_gives_the_beginning (MereFilling  *self,
                                      gconstpointer form)
{
  g_autofree char *beginning = mere_filling_dup_state (self->capture);
  g_autofree char *end = NULL;
  g_autofree char *begun_again = NULL;
  g_autofree char *ended_again = NULL;

  mere_filling_fill_in (self);
  mere_filling_comment (self->capture, "/data/post", "near the river");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_remove (self->capture, "/data/lane[1]");
  end = mere_filling_dup_state (self->capture);
  while (mere_capture_can_undo (self->capture))
    g_assert_true (mere_capture_undo (self->capture, NULL, NULL));
  begun_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (begun_again, ==, beginning);
  mere_filling_crash (self);
  while (mere_capture_can_redo (self->capture))
    g_assert_true (mere_capture_redo (self->capture, NULL, NULL));
  ended_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (ended_again, ==, end);
}

static void
count_call (guint *calls)
{
  (*calls)++;
}

static void
test_a_removed_instance_comes_back_whole (MereFilling  *self,
                                          gconstpointer form)
{
  guint            replaced = 0;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  mere_filling_fill_in (self);
  mere_filling_set (self->capture, "/data/lane[1]/queue", "7");
  mere_filling_comment (self->capture, "/data/lane[1]/queue", "counted twice");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[2]/name", "others");
  mere_filling_comment (self->capture, "/data/lane[2]/name", "second");
  before = mere_filling_dup_state (self->capture);
  mere_filling_remove (self->capture, "/data/lane[1]");
  g_assert_cmpstr (mere_capture_get_comment (self->capture, mere_filling_node (self->capture, "/data/lane[1]/name")), ==, "second");
  mere_filling_crash (self);
  g_signal_connect_swapped (self->capture, "session-replaced", G_CALLBACK (count_call), &replaced);
  mere_filling_undo (self->capture, "/data/lane[1]");
  g_assert_cmpuint (replaced, ==, 1);
  after = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (after, ==, before);
  mere_filling_crash (self);
  mere_filling_redo (self->capture, "/data/lane");
  mere_filling_undo (self->capture, "/data/lane[1]");
  mere_filling_crash (self);
}

static void
test_what_is_there_is_no_step (MereFilling  *self,
                               gconstpointer form)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_capture_undo (self->capture, NULL, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_NOTHING);
  mere_filling_set (self->capture, "/data/post", "");
  set_language (self, "English (en)");
  mere_filling_comment (self->capture, "/data/post", "");
  g_assert_false (mere_capture_can_undo (self->capture));
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/staff", "5");
  mere_filling_set (self->capture, "/data/staff", " 5");
  mere_filling_undo (self->capture, "/data/staff");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "");
}

static void
test_a_refused_answer_changes_nothing (MereFilling  *self,
                                       gconstpointer form)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  mere_filling_fill_in (self);
  before = mere_filling_dup_screen (self->capture);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/staff"), "many", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_VALUE);
  g_clear_error (&error);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/end_note"), "x", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
  g_clear_error (&error);
  g_assert_false (mere_capture_set_language (self->capture, "Utopian", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
  after = mere_filling_dup_screen (self->capture);
  g_assert_cmpstr (after, ==, before);
  mere_filling_crash (self);
}

static void
test_an_answer_that_locks_its_question_is_undone (MereFilling  *self,
                                                  gconstpointer form)
{
  mere_filling_set (self->capture, "/data/locked", "done");
  g_assert_true (mere_form_node_is_readonly (mere_filling_node (self->capture, "/data/locked")));
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/locked");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/locked"), ==, "");
  mere_filling_crash (self);
}

static void
test_an_answer_out_of_sight_is_not_lost (MereFilling  *self,
                                         gconstpointer form)
{
  mere_filling_set (self->capture, "/data/region", "north");
  mere_filling_set (self->capture, "/data/town", "n2");
  mere_filling_set (self->capture, "/data/region", "south");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/town"), ==, "");
  mere_filling_set (self->capture, "/data/town", "s1");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/town");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/region");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/town"), ==, "n2");
}

static void
test_a_corrected_calculation_stands (MereFilling  *self,
                                     gconstpointer form)
{
  mere_filling_fill_in (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "24");
  mere_filling_set (self->capture, "/data/double", "25");
  mere_filling_crash (self);
  compact (self);
  mere_filling_crash (self);
  mere_filling_set (self->capture, "/data/lane[1]/queue", "3");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "25");
  mere_filling_remove (self->capture, "/data/lane[1]");
  mere_filling_undo (self->capture, "/data/lane[1]");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "25");
}

/* The calculation comes to what was put in its place, and takes over again without a visible change. */
static void
test_a_correction_that_is_overtaken_comes_back (MereFilling  *self,
                                                gconstpointer form)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/double", "24");
  before = mere_filling_dup_state (self->capture);
  mere_filling_set (self->capture, "/data/staff", "12");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "24");
  mere_filling_undo (self->capture, "/data/staff");
  after = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (after, ==, before);
  mere_filling_crash (self);
}

static void
test_text_that_xml_cannot_say_does_no_harm (MereFilling  *self,
                                            gconstpointer form)
{
  mere_filling_set (self->capture, "/data/post", "a\001b\357\277\277c\r\nd & <e> \360\237\233\202");
  mere_filling_comment (self->capture, "/data/post", "x\033y\357\277\276z");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "abc\r\nd & <e> \360\237\233\202");
  g_assert_cmpstr (mere_capture_get_comment (self->capture, mere_filling_node (self->capture, "/data/post")), ==, "xyz");
  mere_filling_crash (self);
  compact (self);
  mere_filling_crash (self);
}

static void
test_progress_follows_each_step (MereFilling  *self,
                                 gconstpointer form)
{
  MereCaptureProgress progress;
  MereCaptureProgress measured;
  g_autoptr (MereDraft) draft = NULL;

  mere_capture_get_progress (self->capture, &progress);
  /* post, region, town, open, skip, locked, double, photo */
  g_assert_cmpuint (progress.asked, ==, 8);
  g_assert_cmpuint (progress.answered, ==, 0);
  g_assert_cmpuint (progress.missing, ==, 1);
  mere_filling_fill_in (self);
  mere_filling_set (self->capture, "/data/staff", "100");
  mere_filling_set (self->capture, "/data/open", "no");
  mere_capture_get_progress (self->capture, &progress);
  mere_capture_measure (self->capture, mere_form_session_get_root (mere_capture_get_session (self->capture)), &measured);
  g_assert_cmpmem (&progress, sizeof progress, &measured, sizeof measured);
  /* staff, reason, three of the lane more */
  g_assert_cmpuint (progress.asked, ==, 8 + 2 + 3);
  g_assert_cmpuint (progress.answered, ==, 6);
  g_assert_cmpuint (progress.missing, ==, 1);
  g_assert_cmpuint (progress.invalid, ==, 1);
  draft = load_draft (self);
  g_assert_cmpuint (draft->n_asked, ==, progress.asked);
  g_assert_cmpuint (draft->n_answered, ==, progress.answered);
  mere_capture_measure (self->capture, mere_filling_node (self->capture, "/data/lane"), &measured);
  g_assert_cmpuint (measured.asked, ==, 3);
  g_assert_cmpuint (measured.answered, ==, 2);
}

static void
test_a_draft_is_called_by_its_name (MereFilling  *self,
                                    gconstpointer form)
{
  g_autoptr (MereDraft) fresh = load_draft (self);
  g_autoptr (MereDraft) named = NULL;
  g_autoptr (MereDraft) unnamed = NULL;

  g_assert_cmpstr (fresh->title, ==, "Lanes");
  g_assert_cmpstr (fresh->crossing_name, ==, "Utopia Bridge");
  mere_filling_set (self->capture, "/data/post", "North gate");
  named = load_draft (self);
  g_assert_cmpstr (named->title, ==, "North gate");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/post");
  unnamed = load_draft (self);
  g_assert_cmpstr (unnamed->title, ==, "Lanes");
}

static void
test_long_fillings_are_compacted (MereFilling  *self,
                                  gconstpointer form)
{
  g_assert_true (mere_store_execute (self->plain->store, "PRAGMA synchronous = OFF", NULL));
  for (guint i = 1; i <= 600; i++)
    {
      g_autofree char *name = g_strdup_printf ("gate %u", i);

      mere_filling_set (self->capture, "/data/post", name);
    }
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT snapshot_seq FROM draft"), >, 300);
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT last_seq FROM draft"), ==, 600);
  mere_filling_crash (self);
  for (guint i = 600; i > 0; i--)
    mere_filling_undo (self->capture, "/data/post");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "");
  mere_filling_crash (self);
}

static void
test_chance_is_the_same_after_a_crash (MereFilling  *self,
                                       gconstpointer form)
{
  mere_filling_add (self->capture, "/data/ticket");
  mere_filling_crash (self);
  mere_filling_set (self->capture, "/data/answer", "yes");
  mere_filling_crash (self);
  mere_filling_set (self->capture, "/data/ticket[1]/what", "lunch");
  mere_filling_add (self->capture, "/data/ticket");
  mere_filling_remove (self->capture, "/data/ticket[1]");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/ticket[1]");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/ticket");
  mere_filling_redo (self->capture, "/data/ticket[2]");
  mere_filling_crash (self);
}

static void
test_side_effects_are_undone (MereFilling  *self,
                              gconstpointer form)
{
  g_autofree char *beginning = mere_filling_dup_state (self->capture);
  g_autofree char *doors = NULL;
  g_autofree char *doors_again = NULL;
  g_autofree char *begun_again = NULL;

  mere_filling_set (self->capture, "/data/n", "3");
  mere_filling_set (self->capture, "/data/door[3]/name", "north");
  mere_filling_comment (self->capture, "/data/door[3]/name", "stuck");
  doors = mere_filling_dup_state (self->capture);
  mere_filling_set (self->capture, "/data/n", "1");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/n");
  doors_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (doors_again, ==, doors);
  mere_filling_set (self->capture, "/data/answer", "yes");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/answered_at"), !=, "");
  mere_filling_crash (self);
  while (mere_capture_can_undo (self->capture))
    g_assert_true (mere_capture_undo (self->capture, NULL, NULL));
  begun_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (begun_again, ==, beginning);
}

#define ADD(path, form, test) g_test_add (path, MereFilling, form, mere_filling_set_up, test, mere_filling_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/capture/answers-outlive-a-crash", "lanes", test_answers_outlive_a_crash);
  ADD ("/capture/undo-and-redo-outlive-a-crash", "lanes", test_undo_and_redo_outlive_a_crash);
  ADD ("/capture/undoing-all-gives-the-beginning", "lanes", test_undoing_all_gives_the_beginning);
  ADD ("/capture/a-removed-instance-comes-back-whole", "lanes", test_a_removed_instance_comes_back_whole);
  ADD ("/capture/what-is-there-is-no-step", "lanes", test_what_is_there_is_no_step);
  ADD ("/capture/a-refused-answer-changes-nothing", "lanes", test_a_refused_answer_changes_nothing);
  ADD ("/capture/an-answer-that-locks-its-question-is-undone", "lanes", test_an_answer_that_locks_its_question_is_undone);
  ADD ("/capture/an-answer-out-of-sight-is-not-lost", "lanes", test_an_answer_out_of_sight_is_not_lost);
  ADD ("/capture/a-corrected-calculation-stands", "lanes", test_a_corrected_calculation_stands);
  ADD ("/capture/a-correction-that-is-overtaken-comes-back", "lanes", test_a_correction_that_is_overtaken_comes_back);
  ADD ("/capture/text-that-xml-cannot-say-does-no-harm", "lanes", test_text_that_xml_cannot_say_does_no_harm);
  ADD ("/capture/progress-follows-each-step", "lanes", test_progress_follows_each_step);
  ADD ("/capture/a-draft-is-called-by-its-name", "lanes", test_a_draft_is_called_by_its_name);
  ADD ("/capture/long-fillings-are-compacted", "lanes", test_long_fillings_are_compacted);
  ADD ("/capture/chance-is-the-same-after-a-crash", "chance", test_chance_is_the_same_after_a_crash);
  ADD ("/capture/side-effects-are-undone", "chance", test_side_effects_are_undone);
  return g_test_run ();
}
