/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who has to be worked out after whom. The units of all definitions are put into one topological order, once; while the
 * form is filled only that order and the lists of dependents are used.
 *
 * The graph has, beside the units, three knots a definition: its number (how many of it there are: the counts of itself and
 * of all above it), its gate (whether it is there: its number, and the relevance of itself and of all above it) and its
 * value (what others see of it). References through predicates may mean another instance
 * of a repeat ("the total of the one before"), so a circle that needs one of them is no error. */

#include "config.h"

#include "app/forms/bounds.h"
#include "app/forms/evaluate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_CIRCLES 20 /* told of in one run */

typedef struct
{
  guint    from;
  guint    to;
  gboolean soft;
} Edge;

typedef struct
{
  MereForm *form;
  GArray   *edges; /* of Edge */
  guint     n;     /* units, then gates, values, numbers */
  guint    *n_before;
  guint    *first;  /* per vertex into @sorted */
  Edge     *sorted; /* by from */
  gboolean *done;
  guint     order;
} Graph;

static guint
vertex_of_unit (const MereUnit *unit)
{
  return unit->order;
}

static guint
gate_of (const Graph *self, const MereDef *def)
{
  return self->form->units->len + def->index;
}

static guint
value_of (const Graph *self, const MereDef *def)
{
  return self->form->units->len + self->form->defs->len + def->index;
}

static guint
number_of (const Graph *self, const MereDef *def)
{
  return self->form->units->len + 2 * self->form->defs->len + def->index;
}

gboolean
mere_form_is_full (const MereForm *form)
{
  return form->n_references >= MERE_LIMIT_REFERENCES;
}

gboolean
mere_form_count_reference (MereForm *form)
{
  if (mere_form_is_full (form))
    return FALSE;
  form->n_references++;
  return TRUE;
}

static void
connect (Graph *self, guint from, guint to, gboolean soft)
{
  Edge edge = { from, to, soft };

  g_array_append_val (self->edges, edge);
}

static void
connect_def (Graph *self, MereDef *def)
{
  static const MereUnitKind valuing[] = { MERE_UNIT_CALCULATE, MERE_UNIT_ITEMSET };

  if (def->parent != NULL)
    {
      connect (self, number_of (self, def->parent), number_of (self, def), FALSE);
      connect (self, gate_of (self, def->parent), gate_of (self, def), FALSE);
    }
  connect (self, number_of (self, def), gate_of (self, def), FALSE);
  connect (self, gate_of (self, def), value_of (self, def), FALSE);
  /* "one more, as long as the last one says yes" lets a repeat's count depend on the repeat */
  if (def->units[MERE_UNIT_COUNT] != NULL)
    connect (self, vertex_of_unit (def->units[MERE_UNIT_COUNT]), number_of (self, def), TRUE);
  if (def->units[MERE_UNIT_RELEVANT] != NULL)
    connect (self, vertex_of_unit (def->units[MERE_UNIT_RELEVANT]), gate_of (self, def), FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (valuing); i++)
    if (def->units[valuing[i]] != NULL)
      {
        connect (self, gate_of (self, def), vertex_of_unit (def->units[valuing[i]]), FALSE);
        connect (self, vertex_of_unit (def->units[valuing[i]]), value_of (self, def), FALSE);
      }
  if (def->units[MERE_UNIT_COUNT] != NULL && def->parent != NULL)
    connect (self, number_of (self, def->parent), vertex_of_unit (def->units[MERE_UNIT_COUNT]), FALSE);
}

/* The text of a group is that of everything in it. */
static void
connect_below (Graph *self, const MereUnit *unit, MereDef *target, gboolean soft)
{
  if (!mere_form_count_reference (self->form))
    return;
  connect (self, value_of (self, target), vertex_of_unit (unit), soft);
  for (guint i = 0; i < target->n_children; i++)
    connect_below (self, unit, target->children[i], soft);
}

/* What a unit feeds: a value or a gate; a constraint, say, feeds nothing and can close no circle. */
static gboolean
feeds (const MereUnit *unit)
{
  return unit->kind == MERE_UNIT_RELEVANT || unit->kind == MERE_UNIT_CALCULATE || unit->kind == MERE_UNIT_COUNT || unit->kind == MERE_UNIT_ITEMSET;
}

/* "This group is there as long as the source in it is 'user'": once hidden, what is in it is empty for the expression. */
static gboolean
looks_into_itself (const MereUnit *unit, const MereReference *reference)
{
  return unit->kind == MERE_UNIT_RELEVANT && reference->target != unit->def && mere_def_is_under (reference->target, unit->def);
}

static void
connect_references (Graph *self, const MereUnit *unit)
{
  for (guint i = 0; i < unit->references->len; i++)
    {
      const MereReference *reference = &g_array_index (unit->references, MereReference, i);
      MereDef             *target = reference->target;

      /* a calculation may look at what it would replace, a choice at what was chosen */
      if (target == unit->def && (unit->kind == MERE_UNIT_CALCULATE || unit->kind == MERE_UNIT_ITEMSET))
        continue;
      if (!feeds (unit))
        continue;
      if (target->kind == MERE_DEF_LEAF || target->kind == MERE_DEF_ATTRIBUTE)
        connect (self, value_of (self, target), vertex_of_unit (unit), reference->soft || looks_into_itself (unit, reference));
      else if (!reference->structure)
        connect_below (self, unit, target, reference->soft || looks_into_itself (unit, reference));
      else if (target != unit->def || unit->kind != MERE_UNIT_COUNT)
        connect (self, number_of (self, target), vertex_of_unit (unit), reference->soft);
    }
}

static int
by_from (const void *a, const void *b)
{
  const Edge *left = a, *right = b;

  return left->from < right->from ? -1 : left->from > right->from;
}

static void
sort_edges (Graph *self)
{
  g_array_sort (self->edges, by_from);
  self->sorted = (Edge *) (gpointer) self->edges->data;
  self->first = g_new0 (guint, self->n + 1);
  self->n_before = g_new0 (guint, self->n);
  self->done = g_new0 (gboolean, self->n);
  for (guint i = 0; i < self->edges->len; i++)
    {
      self->first[self->sorted[i].from + 1]++;
      self->n_before[self->sorted[i].to]++;
    }
  for (guint i = 0; i < self->n; i++)
    self->first[i + 1] += self->first[i];
}

static void
settle (Graph *self, guint vertex, GArray *ready)
{
  self->done[vertex] = TRUE;
  if (vertex < self->form->units->len)
    ((MereUnit *) g_ptr_array_index (self->form->units, vertex))->order = self->order++;
  for (guint i = self->first[vertex]; i < self->first[vertex + 1]; i++)
    {
      guint to = self->sorted[i].to;

      if (self->sorted[i].to != G_MAXUINT && --self->n_before[to] == 0)
        g_array_append_val (ready, to);
    }
}

static void
run (Graph *self)
{
  g_autoptr (GArray) ready = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->n; i++)
    if (!self->done[i] && self->n_before[i] == 0)
      g_array_append_val (ready, i);
  for (guint i = 0; i < ready->len; i++)
    settle (self, g_array_index (ready, guint, i), ready);
}

/* Takes out the soft edges that hold up what is left; whether there were any. */
static gboolean
soften (Graph *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->edges->len; i++)
    {
      Edge *edge = &self->sorted[i];

      if (!edge->soft || edge->to == G_MAXUINT || self->done[edge->from])
        continue;
      self->n_before[edge->to]--;
      edge->to = G_MAXUINT;
      any = TRUE;
    }
  return any;
}

/* Walks back along what is not done until something is met again: the units on that way are a circle. */
static void
report_circle (Graph *self, MereProblems *problems)
{
  g_autofree guint    *back = g_new (guint, self->n);
  g_autofree gboolean *seen = g_new0 (gboolean, self->n);
  g_autoptr (GString) names = g_string_new (NULL);
  const MereUnit *first = NULL;
  guint           at = G_MAXUINT, start;

  for (guint i = 0; i < self->n; i++)
    back[i] = G_MAXUINT;
  for (guint i = 0; i < self->edges->len; i++)
    if (self->sorted[i].to != G_MAXUINT && !self->done[self->sorted[i].from] && !self->done[self->sorted[i].to])
      back[self->sorted[i].to] = self->sorted[i].from;
  for (guint i = 0; i < self->n && at == G_MAXUINT; i++)
    if (!self->done[i] && back[i] != G_MAXUINT)
      at = i;
  for (; at != G_MAXUINT && !seen[at]; at = back[at])
    seen[at] = TRUE;
  if (at == G_MAXUINT)
    return;
  start = at;
  do
    {
      if (at < self->form->units->len)
        {
          const MereUnit *unit = g_ptr_array_index (self->form->units, at);

          g_string_append_printf (names, "%s%s", names->len > 0 ? " ← " : "", unit->def->nodeset);
          if (first == NULL)
            first = unit;
        }
      self->done[at] = TRUE;
      at = back[at];
    }
  while (at != start && at != G_MAXUINT);
  if (first != NULL)
    mere_problems_add (problems, FALSE, first->line, first->def->nodeset, first->text, _ ("The expressions depend on each other in a circle: %s"), names->str);
}

static gboolean
is_complete (const Graph *self)
{
  for (guint i = 0; i < self->form->units->len; i++)
    if (!self->done[i])
      return FALSE;
  return TRUE;
}

static void
count_dependent (MereDef *target)
{
  target->n_dependents++;
  for (; target != NULL && !target->deep; target = target->parent)
    target->deep = TRUE;
}

typedef void (*EachTarget) (MereUnit *unit, MereDef *target, const MereReference *reference, gpointer user_data);

static void
each_below (MereUnit *unit, MereDef *target, const MereReference *reference, EachTarget each)
{
  each (unit, target, reference, NULL);
  for (guint i = 0; !reference->structure && i < target->n_children; i++)
    each_below (unit, target->children[i], reference, each);
}

static void
each_target (MereForm *form, EachTarget each)
{
  for (guint i = 0; i < form->units->len; i++)
    {
      MereUnit *unit = g_ptr_array_index (form->units, i);

      for (guint k = 0; k < unit->references->len; k++)
        {
          const MereReference *reference = &g_array_index (unit->references, MereReference, k);

          /* a calculation that looks at its own node does not chase itself */
          if (reference->target == unit->def && !reference->soft && unit->kind == MERE_UNIT_CALCULATE)
            continue;
          each_below (unit, reference->target, reference, each);
        }
    }
}

static void
count (MereUnit *unit, MereDef *target, const MereReference *reference, gpointer user_data)
{
  count_dependent (target);
}

static void
enter (MereUnit *unit, MereDef *target, const MereReference *reference, gpointer user_data)
{
  /* the same unit may refer to a node twice; the wider reference covers the narrower. A unit's entries stand together. */
  for (guint i = target->n_dependents; i > 0 && target->dependents[i - 1].unit == unit; i--)
    {
      MereDependent *known = &target->dependents[i - 1];

      if (known->structure != reference->structure)
        continue;
      if (reference->common->depth < known->common->depth)
        known->common = reference->common;
      return;
    }
  target->dependents[target->n_dependents++] = (MereDependent){ unit, reference->common, reference->structure };
}

static void
list_dependents (MereForm *form)
{
  each_target (form, count);
  for (guint i = 0; i < form->defs->len; i++)
    {
      MereDef *def = g_ptr_array_index (form->defs, i);

      if (def->n_dependents > 0)
        def->dependents = mere_arena_alloc (form->arena, def->n_dependents * sizeof (MereDependent));
      def->n_dependents = 0;
    }
  each_target (form, enter);
}

static int
by_order (const void *a, const void *b)
{
  const MereUnit *left = *(MereUnit *const *) a, *right = *(MereUnit *const *) b;

  return left->order < right->order ? -1 : left->order > right->order;
}

static void
look_for_flags (MereExpr *expr, gpointer data)
{
  MereUnit *unit = data;

  if (expr->kind != MERE_EXPR_CALL || expr->function == NULL)
    return;
  unit->speaks |= (expr->function->flags & MERE_FUNCTION_LANGUAGE) != 0;
  unit->chancy |= (expr->function->flags & MERE_FUNCTION_CHANCE) != 0;
  unit->fleeting |= (expr->function->flags & MERE_FUNCTION_VOLATILE) != 0;
}

static void
add_soft (MereForm *form, GArray *references, const GArray *more, MereDef *common)
{
  for (guint i = 0; i < more->len && mere_form_count_reference (form); i++)
    {
      MereReference reference = g_array_index (more, MereReference, i);

      if (reference.text)
        continue;
      reference.common = mere_def_common (reference.common, common);
      reference.soft = TRUE;
      g_array_append_val (references, reference);
    }
}

/* Whose text a unit shows, it has to be worked out again with. */
static void
expand_texts (MereForm *form, MereUnit *unit)
{
  for (guint i = 0; i < unit->references->len;)
    {
      MereReference   reference = g_array_index (unit->references, MereReference, i);
      const MereUnit *shown = reference.target->units[MERE_UNIT_TEXT];

      if (!reference.text)
        {
          i++;
          continue;
        }
      g_array_remove_index_fast (unit->references, i);
      if (reference.target == form->root)
        add_soft (form, unit->references, form->spoken, form->root);
      else if (shown != NULL && shown != unit)
        add_soft (form, unit->references, shown->references, unit->def);
    }
}

/* Texts first: what they show of others' texts is then theirs. */
static void
expand_all_texts (MereForm *form)
{
  for (guint texts = 0; texts < 2; texts++)
    for (guint i = 0; i < form->units->len; i++)
      {
        MereUnit *unit = g_ptr_array_index (form->units, i);

        if ((unit->kind == MERE_UNIT_TEXT) == (texts == 0))
          expand_texts (form, unit);
      }
}

gboolean
mere_graph_build (MereForm *form, MereProblems *problems)
{
  Graph graph = { .form = form, .edges = g_array_new (FALSE, FALSE, sizeof (Edge)) };
  guint errors = problems->n_errors;

  expand_all_texts (form);
  for (guint i = 0; i < form->units->len; i++)
    {
      MereUnit *unit = g_ptr_array_index (form->units, i);

      unit->order = i;
      if (unit->expr != NULL)
        mere_xpath_walk (unit->expr, look_for_flags, unit);
    }
  graph.n = form->units->len + 3 * form->defs->len;
  for (guint i = 0; i < form->defs->len; i++)
    connect_def (&graph, g_ptr_array_index (form->defs, i));
  for (guint i = 0; i < form->units->len; i++)
    connect_references (&graph, g_ptr_array_index (form->units, i));
  sort_edges (&graph);
  do
    run (&graph);
  while (soften (&graph));
  for (guint i = 0; i < MOST_CIRCLES && !is_complete (&graph); i++)
    report_circle (&graph, problems);
  if (mere_form_is_full (form))
    mere_problems_add (problems, FALSE, 0, NULL, NULL, _ ("The form’s expressions refer to too many nodes"));
  else
    list_dependents (form);
  g_ptr_array_sort (form->units, by_order);
  g_array_unref (graph.edges);
  g_free (graph.first);
  g_free (graph.n_before);
  g_free (graph.done);
  return problems->n_errors == errors;
}
