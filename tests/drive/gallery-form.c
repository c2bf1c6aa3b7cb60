/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of a form with every control, from its top to its end: `gallery-form FOLDER LOOK PERCENT` writes
 * FOLDER/control-NAME-LOOK.png for some of its questions. Look and language as for the gallery. */

#include "config.h"

#include <adwaita.h>

#include "app/store/instrument.h"
#include "tests/drive/take.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/application.h"
#include "ui/form-language.h"
#include "ui/form-page.h"
#include "ui/language.h"

#define WIDTH 1024
#define HEIGHT 700

static MereCapture *
begin (MereStore *store)
{
  const char *const languages[] = { "English (en)", "العربية (ar)", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = NULL;
  g_autofree char *xml = NULL;
  gsize            length;
  MereCapture     *capture = NULL;

  if (g_file_get_contents (FORM, &xml, &length, &error))
    {
      g_autoptr (GBytes) bytes = g_bytes_new (xml, length);

      instrument = mere_instrument_add (store, "form", "1", "Form", MERE_INSTRUMENT_INTERVIEW, languages, bytes, &error);
      capture = instrument != NULL ? mere_capture_new (store, instrument->row, NULL, &error) : NULL;
    }
  if (capture == NULL)
    g_error ("%s", error->message);

  return capture;
}

static MereFormNode *
get_node (MereCapture *capture,
          const char  *ref)
{
  MereFormNode *node = mere_form_session_find (mere_capture_get_session (capture), ref);

  if (node == NULL)
    g_error ("the form has no %s", ref);

  return node;
}

/* Enough to see each kind of answer, and what is wrong with one. */
static void
fill (MereCapture *capture)
{
  static const char *const answers[][2] = {
    { "/data/line", "Salt Gate" },
    { "/data/crossings", "1234567" },
    { "/data/width", "2.5" },
    { "/data/day", "2026-11-24" },
    { "/data/hour", "14:05:00.000Z" },
    { "/data/grid", "14.5833012 -90.5211009 0 0" },
    { "/data/many", "lamp reader" },
    { "/data/likert", "good" },
    { "/data/rating", "4" },
    { "/data/booths", "11" },
    { "/data/lane[1]/lane_name", "Buses" },
    { "/data/lane[1]/lane_width", "3.5" },
    { "/data/lane[1]/lane_open", "yes" },
    { "/data/lane[2]/lane_name", "Cars" },
    { "/data/lane[3]/lane_width", "4" },
    { "/data/visit[1]/visit_notes", "A queue at noon" },
  };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    mere_capture_add (capture, get_node (capture, "/data/lane"), &error);
  mere_capture_add (capture, get_node (capture, "/data/visit"), &error);
  for (gsize i = 0; i < G_N_ELEMENTS (answers) && error == NULL; i++)
    mere_capture_set (capture, get_node (capture, answers[i][0]), answers[i][1], &error);
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
take_all (GtkWidget  *window,
          const char *folder,
          const char *look)
{
  static const char *const questions[] = { "line", "day", "grid", "many", "likert", "table/table_hall", "range", "rank", "image", "must", "lane[2]/lane_width", "visit[1]/visit_days" };
  MereStore               *store = mere_sample_store_new ();
  MereCapture             *capture = begin (store);
  MereFormPage            *page;
  const char              *language;

  language = mere_form_language_pick (mere_form_get_languages (mere_form_session_get_form (mere_capture_get_session (capture))));
  if (language != NULL)
    mere_capture_set_language (capture, language, NULL);
  fill (capture);
  page = mere_form_page_new (capture);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (page));
  gtk_window_present (GTK_WINDOW (window));
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *ref = g_strdup_printf ("/data/%s", questions[i]);
      g_autofree char *name = g_strdup_printf ("control-%02zu", i + 1);

      mere_form_page_show_node (page, get_node (capture, ref));
      mere_take_picture (window, folder, name, look);
    }

  gtk_window_destroy (GTK_WINDOW (window));
  mere_walk_settle ();
  g_object_unref (capture);
  mere_store_close (store);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (MereApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window;

  if (argc != 4)
    g_error ("usage: gallery-form FOLDER LOOK PERCENT");

  mere_language_choose ();
  application = mere_application_new ();
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  mere_take_set_text_size (argv[3]);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  take_all (window, argv[1], argv[2]);

  return 0;
}
