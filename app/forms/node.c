/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a node says of itself: what it is, how it stands, and its texts. */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/text.h"

#include <stdlib.h>
#include <string.h>

MereFormNode *
mere_form_session_get_root (MereFormSession *self)
{
  return self->root;
}

MereFormNode *
mere_form_node_get_parent (MereFormNode *node)
{
  return node->parent;
}

guint
mere_form_node_get_n_children (MereFormNode *node)
{
  if (node->is_range)
    return node->n_children;
  return node->n_children - MIN (node->n_children, node->def->n_attributes);
}

MereFormNode *
mere_form_node_get_child (MereFormNode *node, guint index)
{
  if (index >= mere_form_node_get_n_children (node))
    return NULL;
  return node->children[node->is_range ? index : node->def->body_order[index]];
}

MereFormNode *
mere_form_node_get_child_in_document (MereFormNode *node, guint index)
{
  return index < mere_form_node_get_n_children (node) ? node->children[index] : NULL;
}

MereFormNode *
mere_form_node_find_child (MereFormNode *node, const char *name)
{
  for (guint i = 0; node != NULL && i < mere_form_node_get_n_children (node); i++)
    if (strcmp (node->children[i]->def->name->local, name) == 0)
      return node->children[i];
  return NULL;
}

MereFormNodeKind
mere_form_node_get_kind (MereFormNode *node)
{
  if (node->is_range)
    return MERE_FORM_NODE_REPEAT;
  if (node->is_instance)
    return MERE_FORM_NODE_REPEAT_INSTANCE;
  if (!mere_node_is_leaf (node))
    return MERE_FORM_NODE_GROUP;
  return mere_form_node_get_control (node) != MERE_FORM_CONTROL_NONE ? MERE_FORM_NODE_QUESTION : MERE_FORM_NODE_VALUE;
}

MereFormControl
mere_form_node_get_control (MereFormNode *node)
{
  return node->def->body != NULL && mere_node_is_leaf (node) ? node->def->body->control : MERE_FORM_CONTROL_NONE;
}

MereFormType
mere_form_node_get_value_type (MereFormNode *node)
{
  return node->def->type;
}

const char *
mere_form_node_get_name (MereFormNode *node)
{
  return node->def->name->local;
}

static void
append_ref (MereFormNode *node, GString *ref)
{
  MereFormNode *parent = mere_node_parent (node);

  if (parent != NULL)
    append_ref (parent, ref);
  g_string_append (ref, node->def->kind == MERE_DEF_ATTRIBUTE ? "/@" : "/");
  g_string_append (ref, node->def->name->qualified);
  if (node->is_instance)
    g_string_append_printf (ref, "[%u]", node->position + 1);
}

char *
mere_form_node_dup_ref (MereFormNode *node)
{
  GString *ref = g_string_new (NULL);

  append_ref (node, ref);
  return g_string_free (ref, FALSE);
}

/* One step of a ref: its name, and its position where it has one. */
static const char *
read_step (const char *at, gsize *length, guint *position)
{
  *length = strcspn (at, "/[");
  *position = 0;
  if (at[*length] != '[')
    return at + *length;
  *position = (guint) strtoul (at + *length + 1, NULL, 10);
  at = strchr (at + *length, ']');
  return at != NULL ? at + 1 : "";
}

static gboolean
is_named (const MereDef *def, const char *name, gsize length)
{
  if (def->kind == MERE_DEF_ATTRIBUTE)
    return *name == '@' && strlen (def->name->qualified) == length - 1 && strncmp (def->name->qualified, name + 1, length - 1) == 0;
  return (strlen (def->name->qualified) == length && strncmp (def->name->qualified, name, length) == 0) ||
         (strlen (def->name->local) == length && strncmp (def->name->local, name, length) == 0);
}

static MereFormNode *
find_child (MereFormNode *node, const char *name, gsize length)
{
  const char *test = NULL;

  if (node->n_children > 8 && memchr (name, ':', length) == NULL && *name != '@')
    {
      g_autofree char *copy = g_strndup (name, length);
      MereDef         *def;

      test = mere_arena_lookup (node->session->form->arena, copy);
      def = test != NULL ? mere_def_find_child (node->session->form, node->def, test) : NULL;
      if (def != NULL)
        return node->children[def->slot];
    }
  for (guint i = 0; i < node->n_children; i++)
    if (is_named (node->def->children[i], name, length))
      return node->children[i];
  return NULL;
}

/* A repeat without a position is the repeat where the ref ends there, and its first instance where it goes on. */
MereFormNode *
mere_form_session_find (MereFormSession *self, const char *ref)
{
  MereFormNode *node = NULL;

  while (*ref == '/')
    {
      const char *name = ref + 1;
      gsize       length;
      guint       position;

      ref = read_step (name, &length, &position);
      if (node == NULL)
        node = is_named (self->root->def, name, length) ? self->root : NULL;
      else
        node = find_child (node, name, length);
      if (node == NULL)
        return NULL;
      if (node->is_range && (position > 0 || *ref == '/'))
        {
          position = MAX (position, 1);
          if (position > node->n_children)
            return NULL;
          node = node->children[position - 1];
        }
    }
  return *ref == '\0' ? node : NULL;
}

static const char *
element_attribute (const MereXmlNode *element, const char *name)
{
  const char *value = element != NULL ? mere_xml_node_get (element, name) : NULL;

  return value != NULL || element == NULL ? value : mere_xml_node_get_any (element, name);
}

const char *
mere_form_node_get_body_attribute (MereFormNode *node, const char *name)
{
  const MereXmlNode *element = node->def->body != NULL ? node->def->body->element : NULL;
  const char        *value = element_attribute (element, name);

  /* a repeat's look is mostly said on the group around it */
  if (value == NULL && node->def->kind == MERE_DEF_REPEAT && element != NULL && mere_xml_node_is (element->parent, NULL, "group"))
    value = element_attribute (element->parent, name);
  return value;
}

const char *
mere_form_node_get_appearance (MereFormNode *node)
{
  const char *appearance = mere_form_node_get_body_attribute (node, "appearance");

  return appearance != NULL ? appearance : "";
}

const char *
mere_form_node_get_attribute (MereFormNode *node, const char *name)
{
  return element_attribute (node->def->bind, name);
}

const char *
mere_form_node_get_value (MereFormNode *node)
{
  return mere_node_value (node);
}

const char *
mere_form_node_get_kept_value (MereFormNode *node)
{
  return node->value != NULL ? node->value : "";
}

gboolean
mere_form_node_is_fleeting (MereFormNode *node)
{
  return mere_def_is_fleeting (node->def);
}

gboolean
mere_form_node_is_relevant (MereFormNode *node)
{
  /* a repeat is there when it is itself, or any of its instances */
  for (guint i = 0; node->is_range && !node->relevant && i < node->n_children; i++)
    if (node->children[i]->relevant)
      return TRUE;
  return node->relevant;
}

gboolean
mere_form_node_is_readonly (MereFormNode *node)
{
  if (node->session->frozen)
    return TRUE;
  for (; node != NULL; node = mere_node_parent (node))
    if (node->readonly_self && node->parent != NULL)
      return TRUE;
  return FALSE;
}

gboolean
mere_form_node_is_required (MereFormNode *node)
{
  return node->required;
}

MereFormValidity
mere_form_node_get_validity (MereFormNode *node)
{
  gboolean empty;

  if (!mere_node_is_leaf (node) || !node->relevant)
    return MERE_FORM_VALID;
  empty = *mere_node_value (node) == '\0';
  if (!empty && !node->constraint_ok)
    return MERE_FORM_VIOLATES_CONSTRAINT;
  return empty && node->required ? MERE_FORM_VIOLATES_REQUIRED : MERE_FORM_VALID;
}

static void
forget_texts (MereFormNode *node)
{
  if (node->texts == NULL)
    node->texts = g_new0 (MereNodeTexts, 1);
  if (node->texts->serial == node->session->serial)
    return;
  for (guint i = 0; i < MERE_N_NODE_TEXTS; i++)
    g_clear_pointer (&node->texts->texts[i], g_free);
  node->texts->serial = node->session->serial;
}

static const char *
keep_text (MereFormNode *node, MereNodeTextKind kind, const MereText *text)
{
  if (text == NULL)
    return NULL;
  forget_texts (node);
  if (node->texts->texts[kind] == NULL)
    node->texts->texts[kind] = mere_text_show (text, node, MERE_ANY_FROM_NODE (node));
  return node->texts->texts[kind];
}

const char *
mere_form_node_get_label (MereFormNode *node)
{
  return keep_text (node, MERE_NODE_TEXT_LABEL, node->def->body != NULL ? node->def->body->label : NULL);
}

const char *
mere_form_node_get_hint (MereFormNode *node)
{
  return keep_text (node, MERE_NODE_TEXT_HINT, node->def->body != NULL ? node->def->body->hint : NULL);
}

const char *
mere_form_node_get_label_markup (MereFormNode *node)
{
  const char *label = mere_form_node_get_label (node);

  if (label == NULL)
    return NULL;
  if (node->texts->texts[MERE_NODE_TEXT_MARKUP] == NULL)
    node->texts->texts[MERE_NODE_TEXT_MARKUP] = mere_markdown_to_markup (label);
  return node->texts->texts[MERE_NODE_TEXT_MARKUP];
}

const char *
mere_form_node_get_message (MereFormNode *node)
{
  switch (mere_form_node_get_validity (node))
    {
    case MERE_FORM_VIOLATES_CONSTRAINT:
      return keep_text (node, MERE_NODE_TEXT_MESSAGE, node->def->constraint_message);
    case MERE_FORM_VIOLATES_REQUIRED:
      return keep_text (node, MERE_NODE_TEXT_MESSAGE, node->def->required_message);
    case MERE_FORM_VALID:
    default:
      return NULL;
    }
}

const char *
mere_form_node_get_guidance (MereFormNode *node)
{
  const MereText *hint = node->def->body != NULL ? node->def->body->hint : NULL;

  if (hint == NULL)
    return NULL;
  forget_texts (node);
  if (node->texts->texts[MERE_NODE_TEXT_GUIDANCE] == NULL)
    node->texts->texts[MERE_NODE_TEXT_GUIDANCE] = mere_text_show_form (hint, node, MERE_ANY_FROM_NODE (node), MERE_TEXT_FORM_GUIDANCE);
  return node->texts->texts[MERE_NODE_TEXT_GUIDANCE];
}

static const struct
{
  const char  *name;
  MereTextForm form;
} media[] = {
  { "image", MERE_TEXT_FORM_IMAGE },
  { "big-image", MERE_TEXT_FORM_BIG_IMAGE },
  { "audio", MERE_TEXT_FORM_AUDIO },
  { "video", MERE_TEXT_FORM_VIDEO },
};

static char *
media_file (const MereText *text, MereFormNode *node, MereAny item, const char *kind)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (media); i++)
    if (strcmp (media[i].name, kind) == 0)
      {
        g_autofree char *uri = mere_text_show_form (text, node, item, media[i].form);

        return uri != NULL ? g_path_get_basename (g_strstrip (uri)) : NULL;
      }
  return NULL;
}

char *
mere_form_node_dup_media (MereFormNode *node, const char *kind)
{
  return media_file (node->def->body != NULL ? node->def->body->label : NULL, node, MERE_ANY_FROM_NODE (node), kind);
}

guint
mere_form_node_get_n_choices (MereFormNode *node)
{
  return node->choices != NULL ? node->choices->n : 0;
}

MereFormChoice
mere_form_node_get_choice (MereFormNode *node, guint index)
{
  if (node->choices == NULL || index >= node->choices->n)
    return (MereFormChoice){ NULL, NULL };
  return (MereFormChoice){ node->choices->items[index].value, mere_choice_label (node, index) };
}

char *
mere_form_node_dup_choice_media (MereFormNode *node, guint index, const char *kind)
{
  const MereBody *body = node->def->body;
  const MereText *label;

  if (node->choices == NULL || index >= node->choices->n)
    return NULL;
  label = body->itemset != NULL ? body->itemset->label : body->items[index].label;
  return media_file (label, node, body->itemset != NULL ? node->choices->items[index].source : MERE_ANY_FROM_NODE (node), kind);
}

static void
collect_invalid (MereFormNode *node, gpointer user_data)
{
  if (mere_form_node_get_validity (node) != MERE_FORM_VALID)
    g_ptr_array_add (user_data, node);
}

gboolean
mere_form_session_validate (MereFormSession *self, GPtrArray **invalid)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  gboolean valid;

  mere_node_visit_all (self->root, collect_invalid, found);
  valid = found->len == 0;
  if (invalid != NULL)
    *invalid = g_steal_pointer (&found);
  return valid;
}
