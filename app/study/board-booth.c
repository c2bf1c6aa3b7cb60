/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the booth did: one walk over the events that stand, each at its place on the boot clock. */

#include "config.h"

#include "app/study/board-private.h"

/* Something that lasts from one event to another. */
typedef struct
{
  gboolean running;
  gint64   since_us;
  gint64   sum_us;
  guint    times;
} Stretch;

static void
start (Stretch *self, gint64 at_us)
{
  if (self->running)
    return;
  self->running = TRUE;
  self->since_us = at_us;
  self->times++;
}

static void
stop (Stretch *self, gint64 at_us)
{
  if (!self->running)
    return;
  self->running = FALSE;
  /* a correction may have moved the end before the beginning */
  self->sum_us += MAX (0, at_us - self->since_us);
}

typedef struct
{
  Stretch open;
  Stretch idle;
  Stretch interrupted;
  Stretch outage;
} Booth;

static void
take (Booth *self, MereStudyKind kind, gint64 at_us)
{
  if (kind != MERE_STUDY_COUNT)
    stop (&self->interrupted, at_us);
  switch (kind)
    {
    case MERE_STUDY_OPEN:
      start (&self->open, at_us);
      break;
    case MERE_STUDY_CLOSED:
      stop (&self->open, at_us);
      stop (&self->idle, at_us);
      break;
    case MERE_STUDY_WAITING:
      start (&self->idle, at_us);
      break;
    case MERE_STUDY_BOOTH:
      stop (&self->idle, at_us);
      break;
    case MERE_STUDY_INTERRUPTION:
      start (&self->interrupted, at_us);
      break;
    case MERE_STUDY_DOWN:
      start (&self->outage, at_us);
      break;
    case MERE_STUDY_UP:
      stop (&self->outage, at_us);
      break;
    default:
      break;
    }
}

static void
end (Booth *self, gint64 at_us)
{
  stop (&self->open, at_us);
  stop (&self->idle, at_us);
  stop (&self->interrupted, at_us);
  stop (&self->outage, at_us);
}

static void
walk (MereStudyBoard *self, Booth *booth, MereBoothFigures *figures)
{
  gint64   first_us = 0, last_us = 0;
  gboolean any = FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);
      MereMoment   moment = mere_board_corrected (entry);
      gint64       at_us;

      if (entry->undone || !mere_board_is_observed (entry->event->kind))
        continue;
      at_us = mere_moment_between (&mere_board_entry (self, 1)->event->moment, &moment, NULL);
      first_us = any ? MIN (first_us, at_us) : at_us;
      last_us = any ? MAX (last_us, at_us) : at_us;
      any = TRUE;
      take (booth, entry->event->kind, at_us);
    }
  end (booth, last_us);
  figures->observed_us = last_us - first_us;
}

static void
count_passengers (MereStudyBoard *self, MereBoothFigures *figures)
{
  for (guint i = 0; i < self->passengers->len; i++)
    {
      const MereStudyPassenger *passenger = mere_study_board_get_passenger (self, i);
      MereStudyDuration         service = mere_study_passenger_get_duration (passenger, MERE_STUDY_SERVICE);
      const char               *outcome = mere_study_passenger_get_outcome (passenger);

      figures->busy_us += service.known ? service.us : 0;
      figures->n_lost += g_str_equal (outcome, "lost");
      figures->n_refused += g_str_equal (outcome, "refused");
      figures->n_second_line += passenger->seen[MERE_STUDY_AT_SECOND_LINE];
      figures->n_decided += passenger->seen[MERE_STUDY_AT_DECISION] || passenger->seen[MERE_STUDY_AT_SECOND_LINE];
    }
}

void
mere_study_board_get_booth (MereStudyBoard *self, MereBoothFigures *figures)
{
  Booth booth = { 0 };

  *figures = (MereBoothFigures){ 0 };
  walk (self, &booth, figures);
  count_passengers (self, figures);
  figures->open_us = booth.open.times > 0 ? booth.open.sum_us : figures->observed_us;
  figures->idle_us = booth.idle.sum_us;
  figures->interrupted_us = booth.interrupted.sum_us;
  figures->outage_us = booth.outage.sum_us;
  figures->n_interruptions = booth.interrupted.times;
  figures->n_outages = booth.outage.times;
  if (figures->open_us > 0)
    {
      figures->per_hour = figures->n_decided * 3600.0 * G_USEC_PER_SEC / (double) figures->open_us;
      figures->utilisation = (double) figures->busy_us / (double) figures->open_us;
    }
}
