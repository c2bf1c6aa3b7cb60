/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A time study as a draft: each event is committed, then the board takes it in. */

#include "config.h"

#include "app/capture/observation.h"

#include "app/capture/capture-private.h"
#include "app/capture/observation-private.h"
#include "app/store/crossing.h"
#include "app/store/study-event.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

struct _MereObservation
{
  MereCapture    *capture;
  MereStudyBoard *board;
};

static MereObservation *
observation_new (MereCapture   *capture,
                 MereStudySight sight)
{
  MereObservation *self = g_new0 (MereObservation, 1);

  self->capture = g_object_ref (capture);
  self->board = mere_study_board_new (sight);
  return self;
}

void
mere_observation_free (MereObservation *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->capture);
  mere_study_board_free (self->board);
  g_free (self);
}

MereCapture *
mere_observation_get_capture (MereObservation *self)
{
  return self->capture;
}

MereStudyBoard *
mere_observation_get_board (MereObservation *self)
{
  return self->board;
}

static MereFormNode *
find_passengers (MereCapture *capture)
{
  MereFormNode *node = mere_form_node_find_child (mere_form_session_get_root (capture->session), "passenger");

  return node != NULL && mere_form_node_get_kind (node) == MERE_FORM_NODE_REPEAT ? node : NULL;
}

static void
prefill_one (MereCapture *capture,
             const char  *name,
             const char  *value)
{
  MereFormNode *study = mere_form_node_find_child (mere_form_session_get_root (capture->session), "study");
  MereFormNode *node = mere_form_node_find_child (study, name);

  if (node != NULL && *mere_form_node_get_value (node) == '\0')
    mere_form_session_put_back (capture->session, node, value);
}

/* Where and when, as the head of the study asks. */
static gboolean
prefill (MereCapture *capture,
         GError     **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  g_autoptr (MereCrossing) crossing = NULL;

  prefill_one (capture, "date", date);
  if (capture->crossing != NULL)
    {
      crossing = mere_crossing_load (capture->store, capture->crossing, error);
      if (crossing == NULL)
        return FALSE;
      prefill_one (capture, "crossing", crossing->name);
      prefill_one (capture, "mode", mere_crossing_kind_to_string (crossing->kind));
    }
  if (find_passengers (capture) != NULL)
    return TRUE;
  g_set_error (error,
               MERE_CAPTURE_ERROR,
               MERE_CAPTURE_ERROR_FORM,
               _ ("“%s” is no questionnaire for observations: it has no repeat “passenger”"),
               capture->instrument->title);
  return FALSE;
}

MereObservation *
mere_observation_new (MereStore     *store,
                      gint64         instrument,
                      const char    *crossing,
                      MereStudySight sight,
                      GError       **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  g_autoptr (MereCapture) capture = work != NULL ? mere_capture_begin (store, instrument, crossing, prefill, error) : NULL;

  if (capture == NULL || !mere_study_begin (store, capture->instance_id, sight, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return NULL;
  return observation_new (capture, sight);
}

static gboolean
event_from_row (const MereStudyRow *row,
                MereStudyEvent     *event)
{
  *event = (MereStudyEvent){
    .sequence = (guint) row->seq,
    .passenger = (guint) row->passenger,
    .target = (guint) row->target,
    .shift_us = row->shift_us,
    .moment = row->at,
    .name = g_strdup (row->name),
    .value = g_strdup (row->value),
  };
  return mere_study_kind_from_code (row->kind, &event->kind);
}

static gboolean
replay_row (MereObservation    *self,
            const MereStudyRow *row,
            GError            **error)
{
  g_auto (MereStudyEvent) event = MERE_STUDY_EVENT_INIT;
  g_autoptr (GError) problem = NULL;

  if (event_from_row (row, &event) && mere_study_board_feed (self->board, &event, &problem))
    return TRUE;
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_DAMAGED,
               _ ("Event %" PRId64 " of the observation does not fit those before it: %s"),
               row->seq,
               problem != NULL ? problem->message : row->kind);
  return FALSE;
}

static gboolean
replay (MereObservation *self,
        GError         **error)
{
  g_autoptr (GPtrArray) rows = mere_study_row_list (self->capture->store, self->capture->instance_id, 0, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (!replay_row (self, rows->pdata[i], error))
      return FALSE;
  return rows != NULL;
}

MereObservation *
mere_observation_open (MereStore *store,
                       gint64     draft,
                       GError   **error)
{
  g_autoptr (MereCapture) capture = mere_capture_open (store, draft, error);
  g_autoptr (MereObservation) self = NULL;
  guint sight = 0;

  if (capture == NULL || !mere_study_load_sight (store, capture->instance_id, &sight, error))
    return NULL;
  self = observation_new (capture, (MereStudySight) sight);
  return replay (self, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
append_row (MereObservation      *self,
            const MereStudyEvent *event,
            GError              **error)
{
  MereStudyRow row = {
    .seq = event->sequence,
    .kind = (char *) mere_study_kind_get_code (event->kind),
    .passenger = event->passenger,
    .target = event->target,
    .shift_us = event->shift_us,
    .name = event->name,
    .value = event->value,
    .at = event->moment,
  };
  g_autoptr (GError) problem = NULL;

  if (mere_study_row_append (self->capture->store, self->capture->instance_id, &row, &problem))
    return TRUE;
  if (g_error_matches (problem, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND))
    g_set_error_literal (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED, problem->message);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* @meant: whether the board said which event it is; clears it. What the board says it takes, so that feeding cannot
 * fail after the event was kept. */
static gboolean
commit (MereObservation       *self,
        gboolean               meant,
        MereStudyEvent        *event,
        const MereStudyEvent **taken,
        GError               **error)
{
  gboolean kept = meant && mere_capture_check_unfinished (self->capture, error) && append_row (self, event, error) &&
                  mere_study_board_feed (self->board, event, error);

  if (meant)
    mere_study_event_clear (event);
  if (!kept)
    return FALSE;
  if (taken != NULL)
    *taken = mere_study_board_get_event (self->board, mere_study_board_get_n_events (self->board) - 1);
  mere_capture_tell_progress (self->capture);
  return TRUE;
}

gboolean
mere_observation_press (MereObservation       *self,
                        MereStudyVerb          verb,
                        const MereStudyEvent **event,
                        GError               **error)
{
  MereMoment     now = mere_moment_now ();
  MereStudyEvent meant;

  return commit (self, mere_study_board_press (self->board, verb, &now, &meant, error), &meant, event, error);
}

gboolean
mere_observation_note (MereObservation *self,
                       const char      *text,
                       GError         **error)
{
  g_autofree char *clean = mere_text_dup_for_xml (text);
  MereMoment       now = mere_moment_now ();
  MereStudyEvent   meant;

  return commit (self, mere_study_board_note (self->board, clean, &now, &meant, error), &meant, NULL, error);
}

gboolean
mere_observation_shift (MereObservation *self,
                        gint64           shift_us,
                        GError         **error)
{
  MereMoment     now = mere_moment_now ();
  MereStudyEvent meant;

  return commit (self, mere_study_board_shift (self->board, shift_us, &now, &meant, error), &meant, NULL, error);
}

gboolean
mere_observation_describe (MereObservation *self,
                           guint            passenger,
                           const char      *name,
                           const char      *value,
                           GError         **error)
{
  MereMoment     now = mere_moment_now ();
  MereStudyEvent meant;

  return commit (self, mere_study_board_describe (self->board, passenger, name, value, &now, &meant, error), &meant, NULL, error);
}

gboolean
mere_observation_count (MereObservation *self,
                        guint            waiting,
                        guint            staffed,
                        GError         **error)
{
  MereMoment     now = mere_moment_now ();
  MereStudyEvent meant;

  return commit (self, mere_study_board_count (self->board, waiting, staffed, &now, &meant, error), &meant, NULL, error);
}

/* Nodes of the full record in terms of what is on the screen: the same node where it has one, else the repeat. */
static GPtrArray *
translate (MereCapture *capture,
           GPtrArray   *nodes)
{
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();

  for (guint i = 0; i < nodes->len; i++)
    {
      g_autofree char *ref = mere_form_node_dup_ref (nodes->pdata[i]);
      MereFormNode    *node = mere_form_session_find (capture->session, ref);

      if (node == NULL)
        node = find_passengers (capture);
      if (!g_ptr_array_find (shown, node, NULL))
        g_ptr_array_add (shown, node);
    }
  return g_steal_pointer (&shown);
}

char *
mere_observation_finalise (MereObservation *self,
                           GPtrArray      **invalid,
                           GError         **error)
{
  MereCapture *capture = self->capture;
  g_autoptr (GBytes) snapshot = mere_capture_dup_snapshot (capture);
  g_autoptr (GBytes) instance = mere_observation_write (capture->form, snapshot, self->board, error);
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (MereComments) comments = NULL;
  g_autoptr (GPtrArray) found = NULL;
  char *record;

  if (instance == NULL)
    return NULL;
  session = mere_form_session_new_from_instance (capture->form, instance, FALSE, error);
  comments = session != NULL ? mere_comments_read (instance, session, error) : NULL;
  if (comments == NULL)
    return NULL;
  mere_form_session_set_language (session, mere_form_session_get_language (capture->session), NULL);
  record = mere_capture_make_record (capture, session, comments, &found, error);
  if (found != NULL && invalid != NULL)
    *invalid = translate (capture, found);
  return record;
}
