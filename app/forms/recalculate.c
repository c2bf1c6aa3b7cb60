/* SPDX-License-Identifier: GPL-3.0-or-later */

/* After a change: what depends on it is scheduled, and worked out in the topological order of the form's units, each
 * for the nodes that are concerned. What comes to the same as before goes no further. */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/bounds.h"

#include <math.h>
#include <string.h>

/* A binary heap by order, then by when it came. */
static gboolean
before (const MereTask *a, const MereTask *b)
{
  return a->order != b->order ? a->order < b->order : a->sequence < b->sequence;
}

static void
push (GArray *heap, const MereTask *task)
{
  MereTask *tasks;
  guint     at = heap->len;

  g_array_append_val (heap, *task);
  tasks = (MereTask *) (gpointer) heap->data;
  while (at > 0 && before (&tasks[at], &tasks[(at - 1) / 2]))
    {
      MereTask swap = tasks[at];

      tasks[at] = tasks[(at - 1) / 2];
      tasks[(at - 1) / 2] = swap;
      at = (at - 1) / 2;
    }
}

static MereTask
pop (GArray *heap)
{
  MereTask *tasks = (MereTask *) (gpointer) heap->data;
  MereTask  first = tasks[0], last = tasks[heap->len - 1];
  guint     at = 0, n = heap->len - 1;

  g_array_set_size (heap, n);
  while (2 * at + 1 < n)
    {
      guint child = 2 * at + 1;

      if (child + 1 < n && before (&tasks[child + 1], &tasks[child]))
        child++;
      if (!before (&tasks[child], &last))
        break;
      tasks[at] = tasks[child];
      at = child;
    }
  if (n > 0)
    tasks[at] = last;
  return first;
}

void
mere_session_schedule (MereFormSession *self, const MereUnit *unit, MereFormNode *node)
{
  MereTask task = { unit, node, unit->order, self->sequence++ };

  if (node->pending & (1 << unit->kind) || unit->expr == NULL)
    return;
  if (self->frozen && unit->kind != MERE_UNIT_ITEMSET)
    return;
  /* a repeat's count is asked of the repeat, everything else that has no value of both */
  if (node->is_range ? unit->kind == MERE_UNIT_CONSTRAINT || unit->kind == MERE_UNIT_CALCULATE : unit->kind == MERE_UNIT_COUNT)
    return;
  node->pending |= 1 << unit->kind;
  push (self->tasks, &task);
}

void
mere_session_mark_changed (MereFormSession *self, MereFormNode *node)
{
  if (node->changed)
    return;
  node->changed = TRUE;
  g_ptr_array_add (self->changed, node);
}

static void
schedule_all_units (MereFormNode *node, gpointer user_data)
{
  MereFormSession *self = user_data;

  for (guint i = 0; i < MERE_N_UNITS; i++)
    if (node->def->units[i] != NULL && i != MERE_UNIT_TEXT)
      mere_session_schedule (self, node->def->units[i], node);
}

void
mere_session_schedule_tree (MereFormSession *self, MereFormNode *top)
{
  mere_node_visit_all (top, schedule_all_units, self);
}

typedef struct
{
  MereFormSession *session;
  const MereUnit  *unit;
  MereFormNode    *cause;
} Concern;

static void
schedule_dependent (MereFormNode *node, gpointer user_data)
{
  const Concern *concern = user_data;

  if (concern->unit->kind == MERE_UNIT_TEXT)
    mere_session_mark_changed (concern->session, node);
  else
    mere_session_schedule (concern->session, concern->unit, node);
}

static void
tell_dependents (MereFormSession *self, MereFormNode *node)
{
  for (guint i = 0; i < node->def->n_dependents; i++)
    {
      const MereDependent *dependent = &node->def->dependents[i];
      Concern              concern = { self, dependent->unit, node };
      MereFormNode        *top;

      if (dependent->structure)
        continue;
      top = mere_node_at_def (node, dependent->common);
      mere_node_visit (top, dependent->unit->def, schedule_dependent, &concern);
    }
}

void
mere_session_value_changed (MereFormSession *self, MereFormNode *node)
{
  mere_session_mark_changed (self, node);
  tell_dependents (self, node);
  if (node->def->actions != NULL && self->settled)
    mere_actions_fire (self, node->def->actions, MERE_EVENT_VALUE_CHANGED, node);
}

/* All that looks at a repeat from outside of the instance that came or went, or at the places of the others. */
static void
tell_structure (MereFormSession *self, MereFormNode *range, const MereDef *def)
{
  for (guint i = 0; i < def->n_dependents; i++)
    {
      const MereDependent *dependent = &def->dependents[i];
      Concern              concern = { self, dependent->unit, range };
      const MereDef       *common = dependent->common;
      MereFormNode        *top;

      if (common->depth >= range->def->depth)
        {
          if (def != range->def)
            continue;
          common = range->def->parent;
        }
      top = common != NULL ? mere_node_at_def (range, common) : range;
      mere_node_visit (top, dependent->unit->def, schedule_dependent, &concern);
    }
  for (guint i = 0; i < def->n_children; i++)
    if (def->children[i]->deep)
      tell_structure (self, range, def->children[i]);
}

void
mere_session_structure_changed (MereFormSession *self, MereFormNode *range)
{
  self->structure_changed = TRUE;
  mere_session_mark_changed (self, range);
  tell_structure (self, range, range->def);
}

static void
set_value (MereFormNode *node, const char *text)
{
  char *kept = text != NULL ? mere_session_keep_text (node->session, text, node->value) : NULL;

  g_free (node->value);
  node->value = kept;
}

gboolean
mere_node_write (MereFormNode *node, const char *text)
{
  g_autofree char *cast = mere_cast (node->def, text);
  g_autofree char *old = NULL;

  if (g_strcmp0 (node->value != NULL ? node->value : "", cast != NULL ? cast : "") == 0)
    return FALSE;
  old = g_strdup (mere_node_value (node));
  set_value (node, cast);
  if (node->choices != NULL)
    mere_choices_filter (node);
  if (strcmp (old, mere_node_value (node)) == 0)
    return FALSE;
  mere_session_value_changed (node->session, node);
  return TRUE;
}

/* What a calculation comes to now, before the node's type makes an answer of it. */
static char *
dup_calculated (MereFormNode *node)
{
  const MereUnit *unit = node->def->units[MERE_UNIT_CALCULATE];
  MereEvaluation  evaluation;

  if (unit->expr == NULL || unit->fleeting || !node->session->settled || node->pending & (1 << MERE_UNIT_CALCULATE))
    return g_strdup (node->value != NULL ? node->value : "");
  mere_evaluation_init (&evaluation, node->session, node);
  return mere_evaluate_string (&evaluation, unit->expr);
}

gboolean
mere_node_overwrite (MereFormNode *node, const char *text)
{
  if (node->def->units[MERE_UNIT_CALCULATE] != NULL && !node->overwritten)
    {
      node->overwritten = TRUE;
      node->calculated = dup_calculated (node);
    }
  return mere_node_write (node, text);
}

/* Relevance is inherited: what it makes visible or hides is a change of value of every leaf below. */
static void
pass_relevance (MereFormSession *self, MereFormNode *node, gboolean parent_relevant)
{
  gboolean relevant = parent_relevant && node->relevant_self;

  if (node->relevant == relevant && !node->is_range)
    return;
  node->relevant = relevant;
  mere_session_mark_changed (self, node);
  if (mere_node_is_leaf (node))
    {
      if (node->value != NULL || node->shown != NULL)
        mere_session_value_changed (self, node);
      if (relevant && node->def->units[MERE_UNIT_CALCULATE] != NULL)
        {
          node->force = TRUE;
          mere_session_schedule (self, node->def->units[MERE_UNIT_CALCULATE], node);
        }
    }
  /* whether a repeat as a whole is there is for those who show it; its instances ask for themselves */
  for (guint i = 0; i < node->n_children; i++)
    pass_relevance (self, node->children[i], node->is_range ? parent_relevant : relevant);
}

static void
run_relevant (MereFormNode *node, gboolean result)
{
  if (node->relevant_self == result)
    return;
  node->relevant_self = result;
  pass_relevance (node->session, node, mere_node_parent (node) == NULL || mere_node_parent (node)->relevant);
}

/* A calculation writes when it comes to something else than the last time, or when the node has become relevant; in
 * between an answer of a person stands. */
static void
run_calculate (MereFormNode *node, const MereUnit *unit)
{
  MereEvaluation   evaluation;
  g_autofree char *text = NULL;
  gboolean         force = node->force;

  if (!node->relevant)
    return;
  /* what chance gave a record stays with it */
  if (unit->chancy && !node->session->first_load && !node->session->settled && node->value != NULL)
    return;
  node->force = FALSE;
  mere_evaluation_init (&evaluation, node->session, node);
  text = mere_evaluate_string (&evaluation, unit->expr);
  if (node->overwritten && !force && g_strcmp0 (node->calculated, text) == 0)
    return;
  /* the answer that stood here is gone, also where both come to the same */
  if (node->overwritten)
    mere_session_mark_changed (node->session, node);
  node->overwritten = FALSE;
  g_clear_pointer (&node->calculated, g_free);
  node->session->steps += MERE_STEPS_A_BYTE * strlen (text);
  mere_node_write (node, text);
}

static gboolean
is_source_of (const MereXmlNode *element, const MereFormNode *range)
{
  return element->name != NULL && strcmp (element->name->test, range->def->name->test) == 0 && !mere_def_is_template (element);
}

static const MereXmlNode *
first_source (const MereFormNode *range)
{
  return range->source != NULL ? range->source->first : NULL;
}

static guint
count_source (const MereFormNode *range)
{
  guint n = 0;

  for (const MereXmlNode *source = first_source (range); source != NULL; source = source->next)
    n += is_source_of (source, range);
  return MIN (n, MERE_LIMIT_REPEAT_COUNT);
}

static void
run_count (MereFormNode *range, const MereUnit *unit)
{
  MereFormSession *self = range->session;
  MereEvaluation   evaluation;
  double           number;
  guint            count;
  gboolean         changed = FALSE;

  mere_evaluation_init (&evaluation, self, range);
  number = mere_evaluate_number (&evaluation, unit->expr);
  /* without a number there are as many as there were; of a record that is read back, as many as it has */
  if (isnan (number) && (self->settled || self->first_load))
    return;
  count = isnan (number) ? count_source (range) : (guint) CLAMP (number, 0, MERE_LIMIT_REPEAT_COUNT);
  for (; range->n_children > count; changed = TRUE)
    mere_node_unlink (range->children[range->n_children - 1]);
  for (; range->n_children < count; changed = TRUE)
    {
      guint              n = 0;
      const MereXmlNode *source = first_source (range);

      while (source != NULL && !(is_source_of (source, range) && n++ == range->n_children))
        source = source->next;
      if (!mere_session_make_instance (self, range, source))
        break;
    }
  if (changed)
    mere_session_structure_changed (self, range);
}

static void
settle_relevance (MereFormNode *node)
{
  MereFormNode *parent = mere_node_parent (node);
  gboolean      relevant = (parent == NULL || parent->relevant) && node->relevant_self;

  node->relevant = relevant;
  for (guint i = 0; i < node->n_children; i++)
    settle_relevance (node->children[i]);
}

gboolean
mere_session_make_instance (MereFormSession *self, MereFormNode *range, const MereXmlNode *source)
{
  MereFormNode *instance = mere_node_add_instance (range, source, FALSE);

  if (instance == NULL)
    return FALSE;
  settle_relevance (instance);
  mere_session_mark_changed (self, instance);
  mere_session_prepare_tree (self, instance);
  if (self->settled || self->first_load)
    mere_instance_born (self, instance);
  return TRUE;
}

static void
run_boolean (MereFormNode *node, const MereUnit *unit, gboolean result)
{
  switch (unit->kind)
    {
    case MERE_UNIT_RELEVANT:
      run_relevant (node, result);
      return;
    case MERE_UNIT_READONLY:
      if (node->readonly_self == (guint) result)
        return;
      node->readonly_self = result;
      break;
    case MERE_UNIT_REQUIRED:
      if (node->required == (guint) result)
        return;
      node->required = result;
      break;
    default:
      if (node->constraint_ok == (guint) result)
        return;
      node->constraint_ok = result;
      break;
    }
  mere_session_mark_changed (node->session, node);
}

static void
run_task (const MereTask *task)
{
  MereFormNode  *node = task->node;
  MereEvaluation evaluation;

  switch (task->unit->kind)
    {
    case MERE_UNIT_COUNT:
      run_count (node, task->unit);
      return;
    case MERE_UNIT_CALCULATE:
      run_calculate (node, task->unit);
      return;
    case MERE_UNIT_ITEMSET:
      mere_choices_update (node);
      return;
    default:
      mere_evaluation_init (&evaluation, node->session, node);
      run_boolean (node, task->unit, mere_evaluate_boolean (&evaluation, task->unit->expr));
    }
}

static void
bury (MereFormSession *self)
{
  guint kept = 0;

  if (self->graveyard->len == 0)
    return;
  for (guint i = 0; i < self->changed->len; i++)
    if (!((MereFormNode *) self->changed->pdata[i])->removed)
      self->changed->pdata[kept++] = self->changed->pdata[i];
  g_ptr_array_set_size (self->changed, kept);
  g_ptr_array_set_size (self->graveyard, 0);
}

/* Computes until nothing is left; actions wait for everything else. A chase without end, which only a reference through
 * a predicate or a wildcard can set off, is cut off. */
void
mere_session_run (MereFormSession *self)
{
  self->rounds = 0;
  self->n_fired = 0;
  self->steps = 0;
  self->running = TRUE;
  do
    while (self->tasks->len > 0)
      {
        MereTask task = pop (self->tasks);

        if (task.node->removed)
          continue;
        task.node->pending &= ~(1 << task.unit->kind);
        if (self->rounds++ < MERE_LIMIT_ROUNDS + 16 * self->n_nodes && self->steps < MERE_LIMIT_RUN_STEPS)
          run_task (&task);
      }
  while (mere_actions_run_next (self));
  self->running = FALSE;
  self->steps = 0;
  self->serial++;
  bury (self);
}
