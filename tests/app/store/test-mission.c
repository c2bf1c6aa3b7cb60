/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a mission pack brings: assessment, crossings, instruments; and settings. */

#include "config.h"

#include "tests/app/store/rows.h"

#include "app/store/assessment.h"
#include "app/store/crossing.h"
#include "app/store/settings.h"

#include <math.h>

static void
test_crossings_are_updated_by_id (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (MereCrossing) bridge = mere_crossing_new ("Utopia Bridge", MERE_CROSSING_LAND, "by the river");
  g_autoptr (MereCrossing) airport = mere_crossing_new ("Airport", MERE_CROSSING_AIR, NULL);
  g_autoptr (MereCrossing) held = NULL;
  g_autoptr (GPtrArray) active = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_crossing_save (plain->store, bridge, NULL));
  g_assert_true (mere_crossing_save (plain->store, airport, NULL));
  bridge->latitude = -12.5;
  bridge->longitude = 45.25;
  bridge->active = FALSE;
  g_assert_true (mere_crossing_save (plain->store, bridge, NULL));
  held = mere_crossing_load (plain->store, bridge->id, NULL);
  g_assert_cmpstr (held->name, ==, "Utopia Bridge");
  g_assert_cmpfloat (held->latitude, ==, -12.5);
  active = mere_crossing_list (plain->store, FALSE, NULL);
  all = mere_crossing_list (plain->store, TRUE, NULL);
  g_assert_cmpuint (active->len, ==, 1);
  g_assert_true (isnan (((MereCrossing *) active->pdata[0])->latitude));
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((MereCrossing *) all->pdata[0])->name, ==, "Airport");
  g_free (airport->name);
  airport->name = g_strdup ("");
  g_assert_false (mere_crossing_save (plain->store, airport, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  bridge->latitude = 91;
  g_assert_false (mere_crossing_save (plain->store, bridge, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (mere_crossing_load (plain->store, "nowhere", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
}

static void
test_new_work_belongs_to_an_assessment (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (MereAssessment) first = mere_assessment_new (NULL, "Spring", "UTO", "2026-03-01", "2026-03-14");
  g_autoptr (MereAssessment) second = mere_assessment_new (NULL, "Autumn", "UTO", "2026-11-16", NULL);
  g_autoptr (MereAssessment) none = NULL;
  g_autoptr (MereAssessment) newest = NULL;
  g_autoptr (MereAssessment) chosen = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  none = mere_assessment_load_current (plain->store, &error);
  g_assert_no_error (error);
  g_assert_null (none);
  g_assert_true (mere_assessment_save (plain->store, second, NULL));
  g_assert_true (mere_assessment_save (plain->store, first, NULL));
  newest = mere_assessment_load_current (plain->store, NULL);
  g_assert_cmpstr (newest->title, ==, "Spring");
  g_assert_true (mere_assessment_set_current (plain->store, second->id, NULL));
  chosen = mere_assessment_load_current (plain->store, NULL);
  g_assert_cmpstr (chosen->title, ==, "Autumn");
  g_assert_null (chosen->ends);
  list = mere_assessment_list (plain->store, NULL);
  g_assert_cmpstr (((MereAssessment *) list->pdata[0])->title, ==, "Autumn");
}

static void
test_the_newest_version_of_an_instrument_is_used (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 first = mere_rows_add_instrument (plain->store, "lanes", "9");
  gint64 second = mere_rows_add_instrument (plain->store, "lanes", "10");
  g_autoptr (MereInstrument) latest = mere_instrument_load_latest (plain->store, "lanes", NULL);
  g_autoptr (MereInstrument) former = NULL;
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GBytes) xml = mere_instrument_load_xml (plain->store, first, NULL);

  g_assert_cmpmem (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), "<form/>", 7);
  g_assert_cmpint (latest->row, ==, second);
  g_assert_true (mere_instrument_set_active (plain->store, second, FALSE, NULL));
  former = mere_instrument_load_latest (plain->store, "lanes", NULL);
  g_assert_cmpint (former->row, ==, first);
  listed = mere_instrument_list_latest (plain->store, MERE_INSTRUMENT_CHECK, NULL);
  all = mere_instrument_list (plain->store, NULL);
  g_assert_cmpuint (listed->len, ==, 1);
  g_assert_cmpuint (all->len, ==, 2);
  /* it comes again: it is in use again */
  g_assert_cmpint (mere_rows_add_instrument (plain->store, "lanes", "10"), ==, second);
  g_clear_pointer (&latest, mere_instrument_free);
  latest = mere_instrument_load_latest (plain->store, "lanes", NULL);
  g_assert_cmpint (latest->row, ==, second);
}

static void
test_settings_hold_text_numbers_and_bytes (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\1\2", 3);
  g_autoptr (GBytes) read = NULL;
  g_autofree char *text = NULL;
  g_autofree char *unset = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mere_settings_load_int (plain->store, "test.number", -7), ==, -7);
  g_assert_true (mere_settings_save_int (plain->store, "test.number", G_MAXINT64, NULL));
  g_assert_true (mere_settings_save_bytes (plain->store, "test.bytes", bytes, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.text", "é", NULL));
  mere_plain_store_reopen (plain);
  g_assert_cmpint (mere_settings_load_int (plain->store, "test.number", 0), ==, G_MAXINT64);
  read = mere_settings_load_bytes (plain->store, "test.bytes", NULL);
  g_assert_true (g_bytes_equal (read, bytes));
  text = mere_settings_load_text (plain->store, "test.text", NULL);
  g_assert_cmpstr (text, ==, "é");
  g_assert_true (mere_settings_save_text (plain->store, "test.text", NULL, NULL));
  unset = mere_settings_load_text (plain->store, "test.text", &error);
  g_assert_null (unset);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mission/crossings-are-updated-by-id", test_crossings_are_updated_by_id);
  g_test_add_func ("/mission/new-work-belongs-to-an-assessment", test_new_work_belongs_to_an_assessment);
  g_test_add_func ("/mission/the-newest-version-of-an-instrument-is-used", test_the_newest_version_of_an_instrument_is_used);
  g_test_add_func ("/mission/settings-hold-text-numbers-and-bytes", test_settings_hold_text_numbers_and_bytes);
  return g_test_run ();
}
