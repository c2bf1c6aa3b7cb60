/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps in, state out: the contract that lets another engine be compared with this one, node by node. */

#include "config.h"

#include "app/forms/run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *
member (JsonObject *step, const char *name)
{
  JsonNode *node = json_object_get_member (step, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static MereFormNode *
find (MereFormSession *session, const char *ref, GError **error)
{
  MereFormNode *node = mere_form_session_find (session, ref);

  if (node == NULL)
    g_set_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE, _ ("There is no node %s"), ref);
  return node;
}

static gboolean
take_set (MereFormSession *session, JsonObject *step, GError **error)
{
  MereFormNode *node = find (session, member (step, "set"), error);
  const char   *value = member (step, "value");
  g_autoptr (GError) misfit = NULL;

  if (node == NULL)
    return FALSE;
  if (mere_form_session_set_value (session, node, value != NULL ? value : "", &misfit))
    return TRUE;
  /* a person is told; a script's answer that does not fit is no answer */
  if (g_error_matches (misfit, MERE_FORM_ERROR, MERE_FORM_ERROR_VALUE))
    return mere_form_session_set_value (session, node, "", error);
  g_propagate_error (error, g_steal_pointer (&misfit));
  return FALSE;
}

static gboolean
take_add (MereFormSession *session, JsonObject *step, GError **error)
{
  MereFormNode *repeat = find (session, member (step, "add"), error);

  return repeat != NULL && mere_form_session_add_instance (session, repeat, error) != NULL;
}

static gboolean
take_remove (MereFormSession *session, JsonObject *step, GError **error)
{
  MereFormNode *instance = find (session, member (step, "remove"), error);

  return instance != NULL && mere_form_session_remove_instance (session, instance, error);
}

static gboolean
take_step (MereFormSession *session, JsonObject *step, GError **error)
{
  if (member (step, "set") != NULL)
    return take_set (session, step, error);
  if (member (step, "add") != NULL)
    return take_add (session, step, error);
  if (member (step, "remove") != NULL)
    return take_remove (session, step, error);
  if (member (step, "language") != NULL)
    return mere_form_session_set_language (session, member (step, "language"), error);
  g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE, _ ("A step is none of set, add, remove, language"));
  return FALSE;
}

gboolean
mere_form_run_steps (MereFormSession *session, JsonArray *steps, GError **error)
{
  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonNode *step = json_array_get_element (steps, i);

      if (!JSON_NODE_HOLDS_OBJECT (step))
        {
          g_set_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE, _ ("Step %u is no object"), i + 1);
          return FALSE;
        }
      if (!take_step (session, json_node_get_object (step), error))
        {
          g_prefix_error (error, _ ("Step %u: "), i + 1);
          return FALSE;
        }
    }
  return TRUE;
}

static void
set_string (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
set_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_choices (JsonBuilder *builder, MereFormNode *node)
{
  json_builder_set_member_name (builder, "choices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, choice.value);
      json_builder_add_string_value (builder, choice.label);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static void
add_leaf (JsonBuilder *builder, MereFormNode *node)
{
  MereFormValidity validity = mere_form_node_get_validity (node);
  MereFormControl  control = mere_form_node_get_control (node);

  set_string (builder, "value", mere_form_node_get_value (node));
  set_boolean (builder, "required", mere_form_node_is_required (node));
  set_boolean (builder, "valid", validity == MERE_FORM_VALID);
  if (validity != MERE_FORM_VALID)
    set_string (builder, "violation", validity == MERE_FORM_VIOLATES_CONSTRAINT ? "constraint" : "required");
  if (control == MERE_FORM_CONTROL_SELECT_ONE || control == MERE_FORM_CONTROL_SELECT_MANY || control == MERE_FORM_CONTROL_RANK)
    add_choices (builder, node);
}

static void
add_node (JsonBuilder *builder, MereFormNode *node)
{
  MereFormNodeKind kind = mere_form_node_get_kind (node);

  if (kind != MERE_FORM_NODE_REPEAT && mere_form_node_get_parent (node) != NULL)
    {
      g_autofree char *ref = mere_form_node_dup_ref (node);

      json_builder_begin_object (builder);
      set_string (builder, "ref", ref);
      set_boolean (builder, "relevant", mere_form_node_is_relevant (node));
      set_boolean (builder, "readonly", mere_form_node_is_readonly (node));
      if (mere_form_node_get_label (node) != NULL)
        set_string (builder, "label", mere_form_node_get_label (node));
      if (kind == MERE_FORM_NODE_QUESTION || kind == MERE_FORM_NODE_VALUE)
        add_leaf (builder, node);
      json_builder_end_object (builder);
    }
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    add_node (builder, mere_form_node_get_child_in_document (node, i));
}

JsonNode *
mere_form_run_state (MereFormSession *session)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "nodes");
  json_builder_begin_array (builder);
  add_node (builder, mere_form_session_get_root (session));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
