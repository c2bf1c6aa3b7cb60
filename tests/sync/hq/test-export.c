/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables: the columns, keys and values that analysts rely on, over versions of a form and without one; and a folder that
 * is whole or not there. */

#include "config.h"

#include "hq-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/capture/intake.h"
#include "sync/hq/export.h"

#define UUID_A "0a000000-0000-4000-8000-000000000001"
#define UUID_B "0a000000-0000-4000-8000-000000000002"
#define ID_A "uuid:" UUID_A

#define HEAD                                                                                 \
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"" \
  " xmlns:orx=\"http://openrosa.org/xforms\" xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Gate</h:title><model><instance>"
#define META "<orx:meta><orx:instanceID/></orx:meta>"

/* A group, a place, a repeat within a group and a repeat within that. */
static const char form_1[] = HEAD
  "<data id=\"gate\" version=\"1\"><name/><where><spot/><booth><officer/><visit><at/></visit></booth></where>" META "</data>"
  "</instance><bind nodeset=\"/data/orx:meta/orx:instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/><bind nodeset=\"/data/name\" type=\"string\"/><bind nodeset=\"/data/where/spot\" type=\"geopoint\"/></model></h:head>"
  "<h:body><input ref=\"/data/name\"><label>Name</label></input><group ref=\"/data/where\">"
  "<input ref=\"/data/where/spot\"><label>Spot</label></input>"
  "<repeat nodeset=\"/data/where/booth\"><input ref=\"/data/where/booth/officer\"><label>Officer</label></input>"
  "<repeat nodeset=\"/data/where/booth/visit\"><input ref=\"/data/where/booth/visit/at\"><label>At</label></input></repeat>"
  "</repeat></group></h:body></h:html>";

/* The next version has one more question, between two old ones. */
static const char form_2[] = HEAD
  "<data id=\"gate\" version=\"2\"><name/><lanes/><where><spot/><booth><officer/><visit><at/></visit></booth></where>" META "</data>"
  "</instance><bind nodeset=\"/data/orx:meta/orx:instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/><bind nodeset=\"/data/lanes\" type=\"int\"/></model></h:head>"
  "<h:body><input ref=\"/data/name\"><label>Name</label></input><input ref=\"/data/lanes\"><label>Lanes</label></input>"
  "<repeat nodeset=\"/data/where/booth\"><input ref=\"/data/where/booth/officer\"><label>Officer</label></input>"
  "<repeat nodeset=\"/data/where/booth/visit\"><input ref=\"/data/where/booth/visit/at\"><label>At</label></input></repeat>"
  "</repeat></h:body></h:html>";

static const char record[] =
  "<data id=\"gate\" version=\"1\"><name>Zenith \"Gate\", =1+1\nnorth</name><where><spot>1.5 -2.25 10 4.5</spot>"
  "<booth><officer>N1</officer><visit><at>08:00</at></visit><visit><at>09:00</at></visit></booth>"
  "<booth><officer>N2</officer></booth></where>"
  "<meta><instanceID>" ID_A "</instanceID></meta></data>";

static void
add_form (MereTestHq *hq,
          const char *xml)
{
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (hq->store, bytes, -1, NULL, &error);

  g_assert_no_error (error);
}

static void
send (MereTestHq         *hq,
      MereTestRoad       *laptop,
      const MereTestFile *files,
      guint               n)
{
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, n);
  g_autoptr (MereInboxResult) result = mere_test_take (hq, sealed->path);

  g_assert_cmpint (result->verdict, ==, MERE_INBOX_ACCEPTED);
}

static char *export(MereTestHq *hq,
                    MereExport *options)
{
  char *folder = g_build_filename (hq->folder, "tables", NULL);
  g_autoptr (GError) error = NULL;

  mere_export_run (hq->store, folder, options, &error);
  g_assert_no_error (error);
  return folder;
}

static char *
load_text (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
assert_begins (const char *folder,
               const char *name,
               const char *line)
{
  g_autofree char *text = load_text (folder, name);

  g_assert_cmpstr ((text[MIN (strlen (line), strlen (text))] = '\0', text), ==, line);
}

static void
test_a_form_is_tables_as_central_has_them (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .xml = record } };
  MereExport         options = { 0 };
  g_autofree char   *folder = NULL;
  g_autofree char   *root = NULL;
  g_autofree char   *booths = NULL;
  g_autofree char   *visits = NULL;
  g_autofree char   *row = NULL;

  add_form (hq, form_1);
  send (hq, laptop, files, 1);
  folder = export(hq, &options);
  g_assert_cmpuint (options.n_records, ==, 1);
  g_assert_cmpuint (options.n_tables, ==, 3);
  assert_begins (folder,
                 "gate.csv",
                 "SubmissionDate,name,where-spot-Latitude,where-spot-Longitude,where-spot-Altitude,where-spot-Accuracy,"
                 "meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,"
                 "DeviceID,Edits,FormVersion,Crossing,CrossingName,Assessment,FinalisedDate\n");
  root = load_text (folder, "gate.csv");
  row = g_strdup_printf (",\"Zenith \"\"Gate\"\", =1+1\nnorth\",1.5,-2.25,10,4.5," ID_A "," ID_A ",%s,First team,0,0,,,%s,0,1,,,,2026-07-31T09:12:44.000Z\n",
                         laptop->device,
                         laptop->device);
  g_assert_nonnull (strstr (root, row));
  booths = load_text (folder, "gate-booth.csv");
  g_assert_cmpstr (booths, ==, "officer,PARENT_KEY,KEY\nN1," ID_A "," ID_A "/where/booth[1]\nN2," ID_A "," ID_A "/where/booth[2]\n");
  visits = load_text (folder, "gate-visit.csv");
  g_assert_cmpstr (visits, ==,
                   "at,PARENT_KEY,KEY\n"
                   "08:00," ID_A "/where/booth[1]," ID_A "/where/booth[1]/visit[1]\n"
                   "09:00," ID_A "/where/booth[1]," ID_A "/where/booth[1]/visit[2]\n");
  mere_test_remove_tree (folder);
}

static void
test_versions_of_a_form_share_their_tables (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .xml = record } };
  MereExport         options = { 0 };
  g_autofree char   *folder = NULL;

  add_form (hq, form_1);
  add_form (hq, form_2);
  send (hq, laptop, files, 1);
  folder = export(hq, &options);
  assert_begins (folder, "gate.csv", "SubmissionDate,name,lanes,where-spot-Latitude,");
}

/* Repeats show by being there twice. */
static void
test_a_form_that_is_not_known_is_exported_all_the_same (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .xml = record } };
  MereExport         options = { 0 };
  g_autofree char   *folder = NULL;
  g_autofree char   *booths = NULL;

  send (hq, laptop, files, 1);
  folder = export(hq, &options);
  assert_begins (folder, "gate.csv", "SubmissionDate,name,where-spot,meta-instanceID,KEY,");
  booths = load_text (folder, "gate-booth.csv");
  g_assert_nonnull (strstr (booths, "N2," ID_A "," ID_A "/where/booth[2]\n"));
}

static void
test_only_the_newest_versions_unless_all_are_asked_for (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "first" }, { .uuid = UUID_B, .answer = "second", .supersedes = UUID_A } };
  MereExport         newest = { 0 };
  MereExport         all = { .all_versions = TRUE, .replace = TRUE };
  g_autofree char   *folder = NULL;
  g_autofree char   *again = NULL;
  g_autofree char   *text = NULL;

  send (hq, laptop, files, 2);
  folder = export(hq, &newest);
  g_assert_cmpuint (newest.n_records, ==, 1);
  text = load_text (folder, "gate.csv");
  g_assert_nonnull (strstr (text, ",second,"));
  g_assert_null (strstr (text, ",first,"));
  again = export(hq, &all);
  g_assert_cmpuint (all.n_records, ==, 2);
}

static void
test_attachments_are_written_and_listed (void)
{
  static const char *const pictures[] = { "north side", "south side", NULL };
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .blob = pictures[0], .name = "../gate.jpg" },
                                 { .blob = pictures[1], .name = "_._gate.jpg" },
                                 { .uuid = UUID_A, .answer = "Zenith Gate", .blobs = pictures } };
  MereExport         options = { 0 };
  g_autofree char   *folder = NULL;
  g_autofree char   *index = NULL;
  g_autofree char   *north = NULL;

  send (hq, laptop, files, 3);
  folder = export(hq, &options);
  g_assert_cmpuint (options.n_files, ==, 2);
  north = load_text (folder, "media/_._gate.jpg");
  g_assert_cmpstr (north, ==, "north side");
  index = load_text (folder, "media/index.csv");
  g_assert_nonnull (strstr (index, ID_A ",_._gate.jpg,_._gate.jpg,text/plain,10,"));
}

static void
test_nothing_of_others_is_written_over (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autofree char *folder = g_build_filename (hq->folder, "tables", NULL);
  g_autofree char *letter = g_build_filename (folder, "letter.txt", NULL);
  MereExport       options = { 0 };
  MereExport       forced = { .replace = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) error_forced = NULL;
  g_autoptr (GBytes) still = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  mere_test_save (letter, "a letter", 8);
  g_assert_false (mere_export_run (hq->store, folder, &options, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_false (mere_export_run (hq->store, folder, &forced, &error_forced));
  g_assert_error (error_forced, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  still = mere_test_load (letter);
  g_assert_cmpuint (g_bytes_get_size (still), ==, 8);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/export/tables", test_a_form_is_tables_as_central_has_them);
  g_test_add_func ("/hq/export/form-versions", test_versions_of_a_form_share_their_tables);
  g_test_add_func ("/hq/export/unknown-form", test_a_form_that_is_not_known_is_exported_all_the_same);
  g_test_add_func ("/hq/export/record-versions", test_only_the_newest_versions_unless_all_are_asked_for);
  g_test_add_func ("/hq/export/attachments", test_attachments_are_written_and_listed);
  g_test_add_func ("/hq/export/careful", test_nothing_of_others_is_written_over);
  return g_test_run ();
}
