/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shape of a form over all its versions. */

#include "config.h"

#include "sync/hq/shape.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/forms/form.h"
#include "sync/hq/shape-words.h"

#define MAX_CHOICES 1000 /* of one question */

MereShape *
mere_shape_new (const char *name)
{
  MereShape *self = g_new0 (MereShape, 1);

  self->name = g_strdup (name);
  return self;
}

void
mere_shape_free (MereShape *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->by_value, g_hash_table_unref);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_free (self->label);
  g_free (self->name);
  g_free (self);
}

MereShape *
mere_shape_find (MereShape  *self,
                 const char *name)
{
  return self->by_name != NULL ? g_hash_table_lookup (self->by_name, name) : NULL;
}

static guint
index_of (MereShape *self,
          MereShape *child)
{
  guint index = 0;

  g_ptr_array_find (self->children, child, &index);
  return index;
}

/* The child of that name, made where it is missing: after @before, or at the end. */
static MereShape *
take_child (MereShape  *self,
            const char *name,
            MereShape  *before)
{
  MereShape *child = mere_shape_find (self, name);

  if (child != NULL)
    return child;
  if (self->children == NULL)
    {
      self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_shape_free);
      self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
    }
  child = mere_shape_new (name);
  child->parent = self;
  g_ptr_array_insert (self->children, before != NULL ? (int) index_of (self, before) + 1 : -1, child);
  g_hash_table_insert (self->by_name, child->name, child);
  return child;
}

static void
choice_free (gpointer data)
{
  MereShapeChoice *self = data;

  g_free (self->value);
  g_free (self->label);
  g_free (self);
}

const MereShapeChoice *
mere_shape_find_choice (const MereShape *self,
                        const char      *value)
{
  return self->by_value != NULL ? g_hash_table_lookup (self->by_value, value) : NULL;
}

void
mere_shape_add_choice (MereShape  *self,
                       const char *value,
                       const char *label)
{
  MereShapeChoice *choice = (MereShapeChoice *) mere_shape_find_choice (self, value);

  if (self->choices == NULL)
    {
      self->choices = g_ptr_array_new_with_free_func (choice_free);
      self->by_value = g_hash_table_new (g_str_hash, g_str_equal);
    }
  if (choice == NULL)
    {
      choice = g_new0 (MereShapeChoice, 1);
      choice->value = g_strdup (value);
      g_ptr_array_add (self->choices, choice);
      g_hash_table_insert (self->by_value, choice->value, choice);
    }
  if (label != NULL)
    {
      g_free (choice->label);
      choice->label = g_strdup (label);
    }
}

/* What no form lists: choices that come from a file, or that only an older form has. A select's words are few; more are
 * texts that somebody has sent instead. */
static void
add_chosen (MereShape  *self,
            const char *text)
{
  g_auto (GStrv) words = self->is_many ? g_strsplit_set (text, " \t\r\n", -1) : NULL;

  for (char **word = words; word != NULL && *word != NULL; word++)
    if (**word != '\0' && (self->choices == NULL || self->choices->len < MAX_CHOICES))
      mere_shape_add_choice (self, *word, NULL);
}

/* A group that is empty in one submission is no value: a leaf without text says nothing about an element that is known. */
void
mere_shape_add_instance (MereShape         *self,
                         const MereXmlNode *node)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  MereShape *before = NULL;

  if (mere_xml_node_first_child (node) == NULL)
    {
      self->is_leaf = self->is_leaf || self->children == NULL || *node->text != '\0';
      add_chosen (self, node->text);
    }
  for (const MereXmlNode *child = mere_xml_node_first_child (node); child != NULL; child = mere_xml_node_next_element (child))
    {
      before = take_child (self, child->name->local, before);
      before->is_repeat = before->is_repeat || !g_hash_table_add (seen, before);
      mere_shape_add_instance (before, child);
    }
}

MereShape *
mere_shape_find_path (MereShape  *self,
                      const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  MereShape *node = self;

  if (names[0] == NULL || names[1] == NULL || *names[0] != '\0')
    return NULL;
  for (char **name = names + 2; *name != NULL && node != NULL; name++)
    {
      const char      *local = strrchr (*name, ':') != NULL ? strrchr (*name, ':') + 1 : *name;
      g_autofree char *bare = g_strndup (local, strcspn (local, "["));

      node = mere_shape_find (node, g_strstrip (bare));
    }
  return node;
}

static MereShapeType
type_of (const char *name)
{
  static const struct
  {
    const char   *name;
    MereShapeType type;
  } types[] = {
    { "int", MERE_SHAPE_INT },
    { "integer", MERE_SHAPE_INT },
    { "decimal", MERE_SHAPE_DECIMAL },
    { "date", MERE_SHAPE_DATE },
    { "geopoint", MERE_SHAPE_PLACE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].name, name) == 0)
      return types[i].type;
  return MERE_SHAPE_TEXT;
}

/* A geopoint stays one, its columns are there; of other types, versions that differ have text in common. */
static void
note_type (MereShape    *self,
           MereShapeType type)
{
  if (type == MERE_SHAPE_PLACE || self->type == MERE_SHAPE_PLACE)
    self->type = MERE_SHAPE_PLACE;
  else
    self->type = self->is_typed && self->type != type ? MERE_SHAPE_TEXT : type;
  self->is_typed = TRUE;
}

static void
note_types (MereShape         *self,
            const MereXmlNode *model)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (model); node != NULL; node = mere_xml_node_next_element (node))
    {
      const char *ref = g_str_equal (node->name->local, "bind") ? mere_xml_node_get (node, "nodeset") : NULL;
      MereShape  *shape = ref != NULL ? mere_shape_find_path (self, ref) : NULL;

      if (shape != NULL)
        note_type (shape, type_of (mere_xml_node_get (node, "type")));
    }
}

/* @context: the ref of what holds it, for refs that are relative. */
static void
note_repeats (MereShape         *self,
              const MereXmlNode *body,
              const char        *context)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (body); node != NULL; node = mere_xml_node_next_element (node))
    {
      gboolean         repeat = g_str_equal (node->name->local, "repeat");
      const char      *own = mere_xml_node_get (node, repeat ? "nodeset" : "ref");
      g_autofree char *ref = own == NULL || *own == '/' ? g_strdup (own != NULL ? own : context)
                                                        : g_strconcat (context, "/", own, NULL);
      MereShape       *shape = repeat ? mere_shape_find_path (self, ref) : NULL;

      if (shape != NULL)
        shape->is_repeat = TRUE;
      note_repeats (self, node, ref);
    }
}

static const MereXmlNode *
find_instance (const MereXmlNode *model)
{
  const MereXmlNode *instance = model != NULL ? mere_xml_node_find_child (model, "instance") : NULL;

  return instance != NULL ? mere_xml_node_first_child (instance) : NULL;
}

gboolean
mere_shape_add_form (MereShape  *self,
                     GBytes     *xml,
                     const char *language,
                     GError    **error)
{
  g_autoptr (MereArena) arena = mere_arena_new ();
  g_autoptr (MereXmlDocument) document = mere_xml_document_parse (
    arena, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), NULL, error);
  const MereXmlNode *head;
  const MereXmlNode *body;
  const MereXmlNode *model;
  const MereXmlNode *instance;
  g_autofree char   *context = NULL;

  if (document == NULL)
    return FALSE;
  head = mere_xml_node_find_child (document->root, "head");
  body = mere_xml_node_find_child (document->root, "body");
  model = head != NULL ? mere_xml_node_find_child (head, "model") : NULL;
  instance = find_instance (model);
  if (instance == NULL || body == NULL)
    {
      g_set_error_literal (error, MERE_FORM_ERROR, MERE_FORM_ERROR_NOT_A_FORM, _ ("The form has no instance or no body."));
      return FALSE;
    }
  mere_shape_add_instance (self, instance);
  context = g_strconcat ("/", instance->name->local, NULL);
  note_types (self, model);
  note_repeats (self, body, context);
  mere_shape_add_words (self, model, body, context, language);
  return TRUE;
}
