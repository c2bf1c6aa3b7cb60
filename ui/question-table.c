/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A table is kind to a list of persons, lanes, tools; not to anything that needs room for reading or writing. So all of
 * this is about widths: those of usual answers, in characters, with which the columns share the width there is. */

#include "config.h"
#include "ui/question-table.h"

#include "ui/question-appearance.h"

#define MOST_COLUMNS 6
#define LONGEST_HEAD 48     /* characters; wraps above its column */
#define MOST_SIDE_BY_SIDE 3 /* choices */
#define WIDTH_TEXT 18
#define WIDTH_NUMBER 11
#define WIDTH_DATE 20 /* with the button of its calendar */
#define WIDTH_TIME 18 /* and with the one that says Now */
#define WIDTH_CHOICE 24
#define WIDTH_AROUND_CHOICE 9 /* its button, its digit, the gaps */
#define WIDTH_LEAD 6          /* the number of the entry */
#define WIDTH_REMOVE 5        /* and the button that takes it away */

static guint
count_letters (const char *text)
{
  return text != NULL ? (guint) g_utf8_strlen (text, -1) : 0;
}

static gboolean
is_silent (const char *text)
{
  return text == NULL || *text == '\0';
}

static guint
get_input_width (MereFormNode *node)
{
  switch (mere_form_node_get_value_type (node))
    {
    case MERE_FORM_TYPE_STRING:
      return mere_question_has_appearance (node, "multiline", NULL) || mere_question_get_number (node, "rows", 1) > 1 ? 0 : WIDTH_TEXT;
    case MERE_FORM_TYPE_BARCODE:
      return WIDTH_TEXT;
    case MERE_FORM_TYPE_INT:
    case MERE_FORM_TYPE_DECIMAL:
      return WIDTH_NUMBER;
    case MERE_FORM_TYPE_DATE:
      return WIDTH_DATE;
    case MERE_FORM_TYPE_TIME:
      return WIDTH_TIME;
    default:
      return 0;
    }
}

/* 0 where an answer needs more than a cell. */
guint
mere_question_table_get_cell_width (MereFormNode *node)
{
  switch (mere_form_node_get_control (node))
    {
    case MERE_FORM_CONTROL_INPUT:
      return get_input_width (node);
    case MERE_FORM_CONTROL_SELECT_ONE:
    case MERE_FORM_CONTROL_SELECT_MANY:
      return mere_question_is_in_table (node) ? 0 : WIDTH_CHOICE;
    default:
      return 0;
    }
}

static gboolean
has_media (MereFormNode *node)
{
  static const char *const kinds[] = { "image", "audio", "video" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *file = mere_form_node_dup_media (node, kinds[i]);

      if (file != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_short (MereFormNode *node)
{
  const char *label = mere_form_node_get_label (node);

  return !has_media (node) && !is_silent (label) && count_letters (label) <= LONGEST_HEAD && is_silent (mere_form_node_get_hint (node)) && is_silent (mere_form_node_get_guidance (node)) &&
         mere_question_table_get_cell_width (node) > 0;
}

static gboolean
collect (MereFormNode *node,
         GPtrArray    *columns)
{
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    {
      MereFormNode    *child = mere_form_node_get_child (node, i);
      MereFormNodeKind kind = mere_form_node_get_kind (child);

      if (kind == MERE_FORM_NODE_VALUE)
        continue;
      if (kind == MERE_FORM_NODE_GROUP && is_silent (mere_form_node_get_label (child)))
        {
          if (!collect (child, columns))
            return FALSE;
          continue;
        }
      if (kind != MERE_FORM_NODE_QUESTION || columns->len == MOST_COLUMNS || !is_short (child))
        return FALSE;
      g_ptr_array_add (columns, child);
    }

  return TRUE;
}

GPtrArray *
mere_question_table_list_columns (MereFormNode *instance)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();

  return collect (instance, columns) && columns->len > 0 ? g_steal_pointer (&columns) : NULL;
}

guint
mere_question_table_get_lead (MereFormNode *instance)
{
  return WIDTH_LEAD + (mere_form_node_can_add_remove (mere_form_node_get_parent (instance)) ? WIDTH_REMOVE : 0);
}

guint
mere_question_table_get_width (GPtrArray *columns)
{
  guint width = WIDTH_LEAD + WIDTH_REMOVE;

  for (guint i = 0; i < columns->len; i++)
    width += mere_question_table_get_cell_width (g_ptr_array_index (columns, i));

  return width;
}

gboolean
mere_question_table_is_picked (MereFormNode *node)
{
  guint n = mere_form_node_get_n_choices (node);
  guint width = 0;

  if (n == 0 || n > MOST_SIDE_BY_SIDE)
    return TRUE;

  for (guint i = 0; i < n; i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      width = MAX (width, count_letters (choice.label != NULL ? choice.label : choice.value) + WIDTH_AROUND_CHOICE);
    }

  return n * width > WIDTH_CHOICE;
}
