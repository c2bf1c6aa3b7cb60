/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-list.h"

#include <string.h>

#include "ui/question-table.h"

struct _MereQuestionList
{
  GObject parent_instance;

  MereQuestionKeeper *keeper;
  MereFormSession    *session;
  char              **hidden;

  GPtrArray  *items;  /* what is asked now, in order; owned */
  GPtrArray  *rows;   /* those that have a row of their own: all but the cells of tables; owned */
  GHashTable *lines;  /* MereFormNode → its heading, question or entry, of those in items */
  GHashTable *adders; /* MereFormNode of a repeat → the line that adds to it */

  /* In characters: what there is, the widest table that is one, and the narrowest that would be one. */
  guint room;
  guint widest;
  guint narrowest;
};

enum {
  SECTION_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
mere_question_list_get_item_type (GListModel *model)
{
  return MERE_TYPE_QUESTION_ITEM;
}

static guint
mere_question_list_get_n_items (GListModel *model)
{
  return MERE_QUESTION_LIST (model)->rows->len;
}

static gpointer
mere_question_list_get_item (GListModel *model,
                             guint       position)
{
  GPtrArray *rows = MERE_QUESTION_LIST (model)->rows;

  return position < rows->len ? g_object_ref (g_ptr_array_index (rows, position)) : NULL;
}

static void
implement_list_model (GListModelInterface *interface)
{
  interface->get_item_type = mere_question_list_get_item_type;
  interface->get_n_items = mere_question_list_get_n_items;
  interface->get_item = mere_question_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MereQuestionList, mere_question_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, implement_list_model))

/* A pass over the form: the lines as they should be. */
typedef struct
{
  MereQuestionList *list;
  GPtrArray        *lines;
  GPtrArray        *rows;
  GPtrArray        *changed; /* those whose place in a card is another now */
  guint             depth;
  guint             within; /* how many entries of repeats we are in */
} Pass;

/* @head: of the column that it is a cell of; NULL: it has a row of its own. */
static MereQuestionItem *
take (Pass            *pass,
      MereFormNode    *node,
      MereQuestionRole role,
      const char      *head)
{
  GHashTable       *known = role == MERE_QUESTION_MORE ? pass->list->adders : pass->list->lines;
  MereQuestionItem *item = g_hash_table_lookup (known, node);
  MereQuestionCard  card = pass->within > 0 && head == NULL ? MERE_QUESTION_CARD_MIDDLE : MERE_QUESTION_NO_CARD;
  gboolean          moved;

  if (item != NULL && mere_question_item_get_role (item) == role)
    g_object_ref (item);
  else
    item = mere_question_item_new (pass->list->keeper, node, role);

  moved = mere_question_item_set_head (item, head);
  if (mere_question_item_place (item, pass->depth, card) || moved)
    g_ptr_array_add (pass->changed, g_object_ref (item));
  g_ptr_array_add (pass->lines, item);
  if (head == NULL)
    g_ptr_array_add (pass->rows, g_object_ref (item));
  mere_question_item_set_cells (item, NULL);

  return item;
}

static MereQuestionItem *
take_line (Pass            *pass,
           MereFormNode    *node,
           MereQuestionRole role)
{
  return take (pass, node, role, NULL);
}

static void walk (Pass         *pass,
                  MereFormNode *node);

static void
walk_children (Pass         *pass,
               MereFormNode *node)
{
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    walk (pass, mere_form_node_get_child (node, i));
}

static void
set_card (Pass            *pass,
          guint            position,
          MereQuestionCard card)
{
  MereQuestionItem *item = g_ptr_array_index (pass->rows, position);

  if (mere_question_item_place (item, mere_question_item_get_depth (item), card))
    g_ptr_array_add (pass->changed, g_object_ref (item));
}

/* Rows from @first on are one card: its first row is the top, its last row the bottom. */
static void
close_card (Pass *pass,
            guint first)
{
  guint n = pass->rows->len - first;

  if (n == 1)
    set_card (pass, first, MERE_QUESTION_CARD_WHOLE);
  else if (n > 1)
    {
      set_card (pass, first, MERE_QUESTION_CARD_TOP);
      set_card (pass, pass->rows->len - 1, MERE_QUESTION_CARD_BOTTOM);
    }
}

/* An entry of an outermost repeat is a card. */
static void
walk_instance (Pass         *pass,
               MereFormNode *instance)
{
  guint first = pass->rows->len;

  pass->within++;
  take_line (pass, instance, MERE_QUESTION_INSTANCE);
  pass->depth++;
  walk_children (pass, instance);
  pass->depth--;
  pass->within--;

  if (pass->within == 0)
    close_card (pass, first);
}

static void
unref_cell (gpointer cell)
{
  if (cell != NULL)
    g_object_unref (cell);
}

/* An entry that is one row of a table; @heads are the questions that its columns are called after. */
static void
walk_row (Pass         *pass,
          MereFormNode *instance,
          GPtrArray    *heads)
{
  g_autoptr (GPtrArray) columns = mere_question_table_list_columns (instance);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (unref_cell);
  MereQuestionItem *row = take_line (pass, instance, MERE_QUESTION_INSTANCE);

  pass->depth++;
  for (guint i = 0; i < columns->len; i++)
    {
      MereFormNode     *node = g_ptr_array_index (columns, i);
      const char       *head = mere_form_node_get_label (g_ptr_array_index (heads, i));
      MereQuestionItem *cell = mere_form_node_is_relevant (node) ? take (pass, node, MERE_QUESTION_ASKED, head) : NULL;

      g_ptr_array_add (cells, cell != NULL ? g_object_ref (cell) : NULL);
    }
  pass->depth--;
  mere_question_item_set_cells (row, cells);
  g_ptr_array_add (pass->changed, g_object_ref (row));
}

static void
walk_table (Pass         *pass,
            MereFormNode *repeat,
            GPtrArray    *heads)
{
  guint first = pass->rows->len;

  pass->within++;
  for (guint i = 0; i < mere_form_node_get_n_children (repeat); i++)
    {
      MereFormNode *instance = mere_form_node_get_child (repeat, i);

      if (mere_form_node_is_relevant (instance))
        walk_row (pass, instance, heads);
    }
  pass->within--;
  close_card (pass, first);
}

/* The columns of a repeat that is a table: all its questions are short, and there is room for them. */
static GPtrArray *
begin_table (Pass         *pass,
             MereFormNode *repeat)
{
  g_autoptr (GPtrArray) columns = NULL;
  guint width;

  if (pass->within > 0 || mere_form_node_get_n_children (repeat) == 0)
    return NULL;
  columns = mere_question_table_list_columns (mere_form_node_get_child (repeat, 0));
  width = columns != NULL ? mere_question_table_get_width (columns) : 0;
  if (width == 0)
    return NULL;

  if (width <= pass->list->room)
    pass->list->widest = MAX (pass->list->widest, width);
  else
    pass->list->narrowest = MIN (pass->list->narrowest, width);

  return width <= pass->list->room ? g_steal_pointer (&columns) : NULL;
}

static void
walk_cards (Pass         *pass,
            MereFormNode *repeat)
{
  for (guint i = 0; i < mere_form_node_get_n_children (repeat); i++)
    {
      MereFormNode *instance = mere_form_node_get_child (repeat, i);

      if (mere_form_node_is_relevant (instance))
        walk_instance (pass, instance);
    }
}

static void
walk_repeat (Pass         *pass,
             MereFormNode *repeat)
{
  g_autoptr (GPtrArray) columns = begin_table (pass, repeat);

  take_line (pass, repeat, MERE_QUESTION_HEADING);
  if (columns != NULL)
    walk_table (pass, repeat, columns);
  else
    walk_cards (pass, repeat);
  if (mere_form_node_can_add_remove (repeat))
    take_line (pass, repeat, MERE_QUESTION_MORE);
}

static void
walk_group (Pass         *pass,
            MereFormNode *group)
{
  const char *label = mere_form_node_get_label (group);
  gboolean    titled = label != NULL && *label != '\0';
  guint       first = pass->lines->len;

  if (titled)
    {
      take_line (pass, group, MERE_QUESTION_HEADING);
      pass->depth++;
    }
  walk_children (pass, group);
  if (titled)
    {
      pass->depth--;
      if (pass->lines->len == first + 1)
        {
          g_ptr_array_set_size (pass->lines, first); /* nothing in it is asked */
          g_ptr_array_set_size (pass->rows, pass->rows->len - 1);
        }
    }
}

static void
walk (Pass         *pass,
      MereFormNode *node)
{
  if (!mere_form_node_is_relevant (node))
    return;

  switch (mere_form_node_get_kind (node))
    {
    case MERE_FORM_NODE_GROUP:
      walk_group (pass, node);
      break;

    case MERE_FORM_NODE_REPEAT:
      walk_repeat (pass, node);
      break;

    case MERE_FORM_NODE_REPEAT_INSTANCE:
      walk_instance (pass, node);
      break;

    case MERE_FORM_NODE_QUESTION:
      take_line (pass, node, MERE_QUESTION_ASKED);
      break;

    case MERE_FORM_NODE_VALUE:
    default:
      break;
    }
}

static gboolean
is_hidden (MereQuestionList *self,
           MereFormNode     *node)
{
  return self->hidden != NULL && g_strv_contains ((const char *const *) self->hidden, mere_form_node_get_name (node));
}

static void
remember (MereQuestionList *self)
{
  guint rows = 0;

  g_hash_table_remove_all (self->lines);
  g_hash_table_remove_all (self->adders);
  for (guint i = 0; i < self->items->len; i++)
    {
      MereQuestionItem *item = g_ptr_array_index (self->items, i);
      GHashTable       *known = mere_question_item_get_role (item) == MERE_QUESTION_MORE ? self->adders : self->lines;

      rows += mere_question_item_get_head (item) == NULL;
      mere_question_item_set_position (item, i, rows - 1);
      g_hash_table_insert (known, mere_question_item_get_node (item), item);
    }
}

static GHashTable *
make_set (GPtrArray *items)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (set, g_ptr_array_index (items, i));

  return set;
}

static void
forget_line (MereQuestionList *self,
             MereQuestionItem *item)
{
  MereFormNode *node = mere_question_item_get_node (item);

  if (node != NULL)
    mere_question_keeper_set_unkept (self->keeper, node, FALSE);
  mere_question_item_forget (item);
}

static void
replace_lines (MereQuestionList *self,
               GPtrArray        *lines)
{
  g_autoptr (GHashTable) stays = make_set (lines);
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->items);

  self->items = g_ptr_array_ref (lines);
  remember (self);
  for (guint i = 0; i < before->len; i++)
    {
      if (!g_hash_table_contains (stays, g_ptr_array_index (before, i)))
        forget_line (self, g_ptr_array_index (before, i));
    }
}

/* Both lists are in the form's order, so one walk along both finds the runs in which they differ. */
static void
replace_rows (MereQuestionList *self,
              GPtrArray        *rows)
{
  g_autoptr (GHashTable) stays = make_set (rows);
  g_autoptr (GHashTable) was = make_set (self->rows);
  guint at = 0;

  while (at < rows->len || at < self->rows->len)
    {
      guint removed = 0;
      guint added = 0;

      while (at + removed < self->rows->len && !g_hash_table_contains (stays, g_ptr_array_index (self->rows, at + removed)))
        removed++;
      while (at + added < rows->len && !g_hash_table_contains (was, g_ptr_array_index (rows, at + added)))
        added++;

      if (removed == 0 && added == 0)
        {
          at++;
          continue;
        }

      if (removed > 0)
        g_ptr_array_remove_range (self->rows, at, removed);
      for (guint i = 0; i < added; i++)
        g_ptr_array_insert (self->rows, at + i, g_object_ref (g_ptr_array_index (rows, at + i)));
      g_list_model_items_changed (G_LIST_MODEL (self), at, removed, added);
      at += added;
    }
}

static void
rebuild (MereQuestionList *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  Pass          pass = { self, lines, rows, changed, 0, 0 };
  MereFormNode *root = mere_form_session_get_root (self->session);

  self->widest = 0;
  self->narrowest = G_MAXUINT;
  for (guint i = 0; i < mere_form_node_get_n_children (root); i++)
    {
      MereFormNode *node = mere_form_node_get_child (root, i);

      if (!is_hidden (self, node))
        walk (&pass, node);
    }

  replace_lines (self, lines);
  replace_rows (self, rows);
  for (guint i = 0; i < changed->len; i++)
    mere_question_item_changed (g_ptr_array_index (changed, i));
  g_signal_emit (self, signals[SECTION_CHANGED], 0, NULL);
}

/* Groups without a label have no line; whether what is below them came or went is not seen at their own line. */
static gboolean
came_or_went (MereQuestionList *self,
              MereFormNode     *node)
{
  MereFormNodeKind kind = mere_form_node_get_kind (node);
  gboolean         listed = g_hash_table_contains (self->lines, node);

  if (kind == MERE_FORM_NODE_VALUE)
    return FALSE;
  if (kind == MERE_FORM_NODE_GROUP)
    return TRUE;

  return listed != mere_form_node_is_relevant (node);
}

static void
forget_all (MereQuestionList *self)
{
  guint n = self->rows->len;

  g_hash_table_remove_all (self->lines);
  g_hash_table_remove_all (self->adders);
  for (guint i = 0; i < self->items->len; i++)
    mere_question_item_forget (g_ptr_array_index (self->items, i));
  g_ptr_array_set_size (self->items, 0);
  g_ptr_array_set_size (self->rows, 0);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

static void
tell_changed (MereQuestionList *self,
              GPtrArray        *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      MereFormNode     *node = g_ptr_array_index (nodes, i);
      MereQuestionItem *item = g_hash_table_lookup (self->lines, node);

      if (item != NULL)
        {
          mere_question_item_changed (item);
          g_signal_emit (self, signals[SECTION_CHANGED], 0, node);
        }
    }
}

static void
tell_all_changed (MereQuestionList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    mere_question_item_changed (g_ptr_array_index (self->items, i));
  g_signal_emit (self, signals[SECTION_CHANGED], 0, NULL);
}

/* Nodes of removed entries may be among @nodes: after a change of structure, they are only compared, never read. */
static void
on_session_changed_cb (MereQuestionList *self,
                       GPtrArray        *nodes,
                       gboolean          structure)
{
  gboolean anew = structure || nodes == NULL;

  for (guint i = 0; !anew && i < nodes->len; i++)
    anew = came_or_went (self, g_ptr_array_index (nodes, i));

  if (anew)
    rebuild (self);
  if (nodes == NULL)
    tell_all_changed (self);
  else
    tell_changed (self, nodes);
}

static void
follow_session (MereQuestionList *self)
{
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      forget_all (self);
    }
  g_set_object (&self->session, mere_question_keeper_get_session (self->keeper));
  g_signal_connect_object (self->session, "changed", G_CALLBACK (on_session_changed_cb), self, G_CONNECT_SWAPPED);
  rebuild (self);
}

static void
mere_question_list_dispose (GObject *object)
{
  MereQuestionList *self = MERE_QUESTION_LIST (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  for (guint i = 0; i < self->items->len; i++)
    mere_question_item_forget (g_ptr_array_index (self->items, i));
  g_clear_object (&self->session);
  g_clear_object (&self->keeper);

  G_OBJECT_CLASS (mere_question_list_parent_class)->dispose (object);
}

static void
mere_question_list_finalize (GObject *object)
{
  MereQuestionList *self = MERE_QUESTION_LIST (object);

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->lines);
  g_hash_table_unref (self->adders);
  g_strfreev (self->hidden);

  G_OBJECT_CLASS (mere_question_list_parent_class)->finalize (object);
}

static void
mere_question_list_class_init (MereQuestionListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mere_question_list_dispose;
  object_class->finalize = mere_question_list_finalize;

  signals[SECTION_CHANGED] = g_signal_new ("section-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
mere_question_list_init (MereQuestionList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->narrowest = G_MAXUINT;
  self->lines = g_hash_table_new (NULL, NULL);
  self->adders = g_hash_table_new (NULL, NULL);
}

MereQuestionList *
mere_question_list_new (MereQuestionKeeper *keeper)
{
  MereQuestionList *self = g_object_new (MERE_TYPE_QUESTION_LIST, NULL);

  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (mere_question_keeper_get_capture (keeper), "session-replaced", G_CALLBACK (follow_session), self, G_CONNECT_SWAPPED);
  follow_session (self);

  return self;
}

void
mere_question_list_set_hidden (MereQuestionList  *self,
                               const char *const *names)
{
  g_strfreev (self->hidden);
  self->hidden = g_strdupv ((char **) names);
  rebuild (self);
}

void
mere_question_list_set_room (MereQuestionList *self,
                             guint             room)
{
  self->room = room;
  if (room < self->widest || room >= self->narrowest)
    rebuild (self);
}

guint
mere_question_list_get_n_lines (MereQuestionList *self)
{
  return self->items->len;
}

MereQuestionItem *
mere_question_list_peek (MereQuestionList *self,
                         guint             position)
{
  return position < self->items->len ? g_ptr_array_index (self->items, position) : NULL;
}

MereQuestionItem *
mere_question_list_find (MereQuestionList *self,
                         MereFormNode     *node)
{
  return g_hash_table_lookup (self->lines, node);
}

MereQuestionItem *
mere_question_list_find_near (MereQuestionList *self,
                              const char       *ref)
{
  g_autofree char  *path = g_strdup (ref);
  MereQuestionItem *item = NULL;
  char             *slash = path;

  while (item == NULL && slash != NULL)
    {
      MereFormNode *node = mere_form_session_find (self->session, path);

      item = node != NULL ? mere_question_list_find (self, node) : NULL;
      slash = strrchr (path, '/');
      if (slash != NULL)
        *slash = '\0';
    }

  return item;
}

guint
mere_question_list_get_position (MereQuestionList *self,
                                 MereQuestionItem *item)
{
  guint line = mere_question_item_get_line (item);

  return mere_question_list_peek (self, line) == item ? line : G_MAXUINT;
}
