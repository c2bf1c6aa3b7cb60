/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The board of a time study: takes events in, keeps passengers and samples up with them. One event touches one
 * passenger: its durations leave the samples, it is built anew from its own few events, its durations come back. */

#include "config.h"

#include "app/study/board.h"

#include "app/study/board-private.h"

static void
entry_free (gpointer data)
{
  Entry *self = data;

  mere_study_event_free (self->event);
  g_free (self->standing_before);
  g_free (self);
}

static GHashTable *
new_attributes (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
passenger_free (gpointer data)
{
  Passenger *self = data;

  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->seen.notes);
  g_hash_table_unref (self->seen.attributes);
  g_hash_table_unref (self->standing);
  g_free (self);
}

static void
copy_attributes (GHashTable *from, GHashTable *to)
{
  GHashTableIter iter;
  gpointer       name, value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_replace (to, g_strdup (name), g_strdup (value));
}

static Passenger *
passenger_new (guint number, GHashTable *standing)
{
  Passenger *self = g_new0 (Passenger, 1);

  self->seen.number = number;
  self->seen.attributes = new_attributes ();
  self->seen.notes = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_ptr_array_new ();
  self->standing = new_attributes ();
  copy_attributes (standing, self->standing);
  return self;
}

MereStudyBoard *
mere_study_board_new (MereStudySight sight)
{
  MereStudyBoard *self = g_new0 (MereStudyBoard, 1);

  self->sight = sight;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->passengers = g_ptr_array_new_with_free_func (passenger_free);
  self->standing = new_attributes ();
  for (guint span = 0; span < MERE_STUDY_N_SPANS; span++)
    self->samples[span] = mere_sample_new ();
  return self;
}

void
mere_study_board_free (MereStudyBoard *self)
{
  for (guint span = 0; span < MERE_STUDY_N_SPANS; span++)
    mere_sample_free (self->samples[span]);
  g_ptr_array_unref (self->passengers);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->standing);
  g_free (self);
}

Passenger *
mere_board_passenger (MereStudyBoard *self, guint number)
{
  return number >= 1 && number <= self->passengers->len ? g_ptr_array_index (self->passengers, number - 1) : NULL;
}

Entry *
mere_board_entry (MereStudyBoard *self, guint sequence)
{
  return sequence >= 1 && sequence <= self->entries->len ? g_ptr_array_index (self->entries, sequence - 1) : NULL;
}

gboolean
mere_board_is_busy (MereStudyBoard *self)
{
  Passenger *current = mere_board_passenger (self, self->state.current);

  return current && !mere_study_passenger_is_decided (&current->seen);
}

gboolean
mere_board_is_observed (MereStudyKind kind)
{
  return kind != MERE_STUDY_ATTRIBUTE && kind != MERE_STUDY_NOTE && kind != MERE_STUDY_SHIFT && kind != MERE_STUDY_UNDO;
}

static gboolean
stands (const Entry *entry, gboolean observed)
{
  if (entry->undone || entry->event->kind == MERE_STUDY_UNDO)
    return FALSE;
  return !observed || mere_board_is_observed (entry->event->kind);
}

Entry *
mere_board_last (MereStudyBoard *self, gboolean observed)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->entries, i - 1);

      if (stands (entry, observed))
        return entry;
    }
  return NULL;
}

MereMoment
mere_board_corrected (const Entry *entry)
{
  MereMoment moment = entry->event->moment;

  moment.utc_us += entry->shift_us;
  moment.boot_us += entry->shift_us;
  return moment;
}

/* Takes the passenger's durations into the samples (@step 1) or out of them (-1). */
static void
account (MereStudyBoard *self, const Passenger *passenger, int step)
{
  for (guint span = 0; span < MERE_STUDY_N_SPANS; span++)
    {
      MereStudyDuration duration = mere_study_passenger_get_duration (&passenger->seen, span);

      if (!duration.known)
        continue;
      self->wall_clock[span] += duration.wall_clock ? (guint) step : 0;
      if (duration.censored)
        self->censored[span] += (guint) step;
      else if (step > 0)
        mere_sample_add (self->samples[span], duration.us);
      else
        mere_sample_remove (self->samples[span], duration.us);
    }
  if (mere_study_passenger_is_decided (&passenger->seen))
    self->n_decided += (guint) step;
}

static const struct
{
  MereStudyKind  kind;
  MereStudyStage stage;
} stages[] = {
  { MERE_STUDY_QUEUE, MERE_STUDY_AT_QUEUE },
  { MERE_STUDY_BOOTH, MERE_STUDY_AT_BOOTH },
  { MERE_STUDY_PRESENT, MERE_STUDY_AT_PRESENT },
  { MERE_STUDY_DECISION, MERE_STUDY_AT_DECISION },
  { MERE_STUDY_SECOND_LINE, MERE_STUDY_AT_SECOND_LINE },
  { MERE_STUDY_SECOND_START, MERE_STUDY_AT_SECOND_START },
  { MERE_STUDY_SECOND_END, MERE_STUDY_AT_SECOND_END },
  { MERE_STUDY_EXIT, MERE_STUDY_AT_EXIT },
  { MERE_STUDY_LOST, MERE_STUDY_AT_LOST },
};

static void
apply_stage (MereStudyPassenger *seen, const Entry *entry)
{
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    if (stages[i].kind == entry->event->kind)
      {
        seen->seen[stages[i].stage] = TRUE;
        seen->at[stages[i].stage] = mere_board_corrected (entry);
        seen->keyed[stages[i].stage] = entry->event->moment;
      }
}

static void
rebuild (Passenger *self)
{
  MereStudyPassenger *seen = &self->seen;

  memset (seen->seen, 0, sizeof seen->seen);
  seen->corrections = 0;
  g_hash_table_remove_all (seen->attributes);
  g_ptr_array_set_size (seen->notes, 0);
  copy_attributes (self->standing, seen->attributes);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry          *entry = g_ptr_array_index (self->entries, i);
      const MereStudyEvent *event = entry->event;

      if (entry->undone)
        continue;
      apply_stage (seen, entry);
      seen->corrections += entry->corrections;
      if (event->kind == MERE_STUDY_NOTE)
        g_ptr_array_add (seen->notes, g_strdup (event->value));
      if (event->kind == MERE_STUDY_ATTRIBUTE || (event->kind == MERE_STUDY_DECISION && event->name))
        g_hash_table_replace (seen->attributes, g_strdup (event->name), g_strdup (event->value));
    }
}

static void
refresh (MereStudyBoard *self, guint number)
{
  Passenger *passenger = mere_board_passenger (self, number);

  if (!passenger)
    return;
  account (self, passenger, -1);
  rebuild (passenger);
  account (self, passenger, 1);
}

static void
set_standing (MereStudyBoard *self, const char *name, const char *value)
{
  if (value)
    g_hash_table_replace (self->standing, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (self->standing, name);
}

/* What the event changes for those that follow. */
static void
advance (MereStudyBoard *self, const MereStudyEvent *event)
{
  switch (event->kind)
    {
    case MERE_STUDY_QUEUE:
      if (event->name)
        self->state.marker = event->passenger;
      else
        self->state.current = event->passenger;
      break;
    case MERE_STUDY_BOOTH:
      self->state.current = event->passenger;
      if (self->state.marker == event->passenger)
        self->state.marker = 0;
      break;
    case MERE_STUDY_LOST:
      if (self->state.marker == event->passenger)
        self->state.marker = 0;
      break;
    case MERE_STUDY_OPEN:
    case MERE_STUDY_CLOSED:
      self->state.open = event->kind == MERE_STUDY_OPEN;
      break;
    case MERE_STUDY_DOWN:
    case MERE_STUDY_UP:
      self->state.down = event->kind == MERE_STUDY_DOWN;
      break;
    case MERE_STUDY_ATTRIBUTE:
      if (event->passenger == 0)
        set_standing (self, event->name, event->value);
      break;
    default:
      break;
    }
}

static void
shift_target (MereStudyBoard *self, const MereStudyEvent *event, int step)
{
  Entry *target = mere_board_entry (self, event->target);

  target->shift_us += step * event->shift_us;
  target->corrections += (guint) step;
}

static void
take_back (MereStudyBoard *self, Entry *entry)
{
  const MereStudyEvent *event = entry->event;
  Passenger            *passenger = mere_board_passenger (self, event->passenger);

  entry->undone = TRUE;
  self->state = entry->before;
  if (event->kind == MERE_STUDY_SHIFT)
    shift_target (self, event, -1);
  if (event->kind == MERE_STUDY_ATTRIBUTE && event->passenger == 0)
    set_standing (self, event->name, entry->standing_before);
  refresh (self, event->passenger);
  /* Events are taken back newest first: a passenger's first one goes when all its others and all later passengers
   * have gone. */
  if (passenger && g_ptr_array_index (passenger->entries, 0) == entry)
    g_ptr_array_remove_index (self->passengers, self->passengers->len - 1);
}

static void
take_in (MereStudyBoard *self, Entry *entry)
{
  const MereStudyEvent *event = entry->event;

  if (event->passenger == self->passengers->len + 1)
    g_ptr_array_add (self->passengers, passenger_new (event->passenger, self->standing));
  if (event->passenger != 0)
    g_ptr_array_add (mere_board_passenger (self, event->passenger)->entries, entry);
  if (event->kind == MERE_STUDY_ATTRIBUTE && event->passenger == 0)
    entry->standing_before = g_strdup (g_hash_table_lookup (self->standing, event->name));
  if (event->kind == MERE_STUDY_SHIFT)
    shift_target (self, event, 1);
  advance (self, event);
  refresh (self, event->passenger);
}

gboolean
mere_study_board_feed (MereStudyBoard *self, const MereStudyEvent *event, GError **error)
{
  Entry *entry;

  if (!mere_board_fits (self, event, error))
    return FALSE;
  entry = g_new0 (Entry, 1);
  entry->event = mere_study_event_copy (event);
  entry->before = self->state;
  g_ptr_array_add (self->entries, entry);
  if (event->kind == MERE_STUDY_UNDO)
    take_back (self, mere_board_entry (self, event->target));
  else
    take_in (self, entry);
  return TRUE;
}

guint
mere_study_board_get_current (MereStudyBoard *self)
{
  return mere_board_is_busy (self) ? self->state.current : 0;
}

guint
mere_study_board_get_marker (MereStudyBoard *self)
{
  return self->state.marker;
}

gboolean
mere_study_board_is_down (MereStudyBoard *self)
{
  return self->state.down;
}

gboolean
mere_study_board_is_open (MereStudyBoard *self)
{
  return self->state.open;
}

guint
mere_study_board_get_sequence (MereStudyBoard *self)
{
  return self->entries->len;
}

const MereStudyEvent *
mere_study_board_get_recent (MereStudyBoard *self, guint nth, MereMoment *corrected)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->entries, i - 1);

      if (!stands (entry, TRUE) || nth-- > 0)
        continue;
      if (corrected)
        *corrected = mere_board_corrected (entry);
      return entry->event;
    }
  return NULL;
}

guint
mere_study_board_get_n_events (MereStudyBoard *self)
{
  return self->entries->len;
}

const MereStudyEvent *
mere_study_board_get_event (MereStudyBoard *self, guint index)
{
  g_return_val_if_fail (index < self->entries->len, NULL);

  return mere_board_entry (self, index + 1)->event;
}

gboolean
mere_study_board_is_undone (MereStudyBoard *self, guint index)
{
  g_return_val_if_fail (index < self->entries->len, FALSE);

  return mere_board_entry (self, index + 1)->undone;
}

MereMoment
mere_study_board_get_corrected (MereStudyBoard *self, guint index)
{
  g_return_val_if_fail (index < self->entries->len, (MereMoment){ 0 });

  return mere_board_corrected (mere_board_entry (self, index + 1));
}

guint
mere_study_board_get_n_passengers (MereStudyBoard *self)
{
  return self->passengers->len;
}

const MereStudyPassenger *
mere_study_board_get_passenger (MereStudyBoard *self, guint index)
{
  g_return_val_if_fail (index < self->passengers->len, NULL);

  return &mere_board_passenger (self, index + 1)->seen;
}

guint
mere_study_board_get_n_decided (MereStudyBoard *self)
{
  return self->n_decided;
}

char *
mere_study_board_dup_time (MereStudyBoard *self, const MereMoment *moment)
{
  MereMoment time = *moment;

  if (self->entries->len > 0)
    {
      const MereMoment *first = &mere_board_entry (self, 1)->event->moment;

      time.utc_us = first->utc_us + mere_moment_between (first, moment, NULL);
    }
  return mere_moment_to_iso8601 (&time);
}

const MereSample *
mere_study_board_get_sample (MereStudyBoard *self, MereStudySpan span)
{
  g_return_val_if_fail (span < MERE_STUDY_N_SPANS, NULL);

  return self->samples[span];
}

MereFigures
mere_study_board_get_figures (MereStudyBoard *self, MereStudySpan span)
{
  g_return_val_if_fail (span < MERE_STUDY_N_SPANS, (MereFigures){ 0 });

  return mere_figures_of (self->samples[span], self->censored[span], self->wall_clock[span]);
}
