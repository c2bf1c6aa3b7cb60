/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Missions: what a pack holds, what keeps its identity over packs, and which tables of crossings are refused. */

#include "config.h"

#include "hq-fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "app/store/assessment.h"
#include "app/store/crossing.h"
#include "app/store/instrument.h"
#include "sync/dispatch.h"
#include "sync/hq/mission.h"
#include "sync/hq/outbox.h"

static GPtrArray *
read_text (const char *text,
           GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return mere_mission_read_crossings (bytes, error);
}

static void
test_crossings_are_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = read_text ("name,kind,note,latitude,longitude\n"
                                          "Zenith Gate,land,\"two lanes, open day and night\",1.5,-2.25\n"
                                          "Zenith Harbour,sea,,,\n",
                                          &error);
  const MereCrossing *crossing;

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  crossing = list->pdata[0];
  g_assert_cmpstr (crossing->note, ==, "two lanes, open day and night");
  g_assert_cmpint (crossing->kind, ==, MERE_CROSSING_LAND);
  g_assert_cmpfloat (crossing->longitude, ==, -2.25);
  g_assert_true (isnan (((MereCrossing *) list->pdata[1])->latitude));
}

static void
test_bad_crossings_are_refused_by_their_line (void)
{
  static const struct
  {
    const char *text;
    const char *line;
  } cases[] = {
    { "name,kind\nZenith Gate,land\nZenith Harbour,river\n", "line 3" },
    { "name,kind\n ,land\n", "line 2" },
    { "name,kind,latitude,longitude\nZenith Gate,land,91,0\n", "line 2" },
    { "name,kind,latitude,longitude\nZenith Gate,land,north,0\n", "line 2" },
    { "name,kind\nZenith Gate,land\nZenith Gate,land\n", "line 3" },
    { "name,kind,id\nZenith Gate,land,12\n", "line 2" },
    { "name,kind\n", "line 1" },
    { "", "line 1" },
    { "name,kind\n\xff\xfe,land\n", "line 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (cases[i].text, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, cases[i].line));
    }
}

static MereDispatch *
dispatch (MereTestHq *hq)
{
  g_autoptr (GArray) rows = NULL;
  g_autoptr (MereOutboxSent) sent = NULL;
  g_autoptr (GError) error = NULL;
  MereDispatch *document;

  mere_mission_dispatch (hq->store, hq->keys, &rows, &error);
  g_assert_no_error (error);
  sent = mere_outbox_load_newest (hq->store, MERE_BUNDLE_DISPATCH, MERE_OUTBOX_ALL, &error);
  document = mere_dispatch_parse (sent->content, &error);
  g_assert_no_error (error);
  return document;
}

static void
change (MereTestHq              *hq,
        const MereMissionChange *wanted)
{
  g_autoptr (GError) error = NULL;

  mere_mission_change (hq->store, wanted, &error);
  g_assert_no_error (error);
}

static void
test_a_pack_holds_the_mission (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (GPtrArray) crossings = read_text ("name,kind\nZenith Gate,land\nZenith Harbour,sea\n", NULL);
  const MereMissionChange wanted = { .title = "Utopia 2026", .country = "UTO", .starts = "2026-11-23", .crossings = crossings, .message = "Good journey." };
  g_autoptr (MereDispatch) document = NULL;

  change (hq, &wanted);
  document = dispatch (hq);
  g_assert_cmpint (document->counter, ==, 1);
  g_assert_cmpstr (document->assessment->title, ==, "Utopia 2026");
  g_assert_cmpstr (document->assessment->starts, ==, "2026-11-23");
  g_assert_cmpstr (document->message, ==, "Good journey.");
  g_assert_cmpstr (document->to[0], ==, laptop->device);
  g_assert_cmpuint (document->instruments->len, >=, 1); /* the built-in ones */
  g_assert_nonnull (mere_dispatch_find_list (document, MERE_DISPATCH_CROSSINGS));
}

/* The second pack says the same with the next counter; crossings keep their ids over a change of the list. */
static void
test_what_was_there_keeps_its_identity (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (GPtrArray) crossings = read_text ("name,kind\nZenith Gate,land\nZenith Harbour,sea\n", NULL);
  g_autoptr (GPtrArray) fewer = read_text ("name,kind,note\nZenith Gate,land,new lanes\n", NULL);
  const MereMissionChange wanted = { .title = "Utopia 2026", .country = "UTO", .crossings = crossings };
  const MereMissionChange less = { .crossings = fewer };
  g_autoptr (MereDispatch) first = NULL;
  g_autoptr (MereDispatch) second = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  change (hq, &wanted);
  first = dispatch (hq);
  before = mere_crossing_list (hq->store, FALSE, &error);
  change (hq, &less);
  second = dispatch (hq);
  after = mere_crossing_list (hq->store, FALSE, &error);
  g_assert_cmpint (second->counter, ==, first->counter + 1);
  g_assert_cmpstr (second->assessment->id, ==, first->assessment->id);
  g_assert_cmpuint (before->len, ==, 2);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpstr (((MereCrossing *) after->pdata[0])->id, ==, ((MereCrossing *) before->pdata[0])->id);
  g_assert_cmpstr (((MereCrossing *) after->pdata[0])->note, ==, "new lanes");
}

static void
test_a_mission_needs_a_title_and_a_laptop (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  const MereMissionChange nameless = { .country = "UTO" };
  const MereMissionChange wanted = { .title = "Utopia 2026", .country = "UTO" };
  g_autoptr (GError) title = NULL;
  g_autoptr (GError) laptop = NULL;
  g_autoptr (GArray) rows = NULL;

  g_assert_false (mere_mission_change (hq->store, &nameless, &title));
  g_assert_error (title, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  change (hq, &wanted);
  g_assert_false (mere_mission_dispatch (hq->store, hq->keys, &rows, &laptop));
  g_assert_error (laptop, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
}

/* More laptops than one bundle can be encrypted to: each bundle names those it is for, and none takes the place of another. */
static void
test_many_laptops_get_several_bundles (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  const MereMissionChange wanted = { .title = "Utopia 2026", .country = "UTO" };
  g_autoptr (GArray) rows = NULL;
  g_autoptr (MereOutboxSent) sent = NULL;
  g_autoptr (MereDispatch) document = NULL;
  g_autoptr (MereStick) stick = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (hq->folder, "stick", NULL);

  change (hq, &wanted);
  for (guint i = 0; i < 17; i++)
    {
      g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "One of many");
    }
  mere_mission_dispatch (hq->store, hq->keys, &rows, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  sent = mere_outbox_load_newest (hq->store, MERE_BUNDLE_DISPATCH, MERE_OUTBOX_ALL, &error);
  document = mere_dispatch_parse (sent->content, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (document->to), ==, 1);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  stick = mere_stick_open (path, &error);
  for (guint i = 0; i < rows->len; i++)
    mere_outbox_carry (hq->store, stick, g_array_index (rows, gint64, i), NULL, NULL, &error);
  g_assert_no_error (error);
  found = mere_stick_scan (stick, NULL, &error);
  g_assert_cmpuint (found->len, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/mission/crossings", test_crossings_are_read);
  g_test_add_func ("/hq/mission/bad-crossings", test_bad_crossings_are_refused_by_their_line);
  g_test_add_func ("/hq/mission/pack", test_a_pack_holds_the_mission);
  g_test_add_func ("/hq/mission/identity", test_what_was_there_keeps_its_identity);
  g_test_add_func ("/hq/mission/needs", test_a_mission_needs_a_title_and_a_laptop);
  g_test_add_func ("/hq/mission/many", test_many_laptops_get_several_bundles);
  return g_test_run ();
}
