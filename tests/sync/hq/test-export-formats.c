/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is exported beside plain tables: words instead of names, a column for each choice, workbooks, JSON lines, maps,
 * submissions as files; what is new only; and the same bytes for the same records. */

#include "config.h"

#include "hq-fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/capture/intake.h"
#include "app/store/crossing.h"
#include "app/store/statement.h"
#include "sync/hq/export.h"

#define UUID_A "0a000000-0000-4000-8000-000000000001"
#define UUID_B "0a000000-0000-4000-8000-000000000002"
#define UUID_C "0a000000-0000-4000-8000-000000000003"

/* A select of several choices from an instance, one of choices of its own, in two languages. */
static const char form[] =
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:jr=\"http://openrosa.org/javarosa\">"
  "<h:head><h:title>Gate</h:title><model>"
  "<itext><translation lang=\"English (en)\" default=\"true()\"><text id=\"open\"><value>Open lanes</value></text>"
  "<text id=\"car\"><value>Cars</value></text><text id=\"bus\"><value form=\"image\">jr://images/bus.png</value><value>Buses</value></text></translation>"
  "<translation lang=\"French (fr)\"><text id=\"open\"><value>Voies ouvertes</value></text>"
  "<text id=\"car\"><value>Voitures</value></text><text id=\"bus\"><value>Autocars</value></text></translation></itext>"
  "<instance><data id=\"gate\" version=\"1\"><lanes/><day/><spot/><kinds/><busy/><booth jr:template=\"\"><officers/></booth>"
  "<meta><instanceID/></meta></data></instance>"
  "<instance id=\"kinds\"><root><item><name>car</name><itextId>car</itextId></item><item><name>bus</name><itextId>bus</itextId></item></root></instance>"
  "<bind nodeset=\"/data/lanes\" type=\"int\"/><bind nodeset=\"/data/day\" type=\"date\"/><bind nodeset=\"/data/spot\" type=\"geopoint\"/>"
  "<bind nodeset=\"/data/kinds\" type=\"string\"/><bind nodeset=\"/data/booth/officers\" type=\"int\"/>"
  "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/></model></h:head>"
  "<h:body><input ref=\"/data/lanes\"><label ref=\"jr:itext('open')\"/></input><input ref=\"/data/day\"><label>Day</label></input>"
  "<input ref=\"/data/spot\"><label>Spot</label></input>"
  "<select ref=\"/data/kinds\"><label>Kinds</label><itemset nodeset=\"instance('kinds')/root/item[name != '' and not(contains(name, ']'))]\">"
  "<value ref=\"name\"/><label ref=\"jr:itext(itextId)\"/></itemset></select>"
  "<select1 ref=\"/data/busy\"><label>Busy</label><item><label>Yes, it is</label><value>yes</value></item></select1>"
  "<group ref=\"/data/booth\"><label>Booth</label><repeat nodeset=\"/data/booth\"><input ref=\"/data/booth/officers\"><label>Officers</label>"
  "</input></repeat></group></h:body></h:html>";

#define RECORD(uuid, answers) "<data id=\"gate\" version=\"1\">" answers "<meta><instanceID>uuid:" uuid "</instanceID></meta></data>"

static const char full[] = RECORD (UUID_A,
                                   "<lanes>4</lanes><day>2026-11-24</day><spot>1.5 -2.25 10 4.5</spot><kinds>bus tram</kinds><busy>yes</busy>"
                                   "<booth><officers>2</officers></booth><booth><officers>03</officers></booth>");
static const char empty[] = RECORD (UUID_B, "<lanes/><day/><spot/><kinds/><busy/>");

static MereTestHq *
new_hq (void)
{
  MereTestHq *hq = mere_test_hq_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (form, sizeof form - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (hq->store, bytes, -1, NULL, &error);

  g_assert_no_error (error);
  return hq;
}

/* In the order of their places in the laptop's chain. */
static void
send (MereTestHq         *hq,
      MereTestRoad       *laptop,
      guint               seq,
      const char         *prev,
      const MereTestFile *files,
      guint               n,
      char              **b2)
{
  const MereTestPlace place = { .seq = seq, .prev = prev };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, &place, files, n);
  g_autoptr (MereInboxResult) result = mere_test_take (hq, sealed->path);

  g_assert_cmpint (result->verdict, ==, MERE_INBOX_ACCEPTED);
  if (b2 != NULL)
    *b2 = g_strdup (sealed->b2);
}

static void
send_both (MereTestHq *hq)
{
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .xml = full }, { .uuid = UUID_B, .xml = empty } };

  send (hq, laptop, 1, NULL, files, G_N_ELEMENTS (files), NULL);
}

static char *
run (MereTestHq *hq,
     const char *name,
     MereExport *options)
{
  char *folder = g_build_filename (hq->folder, name, NULL);
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
  g_autoptr (GBytes) bytes = mere_test_load (path);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
assert_has (const char *folder,
            const char *name,
            const char *words)
{
  g_autofree char *text = load_text (folder, name);

  if (strstr (text, words) == NULL)
    g_error ("“%s” is not in %s: %s", words, name, text);
}

static void
test_words_and_a_column_for_each_choice (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  MereExport       english = { .labels = TRUE, .split = TRUE };
  MereExport       french = { .labels = TRUE, .language = "French (fr)" };
  MereExport       names = { .split = TRUE };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  send_both (hq);
  first = run (hq, "english", &english);
  assert_has (first, "gate.csv", "SubmissionDate,Open lanes,Day,Spot-Latitude,Spot-Longitude,Spot-Altitude,Spot-Accuracy,Kinds,Kinds/Cars,Kinds/Buses,Kinds/tram,Busy,meta-");
  assert_has (first, "gate.csv", ",4,2026-11-24,1.5,-2.25,10,4.5,\"Buses, tram\",0,1,1,\"Yes, it is\",uuid:" UUID_A);
  assert_has (first, "gate.csv", "Z,,,,,,,,,,,,uuid:" UUID_B);
  assert_has (first, "gate-booth.csv", "Officers,PARENT_KEY,KEY\n2,");
  second = run (hq, "french", &french);
  assert_has (second, "gate.csv", "SubmissionDate,Voies ouvertes,Day,");
  assert_has (second, "gate.csv", "\"Autocars, tram\"");
  third = run (hq, "names", &names);
  assert_has (third, "gate.csv", "kinds,kinds/car,kinds/bus,kinds/tram,busy");
  assert_has (third, "gate.csv", ",bus tram,0,1,1,yes,");
}

static void
test_a_line_of_json_for_each_record (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  MereExport       options = { .format = MERE_EXPORT_JSON_LINES };
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  send_both (hq);
  folder = run (hq, "lines", &options);
  text = load_text (folder, "gate.jsonl");
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_nonnull (strstr (lines[0], "{\"__id\":\"uuid:" UUID_B "\",\"lanes\":null,\"day\":null,\"spot\":null,\"kinds\":null,\"busy\":null,\"booth\":[],"));
  g_assert_nonnull (strstr (lines[1], "\"lanes\":4,\"day\":\"2026-11-24\",\"spot\":{\"type\":\"Point\",\"coordinates\":[-2.25,1.5,10],\"properties\":{\"accuracy\":4.5}},"
                                      "\"kinds\":\"bus tram\",\"busy\":\"yes\",\"booth\":[{\"__id\":\"uuid:" UUID_A "/booth[1]\",\"officers\":2},"
                                      "{\"__id\":\"uuid:" UUID_A "/booth[2]\",\"officers\":\"03\"}],\"meta\":{\"instanceID\":\"uuid:" UUID_A "\"},\"__system\":{"));
  g_assert_nonnull (strstr (lines[1], "\"submitterName\":\"First team\",\"attachmentsPresent\":0,\"attachmentsExpected\":0,\"status\":null,\"reviewState\":null,"));
}

/* Of a ZIP file. */
static char *
load_member (const char *path,
             const char *name)
{
  struct archive       *archive = archive_read_new ();
  struct archive_entry *entry;
  GString              *text = NULL;

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_filename (archive, path, 10240), ==, ARCHIVE_OK);
  while (text == NULL && archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    if (g_str_equal (archive_entry_pathname (entry), name))
      {
        char    buffer[4096];
        ssize_t n;

        text = g_string_new (NULL);
        while ((n = archive_read_data (archive, buffer, sizeof buffer)) > 0)
          g_string_append_len (text, buffer, n);
      }
  archive_read_free (archive);
  g_assert_nonnull (text);
  return g_string_free (text, FALSE);
}

static void
test_a_workbook_has_numbers_and_days (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  MereExport       options = { .format = MERE_EXPORT_XLSX, .split = TRUE };
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *names = NULL;
  g_autofree char *sheet = NULL;
  g_autofree char *booths = NULL;

  send_both (hq);
  folder = run (hq, "book", &options);
  path = g_build_filename (folder, "records.xlsx", NULL);
  names = load_member (path, "xl/workbook.xml");
  g_assert_nonnull (strstr (names, "<sheet name=\"gate\""));
  g_assert_nonnull (strstr (names, "<sheet name=\"gate-booth\""));
  sheet = load_member (path, "xl/worksheets/sheet1.xml");
  g_assert_nonnull (strstr (sheet, "<c r=\"B3\"><v>4</v></c>"));
  g_assert_nonnull (strstr (sheet, "<v>46350</v>")); /* days since 1899-12-30 */
  g_assert_nonnull (strstr (sheet, "<c r=\"D3\"><v>1.5</v></c>"));
  g_assert_nonnull (strstr (sheet, "<t>bus tram</t>"));
  booths = load_member (path, "xl/worksheets/sheet2.xml");
  g_assert_nonnull (strstr (booths, "<c r=\"A3\"><v>3</v></c>"));
}

/* It says that it is cut, at the end of the cell and to whoever exports. */
static void
test_a_text_too_long_for_a_cell_is_cut (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autofree char   *words = g_strnfill (40000, 'x');
  g_autofree char   *xml = g_strdup_printf (RECORD (UUID_A, "<busy>%s</busy>"), words);
  const MereTestFile files[] = { { .uuid = UUID_A, .xml = xml } };
  MereExport         options = { .format = MERE_EXPORT_XLSX };
  g_autofree char   *folder = NULL;

  send (hq, laptop, 1, NULL, files, 1, NULL);
  folder = run (hq, "book", &options);
  g_assert_cmpuint (options.n_cut, ==, 1);
}

static void
test_submissions_are_files_as_briefcase_has_them (void)
{
  static const char *const pictures[] = { "north side", NULL };
  g_autoptr (MereTestHq) hq = new_hq ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .blob = pictures[0], .name = "gate.jpg" }, { .uuid = UUID_A, .xml = full, .blobs = pictures } };
  MereExport         options = { .format = MERE_EXPORT_ODK };
  g_autofree char   *folder = NULL;
  g_autofree char   *submission = NULL;
  g_autofree char   *picture = NULL;
  g_autofree char   *definition = NULL;

  send (hq, laptop, 1, NULL, files, 2, NULL);
  folder = run (hq, "odk", &options);
  submission = load_text (folder, "forms/gate/instances/uuid" UUID_A "/submission.xml");
  g_assert_cmpstr (submission, ==, full);
  picture = load_text (folder, "forms/gate/instances/uuid" UUID_A "/gate.jpg");
  g_assert_cmpstr (picture, ==, "north side");
  definition = load_text (folder, "forms/gate/gate.xml");
  g_assert_cmpstr (definition, ==, form);
}

static void
test_crossings_are_a_map (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  g_autoptr (MereCrossing) gate = mere_crossing_new ("Zenith Gate", MERE_CROSSING_LAND, "two lanes");
  g_autoptr (MereStatement) update = NULL;
  MereExport       options = { .format = MERE_EXPORT_GEOJSON };
  g_autofree char *folder = NULL;
  g_autofree char *words = NULL;

  gate->latitude = 1.5;
  gate->longitude = -2.25;
  g_assert_true (mere_crossing_save (hq->store, gate, NULL));
  send_both (hq);
  update = mere_statement_new (hq->store, "UPDATE record SET crossing = ?1", NULL);
  mere_statement_bind_text (update, 1, gate->id);
  g_assert_true (mere_statement_run (update, NULL));
  folder = run (hq, "map", &options);
  words = g_strdup_printf ("{\"type\":\"Feature\",\"id\":\"%s\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[-2.25,1.5]},"
                           "\"properties\":{\"name\":\"Zenith Gate\",\"kind\":\"land\",\"note\":\"two lanes\",\"active\":true,"
                           "\"forms\":{\"gate\":2},\"records\":2,\"newest\":\"2026-07-31T09:12:44.000Z\"}}",
                           gate->id);
  assert_has (folder, "crossings.geojson", words);
}

/* What came since; and what was not whole before and is now. */
static void
test_only_what_is_new (void)
{
  static const char *const pictures[] = { "north side", NULL };
  g_autoptr (MereTestHq) hq = new_hq ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile first[] = { { .uuid = UUID_A, .xml = full, .blobs = pictures } };
  const MereTestFile second[] = { { .uuid = UUID_B, .xml = empty } };
  const MereTestFile third[] = { { .blob = pictures[0], .name = "gate.jpg" } };
  g_autofree char   *b2 = NULL;
  g_autofree char   *b2_2 = NULL;
  static const guint n_records[] = { 1, 0, 1, 1, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (n_records); i++)
    {
      MereExport       options = { .format = MERE_EXPORT_ODK, .incremental = TRUE };
      g_autofree char *folder = NULL;

      if (i == 0)
        send (hq, laptop, 1, NULL, first, 1, &b2);
      else if (i == 2)
        send (hq, laptop, 2, b2, second, 1, &b2_2);
      else if (i == 3)
        send (hq, laptop, 3, b2_2, third, 1, NULL);
      folder = run (hq, "odk", &options);
      g_assert_cmpuint (options.n_records, ==, n_records[i]);
    }
  {
    g_autofree char *folder = g_build_filename (hq->folder, "odk", NULL);
    g_autofree char *more = g_build_filename (folder, "0004", NULL);

    assert_has (folder, "0001/forms/gate/instances/uuid" UUID_A "/submission.xml", UUID_A);
    assert_has (folder, "0002/forms/gate/instances/uuid" UUID_B "/submission.xml", UUID_B);
    assert_has (folder, "0003/forms/gate/instances/uuid" UUID_A "/gate.jpg", "north side");
    g_assert_false (g_file_test (more, G_FILE_TEST_EXISTS));
  }
}

static void
test_another_kind_does_not_go_on_in_a_folder (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  MereExport       tables = { .incremental = TRUE };
  MereExport       lines = { .format = MERE_EXPORT_JSON_LINES, .incremental = TRUE };
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;

  send_both (hq);
  folder = run (hq, "mixed", &tables);
  g_assert_cmpuint (tables.run, ==, 1);
  g_assert_false (mere_export_run (hq->store, folder, &lines, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Paths and contents of all files below a folder, in order. */
static void
dump (const char *path,
      GString    *text)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *file = g_build_filename (path, names->pdata[i], NULL);
      g_autoptr (GBytes) bytes = NULL;

      g_string_append_printf (text, "%s\n", (char *) names->pdata[i]);
      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        {
          dump (file, text);
          continue;
        }
      bytes = mere_test_load (file);
      g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
}

static void
test_the_same_records_are_the_same_bytes (void)
{
  g_autoptr (MereTestHq) hq = new_hq ();
  g_autoptr (MereCrossing) gate = mere_crossing_new ("Zenith Gate", MERE_CROSSING_LAND, "two lanes");

  g_assert_true (mere_crossing_save (hq->store, gate, NULL));
  send_both (hq);
  for (guint format = 0; format < MERE_EXPORT_N_FORMATS; format++)
    {
      MereExport       first = { .format = (MereExportFormat) format };
      MereExport       second = { .format = (MereExportFormat) format };
      g_autofree char *one = g_strdup_printf ("one-%u", format);
      g_autofree char *two = g_strdup_printf ("two-%u", format);
      g_autofree char *folder_one = run (hq, one, &first);
      g_autofree char *folder_two = run (hq, two, &second);
      g_autoptr (GString) text_one = g_string_new (NULL);
      g_autoptr (GString) text_two = g_string_new (NULL);

      dump (folder_one, text_one);
      dump (folder_two, text_two);
      g_assert_cmpmem (text_one->str, text_one->len, text_two->str, text_two->len);
      g_assert_cmpuint (text_one->len, >, 100);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/export-formats/words-and-a-column-for-each-choice", test_words_and_a_column_for_each_choice);
  g_test_add_func ("/hq/export-formats/a-line-of-json-for-each-record", test_a_line_of_json_for_each_record);
  g_test_add_func ("/hq/export-formats/a-workbook-has-numbers-and-days", test_a_workbook_has_numbers_and_days);
  g_test_add_func ("/hq/export-formats/a-text-too-long-for-a-cell-is-cut", test_a_text_too_long_for_a_cell_is_cut);
  g_test_add_func ("/hq/export-formats/submissions-are-files-as-briefcase-has-them", test_submissions_are_files_as_briefcase_has_them);
  g_test_add_func ("/hq/export-formats/crossings-are-a-map", test_crossings_are_a_map);
  g_test_add_func ("/hq/export-formats/only-what-is-new", test_only_what_is_new);
  g_test_add_func ("/hq/export-formats/another-kind-does-not-go-on-in-a-folder", test_another_kind_does_not_go_on_in_a_folder);
  g_test_add_func ("/hq/export-formats/the-same-records-are-the-same-bytes", test_the_same_records_are_the_same_bytes);
  return g_test_run ();
}
