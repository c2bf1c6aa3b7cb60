/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/study/figures.h"
#include "app/study/passenger.h"

G_BEGIN_DECLS

/**
 * MereStudyBoard:
 *
 * A time study at one booth while it is taken: which event comes next, the passengers, the figures so far. Knows
 * neither clock nor disk. A key becomes an event in three steps, so that nothing is shown that is not kept:
 *
 *   1. mere_study_board_press() (or _note, _shift, _describe, _count) says which event the key means; changes nothing.
 *   2. The caller commits that event.
 *   3. mere_study_board_feed() takes it in.
 *
 * After a crash, feeding the committed events in order gives the same board. One event costs O(log n) comparisons and
 * one short memory move, whatever was observed before. Belongs to one thread.
 */
typedef struct _MereStudyBoard MereStudyBoard;

/* Which of a passenger's events the observer can see; B and D always. The expected sequence follows from it. */
typedef enum {
  MERE_STUDY_SEES_QUEUE = 1 << 0,   /* follows each passenger from the queue's tail: Q first */
  MERE_STUDY_SEES_PRESENT = 1 << 1, /* P between B and D */
  MERE_STUDY_SEES_EXIT = 1 << 2,    /* X after D, before the next passenger */
} MereStudySight;

#define MERE_STUDY_SIGHT_DEFAULT (MERE_STUDY_SEES_PRESENT)

/* What a key asks for. */
typedef enum {
  MERE_STUDY_NEXT,           /* the expected event */
  MERE_STUDY_SEND_SECOND,    /* the one at the booth goes to the second line: S */
  MERE_STUDY_REFUSE,         /* D with outcome refused */
  MERE_STUDY_TOGGLE_OUTAGE,  /* N or U */
  MERE_STUDY_TOGGLE_OPEN,    /* O or C */
  MERE_STUDY_IDLE,           /* W */
  MERE_STUDY_INTERRUPT,      /* I */
  MERE_STUDY_MARK,           /* Q of a new marker, without changing who is at the booth; one marker at a time */
  MERE_STUDY_MARKER_ARRIVES, /* B of the open marker */
  MERE_STUDY_LOSE,           /* L of the one at the booth, else of the marker */
  MERE_STUDY_START_SECOND,   /* S1 of the one who waits longest for the second line */
  MERE_STUDY_END_SECOND,     /* S2 of the one who has been longest in it */
  MERE_STUDY_TAKE_BACK,      /* undoes the last event that still stands */
} MereStudyVerb;

MereStudyBoard *mere_study_board_new (MereStudySight sight) G_GNUC_WARN_UNUSED_RESULT;
void            mere_study_board_free (MereStudyBoard *self);

/**
 * mere_study_board_press:
 * @event: (out caller-allocates): the event that @verb means now, with the board's next sequence; clear it afterwards
 *
 * Changes nothing. Fails with %MERE_STUDY_ERROR_UNEXPECTED where the verb makes no sense now (nobody at the booth to
 * refuse), or %MERE_STUDY_ERROR_NOTHING.
 */
gboolean mere_study_board_press (MereStudyBoard   *self,
                                 MereStudyVerb     verb,
                                 const MereMoment *now,
                                 MereStudyEvent   *event,
                                 GError          **error);

/* A note to the last event that still stands; a correction of it, by ±1 s or ±10 s as the keys have them. */
gboolean mere_study_board_note (MereStudyBoard *self, const char *text, const MereMoment *now, MereStudyEvent *event, GError **error);
gboolean mere_study_board_shift (MereStudyBoard *self, gint64 shift_us, const MereMoment *now, MereStudyEvent *event, GError **error);

/* An attribute of @passenger, or with 0 of all that follow; see mere_study_attribute_check(). */
gboolean mere_study_board_describe (MereStudyBoard   *self,
                                    guint             passenger,
                                    const char       *name,
                                    const char       *value,
                                    const MereMoment *now,
                                    MereStudyEvent   *event,
                                    GError          **error);

/* A snapshot: how many wait, how many booths are staffed. */
gboolean mere_study_board_count (MereStudyBoard *self, guint waiting, guint staffed, const MereMoment *now, MereStudyEvent *event, GError **error);

/**
 * mere_study_board_feed:
 *
 * Takes in an event that is kept. Its sequence must be the next one; what does not fit is refused with
 * %MERE_STUDY_ERROR_UNEXPECTED (or _NOT_ALLOWED) and changes nothing.
 */
gboolean mere_study_board_feed (MereStudyBoard *self, const MereStudyEvent *event, GError **error);

/* Where the study stands. */
MereStudyKind mere_study_board_get_expected (MereStudyBoard *self); /* what MERE_STUDY_NEXT gives */
guint         mere_study_board_get_current (MereStudyBoard *self);  /* the one at the booth, or 0 */
guint         mere_study_board_get_marker (MereStudyBoard *self);   /* the open marker, or 0 */
gboolean      mere_study_board_is_down (MereStudyBoard *self);      /* between N and U */
gboolean      mere_study_board_is_open (MereStudyBoard *self);      /* after O and before C */
guint         mere_study_board_get_sequence (MereStudyBoard *self); /* of the last event fed, 0 at first */

/**
 * mere_study_board_get_recent:
 * @nth: 0 for the last event of a passenger or of the booth that still stands, 1 for the one before …
 * @corrected: (out) (optional): its moment after all corrections
 *
 * Returns: (nullable): the event, borrowed until the next feed
 */
const MereStudyEvent *mere_study_board_get_recent (MereStudyBoard *self, guint nth, MereMoment *corrected);

/* All events that were fed, undone ones too, by index from 0. */
guint                 mere_study_board_get_n_events (MereStudyBoard *self);
const MereStudyEvent *mere_study_board_get_event (MereStudyBoard *self, guint index);
gboolean              mere_study_board_is_undone (MereStudyBoard *self, guint index);
MereMoment            mere_study_board_get_corrected (MereStudyBoard *self, guint index); /* its moment after all corrections */

/* Passengers by index from 0. One whose first event was undone is gone, and its number is given again. */
guint                     mere_study_board_get_n_passengers (MereStudyBoard *self);
const MereStudyPassenger *mere_study_board_get_passenger (MereStudyBoard *self, guint index);
/* How many reached a decision (or were lost); the count that is shown. */
guint mere_study_board_get_n_decided (MereStudyBoard *self);

/**
 * mere_study_board_dup_time:
 * @moment: of a passenger's stage, or of an event (mere_study_board_get_recent() gives the corrected one)
 *
 * The moment for a record: the wall clock of the study's first event plus what the boot clock says since, so that
 * differences between such times are true durations even where the clock was set. After a restart, the wall clock.
 *
 * Returns: (transfer full): "2026-11-24T16:05:09.123+01:00"
 */
char *mere_study_board_dup_time (MereStudyBoard *self, const MereMoment *moment);

/* The complete durations of one kind, in order of size, kept up with every event; for mere_figures_*. */
const MereSample *mere_study_board_get_sample (MereStudyBoard *self, MereStudySpan span);
/* Median, P90 … of one kind of duration, each only where there is enough data. */
MereFigures mere_study_board_get_figures (MereStudyBoard *self, MereStudySpan span);

/* What the booth did: see MereBoothFigures. Costs O(number of events). */
void mere_study_board_get_booth (MereStudyBoard *self, MereBoothFigures *figures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStudyBoard, mere_study_board_free)

G_END_DECLS
