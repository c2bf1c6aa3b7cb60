/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "Select Functions": a select's value is a list of values with white space between. */

#include "config.h"

#include "app/forms/instance.h"

#include <math.h>
#include <string.h>

#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

/* The next word; NULL at the end. */
static const char *
next_word (const char *at, gsize *length)
{
  while (mere_is_xml_space (*at))
    at++;
  for (*length = 0; at[*length] != '\0' && !mere_is_xml_space (at[*length]);)
    (*length)++;
  return *length > 0 ? at : NULL;
}

static void
fn_selected (CALL_ARGS)
{
  g_autofree char *owned = NULL, *owned_value = NULL;
  const char      *list = mere_evaluate_borrow (evaluation, args[0], &owned);
  const char      *value = mere_evaluate_borrow (evaluation, args[1], &owned_value);
  gsize            length, wanted;
  gboolean         found = FALSE;

  while (mere_is_xml_space (*value))
    value++;
  for (wanted = strlen (value); wanted > 0 && mere_is_xml_space (value[wanted - 1]);)
    wanted--;
  /* who asks whether nothing is selected may say so */
  found = wanted == 0 && next_word (list, &length) == NULL;
  for (const char *word = next_word (list, &length); word != NULL && !found; word = next_word (word + length, &length))
    found = length == wanted && strncmp (word, value, length) == 0;
  mere_value_boolean (result, found);
}

static void
fn_selected_at (CALL_ARGS)
{
  g_autofree char *owned = NULL;
  const char      *list = mere_evaluate_borrow (evaluation, args[0], &owned);
  double           index = trunc (mere_evaluate_number (evaluation, args[1]));
  gsize            length;
  double           at = 0;

  for (const char *word = next_word (list, &length); word != NULL; word = next_word (word + length, &length))
    if (at++ == index)
      {
        mere_value_take (result, g_strndup (word, length));
        return;
      }
  mere_value_borrow (result, "");
}

static void
fn_count_selected (CALL_ARGS)
{
  g_autofree char *owned = NULL;
  const char      *list = mere_evaluate_borrow (evaluation, args[0], &owned);
  gsize            length;
  guint            n = 0;

  for (const char *word = next_word (list, &length); word != NULL; word = next_word (word + length, &length))
    n++;
  mere_value_number (result, n);
}

/* The label, in the session's language, of the choice of a question (args[1]) that has this value (args[0]). */
static void
fn_choice_name (CALL_ARGS)
{
  g_autofree char *value = mere_evaluate_string (evaluation, args[0]);
  MereNodes        nodes;
  int              index = -1;

  mere_nodes_init (&nodes);
  mere_evaluate_nodes (evaluation, args[1], &nodes);
  if (nodes.n > 0 && MERE_ANY_IS_NODE (nodes.items[0]))
    index = mere_choices_find (MERE_ANY_NODE (nodes.items[0]), value);
  if (index >= 0)
    mere_value_take (result, g_strdup (mere_choice_label (MERE_ANY_NODE (nodes.items[0]), index)));
  else
    mere_value_borrow (result, "");
  mere_nodes_clear (&nodes);
}

const MereFunction mere_functions_select[] = {
  { "selected", 2, 2, fn_selected, 0 },
  { "is-selected", 2, 2, fn_selected, 0 },
  { "selected-at", 2, 2, fn_selected_at, 0 },
  { "count-selected", 1, 1, fn_count_selected, 0 },
  { "jr:choice-name", 2, 2, fn_choice_name, MERE_FUNCTION_LANGUAGE },
  { NULL },
};
