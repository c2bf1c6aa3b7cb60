/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/framework/filling.h"

#include <string.h>

GBytes *
mere_filling_read_xml (const char *file)
{
  g_autofree char *path = g_strconcat (MERE_FILLING_FOLDER, file, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *xml = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

  g_assert_no_error (error);
  return xml;
}

MereForm *
mere_filling_load (const char *file)
{
  g_autoptr (GBytes) xml = mere_filling_read_xml (file);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  MereForm *form = mere_form_load (xml, NULL, NULL, &problems, &error);

  g_assert_no_error (error);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const MereFormProblem *problem = g_ptr_array_index (problems, i);

      g_test_message ("line %d, %s: %s", problem->line, problem->bind, problem->message);
    }
  g_assert_true (problems == NULL || problems->len == 0);
  return form;
}

MereFormSession *
mere_filling_begin (const char *file)
{
  g_autoptr (MereForm) form = mere_filling_load (file);

  return mere_form_session_new (form);
}

MereFormNode *
mere_filling_find (MereFormSession *session, const char *ref)
{
  MereFormNode *node = mere_form_session_find (session, ref);

  if (node == NULL)
    g_test_message ("there is no %s", ref);
  g_assert_nonnull (node);
  return node;
}

void
mere_filling_answer (MereFormSession *session, const char *ref, const char *value)
{
  g_autoptr (GError) error = NULL;
  MereFormNode *node = mere_filling_find (session, ref);

  g_assert_true (mere_form_node_is_relevant (node));
  mere_form_session_set_value (session, node, value, &error);
  g_assert_no_error (error);
}

void
mere_filling_answer_all (MereFormSession *session, const char *const (*answers)[2], guint n)
{
  for (guint i = 0; i < n; i++)
    mere_filling_answer (session, answers[i][0], answers[i][1]);
}

const char *
mere_filling_get (MereFormSession *session, const char *ref)
{
  return mere_form_node_get_value (mere_filling_find (session, ref));
}

void
mere_filling_assert_complete (MereFormSession *session)
{
  g_autoptr (GPtrArray) invalid = NULL;
  gboolean valid = mere_form_session_validate (session, &invalid);

  for (guint i = 0; invalid != NULL && i < invalid->len; i++)
    {
      g_autofree char *ref = mere_form_node_dup_ref (g_ptr_array_index (invalid, i));

      g_test_message ("%s is not valid", ref);
    }
  g_assert_true (valid);
}

char *
mere_filling_dup_submission (MereFormSession *session)
{
  g_autoptr (GBytes) bytes = NULL;

  mere_form_session_finish (session);
  bytes = mere_form_session_serialize (session, TRUE);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Every node, with one instance at least in every repeat. */
void
mere_filling_walk (MereFormSession *session, MereFormNode *node, MereFillingVisit visit, gpointer user_data)
{
  if (mere_form_node_get_kind (node) == MERE_FORM_NODE_REPEAT && mere_form_node_get_n_children (node) == 0)
    {
      g_autoptr (GError) error = NULL;

      mere_form_session_add_instance (session, node, &error);
      g_assert_no_error (error);
    }
  visit (node, user_data);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    mere_filling_walk (session, mere_form_node_get_child (node, i), visit, user_data);
}

gboolean
mere_filling_is_asked (MereFormNode *node)
{
  return mere_form_node_get_kind (node) == MERE_FORM_NODE_QUESTION && mere_form_node_get_control (node) != MERE_FORM_CONTROL_NOTE;
}
