/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Running actions. They wait until all that follows from a change is worked out, as XForms 1.1 has its events after
 * recalculation, and then run in the order in which they were fired. */

#include "config.h"

#include "app/forms/instance.h"

#define MOST_ACTIONS 100000 /* after one change, before it is taken for an endless chase */

typedef struct
{
  const MereAction *action;
  MereFormNode     *source;
  guint             event;
} Fired;

static void
push (MereFormSession *self, const MereAction *action, MereFormNode *source, guint event)
{
  Fired *fired = g_new (Fired, 1);

  *fired = (Fired){ action, source, event };
  g_queue_push_tail (self->fired, fired);
}

/* What an action makes of a record or an instance at its beginning is no change of it. ODK's engine sees one all the same
 * from nodes that it has set up before. */
static gboolean
is_beginning (const MereFormSession *self, const MereAction *action, const MereFormNode *source)
{
  return self->setting_up != NULL && mere_def_is_under (action->target, self->setting_up) && action->target->index > source->def->index;
}

void
mere_actions_fire (MereFormSession *self, GPtrArray *actions, guint event, MereFormNode *source)
{
  for (guint i = 0; actions != NULL && i < actions->len; i++)
    {
      const MereAction *action = g_ptr_array_index (actions, i);

      if (action->events & event && !is_beginning (self, action, source))
        push (self, action, source, event);
    }
}

/* What sets up a record or an instance passes over what is not relevant in it, as in ODK's clients. A new instance has
 * its event before its calculations (section "The odk-new-repeat event"), so these have the last word. */
static gboolean
is_open_to (const Fired *fired, const MereFormNode *target)
{
  if (fired->event == MERE_EVENT_NEW_REPEAT && target->def->units[MERE_UNIT_CALCULATE] != NULL)
    return FALSE;
  return target->relevant || fired->event == MERE_EVENT_VALUE_CHANGED;
}

/* No receiver is asked: the node waits for a person to say where it is. What was said stands when a draft is opened
 * again. */
static void
want_place (const Fired *fired, MereFormNode *node)
{
  if (fired->event == MERE_EVENT_LOAD && !node->session->first_load && node->value != NULL)
    return;
  node->place_wanted = TRUE;
  mere_session_mark_changed (node->session, node);
  mere_node_overwrite (node, "");
}

static const MereDef *
what_is_set_up (const Fired *fired)
{
  if (fired->event == MERE_EVENT_NEW_REPEAT)
    return fired->source->def;
  return fired->event == MERE_EVENT_LOAD ? fired->source->session->form->root : NULL;
}

static void
run (const Fired *fired)
{
  MereFormSession *self = fired->source->session;
  MereEvaluation   evaluation;
  MereNodes        targets;

  mere_nodes_init (&targets);
  mere_evaluation_init (&evaluation, self, fired->source);
  mere_evaluate_nodes (&evaluation, fired->action->ref, &targets);
  self->setting_up = what_is_set_up (fired);
  for (guint i = 0; i < targets.n; i++)
    {
      MereFormNode    *node = MERE_ANY_IS_NODE (targets.items[i]) ? MERE_ANY_NODE (targets.items[i]) : NULL;
      g_autofree char *text = NULL;

      if (node == NULL || !mere_node_is_leaf (node) || !is_open_to (fired, node))
        continue;
      if (fired->action->value == NULL)
        {
          want_place (fired, node);
          continue;
        }
      mere_evaluation_init (&evaluation, self, node);
      text = mere_evaluate_string (&evaluation, fired->action->value);
      mere_node_overwrite (node, text);
    }
  self->setting_up = NULL;
  mere_nodes_clear (&targets);
}

gboolean
mere_actions_run_next (MereFormSession *self)
{
  g_autofree Fired *fired = g_queue_pop_head (self->fired);

  if (fired == NULL)
    return FALSE;
  if (!fired->source->removed && self->n_fired++ < MOST_ACTIONS)
    run (fired);
  return TRUE;
}

static void
fire_new_repeat (MereFormNode *node, gpointer user_data)
{
  if (node->is_instance && node->def->new_repeat_actions != NULL)
    mere_actions_fire (user_data, node->def->new_repeat_actions, MERE_EVENT_NEW_REPEAT, node);
}

void
mere_instance_born (MereFormSession *self, MereFormNode *instance)
{
  mere_node_visit_all (instance, fire_new_repeat, self);
}

typedef struct
{
  MereFormSession  *session;
  const MereAction *action;
} Loading;

static void
fire_one (MereFormNode *node, gpointer user_data)
{
  const Loading *loading = user_data;

  if (!node->is_range)
    push (loading->session, loading->action, node, MERE_EVENT_LOAD);
}

/* An action that stands in a control is fired for every node of it; one of the model once. */
void
mere_actions_fire_on_load (MereFormSession *self, guint events)
{
  GPtrArray *actions = self->form->actions;

  for (guint i = 0; i < actions->len; i++)
    {
      Loading loading = { self, g_ptr_array_index (actions, i) };

      if (!(loading.action->events & events))
        continue;
      mere_node_visit (self->root, loading.action->source != NULL ? loading.action->source : self->form->root, fire_one, &loading);
    }
}
