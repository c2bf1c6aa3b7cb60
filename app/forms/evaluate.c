/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Works out a bound expression for one node. What most expressions are made of (a plain path, a comparison, "and")
 * has a short way that makes no values in between. */

#include "config.h"

#include "app/forms/evaluate.h"
#include "app/forms/instance.h"
#include "app/forms/bounds.h"

#include <math.h>
#include <string.h>

void
mere_evaluation_init (MereEvaluation *self, MereFormSession *session, MereFormNode *current)
{
  *self = (MereEvaluation){ .form = session->form, .session = session, .current = current, .item = MERE_ANY_FROM_NODE (current), .position = 1, .size = 1 };
}

gboolean
mere_evaluation_step (MereEvaluation *self, guint n)
{
  self->steps += MIN (n, MERE_LIMIT_STEPS);
  if (self->session->running)
    self->session->steps += MIN (n, MERE_LIMIT_STEPS);
  if (self->steps <= MERE_LIMIT_STEPS && self->session->steps <= MERE_LIMIT_RUN_STEPS)
    return TRUE;
  self->steps = MERE_LIMIT_STEPS + 1;
  return FALSE;
}

static MereFormNode *
climb (MereFormNode *node, guint levels)
{
  while (levels-- > 0 && node != NULL)
    node = mere_node_parent (node);
  return node;
}

/* The node that a bound path starts at; an attribute or a value of a secondary instance has no such thing. */
static MereFormNode *
start_of (const MereEvaluation *self, const MerePath *path)
{
  if (!path->from_context)
    return climb (self->current, path->up);
  return MERE_ANY_IS_NODE (self->item) ? climb (MERE_ANY_NODE (self->item), path->up) : NULL;
}

/* Where a path means one node at most, that node. */
static MereFormNode *
follow_single (const MereEvaluation *self, const MerePath *path)
{
  MereFormNode *node = start_of (self, path);

  for (guint i = 0; i < path->n_down && node != NULL; i++)
    node = path->down[i] < node->n_children && !node->is_range ? node->children[path->down[i]] : NULL;
  return node;
}

static void
descend (MereEvaluation *self, MereFormNode *node, const guint16 *down, guint n, MereNodes *nodes)
{
  if (!mere_evaluation_step (self, 1))
    return;
  if (node->is_range && (n > 0 || node != self->current))
    {
      for (guint i = 0; i < node->n_children; i++)
        descend (self, node->children[i], down, n, nodes);
      return;
    }
  if (n == 0)
    mere_nodes_add (nodes, MERE_ANY_FROM_NODE (node));
  else if (*down < node->n_children)
    descend (self, node->children[*down], down + 1, n - 1, nodes);
}

static gboolean
is_quick (const MereExpr *expr)
{
  return expr->kind == MERE_EXPR_PATH && expr->path->bound && expr->path->single && expr->path->rest == expr->path->n_steps;
}

/* A range stands for its instances only where it is walked through; a path to it alone is answered by descend(). */
static MereFormNode *
quick_node (const MereEvaluation *self, const MereExpr *expr)
{
  return follow_single (self, expr->path);
}

static gboolean
holds (MereEvaluation *self, const MereExpr *expr, MereAny item, guint position, guint size)
{
  MereEvaluation inner = *self;
  MereValue      value;
  gboolean       result;

  inner.item = item;
  inner.position = position;
  inner.size = size;
  if (expr->kind != MERE_EXPR_CALL && expr->kind != MERE_EXPR_NUMBER && expr->kind != MERE_EXPR_PATH &&
      !(expr->kind >= MERE_EXPR_ADD && expr->kind <= MERE_EXPR_NEGATE))
    result = mere_evaluate_boolean (&inner, expr);
  else
    {
      mere_evaluate (&inner, expr, &value);
      result = value.kind == MERE_VALUE_NUMBER ? value.number == position : mere_value_to_boolean (&value);
      mere_value_clear (&value);
    }
  self->steps = inner.steps;
  return result;
}

static void
filter (MereEvaluation *self, MereNodes *nodes, const MerePredicate *predicates, guint n, guint first)
{
  for (guint k = first; k < n; k++)
    {
      guint kept = 0, size = nodes->n;

      for (guint i = 0; i < size && mere_evaluation_step (self, 1); i++)
        if (holds (self, predicates[k].expr, nodes->items[i], i + 1, size))
          nodes->items[kept++] = nodes->items[i];
      nodes->n = kept;
    }
}

static void
add_descendants (MereEvaluation *self, MereAny any, const char *test, MereNodes *nodes)
{
  MereNodes children;

  mere_nodes_init (&children);
  mere_any_children (any, NULL, &children);
  for (guint i = 0; i < children.n && mere_evaluation_step (self, 1); i++)
    {
      if (mere_any_matches (children.items[i], test))
        mere_nodes_add (nodes, children.items[i]);
      add_descendants (self, children.items[i], test, nodes);
    }
  mere_nodes_clear (&children);
}

static void
add_ancestors (MereAny any, const char *test, MereNodes *nodes)
{
  for (; any != MERE_ANY_NONE; any = mere_any_parent (any))
    if (mere_any_matches (any, test))
      mere_nodes_add (nodes, any);
}

static void
add_siblings (MereAny any, gboolean following, const char *test, MereNodes *nodes)
{
  MereAny   parent = mere_any_parent (any);
  MereNodes all;
  gboolean  after = FALSE;

  if (parent == MERE_ANY_NONE)
    return;
  mere_nodes_init (&all);
  mere_any_children (parent, NULL, &all);
  for (guint i = 0; i < all.n; i++)
    {
      if (all.items[i] == any)
        after = TRUE;
      else if (after == following && mere_any_matches (all.items[i], test))
        mere_nodes_add (nodes, all.items[i]);
    }
  mere_nodes_clear (&all);
}

static void
add_axis (MereEvaluation *self, MereAny any, const MereStep *step, MereNodes *nodes)
{
  MereAny parent;

  switch (step->axis)
    {
    case MERE_AXIS_CHILD:
      mere_any_children (any, step->test, nodes);
      return;
    case MERE_AXIS_ATTRIBUTE:
      mere_any_attributes (any, step->test, nodes);
      return;
    case MERE_AXIS_SELF:
      if (mere_any_matches (any, step->test))
        mere_nodes_add (nodes, any);
      return;
    case MERE_AXIS_PARENT:
      parent = mere_any_parent (any);
      if (parent != MERE_ANY_NONE && mere_any_matches (parent, step->test))
        mere_nodes_add (nodes, parent);
      return;
    case MERE_AXIS_DESCENDANT_OR_SELF:
      if (mere_any_matches (any, step->test))
        mere_nodes_add (nodes, any);
      add_descendants (self, any, step->test, nodes);
      return;
    case MERE_AXIS_DESCENDANT:
      add_descendants (self, any, step->test, nodes);
      return;
    case MERE_AXIS_ANCESTOR:
      add_ancestors (mere_any_parent (any), step->test, nodes);
      return;
    case MERE_AXIS_ANCESTOR_OR_SELF:
      add_ancestors (any, step->test, nodes);
      return;
    case MERE_AXIS_PRECEDING_SIBLING:
    case MERE_AXIS_FOLLOWING_SIBLING:
    default:
      add_siblings (any, step->axis == MERE_AXIS_FOLLOWING_SIBLING, step->test, nodes);
    }
}

/* Only upward and overlapping axes can meet a node twice. */
static void
drop_doubles (MereNodes *nodes)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  guint kept = 0;

  for (guint i = 0; i < nodes->n; i++)
    if (g_hash_table_add (seen, (gpointer) nodes->items[i]))
      nodes->items[kept++] = nodes->items[i];
  nodes->n = kept;
}

/* A step whose predicate has an index: the few children whose key has the text that is looked for. */
static gboolean
take_indexed_step (MereEvaluation *self, const MereStep *step, const MereNodes *from, MereNodes *to)
{
  const MerePredicate *predicate = &step->predicates[0];
  MereValue            value;
  g_autofree char     *owned = NULL;
  const char          *text;
  gboolean             usable;

  mere_evaluate (self, predicate->value, &value);
  usable = value.kind == MERE_VALUE_STRING || (value.kind == MERE_VALUE_NODES && value.nodes.n <= 1);
  if (usable)
    {
      text = mere_value_to_string (&value, &owned);
      if (value.kind == MERE_VALUE_STRING || value.nodes.n == 1)
        mere_index_look_up (self->session, from, step->test, predicate->key, text, to);
      filter (self, to, step->predicates, step->n_predicates, predicate->expr->kind == MERE_EXPR_EQ ? 1 : 0);
    }
  mere_value_clear (&value);
  return usable;
}

static void
take_step (MereEvaluation *self, const MereStep *step, const MereNodes *from, MereNodes *to)
{
  MereNodes found;

  if (step->n_predicates > 0 && step->predicates[0].key != NULL && take_indexed_step (self, step, from, to))
    return;
  mere_nodes_init (&found);
  for (guint i = 0; i < from->n && mere_evaluation_step (self, 1); i++)
    {
      add_axis (self, from->items[i], step, &found);
      if (!mere_evaluation_step (self, found.n))
        found.n = 0;
      /* A position counts among the children of one node; a repeat's instances are all of them in one node. */
      filter (self, &found, step->predicates, step->n_predicates, 0);
      for (guint k = 0; k < found.n; k++)
        mere_nodes_add (to, found.items[k]);
      found.n = 0;
    }
  mere_nodes_clear (&found);
  if (from->n > 1 && step->axis != MERE_AXIS_CHILD && step->axis != MERE_AXIS_ATTRIBUTE && step->axis != MERE_AXIS_SELF)
    drop_doubles (to);
}

static void
take_steps (MereEvaluation *self, const MerePath *path, guint first, MereNodes *nodes)
{
  for (guint i = first; i < path->n_steps; i++)
    {
      MereNodes next;

      mere_nodes_init (&next);
      take_step (self, &path->steps[i], nodes, &next);
      mere_nodes_clear (nodes);
      for (guint k = 0; k < next.n; k++)
        mere_nodes_add (nodes, next.items[k]);
      mere_nodes_clear (&next);
    }
}

static void
start_instance (MereEvaluation *self, const MerePath *path, MereNodes *nodes)
{
  guint number = path->instance;

  if (path->filter->args[0]->kind != MERE_EXPR_STRING)
    {
      g_autofree char *id = mere_evaluate_string (self, path->filter->args[0]);

      number = mere_secondary_find (self->form, id);
    }
  if (number == 0)
    return;
  mere_nodes_add (nodes, MERE_ANY_FROM_XML (g_array_index (self->form->secondary, MereSecondary, number - 1).node));
  filter (self, nodes, path->filter_predicates, path->n_filter_predicates, 0);
}

static void
start_unbound (MereEvaluation *self, const MerePath *path, MereNodes *nodes)
{
  switch (path->start)
    {
    case MERE_PATH_INSTANCE:
      start_instance (self, path, nodes);
      return;
    case MERE_PATH_FILTER:
      mere_evaluate_nodes (self, path->filter, nodes);
      filter (self, nodes, path->filter_predicates, path->n_filter_predicates, 0);
      return;
    case MERE_PATH_CURRENT:
      mere_nodes_add (nodes, MERE_ANY_FROM_NODE (self->current));
      return;
    case MERE_PATH_CONTEXT:
    case MERE_PATH_ROOT:
    default:
      mere_nodes_add (nodes, self->item);
    }
}

static void
evaluate_path (MereEvaluation *self, const MerePath *path, MereNodes *nodes)
{
  if (path->empty)
    return;
  if (path->bound)
    {
      MereFormNode *start = start_of (self, path);

      if (start != NULL)
        descend (self, start, path->down, path->n_down, nodes);
      take_steps (self, path, path->rest, nodes);
      return;
    }
  start_unbound (self, path, nodes);
  take_steps (self, path, 0, nodes);
}

static void
evaluate_union (MereEvaluation *self, const MereExpr *expr, MereNodes *nodes)
{
  for (guint i = 0; i < expr->n_args; i++)
    {
      MereNodes part;

      mere_nodes_init (&part);
      mere_evaluate_nodes (self, expr->args[i], &part);
      for (guint k = 0; k < part.n; k++)
        mere_nodes_add (nodes, part.items[k]);
      mere_nodes_clear (&part);
    }
  drop_doubles (nodes);
}

void
mere_evaluate_nodes (MereEvaluation *self, const MereExpr *expr, MereNodes *nodes)
{
  MereValue value;

  if (expr->kind == MERE_EXPR_PATH)
    evaluate_path (self, expr->path, nodes);
  else if (expr->kind == MERE_EXPR_UNION)
    evaluate_union (self, expr, nodes);
  else
    {
      mere_evaluate (self, expr, &value);
      for (guint i = 0; value.kind == MERE_VALUE_NODES && i < value.nodes.n; i++)
        mere_nodes_add (nodes, value.nodes.items[i]);
      mere_value_clear (&value);
    }
}

static double
calculate (MereExprKind kind, double a, double b)
{
  switch (kind)
    {
    case MERE_EXPR_ADD:
      return a + b;
    case MERE_EXPR_SUBTRACT:
      return a - b;
    case MERE_EXPR_MULTIPLY:
      return a * b;
    case MERE_EXPR_DIVIDE:
      return a / b;
    default:
      return fmod (a, b);
    }
}

double
mere_evaluate_number (MereEvaluation *self, const MereExpr *expr)
{
  MereValue value;
  double    number;

  if (is_quick (expr))
    {
      MereFormNode *node = quick_node (self, expr);

      if (node != NULL && mere_node_is_leaf (node))
        return mere_string_to_number (mere_node_value (node));
    }
  if (expr->kind == MERE_EXPR_NUMBER)
    return expr->number;
  if (expr->kind >= MERE_EXPR_ADD && expr->kind <= MERE_EXPR_MODULO)
    {
      number = mere_evaluate_number (self, expr->args[0]);
      return isnan (number) ? NAN : calculate (expr->kind, number, mere_evaluate_number (self, expr->args[1]));
    }
  if (expr->kind == MERE_EXPR_NEGATE)
    return -mere_evaluate_number (self, expr->args[0]);
  mere_evaluate (self, expr, &value);
  number = mere_value_to_number (&value);
  mere_value_clear (&value);
  return number;
}

/* A leaf against a literal, which most conditions are: TRUE when it was answered. */
static gboolean
compare_quickly (MereEvaluation *self, const MereExpr *expr, gboolean *result)
{
  MereFormNode *node;
  const char   *value;

  if (!is_quick (expr->args[0]) || (expr->args[1]->kind != MERE_EXPR_STRING && expr->args[1]->kind != MERE_EXPR_NUMBER))
    return FALSE;
  node = quick_node (self, expr->args[0]);
  if (node == NULL || !mere_node_is_leaf (node))
    return FALSE;
  value = mere_node_value (node);
  if (expr->args[1]->kind == MERE_EXPR_STRING && (expr->kind == MERE_EXPR_EQ || expr->kind == MERE_EXPR_NE))
    *result = (strcmp (value, expr->args[1]->string) == 0) == (expr->kind == MERE_EXPR_EQ);
  else
    {
      MereValue a, b;

      mere_value_number (&a, mere_string_to_number (value));
      mere_value_number (&b, mere_evaluate_number (self, expr->args[1]));
      *result = mere_value_compare (expr->kind, &a, &b);
    }
  return TRUE;
}

static gboolean
compare (MereEvaluation *self, const MereExpr *expr)
{
  MereValue a, b;
  gboolean  result;

  if (compare_quickly (self, expr, &result))
    return result;
  mere_evaluate (self, expr->args[0], &a);
  mere_evaluate (self, expr->args[1], &b);
  if (a.kind == MERE_VALUE_NODES && b.kind == MERE_VALUE_NODES && !mere_evaluation_step (self, MIN ((guint64) a.nodes.n * b.nodes.n, G_MAXINT)))
    result = FALSE;
  else
    result = mere_value_compare (expr->kind, &a, &b);
  mere_value_clear (&a);
  mere_value_clear (&b);
  return result;
}

gboolean
mere_evaluate_boolean (MereEvaluation *self, const MereExpr *expr)
{
  MereValue value;
  gboolean  result;

  switch (expr->kind)
    {
    case MERE_EXPR_OR:
      return mere_evaluate_boolean (self, expr->args[0]) || mere_evaluate_boolean (self, expr->args[1]);
    case MERE_EXPR_AND:
      return mere_evaluate_boolean (self, expr->args[0]) && mere_evaluate_boolean (self, expr->args[1]);
    case MERE_EXPR_EQ:
    case MERE_EXPR_NE:
    case MERE_EXPR_LT:
    case MERE_EXPR_LE:
    case MERE_EXPR_GT:
    case MERE_EXPR_GE:
      return compare (self, expr);
    default:
      mere_evaluate (self, expr, &value);
      result = mere_value_to_boolean (&value);
      mere_value_clear (&value);
      return result;
    }
}

const char *
mere_evaluate_borrow (MereEvaluation *self, const MereExpr *expr, char **owned)
{
  MereValue   value;
  const char *text;

  *owned = NULL;
  if (expr->kind == MERE_EXPR_STRING)
    return expr->string;
  if (is_quick (expr))
    {
      MereFormNode *node = quick_node (self, expr);

      if (node != NULL && mere_node_is_leaf (node))
        return mere_node_value (node);
    }
  mere_evaluate (self, expr, &value);
  text = mere_value_to_string (&value, owned);
  if (*owned == NULL && value.owned == text)
    *owned = g_steal_pointer (&value.owned);
  mere_value_clear (&value);
  return text;
}

char *
mere_evaluate_string (MereEvaluation *self, const MereExpr *expr)
{
  char       *owned;
  const char *text = mere_evaluate_borrow (self, expr, &owned);

  return owned != NULL ? owned : g_strdup (text);
}

/* The second argument of jr:choice-name() and the look-up of pulldata() stand for arguments. */
static void
evaluate_call (MereEvaluation *self, const MereExpr *expr, MereValue *result)
{
  if (expr->bound != NULL)
    {
      MereExpr *args[2] = { expr->args[expr->n_args == 4 ? 3 : 0], expr->bound };

      expr->function->call (self, args, 2, result);
    }
  else
    expr->function->call (self, expr->args, expr->n_args, result);
}

void
mere_evaluate (MereEvaluation *self, const MereExpr *expr, MereValue *result)
{
  if (!mere_evaluation_step (self, 1))
    {
      mere_value_borrow (result, "");
      return;
    }
  switch (expr->kind)
    {
    case MERE_EXPR_NUMBER:
      mere_value_number (result, expr->number);
      return;
    case MERE_EXPR_STRING:
      mere_value_borrow (result, expr->string);
      return;
    case MERE_EXPR_QUERY:
      mere_value_borrow (result, self->query != NULL ? self->query : "");
      return;
    case MERE_EXPR_CALL:
      evaluate_call (self, expr, result);
      return;
    case MERE_EXPR_PATH:
    case MERE_EXPR_UNION:
      mere_value_nodes (result);
      mere_evaluate_nodes (self, expr, &result->nodes);
      return;
    case MERE_EXPR_ADD:
    case MERE_EXPR_SUBTRACT:
    case MERE_EXPR_MULTIPLY:
    case MERE_EXPR_DIVIDE:
    case MERE_EXPR_MODULO:
    case MERE_EXPR_NEGATE:
      mere_value_number (result, mere_evaluate_number (self, expr));
      return;
    default:
      mere_value_boolean (result, mere_evaluate_boolean (self, expr));
    }
}
