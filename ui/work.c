/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/work.h"

#include "app/capture/capture.h"
#include "app/capture/coverage.h"
#include "app/capture/observation.h"
#include "app/store/colleague.h"
#include "app/store/crossing.h"
#include "app/store/draft.h"
#include "app/store/record.h"
#include "ui/coverage-item-page.h"
#include "ui/form-language.h"
#include "ui/form-page.h"
#include "ui/observe-page.h"
#include "ui/record-page.h"

static void
describe (MereWork    *work,
          MereCapture *capture)
{
  const char *id = mere_capture_get_crossing (capture);
  g_autoptr (MereCrossing) crossing = id != NULL ? mere_crossing_load (mere_capture_get_store (capture), id, NULL) : NULL;

  work->title = g_strdup (mere_capture_get_instrument (capture)->title);
  work->crossing = g_strdup (crossing != NULL ? crossing->name : "");
}

/* Takes @capture. */
static gboolean
take_capture (MereWork    *work,
              MereCapture *capture)
{
  g_autoptr (GObject) holder = (GObject *) capture;

  if (capture == NULL)
    return FALSE;

  describe (work, capture);
  work->page = GTK_WIDGET (mere_form_page_new (capture));

  return TRUE;
}

/* Takes @observation. */
static gboolean
take_observation (MereWork        *work,
                  MereObservation *observation)
{
  if (observation == NULL)
    return FALSE;

  describe (work, mere_observation_get_capture (observation));
  work->page = GTK_WIDGET (mere_observe_page_new (observation));

  return TRUE;
}

/* What is begun speaks the language of the window where its form does. A disk that refuses this step refuses the first
 * answer too, and is told of then. */
static void
speak (MereCapture *capture)
{
  MereForm   *form = mere_form_session_get_form (mere_capture_get_session (capture));
  const char *language = mere_form_language_pick (mere_form_get_languages (form));

  if (language != NULL)
    mere_capture_set_language (capture, language, NULL);
}

static MereCapture *
begin_capture (MereStore  *store,
               gint64      instrument,
               const char *crossing,
               GError    **error)
{
  MereCapture *capture = mere_capture_new (store, instrument, crossing, error);

  if (capture != NULL)
    speak (capture);

  return capture;
}

static MereObservation *
begin_observation (MereStore  *store,
                   gint64      instrument,
                   const char *crossing,
                   GError    **error)
{
  MereObservation *observation = mere_observation_new (store, instrument, crossing, MERE_STUDY_SIGHT_DEFAULT, error);

  if (observation != NULL)
    speak (mere_observation_get_capture (observation));

  return observation;
}

gboolean
mere_work_begin (MereWork   *work,
                 MereStore  *store,
                 gint64      instrument,
                 const char *crossing,
                 GError    **error)
{
  g_autoptr (MereInstrument) loaded = mere_instrument_load_row (store, instrument, error);

  if (loaded == NULL)
    return FALSE;

  if (loaded->kind == MERE_INSTRUMENT_OBSERVATION)
    return take_observation (work, begin_observation (store, instrument, crossing, error));

  return take_capture (work, begin_capture (store, instrument, crossing, error));
}

/* What edits a record has its passengers in the form: no keys made them. */
gboolean
mere_work_continue (MereWork  *work,
                    MereStore *store,
                    gint64     draft,
                    GError   **error)
{
  g_autoptr (MereDraft) loaded = mere_draft_load (store, draft, error);

  if (loaded == NULL)
    return FALSE;

  if (loaded->kind == MERE_INSTRUMENT_OBSERVATION && loaded->edits == NULL)
    return take_observation (work, mere_observation_open (store, draft, error));

  return take_capture (work, mere_capture_open (store, draft, error));
}

gboolean
mere_work_edit (MereWork   *work,
                MereStore  *store,
                const char *record,
                GError    **error)
{
  return take_capture (work, mere_capture_edit (store, record, error));
}

/* @page: NULL where there is none */
static gboolean
take_record (MereWork       *work,
             MereRecordPage *page,
             const char     *title,
             const char     *crossing)
{
  if (page == NULL)
    return FALSE;

  work->page = GTK_WIDGET (page);
  work->title = g_strdup (title);
  work->crossing = g_strdup (crossing != NULL ? crossing : "");

  return TRUE;
}

gboolean
mere_work_show (MereWork   *work,
                MereStore  *store,
                const char *record,
                GError    **error)
{
  g_autoptr (MereRecord) loaded = mere_record_load (store, record, error);
  MereRecordPage *page = loaded != NULL ? mere_record_page_new (store, loaded, error) : NULL;

  return take_record (work, page, loaded != NULL ? loaded->title : NULL, loaded != NULL ? loaded->crossing_name : NULL);
}

gboolean
mere_work_show_colleague (MereWork   *work,
                          MereStore  *store,
                          const char *record,
                          GError    **error)
{
  g_autoptr (MereColleagueRecord) loaded = mere_colleague_load (store, record, error);
  MereRecordPage *page = loaded != NULL ? mere_record_page_new_colleague (store, loaded, error) : NULL;

  return take_record (work, page, loaded != NULL ? loaded->title : NULL, loaded != NULL ? loaded->crossing_name : NULL);
}

gboolean
mere_work_show_item (MereWork   *work,
                     MereStore  *store,
                     const char *crossing,
                     const char *item,
                     GError    **error)
{
  g_autoptr (MereCoverageItem) loaded = NULL;
  MereFrameworkItem about;
  guint             index;

  g_return_val_if_fail (mere_framework_find (mere_framework_get_default (), item, &index, NULL), FALSE);

  loaded = mere_coverage_load_item (store, crossing, index, error);
  if (loaded == NULL)
    return FALSE;

  mere_framework_get_item (mere_framework_get_default (), index, NULL, &about);
  work->page = GTK_WIDGET (mere_coverage_item_page_new (loaded, index));
  work->title = g_strdup_printf ("%s %s", about.id, about.title);
  work->crossing = g_strdup (loaded->place != NULL ? loaded->place : "");

  return TRUE;
}

void
mere_work_clear (MereWork *work)
{
  work->page = NULL;
  g_clear_pointer (&work->title, g_free);
  g_clear_pointer (&work->crossing, g_free);
}
