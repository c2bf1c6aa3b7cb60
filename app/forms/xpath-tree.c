/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking at a tree that has been read. */

#include "config.h"

#include "app/forms/xpath.h"

#include <string.h>

gboolean
mere_xpath_is_call (const MereExpr *expr, const char *name, guint n_args)
{
  return expr->kind == MERE_EXPR_CALL && expr->n_args == n_args && strcmp (expr->string, name) == 0;
}

gboolean
mere_xpath_is_constant (const MereExpr *expr)
{
  return expr->kind == MERE_EXPR_NUMBER || expr->kind == MERE_EXPR_STRING || mere_xpath_is_call (expr, "true", 0) || mere_xpath_is_call (expr, "false", 0);
}

gboolean
mere_xpath_is_constant_true (const MereExpr *expr)
{
  return (expr->kind == MERE_EXPR_NUMBER && expr->number != 0) || (expr->kind == MERE_EXPR_STRING && *expr->string != '\0') || mere_xpath_is_call (expr, "true", 0);
}

static void
walk_predicates (MerePredicate *predicates, guint n, MereXPathVisit visit, gpointer user_data)
{
  for (guint i = 0; i < n; i++)
    mere_xpath_walk (predicates[i].expr, visit, user_data);
}

void
mere_xpath_walk (MereExpr *expr, MereXPathVisit visit, gpointer user_data)
{
  visit (expr, user_data);
  for (guint i = 0; i < expr->n_args; i++)
    mere_xpath_walk (expr->args[i], visit, user_data);
  if (expr->bound != NULL)
    mere_xpath_walk (expr->bound, visit, user_data);
  if (expr->path == NULL)
    return;
  if (expr->path->filter != NULL)
    mere_xpath_walk (expr->path->filter, visit, user_data);
  walk_predicates (expr->path->filter_predicates, expr->path->n_filter_predicates, visit, user_data);
  for (guint i = 0; i < expr->path->n_steps; i++)
    walk_predicates (expr->path->steps[i].predicates, expr->path->steps[i].n_predicates, visit, user_data);
}
