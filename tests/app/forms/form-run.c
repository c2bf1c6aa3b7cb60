/* SPDX-License-Identifier: GPL-3.0-or-later */

/* form-run FORM.xml: reads arrays of steps, one a line, and writes the state after each, one a line, every time from a
 * fresh record; then form-run --submission FORM.xml the submission instead. What tests in other languages drive. */

#include "app/forms/run.h"

#include <stdio.h>
#include <string.h>

static void
print_error (const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_string_value (builder, error->message);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  puts (text);
}

static MereForm *
load (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  char     *contents;
  gsize     length;
  MereForm *form;

  if (!g_file_get_contents (path, &contents, &length, &error))
    g_error ("%s", error->message);
  bytes = g_bytes_new_take (contents, length);
  form = mere_form_load (bytes, mere_form_media_from_folder, folder, NULL, &error);
  if (form == NULL)
    print_error (error);
  return form;
}

static void
print_state (MereFormSession *session)
{
  g_autoptr (JsonNode) state = mere_form_run_state (session);
  g_autofree char *text = json_to_string (state, FALSE);

  puts (text);
}

static void
print_submission (MereFormSession *session)
{
  g_autoptr (GBytes) bytes = NULL;

  mere_form_session_finish (session);
  bytes = mere_form_session_serialize (session, TRUE);
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
}

static void
run_line (MereForm *form, const char *line, gboolean submission)
{
  g_autoptr (MereFormSession) session = mere_form_session_new (form);
  g_autoptr (JsonNode) steps = json_from_string (line, NULL);
  g_autoptr (GError) error = NULL;

  mere_form_session_set_property (session, "deviceid", "device");
  mere_form_session_set_property (session, "username", "user");
  if (!mere_form_run_steps (session, json_node_get_array (steps), &error))
    print_error (error);
  else if (submission)
    print_submission (session);
  else
    print_state (session);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  gboolean submission = argc > 2 && strcmp (argv[1], "--submission") == 0;
  g_autoptr (MereForm) form = argc > 1 ? load (argv[argc - 1]) : NULL;
  char  *line = NULL;
  size_t size = 0;

  if (form == NULL)
    return 1;
  while (getline (&line, &size, stdin) > 0)
    run_line (form, line, submission);
  free (line);
  return 0;
}
