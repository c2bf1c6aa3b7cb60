/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nodes as expressions see them, of the session or of a secondary instance: who is whose parent, child and neighbour,
 * and what text they hold. */

#include "config.h"

#include "app/forms/instance.h"

#include <string.h>

MereAny
mere_any_parent (MereAny any)
{
  if (MERE_ANY_IS_NODE (any))
    return MERE_ANY_FROM_NODE (mere_node_parent (MERE_ANY_NODE (any)));
  if (MERE_ANY_IS_ATTRIBUTE (any))
    return MERE_ANY_FROM_XML (MERE_ANY_ATTRIBUTE (any)->owner);
  return MERE_ANY_XML (any)->parent != NULL ? MERE_ANY_FROM_XML (MERE_ANY_XML (any)->parent) : MERE_ANY_NONE;
}

static const MereXmlName *
name_of (MereAny any)
{
  if (MERE_ANY_IS_NODE (any))
    return MERE_ANY_NODE (any)->def->name;
  return MERE_ANY_IS_XML (any) ? MERE_ANY_XML (any)->name : MERE_ANY_ATTRIBUTE (any)->name;
}

gboolean
mere_any_matches (MereAny any, const char *test)
{
  const MereXmlName *name;

  if (test == NULL || *test == '\0')
    return TRUE;
  name = name_of (any);
  return name != NULL && name->test == test;
}

const char *
mere_any_name (MereAny any, gboolean qualified)
{
  const MereXmlName *name = name_of (any);

  if (name == NULL)
    return "";
  return qualified ? name->qualified : name->local;
}

static void
add_node (MereFormNode *node, const char *test, gboolean attribute, MereNodes *nodes)
{
  if ((node->def->kind == MERE_DEF_ATTRIBUTE) != attribute || (test != NULL && *test != '\0' && node->def->name->test != test))
    return;
  if (!node->is_range)
    mere_nodes_add (nodes, MERE_ANY_FROM_NODE (node));
  for (guint i = 0; node->is_range && i < node->n_children; i++)
    mere_nodes_add (nodes, MERE_ANY_FROM_NODE (node->children[i]));
}

static void
add_children (MereFormNode *node, const char *test, gboolean attribute, MereNodes *nodes)
{
  if (node->is_range)
    for (guint i = 0; i < node->n_children; i++)
      add_children (node->children[i], test, attribute, nodes);
  else
    for (guint i = 0; i < node->n_children; i++)
      add_node (node->children[i], test, attribute, nodes);
}

void
mere_any_children (MereAny any, const char *test, MereNodes *nodes)
{
  if (MERE_ANY_IS_NODE (any))
    add_children (MERE_ANY_NODE (any), test, FALSE, nodes);
  else if (MERE_ANY_IS_XML (any))
    for (const MereXmlNode *child = MERE_ANY_XML (any)->first; child != NULL; child = child->next)
      if (child->name != NULL && (test == NULL || *test == '\0' || child->name->test == test))
        mere_nodes_add (nodes, MERE_ANY_FROM_XML (child));
}

void
mere_any_attributes (MereAny any, const char *test, MereNodes *nodes)
{
  if (MERE_ANY_IS_NODE (any))
    add_children (MERE_ANY_NODE (any), test, TRUE, nodes);
  else if (MERE_ANY_IS_XML (any))
    for (guint i = 0; i < MERE_ANY_XML (any)->n_attributes; i++)
      if (mere_any_matches (MERE_ANY_FROM_ATTRIBUTE (&MERE_ANY_XML (any)->attributes[i]), test))
        mere_nodes_add (nodes, MERE_ANY_FROM_ATTRIBUTE (&MERE_ANY_XML (any)->attributes[i]));
}

guint
mere_any_position (MereAny any)
{
  const MereXmlNode *node, *sibling;
  guint              position = 1;

  if (MERE_ANY_IS_NODE (any))
    return MERE_ANY_NODE (any)->is_instance ? MERE_ANY_NODE (any)->position + 1 : 1;
  if (!MERE_ANY_IS_XML (any) || MERE_ANY_XML (any)->parent == NULL)
    return 1;
  node = MERE_ANY_XML (any);
  for (sibling = node->parent->first; sibling != NULL && sibling != node; sibling = sibling->next)
    {
      if (sibling->name == node->name)
        position++;
      else if (sibling->name != NULL)
        position = 1;
    }
  return position;
}

static void
collect_text (MereFormNode *node, GString *text)
{
  if (node->def->kind == MERE_DEF_ATTRIBUTE)
    return;
  if (node->n_children == 0 && !node->is_range)
    g_string_append (text, mere_node_value (node));
  for (guint i = 0; i < node->n_children; i++)
    collect_text (node->children[i], text);
}

const char *
mere_any_to_string (MereAny any, char **owned)
{
  *owned = NULL;
  if (MERE_ANY_IS_NODE (any))
    {
      GString *text;

      if (mere_node_is_leaf (MERE_ANY_NODE (any)))
        return mere_node_value (MERE_ANY_NODE (any));
      text = g_string_new (NULL);
      collect_text (MERE_ANY_NODE (any), text);
      if (MERE_ANY_NODE (any)->session->running)
        MERE_ANY_NODE (any)->session->steps += text->len;
      return *owned = g_string_free (text, FALSE);
    }
  if (MERE_ANY_IS_ATTRIBUTE (any))
    return MERE_ANY_ATTRIBUTE (any)->value;
  if (MERE_ANY_XML (any)->first == NULL)
    return MERE_ANY_XML (any)->text;
  return *owned = mere_xml_node_dup_text (MERE_ANY_XML (any));
}

double
mere_any_to_number (MereAny any)
{
  g_autofree char *owned = NULL;

  return mere_string_to_number (mere_any_to_string (any, &owned));
}
