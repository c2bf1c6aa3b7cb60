/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A time study: what was keyed is there after a crash, and the record has exactly the durations that were keyed. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/store/record.h"
#include "app/store/statement.h"

#include <string.h>

typedef struct
{
  MerePlainStore  *plain;
  char            *crossing;
  gint64           instrument;
  MereObservation *observation;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->plain = mere_plain_store_new ();
  self->crossing = mere_filling_crossing (self->plain->store);
  self->instrument = mere_filling_take_in (self->plain->store, "passenger-processing");
  self->observation = mere_observation_new (self->plain->store, self->instrument, self->crossing, MERE_STUDY_SIGHT_DEFAULT, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  g_clear_pointer (&self->observation, mere_observation_free);
  mere_plain_store_free (self->plain);
  g_free (self->crossing);
}

static void
press (Fixture      *self,
       MereStudyVerb verb)
{
  g_autoptr (GError) error = NULL;

  mere_observation_press (self->observation, verb, NULL, &error);
  g_assert_no_error (error);
}

static void
press_next (Fixture *self,
            guint    times)
{
  while (times-- > 0)
    press (self, MERE_STUDY_NEXT);
}

/* All events as CSV, and what follows from them. */
static char *
dup_board (Fixture *self)
{
  MereStudyBoard *board = mere_observation_get_board (self->observation);
  GString        *out = g_string_new (NULL);

  for (guint i = 0; i < mere_study_board_get_n_events (board); i++)
    {
      g_autofree char *line = mere_study_event_to_csv (mere_study_board_get_event (board, i));

      g_string_append_printf (out, "%s%s\n", line, mere_study_board_is_undone (board, i) ? " undone" : "");
    }
  g_string_append_printf (out, "%c %u of %u", mere_study_board_get_expected (board), mere_study_board_get_n_decided (board),
                          mere_study_board_get_n_passengers (board));
  return g_string_free (out, FALSE);
}

static void
crash (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = dup_board (self);
  g_autofree char *after = NULL;
  gint64           draft = mere_capture_get_draft (mere_observation_get_capture (self->observation));

  g_clear_pointer (&self->observation, mere_observation_free);
  mere_plain_store_reopen (self->plain);
  self->observation = mere_observation_open (self->plain->store, draft, &error);
  g_assert_no_error (error);
  after = dup_board (self);
  g_assert_cmpstr (after, ==, before);
}

static void
answer_head (Fixture *self)
{
  MereCapture *capture = mere_observation_get_capture (self->observation);

  mere_filling_set (capture, "/data/study/direction", "entry");
  mere_filling_set (capture, "/data/study/lane", "mixed");
  mere_filling_set (capture, "/data/study/agreed", "yes");
}

static char *
finalise (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *record = mere_observation_finalise (self->observation, NULL, &error);

  g_assert_no_error (error);
  return record;
}

static void
assert_answer (Fixture    *self,
               const char *record,
               const char *path,
               const char *expected)
{
  g_autofree char *answer = mere_filling_dup_answer (self->plain->store, record, path);

  if (g_strcmp0 (answer, expected) != 0)
    g_error ("%s is “%s”, not “%s”", path, answer, expected);
}

/* Moves an event in time, as if it had been keyed then: events of a test come within microseconds. */
static void
move_event (Fixture *self,
            gint64   seq,
            gint64   ms)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    self->plain->store,
    "UPDATE study_event AS e SET utc_us = f.utc_us + ?2 * 1000, boot_us = f.boot_us + ?2 * 1000"
    "  FROM (SELECT utc_us / 1000 * 1000 AS utc_us, boot_us / 1000 * 1000 AS boot_us FROM study_event WHERE seq = 1) AS f"
    " WHERE e.seq = ?1",
    NULL);

  mere_statement_bind_int (update, 1, seq);
  mere_statement_bind_int (update, 2, ms);
  g_assert_true (mere_statement_run (update, NULL));
}

static void
reopen (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gint64 draft = mere_capture_get_draft (mere_observation_get_capture (self->observation));

  g_clear_pointer (&self->observation, mere_observation_free);
  self->observation = mere_observation_open (self->plain->store, draft, &error);
  g_assert_no_error (error);
}

static void
test_events_outlive_a_crash (Fixture      *self,
                             gconstpointer data)
{
  crash (self);
  press (self, MERE_STUDY_TOGGLE_OPEN);
  press_next (self, 4);
  crash (self);
  press (self, MERE_STUDY_TAKE_BACK);
  press (self, MERE_STUDY_TOGGLE_OUTAGE);
  g_assert_true (mere_observation_note (self->observation, "lights went out", NULL));
  g_assert_true (mere_observation_count (self->observation, 14, 3, NULL));
  g_assert_true (mere_observation_describe (self->observation, 1, "document", "card", NULL));
  crash (self);
  press (self, MERE_STUDY_TOGGLE_OUTAGE);
  press_next (self, 3);
  crash (self);
}

static void
test_a_key_that_makes_no_sense_changes_nothing (Fixture      *self,
                                                gconstpointer data)
{
  g_autofree char *before = dup_board (self);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_observation_press (self->observation, MERE_STUDY_REFUSE, NULL, &error));
  g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_UNEXPECTED);
  g_clear_error (&error);
  g_assert_false (mere_observation_press (self->observation, MERE_STUDY_TAKE_BACK, NULL, &error));
  g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOTHING);
  g_clear_error (&error);
  g_assert_false (mere_observation_describe (self->observation, 0, "nationality", "UTO", &error));
  g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOT_ALLOWED);
  after = dup_board (self);
  g_assert_cmpstr (after, ==, before);
  crash (self);
}

static void
test_an_event_that_is_not_committed_is_not_shown (Fixture      *self,
                                                  gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  press_next (self, 2);
  before = dup_board (self);
  mere_plain_store_refuse_commits (self->plain, TRUE);
  g_assert_false (mere_observation_press (self->observation, MERE_STUDY_NEXT, NULL, &error));
  g_assert_cmpint (error->domain, ==, MERE_STORE_ERROR);
  mere_plain_store_refuse_commits (self->plain, FALSE);
  after = dup_board (self);
  g_assert_cmpstr (after, ==, before);
  crash (self);
  press (self, MERE_STUDY_NEXT);
}

static void
test_the_head_knows_where_and_when (Fixture      *self,
                                    gconstpointer data)
{
  MereCapture *capture = mere_observation_get_capture (self->observation);

  g_assert_cmpstr (mere_filling_value (capture, "/data/study/crossing"), ==, "Utopia Bridge");
  g_assert_cmpstr (mere_filling_value (capture, "/data/study/mode"), ==, "land");
  g_assert_cmpuint (strlen (mere_filling_value (capture, "/data/study/date")), ==, 10);
  g_assert_false (mere_capture_can_undo (capture));
}

static void
test_five_passengers_take_as_long_as_they_took (Fixture      *self,
                                                gconstpointer data)
{
  /* B, P and D of each, in ms since the first event */
  static const gint64      keyed[5][3] = { { 0, 1500, 30250 }, { 31000, 31001, 61999 }, { 62000, 70000, 95000 }, { 95500, 96000, 215500 }, { 216000, 217000, 221123 } };
  static const char *const service[5] = { "30.25", "30.999", "33.0", "120.0", "5.123" };
  static const char *const check[5] = { "28.75", "30.998", "25.0", "119.5", "4.123" };
  g_autofree char         *record = NULL;

  press_next (self, 15);
  for (gint64 seq = 1; seq <= 15; seq++)
    move_event (self, seq, keyed[(seq - 1) / 3][(seq - 1) % 3]);
  reopen (self);
  answer_head (self);
  record = finalise (self);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *number_path = g_strdup_printf ("passenger[%u]/number", i + 1);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      g_autofree char *service_path = g_strdup_printf ("passenger[%u]/service_s", i + 1);
      g_autofree char *check_path = g_strdup_printf ("passenger[%u]/check_s", i + 1);
      g_autofree char *outcome_path = g_strdup_printf ("passenger[%u]/outcome", i + 1);

      assert_answer (self, record, number_path, number);
      assert_answer (self, record, service_path, service[i]);
      assert_answer (self, record, check_path, check[i]);
      assert_answer (self, record, outcome_path, "released");
    }
  assert_answer (self, record, "passenger[6]/number", "");
  assert_answer (self, record, "result/n", "5");
  assert_answer (self, record, "result/n_decided", "5");
  assert_answer (self, record, "passenger[1]/wall_clock", "no");
  assert_answer (self, record, "passenger[1]/unit", "person");
}

static void
test_a_clock_that_is_set_breaks_no_duration (Fixture      *self,
                                             gconstpointer data)
{
  g_autofree char *record = NULL;

  press_next (self, 3);
  move_event (self, 1, 0);
  move_event (self, 2, 10000);
  move_event (self, 3, 20000);
  g_assert_true (mere_store_execute (self->plain->store, "UPDATE study_event SET utc_us = utc_us - 3600000000 WHERE seq = 3", NULL));
  reopen (self);
  answer_head (self);
  record = finalise (self);
  assert_answer (self, record, "passenger[1]/service_s", "20.0");
  assert_answer (self, record, "passenger[1]/wall_clock", "no");
}

static void
test_a_restart_is_told_of (Fixture      *self,
                           gconstpointer data)
{
  g_autofree char *record = NULL;

  press_next (self, 6);
  for (gint64 seq = 1; seq <= 6; seq++)
    move_event (self, seq, 10000 * (seq - 1));
  /* restarted before the first decision; and before the second one with a clock that lost the date */
  g_assert_true (mere_store_execute (self->plain->store,
                                     "UPDATE study_event SET boot = boot + 1, boot_us = 5000000 * seq WHERE seq >= 3;"
                                     "UPDATE study_event SET boot = boot + 1, utc_us = 0 WHERE seq = 6",
                                     NULL));
  reopen (self);
  answer_head (self);
  record = finalise (self);
  assert_answer (self, record, "passenger[1]/service_s", "20.0");
  assert_answer (self, record, "passenger[1]/wall_clock", "yes");
  assert_answer (self, record, "passenger[2]/at_decision", "");
  assert_answer (self, record, "passenger[2]/service_s", "");
  assert_answer (self, record, "passenger[2]/wall_clock", "yes");
}

static void
test_all_that_was_seen_is_in_the_record (Fixture      *self,
                                         gconstpointer data)
{
  g_autofree char *record = NULL;

  press (self, MERE_STUDY_TOGGLE_OPEN);                                                        /* 1 */
  g_assert_true (mere_observation_note (self->observation, "late <shift>", NULL));             /* 2 */
  g_assert_true (mere_observation_describe (self->observation, 0, "direction", "exit", NULL)); /* 3 */
  g_assert_true (mere_observation_describe (self->observation, 0, "lane", "foreign", NULL));   /* 4 */
  press_next (self, 2);                                                                        /* 5 6 */
  g_assert_true (mere_observation_describe (self->observation, 1, "reader", "yes", NULL));     /* 7 */
  press (self, MERE_STUDY_REFUSE);                                                             /* 8 */
  g_assert_true (mere_observation_note (self->observation, "visa had ended", NULL));           /* 9 */
  press_next (self, 1);                                                                        /* 10 */
  g_assert_true (mere_observation_describe (self->observation, 2, "lane", "crew", NULL));      /* 11 */
  press (self, MERE_STUDY_SEND_SECOND);                                                        /* 12 */
  press (self, MERE_STUDY_START_SECOND);                                                       /* 13 */
  press (self, MERE_STUDY_TOGGLE_OUTAGE);                                                      /* 14 */
  press (self, MERE_STUDY_TAKE_BACK);                                                          /* 15 */
  g_assert_true (mere_observation_count (self->observation, 14, 3, NULL));                     /* 16 */
  press_next (self, 1);                                                                        /* 17 */
  press (self, MERE_STUDY_LOSE);                                                               /* 18 */
  press_next (self, 1);                                                                        /* 19 */
  for (gint64 seq = 1; seq <= 19; seq++)
    move_event (self, seq, 1000 * (seq - 1));
  reopen (self);
  mere_filling_set (mere_observation_get_capture (self->observation), "/data/study/agreed", "yes");
  record = finalise (self);
  assert_answer (self, record, "study/direction", "exit");
  assert_answer (self, record, "study/lane", "foreign");
  assert_answer (self, record, "passenger[1]/outcome", "refused");
  assert_answer (self, record, "passenger[1]/reader", "yes");
  assert_answer (self, record, "passenger[1]/lane_kind", "");
  assert_answer (self, record, "passenger[1]/note", "visa had ended");
  assert_answer (self, record, "passenger[1]/service_s", "3.0");
  assert_answer (self, record, "passenger[2]/outcome", "second-line");
  assert_answer (self, record, "passenger[2]/lane_kind", "crew");
  assert_answer (self, record, "passenger[2]/service_s", "2.0");
  assert_answer (self, record, "passenger[2]/second_wait_s", "1.0");
  assert_answer (self, record, "passenger[3]/outcome", "lost");
  assert_answer (self, record, "passenger[3]/censored", "yes");
  assert_answer (self, record, "passenger[4]/outcome", "open");
  assert_answer (self, record, "booth_event[1]/booth_event_kind", "O");
  assert_answer (self, record, "booth_event[1]/booth_event_note", "late <shift>");
  assert_answer (self, record, "booth_event[2]/booth_event_kind", "");
  assert_answer (self, record, "snapshot[1]/waiting", "14");
  assert_answer (self, record, "snapshot[1]/staffed", "3");
  assert_answer (self, record, "result/n_second_line", "1");
  assert_answer (self, record, "result/n_lost", "2");
}

static void
test_a_missing_answer_of_the_head_lets_it_go_on (Fixture      *self,
                                                 gconstpointer data)
{
  MereCapture     *capture = mere_observation_get_capture (self->observation);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *record = NULL;
  g_autoptr (GPtrArray) invalid = NULL;
  g_autoptr (GError) error = NULL;

  press_next (self, 4);
  before = mere_filling_dup_screen (capture);
  g_assert_null (mere_observation_finalise (self->observation, &invalid, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_INVALID);
  g_assert_cmpuint (invalid->len, ==, 3);
  g_assert_true (invalid->pdata[0] == mere_filling_node (capture, "/data/study/direction"));
  after = mere_filling_dup_screen (capture);
  g_assert_cmpstr (after, ==, before);
  press_next (self, 2);
  crash (self);
  answer_head (self);
  record = finalise (self);
  assert_answer (self, record, "result/n_decided", "2");
  g_clear_error (&error);
  g_assert_false (mere_observation_press (self->observation, MERE_STUDY_NEXT, NULL, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED);
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT count (*) FROM study_event"), ==, 6);
}

static void
test_an_ended_observation_is_edited_as_a_form (Fixture      *self,
                                               gconstpointer data)
{
  g_autoptr (MereCapture) capture = NULL;
  g_autofree char *record = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;

  press_next (self, 3);
  answer_head (self);
  record = finalise (self);
  capture = mere_capture_edit (self->plain->store, record, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_filling_value (capture, "/data/passenger[1]/outcome"), ==, "released");
  g_assert_null (mere_observation_open (self->plain->store, mere_capture_get_draft (capture), &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  mere_filling_set (capture, "/data/result/remarks", "short");
  second = mere_capture_finalise (capture, NULL, NULL);
  assert_answer (self, second, "passenger[1]/outcome", "released");
}

static void
test_another_form_is_refused (Fixture      *self,
                              gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_observation_new (self->plain->store, mere_filling_take_in (self->plain->store, "lanes"), NULL, MERE_STUDY_SIGHT_DEFAULT, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FORM);
  g_assert_cmpint (mere_draft_count (self->plain->store, -1, NULL), ==, 1);
}

static void
test_a_thousand_passengers_are_one_record (Fixture      *self,
                                           gconstpointer data)
{
  g_autofree char *record = NULL;

  g_assert_true (mere_store_begin (self->plain->store, NULL));
  press_next (self, 3000);
  g_assert_true (mere_store_commit (self->plain->store, NULL));
  answer_head (self);
  record = finalise (self);
  assert_answer (self, record, "result/n", "1000");
  assert_answer (self, record, "passenger[1000]/number", "1000");
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/observation/events-outlive-a-crash", test_events_outlive_a_crash);
  ADD ("/observation/a-key-that-makes-no-sense-changes-nothing", test_a_key_that_makes_no_sense_changes_nothing);
  ADD ("/observation/an-event-that-is-not-committed-is-not-shown", test_an_event_that_is_not_committed_is_not_shown);
  ADD ("/observation/the-head-knows-where-and-when", test_the_head_knows_where_and_when);
  ADD ("/observation/five-passengers-take-as-long-as-they-took", test_five_passengers_take_as_long_as_they_took);
  ADD ("/observation/a-clock-that-is-set-breaks-no-duration", test_a_clock_that_is_set_breaks_no_duration);
  ADD ("/observation/a-restart-is-told-of", test_a_restart_is_told_of);
  ADD ("/observation/all-that-was-seen-is-in-the-record", test_all_that_was_seen_is_in_the_record);
  ADD ("/observation/a-missing-answer-of-the-head-lets-it-go-on", test_a_missing_answer_of_the_head_lets_it_go_on);
  ADD ("/observation/an-ended-observation-is-edited-as-a-form", test_an_ended_observation_is_edited_as_a_form);
  ADD ("/observation/another-form-is-refused", test_another_form_is_refused);
  ADD ("/observation/a-thousand-passengers-are-one-record", test_a_thousand_passengers_are_one_record);
  return g_test_run ();
}
