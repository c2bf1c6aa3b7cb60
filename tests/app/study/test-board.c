/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The board of a time study: what comes next, what a key means, and what follows from what was keyed. */

#include "config.h"

#include "tests/support/chance.h"

#include "app/study/board.h"

#define S G_USEC_PER_SEC

/* A board and a clock that only the test moves. */
typedef struct
{
  MereStudyBoard *board;
  MereMoment      now;
} Study;

static void
study_init (Study         *self,
            MereStudySight sight)
{
  self->board = mere_study_board_new (sight);
  /* 2026-11-24T15:05:09Z, an hour east */
  self->now = (MereMoment){ .utc_us = G_GINT64_CONSTANT (1795532709) * S, .offset_s = 3600, .boot_us = 500 * S, .boot = 7 };
}

static void
study_clear (Study *self)
{
  g_clear_pointer (&self->board, mere_study_board_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Study, study_clear)

static void
wait_s (Study *self,
        double s)
{
  self->now.utc_us += (gint64) (s * S);
  self->now.boot_us += (gint64) (s * S);
}

static void
feed (Study          *self,
      MereStudyEvent *event)
{
  g_autoptr (GError) error = NULL;

  mere_study_board_feed (self->board, event, &error);
  g_assert_no_error (error);
  mere_study_event_clear (event);
}

static void
press (Study        *self,
       MereStudyVerb verb)
{
  MereStudyEvent event;
  g_autoptr (GError) error = NULL;

  mere_study_board_press (self->board, verb, &self->now, &event, &error);
  g_assert_no_error (error);
  feed (self, &event);
}

static void
press_after (Study        *self,
             double        s,
             MereStudyVerb verb)
{
  wait_s (self, s);
  press (self, verb);
}

static void
assert_refused (Study         *self,
                MereStudyVerb  verb,
                MereStudyError code)
{
  MereStudyEvent event;
  g_autoptr (GError) error = NULL;
  guint sequence = mere_study_board_get_sequence (self->board);

  g_assert_false (mere_study_board_press (self->board, verb, &self->now, &event, &error));
  g_assert_error (error, MERE_STUDY_ERROR, (gint) code);
  g_assert_cmpuint (mere_study_board_get_sequence (self->board), ==, sequence);
}

static void
shift (Study *self,
       double s)
{
  MereStudyEvent event;
  g_autoptr (GError) error = NULL;

  mere_study_board_shift (self->board, (gint64) (s * S), &self->now, &event, &error);
  g_assert_no_error (error);
  feed (self, &event);
}

static void
describe (Study      *self,
          guint       passenger,
          const char *name,
          const char *value)
{
  MereStudyEvent event;
  g_autoptr (GError) error = NULL;

  mere_study_board_describe (self->board, passenger, name, value, &self->now, &event, &error);
  g_assert_no_error (error);
  feed (self, &event);
}

static const MereStudyPassenger *
passenger (Study *self,
           guint  number)
{
  return mere_study_board_get_passenger (self->board, number - 1);
}

static void
assert_duration (Study        *self,
                 guint         number,
                 MereStudySpan span,
                 double        s)
{
  MereStudyDuration duration = mere_study_passenger_get_duration (passenger (self, number), span);

  g_assert_true (duration.known);
  g_assert_cmpint (duration.us, ==, (gint64) (s * S));
}

static void
assert_sequence (MereStudySight sight,
                 const char    *expected)
{
  g_auto (Study) self = { 0 };

  study_init (&self, sight);
  for (const char *kind = expected; *kind != '\0'; kind++)
    {
      g_assert_cmpint (mere_study_board_get_expected (self.board), ==, *kind);
      press_after (&self, 1, MERE_STUDY_NEXT);
    }
}

static void
test_what_comes_next_follows_from_what_is_seen (void)
{
  assert_sequence (0, "BDBD");
  assert_sequence (MERE_STUDY_SEES_PRESENT, "BPDBPD");
  assert_sequence (MERE_STUDY_SEES_QUEUE, "QBDQBD");
  assert_sequence (MERE_STUDY_SEES_EXIT, "BDXBDX");
  assert_sequence (MERE_STUDY_SEES_QUEUE | MERE_STUDY_SEES_PRESENT | MERE_STUDY_SEES_EXIT, "QBPDXQBPDX");
}

static void
test_durations_are_those_of_the_keys (void)
{
  g_auto (Study) self = { 0 };

  study_init (&self, MERE_STUDY_SEES_QUEUE | MERE_STUDY_SEES_PRESENT | MERE_STUDY_SEES_EXIT);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 60.5, MERE_STUDY_NEXT);
  press_after (&self, 3, MERE_STUDY_NEXT);
  press_after (&self, 20, MERE_STUDY_NEXT);
  press_after (&self, 5, MERE_STUDY_NEXT);
  assert_duration (&self, 1, MERE_STUDY_WAIT, 60.5);
  assert_duration (&self, 1, MERE_STUDY_HANDLING, 3);
  assert_duration (&self, 1, MERE_STUDY_CHECK, 20);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 23);
  assert_duration (&self, 1, MERE_STUDY_TOTAL, 88.5);
  g_assert_cmpstr (mere_study_passenger_get_outcome (passenger (&self, 1)), ==, "released");
  g_assert_cmpuint (mere_study_board_get_n_decided (self.board), ==, 1);
  g_assert_cmpint (mere_sample_get_rank (mere_study_board_get_sample (self.board, MERE_STUDY_SERVICE), 1), ==, 23 * S);
}

static void
test_undo_takes_the_last_event_back (void)
{
  g_auto (Study) self = { 0 };

  study_init (&self, MERE_STUDY_SIGHT_DEFAULT);
  assert_refused (&self, MERE_STUDY_TAKE_BACK, MERE_STUDY_ERROR_NOTHING);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 2, MERE_STUDY_NEXT);
  press_after (&self, 8, MERE_STUDY_NEXT);
  press (&self, MERE_STUDY_TAKE_BACK);
  g_assert_cmpint (mere_study_board_get_expected (self.board), ==, MERE_STUDY_DECISION);
  g_assert_cmpuint (mere_study_board_get_n_decided (self.board), ==, 0);
  g_assert_cmpuint (mere_sample_get_n (mere_study_board_get_sample (self.board, MERE_STUDY_SERVICE)), ==, 0);
  g_assert_true (mere_study_board_is_undone (self.board, 2));
  press_after (&self, 2, MERE_STUDY_NEXT);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 12);
  for (guint i = 0; i < 3; i++)
    press (&self, MERE_STUDY_TAKE_BACK);
  g_assert_cmpuint (mere_study_board_get_n_passengers (self.board), ==, 0);
  assert_refused (&self, MERE_STUDY_TAKE_BACK, MERE_STUDY_ERROR_NOTHING);
  press (&self, MERE_STUDY_NEXT);
  g_assert_cmpuint (passenger (&self, 1)->number, ==, 1);
}

static void
test_the_second_line_goes_on_beside_the_booth (void)
{
  g_auto (Study) self = { 0 };

  study_init (&self, 0);
  assert_refused (&self, MERE_STUDY_SEND_SECOND, MERE_STUDY_ERROR_UNEXPECTED);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 30, MERE_STUDY_SEND_SECOND);
  g_assert_cmpint (mere_study_board_get_expected (self.board), ==, MERE_STUDY_BOOTH);
  press_after (&self, 1, MERE_STUDY_NEXT);
  press_after (&self, 10, MERE_STUDY_SEND_SECOND);
  press_after (&self, 4, MERE_STUDY_START_SECOND);
  press_after (&self, 1, MERE_STUDY_START_SECOND);
  press_after (&self, 100, MERE_STUDY_END_SECOND);
  press_after (&self, 1, MERE_STUDY_NEXT);
  press_after (&self, 50, MERE_STUDY_END_SECOND);
  assert_refused (&self, MERE_STUDY_START_SECOND, MERE_STUDY_ERROR_UNEXPECTED);
  assert_refused (&self, MERE_STUDY_END_SECOND, MERE_STUDY_ERROR_UNEXPECTED);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 30);
  assert_duration (&self, 1, MERE_STUDY_SECOND_WAIT, 15);
  assert_duration (&self, 1, MERE_STUDY_SECOND_SERVICE, 101);
  assert_duration (&self, 2, MERE_STUDY_SECOND_WAIT, 5);
  assert_duration (&self, 2, MERE_STUDY_SECOND_SERVICE, 151);
  g_assert_cmpstr (mere_study_passenger_get_outcome (passenger (&self, 2)), ==, "second-line");
}

static void
test_who_is_refused_is_decided (void)
{
  g_auto (Study) self = { 0 };

  study_init (&self, MERE_STUDY_SIGHT_DEFAULT);
  assert_refused (&self, MERE_STUDY_REFUSE, MERE_STUDY_ERROR_UNEXPECTED);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 40, MERE_STUDY_REFUSE);
  g_assert_cmpstr (mere_study_passenger_get_outcome (passenger (&self, 1)), ==, "refused");
  g_assert_cmpuint (mere_study_board_get_n_decided (self.board), ==, 1);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 40);
  assert_refused (&self, MERE_STUDY_REFUSE, MERE_STUDY_ERROR_UNEXPECTED);
}

static void
test_who_is_lost_took_at_least_as_long (void)
{
  g_auto (Study) self = { 0 };
  MereStudyDuration wait;

  study_init (&self, MERE_STUDY_SEES_QUEUE);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 300, MERE_STUDY_LOSE);
  wait = mere_study_passenger_get_duration (passenger (&self, 1), MERE_STUDY_WAIT);
  g_assert_true (wait.known && wait.censored);
  g_assert_cmpint (wait.us, ==, 300 * S);
  g_assert_cmpuint (mere_study_board_get_figures (self.board, MERE_STUDY_WAIT).censored, ==, 1);
  g_assert_cmpuint (mere_study_board_get_figures (self.board, MERE_STUDY_WAIT).n, ==, 0);
  g_assert_cmpstr (mere_study_passenger_get_outcome (passenger (&self, 1)), ==, "lost");
  g_assert_cmpint (mere_study_board_get_expected (self.board), ==, MERE_STUDY_QUEUE);
}

static void
test_one_marker_at_a_time (void)
{
  g_auto (Study) self = { 0 };

  study_init (&self, 0);
  press (&self, MERE_STUDY_MARK);
  assert_refused (&self, MERE_STUDY_MARK, MERE_STUDY_ERROR_UNEXPECTED);
  press_after (&self, 1, MERE_STUDY_NEXT);
  assert_refused (&self, MERE_STUDY_MARKER_ARRIVES, MERE_STUDY_ERROR_UNEXPECTED);
  press_after (&self, 9, MERE_STUDY_NEXT);
  press_after (&self, 50, MERE_STUDY_MARKER_ARRIVES);
  assert_duration (&self, 1, MERE_STUDY_WAIT, 60);
  g_assert_cmpuint (mere_study_board_get_marker (self.board), ==, 0);
  g_assert_cmpuint (mere_study_board_get_current (self.board), ==, 1);
}

static void
test_booth_and_outage_are_summed (void)
{
  g_auto (Study) self = { 0 };
  MereBoothFigures figures;

  study_init (&self, 0);
  press (&self, MERE_STUDY_TOGGLE_OPEN);
  press_after (&self, 10, MERE_STUDY_NEXT);
  press_after (&self, 20, MERE_STUDY_TOGGLE_OUTAGE);
  g_assert_true (mere_study_board_is_down (self.board));
  press_after (&self, 60, MERE_STUDY_TOGGLE_OUTAGE);
  press_after (&self, 10, MERE_STUDY_NEXT);
  press_after (&self, 0, MERE_STUDY_IDLE);
  press_after (&self, 80, MERE_STUDY_NEXT);
  press_after (&self, 5, MERE_STUDY_INTERRUPT);
  press_after (&self, 15, MERE_STUDY_NEXT);
  press_after (&self, 0, MERE_STUDY_TOGGLE_OPEN);
  g_assert_false (mere_study_board_is_open (self.board));
  mere_study_board_get_booth (self.board, &figures);
  g_assert_cmpint (figures.open_us, ==, 200 * S);
  g_assert_cmpint (figures.observed_us, ==, 200 * S);
  g_assert_cmpint (figures.outage_us, ==, 60 * S);
  g_assert_cmpuint (figures.n_outages, ==, 1);
  g_assert_cmpint (figures.idle_us, ==, 80 * S);
  g_assert_cmpint (figures.interrupted_us, ==, 15 * S);
  g_assert_cmpint (figures.busy_us, ==, 110 * S);
  g_assert_cmpuint (figures.n_decided, ==, 2);
  g_assert_cmpfloat_with_epsilon (figures.per_hour, 36, 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.utilisation, 0.55, 1e-9);
}

static void
test_corrections_keep_what_was_keyed (void)
{
  g_auto (Study) self = { 0 };
  MereMoment            corrected;
  const MereStudyEvent *last;

  study_init (&self, 0);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 30, MERE_STUDY_NEXT);
  wait_s (&self, 5);
  shift (&self, -10);
  shift (&self, 1);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 21);
  g_assert_cmpuint (passenger (&self, 1)->corrections, ==, 2);
  g_assert_cmpint (passenger (&self, 1)->keyed[MERE_STUDY_AT_DECISION].boot_us, ==, 530 * S);
  last = mere_study_board_get_recent (self.board, 0, &corrected);
  g_assert_cmpint (last->kind, ==, MERE_STUDY_DECISION);
  g_assert_cmpint (corrected.boot_us, ==, 521 * S);
  g_assert_cmpint (mere_study_board_get_corrected (self.board, 1).boot_us, ==, 521 * S);
  press (&self, MERE_STUDY_TAKE_BACK);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 20);
}

static void
assert_shift_refused (Study *self,
                      double s)
{
  MereStudyEvent event;
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_study_board_shift (self->board, (gint64) (s * S), &self->now, &event, &error));
  g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_UNEXPECTED);
}

static void
test_no_correction_turns_the_order_around (void)
{
  g_auto (Study) self = { 0 };

  study_init (&self, 0);
  press (&self, MERE_STUDY_NEXT);
  press_after (&self, 4, MERE_STUDY_NEXT);
  wait_s (&self, 2);
  assert_shift_refused (&self, -10);
  assert_shift_refused (&self, 10);
  assert_shift_refused (&self, 0);
  shift (&self, -4);
  assert_shift_refused (&self, -1);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 0);
  shift (&self, 6);
  assert_shift_refused (&self, 1);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 6);
}

static void
test_attributes_hold_for_all_that_follow (void)
{
  g_auto (Study) self = { 0 };
  MereStudyEvent event;
  g_autoptr (GError) error = NULL;

  study_init (&self, 0);
  describe (&self, 0, "lane", "foreign");
  press (&self, MERE_STUDY_NEXT);
  describe (&self, 1, "document", "card");
  press (&self, MERE_STUDY_NEXT);
  describe (&self, 0, "lane", "citizen");
  press (&self, MERE_STUDY_NEXT);
  g_assert_cmpstr (mere_study_passenger_get_attribute (passenger (&self, 1), "lane"), ==, "foreign");
  g_assert_cmpstr (mere_study_passenger_get_attribute (passenger (&self, 1), "document"), ==, "card");
  g_assert_cmpstr (mere_study_passenger_get_attribute (passenger (&self, 2), "lane"), ==, "citizen");
  g_assert_null (mere_study_passenger_get_attribute (passenger (&self, 2), "document"));
  press (&self, MERE_STUDY_TAKE_BACK);
  press (&self, MERE_STUDY_TAKE_BACK);
  press (&self, MERE_STUDY_NEXT);
  g_assert_cmpstr (mere_study_passenger_get_attribute (passenger (&self, 2), "lane"), ==, "foreign");
  g_assert_false (mere_study_board_describe (self.board, 1, "name", "Eriksson", &self.now, &event, &error));
  g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOT_ALLOWED);
}

static void
test_a_clock_that_is_set_moves_no_time (void)
{
  g_auto (Study) self = { 0 };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  study_init (&self, 0);
  press (&self, MERE_STUDY_NEXT);
  self.now.utc_us -= G_GINT64_CONSTANT (86400) * S;
  press_after (&self, 12.345, MERE_STUDY_NEXT);
  assert_duration (&self, 1, MERE_STUDY_SERVICE, 12.345);
  first = mere_study_board_dup_time (self.board, &passenger (&self, 1)->at[MERE_STUDY_AT_BOOTH]);
  second = mere_study_board_dup_time (self.board, &passenger (&self, 1)->at[MERE_STUDY_AT_DECISION]);
  g_assert_cmpstr (first, ==, "2026-11-24T16:05:09.000+01:00");
  g_assert_cmpstr (second, ==, "2026-11-24T16:05:21.345+01:00");
}

static void
test_a_restart_falls_back_to_the_wall_clock (void)
{
  g_auto (Study) self = { 0 };
  MereStudyDuration service;

  study_init (&self, 0);
  press (&self, MERE_STUDY_NEXT);
  self.now.boot = 8;
  self.now.boot_us = 3 * S;
  self.now.utc_us += 90 * S;
  press (&self, MERE_STUDY_NEXT);
  service = mere_study_passenger_get_duration (passenger (&self, 1), MERE_STUDY_SERVICE);
  g_assert_true (service.wall_clock);
  g_assert_cmpint (service.us, ==, 90 * S);
  g_assert_cmpuint (mere_study_board_get_figures (self.board, MERE_STUDY_SERVICE).wall_clock, ==, 1);
}

static void
test_events_that_do_not_fit_are_refused (void)
{
  static const struct
  {
    guint         sequence;
    MereStudyKind kind;
    guint         passenger;
    guint         target;
  } cases[] = {
    { 3, MERE_STUDY_BOOTH, 2, 0 },    /* a gap */
    { 1, MERE_STUDY_BOOTH, 2, 0 },    /* a double */
    { 2, MERE_STUDY_BOOTH, 2, 0 },    /* somebody is at the booth */
    { 2, MERE_STUDY_DECISION, 2, 0 }, /* nobody of that number */
    { 2, MERE_STUDY_EXIT, 1, 0 },     /* before a decision */
    { 2, MERE_STUDY_UP, 0, 0 },       /* was not down */
    { 2, MERE_STUDY_OPEN, 1, 0 },     /* an event of the booth */
    { 2, MERE_STUDY_UNDO, 0, 9 },     /* takes nothing back */
    { 2, MERE_STUDY_COUNT, 0, 0 },    /* counts nothing */
    { 2, 'y', 1, 0 },
  };
  g_auto (Study) self = { 0 };

  study_init (&self, 0);
  press (&self, MERE_STUDY_NEXT);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MereStudyEvent event = { .sequence = cases[i].sequence, .kind = cases[i].kind, .passenger = cases[i].passenger, .target = cases[i].target, .moment = self.now };
      g_autoptr (GError) error = NULL;

      g_assert_false (mere_study_board_feed (self.board, &event, &error));
      g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_UNEXPECTED);
    }
  g_assert_cmpuint (mere_study_board_get_n_events (self.board), ==, 1);
}

/* Whatever is keyed, a second board that is fed the same events says the same, and the samples are those of the
 * passengers. */
static void
test_feeding_again_gives_the_same_board (void)
{
  for (guint run = 0; run < 20; run++)
    {
      g_auto (Study) self = { 0 };
      g_autoptr (MereStudyBoard) again = NULL;
      MereStudySight sight = (MereStudySight) g_test_rand_int_range (0, 8);
      guint          services = 0;

      study_init (&self, sight);
      for (guint i = 0; i < 300; i++)
        {
          MereStudyEvent event;
          gboolean       meant;

          wait_s (&self, g_test_rand_double_range (0.01, 20));
          if (g_test_rand_int_range (0, 12) == 0)
            meant = mere_study_board_shift (self.board, g_test_rand_bit () ? S : -S, &self.now, &event, NULL);
          else
            meant = mere_study_board_press (self.board, g_test_rand_bit () ? MERE_STUDY_NEXT : (MereStudyVerb) g_test_rand_int_range (0, MERE_STUDY_TAKE_BACK + 1), &self.now, &event, NULL);
          if (meant)
            feed (&self, &event);
        }
      again = mere_study_board_new (sight);
      for (guint i = 0; i < mere_study_board_get_n_events (self.board); i++)
        g_assert_true (mere_study_board_feed (again, mere_study_board_get_event (self.board, i), NULL));
      g_assert_cmpuint (mere_study_board_get_n_passengers (again), ==, mere_study_board_get_n_passengers (self.board));
      g_assert_cmpint (mere_study_board_get_expected (again), ==, mere_study_board_get_expected (self.board));
      for (guint i = 0; i < mere_study_board_get_n_passengers (self.board); i++)
        {
          MereStudyDuration service = mere_study_passenger_get_duration (mere_study_board_get_passenger (self.board, i), MERE_STUDY_SERVICE);

          services += service.known && !service.censored;
          g_assert_cmpint (service.us, >=, 0);
          g_assert_cmpint (service.us, ==, mere_study_passenger_get_duration (mere_study_board_get_passenger (again, i), MERE_STUDY_SERVICE).us);
        }
      g_assert_cmpuint (mere_sample_get_n (mere_study_board_get_sample (self.board, MERE_STUDY_SERVICE)), ==, services);
      g_assert_cmpuint (mere_sample_get_n (mere_study_board_get_sample (again, MERE_STUDY_SERVICE)), ==, services);
    }
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/board/what-comes-next-follows-from-what-is-seen", test_what_comes_next_follows_from_what_is_seen);
  g_test_add_func ("/board/durations-are-those-of-the-keys", test_durations_are_those_of_the_keys);
  g_test_add_func ("/board/undo-takes-the-last-event-back", test_undo_takes_the_last_event_back);
  g_test_add_func ("/board/the-second-line-goes-on-beside-the-booth", test_the_second_line_goes_on_beside_the_booth);
  g_test_add_func ("/board/who-is-refused-is-decided", test_who_is_refused_is_decided);
  g_test_add_func ("/board/who-is-lost-took-at-least-as-long", test_who_is_lost_took_at_least_as_long);
  g_test_add_func ("/board/one-marker-at-a-time", test_one_marker_at_a_time);
  g_test_add_func ("/board/booth-and-outage-are-summed", test_booth_and_outage_are_summed);
  g_test_add_func ("/board/corrections-keep-what-was-keyed", test_corrections_keep_what_was_keyed);
  g_test_add_func ("/board/no-correction-turns-the-order-around", test_no_correction_turns_the_order_around);
  g_test_add_func ("/board/attributes-hold-for-all-that-follow", test_attributes_hold_for_all_that_follow);
  g_test_add_func ("/board/a-clock-that-is-set-moves-no-time", test_a_clock_that_is_set_moves_no_time);
  g_test_add_func ("/board/a-restart-falls-back-to-the-wall-clock", test_a_restart_falls_back_to_the_wall_clock);
  g_test_add_func ("/board/events-that-do-not-fit-are-refused", test_events_that_do_not_fit_are_refused);
  g_test_add_func ("/board/feeding-again-gives-the-same-board", test_feeding_again_gives_the_same_board);
  return g_test_run ();
}
