/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One pass over a form: the lines as they should be now. Items of lines that stay are taken again; the entries of an
 * outermost repeat are cards, or the rows of a table where all its questions are short and there is room for them. */

#include "config.h"
#include "ui/question-walk.h"

#include "ui/question-table.h"

/* @head: of the column that it is a cell of; NULL: it has a row of its own. */
static MereQuestionItem *
take (MereQuestionWalk *self,
      MereFormNode     *node,
      MereQuestionRole  role,
      const char       *head)
{
  GHashTable       *known = role == MERE_QUESTION_MORE ? self->adders : self->known;
  MereQuestionItem *item = g_hash_table_lookup (known, node);
  MereQuestionCard  card = self->within > 0 && head == NULL ? MERE_QUESTION_CARD_MIDDLE : MERE_QUESTION_NO_CARD;
  gboolean          moved;

  if (item != NULL && mere_question_item_get_role (item) == role)
    g_object_ref (item);
  else
    item = mere_question_item_new (self->keeper, node, role);

  moved = mere_question_item_set_head (item, head);
  if (mere_question_item_place (item, self->depth, card) || moved)
    g_ptr_array_add (self->changed, g_object_ref (item));
  g_ptr_array_add (self->lines, item);
  if (head == NULL)
    g_ptr_array_add (self->rows, g_object_ref (item));
  mere_question_item_set_cells (item, NULL);

  return item;
}

static MereQuestionItem *
take_line (MereQuestionWalk *self,
           MereFormNode     *node,
           MereQuestionRole  role)
{
  return take (self, node, role, NULL);
}

static void walk_node (MereQuestionWalk *self,
                       MereFormNode     *node);

static void
walk_children (MereQuestionWalk *self,
               MereFormNode     *node)
{
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    walk_node (self, mere_form_node_get_child (node, i));
}

static void
set_card (MereQuestionWalk *self,
          guint             position,
          MereQuestionCard  card)
{
  MereQuestionItem *item = g_ptr_array_index (self->rows, position);

  if (mere_question_item_place (item, mere_question_item_get_depth (item), card))
    g_ptr_array_add (self->changed, g_object_ref (item));
}

/* Rows from @first on are one card: its first row is the top, its last row the bottom. */
static void
close_card (MereQuestionWalk *self,
            guint             first)
{
  guint n = self->rows->len - first;

  if (n == 1)
    set_card (self, first, MERE_QUESTION_CARD_WHOLE);
  else if (n > 1)
    {
      set_card (self, first, MERE_QUESTION_CARD_TOP);
      set_card (self, self->rows->len - 1, MERE_QUESTION_CARD_BOTTOM);
    }
}

/* An entry of an outermost repeat is a card. */
static void
walk_instance (MereQuestionWalk *self,
               MereFormNode     *instance)
{
  guint first = self->rows->len;

  self->within++;
  take_line (self, instance, MERE_QUESTION_INSTANCE);
  self->depth++;
  walk_children (self, instance);
  self->depth--;
  self->within--;

  if (self->within == 0)
    close_card (self, first);
}

static void
unref_cell (gpointer cell)
{
  if (cell != NULL)
    g_object_unref (cell);
}

/* An entry that is one row of a table; @heads are the questions that its columns are called after. */
static void
walk_row (MereQuestionWalk *self,
          MereFormNode     *instance,
          GPtrArray        *heads)
{
  g_autoptr (GPtrArray) columns = mere_question_table_list_columns (instance);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (unref_cell);
  MereQuestionItem *row = take_line (self, instance, MERE_QUESTION_INSTANCE);

  self->depth++;
  for (guint i = 0; i < columns->len; i++)
    {
      MereFormNode     *node = g_ptr_array_index (columns, i);
      const char       *head = mere_form_node_get_label (g_ptr_array_index (heads, i));
      MereQuestionItem *cell = mere_form_node_is_relevant (node) ? take (self, node, MERE_QUESTION_ASKED, head) : NULL;

      g_ptr_array_add (cells, cell != NULL ? g_object_ref (cell) : NULL);
    }
  self->depth--;
  mere_question_item_set_cells (row, cells);
  g_ptr_array_add (self->changed, g_object_ref (row));
}

static void
walk_table (MereQuestionWalk *self,
            MereFormNode     *repeat,
            GPtrArray        *heads)
{
  guint first = self->rows->len;

  self->within++;
  for (guint i = 0; i < mere_form_node_get_n_children (repeat); i++)
    {
      MereFormNode *instance = mere_form_node_get_child (repeat, i);

      if (mere_form_node_is_relevant (instance))
        walk_row (self, instance, heads);
    }
  self->within--;
  close_card (self, first);
}

/* The columns of a repeat that is a table: all its questions are short, and there is room for them. */
static GPtrArray *
begin_table (MereQuestionWalk *self,
             MereFormNode     *repeat)
{
  g_autoptr (GPtrArray) columns = NULL;
  guint width;

  if (self->within > 0 || mere_form_node_get_n_children (repeat) == 0)
    return NULL;
  columns = mere_question_table_list_columns (mere_form_node_get_child (repeat, 0));
  width = columns != NULL ? mere_question_table_get_width (columns) : 0;
  if (width == 0)
    return NULL;

  if (width <= self->room)
    self->widest = MAX (self->widest, width);
  else
    self->narrowest = MIN (self->narrowest, width);

  return width <= self->room ? g_steal_pointer (&columns) : NULL;
}

static void
walk_cards (MereQuestionWalk *self,
            MereFormNode     *repeat)
{
  for (guint i = 0; i < mere_form_node_get_n_children (repeat); i++)
    {
      MereFormNode *instance = mere_form_node_get_child (repeat, i);

      if (mere_form_node_is_relevant (instance))
        walk_instance (self, instance);
    }
}

static void
walk_repeat (MereQuestionWalk *self,
             MereFormNode     *repeat)
{
  g_autoptr (GPtrArray) columns = begin_table (self, repeat);

  take_line (self, repeat, MERE_QUESTION_HEADING);
  if (columns != NULL)
    walk_table (self, repeat, columns);
  else
    walk_cards (self, repeat);
  if (mere_form_node_can_add_remove (repeat))
    take_line (self, repeat, MERE_QUESTION_MORE);
}

static void
walk_group (MereQuestionWalk *self,
            MereFormNode     *group)
{
  const char *label = mere_form_node_get_label (group);
  gboolean    titled = label != NULL && *label != '\0';
  guint       first = self->lines->len;

  if (titled)
    {
      take_line (self, group, MERE_QUESTION_HEADING);
      self->depth++;
    }
  walk_children (self, group);
  if (titled)
    {
      self->depth--;
      if (self->lines->len == first + 1)
        {
          g_ptr_array_set_size (self->lines, first); /* nothing in it is asked */
          g_ptr_array_set_size (self->rows, self->rows->len - 1);
        }
    }
}

static void
walk_node (MereQuestionWalk *self,
           MereFormNode     *node)
{
  if (!mere_form_node_is_relevant (node))
    return;

  switch (mere_form_node_get_kind (node))
    {
    case MERE_FORM_NODE_GROUP:
      walk_group (self, node);
      break;

    case MERE_FORM_NODE_REPEAT:
      walk_repeat (self, node);
      break;

    case MERE_FORM_NODE_REPEAT_INSTANCE:
      walk_instance (self, node);
      break;

    case MERE_FORM_NODE_QUESTION:
      take_line (self, node, MERE_QUESTION_ASKED);
      break;

    case MERE_FORM_NODE_VALUE:
    default:
      break;
    }
}

static void
clear (MereQuestionWalk *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->changed = g_ptr_array_new_with_free_func (g_object_unref);
  self->widest = 0;
  self->narrowest = G_MAXUINT;
  self->depth = 0;
  self->within = 0;
}

void
mere_question_walk_run (MereQuestionWalk  *self,
                        MereFormNode      *root,
                        const char *const *hidden)
{
  clear (self);
  for (guint i = 0; i < mere_form_node_get_n_children (root); i++)
    {
      MereFormNode *node = mere_form_node_get_child (root, i);

      if (hidden == NULL || !g_strv_contains (hidden, mere_form_node_get_name (node)))
        walk_node (self, node);
    }
}

void
mere_question_walk_clear (MereQuestionWalk *self)
{
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
}
