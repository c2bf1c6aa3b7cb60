/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "Boolean Functions". */

#include "config.h"

#include "app/forms/instance.h"
#include "app/forms/regex.h"

#include <math.h>
#include <string.h>

#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

static void
fn_if (CALL_ARGS)
{
  mere_evaluate (evaluation, mere_evaluate_boolean (evaluation, args[0]) ? args[1] : args[2], result);
}

static void
fn_coalesce (CALL_ARGS)
{
  for (guint i = 0; i < n_args; i++)
    {
      char       *owned;
      const char *text = mere_evaluate_borrow (evaluation, args[i], &owned);

      if (*text != '\0' || i + 1 == n_args)
        {
          mere_value_take (result, owned != NULL ? owned : g_strdup (text));
          return;
        }
      g_free (owned);
    }
}

static void
fn_once (CALL_ARGS)
{
  MereFormNode *node = evaluation->current;
  const char   *value = node != NULL && mere_node_is_leaf (node) ? mere_node_value (node) : "";

  if (*value != '\0')
    mere_value_take (result, g_strdup (value));
  else
    mere_value_take (result, mere_evaluate_string (evaluation, args[0]));
}

static void
fn_true (CALL_ARGS)
{
  mere_value_boolean (result, TRUE);
}

static void
fn_false (CALL_ARGS)
{
  mere_value_boolean (result, FALSE);
}

static void
fn_boolean (CALL_ARGS)
{
  mere_value_boolean (result, mere_evaluate_boolean (evaluation, args[0]));
}

static void
fn_boolean_from_string (CALL_ARGS)
{
  g_autofree char *owned = NULL;
  const char      *text = mere_evaluate_borrow (evaluation, args[0], &owned);

  mere_value_boolean (result, strcmp (text, "1") == 0 || strcmp (text, "true") == 0);
}

static void
fn_not (CALL_ARGS)
{
  mere_value_boolean (result, !mere_evaluate_boolean (evaluation, args[0]));
}

static void
fn_regex (CALL_ARGS)
{
  g_autofree char *owned_text = NULL, *owned_pattern = NULL;
  const char      *text = mere_evaluate_borrow (evaluation, args[0], &owned_text);
  const char      *pattern = mere_evaluate_borrow (evaluation, args[1], &owned_pattern);

  mere_value_boolean (result, mere_regex_matches (pattern, text));
}

/* How many values there are, and the number of each: of a set its nodes, else the value itself. */
static guint
count_values (const MereValue *value)
{
  return value->kind == MERE_VALUE_NODES ? value->nodes.n : 1;
}

static double
number_at (const MereValue *value, guint i)
{
  return value->kind == MERE_VALUE_NODES ? mere_any_to_number (value->nodes.items[i]) : mere_value_to_number (value);
}

static double
count_true (MereEvaluation *evaluation, MereExpr *answer)
{
  MereValue value;
  double    sum = 0;

  mere_evaluate (evaluation, answer, &value);
  for (guint i = 0; i < count_values (&value); i++)
    sum += number_at (&value, i) > 0;
  mere_value_clear (&value);
  return sum;
}

/* Of two sets, each answer has the weight that stands at its place. */
static double
weigh_true (MereEvaluation *evaluation, MereExpr *answer, MereExpr *weight)
{
  MereValue values, weights;
  double    sum = 0;

  mere_evaluate (evaluation, answer, &values);
  mere_evaluate (evaluation, weight, &weights);
  for (guint i = 0; i < MIN (count_values (&values), count_values (&weights)); i++)
    if (number_at (&values, i) > 0)
      sum += number_at (&weights, i);
  mere_value_clear (&values);
  mere_value_clear (&weights);
  return sum;
}

static void
checklist (MereEvaluation *evaluation, MereExpr **args, guint n_args, guint stride, MereValue *result)
{
  double min = mere_evaluate_number (evaluation, args[0]);
  double max = mere_evaluate_number (evaluation, args[1]);
  double sum = 0;

  for (guint i = 2; i + stride <= n_args; i += stride)
    sum += stride == 2 ? weigh_true (evaluation, args[i], args[i + 1]) : count_true (evaluation, args[i]);
  mere_value_boolean (result, (min == -1 || sum >= min) && (max == -1 || sum <= max));
}

static void
fn_checklist (CALL_ARGS)
{
  checklist (evaluation, args, n_args, 1, result);
}

static void
fn_weighted_checklist (CALL_ARGS)
{
  checklist (evaluation, args, n_args, 2, result);
}

const MereFunction mere_functions_boolean[] = {
  { "if", 3, 3, fn_if, 0 },
  { "coalesce", 1, -1, fn_coalesce, 0 },
  { "once", 1, 1, fn_once, MERE_FUNCTION_CONTEXT },
  { "true", 0, 0, fn_true, 0 },
  { "false", 0, 0, fn_false, 0 },
  { "boolean", 1, 1, fn_boolean, MERE_FUNCTION_STRUCTURE },
  { "boolean-from-string", 1, 1, fn_boolean_from_string, 0 },
  { "not", 1, 1, fn_not, 0 },
  { "regex", 2, 2, fn_regex, 0 },
  { "checklist", 2, -1, fn_checklist, 0 },
  { "weighted-checklist", 2, -1, fn_weighted_checklist, MERE_FUNCTION_PAIRS },
  { NULL },
};
