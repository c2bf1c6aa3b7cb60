/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Binds an expression to the form: functions get their code, and each path becomes what it means. A plain path is so
 * many levels up and such slots down. Until version 1.0.0 of ODK XForms an absolute one goes through the current instance
 * of every repeat that it shares with the node it belongs to (section "Repeats", "A Big Deviation with XForms"); a form
 * of a later version says so, and its absolute paths mean what they mean in XPath. What a path may see is noted for the
 * dependency graph. */

#include "config.h"

#include "app/forms/evaluate.h"
#include "app/forms/reference-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
mere_scope_report (const MereScope *scope, gboolean warning, const char *message)
{
  const MereBinding *binding = scope->binding;

  if (binding->problems != NULL)
    mere_problems_add (binding->problems, warning, binding->line, binding->bind, binding->text, "%s", message);
  return FALSE;
}

gboolean
mere_scope_report_take (const MereScope *scope, gboolean warning, char *message)
{
  mere_scope_report (scope, warning, message);
  g_free (message);
  return FALSE;
}

static void
note (const MereScope *scope, MereDef *target, MereDef *common, gboolean soft)
{
  MereReference reference;

  if (scope->binding->references == NULL || target == NULL || !mere_form_count_reference (scope->binding->form))
    return;
  if (scope->in_predicate && scope->outer != NULL)
    common = mere_def_common (common, scope->outer);
  /* a path that went down may climb higher than it began */
  if (common != NULL)
    common = mere_def_common (common, target);
  reference = (MereReference){ target, common, scope->structure, soft || scope->in_predicate, FALSE };
  g_array_append_val (scope->binding->references, reference);
}

gboolean
mere_scope_note_self (const MereScope *scope)
{
  note (scope, scope->binding->current, scope->binding->current, TRUE);
  return TRUE;
}

gboolean
mere_scope_note_text (const MereScope *scope, MereDef *target)
{
  MereReference reference = { target, scope->binding->form->root, FALSE, TRUE, TRUE };

  if (scope->binding->references != NULL && target != NULL)
    g_array_append_val (scope->binding->references, reference);
  return TRUE;
}

/* Steps that are known beforehand: a named child or attribute, the parent, the node itself. */
static MereDef *
follow_plain (MereForm *form, MereDef *at, const MereStep *step)
{
  gboolean any = step->test != NULL && *step->test == '\0';

  switch (step->axis)
    {
    case MERE_AXIS_SELF:
      return any ? at : NULL;
    case MERE_AXIS_PARENT:
      return any && at != NULL ? at->parent : NULL;
    case MERE_AXIS_CHILD:
      return !any ? mere_def_find_child (form, at, step->test) : NULL;
    case MERE_AXIS_ATTRIBUTE:
      return !any && at != NULL ? mere_def_find_attribute (form, at, step->test) : NULL;
    default:
      return NULL;
    }
}

static gboolean
is_plain (const MereStep *step)
{
  if (step->n_predicates > 0 || step->test == NULL)
    return FALSE;
  if (step->axis == MERE_AXIS_SELF || step->axis == MERE_AXIS_PARENT)
    return *step->test == '\0';
  return (step->axis == MERE_AXIS_CHILD || step->axis == MERE_AXIS_ATTRIBUTE) && *step->test != '\0';
}

/* "//name" where the form has one node of that name: the same as its absolute path. */
static MereDef *
find_anywhere (const MereScope *scope, const MereStep *step)
{
  GPtrArray *defs = scope->binding->form->defs;
  MereDef   *found = NULL;

  if (step->axis != MERE_AXIS_CHILD || step->test == NULL || *step->test == '\0' || step->n_predicates > 0)
    return NULL;
  for (guint i = 0; i < defs->len; i++)
    {
      MereDef *def = g_ptr_array_index (defs, i);

      if (def->kind == MERE_DEF_ATTRIBUTE || def->name->test != step->test)
        continue;
      if (found != NULL)
        return NULL;
      found = def;
    }
  return found;
}

static void
set_route (const MereScope *scope, MerePath *path, MereDef *start, MereDef *common, MereDef *base)
{
  MereDef *at = base;

  path->bound = TRUE;
  path->up = start->depth - common->depth;
  path->n_down = base->depth - common->depth;
  path->down = path->n_down > 0 ? mere_arena_alloc (scope->binding->form->arena, path->n_down * sizeof (guint16)) : NULL;
  path->single = TRUE;
  for (guint i = path->n_down; i > 0; i--, at = at->parent)
    {
      path->down[i - 1] = (guint16) at->slot;
      if (at->kind == MERE_DEF_REPEAT)
        path->single = FALSE;
    }
}

static gboolean
bind_predicates (MerePredicate *predicates, guint n, const MereScope *scope, MereDef *item, MereDef *outer)
{
  MereScope inner = *scope;
  gboolean  ok = TRUE;

  inner.in_predicate = TRUE;
  inner.item = item;
  inner.outer = scope->in_predicate && scope->outer != NULL ? scope->outer : outer;
  inner.structure = inner.indexed = FALSE;
  for (guint i = 0; i < n; i++)
    ok &= mere_scope_bind (predicates[i].expr, &inner);
  return ok;
}

/* With several items ("*", say) no route holds for all: the paths stay unbound, but what they see from each is noted. */
static gboolean
bind_predicates_of (MereStep *step, const MereScope *scope, GPtrArray *items, MereDef *outer)
{
  MereDef    *only = items->len == 1 ? g_ptr_array_index (items, 0) : NULL;
  MereBinding quiet = *scope->binding;
  MereScope   each = *scope;

  quiet.problems = NULL;
  each.binding = &quiet;
  for (guint i = 0; only == NULL && step->n_predicates > 0 && i < items->len && !mere_form_is_full (scope->binding->form); i++)
    bind_predicates (step->predicates, step->n_predicates, &each, g_ptr_array_index (items, i), outer);
  return bind_predicates (step->predicates, step->n_predicates, scope, only, outer);
}

/* A set of definitions; each is in it once, which its mark tells. */
typedef struct
{
  GPtrArray *defs;
  guint      mark;
} DefSet;

static DefSet
new_set (MereForm *form)
{
  return (DefSet){ g_ptr_array_new (), ++form->mark };
}

static void
add_def (DefSet *set, MereDef *def)
{
  if (def == NULL || def->mark == set->mark)
    return;
  def->mark = set->mark;
  g_ptr_array_add (set->defs, def);
}

static void
add_descendants (GPtrArray *defs, MereDef *def)
{
  g_ptr_array_add (defs, def);
  for (guint i = 0; i + def->n_attributes < def->n_children; i++)
    add_descendants (defs, def->children[i]);
}

static gboolean
test_allows (const MereDef *def, const MereStep *step)
{
  return step->test == NULL || *step->test == '\0' || def->name->test == step->test;
}

static void
add_axis (DefSet *defs, MereDef *def, const MereStep *step)
{
  switch (step->axis)
    {
    case MERE_AXIS_SELF:
      add_def (defs, test_allows (def, step) ? def : NULL);
      return;
    case MERE_AXIS_PARENT:
      add_def (defs, def->parent != NULL && test_allows (def->parent, step) ? def->parent : NULL);
      return;
    case MERE_AXIS_CHILD:
    case MERE_AXIS_ATTRIBUTE:
      for (guint i = 0; i < def->n_children; i++)
        if ((def->children[i]->kind == MERE_DEF_ATTRIBUTE) == (step->axis == MERE_AXIS_ATTRIBUTE) && test_allows (def->children[i], step))
          add_def (defs, def->children[i]);
      return;
    case MERE_AXIS_PRECEDING_SIBLING:
    case MERE_AXIS_FOLLOWING_SIBLING:
      for (guint i = 0; def->parent != NULL && i + def->parent->n_attributes < def->parent->n_children; i++)
        if (test_allows (def->parent->children[i], step))
          add_def (defs, def->parent->children[i]);
      return;
    case MERE_AXIS_ANCESTOR:
    case MERE_AXIS_ANCESTOR_OR_SELF:
      for (MereDef *at = step->axis == MERE_AXIS_ANCESTOR ? def->parent : def; at != NULL; at = at->parent)
        add_def (defs, test_allows (at, step) ? at : NULL);
      return;
    case MERE_AXIS_DESCENDANT:
    case MERE_AXIS_DESCENDANT_OR_SELF:
      default: {
        g_autoptr (GPtrArray) all = g_ptr_array_new ();

        add_descendants (all, def);
        for (guint i = 0; i < all->len; i++)
          if ((all->pdata[i] != def || step->axis == MERE_AXIS_DESCENDANT_OR_SELF) && test_allows (all->pdata[i], step))
            add_def (defs, all->pdata[i]);
      }
    }
}

/* What is left of a path after its plain beginning: followed from definition to definition, predicates bound on the way. */
static gboolean
bind_rest (MerePath *path, const MereScope *scope, MereDef *base, MereDef *common)
{
  g_autoptr (GPtrArray) at = g_ptr_array_new ();
  gboolean ok = TRUE;

  if (base != NULL)
    g_ptr_array_add (at, base);
  for (guint i = path->rest; i < path->n_steps && !mere_form_is_full (scope->binding->form); i++)
    {
      MereStep *step = &path->steps[i];
      DefSet    next = new_set (scope->binding->form);

      for (guint k = 0; k < at->len; k++)
        add_axis (&next, g_ptr_array_index (at, k), step);
      g_ptr_array_unref (at);
      at = next.defs;
      for (guint k = 0; k < at->len; k++)
        {
          MereScope shallow = *scope;

          shallow.structure = scope->structure || i + 1 < path->n_steps;
          note (&shallow, g_ptr_array_index (at, k), common, TRUE);
        }
      ok &= bind_predicates_of (step, scope, at, common);
    }
  path->target = at->len == 1 ? g_ptr_array_index (at, 0) : NULL;
  if (at->len == 0 && base != NULL)
    mere_scope_report (scope, TRUE, _ ("The path leads to no node of the form"));
  return ok;
}

/* Where an absolute path spreads out: at the root, or below the last repeat instance that it shares with the expression's
 * node. A path that ends at a repeat means all its instances. */
static MereDef *
common_of_absolute (const MereScope *scope, const MerePath *path, MereDef *base)
{
  MereForm *form = scope->binding->form;
  gboolean  follows = form->paths_follow_context || scope->binding->locates;

  if (scope->indexed || scope->binding->current == NULL || !follows)
    return form->root;
  if (path->rest == path->n_steps && base->kind == MERE_DEF_REPEAT && base->parent != NULL)
    return mere_def_common (scope->binding->current, base->parent);
  return mere_def_common (scope->binding->current, base);
}

static gboolean
bad_path (const MereScope *scope, MerePath *path)
{
  path->empty = TRUE;
  mere_scope_report (scope, TRUE, _ ("The path leads to no node of the form"));
  return TRUE;
}

static gboolean
finish_route (MerePath *path, const MereScope *scope, MereDef *start, MereDef *common, MereDef *base)
{
  set_route (scope, path, start, common, base);
  if (path->rest < path->n_steps)
    return bind_rest (path, scope, base, common);
  path->target = base;
  note (scope, base, common, FALSE);
  return TRUE;
}

static gboolean
bind_absolute (MerePath *path, const MereScope *scope)
{
  MereForm *form = scope->binding->form;
  MereDef  *base = NULL;
  MereDef  *start = scope->binding->current != NULL ? scope->binding->current : form->root;

  path->rest = 0;
  if (path->n_steps == 0)
    return finish_route (path, scope, start, form->root, form->root);
  if (path->steps[0].axis == MERE_AXIS_DESCENDANT_OR_SELF && path->n_steps > 1)
    {
      base = find_anywhere (scope, &path->steps[1]);
      path->rest = base != NULL ? 2 : 0;
      if (base == NULL)
        return finish_route (path, scope, start, form->root, form->root);
    }
  for (; path->rest < path->n_steps && is_plain (&path->steps[path->rest]); path->rest++)
    {
      base = follow_plain (form, base, &path->steps[path->rest]);
      if (base == NULL)
        return bad_path (scope, path);
    }
  if (base == NULL)
    {
      /* "/data[…]": the root is the only thing there is */
      if (path->steps[0].axis == MERE_AXIS_CHILD && test_allows (form->root, &path->steps[0]))
        {
          path->steps[0].axis = MERE_AXIS_SELF;
          return finish_route (path, scope, start, form->root, form->root);
        }
      return bad_path (scope, path);
    }
  return finish_route (path, scope, start, common_of_absolute (scope, path, base), base);
}

static gboolean
bind_relative (MerePath *path, const MereScope *scope, MereDef *start)
{
  MereDef *base = start, *top = start;

  path->rest = 0;
  path->from_context = path->start == MERE_PATH_CONTEXT && scope->in_predicate;
  if (start == NULL)
    {
      path->bound = path->empty = FALSE;
      path->target = NULL;
      for (guint i = 0; i < path->n_steps; i++)
        if (!bind_predicates (path->steps[i].predicates, path->steps[i].n_predicates, scope, NULL, NULL))
          return FALSE;
      return TRUE;
    }
  for (; path->rest < path->n_steps && is_plain (&path->steps[path->rest]); path->rest++)
    {
      MereDef *next = follow_plain (scope->binding->form, base, &path->steps[path->rest]);

      /* above the root nothing is; that is empty, not wrong */
      if (next == NULL)
        return bad_path (scope, path);
      if (next->depth < top->depth)
        top = next;
      base = next;
    }
  return finish_route (path, scope, start, top, base);
}

/* Whether an expression comes to the same for all items that a predicate is asked about. */
static void
look_for_context (MereExpr *expr, gpointer found)
{
  if (expr->kind == MERE_EXPR_PATH && expr->path->start == MERE_PATH_CONTEXT)
    *(gboolean *) found = TRUE;
  else if (expr->kind == MERE_EXPR_CALL && (expr->function == NULL || expr->function->flags & (MERE_FUNCTION_CONTEXT | MERE_FUNCTION_VOLATILE)))
    *(gboolean *) found = TRUE;
}

static const char *
child_name (const MereExpr *expr)
{
  const MerePath *path = expr->path;

  if (expr->kind != MERE_EXPR_PATH || path->start != MERE_PATH_CONTEXT || path->n_steps != 1 || path->steps[0].axis != MERE_AXIS_CHILD ||
      path->steps[0].n_predicates > 0 || path->steps[0].test == NULL || *path->steps[0].test == '\0')
    return NULL;
  return path->steps[0].test;
}

static gboolean
find_key (MereExpr *expr, MerePredicate *predicate)
{
  if (expr->kind == MERE_EXPR_AND)
    return find_key (expr->args[0], predicate) || find_key (expr->args[1], predicate);
  if (expr->kind != MERE_EXPR_EQ)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      gboolean varies = FALSE;

      predicate->key = child_name (expr->args[i]);
      predicate->value = expr->args[1 - i];
      mere_xpath_walk (predicate->value, look_for_context, &varies);
      if (predicate->key != NULL && !varies)
        return TRUE;
    }
  predicate->key = NULL;
  return FALSE;
}

static void
look_for_position (MereExpr *expr, gpointer found)
{
  if (expr->kind == MERE_EXPR_CALL && expr->n_args == 0 && expr->function != NULL && expr->function->flags & MERE_FUNCTION_CONTEXT)
    *(gboolean *) found = TRUE;
}

/* The first predicate of a path over a secondary instance can be answered from an index over one child's text. */
static void
choose_index (MerePath *path)
{
  for (guint i = 0; i < path->n_steps; i++)
    {
      MereStep *step = &path->steps[i];
      gboolean  positional = FALSE;

      if (step->n_predicates == 0 && step->axis == MERE_AXIS_CHILD)
        continue;
      if (step->axis != MERE_AXIS_CHILD)
        return;
      mere_xpath_walk (step->predicates[0].expr, look_for_position, &positional);
      if (positional || !find_key (step->predicates[0].expr, &step->predicates[0]))
        step->predicates[0].key = NULL;
      return;
    }
}

static gboolean
bind_instance (MerePath *path, const MereScope *scope)
{
  const MereExpr *id = path->filter->args[0];
  gboolean        ok = TRUE;

  if (id->kind == MERE_EXPR_STRING)
    {
      path->instance = mere_secondary_find (scope->binding->form, id->string);
      if (path->instance == 0)
        mere_scope_report_take (scope, TRUE, g_strdup_printf (_ ("There is no secondary instance “%s”"), id->string));
    }
  else
    ok &= mere_scope_bind (path->filter->args[0], scope);
  ok &= bind_predicates (path->filter_predicates, path->n_filter_predicates, scope, NULL, NULL);
  for (guint i = 0; i < path->n_steps; i++)
    ok &= bind_predicates (path->steps[i].predicates, path->steps[i].n_predicates, scope, NULL, NULL);
  if (ok && path->n_filter_predicates == 0)
    choose_index (path);
  return ok;
}

static gboolean
bind_filter (MerePath *path, const MereScope *scope)
{
  MereScope inner = *scope;
  MereDef  *target;
  gboolean  ok;

  inner.structure = scope->structure || path->n_steps > 0;
  ok = mere_scope_bind (path->filter, &inner);
  target = path->filter->path != NULL ? path->filter->path->target : NULL;
  ok &= bind_predicates (path->filter_predicates, path->n_filter_predicates, scope, target, scope->binding->form->root);
  path->rest = 0;
  return ok && bind_rest (path, scope, target, scope->binding->form->root);
}

static gboolean
bind_path (MerePath *path, const MereScope *scope)
{
  switch (path->start)
    {
    case MERE_PATH_ROOT:
      return bind_absolute (path, scope);
    case MERE_PATH_CONTEXT:
      return bind_relative (path, scope, scope->item);
    case MERE_PATH_CURRENT:
      return bind_relative (path, scope, scope->binding->current);
    case MERE_PATH_INSTANCE:
      return bind_instance (path, scope);
    case MERE_PATH_FILTER:
    default:
      return bind_filter (path, scope);
    }
}

gboolean
mere_scope_bind (MereExpr *expr, const MereScope *scope)
{
  MereScope inner = *scope;
  gboolean  ok = TRUE;

  if (expr->kind == MERE_EXPR_CALL)
    return mere_scope_bind_call (expr, scope);
  if (expr->kind == MERE_EXPR_QUERY && !scope->in_pulldata)
    return mere_scope_report (scope, FALSE, _ ("Variables are not supported"));
  if (expr->kind == MERE_EXPR_PATH)
    return bind_path (expr->path, scope);
  if (expr->kind != MERE_EXPR_UNION)
    inner.structure = inner.indexed = FALSE;
  for (guint i = 0; i < expr->n_args; i++)
    ok &= mere_scope_bind (expr->args[i], &inner);
  return ok;
}

gboolean
mere_expr_bind (MereExpr *expr, const MereBinding *binding)
{
  MereScope scope = { .binding = binding, .item = binding->item };

  /* the value and label of an itemset's item: relative paths start at the item */
  if (binding->item != binding->current)
    {
      scope.in_predicate = TRUE;
      scope.outer = binding->form->root;
    }
  return mere_scope_bind (expr, &scope);
}

MereExpr *
mere_expr_compile (MereBinding *binding, const char *text)
{
  MereXPathError error;
  MereExpr      *expr;

  if (mere_form_is_full (binding->form))
    return NULL;
  expr = mere_xpath_parse (binding->form->arena, binding->form->namespaces, text, &error);
  binding->text = text;
  if (expr == NULL)
    {
      if (binding->problems != NULL)
        mere_problems_add (binding->problems, FALSE, binding->line, binding->bind, text, _ ("Syntax error at character %u: %s"),
                           (guint) g_utf8_strlen (text, error.offset) + 1, error.message);
      return NULL;
    }
  return mere_expr_bind (expr, binding) ? expr : NULL;
}
