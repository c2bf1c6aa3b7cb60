/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which event fits what the board knows, and which one a key means. */

#include "config.h"

#include "app/study/board-private.h"

#include <glib/gi18n-lib.h>

#define NOTE_MAX 2000                                      /* characters */
#define SHIFT_MAX_US (24 * 3600 * (gint64) G_USEC_PER_SEC) /* a correction is of seconds, a typing error of hours */
#define COUNT_MAX 100000

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_UNEXPECTED, why);
  return FALSE;
}

static gboolean
seen (MereStudyBoard *self, guint number, MereStudyStage stage)
{
  Passenger *passenger = mere_board_passenger (self, number);

  return passenger && passenger->seen.seen[stage];
}

static gboolean
has_left (MereStudyBoard *self, guint number)
{
  return seen (self, number, MERE_STUDY_AT_EXIT) || seen (self, number, MERE_STUDY_AT_LOST);
}

static gboolean
is_new (MereStudyBoard *self, guint number)
{
  return number == self->passengers->len + 1;
}

static gboolean
is_marker (const MereStudyEvent *event)
{
  return g_strcmp0 (event->name, "marker") == 0;
}

static gboolean
fits_queue (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (!is_new (self, event->passenger))
    return refuse (error, _ ("Nobody joins the queue twice"));
  if (is_marker (event) && self->state.marker != 0)
    return refuse (error, _ ("There is a marker in the queue already"));
  if (!is_marker (event) && mere_board_is_busy (self))
    return refuse (error, _ ("Another passenger is still being followed"));
  return TRUE;
}

static gboolean
fits_booth (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  gboolean queued = seen (self, event->passenger, MERE_STUDY_AT_QUEUE) &&
                    !seen (self, event->passenger, MERE_STUDY_AT_BOOTH) && !has_left (self, event->passenger);

  if (mere_board_is_busy (self) && event->passenger != self->state.current)
    return refuse (error, _ ("Somebody is at the booth still"));
  if (!queued && !is_new (self, event->passenger))
    return refuse (error, _ ("Nobody reaches the booth twice"));
  return TRUE;
}

static gboolean
is_served (MereStudyBoard *self, guint number)
{
  return number != 0 && number == self->state.current && mere_board_is_busy (self) &&
         seen (self, number, MERE_STUDY_AT_BOOTH);
}

static gboolean
fits_service (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (!is_served (self, event->passenger))
    return refuse (error, _ ("Nobody is at the booth"));
  if (event->kind == MERE_STUDY_PRESENT && seen (self, event->passenger, MERE_STUDY_AT_PRESENT))
    return refuse (error, _ ("The documents were presented already"));
  if (event->kind == MERE_STUDY_DECISION && event->name)
    return g_str_equal (event->name, "outcome") ? mere_study_attribute_check (event->name, event->value, error)
                                                : refuse (error, _ ("A decision has an outcome and nothing else"));
  return TRUE;
}

static gboolean
fits_second (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  static const struct
  {
    MereStudyKind  kind;
    MereStudyStage after;
    MereStudyStage own;
  } order[] = {
    { MERE_STUDY_SECOND_LINE, MERE_STUDY_AT_BOOTH, MERE_STUDY_AT_SECOND_LINE },
    { MERE_STUDY_SECOND_START, MERE_STUDY_AT_SECOND_LINE, MERE_STUDY_AT_SECOND_START },
    { MERE_STUDY_SECOND_END, MERE_STUDY_AT_SECOND_START, MERE_STUDY_AT_SECOND_END },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (order[i].kind == event->kind &&
        (!seen (self, event->passenger, order[i].after) || seen (self, event->passenger, order[i].own) ||
         has_left (self, event->passenger)))
      return refuse (error, _ ("Nobody can go that way now"));
  return TRUE;
}

static gboolean
fits_leaving (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (!mere_board_passenger (self, event->passenger) || has_left (self, event->passenger))
    return refuse (error, _ ("There is nobody who could leave"));
  if (event->kind == MERE_STUDY_EXIT && !seen (self, event->passenger, MERE_STUDY_AT_DECISION) &&
      !seen (self, event->passenger, MERE_STUDY_AT_SECOND_LINE))
    return refuse (error, _ ("Nobody leaves before a decision; mark the passenger as lost instead"));
  return TRUE;
}

static gboolean
fits_booth_state (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (event->passenger != 0)
    return refuse (error, _ ("This is an event of the booth"));
  if (event->kind == MERE_STUDY_OPEN && self->state.open)
    return refuse (error, _ ("The booth is open already"));
  if (event->kind == MERE_STUDY_CLOSED && !self->state.open)
    return refuse (error, _ ("The booth was not opened"));
  if (event->kind == MERE_STUDY_DOWN && self->state.down)
    return refuse (error, _ ("The system is down already"));
  if (event->kind == MERE_STUDY_UP && !self->state.down)
    return refuse (error, _ ("The system was not down"));
  return TRUE;
}

static gboolean
fits_count (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (event->value ? event->value : "", "/", 3);

  if (event->passenger != 0 || g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, COUNT_MAX, NULL, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, COUNT_MAX, NULL, NULL))
    return refuse (error, _ ("A count says how many wait and how many booths are staffed"));
  return TRUE;
}

static gboolean
fits_attribute (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (event->passenger != 0 && !mere_board_passenger (self, event->passenger))
    return refuse (error, _ ("There is no such passenger"));
  return mere_study_attribute_check (event->name, event->value, error);
}

static gboolean
fits_note (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (!event->value || !*event->value || !g_utf8_validate (event->value, -1, NULL) ||
      g_utf8_strlen (event->value, -1) > NOTE_MAX)
    {
      g_set_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOT_ALLOWED,
                   _ ("A note has from 1 to %d characters"), NOTE_MAX);
      return FALSE;
    }
  return TRUE;
}

/* The event before @target of the same passenger, or of the booth; NULL where it is the first. */
static const Entry *
entry_before (MereStudyBoard *self, const Entry *target)
{
  for (guint sequence = target->event->sequence - 1; sequence > 0; sequence--)
    {
      const Entry *entry = mere_board_entry (self, sequence);

      if (!entry->undone && mere_board_is_observed (entry->event->kind) && entry->event->passenger == target->event->passenger)
        return entry;
    }
  return NULL;
}

/* What happened stays after what happened before it, and before now: no duration becomes negative. */
static gboolean
fits_shift (MereStudyBoard *self, const MereStudyEvent *event, const Entry *target, GError **error)
{
  const Entry *before = entry_before (self, target);
  MereMoment   corrected = mere_board_corrected (target);
  MereMoment   earliest = before != NULL ? mere_board_corrected (before) : corrected;

  if (event->shift_us == 0 || ABS (event->shift_us) > SHIFT_MAX_US ||
      ABS (target->shift_us + event->shift_us) > SHIFT_MAX_US)
    return refuse (error, _ ("A time is corrected by at most a day"));
  if (event->shift_us < 0 && before != NULL && mere_moment_between (&earliest, &corrected, NULL) + event->shift_us < 0)
    return refuse (error, _ ("It cannot have happened before the event that came before it"));
  if (event->shift_us > 0 && mere_moment_between (&corrected, &event->moment, NULL) < event->shift_us)
    return refuse (error, _ ("It cannot have happened later than now"));
  return TRUE;
}

static gboolean
fits_target (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  Entry *target = mere_board_entry (self, event->target);

  if (!target || target->undone || !mere_board_is_observed (target->event->kind) ||
      target->event->passenger != event->passenger)
    return refuse (error, _ ("The event that is meant does not stand"));
  if (event->kind == MERE_STUDY_NOTE)
    return fits_note (self, event, error);
  return fits_shift (self, event, target, error);
}

static gboolean
fits_undo (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  Entry *last = mere_board_last (self, FALSE);

  if (!last || last->event->sequence != event->target)
    return refuse (error, _ ("Only the last event that stands can be taken back"));
  return TRUE;
}

gboolean
mere_board_fits (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  if (event->sequence != self->entries->len + 1)
    return refuse (error, _ ("The events of the study have a gap or a double"));
  switch (event->kind)
    {
    case MERE_STUDY_QUEUE:
      return fits_queue (self, event, error);
    case MERE_STUDY_BOOTH:
      return fits_booth (self, event, error);
    case MERE_STUDY_PRESENT:
    case MERE_STUDY_DECISION:
      return fits_service (self, event, error);
    case MERE_STUDY_SECOND_LINE:
    case MERE_STUDY_SECOND_START:
    case MERE_STUDY_SECOND_END:
      return fits_second (self, event, error);
    case MERE_STUDY_EXIT:
    case MERE_STUDY_LOST:
      return fits_leaving (self, event, error);
    case MERE_STUDY_OPEN:
    case MERE_STUDY_CLOSED:
    case MERE_STUDY_WAITING:
    case MERE_STUDY_INTERRUPTION:
    case MERE_STUDY_DOWN:
    case MERE_STUDY_UP:
      return fits_booth_state (self, event, error);
    case MERE_STUDY_COUNT:
      return fits_count (self, event, error);
    case MERE_STUDY_ATTRIBUTE:
      return fits_attribute (self, event, error);
    case MERE_STUDY_NOTE:
    case MERE_STUDY_SHIFT:
      return fits_target (self, event, error);
    case MERE_STUDY_UNDO:
      return fits_undo (self, event, error);
    default:
      return refuse (error, _ ("This is not an event of a time study"));
    }
}

/* What a key means. */

MereStudyKind
mere_study_board_get_expected (MereStudyBoard *self)
{
  guint current = self->state.current;

  if (mere_board_is_busy (self))
    {
      if (!seen (self, current, MERE_STUDY_AT_BOOTH))
        return MERE_STUDY_BOOTH;
      if ((self->sight & MERE_STUDY_SEES_PRESENT) && !seen (self, current, MERE_STUDY_AT_PRESENT))
        return MERE_STUDY_PRESENT;
      return MERE_STUDY_DECISION;
    }
  if ((self->sight & MERE_STUDY_SEES_EXIT) && current != 0 && !has_left (self, current) &&
      !seen (self, current, MERE_STUDY_AT_SECOND_LINE))
    return MERE_STUDY_EXIT;
  return self->sight & MERE_STUDY_SEES_QUEUE ? MERE_STUDY_QUEUE : MERE_STUDY_BOOTH;
}

static guint
whose_next (MereStudyBoard *self, MereStudyKind expected)
{
  if (mere_board_is_busy (self) || expected == MERE_STUDY_EXIT)
    return self->state.current;
  return self->passengers->len + 1;
}

/* The one who has been longest between two stages; 0 where there is nobody. */
static guint
longest_between (MereStudyBoard *self, MereStudyStage from, MereStudyStage to)
{
  const MereMoment *earliest = NULL;
  guint             longest = 0;

  for (guint number = 1; number <= self->passengers->len; number++)
    {
      const MereMoment *since = &mere_board_passenger (self, number)->seen.at[from];

      if (!seen (self, number, from) || seen (self, number, to) || has_left (self, number))
        continue;
      if (!earliest || mere_moment_between (earliest, since, NULL) < 0)
        earliest = since, longest = number;
    }
  return longest;
}

static void
be (MereStudyEvent *event, MereStudyKind kind, guint passenger)
{
  event->kind = kind;
  event->passenger = passenger;
}

static void
set_text (MereStudyEvent *event, const char *name, const char *value)
{
  event->name = g_strdup (name);
  event->value = g_strdup (value);
}

static void
begin (MereStudyBoard *self, const MereMoment *now, MereStudyEvent *event)
{
  *event = (MereStudyEvent){ .sequence = self->entries->len + 1, .moment = *now };
}

/* Nothing leaves that would not be taken in. */
static gboolean
check (MereStudyBoard *self, MereStudyEvent *event, GError **error)
{
  if (mere_board_fits (self, event, error))
    return TRUE;
  mere_study_event_clear (event);
  return FALSE;
}

static gboolean
aim_at_last (MereStudyBoard *self, MereStudyEvent *event, gboolean observed, GError **error)
{
  Entry *last = mere_board_last (self, observed);

  if (!last)
    {
      g_set_error_literal (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_NOTHING, _ ("Nothing was observed yet"));
      return FALSE;
    }
  event->target = last->event->sequence;
  event->passenger = observed ? last->event->passenger : 0;
  return TRUE;
}

gboolean
mere_study_board_press (MereStudyBoard   *self,
                        MereStudyVerb     verb,
                        const MereMoment *now,
                        MereStudyEvent   *event,
                        GError          **error)
{
  MereStudyKind expected = mere_study_board_get_expected (self);

  begin (self, now, event);
  switch (verb)
    {
    case MERE_STUDY_NEXT:
      be (event, expected, whose_next (self, expected));
      break;
    case MERE_STUDY_SEND_SECOND:
      be (event, MERE_STUDY_SECOND_LINE, self->state.current);
      break;
    case MERE_STUDY_REFUSE:
      be (event, MERE_STUDY_DECISION, self->state.current);
      set_text (event, "outcome", "refused");
      break;
    case MERE_STUDY_TOGGLE_OUTAGE:
      be (event, self->state.down ? MERE_STUDY_UP : MERE_STUDY_DOWN, 0);
      break;
    case MERE_STUDY_TOGGLE_OPEN:
      be (event, self->state.open ? MERE_STUDY_CLOSED : MERE_STUDY_OPEN, 0);
      break;
    case MERE_STUDY_IDLE:
      be (event, MERE_STUDY_WAITING, 0);
      break;
    case MERE_STUDY_INTERRUPT:
      be (event, MERE_STUDY_INTERRUPTION, 0);
      break;
    case MERE_STUDY_MARK:
      be (event, MERE_STUDY_QUEUE, self->passengers->len + 1);
      set_text (event, "marker", "yes");
      break;
    case MERE_STUDY_MARKER_ARRIVES:
      be (event, MERE_STUDY_BOOTH, self->state.marker);
      break;
    case MERE_STUDY_LOSE:
      be (event, MERE_STUDY_LOST, mere_board_is_busy (self) ? self->state.current : self->state.marker);
      break;
    case MERE_STUDY_START_SECOND:
      be (event, MERE_STUDY_SECOND_START, longest_between (self, MERE_STUDY_AT_SECOND_LINE, MERE_STUDY_AT_SECOND_START));
      break;
    case MERE_STUDY_END_SECOND:
      be (event, MERE_STUDY_SECOND_END, longest_between (self, MERE_STUDY_AT_SECOND_START, MERE_STUDY_AT_SECOND_END));
      break;
    case MERE_STUDY_TAKE_BACK:
      event->kind = MERE_STUDY_UNDO;
      if (!aim_at_last (self, event, FALSE, error))
        return FALSE;
      break;
    default:
      g_return_val_if_reached (FALSE);
    }
  return check (self, event, error);
}

gboolean
mere_study_board_note (MereStudyBoard   *self,
                       const char       *text,
                       const MereMoment *now,
                       MereStudyEvent   *event,
                       GError          **error)
{
  begin (self, now, event);
  event->kind = MERE_STUDY_NOTE;
  if (!aim_at_last (self, event, TRUE, error))
    return FALSE;
  event->value = g_strdup (text);
  return check (self, event, error);
}

gboolean
mere_study_board_shift (MereStudyBoard   *self,
                        gint64            shift_us,
                        const MereMoment *now,
                        MereStudyEvent   *event,
                        GError          **error)
{
  begin (self, now, event);
  event->kind = MERE_STUDY_SHIFT;
  event->shift_us = shift_us;
  if (!aim_at_last (self, event, TRUE, error))
    return FALSE;
  return check (self, event, error);
}

gboolean
mere_study_board_describe (MereStudyBoard   *self,
                           guint             passenger,
                           const char       *name,
                           const char       *value,
                           const MereMoment *now,
                           MereStudyEvent   *event,
                           GError          **error)
{
  begin (self, now, event);
  be (event, MERE_STUDY_ATTRIBUTE, passenger);
  set_text (event, name, value);
  return check (self, event, error);
}

gboolean
mere_study_board_count (MereStudyBoard   *self,
                        guint             waiting,
                        guint             staffed,
                        const MereMoment *now,
                        MereStudyEvent   *event,
                        GError          **error)
{
  begin (self, now, event);
  event->kind = MERE_STUDY_COUNT;
  event->value = g_strdup_printf ("%u/%u", waiting, staffed);
  return check (self, event, error);
}
