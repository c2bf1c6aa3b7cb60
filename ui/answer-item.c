/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/answer-item.h"

#include <string.h>

#include <glib/gi18n-lib.h>

struct _MereAnswerItem
{
  GObject parent_instance;

  gboolean heading;
  char    *label;
  char    *answer;
  char    *remark; /* or NULL */
};

G_DEFINE_FINAL_TYPE (MereAnswerItem, mere_answer_item, G_TYPE_OBJECT)

static void
mere_answer_item_finalize (GObject *object)
{
  MereAnswerItem *self = MERE_ANSWER_ITEM (object);

  g_free (self->label);
  g_free (self->answer);
  g_free (self->remark);

  G_OBJECT_CLASS (mere_answer_item_parent_class)->finalize (object);
}

static void
mere_answer_item_class_init (MereAnswerItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_answer_item_finalize;
}

static void
mere_answer_item_init (MereAnswerItem *self)
{
}

typedef struct
{
  GListStore   *list;
  MereComments *remarks;
} Listing;

static void
append (const Listing *self,
        MereFormNode  *node,
        gboolean       heading,
        const char    *label,
        const char    *answer)
{
  g_autoptr (MereAnswerItem) item = g_object_new (MERE_TYPE_ANSWER_ITEM, NULL);

  item->heading = heading;
  item->label = g_strdup (label);
  item->answer = g_strdup (answer);
  item->remark = g_strdup (g_hash_table_lookup (self->remarks, node));
  g_list_store_append (self->list, item);
}

static gboolean
is_shown (const Listing *self,
          MereFormNode  *node)
{
  if (!mere_form_node_is_relevant (node))
    return FALSE;
  if (g_hash_table_contains (self->remarks, node))
    return TRUE;

  if (mere_form_node_get_kind (node) == MERE_FORM_NODE_QUESTION)
    return *mere_form_node_get_value (node) != '\0';

  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    {
      if (is_shown (self, mere_form_node_get_child (node, i)))
        return TRUE;
    }

  return FALSE;
}

static void
append_node (const Listing *self,
             MereFormNode  *node,
             guint          position)
{
  MereFormNodeKind kind = mere_form_node_get_kind (node);
  const char      *label = mere_form_node_get_label (node);

  if (!is_shown (self, node))
    return;

  if (kind == MERE_FORM_NODE_QUESTION)
    {
      g_autofree char *answer = mere_form_node_dup_answer (node);

      append (self, node, FALSE, label != NULL ? label : mere_form_node_get_name (node), answer);
      return;
    }

  if (kind == MERE_FORM_NODE_REPEAT_INSTANCE)
    {
      MereFormNode *repeat = mere_form_node_get_parent (node);
      const char   *title = mere_form_node_get_label (repeat);
      /* Translators: one of several entries of a form: “Passenger 3” */
      g_autofree char *heading = g_strdup_printf (_ ("%s %u"), title != NULL ? title : mere_form_node_get_name (repeat), position + 1);

      append (self, node, TRUE, heading, "");
    }
  else if (kind == MERE_FORM_NODE_GROUP && label != NULL && *label != '\0')
    append (self, node, TRUE, label, "");

  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    append_node (self, mere_form_node_get_child (node, i), i);
}

gboolean
mere_answer_item_is_heading (MereAnswerItem *self)
{
  return self->heading;
}

const char *
mere_answer_item_get_label (MereAnswerItem *self)
{
  return self->label;
}

const char *
mere_answer_item_get_answer (MereAnswerItem *self)
{
  return self->answer;
}

const char *
mere_answer_item_get_remark (MereAnswerItem *self)
{
  return self->remark;
}

GListModel *
mere_answer_item_list (MereFormSession *session,
                       MereComments    *remarks)
{
  Listing self = { g_list_store_new (MERE_TYPE_ANSWER_ITEM), remarks };

  append_node (&self, mere_form_session_get_root (session), 0);

  return G_LIST_MODEL (self.list);
}
