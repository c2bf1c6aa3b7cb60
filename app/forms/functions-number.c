/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "Number Functions". */

#include "config.h"

#include "app/forms/dates.h"
#include "app/forms/instance.h"

#include <math.h>
#include <string.h>

#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

static gboolean
is_moment (const MereValue *value)
{
  g_autofree char *owned = NULL;
  MereDateTime     moment;

  if (value->kind == MERE_VALUE_DATE)
    return TRUE;
  return (value->kind == MERE_VALUE_STRING || value->kind == MERE_VALUE_NODES) &&
         mere_date_time_parse (mere_value_to_string (value, &owned), &moment);
}

static void
fn_number (CALL_ARGS)
{
  MereValue value;
  double    number;

  if (n_args == 0)
    {
      mere_value_number (result, mere_any_to_number (evaluation->item));
      return;
    }
  mere_evaluate (evaluation, args[0], &value);
  number = mere_value_to_number (&value);
  /* stored, a moment is the whole days before it; in arithmetic it keeps its hours */
  if (is_moment (&value) && isfinite (number))
    mere_value_take_date (result, number, mere_number_to_string (floor (number)));
  else
    mere_value_number (result, number);
  mere_value_clear (&value);
}

static void
fn_random (CALL_ARGS)
{
  mere_value_number (result, g_random_double ());
}

static void
fn_int (CALL_ARGS)
{
  mere_value_number (result, trunc (mere_evaluate_number (evaluation, args[0])));
}

static void
fn_sum (CALL_ARGS)
{
  MereNodes nodes;
  double    sum = 0;

  mere_nodes_init (&nodes);
  mere_evaluate_nodes (evaluation, args[0], &nodes);
  for (guint i = 0; i < nodes.n; i++)
    sum += mere_any_to_number (nodes.items[i]);
  mere_nodes_clear (&nodes);
  mere_value_number (result, sum);
}

/* Over all arguments and all nodes in them; NaN as soon as one is no number, or without any. */
static void
extreme (MereEvaluation *evaluation, MereExpr **args, guint n_args, int sign, MereValue *result)
{
  double   best = NAN;
  gboolean first = TRUE;

  for (guint i = 0; i < n_args; i++)
    {
      MereValue value;

      mere_evaluate (evaluation, args[i], &value);
      for (guint k = 0; k < (value.kind == MERE_VALUE_NODES ? value.nodes.n : 1); k++)
        {
          double number = value.kind == MERE_VALUE_NODES ? mere_any_to_number (value.nodes.items[k]) : mere_value_to_number (&value);

          if (first || isnan (number) || (!isnan (best) && sign * number > sign * best))
            best = number;
          first = FALSE;
        }
      mere_value_clear (&value);
    }
  mere_value_number (result, best);
}

static void
fn_max (CALL_ARGS)
{
  extreme (evaluation, args, n_args, 1, result);
}

static void
fn_min (CALL_ARGS)
{
  extreme (evaluation, args, n_args, -1, result);
}

/* Halves go away from zero, as in all of ODK's clients. */
static void
fn_round (CALL_ARGS)
{
  double value = mere_evaluate_number (evaluation, args[0]);
  double decimals = n_args > 1 ? mere_evaluate_number (evaluation, args[1]) : 0;
  double scale = pow (10, decimals);
  double shifted = fabs (value) * scale;

  if (isnan (value) || isnan (decimals))
    mere_value_number (result, NAN);
  else if (!isfinite (shifted) || scale == 0)
    mere_value_number (result, scale == 0 ? 0 : value);
  else
    mere_value_number (result, copysign (floor (shifted + 0.5) / scale, value));
}

static void
fn_pow (CALL_ARGS)
{
  double base = mere_evaluate_number (evaluation, args[0]);

  mere_value_number (result, pow (base, mere_evaluate_number (evaluation, args[1])));
}

static void
fn_atan2 (CALL_ARGS)
{
  double y = mere_evaluate_number (evaluation, args[0]);

  mere_value_number (result, atan2 (y, mere_evaluate_number (evaluation, args[1])));
}

#define MATH_FUNCTION(name, code)                          \
  static void fn_##name (CALL_ARGS)                        \
  {                                                        \
    double x = mere_evaluate_number (evaluation, args[0]); \
    mere_value_number (result, (code));                    \
  }

MATH_FUNCTION (floor, floor (x))
MATH_FUNCTION (ceiling, ceil (x))
MATH_FUNCTION (log, log (x))
MATH_FUNCTION (log10, log10 (x))
MATH_FUNCTION (abs, fabs (x))
MATH_FUNCTION (sin, sin (x))
MATH_FUNCTION (cos, cos (x))
MATH_FUNCTION (tan, tan (x))
MATH_FUNCTION (asin, asin (x))
MATH_FUNCTION (acos, acos (x))
MATH_FUNCTION (atan, atan (x))
MATH_FUNCTION (sqrt, sqrt (x))
MATH_FUNCTION (exp, exp (x))
MATH_FUNCTION (exp10, pow (10, x))

static void
fn_pi (CALL_ARGS)
{
  mere_value_number (result, G_PI);
}

const MereFunction mere_functions_number[] = {
  { "number", 0, 1, fn_number, MERE_FUNCTION_CONTEXT },
  { "random", 0, 0, fn_random, MERE_FUNCTION_VOLATILE | MERE_FUNCTION_CHANCE },
  { "int", 1, 1, fn_int, 0 },
  { "sum", 1, 1, fn_sum, 0 },
  { "max", 0, -1, fn_max, 0 },
  { "min", 0, -1, fn_min, 0 },
  { "round", 1, 2, fn_round, 0 },
  { "floor", 1, 1, fn_floor, 0 },
  { "ceiling", 1, 1, fn_ceiling, 0 },
  { "pow", 2, 2, fn_pow, 0 },
  { "log", 1, 1, fn_log, 0 },
  { "log10", 1, 1, fn_log10, 0 },
  { "abs", 1, 1, fn_abs, 0 },
  { "sin", 1, 1, fn_sin, 0 },
  { "cos", 1, 1, fn_cos, 0 },
  { "tan", 1, 1, fn_tan, 0 },
  { "asin", 1, 1, fn_asin, 0 },
  { "acos", 1, 1, fn_acos, 0 },
  { "atan", 1, 1, fn_atan, 0 },
  { "atan2", 2, 2, fn_atan2, 0 },
  { "sqrt", 1, 1, fn_sqrt, 0 },
  { "exp", 1, 1, fn_exp, 0 },
  { "exp10", 1, 1, fn_exp10, 0 },
  { "pi", 0, 0, fn_pi, 0 },
  { NULL },
};
