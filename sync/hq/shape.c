/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shape of a form over all its versions. */

#include "config.h"

#include "sync/hq/shape.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/forms/form.h"

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

/* A group that is empty in one submission is no value: a leaf without text says nothing about an element that is known. */
void
mere_shape_add_instance (MereShape         *self,
                         const MereXmlNode *node)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  MereShape *before = NULL;

  if (mere_xml_node_first_child (node) == NULL)
    self->is_leaf = self->is_leaf || self->children == NULL || *node->text != '\0';
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

static void
note_places (MereShape         *self,
             const MereXmlNode *model)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (model); node != NULL; node = mere_xml_node_next_element (node))
    {
      const char *ref = g_str_equal (node->name->local, "bind") ? mere_xml_node_get (node, "nodeset") : NULL;
      MereShape  *shape = ref != NULL ? mere_shape_find_path (self, ref) : NULL;

      if (shape != NULL && g_strcmp0 (mere_xml_node_get (node, "type"), "geopoint") == 0)
        shape->is_place = TRUE;
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
mere_shape_add_form (MereShape *self,
                     GBytes    *xml,
                     GError   **error)
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
  note_places (self, model);
  note_repeats (self, body, context);
  return TRUE;
}
