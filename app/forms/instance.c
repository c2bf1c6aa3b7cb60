/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The nodes of a session: made from an instance's XML by the form's definitions, linked, walked, taken away. */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/bounds.h"

#include <string.h>

gboolean
mere_node_is_leaf (MereFormNode *self)
{
  return self->def->kind == MERE_DEF_LEAF || self->def->kind == MERE_DEF_ATTRIBUTE;
}

MereFormNode *
mere_node_parent (MereFormNode *self)
{
  return self->is_instance ? self->parent->parent : self->parent;
}

const char *
mere_node_value (MereFormNode *self)
{
  if (!self->relevant)
    return "";
  if (self->shown != NULL)
    return self->shown;
  return self->value != NULL ? self->value : "";
}

MereFormNode *
mere_node_at_def (MereFormNode *self, const MereDef *ancestor)
{
  while (self != NULL && self->def->depth > ancestor->depth)
    self = mere_node_parent (self);
  return self;
}

/* Names of two documents are not the same pointers, but the same text. */
static gboolean
same_name (const MereXmlName *a, const MereXmlName *b)
{
  return a != NULL && (a->test == b->test || strcmp (a->test, b->test) == 0);
}

/* Children mostly stand in the form's order, so the search goes on where the last one ended. */
static const MereXmlNode *
find_source (const MereXmlNode *source, const MereDef *def, const MereXmlNode **cursor)
{
  const MereXmlNode *start = *cursor != NULL ? *cursor : source->first;

  for (const MereXmlNode *node = start; node != NULL; node = node->next)
    if (same_name (node->name, def->name))
      return *cursor = node;
  for (const MereXmlNode *node = source->first; node != start && node != NULL; node = node->next)
    if (same_name (node->name, def->name))
      return *cursor = node;
  return NULL;
}

static const char *
source_attribute (const MereXmlNode *source, const MereDef *def)
{
  for (guint i = 0; source != NULL && i < source->n_attributes; i++)
    if (same_name (source->attributes[i].name, def->name))
      return source->attributes[i].value;
  return def->value;
}

/* An answer that took the place of a calculation, and a place that is wanted, as serialize.c writes them. */
static void
restore_marks (MereFormNode *node, const MereXmlNode *source)
{
  const char *calculated = source != NULL ? mere_xml_node_get_ns (source, MERE_NS_MERESTONE, "calculated") : NULL;

  node->place_wanted = node->def->located && source != NULL && mere_xml_node_get_ns (source, MERE_NS_MERESTONE, "wanted") != NULL;
  if (calculated == NULL || node->def->units[MERE_UNIT_CALCULATE] == NULL)
    return;
  node->overwritten = TRUE;
  node->calculated = g_strdup (calculated);
}

char *
mere_session_keep_text (MereFormSession *self, const char *text, const char *old)
{
  gsize size = strlen (text), freed = old != NULL ? strlen (old) : 0;

  self->n_bytes -= MIN (freed, self->n_bytes);
  if (size == 0 || self->n_bytes + size > MERE_LIMIT_SESSION_BYTES)
    return NULL;
  self->n_bytes += size;
  return g_strdup (text);
}

static void
set_initial (MereFormNode *node, const MereXmlNode *source, gboolean blank)
{
  const char      *text = source != NULL ? source->text : node->def->template->text;
  g_autofree char *cast = NULL;

  if (node->def->kind == MERE_DEF_ATTRIBUTE)
    text = source_attribute (source, node->def);
  else if (blank)
    return;
  else
    restore_marks (node, source);
  if (text == NULL || *text == '\0')
    return;
  cast = mere_cast (node->def, text);
  node->value = cast != NULL ? mere_session_keep_text (node->session, cast, NULL) : NULL;
}

static MereFormNode *
new_node (MereFormSession *session, MereDef *def, MereFormNode *parent)
{
  MereFormNode *node = g_new0 (MereFormNode, 1);

  node->def = def;
  node->parent = parent;
  node->session = session;
  node->relevant_self = node->relevant = node->constraint_ok = TRUE;
  session->n_nodes++;
  return node;
}

static void
fill_range (MereFormNode *range, const MereXmlNode *parent_source, gboolean blank)
{
  for (const MereXmlNode *node = parent_source != NULL ? parent_source->first : NULL; node != NULL; node = node->next)
    if (same_name (node->name, range->def->name) && !mere_def_is_template (node))
      mere_node_add_instance (range, node, blank);
}

static void
add_children (MereFormNode *node, const MereXmlNode *source, gboolean blank)
{
  const MereXmlNode *cursor = NULL;

  node->n_children = node->def->n_children;
  node->children = g_new0 (MereFormNode *, MAX (node->n_children, 1));
  for (guint i = 0; i < node->n_children; i++)
    {
      MereDef           *def = node->def->children[i];
      const MereXmlNode *child_source = NULL;

      if (def->kind == MERE_DEF_REPEAT)
        child_source = source != NULL || node->session->frozen ? source : node->def->template;
      else if (def->kind == MERE_DEF_ATTRIBUTE)
        child_source = source;
      else if (source != NULL)
        child_source = find_source (source, def, &cursor);
      node->children[i] = mere_node_new (node->session, def, node, child_source, blank);
    }
}

static gboolean
is_relevant_parent (const MereFormNode *parent)
{
  return parent == NULL || parent->relevant;
}

MereFormNode *
mere_node_new (MereFormSession *session, MereDef *def, MereFormNode *parent, const MereXmlNode *source, gboolean blank)
{
  MereFormNode *node = new_node (session, def, parent);

  /* a submission has what was relevant, and nothing else */
  if (session->frozen && (source == NULL || !is_relevant_parent (parent)))
    {
      node->relevant_self = node->relevant = FALSE;
      blank = TRUE;
    }
  if (def->kind == MERE_DEF_REPEAT)
    {
      node->is_range = TRUE;
      node->source = blank ? NULL : source;
      if (def->units[MERE_UNIT_COUNT] == NULL || session->frozen)
        fill_range (node, source, blank);
      /* who may not add instances must find at least one */
      if (!session->frozen && def->no_add_remove && def->units[MERE_UNIT_COUNT] == NULL && node->n_children == 0)
        mere_node_add_instance (node, NULL, FALSE);
      return node;
    }
  if (mere_node_is_leaf (node))
    set_initial (node, source, blank);
  if (def->n_children > 0)
    add_children (node, source, blank);
  return node;
}

/* Without a source it is made from the repeat's template, of which only an explicit one has values. */
MereFormNode *
mere_node_add_instance (MereFormNode *range, const MereXmlNode *source, gboolean blank)
{
  MereFormNode *node;

  if (range->session->n_nodes > MERE_LIMIT_SESSION_NODES)
    return NULL;
  node = new_node (range->session, range->def, range);
  node->is_instance = TRUE;
  node->position = range->n_children;
  if (range->n_children == range->n_allocated)
    {
      range->n_allocated = MAX (4, range->n_allocated * 2);
      range->children = g_renew (MereFormNode *, range->children, range->n_allocated);
    }
  range->children[range->n_children++] = node;
  if (source == NULL)
    add_children (node, range->def->template, !range->def->keep_values);
  else
    add_children (node, source, blank);
  if (range->def->n_children == 0 && source != NULL)
    set_initial (node, source, blank);
  return node;
}

static void
mark_removed (MereFormNode *node, gpointer user_data)
{
  node->removed = TRUE;
  node->session->n_nodes--;
  node->session->n_bytes -= MIN (node->session->n_bytes, node->value != NULL ? strlen (node->value) : 0);
}

void
mere_node_unlink (MereFormNode *instance)
{
  MereFormNode *range = instance->parent;

  memmove (range->children + instance->position, range->children + instance->position + 1,
           (range->n_children - instance->position - 1) * sizeof (MereFormNode *));
  range->n_children--;
  for (guint i = instance->position; i < range->n_children; i++)
    range->children[i]->position = i;
  mere_node_visit_all (instance, mark_removed, NULL);
  g_ptr_array_add (instance->session->graveyard, instance);
}

void
mere_node_free (MereFormNode *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_children; i++)
    mere_node_free (self->children[i]);
  g_free (self->children);
  g_free (self->value);
  g_free (self->shown);
  g_free (self->calculated);
  mere_choices_unref (self->choices);
  mere_node_texts_free (self->texts);
  g_free (self);
}

static void
visit_along (MereFormNode *node, const guint16 *slots, guint n, MereNodeVisit visit, gpointer user_data)
{
  if (node->is_range)
    {
      /* the repeat itself has units of its own: its count, its relevance */
      if (n == 0)
        visit (node, user_data);
      for (guint i = 0; i < node->n_children; i++)
        visit_along (node->children[i], slots, n, visit, user_data);
    }
  else if (n == 0)
    visit (node, user_data);
  else if (*slots < node->n_children)
    visit_along (node->children[*slots], slots + 1, n - 1, visit, user_data);
}

void
mere_node_visit (MereFormNode *top, const MereDef *def, MereNodeVisit visit, gpointer user_data)
{
  guint16 slots[256];
  guint   n = def->depth - top->def->depth;

  if (def->depth < top->def->depth || n >= G_N_ELEMENTS (slots))
    return;
  for (guint i = n; i > 0; i--, def = def->parent)
    slots[i - 1] = (guint16) def->slot;
  visit_along (top, slots, n, visit, user_data);
}

void
mere_node_visit_all (MereFormNode *top, MereNodeVisit visit, gpointer user_data)
{
  visit (top, user_data);
  for (guint i = 0; i < top->n_children; i++)
    mere_node_visit_all (top->children[i], visit, user_data);
}
