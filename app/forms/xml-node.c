/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the tree that document.c made. */

#include "config.h"

#include "app/forms/document.h"

#include <string.h>

static gboolean
same (const char *a, const char *b)
{
  return a == b || g_strcmp0 (a, b) == 0;
}

gboolean
mere_xml_node_is (const MereXmlNode *self, const char *uri, const char *local)
{
  return self != NULL && self->name != NULL && strcmp (self->name->local, local) == 0 && (uri == NULL || same (self->name->uri, uri));
}

const char *
mere_xml_node_get_ns (const MereXmlNode *self, const char *uri, const char *attribute)
{
  for (guint i = 0; i < self->n_attributes; i++)
    if (strcmp (self->attributes[i].name->local, attribute) == 0 && same (self->attributes[i].name->uri, uri))
      return self->attributes[i].value;
  return NULL;
}

const char *
mere_xml_node_get (const MereXmlNode *self, const char *attribute)
{
  return mere_xml_node_get_ns (self, NULL, attribute);
}

const char *
mere_xml_node_get_any (const MereXmlNode *self, const char *local)
{
  for (guint i = 0; i < self->n_attributes; i++)
    if (strcmp (self->attributes[i].name->local, local) == 0)
      return self->attributes[i].value;
  return NULL;
}

MereXmlNode *
mere_xml_node_first_child (const MereXmlNode *self)
{
  MereXmlNode *node = self != NULL ? self->first : NULL;

  while (node != NULL && node->name == NULL)
    node = node->next;
  return node;
}

MereXmlNode *
mere_xml_node_next_element (const MereXmlNode *self)
{
  MereXmlNode *node = self->next;

  while (node != NULL && node->name == NULL)
    node = node->next;
  return node;
}

MereXmlNode *
mere_xml_node_find_child (const MereXmlNode *self, const char *local)
{
  MereXmlNode *child;

  for (child = mere_xml_node_first_child (self); child != NULL; child = mere_xml_node_next_element (child))
    if (strcmp (child->name->local, local) == 0)
      return child;
  return NULL;
}

char *
mere_xml_node_dup_text (const MereXmlNode *self)
{
  GString           *text = g_string_new (self->text);
  const MereXmlNode *node = self->first;

  while (node != NULL)
    {
      g_string_append (text, node->text);
      if (node->first != NULL)
        node = node->first;
      else
        {
          while (node != self && node->next == NULL)
            node = node->parent;
          node = node != self ? node->next : NULL;
        }
    }
  return g_string_free (text, FALSE);
}
