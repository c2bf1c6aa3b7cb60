/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "tests/ui/sample.h"

#include <sqlite3.h>

#include "app/capture/intake.h"
#include "app/capture/observation.h"
#include "app/store/assessment.h"
#include "app/store/crossing.h"
#include "app/store/record.h"
#include "app/store/returned.h"
#include "app/vault/vault.h"

#define INSTRUMENTS "/org/merestone/Merestone/instruments"

MereStore *
mere_sample_store_new (void)
{
  g_autoptr (GError) error = NULL;
  sqlite3   *database = NULL;
  MereStore *store;

  g_assert_cmpint (sqlite3_open (":memory:", &database), ==, SQLITE_OK);
  store = mere_store_open_database (database, &error);
  g_assert_no_error (error);

  return store;
}

MereStore *
mere_sample_vault_new (const char *path)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (MERE_SAMPLE_PASSPHRASE);
  g_autoptr (GError) error = NULL;
  MereVault *vault = mere_vault_create (path, passphrase, &error);
  MereStore *store;

  g_assert_no_error (error);
  store = mere_store_open (vault, &error);
  g_assert_no_error (error);

  return store;
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

/* What a question of each kind may be answered with, the likely first; a constraint decides. */
static const char *const texts[] = { "A1", "UTO", "3", "Specimen", NULL };
static const char *const numbers[] = { "3", "1", "12", "40", "0", NULL };
static const char *const dates[] = { "2026-11-24", NULL };
static const char *const times[] = { "09:30:00.000+01:00", NULL };
static const char *const moments[] = { "2026-11-24T09:30:00.000+01:00", NULL };

static const char *const *
get_candidates (MereFormNode *node)
{
  switch ((int) mere_form_node_get_value_type (node))
    {
    case MERE_FORM_TYPE_STRING:
      return texts;
    case MERE_FORM_TYPE_INT:
    case MERE_FORM_TYPE_DECIMAL:
      return numbers;
    case MERE_FORM_TYPE_DATE:
      return dates;
    case MERE_FORM_TYPE_TIME:
      return times;
    case MERE_FORM_TYPE_DATETIME:
      return moments;
    default:
      return NULL;
    }
}

/* Sets @value, and takes it back where the form does not accept it. */
static gboolean
try_answer (MereCapture  *capture,
            MereFormNode *node,
            const char   *value)
{
  if (!mere_capture_set (capture, node, value, NULL))
    return FALSE;

  if (mere_form_node_get_validity (node) == MERE_FORM_VALID)
    return TRUE;

  return !mere_capture_set (capture, node, "", NULL);
}

static gboolean
answer (MereCapture  *capture,
        MereFormNode *node)
{
  guint              n_choices = mere_form_node_get_n_choices (node);
  const char *const *candidates = get_candidates (node);

  if (mere_form_node_get_control (node) == MERE_FORM_CONTROL_TRIGGER)
    return try_answer (capture, node, "OK");

  for (guint i = 0; i < n_choices; i++)
    {
      if (try_answer (capture, node, mere_form_node_get_choice (node, i).value))
        return TRUE;
    }

  for (guint i = 0; n_choices == 0 && candidates != NULL && candidates[i] != NULL; i++)
    {
      if (try_answer (capture, node, candidates[i]))
        return TRUE;
    }

  return FALSE;
}

static gboolean
takes_answer (MereFormNode *node)
{
  return mere_form_node_get_kind (node) == MERE_FORM_NODE_QUESTION && mere_form_node_is_relevant (node) &&
         !mere_form_node_is_readonly (node) && mere_form_node_get_control (node) != MERE_FORM_CONTROL_NOTE &&
         *mere_form_node_get_value (node) == '\0';
}

static guint
answer_below (MereCapture  *capture,
              MereFormNode *node,
              guint         n)
{
  guint done = 0;

  if (n > 0 && takes_answer (node))
    return answer (capture, node) ? 1 : 0;

  for (guint i = 0; i < mere_form_node_get_n_children (node) && done < n; i++)
    done += answer_below (capture, mere_form_node_get_child (node, i), n - done);

  return done;
}

void
mere_sample_answer (MereCapture *capture,
                    guint        n)
{
  MereFormNode *root = mere_form_session_get_root (mere_capture_get_session (capture));
  guint         done;

  /* An answer may ask further questions before it. */
  while (n > 0 && (done = answer_below (capture, root, n)) > 0)
    n -= done;
}

/* --- The mission -------------------------------------------------------------------------------------------------- */

static char *
add_crossing (MereStore       *store,
              const char      *name,
              MereCrossingKind kind,
              const char      *note)
{
  g_autoptr (MereCrossing) crossing = mere_crossing_new (name, kind, note);
  g_autoptr (GError) error = NULL;

  mere_crossing_save (store, crossing, &error);
  g_assert_no_error (error);

  return g_strdup (crossing->id);
}

void
mere_sample_add_instruments (MereStore  *store,
                             const char *only)
{
  g_auto (GStrv) names = g_resources_enumerate_children (INSTRUMENTS, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_path ("/", INSTRUMENTS, names[i], NULL);
      g_autoptr (GBytes) xml = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autoptr (MereInstrument) instrument = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_str_has_suffix (names[i], ".xml") || (only != NULL && !g_str_has_prefix (names[i], only)))
        continue;

      instrument = mere_intake_instrument (store, xml, -1, NULL, &error);
      g_assert_no_error (error);
    }
}

gint64
mere_sample_get_instrument (MereStore  *store,
                            const char *form)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_load_latest (store, form, &error);

  g_assert_no_error (error);

  return instrument->row;
}

static MereCapture *
begin (MereStore  *store,
       const char *form,
       const char *crossing)
{
  g_autoptr (GError) error = NULL;
  MereCapture *capture = mere_capture_new (store, mere_sample_get_instrument (store, form), crossing, &error);

  g_assert_no_error (error);

  return capture;
}

static void
add_draft (MereStore  *store,
           const char *form,
           const char *crossing,
           guint       n_answers)
{
  g_autoptr (MereCapture) capture = begin (store, form, crossing);

  mere_sample_answer (capture, n_answers);
}

static void
add_record (MereStore  *store,
            const char *form,
            const char *crossing)
{
  g_autoptr (MereCapture) capture = begin (store, form, crossing);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  mere_sample_answer (capture, G_MAXUINT);
  id = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);
}

/* --- The time study ------------------------------------------------------------------------------------------------ */

#define STUDY_PACE_S 95 /* from one passenger's arrival to the next */

/* An event that happened @ago_s before now: pressed now, and corrected. */
static void
press_ago (MereObservation *study,
           MereStudyVerb    verb,
           guint            ago_s)
{
  g_autoptr (GError) error = NULL;

  mere_observation_press (study, verb, NULL, &error);
  g_assert_no_error (error);
  mere_observation_shift (study, -(gint64) ago_s * G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
}

static void
add_study (MereStore  *store,
           const char *crossing,
           guint       n_passengers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereObservation) study = mere_observation_new (store, mere_sample_get_instrument (store, "passenger-processing"),
                                                            crossing, MERE_STUDY_SIGHT_DEFAULT, &error);

  g_assert_no_error (error);
  mere_sample_answer (mere_observation_get_capture (study), 7);

  for (guint i = 0; i < n_passengers; i++)
    {
      guint begin_s = (n_passengers - i) * STUDY_PACE_S;
      guint check_s = 24 + (i * 37) % 41;

      press_ago (study, MERE_STUDY_NEXT, begin_s);
      press_ago (study, MERE_STUDY_NEXT, begin_s - 6 - i % 5);
      if (i % 13 == 7)
        press_ago (study, MERE_STUDY_SEND_SECOND, begin_s - 12 - check_s);
      else
        press_ago (study, i % 29 == 17 ? MERE_STUDY_REFUSE : MERE_STUDY_NEXT, begin_s - 12 - check_s);
    }

  press_ago (study, MERE_STUDY_NEXT, 19);
}

void
mere_sample_fill (MereStore *store,
                  guint      n_passengers,
                  guint      n_records)
{
  g_autoptr (MereAssessment) mission = mere_assessment_new ("6f1c1e5e-0000-4000-8000-000000000001", "Utopia 2026", "UTO", "2026-11-16", "2026-11-27");
  g_autofree char  *airport = add_crossing (store, "Eastern Airport", MERE_CROSSING_AIR, "Two halls, six booths each");
  g_autofree char  *harbour = add_crossing (store, "North Harbour", MERE_CROSSING_SEA, "");
  g_autofree char  *gate = add_crossing (store, "Salt Gate", MERE_CROSSING_LAND, "Road and pedestrians; closed from 22:00 to 05:00");
  const char *const crossings[] = { gate, airport, harbour };
  g_autoptr (GError) error = NULL;

  mere_assessment_save (store, mission, &error);
  g_assert_no_error (error);

  mere_sample_add_instruments (store, NULL);
  for (guint i = 0; i < n_records; i++)
    add_record (store, "officer-interview", crossings[i % G_N_ELEMENTS (crossings)]);
  add_draft (store, "officer-interview", gate, 14);
  add_study (store, gate, n_passengers);
}

/* The ref of the first question that a person is asked. */
static char *
dup_first_question (MereFormNode *node)
{
  if (mere_form_node_get_kind (node) == MERE_FORM_NODE_QUESTION && mere_form_node_is_relevant (node) &&
      mere_form_node_get_label (node) != NULL)
    return mere_form_node_dup_ref (node);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    {
      char *ref = dup_first_question (mere_form_node_get_child (node, i));

      if (ref != NULL)
        return ref;
    }

  return NULL;
}

char *
mere_sample_send_back (MereStore *store)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GPtrArray) returns = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_returned_free);
  g_autofree char *ref = NULL;
  const char      *record;
  guint            n;

  filter.kind = MERE_INSTRUMENT_INTERVIEW;
  filter.limit = 1;
  list = mere_record_list (store, &filter, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  record = ((MereRecord *) list->pdata[0])->id;
  session = mere_capture_load_record (store, record, &error);
  g_assert_no_error (error);
  ref = dup_first_question (mere_form_session_get_root (session));
  g_ptr_array_add (returns, mere_returned_new (record, NULL, MERE_SAMPLE_WORD));
  g_ptr_array_add (returns, mere_returned_new (record, ref, MERE_SAMPLE_REMARK));
  g_assert_true (mere_returned_replace (store, returns, &n, &error));

  return g_strdup (record);
}
