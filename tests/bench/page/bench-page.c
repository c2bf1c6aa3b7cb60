/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-page FORM.xml: what the page of a form costs beside the engine that it stands on. Prints JSON, in milliseconds:
 * load (the engine alone: the form and its session), open (the page, until it is painted first), type (one letter in the
 * middle of the form, with all that is shown anew), next (to the next question, until it is painted), scroll (a page down,
 * until it is painted). */

#include "config.h"

#include <adwaita.h>
#include <stdio.h>

#include "app/store/instrument.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/form-page.h"
#include "ui/question-row.h"

#define ROUNDS 20

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

static GBytes *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, &error))
    g_error ("%s", error->message);

  return g_bytes_new_take (contents, length);
}

static double
load_engine (GBytes     *xml,
             const char *folder)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereForm) form = mere_form_load (xml, mere_form_media_from_folder, (gpointer) folder, NULL, &error);
  g_autoptr (MereFormSession) session = NULL;

  if (form == NULL)
    g_error ("%s", error->message);
  session = mere_form_session_new (form);

  return milliseconds_since (start);
}

static MereCapture *
begin (MereStore *store,
       GBytes    *xml)
{
  const char *const languages[] = { "English (en)", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_add (store, "form", "1", "Form", MERE_INSTRUMENT_INTERVIEW, languages, xml, &error);
  MereCapture *capture = instrument != NULL ? mere_capture_new (store, instrument->row, NULL, &error) : NULL;

  if (capture == NULL)
    g_error ("%s", error->message);

  return capture;
}

static void
on_painted_cb (gboolean *painted)
{
  *painted = TRUE;
}

static void
await_frame (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gboolean       painted = FALSE;
  gulong         handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (on_painted_cb), &painted);

  gtk_widget_queue_draw (window);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
  mere_walk_settle ();
}

static GtkEditable *
find_field (GtkWidget *window)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (window));

  return GTK_IS_EDITABLE (focus) ? GTK_EDITABLE (focus) : NULL;
}

static MereFormNode *
find_middle (MereFormNode *node)
{
  guint n = mere_form_node_get_n_children (node);

  return n > 0 ? find_middle (mere_form_node_get_child (node, n / 2)) : node;
}

/* The best of several: what the work takes when nothing else wants the machine. */
static double
step (GtkWidget    *window,
      MereFormPage *page)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      gtk_widget_activate_action (GTK_WIDGET (page), "form.next", NULL);
      await_frame (window);
      best = MIN (best, milliseconds_since (start));
    }

  return best;
}

static double
type (GtkWidget    *window,
      MereFormPage *page)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < ROUNDS && find_field (window) == NULL; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (page), "form.next", NULL);
      await_frame (window);
    }
  if (find_field (window) == NULL)
    g_error ("no question near the middle of the form is answered by typing");

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      gtk_editable_set_text (find_field (window), i % 2 ? "1" : "2");
      mere_walk_settle ();
      best = MIN (best, milliseconds_since (start));
    }

  return best;
}

static GtkWidget *
find (GtkWidget *widget,
      GType      type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find (child, type);

  return found;
}

static double
scroll (GtkWidget *window,
        GtkWidget *page)
{
  GtkWidget     *view = gtk_widget_get_ancestor (find (page, MERE_TYPE_QUESTION_ROW), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (view));
  double         best = G_MAXDOUBLE;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment));
      await_frame (window);
      best = MIN (best, milliseconds_since (start));
    }

  return best;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GBytes) xml = NULL;
  g_autofree char *folder = NULL;
  MereStore       *store;
  MereCapture     *capture;
  MereFormPage    *page;
  GtkWidget       *window;
  double           load_ms, open_ms, type_ms, next_ms, scroll_ms;
  gint64           start;

  if (argc != 2)
    {
      fprintf (stderr, "usage: bench-page FORM.xml\n");
      return 2;
    }

  gtk_init ();
  adw_init ();
  xml = read_file (argv[1]);
  folder = g_path_get_dirname (argv[1]);
  load_ms = load_engine (xml, folder);
  store = mere_sample_store_new ();
  capture = begin (store, xml);

  start = g_get_monotonic_time ();
  page = mere_form_page_new (capture);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1024, 700);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (page));
  gtk_window_present (GTK_WINDOW (window));
  await_frame (window);
  open_ms = milliseconds_since (start);

  mere_form_page_show_node (page, find_middle (mere_form_session_get_root (mere_capture_get_session (capture))));
  await_frame (window);
  type_ms = type (window, page);
  next_ms = step (window, page);
  scroll_ms = scroll (window, GTK_WIDGET (page));
  printf ("{\"load_ms\": %.3f, \"open_ms\": %.3f, \"type_ms\": %.3f, \"next_ms\": %.3f, \"scroll_ms\": %.3f}\n", load_ms, open_ms, type_ms, next_ms, scroll_ms);

  gtk_window_destroy (GTK_WINDOW (window));
  mere_walk_settle ();
  g_object_unref (capture);
  mere_store_close (store);

  return 0;
}
