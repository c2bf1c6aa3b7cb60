/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loading a form: XML, then what it means, then whether it holds together. Everything that is wrong is told at once. */

#include "config.h"

#include "app/forms/form.h"
#include "app/forms/bounds.h"
#include "app/forms/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static MereForm *
new_form (void)
{
  MereForm *self = g_new0 (MereForm, 1);

  self->ref_count = 1;
  self->arena = mere_arena_new ();
  self->defs = g_ptr_array_new ();
  self->units = g_ptr_array_new ();
  self->actions = g_ptr_array_new ();
  self->secondary = g_array_new (FALSE, FALSE, sizeof (MereSecondary));
  self->spoken = g_array_new (FALSE, FALSE, sizeof (MereReference));
  return self;
}

static void
drop_references (MereForm *self)
{
  for (guint i = 0; i < self->units->len; i++)
    g_clear_pointer (&((MereUnit *) g_ptr_array_index (self->units, i))->references, g_array_unref);
  g_clear_pointer (&self->spoken, g_array_unref);
}

static void
free_form (MereForm *self)
{
  drop_references (self);
  for (guint i = 0; i < self->defs->len; i++)
    {
      MereDef *def = g_ptr_array_index (self->defs, i);

      g_clear_pointer (&def->actions, g_ptr_array_unref);
      g_clear_pointer (&def->new_repeat_actions, g_ptr_array_unref);
    }
  mere_itext_free (self->itext);
  g_clear_pointer (&self->document, mere_xml_document_free);
  g_clear_pointer (&self->lookup, g_hash_table_unref);
  g_ptr_array_unref (self->defs);
  g_ptr_array_unref (self->units);
  g_ptr_array_unref (self->actions);
  g_array_unref (self->secondary);
  g_free (self->languages);
  mere_arena_free (self->arena);
  g_free (self);
}

MereForm *
mere_form_ref (MereForm *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
mere_form_unref (MereForm *self)
{
  if (self != NULL && g_atomic_int_dec_and_test (&self->ref_count))
    free_form (self);
}

static const MereXmlNode *
find_model (const MereXmlNode *html)
{
  const MereXmlNode *head = mere_xml_node_find_child (html, "head");

  return head != NULL ? mere_xml_node_find_child (head, "model") : NULL;
}

static gboolean
read_form (MereForm *self, MereFormMedia media, gpointer user_data, MereProblems *problems)
{
  const MereXmlNode *html = self->document->root;
  const MereXmlNode *model = find_model (html), *body = mere_xml_node_find_child (html, "body");
  const MereXmlNode *title = model != NULL ? mere_xml_node_find_child (model->parent, "title") : NULL;

  if (model == NULL || body == NULL)
    {
      mere_problems_add (problems, FALSE, html->line, NULL, NULL, _ ("The file is XML, but no XForm: it has no model or no body"));
      return FALSE;
    }
  self->title = title != NULL ? mere_arena_strdup (self->arena, title->text) : "";
  self->submission = mere_xml_node_find_child (model, "submission");
  self->paths_follow_context = mere_xml_node_get_ns (model, MERE_NS_ODK, "xforms-version") == NULL;
  if (!mere_model_build (self, model, problems))
    return FALSE;
  mere_body_mark_repeats (self, body);
  mere_itext_read (self, model, problems);
  mere_secondary_read (self, model, media, user_data, problems);
  mere_binds_read (self, model, problems);
  mere_body_read (self, body, problems);
  mere_actions_read (self, model, NULL, problems);
  if (self->has_dynamic_texts)
    mere_itext_prepare (self, problems);
  mere_model_check (self, problems);
  mere_entities_check (self, model, problems);
  mere_remarks_add (self, model, problems);
  mere_graph_build (self, problems);
  return TRUE;
}

static int
errors_first (gconstpointer a, gconstpointer b)
{
  const MereFormProblem *left = *(MereFormProblem *const *) a, *right = *(MereFormProblem *const *) b;

  if (left->warning != right->warning)
    return left->warning ? 1 : -1;
  return left->line < right->line ? -1 : left->line > right->line;
}

static void
set_first_error (const MereProblems *problems, gboolean is_form, GError **error)
{
  const MereFormProblem *first = g_ptr_array_index (problems->list, 0);
  g_autoptr (GString) message = g_string_new (first->message);

  if (first->bind != NULL)
    g_string_append_printf (message, " (%s", first->bind);
  if (first->expression != NULL)
    g_string_append_printf (message, "%s%s", first->bind != NULL ? ": " : " (", first->expression);
  if (first->bind != NULL || first->expression != NULL)
    g_string_append_c (message, ')');
  g_set_error_literal (error, MERE_FORM_ERROR, is_form ? MERE_FORM_ERROR_INVALID : MERE_FORM_ERROR_NOT_A_FORM, message->str);
}

/* The one problem of a file that is no XML at all. */
static void
add_parse_problem (MereProblems *problems, const GError *error, int line)
{
  mere_problems_add (problems, FALSE, line, NULL, NULL, "%s", error->message);
}

MereForm *
mere_form_load (GBytes *xml, MereFormMedia media, gpointer user_data, GPtrArray **problems, GError **error)
{
  g_autoptr (MereForm) self = new_form ();
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_form_problem_free);
  g_autoptr (GError) parse_error = NULL;
  MereProblems found = { list, 0 };
  gsize        length;
  const char  *text = g_bytes_get_data (xml, &length);
  int          line = 0;
  gboolean     is_form = FALSE;

  self->document = mere_xml_document_parse (self->arena, text != NULL ? text : "", length, &line, &parse_error);
  if (self->document == NULL)
    add_parse_problem (&found, parse_error, line);
  else
    {
      self->namespaces = self->document->namespaces;
      is_form = read_form (self, media, user_data, &found);
    }
  g_ptr_array_sort (list, errors_first);
  if (problems != NULL)
    *problems = g_ptr_array_ref (list);
  if (parse_error != NULL)
    g_propagate_error (error, g_steal_pointer (&parse_error));
  else if (found.n_errors > 0)
    set_first_error (&found, is_form, error);
  if (found.n_errors > 0)
    return NULL;
  drop_references (self);
  return g_steal_pointer (&self);
}

/* Of a file that is too large, enough to see that it is. */
static GBytes *
read_media (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr (GFileInfo) info = stream != NULL ? g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL) : NULL;
  gsize size = info != NULL ? (gsize) CLAMP (g_file_info_get_size (info), 0, MERE_FORM_MOST_BYTES + 1) : 0;
  char *contents;
  gsize length;

  if (info == NULL)
    return NULL;
  contents = g_malloc (MAX (size, 1));
  if (g_input_stream_read_all (G_INPUT_STREAM (stream), contents, size, &length, NULL, NULL))
    return g_bytes_new_take (contents, length);
  g_free (contents);
  return NULL;
}

GBytes *
mere_form_media_from_folder (const char *name, gpointer user_data)
{
  g_autofree char *path = NULL;

  if (*name == '\0' || *name == '.' || strpbrk (name, "/\\") != NULL)
    return NULL;
  path = g_build_filename (user_data, name, NULL);
  return read_media (path);
}

const char *
mere_form_get_id (MereForm *self)
{
  return self->id;
}

const char *
mere_form_get_version (MereForm *self)
{
  return self->version != NULL ? self->version : "";
}

const char *
mere_form_get_title (MereForm *self)
{
  return self->title;
}

const char *const *
mere_form_get_languages (MereForm *self)
{
  return (const char *const *) self->languages;
}

const char *
mere_form_get_default_language (MereForm *self)
{
  return self->n_languages > 0 ? self->languages[self->default_language] : "";
}

const char *
mere_form_get_attribute (MereForm *self, const char *name)
{
  return mere_xml_node_get_any (self->root->template, name);
}

gboolean
mere_form_has_side_effects (MereForm *self)
{
  for (guint i = 0; i < self->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (self->defs, i);

      if (def->units[MERE_UNIT_COUNT] != NULL || mere_def_is_fleeting (def))
        return TRUE;
    }
  return FALSE;
}
