/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/study/event.h"

G_BEGIN_DECLS

/* The moments of a passenger, in the order of the house. */
typedef enum {
  MERE_STUDY_AT_QUEUE,
  MERE_STUDY_AT_BOOTH,
  MERE_STUDY_AT_PRESENT,
  MERE_STUDY_AT_DECISION,
  MERE_STUDY_AT_SECOND_LINE,
  MERE_STUDY_AT_SECOND_START,
  MERE_STUDY_AT_SECOND_END,
  MERE_STUDY_AT_EXIT,
  MERE_STUDY_AT_LOST,
  MERE_STUDY_N_STAGES,
} MereStudyStage;

typedef enum {
  MERE_STUDY_WAIT,           /* B - Q */
  MERE_STUDY_SERVICE,        /* D - B; S - B where no D was seen */
  MERE_STUDY_HANDLING,       /* P - B */
  MERE_STUDY_CHECK,          /* D - P; S - P where no D was seen */
  MERE_STUDY_SECOND_WAIT,    /* S1 - S */
  MERE_STUDY_SECOND_SERVICE, /* S2 - S1 */
  MERE_STUDY_TOTAL,          /* X - Q; S2 - Q or D - Q where X is not seen */
  MERE_STUDY_N_SPANS,
} MereStudySpan;

/* Stable names for files: "wait", "service" …; and labels in the language of the program. */
const char *mere_study_span_get_name (MereStudySpan span);
const char *mere_study_span_get_label (MereStudySpan span);

/**
 * MereStudyDuration:
 * @known: both ends were seen, or the first one and the passenger was lost
 * @censored: the true duration is at least @us
 * @wall_clock: the machine restarted in between: @us comes from the wall clock
 */
typedef struct
{
  gboolean known;
  gboolean censored;
  gboolean wall_clock;
  gint64   us;
} MereStudyDuration;

/* A passenger as the board knows it now; borrowed from the board until its next event. */
typedef struct
{
  guint       number; /* from 1, in order of appearance */
  gboolean    seen[MERE_STUDY_N_STAGES];
  MereMoment  at[MERE_STUDY_N_STAGES];    /* corrected */
  MereMoment  keyed[MERE_STUDY_N_STAGES]; /* as keyed; the same where nothing was corrected */
  GHashTable *attributes;                 /* name → value, with those that held for all when the passenger appeared */
  GPtrArray  *notes;                      /* (element-type utf8) */
  guint       corrections;                /* how many times its events were corrected */
} MereStudyPassenger;

MereStudyDuration mere_study_passenger_get_duration (const MereStudyPassenger *self, MereStudySpan span);
/* "released", "second-line", "refused", "referred", "lost"; "open" while there is none. */
const char *mere_study_passenger_get_outcome (const MereStudyPassenger *self);
const char *mere_study_passenger_get_attribute (const MereStudyPassenger *self, const char *name); /* or NULL */
/* Decided, or lost: nothing more happens at the booth. */
gboolean mere_study_passenger_is_decided (const MereStudyPassenger *self);

G_END_DECLS
