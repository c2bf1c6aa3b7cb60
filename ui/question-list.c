/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-list.h"

#include <string.h>

#include "ui/question-walk.h"

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

      rows += !mere_question_item_is_cell (item);
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
  g_auto (MereQuestionWalk) walk = { .keeper = self->keeper, .known = self->lines, .adders = self->adders, .room = self->room };

  mere_question_walk_run (&walk, mere_form_session_get_root (self->session), (const char *const *) self->hidden);
  self->widest = walk.widest;
  self->narrowest = walk.narrowest;

  replace_lines (self, walk.lines);
  replace_rows (self, walk.rows);
  for (guint i = 0; i < walk.changed->len; i++)
    mere_question_item_changed (g_ptr_array_index (walk.changed, i));
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
