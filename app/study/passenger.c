/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What follows from the moments of one passenger. */

#include "config.h"

#include "app/study/passenger.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *name;
  const char *label;
} spans[MERE_STUDY_N_SPANS] = {
  [MERE_STUDY_WAIT] = { "wait", NC_ ("duration", "Wait") },
  [MERE_STUDY_SERVICE] = { "service", NC_ ("duration", "Service") },
  [MERE_STUDY_HANDLING] = { "handling", NC_ ("duration", "Handling") },
  [MERE_STUDY_CHECK] = { "check", NC_ ("duration", "Check") },
  [MERE_STUDY_SECOND_WAIT] = { "second-wait", NC_ ("duration", "Wait for second line") },
  [MERE_STUDY_SECOND_SERVICE] = { "second-service", NC_ ("duration", "Second line") },
  [MERE_STUDY_TOTAL] = { "total", NC_ ("duration", "Total") },
};

const char *
mere_study_span_get_name (MereStudySpan span)
{
  g_return_val_if_fail (span < MERE_STUDY_N_SPANS, "");

  return spans[span].name;
}

const char *
mere_study_span_get_label (MereStudySpan span)
{
  g_return_val_if_fail (span < MERE_STUDY_N_SPANS, "");

  return g_dpgettext2 (GETTEXT_PACKAGE, "duration", spans[span].label);
}

/* Where the booth's service ends: at the decision, or when the passenger is sent on without one. */
static MereStudyStage
end_of_service (const MereStudyPassenger *self)
{
  return self->seen[MERE_STUDY_AT_DECISION] ? MERE_STUDY_AT_DECISION : MERE_STUDY_AT_SECOND_LINE;
}

/* Where the passage ends, as far as it was seen. */
static MereStudyStage
end_of_passage (const MereStudyPassenger *self)
{
  if (self->seen[MERE_STUDY_AT_EXIT])
    return MERE_STUDY_AT_EXIT;
  return self->seen[MERE_STUDY_AT_SECOND_LINE] ? MERE_STUDY_AT_SECOND_END : MERE_STUDY_AT_DECISION;
}

static void
ends_of (const MereStudyPassenger *self, MereStudySpan span, MereStudyStage *from, MereStudyStage *to)
{
  switch (span)
    {
    case MERE_STUDY_WAIT:
      *from = MERE_STUDY_AT_QUEUE, *to = MERE_STUDY_AT_BOOTH;
      break;
    case MERE_STUDY_SERVICE:
      *from = MERE_STUDY_AT_BOOTH, *to = end_of_service (self);
      break;
    case MERE_STUDY_HANDLING:
      *from = MERE_STUDY_AT_BOOTH, *to = MERE_STUDY_AT_PRESENT;
      break;
    case MERE_STUDY_CHECK:
      *from = MERE_STUDY_AT_PRESENT, *to = end_of_service (self);
      break;
    case MERE_STUDY_SECOND_WAIT:
      *from = MERE_STUDY_AT_SECOND_LINE, *to = MERE_STUDY_AT_SECOND_START;
      break;
    case MERE_STUDY_SECOND_SERVICE:
      *from = MERE_STUDY_AT_SECOND_START, *to = MERE_STUDY_AT_SECOND_END;
      break;
    case MERE_STUDY_TOTAL:
    case MERE_STUDY_N_SPANS:
    default:
      *from = MERE_STUDY_AT_QUEUE, *to = end_of_passage (self);
      break;
    }
}

/* Whether @span was still running when the passenger was lost; where P is not observed, handling ends with the service. */
static gboolean
was_running (const MereStudyPassenger *self, MereStudySpan span)
{
  return self->seen[MERE_STUDY_AT_LOST] && (span != MERE_STUDY_HANDLING || !self->seen[end_of_service (self)]);
}

MereStudyDuration
mere_study_passenger_get_duration (const MereStudyPassenger *self, MereStudySpan span)
{
  MereStudyDuration duration = { 0 };
  MereStudyStage    from, to;

  ends_of (self, span, &from, &to);
  if (!self->seen[from])
    return duration;
  if (!self->seen[to])
    {
      if (!was_running (self, span))
        return duration;
      duration.censored = TRUE;
      to = MERE_STUDY_AT_LOST;
    }
  duration.known = TRUE;
  duration.us = mere_moment_between (&self->at[from], &self->at[to], &duration.wall_clock);
  return duration;
}

const char *
mere_study_passenger_get_outcome (const MereStudyPassenger *self)
{
  const char *outcome = mere_study_passenger_get_attribute (self, "outcome");

  if (outcome)
    return outcome;
  if (self->seen[MERE_STUDY_AT_SECOND_LINE])
    return "second-line";
  if (self->seen[MERE_STUDY_AT_DECISION])
    return "released";
  return self->seen[MERE_STUDY_AT_LOST] ? "lost" : "open";
}

const char *
mere_study_passenger_get_attribute (const MereStudyPassenger *self, const char *name)
{
  return g_hash_table_lookup (self->attributes, name);
}

gboolean
mere_study_passenger_is_decided (const MereStudyPassenger *self)
{
  return self->seen[MERE_STUDY_AT_DECISION] || self->seen[MERE_STUDY_AT_SECOND_LINE] || self->seen[MERE_STUDY_AT_LOST];
}
