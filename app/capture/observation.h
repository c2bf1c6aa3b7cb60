/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/capture.h"
#include "app/study/board.h"

G_BEGIN_DECLS

/**
 * MereObservation:
 *
 * A time study while it is taken: a board of app/study whose every event is in the vault before the board shows it. It
 * is a draft like any other (an instrument of the kind "observation"), so its other questions (lane, direction, team)
 * are answered through mere_observation_get_capture(). After a crash, mere_observation_open() gives the same board.
 *
 * Belongs to one thread.
 */
typedef struct _MereObservation MereObservation;

/**
 * mere_observation_new:
 * @instrument: row of an instrument with a repeat `passenger`
 * @crossing: (nullable): id of the crossing
 * @sight: which events the observer can see
 * @error: return location, domain %MERE_CAPTURE_ERROR, %MERE_STORE_ERROR or %MERE_FORM_ERROR
 */
MereObservation *mere_observation_new (MereStore     *store,
                                       gint64         instrument,
                                       const char    *crossing,
                                       MereStudySight sight,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;

MereObservation *mere_observation_open (MereStore *store, gint64 draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             mere_observation_free (MereObservation *self);

MereCapture    *mere_observation_get_capture (MereObservation *self); /* borrowed */
MereStudyBoard *mere_observation_get_board (MereObservation *self);   /* borrowed; for reading: feeding is done here */

/* Each is one event, durable on return; on failure neither board nor vault has changed. @event (out) (optional): the
 * event as the board has it, borrowed until the next one. */
gboolean mere_observation_press (MereObservation *self, MereStudyVerb verb, const MereStudyEvent **event, GError **error);
gboolean mere_observation_note (MereObservation *self, const char *text, GError **error);
gboolean mere_observation_shift (MereObservation *self, gint64 shift_us, GError **error);
gboolean mere_observation_describe (MereObservation *self, guint passenger, const char *name, const char *value, GError **error);
gboolean mere_observation_count (MereObservation *self, guint waiting, guint staffed, GError **error);

/**
 * mere_observation_finalise:
 * @invalid: (out) (optional) (transfer container) (element-type MereFormNode): see mere_capture_finalise()
 *
 * Ends the study: writes its passengers into the repeat and its figures into the questions that ask for them, and
 * makes the record. All of it is one transaction: where it is refused (an answer of the head is missing), the study
 * goes on as it was.
 *
 * Returns: (transfer full): the record's instanceID, or %NULL
 */
char *mere_observation_finalise (MereObservation *self, GPtrArray **invalid, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereObservation, mere_observation_free)

G_END_DECLS
