/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The choices of selects and ranks: fixed items, or an itemset worked out for a node. What an answer still means follows
 * from them: a value that is no choice any more is not shown, and comes back with its choice. */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/text.h"

#include <string.h>

#define HASH_FROM 12 /* choices; fewer are found faster by looking at each */

void
mere_choices_unref (MereChoices *self)
{
  if (self == NULL || --self->ref_count > 0)
    return;
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->items[i].owned_value);
      g_free (self->items[i].owned_label);
    }
  g_free (self->items);
  g_clear_pointer (&self->by_value, g_hash_table_unref);
  g_free (self);
}

static MereChoices *
new_choices (guint n)
{
  MereChoices *self = g_new0 (MereChoices, 1);

  self->ref_count = 1;
  self->n = n;
  self->items = g_new0 (MereChoice, n);
  return self;
}

static MereChoices *
fixed_choices (const MereBody *body)
{
  MereChoices *self = new_choices (body->n_items);

  for (guint i = 0; i < self->n; i++)
    self->items[i].value = body->items[i].value;
  return self;
}

/* "<value ref="name"/>" over a secondary instance is a child's text, and stays where it is. */
static const char *
child_text (MereAny item, const MereExpr *value)
{
  const MereStep *step = value->path != NULL && value->path->n_steps == 1 ? value->path->steps : NULL;

  if (!MERE_ANY_IS_XML (item) || step == NULL || step->axis != MERE_AXIS_CHILD || step->n_predicates > 0 || step->test == NULL)
    return NULL;
  for (const MereXmlNode *child = MERE_ANY_XML (item)->first; child != NULL; child = child->next)
    if (child->name != NULL && child->name->test == step->test)
      return child->first == NULL ? child->text : NULL;
  return NULL;
}

static void
set_item (MereChoice *choice, MereFormNode *node, MereAny item)
{
  const MereItemset *itemset = node->def->body->itemset;
  MereEvaluation     evaluation;

  choice->source = item;
  choice->value = child_text (item, itemset->value);
  if (choice->value != NULL)
    return;
  mere_evaluation_init (&evaluation, node->session, node);
  evaluation.item = item;
  choice->owned_value = mere_evaluate_string (&evaluation, itemset->value);
  choice->value = choice->owned_value;
}

static MereChoices *
work_out (MereFormNode *node)
{
  const MereItemset *itemset = node->def->body->itemset;
  MereEvaluation     evaluation;
  MereNodes          nodes;
  MereChoices       *self;

  mere_nodes_init (&nodes);
  mere_evaluation_init (&evaluation, node->session, node);
  mere_evaluate_nodes (&evaluation, itemset->nodes, &nodes);
  self = new_choices (nodes.n);
  for (guint i = 0; i < nodes.n; i++)
    set_item (&self->items[i], node, nodes.items[i]);
  mere_nodes_clear (&nodes);
  return self;
}

/* Fixed items, and itemsets that ask nothing of the record, are the same for all nodes of a definition. */
static MereChoices *
shared_choices (MereFormNode *node)
{
  MereChoices **place = &node->session->shared_choices[node->def->index];

  if (*place == NULL)
    *place = node->def->body->itemset != NULL ? work_out (node) : fixed_choices (node->def->body);
  (*place)->ref_count++;
  return *place;
}

static gboolean
same_choices (const MereChoices *a, const MereChoices *b)
{
  if (a == NULL || a->n != b->n)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    if (a->items[i].source != b->items[i].source || strcmp (a->items[i].value, b->items[i].value) != 0)
      return FALSE;
  return TRUE;
}

void
mere_choices_update (MereFormNode *node)
{
  const MereBody  *body = node->def->body;
  MereChoices     *choices;
  g_autofree char *old = NULL;
  gboolean         same;

  choices = body->itemset == NULL || body->itemset->shared ? shared_choices (node) : work_out (node);
  same = same_choices (node->choices, choices);
  mere_choices_unref (node->choices);
  node->choices = choices;
  if (same)
    return;
  mere_session_mark_changed (node->session, node);
  old = g_strdup (mere_node_value (node));
  mere_choices_filter (node);
  if (strcmp (old, mere_node_value (node)) != 0)
    mere_session_value_changed (node->session, node);
}

static int
find (MereChoices *self, const char *value, gsize length)
{
  if (self->n <= HASH_FROM)
    {
      for (guint i = 0; i < self->n; i++)
        if (strlen (self->items[i].value) == length && strncmp (self->items[i].value, value, length) == 0)
          return i;
      return -1;
    }
  if (self->by_value == NULL)
    {
      self->by_value = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = self->n; i > 0; i--)
        g_hash_table_insert (self->by_value, (gpointer) self->items[i - 1].value, GUINT_TO_POINTER (i));
    }
  if (value[length] == '\0')
    return (int) GPOINTER_TO_UINT (g_hash_table_lookup (self->by_value, value)) - 1;
  else
    {
      g_autofree char *copy = g_strndup (value, length);

      return (int) GPOINTER_TO_UINT (g_hash_table_lookup (self->by_value, copy)) - 1;
    }
}

int
mere_choices_find (MereFormNode *node, const char *value)
{
  return node->choices != NULL ? find (node->choices, value, strlen (value)) : -1;
}

static void
append_word (GString *out, const char *word, gsize length)
{
  if (out->len > 0)
    g_string_append_c (out, ' ');
  g_string_append_len (out, word, length);
}

static gboolean
has_word (const char *list, const char *word)
{
  gsize length = strlen (word);

  while (*list != '\0')
    {
      gsize n = strcspn (list, " ");

      if (n == length && strncmp (list, word, length) == 0)
        return TRUE;
      list += n + (list[n] != '\0');
    }
  return FALSE;
}

/* The words of @list that are choices, in the order of the list. */
static char *
keep_known (MereChoices *choices, const char *list)
{
  GString *out = g_string_new (NULL);

  while (*list != '\0')
    {
      gsize n = strcspn (list, " ");

      if (n > 0 && find (choices, list, n) >= 0)
        append_word (out, list, n);
      list += n + (list[n] != '\0');
    }
  return g_string_free (out, FALSE);
}

/* A rank that has an answer ranks everything: a choice that is new comes last. */
static char *
keep_ranked (MereChoices *choices, const char *list)
{
  g_autofree char *known = keep_known (choices, list);
  GString         *out = g_string_new (known);

  for (guint i = 0; i < choices->n; i++)
    if (!has_word (out->str, choices->items[i].value))
      append_word (out, choices->items[i].value, strlen (choices->items[i].value));
  return g_string_free (out, FALSE);
}

void
mere_choices_filter (MereFormNode *node)
{
  g_clear_pointer (&node->shown, g_free);
  if (node->value == NULL || node->choices == NULL || node->session->frozen)
    return;
  switch (node->def->body->control)
    {
    case MERE_FORM_CONTROL_SELECT_ONE:
      node->shown = find (node->choices, node->value, strlen (node->value)) >= 0 ? NULL : g_strdup ("");
      return;
    case MERE_FORM_CONTROL_SELECT_MANY:
      node->shown = keep_known (node->choices, node->value);
      break;
    default:
      node->shown = keep_ranked (node->choices, node->value);
      break;
    }
  if (strcmp (node->shown, node->value) == 0)
    g_clear_pointer (&node->shown, g_free);
}

char *
mere_choices_order (MereFormNode *node, const char *value)
{
  GString *out;

  if (node->choices == NULL)
    return g_strdup (value);
  if (node->def->body->control == MERE_FORM_CONTROL_SELECT_ONE)
    return g_strdup (find (node->choices, value, strlen (value)) >= 0 ? value : "");
  if (node->def->body->control == MERE_FORM_CONTROL_RANK)
    return *value != '\0' ? keep_ranked (node->choices, value) : g_strdup ("");
  out = g_string_new (NULL);
  for (guint i = 0; i < node->choices->n; i++)
    if (has_word (value, node->choices->items[i].value) && !has_word (out->str, node->choices->items[i].value))
      append_word (out, node->choices->items[i].value, strlen (node->choices->items[i].value));
  return g_string_free (out, FALSE);
}

static const MereText *
label_of (const MereFormNode *node, guint index)
{
  const MereBody *body = node->def->body;

  if (body->itemset != NULL)
    return body->itemset->label;
  return index < body->n_items ? body->items[index].label : NULL;
}

const char *
mere_choice_label (MereFormNode *node, guint index)
{
  MereChoice     *choice = &node->choices->items[index];
  const MereText *label = label_of (node, index);

  if (label == NULL)
    return choice->value;
  if (choice->owned_label == NULL || choice->labelled != node->session->serial)
    {
      g_free (choice->owned_label);
      choice->owned_label = mere_text_show (label, node, choice->source != MERE_ANY_NONE ? choice->source : MERE_ANY_FROM_NODE (node));
      choice->labelled = node->session->serial;
    }
  return choice->owned_label;
}
