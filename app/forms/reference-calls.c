/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Binds calls to their functions, and those whose arguments are more than values: jr:choice-name() has an expression in
 * quotes, pulldata() is a look-up, a pattern can be looked at before it is used. */

#include "config.h"

#include "app/forms/evaluate.h"
#include "app/forms/reference-private.h"
#include "app/forms/regex.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
count_is_allowed (const MereExpr *call)
{
  int n = (int) call->n_args, fewest = call->function->min_args, most = call->function->max_args;

  if (call->function->flags & MERE_FUNCTION_PAIRS && (n - fewest) % 2 != 0)
    return FALSE;
  return n >= fewest && (most < 0 || n <= most);
}

/* jr:choice-name(value, 'path'): the second argument is an expression in quotes. */
static gboolean
bind_choice_name (MereExpr *call, const MereScope *scope)
{
  MereXPathError error;

  if (call->args[1]->kind != MERE_EXPR_STRING)
    return mere_scope_note_text (scope, call->args[1]->path != NULL ? call->args[1]->path->target : NULL);
  call->bound = mere_xpath_parse (scope->binding->form->arena, scope->binding->form->namespaces, call->args[1]->string, &error);
  if (call->bound == NULL)
    return mere_scope_report_take (scope, FALSE, g_strdup_printf (_ ("The question named by jr:choice-name() cannot be read: %s"), error.message));
  return mere_scope_bind (call->bound, scope) && mere_scope_note_text (scope, call->bound->path != NULL ? call->bound->path->target : NULL);
}

/* pulldata('cities', 'population', 'name', …): a look-up that can use an index. */
static gboolean
bind_pulldata (MereExpr *call, const MereScope *scope)
{
  MereScope        inner = *scope;
  MereXPathError   error;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 3; i++)
    if (call->args[i]->kind != MERE_EXPR_STRING)
      return mere_scope_report (scope, FALSE, _ ("The first three arguments of pulldata() must be text in quotes"));
  if (strchr (call->args[0]->string, '\'') != NULL)
    return mere_scope_report (scope, FALSE, _ ("The name of an instance has a quotation mark"));
  text = g_strdup_printf ("instance('%s')/root/item[%s = $query]/%s", call->args[0]->string, call->args[2]->string, call->args[1]->string);
  call->bound = mere_xpath_parse (scope->binding->form->arena, scope->binding->form->namespaces, text, &error);
  if (call->bound == NULL)
    return mere_scope_report_take (scope, FALSE, g_strdup_printf (_ ("The elements named by pulldata() cannot be read: %s"), error.message));
  inner.in_pulldata = TRUE;
  return mere_scope_bind (call->bound, &inner);
}

static gboolean
check_pattern (const MereExpr *call, const MereScope *scope)
{
  g_autofree char *message = call->args[1]->kind == MERE_EXPR_STRING ? mere_regex_check (call->args[1]->string) : NULL;

  if (message != NULL)
    mere_scope_report_take (scope, TRUE, g_strdup_printf (_ ("The pattern of regex() cannot be read, so nothing matches it: %s"), message));
  return TRUE;
}

static gboolean
bind_special (MereExpr *call, const MereScope *scope)
{
  if (strcmp (call->function->name, "jr:choice-name") == 0)
    return bind_choice_name (call, scope);
  if (strcmp (call->function->name, "regex") == 0)
    return check_pattern (call, scope);
  if (strcmp (call->function->name, "once") == 0)
    return mere_scope_note_self (scope);
  if (g_str_has_suffix (call->function->name, "itext"))
    return mere_scope_note_text (scope, scope->binding->form->root);
  return strcmp (call->function->name, "pulldata") != 0 || bind_pulldata (call, scope);
}

gboolean
mere_scope_bind_call (MereExpr *call, const MereScope *scope)
{
  MereScope inner = *scope;
  gboolean  ok = TRUE;

  call->function = mere_function_find (call->string);
  if (call->function == NULL)
    return mere_scope_report_take (scope, FALSE, g_strdup_printf (_ ("There is no function %s()"), call->string));
  if (!count_is_allowed (call))
    return mere_scope_report_take (scope, FALSE, g_strdup_printf (_ ("The function %s() has the wrong number of arguments"), call->string));
  for (guint i = 0; i < call->n_args; i++)
    {
      inner.indexed = (call->function->flags & MERE_FUNCTION_INDEXED) != 0 && (i == 0 || i % 2 == 1);
      inner.structure = ((call->function->flags & MERE_FUNCTION_STRUCTURE) != 0 && i == 0) || (inner.indexed && i > 0);
      ok &= mere_scope_bind (call->args[i], &inner);
    }
  /* what these look at are values, whatever is asked of the result */
  inner.structure = FALSE;
  inner.indexed = scope->indexed;
  return ok && bind_special (call, &inner);
}
