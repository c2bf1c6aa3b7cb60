/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which control answers a question: from its kind, its type, its appearance, how many choices it has, and whether it is
 * a cell of a table. */

#include "config.h"
#include "ui/question-choose.h"

#include "ui/question-choices.h"
#include "ui/question-date.h"
#include "ui/question-picker.h"
#include "ui/question-range.h"
#include "ui/question-rank.h"
#include "ui/question-rating.h"
#include "ui/question-table.h"
#include "ui/question-text.h"
#include "ui/question-trigger.h"
#include "ui/question-upload.h"
#include "ui/question-value.h"

#define MOST_IN_SIGHT 24 /* choices; longer lists are searched instead of looked through */

static gboolean
is_long (MereFormNode *node)
{
  static const char *const in_sight[] = { "likert", "columns", "columns-pack", "horizontal", "horizontal-compact", "quick", "list", "label", "list-nolabel" };
  const char              *rest;

  if (mere_question_is_in_table (node))
    return FALSE;

  if (mere_question_has_appearance (node, "minimal", NULL) || mere_question_has_appearance (node, "autocomplete", NULL) || mere_question_has_appearance (node, "search", NULL))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (in_sight); i++)
    {
      if (mere_question_has_appearance (node, in_sight[i], &rest))
        return FALSE;
    }

  return mere_form_node_get_n_choices (node) > MOST_IN_SIGHT;
}

static GType
choose_input (MereFormNode *node)
{
  switch (mere_form_node_get_value_type (node))
    {
    case MERE_FORM_TYPE_DATE:
    case MERE_FORM_TYPE_TIME:
    case MERE_FORM_TYPE_DATETIME:
      return MERE_TYPE_QUESTION_DATE;
    default:
      return MERE_TYPE_QUESTION_TEXT;
    }
}

GType
mere_question_choose_control (MereQuestionItem *item)
{
  MereFormNode *node = mere_question_item_get_node (item);

  if (mere_question_item_get_role (item) != MERE_QUESTION_ASKED || mere_question_item_is_note (item))
    return G_TYPE_INVALID;
  if (mere_question_is_caption (node))
    return MERE_TYPE_QUESTION_CHOICES;
  if (!mere_question_item_is_open (item))
    return MERE_TYPE_QUESTION_VALUE;

  switch (mere_form_node_get_control (node))
    {
    case MERE_FORM_CONTROL_SELECT_ONE:
    case MERE_FORM_CONTROL_SELECT_MANY:
      return (mere_question_item_is_cell (item) ? mere_question_table_is_picked (node) : is_long (node)) ? MERE_TYPE_QUESTION_PICKER : MERE_TYPE_QUESTION_CHOICES;
    case MERE_FORM_CONTROL_RANK:
      return MERE_TYPE_QUESTION_RANK;
    case MERE_FORM_CONTROL_TRIGGER:
      return MERE_TYPE_QUESTION_TRIGGER;
    case MERE_FORM_CONTROL_RANGE:
      return mere_question_has_appearance (node, "rating", NULL) ? MERE_TYPE_QUESTION_RATING : MERE_TYPE_QUESTION_RANGE;
    case MERE_FORM_CONTROL_UPLOAD:
      return MERE_TYPE_QUESTION_UPLOAD;
    default:
      return choose_input (node);
    }
}
