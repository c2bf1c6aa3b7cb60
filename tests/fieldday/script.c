/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The assessor's hands on the field day. */

#include "config.h"

#include "tests/fieldday/script.h"

static gboolean
find (MereCapture   *capture,
      const char    *ref,
      MereFormNode **node,
      GError       **error)
{
  *node = mere_form_session_find (mere_capture_get_session (capture), ref);
  if (*node == NULL)
    g_set_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE, "The form has no %s.", ref);
  return *node != NULL;
}

static gboolean
set (MereCapture *capture,
     JsonObject  *step,
     JsonObject  *answers,
     GError     **error)
{
  const char   *ref = json_object_get_string_member (step, "set");
  const char   *value = json_object_get_string_member (step, "value");
  MereFormNode *node;

  if (!find (capture, ref, &node, error))
    return FALSE;
  if (!mere_capture_set (capture, node, value, error))
    {
      g_prefix_error (error, "%s: ", ref);
      return FALSE;
    }
  json_object_set_string_member (answers, ref, value);
  return TRUE;
}

static gboolean
add (MereCapture *capture,
     JsonObject  *step,
     GError     **error)
{
  MereFormNode *repeat;

  return find (capture, json_object_get_string_member (step, "add"), &repeat, error) &&
         mere_capture_add (capture, repeat, error) != NULL;
}

gboolean
mere_script_fill (MereCapture *capture,
                  JsonArray   *steps,
                  JsonObject  *answers,
                  GError     **error)
{
  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *step = json_array_get_object_element (steps, i);
      gboolean    done;

      if (json_object_has_member (step, "set"))
        done = set (capture, step, answers, error);
      else if (json_object_has_member (step, "add"))
        done = add (capture, step, error);
      else
        done = mere_capture_set_language (capture, json_object_get_string_member (step, "language"), error);
      if (!done)
        return FALSE;
    }
  return TRUE;
}

static gboolean
press (MereObservation *observation,
       MereStudyVerb    verb,
       GError         **error)
{
  const MereStudyEvent *event;

  if (!mere_observation_press (observation, verb, &event, error))
    return FALSE;
  g_print ("   %s\n", mere_study_kind_get_label (event->kind));
  return TRUE;
}

/* The passenger's own time at the booth; the clock that counts is the machine's. */
static void
stand_by (JsonObject *passenger)
{
  g_usleep (1000 * (gulong) json_object_get_int_member (passenger, "service_ms"));
}

static MereStudyVerb
get_verb (JsonObject *passenger)
{
  const char *outcome = json_object_get_string_member (passenger, "outcome");

  if (g_str_equal (outcome, "second-line"))
    return MERE_STUDY_SEND_SECOND;
  return g_str_equal (outcome, "refused") ? MERE_STUDY_REFUSE : MERE_STUDY_NEXT;
}

static gboolean
time_one (MereObservation *observation,
          JsonObject      *passenger,
          GError         **error)
{
  MereStudyBoard *board = mere_observation_get_board (observation);

  if (!press (observation, MERE_STUDY_NEXT, error))
    return FALSE;
  while (mere_study_board_get_expected (board) != MERE_STUDY_DECISION)
    if (!press (observation, MERE_STUDY_NEXT, error))
      return FALSE;
  stand_by (passenger);
  return press (observation, get_verb (passenger), error);
}

gboolean
mere_script_time (MereObservation *observation,
                  JsonArray       *passengers,
                  GError         **error)
{
  for (guint i = 0; i < json_array_get_length (passengers); i++)
    if (!time_one (observation, json_array_get_object_element (passengers, i), error))
      return FALSE;
  return press (observation, MERE_STUDY_NEXT, error) && press (observation, MERE_STUDY_TAKE_BACK, error);
}
