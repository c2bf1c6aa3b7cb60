/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `form check` and `form run`: the forms engine from the command line. They need no vault. */

#include "config.h"

#include "app/forms/form.h"
#include "app/forms/run.h"
#include "app/forms/session.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static GBytes *
read_file (const char *path, GError **error)
{
  char    *contents;
  gsize    length;
  GStatBuf info;

  if (g_stat (path, &info) == 0 && info.st_size > MERE_FORM_MOST_BYTES)
    {
      g_set_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_TOO_LARGE, _ ("%s is larger than 64 MiB, which no form is"), path);
      return NULL;
    }
  return g_file_get_contents (path, &contents, &length, error) ? g_bytes_new_take (contents, length) : NULL;
}

/* The files that a form refers to lie beside it unless --media says otherwise. */
static MereForm *
load (const char *path, const char *media, GPtrArray **problems, GError **error)
{
  g_autoptr (GBytes) bytes = read_file (path, error);
  g_autofree char *folder = media != NULL ? g_strdup (media) : g_path_get_dirname (path);

  return bytes != NULL ? mere_form_load (bytes, mere_form_media_from_folder, folder, problems, error) : NULL;
}

static void
print_problem (const char *path, const MereFormProblem *problem)
{
  mere_hq_print ("%s:%d: %s: %s\n", path, problem->line, problem->warning ? _ ("warning") : _ ("error"), problem->message);
  if (problem->bind != NULL)
    /* Translators: the node of a form that a problem is about */
    mere_hq_print ("    %s %s\n", _ ("node:"), problem->bind);
  if (problem->expression != NULL)
    mere_hq_print ("    %s %s\n", _ ("expression:"), problem->expression);
}

static JsonNode *
problems_to_json (GPtrArray *problems, gboolean usable)
{
  JsonObject *object = json_object_new ();
  JsonArray  *array = json_array_new ();
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < problems->len; i++)
    {
      const MereFormProblem *problem = g_ptr_array_index (problems, i);
      JsonObject            *entry = json_object_new ();

      json_object_set_string_member (entry, "level", problem->warning ? "warning" : "error");
      json_object_set_int_member (entry, "line", problem->line);
      mere_hq_set_text (entry, "bind", problem->bind);
      mere_hq_set_text (entry, "expression", problem->expression);
      mere_hq_set_text (entry, "message", problem->message);
      json_array_add_object_element (array, entry);
    }
  json_object_set_boolean_member (object, "usable", usable);
  json_object_set_array_member (object, "problems", array);
  json_node_take_object (node, object);
  return node;
}

static void
print_problems (MereHq *hq, const char *path, MereForm *form, GPtrArray *problems)
{
  guint errors = 0;

  for (guint i = 0; i < problems->len; i++)
    {
      const MereFormProblem *problem = g_ptr_array_index (problems, i);

      errors += !problem->warning;
      if (!mere_hq_wants_json (hq))
        print_problem (path, problem);
    }
  if (mere_hq_wants_json (hq))
    mere_hq_print_json (problems_to_json (problems, form != NULL));
  else if (errors > 0)
    mere_hq_say (_ ("%s: %u errors, %u warnings"), path, errors, problems->len - errors);
  else
    mere_hq_say (_ ("%s: the form can be used; %u warnings"), path, problems->len);
}

int
mere_verb_form_check (MereHq *hq, char ***args)
{
  g_autofree char   *media = NULL;
  const GOptionEntry entries[] = { { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, N_ ("Folder of the files that the form refers to"), N_ ("DIR") },
                                   { NULL } };
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (MereForm) form = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!mere_hq_parse (hq, entries, 1, 1, args, &status))
    return status;
  form = load ((*args)[1], media, &problems, &error);
  if (problems == NULL)
    return mere_hq_fail (error);
  print_problems (hq, (*args)[1], form, problems);
  return form != NULL ? MERE_HQ_DONE : MERE_HQ_REFUSED;
}

static gboolean
run_steps (MereFormSession *session, const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("%s holds no array of steps"), path);
      return FALSE;
    }
  return mere_form_run_steps (session, json_node_get_array (root), error);
}

/* The properties are those that a comparison with another engine agrees on. */
static MereFormSession *
start (MereForm *form)
{
  MereFormSession *session = mere_form_session_new (form);

  mere_form_session_set_property (session, "deviceid", "device");
  mere_form_session_set_property (session, "username", "user");
  return session;
}

int
mere_verb_form_run (MereHq *hq, char ***args)
{
  g_autofree char   *media = NULL;
  gboolean           submission = FALSE;
  const GOptionEntry entries[] = { { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, N_ ("Folder of the files that the form refers to"), N_ ("DIR") },
                                   { "submission", 0, 0, G_OPTION_ARG_NONE, &submission, N_ ("Print the submission instead of the state"), NULL },
                                   { NULL } };
  g_autoptr (MereForm) form = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!mere_hq_parse (hq, entries, 1, 2, args, &status))
    return status;
  form = load ((*args)[1], media, NULL, &error);
  if (form == NULL)
    return mere_hq_fail (error);
  session = start (form);
  if ((*args)[2] != NULL && !run_steps (session, (*args)[2], &error))
    return mere_hq_fail (error);
  if (submission)
    {
      g_autoptr (GBytes) bytes = NULL;

      mere_form_session_finish (session);
      bytes = mere_form_session_serialize (session, TRUE);
      mere_hq_print ("%.*s", (int) g_bytes_get_size (bytes), (const char *) g_bytes_get_data (bytes, NULL));
    }
  else
    mere_hq_print_json (mere_form_run_state (session));
  return MERE_HQ_DONE;
}
