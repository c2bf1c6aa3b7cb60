/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-forms FORM.xml STEPS.json: how long a form takes to load, a session to begin, and a step with all that follows
 * from it; and what a question costs in memory. Prints JSON: load_ms, start_ms, step_ms, steps, bytes_per_question. */

#include "app/forms/run.h"

#include <malloc.h>
#include <stdio.h>

static double
milliseconds_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
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

static JsonArray *
read_steps (const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_file (parser, path, &error))
    g_error ("%s", error->message);
  return json_array_ref (json_node_get_array (json_parser_get_root (parser)));
}

static guint
count_questions (MereFormNode *node)
{
  guint n = mere_form_node_get_kind (node) == MERE_FORM_NODE_QUESTION;

  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    n += count_questions (mere_form_node_get_child (node, i));
  return n;
}

/* The best of several: what the work takes when nothing else wants the machine. */
static MereForm *
load (GBytes *xml, const char *folder, guint rounds, double *best)
{
  MereForm *form = NULL;

  *best = G_MAXDOUBLE;
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 start = g_get_monotonic_time ();

      g_clear_pointer (&form, mere_form_unref);
      form = mere_form_load (xml, mere_form_media_from_folder, (gpointer) folder, NULL, &error);
      if (form == NULL)
        g_error ("%s", error->message);
      *best = MIN (*best, milliseconds_since (start));
    }
  return form;
}

static MereFormSession *
start_session (MereForm *form, guint rounds, double *best)
{
  MereFormSession *session = NULL;

  *best = G_MAXDOUBLE;
  for (guint i = 0; i < rounds; i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_clear_object (&session);
      session = mere_form_session_new (form);
      *best = MIN (*best, milliseconds_since (start));
    }
  return session;
}

/* All steps again and again for half a second at least; the same answer twice changes nothing, so answers alternate. */
static double
run_steps (MereFormSession *session, JsonArray *steps)
{
  gint64 start = g_get_monotonic_time ();
  guint  rounds = 0;

  do
    {
      g_autoptr (GError) error = NULL;

      if (!mere_form_run_steps (session, steps, &error))
        g_error ("%s", error->message);
      rounds++;
    }
  while (milliseconds_since (start) < 500 && rounds < 100);
  return milliseconds_since (start) / rounds / MAX (1, json_array_get_length (steps));
}

int
main (int argc, char **argv)
{
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (JsonArray) steps = NULL;
  g_autoptr (MereForm) form = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autofree char *folder = NULL;
  double           load_ms, start_ms, step_ms;
  gsize            before, after;
  guint            questions;

  if (argc != 3)
    {
      fprintf (stderr, "usage: bench-forms FORM.xml STEPS.json\n");
      return 2;
    }
  folder = g_path_get_dirname (argv[1]);
  xml = read_file (argv[1]);
  steps = read_steps (argv[2]);
  before = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
  form = load (xml, folder, 5, &load_ms);
  session = start_session (form, 5, &start_ms);
  after = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
  questions = count_questions (mere_form_session_get_root (session));
  step_ms = run_steps (session, steps);
  printf ("{\"load_ms\": %.3f, \"start_ms\": %.3f, \"step_ms\": %.5f, \"steps\": %u, \"questions\": %u, \"bytes_per_question\": %.0f}\n", load_ms, start_ms, step_ms,
          json_array_get_length (steps), questions, (double) (after - before) / MAX (1, questions));
  return 0;
}
