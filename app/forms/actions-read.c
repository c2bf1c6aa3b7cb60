/* SPDX-License-Identifier: GPL-3.0-or-later */

/* <setvalue> and <odk:setgeopoint>. ODK XForms, section "Events and Actions". */

#include "config.h"

#include "app/forms/model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *name;
  guint       event;
} events[] = {
  { "odk-instance-first-load", MERE_EVENT_FIRST_LOAD },
  { "xforms-ready", MERE_EVENT_FIRST_LOAD },
  { "odk-instance-load", MERE_EVENT_LOAD },
  { "odk-new-repeat", MERE_EVENT_NEW_REPEAT },
  { "xforms-value-changed", MERE_EVENT_VALUE_CHANGED },
};

static guint
read_events (const char *text, int line, const char *bind, MereProblems *problems)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  guint mask = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint before = mask;

      for (guint k = 0; k < G_N_ELEMENTS (events); k++)
        if (strcmp (events[k].name, words[i]) == 0)
          mask |= events[k].event;
      if (*words[i] != '\0' && mask == before)
        mere_problems_add (problems, FALSE, line, bind, NULL, _ ("The event “%s” is not known"), words[i]);
    }
  return mask;
}

static const char *
find_ref (MereForm *form, const MereXmlNode *node)
{
  const char *ref = mere_xml_node_get (node, "ref"), *bind = mere_xml_node_get (node, "bind");

  if (ref == NULL)
    ref = mere_xml_node_get (node, "target");
  for (guint i = 0; ref == NULL && bind != NULL && i < form->defs->len; i++)
    {
      const MereDef *def = g_ptr_array_index (form->defs, i);

      if (def->bind != NULL && g_strcmp0 (mere_xml_node_get (def->bind, "id"), bind) == 0)
        ref = def->nodeset;
    }
  return ref;
}

static MereExpr *
read_value (MereForm *form, const MereXmlNode *node, MereDef *target, MereProblems *problems)
{
  const char *text = mere_xml_node_get (node, "value");
  MereBinding binding = { form, target, target, NULL, problems, node->line, target->nodeset, text };
  MereExpr   *literal;

  if (text != NULL && *text != '\0')
    return mere_expr_compile (&binding, text);
  literal = mere_arena_new0 (form->arena, MereExpr);
  literal->kind = MERE_EXPR_STRING;
  literal->string = text != NULL ? "" : node->text;
  return literal;
}

static void
attach (MereForm *form, MereAction *action)
{
  action->target->written |= (action->events & (MERE_EVENT_VALUE_CHANGED | MERE_EVENT_NEW_REPEAT)) != 0;
  if (action->events & MERE_EVENT_VALUE_CHANGED && action->source != NULL)
    {
      if (action->source->actions == NULL)
        action->source->actions = g_ptr_array_new ();
      g_ptr_array_add (action->source->actions, action);
    }
  if (action->events & MERE_EVENT_NEW_REPEAT && action->source != NULL && action->source->kind == MERE_DEF_REPEAT)
    {
      if (action->source->new_repeat_actions == NULL)
        action->source->new_repeat_actions = g_ptr_array_new ();
      g_ptr_array_add (action->source->new_repeat_actions, action);
    }
  if (action->events & (MERE_EVENT_FIRST_LOAD | MERE_EVENT_LOAD))
    g_ptr_array_add (form->actions, action);
}

/* A question inside a repeat may have an action for new instances: it is the repeat's then. */
static MereDef *
repeat_of (MereDef *source)
{
  while (source != NULL && source->kind != MERE_DEF_REPEAT)
    source = source->parent;
  return source;
}

/* What one element does on some of its events: those that the same node fires. */
static void
add_action (MereForm *form, const MereXmlNode *node, const char *ref, guint mask, MereDef *source, MereProblems *problems)
{
  MereDef    *context = source != NULL ? source : form->root;
  MereBinding binding = { form, context, context, NULL, problems, node->line, ref, ref, TRUE };
  MereAction *action = mere_arena_new0 (form->arena, MereAction);

  action->events = mask;
  action->source = source;
  action->ref = mere_expr_compile (&binding, ref);
  if (action->ref == NULL || action->ref->path == NULL)
    return;
  action->target = action->ref->path->target;
  if (action->target == NULL || (action->target->kind != MERE_DEF_LEAF && action->target->kind != MERE_DEF_ATTRIBUTE))
    {
      mere_problems_add (problems, action->target == NULL, node->line, ref, NULL, _ ("<%s> names no node that has a value; it does nothing"), node->name->local);
      return;
    }
  if (strcmp (node->name->local, "setvalue") == 0)
    action->value = read_value (form, node, action->target, problems);
  else
    action->target->located = TRUE;
  attach (form, action);
}

static void
read_action (MereForm *form, const MereXmlNode *node, MereDef *source, MereProblems *problems)
{
  const char *ref = find_ref (form, node), *event = mere_xml_node_get_any (node, "event");
  guint       mask;

  if (ref == NULL || event == NULL)
    {
      mere_problems_add (problems, FALSE, node->line, NULL, NULL, _ ("<%s> needs ref (or bind) and event"), node->name->local);
      return;
    }
  mask = read_events (event, node->line, ref, problems);
  if (mask & MERE_EVENT_NEW_REPEAT && repeat_of (source) == NULL)
    mere_problems_add (problems, FALSE, node->line, ref, NULL, _ ("An action for odk-new-repeat must stand in the repeat"));
  else if (mask & MERE_EVENT_NEW_REPEAT)
    add_action (form, node, ref, MERE_EVENT_NEW_REPEAT, repeat_of (source), problems);
  if (mask & ~(guint) MERE_EVENT_NEW_REPEAT)
    add_action (form, node, ref, mask & ~(guint) MERE_EVENT_NEW_REPEAT, source, problems);
}

void
mere_actions_read (MereForm *form, const MereXmlNode *parent, MereDef *source, MereProblems *problems)
{
  for (const MereXmlNode *node = mere_xml_node_first_child (parent); node != NULL; node = mere_xml_node_next_element (node))
    if (strcmp (node->name->local, "setvalue") == 0 || strcmp (node->name->local, "setgeopoint") == 0)
      read_action (form, node, source, problems);
}
