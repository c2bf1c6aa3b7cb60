/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "tests/ui/sample.h"

#include <string.h>

#include <sqlite3.h>

#include "app/store/assessment.h"
#include "app/store/crossing.h"
#include "app/store/draft.h"
#include "app/store/instrument.h"
#include "app/store/record.h"

#define FORM_XML                                                                          \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'>" \
  "<h:head><h:title>%s</h:title><model><instance><data id='%s' version='1'>"              \
  "<booth/><waiting/><meta><instanceID/></meta></data></instance>"                        \
  "<bind nodeset='/data/booth' type='string' required='true()'/>"                         \
  "<bind nodeset='/data/waiting' type='int'/></model></h:head>"                           \
  "<h:body><input ref='/data/booth'><label>Which booth?</label></input>"                  \
  "<input ref='/data/waiting'><label>How many wait?</label></input></h:body></h:html>"

#define RECORD_XML                                                  \
  "<data id='%s' version='1'><booth>3</booth><waiting>14</waiting>" \
  "<meta><instanceID>%s</instanceID></meta></data>"

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

static void
add_crossing (MereStore       *store,
              const char      *name,
              MereCrossingKind kind,
              const char      *note)
{
  g_autoptr (MereCrossing) crossing = mere_crossing_new (name, kind, note);
  g_autoptr (GError) error = NULL;

  mere_crossing_save (store, crossing, &error);
  g_assert_no_error (error);
}

static MereInstrument *
add_instrument (MereStore         *store,
                const char        *form,
                const char        *title,
                MereInstrumentKind kind)
{
  g_autofree char *text = g_strdup_printf (FORM_XML, title, form);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  const char *const languages[] = { "English (en)", "français (fr)", NULL };
  g_autoptr (GError) error = NULL;
  MereInstrument *instrument = mere_instrument_add (store, form, "1", title, kind, languages, xml, &error);

  g_assert_no_error (error);

  return instrument;
}

static void
add_draft (MereStore            *store,
           const char           *id,
           const MereInstrument *instrument,
           const char           *crossing,
           guint                 answered)
{
  g_autofree char *text = g_strdup_printf (RECORD_XML, instrument->form, id);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  gint64 draft = mere_draft_add (store, id, NULL, instrument->row, NULL, crossing, xml, &error);

  g_assert_no_error (error);
  mere_draft_set_progress (store, draft, answered, 22, &error);
  g_assert_no_error (error);
}

static void
add_record (MereStore            *store,
            const char           *id,
            const MereInstrument *instrument,
            const char           *crossing)
{
  g_autofree char *text = g_strdup_printf (RECORD_XML, instrument->form, id);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  MereRecordNew record = {
    .id = id,
    .form = instrument->form,
    .form_version = instrument->version,
    .form_b2 = instrument->b2,
    .title = instrument->title,
    .crossing = crossing,
    .kind = instrument->kind,
    .created = mere_moment_now (),
    .xml = xml,
  };

  mere_record_add (store, &record, &error);
  g_assert_no_error (error);
}

void
mere_sample_fill (MereStore *store)
{
  g_autoptr (MereAssessment) mission = mere_assessment_new ("6f1c1e5e-0000-4000-8000-000000000001", "Utopia 2026", "UTO", "2026-11-16", "2026-11-27");
  g_autoptr (MereInstrument) flow = NULL;
  g_autoptr (MereInstrument) bmis = NULL;
  g_autoptr (MereInstrument) officer = NULL;
  g_autoptr (GPtrArray) crossings = NULL;
  g_autoptr (GError) error = NULL;
  const char *first;

  mere_assessment_save (store, mission, &error);
  g_assert_no_error (error);

  add_crossing (store, "Eastern Airport", MERE_CROSSING_AIR, "Two halls, six booths each");
  add_crossing (store, "North Harbour", MERE_CROSSING_SEA, "");
  add_crossing (store, "Salt Gate", MERE_CROSSING_LAND, "Road and pedestrians; closed from 22:00 to 05:00");
  crossings = mere_crossing_list (store, FALSE, &error);
  g_assert_no_error (error);
  first = ((MereCrossing *) g_ptr_array_index (crossings, 2))->id;

  flow = add_instrument (store, "passenger_processing", "Passenger processing", MERE_INSTRUMENT_OBSERVATION);
  bmis = add_instrument (store, "bmis_checks", "Border management information system", MERE_INSTRUMENT_CHECK);
  officer = add_instrument (store, "first_line", "First-line officer", MERE_INSTRUMENT_INTERVIEW);

  add_draft (store, "uuid:6f1c1e5e-0000-4000-8000-000000000011", officer, first, 14);
  add_draft (store, "uuid:6f1c1e5e-0000-4000-8000-000000000012", bmis, first, 3);
  add_record (store, "uuid:6f1c1e5e-0000-4000-8000-000000000021", officer, first);
  add_record (store, "uuid:6f1c1e5e-0000-4000-8000-000000000022", flow, first);
  add_record (store, "uuid:6f1c1e5e-0000-4000-8000-000000000023", officer, first);
}
