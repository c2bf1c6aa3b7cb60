/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files beside a questionnaire, from headquarters' folder to the question on the laptop. */

#include "config.h"

#include "field-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/capture/capture.h"
#include "app/forms/media-names.h"
#include "app/store/instrument.h"
#include "app/store/media.h"
#include "sync/dispatch.h"

/* Choices from a table, a picture of the label, and one that is nowhere. */
static const char form[] =
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:jr=\"http://openrosa.org/javarosa\">"
  "<h:head><h:title>Gate</h:title><model>"
  "<itext><translation lang=\"English (en)\"><text id=\"kind\"><value>Kind</value><value form=\"image\">jr://images/gate.png</value></text>"
  "<text id=\"none\"><value>None</value><value form=\"image\">jr://images/nowhere.png</value></text></translation></itext>"
  "<instance><data id=\"gate\" version=\"1\"><kind/><meta><instanceID/></meta></data></instance>"
  "<instance id=\"kinds\" src=\"jr://file-csv/kinds.csv\"/>"
  "<bind nodeset=\"/data/kind\" type=\"string\"/>"
  "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/></model></h:head>"
  "<h:body><select1 ref=\"/data/kind\"><label ref=\"jr:itext('kind')\"/><itemset nodeset=\"instance('kinds')/root/item\">"
  "<value ref=\"name\"/><label ref=\"label\"/></itemset></select1></h:body></h:html>";

static void
write_file (const char *folder,
            const char *name,
            const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  mere_test_save (path, content, strlen (content));
}

/* Headquarters publishes the form with what lies in @folder; the laptop reads. */
static void
publish (MereTestField *field,
         const char    *folder)
{
  const char *const forms[] = { form, NULL };
  g_autoptr (GPtrArray) published = mere_test_forms (forms);
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();
  const MereMissionChange change = { .published = published, .folders = folders };
  g_autoptr (MerePacked) packed = NULL;
  g_autoptr (MereCourierRead) read = NULL;

  g_ptr_array_add (folders, (gpointer) folder);
  packed = mere_test_field_pack (field, &change);
  read = mere_test_field_read (field);
  g_assert_cmpuint (read->n_dispatches, ==, 1);
}

static MereTestField *
new_field (char **folder)
{
  const char *const forms[] = { form, NULL };
  MereTestField    *field = mere_test_field_new (forms);

  *folder = g_build_filename (field->folder, "beside", NULL);
  write_file (*folder, "kinds.csv", "name,label\nland,Land\nair,Air\n");
  write_file (*folder, "gate.png", "a picture");
  write_file (*folder, "letter.txt", "not of the form");
  return field;
}

static char *
load_media (MereTestField *field,
            const char    *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_load_latest (field->store, "gate", &error);
  g_autoptr (GBytes) bytes = mere_media_load (field->store, instrument->row, name, &error);

  g_assert_no_error (error);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

static guint
count_choices (MereTestField *field)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_load_latest (field->store, "gate", &error);
  g_autoptr (MereCapture) capture = mere_capture_new (field->store, instrument->row, NULL, &error);

  g_assert_no_error (error);
  return mere_form_node_get_n_choices (mere_form_session_find (mere_capture_get_session (capture), "/data/kind"));
}

static void
test_a_form_says_what_it_refers_to (void)
{
  g_autoptr (GBytes) xml = g_bytes_new_static (form, sizeof form - 1);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = mere_form_list_media (xml, &error);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_no_error (error);
  g_assert_cmpstr (joined, ==, "gate.png kinds.csv nowhere.png");
}

static void
test_files_come_with_the_form (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (MereTestField) field = new_field (&folder);
  g_autofree char *picture = NULL;
  g_autofree char *letter = NULL;

  g_assert_cmpuint (count_choices (field), ==, 0);
  publish (field, folder);
  g_assert_cmpuint (count_choices (field), ==, 2);
  picture = load_media (field, "gate.png");
  g_assert_cmpstr (picture, ==, "a picture");
  letter = load_media (field, "letter.txt");
  g_assert_null (letter);
}

/* The same version of the form with another table: what is begun then has it. What is not there any more goes. */
static void
test_files_change_with_the_next_pack (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (MereTestField) field = new_field (&folder);
  g_autofree char *path = g_build_filename (folder, "gate.png", NULL);
  g_autofree char *picture = NULL;

  publish (field, folder);
  write_file (folder, "kinds.csv", "name,label\nland,Land\nair,Air\nsea,Sea\n");
  g_unlink (path);
  publish (field, folder);
  g_assert_cmpuint (count_choices (field), ==, 3);
  picture = load_media (field, "gate.png");
  g_assert_null (picture);
}

/* A dispatch that is not whole installs nothing: neither form nor file. */
static GBytes *
find_nothing (gpointer    user_data,
              const char *b2)
{
  return g_hash_table_lookup (user_data, b2);
}

static void
test_a_file_that_is_missing_stops_the_whole (void)
{
  const char *const none[] = { NULL };
  g_autoptr (MereTestField) field = mere_test_field_new (none);
  g_autoptr (GBytes) xml = g_bytes_new_static (form, sizeof form - 1);
  g_autofree char *b2 = mere_test_b2 (form, sizeof form - 1);
  g_autofree char *other = mere_test_b2 ("other", 5);
  g_autoptr (GHashTable) contents = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (MereDispatch) dispatch = mere_dispatch_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = NULL;
  MereDispatchInstrument *entry = mere_dispatch_add_instrument (dispatch, "gate", "1", b2, TRUE);

  g_ptr_array_add (entry->media, mere_media_new ("kinds.csv", other));
  g_hash_table_insert (contents, b2, xml);
  g_assert_false (mere_dispatch_install (field->store, dispatch, find_nothing, contents, NULL, &error));
  g_assert_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INCOMPLETE);
  instrument = mere_instrument_load_latest (field->store, "gate", NULL);
  g_assert_null (instrument);
}

static void
test_names_are_not_paths (void)
{
  static const char *const bad[] = { "", ".hidden", "../gate.png", "a/b", "a\\b", "a\nb" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mere_media_is_name (bad[i]));
  g_assert_true (mere_media_is_name ("gate of the north.png"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/media/a-form-says-what-it-refers-to", test_a_form_says_what_it_refers_to);
  g_test_add_func ("/hq/media/files-come-with-the-form", test_files_come_with_the_form);
  g_test_add_func ("/hq/media/files-change-with-the-next-pack", test_files_change_with_the_next_pack);
  g_test_add_func ("/hq/media/a-file-that-is-missing-stops-the-whole", test_a_file_that_is_missing_stops_the_whole);
  g_test_add_func ("/hq/media/names-are-not-paths", test_names_are_not_paths);
  return g_test_run ();
}
