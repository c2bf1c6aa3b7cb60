/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One filling of a form: its beginning, its answers, its repeats. What follows from a change is recalculate.c's. */

#include "config.h"

#include "app/forms/session.h"
#include "app/forms/instance.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (MereFormSession, mere_form_session, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
mere_form_session_finalize (GObject *object)
{
  MereFormSession *self = MERE_FORM_SESSION (object);

  mere_node_free (self->root);
  for (guint i = 0; self->shared_choices != NULL && i < self->form->defs->len; i++)
    mere_choices_unref (self->shared_choices[i]);
  g_free (self->shared_choices);
  g_array_unref (self->tasks);
  g_queue_free_full (self->fired, g_free);
  g_ptr_array_unref (self->changed);
  g_ptr_array_unref (self->graveyard);
  g_clear_pointer (&self->indexes, g_hash_table_unref);
  g_hash_table_unref (self->properties);
  g_clear_pointer (&self->id_of_edited, g_free);
  g_clear_pointer (&self->restored, mere_arena_free);
  g_clear_pointer (&self->form, mere_form_unref);
  G_OBJECT_CLASS (mere_form_session_parent_class)->finalize (object);
}

static void
mere_form_session_class_init (MereFormSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_form_session_finalize;
  /**
   * MereFormSession::changed:
   * @nodes: (nullable) (element-type MereFormNode): what changed
   * @structure: whether instances came or went
   */
  signals[CHANGED] = g_signal_new ("changed", MERE_TYPE_FORM_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_PTR_ARRAY, G_TYPE_BOOLEAN);
}

static void
mere_form_session_init (MereFormSession *self)
{
  self->tasks = g_array_new (FALSE, FALSE, sizeof (MereTask));
  self->fired = g_queue_new ();
  self->changed = g_ptr_array_new ();
  self->graveyard = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_node_free);
  self->properties = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->serial = 1;
}

static MereFormSession *
new_session (MereForm *form)
{
  MereFormSession *self = g_object_new (MERE_TYPE_FORM_SESSION, NULL);

  self->form = mere_form_ref (form);
  self->language = form->default_language;
  self->shared_choices = g_new0 (MereChoices *, form->defs->len);
  return self;
}

static void
forget_changes (MereFormSession *self)
{
  for (guint i = 0; i < self->changed->len; i++)
    ((MereFormNode *) g_ptr_array_index (self->changed, i))->changed = FALSE;
  g_ptr_array_set_size (self->changed, 0);
  self->structure_changed = FALSE;
}

/* Works everything out and tells of it once. */
static void
settle (MereFormSession *self)
{
  g_autoptr (GPtrArray) nodes = NULL;
  gboolean structure;

  mere_session_run (self);
  structure = self->structure_changed;
  nodes = g_ptr_array_copy (self->changed, NULL, NULL);
  forget_changes (self);
  g_ptr_array_set_free_func (nodes, NULL);
  g_signal_emit (self, signals[CHANGED], 0, nodes, structure);
}

static void
fill_fixed_choices (MereFormNode *node, gpointer user_data)
{
  const MereBody *body = node->def->body;

  if (body == NULL || node->choices != NULL || body->itemset != NULL)
    return;
  if (body->control == MERE_FORM_CONTROL_SELECT_ONE || body->control == MERE_FORM_CONTROL_SELECT_MANY || body->control == MERE_FORM_CONTROL_RANK)
    mere_choices_update (node);
}

void
mere_session_prepare_tree (MereFormSession *self, MereFormNode *top)
{
  mere_node_visit_all (top, fill_fixed_choices, NULL);
  mere_session_schedule_tree (self, top);
}

static void
compute_all (MereFormSession *self)
{
  mere_session_prepare_tree (self, self->root);
  mere_session_run (self);
  self->settled = TRUE;
}

static void
fire_load (MereFormSession *self, guint events)
{
  mere_actions_fire_on_load (self, events);
  mere_session_run (self);
  forget_changes (self);
}

MereFormSession *
mere_form_session_new (MereForm *form)
{
  MereFormSession *self = new_session (form);

  self->first_load = TRUE;
  self->root = mere_node_new (self, form->root, NULL, form->root->template, FALSE);
  mere_preload_all (self, 1 << MERE_PRELOAD_UID | 1 << MERE_PRELOAD_DATE | 1 << MERE_PRELOAD_START | 1 << MERE_PRELOAD_PROPERTY);
  compute_all (self);
  fire_load (self, MERE_EVENT_FIRST_LOAD | MERE_EVENT_LOAD);
  self->first_load = FALSE;
  return self;
}

/* Whether it stands in an instance that was made from a template without values. */
static gboolean
is_in_added (const MereFormNode *node)
{
  for (; node != NULL; node = node->parent)
    if (node->is_instance && node->position > 0 && !node->def->keep_values)
      return TRUE;
  return FALSE;
}

/* What a counted repeat gets from now on is what it would get in a fresh record: an answer that was taken away with its
 * instance does not come back with another. */
static void
forget_source (MereFormNode *node, gpointer user_data)
{
  if (node->is_range && node->source != NULL)
    node->source = is_in_added (node) ? NULL : node->parent->def->template;
}

MereFormSession *
mere_form_session_new_from_instance (MereForm *form, GBytes *instance, gboolean edit, GError **error)
{
  g_autoptr (MereFormSession) self = new_session (form);
  g_autoptr (MereXmlDocument) document = NULL;
  gsize       length;
  const char *text = g_bytes_get_data (instance, &length);

  self->restored = mere_arena_new ();
  document = mere_xml_document_parse (self->restored, text != NULL ? text : "", length, NULL, error);
  if (document == NULL || !mere_session_restore (self, document->root, edit, error))
    return NULL;
  compute_all (self);
  mere_node_visit_all (self->root, forget_source, NULL);
  fire_load (self, MERE_EVENT_LOAD);
  return g_steal_pointer (&self);
}

MereFormSession *
mere_form_session_new_from_record (MereForm *form, GBytes *record, GError **error)
{
  g_autoptr (MereFormSession) self = new_session (form);
  g_autoptr (MereXmlDocument) document = NULL;
  gsize       length;
  const char *text = g_bytes_get_data (record, &length);

  self->frozen = TRUE;
  self->restored = mere_arena_new ();
  document = mere_xml_document_parse (self->restored, text != NULL ? text : "", length, NULL, error);
  if (document == NULL || !mere_session_restore (self, document->root, FALSE, error))
    return NULL;
  compute_all (self);
  forget_changes (self);
  return g_steal_pointer (&self);
}

MereForm *
mere_form_session_get_form (MereFormSession *self)
{
  return self->form;
}

static void
keep_first (MereFormNode *node, gpointer user_data)
{
  if (*(MereFormNode **) user_data == NULL)
    *(MereFormNode **) user_data = node;
}

static MereFormNode *
find_id (MereFormSession *self)
{
  MereFormNode *node = NULL;

  if (self->form->instance_id != NULL)
    mere_node_visit (self->root, self->form->instance_id, keep_first, &node);
  return node;
}

const char *
mere_form_session_get_instance_id (MereFormSession *self)
{
  const MereFormNode *node = find_id (self);

  return node != NULL && node->value != NULL ? node->value : "";
}

void
mere_form_session_ensure_id (MereFormSession *self)
{
  MereFormNode    *node = find_id (self);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *id = g_strconcat ("uuid:", uuid, NULL);

  if (node == NULL || node->value != NULL)
    return;
  mere_node_overwrite (node, id);
  settle (self);
}

const char *
mere_form_session_get_language (MereFormSession *self)
{
  return self->form->n_languages > 0 ? self->form->languages[self->language] : "";
}

static void
schedule_speaking (MereFormNode *node, gpointer user_data)
{
  for (guint i = 0; i < MERE_N_UNITS; i++)
    if (node->def->units[i] != NULL && node->def->units[i]->speaks)
      mere_session_schedule (user_data, node->def->units[i], node);
}

gboolean
mere_form_session_set_language (MereFormSession *self, const char *language, GError **error)
{
  for (guint i = 0; i < self->form->n_languages; i++)
    if (strcmp (self->form->languages[i], language) == 0)
      {
        if (i == self->language)
          return TRUE;
        self->language = i;
        self->serial++;
        mere_node_visit_all (self->root, schedule_speaking, self);
        mere_session_run (self);
        forget_changes (self);
        g_signal_emit (self, signals[CHANGED], 0, NULL, FALSE);
        return TRUE;
      }
  g_set_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE, _ ("The form has no language “%s”"), language);
  return FALSE;
}

static gboolean
fail (MereFormNode *node, int code, const char *message, GError **error)
{
  g_autofree char *ref = mere_form_node_dup_ref (node);

  g_set_error (error, MERE_FORM_ERROR, code, "%s: %s", ref, message);
  return FALSE;
}

static gboolean
fail_reference (MereFormNode *node, const char *message, GError **error)
{
  return fail (node, MERE_FORM_ERROR_REFERENCE, message, error);
}

static void
answer (MereFormSession *self, MereFormNode *node, const char *value)
{
  if (node->place_wanted)
    mere_session_mark_changed (self, node);
  node->place_wanted = FALSE;
  mere_node_overwrite (node, value);
  settle (self);
}

static gboolean
is_question (const MereFormNode *node)
{
  return node->def->body != NULL && node->def->body->control != MERE_FORM_CONTROL_NONE;
}

gboolean
mere_form_session_set_value (MereFormSession *self, MereFormNode *node, const char *value, GError **error)
{
  g_autofree char *cast = NULL;

  if (self->frozen || !mere_node_is_leaf (node) || (!is_question (node) && !node->def->located))
    return fail_reference (node, _ ("this node is no question"), error);
  if (mere_form_node_is_readonly (node) && !node->def->located)
    return fail_reference (node, _ ("this question may not be answered"), error);
  cast = mere_cast (node->def, value);
  if (cast == NULL)
    return fail (node, MERE_FORM_ERROR_VALUE, _ ("the answer does not fit the question’s type"), error);
  if (node->choices != NULL)
    {
      char *ordered = mere_choices_order (node, cast);

      g_free (cast);
      cast = ordered;
    }
  answer (self, node, cast);
  return TRUE;
}

void
mere_form_session_put_back (MereFormSession *self, MereFormNode *node, const char *kept)
{
  answer (self, node, kept);
}

gboolean
mere_form_node_wants_place (MereFormNode *node)
{
  return node->place_wanted && node->relevant;
}

static void
collect_wanted (MereFormNode *node, gpointer user_data)
{
  if (mere_form_node_wants_place (node))
    g_ptr_array_add (user_data, node);
}

GPtrArray *
mere_form_session_list_wanted_places (MereFormSession *self)
{
  GPtrArray *found = g_ptr_array_new ();

  mere_node_visit_all (self->root, collect_wanted, found);
  return found;
}

static void
name_audit (MereFormNode *node, gpointer file)
{
  mere_node_overwrite (node, file);
}

void
mere_form_session_set_audit (MereFormSession *self, const char *file)
{
  if (self->form->audit != NULL)
    mere_node_visit (self->root, self->form->audit, name_audit, (gpointer) file);
  settle (self);
}

gboolean
mere_form_node_can_add_remove (MereFormNode *repeat)
{
  return !repeat->session->frozen && repeat->is_range && repeat->def->units[MERE_UNIT_COUNT] == NULL && !repeat->def->no_add_remove;
}

MereFormNode *
mere_form_session_add_instance (MereFormSession *self, MereFormNode *repeat, GError **error)
{
  if (!mere_form_node_can_add_remove (repeat))
    {
      fail_reference (repeat, _ ("instances cannot be added here"), error);
      return NULL;
    }
  if (!mere_session_make_instance (self, repeat, NULL))
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_TOO_LARGE, _ ("The record has too many nodes"));
      return NULL;
    }
  mere_session_structure_changed (self, repeat);
  settle (self);
  return repeat->children[repeat->n_children - 1];
}

gboolean
mere_form_session_remove_instance (MereFormSession *self, MereFormNode *instance, GError **error)
{
  MereFormNode *range = instance->parent;

  if (!instance->is_instance || !mere_form_node_can_add_remove (range))
    return fail_reference (instance, _ ("this cannot be removed"), error);
  mere_node_unlink (instance);
  mere_session_structure_changed (self, range);
  settle (self);
  return TRUE;
}

void
mere_form_session_set_property (MereFormSession *self, const char *name, const char *value)
{
  g_hash_table_insert (self->properties, g_ascii_strdown (name, -1), g_strdup (value));
  if (self->id_of_edited == NULL && self->restored == NULL)
    {
      mere_preload_all (self, 1 << MERE_PRELOAD_PROPERTY);
      settle (self);
    }
}

void
mere_form_session_finish (MereFormSession *self)
{
  mere_form_session_ensure_id (self);
  mere_preload_all (self, 1 << MERE_PRELOAD_END);
  settle (self);
}
