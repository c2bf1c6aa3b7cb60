/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "Node-set Functions" and "Repeat Functions". */

#include "config.h"

#include "app/forms/instance.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

static void
fn_count (CALL_ARGS)
{
  MereNodes nodes;

  mere_nodes_init (&nodes);
  mere_evaluate_nodes (evaluation, args[0], &nodes);
  mere_value_number (result, nodes.n);
  mere_nodes_clear (&nodes);
}

static void
fn_count_non_empty (CALL_ARGS)
{
  MereNodes nodes;
  guint     n = 0;

  mere_nodes_init (&nodes);
  mere_evaluate_nodes (evaluation, args[0], &nodes);
  for (guint i = 0; i < nodes.n; i++)
    {
      g_autofree char *owned = NULL;

      n += *mere_any_to_string (nodes.items[i], &owned) != '\0';
    }
  mere_nodes_clear (&nodes);
  mere_value_number (result, n);
}

static void
fn_position (CALL_ARGS)
{
  MereNodes nodes;

  if (n_args == 0)
    {
      mere_value_number (result, evaluation->position);
      return;
    }
  mere_nodes_init (&nodes);
  mere_evaluate_nodes (evaluation, args[0], &nodes);
  mere_value_number (result, nodes.n > 0 ? mere_any_position (nodes.items[0]) : NAN);
  mere_nodes_clear (&nodes);
}

static void
fn_last (CALL_ARGS)
{
  mere_value_number (result, evaluation->size);
}

/* Alone, without a path behind: current() and instance() are otherwise where a path starts. */
static void
fn_current (CALL_ARGS)
{
  mere_value_nodes (result);
  mere_nodes_add (&result->nodes, MERE_ANY_FROM_NODE (evaluation->current));
}

static void
fn_instance (CALL_ARGS)
{
  g_autofree char *id = mere_evaluate_string (evaluation, args[0]);
  guint            number = mere_secondary_find (evaluation->form, id);

  mere_value_nodes (result);
  if (number > 0)
    mere_nodes_add (&result->nodes, MERE_ANY_FROM_XML (g_array_index (evaluation->form->secondary, MereSecondary, number - 1).node));
}

/* Park and Miller's minimal standard generator with the seeding of ODK's clients, so that the same seed gives the same
 * order everywhere. */
typedef struct
{
  gint64   state;
  gboolean random;
} Shuffler;

#define MODULUS G_GINT64_CONSTANT (2147483647)

static double
next_random (Shuffler *self)
{
  if (self->random)
    return g_random_double ();
  self->state = self->state * 16807 % MODULUS;
  return (double) (self->state - 1) / (MODULUS - 1);
}

/* A seed that is no number: the first eight bytes of its SHA-256. */
static gint64
seed_of_text (const char *text)
{
  guint8  digest[crypto_hash_sha256_BYTES];
  guint64 seed = 0;

  if (*text == '\0')
    return 0;
  crypto_hash_sha256 (digest, (const guint8 *) text, strlen (text));
  for (guint i = 0; i < 8; i++)
    seed = seed << 8 | digest[i];
  return (gint64) seed;
}

static void
seed (Shuffler *self, MereEvaluation *evaluation, MereExpr *arg)
{
  MereValue value;
  double    number;

  mere_evaluate (evaluation, arg, &value);
  number = mere_value_to_number (&value);
  if (isnan (number))
    {
      g_autofree char *text = mere_value_dup_string (&value);

      self->state = seed_of_text (text) % MODULUS;
    }
  else
    self->state = (gint64) CLAMP (number, -9.2e18, 9.2e18) % MODULUS;
  if (self->state <= 0)
    self->state += MODULUS - 1;
  mere_value_clear (&value);
}

/* The "inside-out" shuffle. */
static void
fn_randomize (CALL_ARGS)
{
  Shuffler  shuffler = { .random = n_args < 2 };
  MereNodes nodes;

  mere_value_nodes (result);
  mere_nodes_init (&nodes);
  mere_evaluate_nodes (evaluation, args[0], &nodes);
  if (n_args > 1)
    seed (&shuffler, evaluation, args[1]);
  for (guint i = 0; i < nodes.n; i++)
    {
      guint k = (guint) floor (next_random (&shuffler) * (i + 1));

      k = MIN (k, i);
      mere_nodes_add (&result->nodes, nodes.items[i]);
      if (k != i)
        result->nodes.items[i] = result->nodes.items[k];
      result->nodes.items[k] = nodes.items[i];
    }
  mere_nodes_clear (&nodes);
}

static gboolean
is_within (MereAny any, MereAny ancestor)
{
  for (; any != MERE_ANY_NONE; any = mere_any_parent (any))
    if (any == ancestor)
      return TRUE;
  return FALSE;
}

/* The instance of @repeats at @index among those within @outer. */
static MereAny
pick_instance (const MereNodes *repeats, double index, MereAny outer)
{
  double at = 0;

  for (guint i = 0; i < repeats->n; i++)
    if ((outer == MERE_ANY_NONE || is_within (repeats->items[i], outer)) && ++at == index)
      return repeats->items[i];
  return MERE_ANY_NONE;
}

static void
fn_indexed_repeat (CALL_ARGS)
{
  MereAny   instance = MERE_ANY_NONE;
  MereNodes targets;

  mere_value_nodes (result);
  for (guint i = 1; i + 1 < n_args; i += 2)
    {
      MereNodes repeats;

      mere_nodes_init (&repeats);
      mere_evaluate_nodes (evaluation, args[i], &repeats);
      instance = pick_instance (&repeats, mere_evaluate_number (evaluation, args[i + 1]), instance);
      mere_nodes_clear (&repeats);
      if (instance == MERE_ANY_NONE)
        return;
    }
  mere_nodes_init (&targets);
  mere_evaluate_nodes (evaluation, args[0], &targets);
  for (guint i = 0; i < targets.n && mere_evaluation_step (evaluation, 1); i++)
    if (is_within (targets.items[i], instance))
      mere_nodes_add (&result->nodes, targets.items[i]);
  mere_nodes_clear (&targets);
}

static void
name_of (MereEvaluation *evaluation, MereExpr **args, guint n_args, gboolean qualified, MereValue *result)
{
  MereNodes nodes;

  mere_nodes_init (&nodes);
  if (n_args > 0)
    mere_evaluate_nodes (evaluation, args[0], &nodes);
  else
    mere_nodes_add (&nodes, evaluation->item);
  mere_value_borrow (result, nodes.n > 0 ? mere_any_name (nodes.items[0], qualified) : "");
  mere_nodes_clear (&nodes);
}

static void
fn_name (CALL_ARGS)
{
  name_of (evaluation, args, n_args, TRUE, result);
}

static void
fn_local_name (CALL_ARGS)
{
  name_of (evaluation, args, n_args, FALSE, result);
}

const MereFunction mere_functions_nodes[] = {
  { "count", 1, 1, fn_count, MERE_FUNCTION_STRUCTURE },
  { "count-non-empty", 1, 1, fn_count_non_empty, 0 },
  { "position", 0, 1, fn_position, MERE_FUNCTION_STRUCTURE | MERE_FUNCTION_CONTEXT },
  { "last", 0, 0, fn_last, MERE_FUNCTION_CONTEXT },
  { "instance", 1, 1, fn_instance, 0 },
  { "current", 0, 0, fn_current, 0 },
  { "randomize", 1, 2, fn_randomize, MERE_FUNCTION_STRUCTURE },
  { "indexed-repeat", 3, -1, fn_indexed_repeat, MERE_FUNCTION_INDEXED | MERE_FUNCTION_PAIRS },
  { "name", 0, 1, fn_name, MERE_FUNCTION_STRUCTURE | MERE_FUNCTION_CONTEXT },
  { "local-name", 0, 1, fn_local_name, MERE_FUNCTION_STRUCTURE | MERE_FUNCTION_CONTEXT },
  { NULL },
};
