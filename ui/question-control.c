/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-control.h"

typedef struct
{
  MereQuestionItem *item;
  MereQuestionWords words; /* of the row that holds this control */
  GtkWidget        *part;  /* the one that was named by the question first; weak */
} MereQuestionControlPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MereQuestionControl, mere_question_control, ADW_TYPE_BIN)

static MereQuestionControlPrivate *
get_private (MereQuestionControl *self)
{
  return mere_question_control_get_instance_private (self);
}

/* The focus goes to the first part that takes it. */
static gboolean
mere_question_control_grab_focus (GtkWidget *widget)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  return child != NULL && gtk_widget_child_focus (child, GTK_DIR_TAB_FORWARD);
}

static void
mere_question_control_finalize (GObject *object)
{
  MereQuestionControlPrivate *priv = get_private (MERE_QUESTION_CONTROL (object));

  g_clear_weak_pointer (&priv->part);
  g_clear_object (&priv->item);

  G_OBJECT_CLASS (mere_question_control_parent_class)->finalize (object);
}

static gboolean
pick_nothing (MereQuestionControl *self,
              gunichar             letter)
{
  return FALSE;
}

static void
mere_question_control_class_init (MereQuestionControlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_question_control_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = mere_question_control_grab_focus;
  klass->pick = pick_nothing;
}

static void
mere_question_control_init (MereQuestionControl *self)
{
}

MereQuestionControl *
mere_question_control_new (GType                    type,
                           MereQuestionItem        *item,
                           const MereQuestionWords *words)
{
  MereQuestionControl        *self = g_object_new (type, NULL);
  MereQuestionControlPrivate *priv = get_private (self);

  priv->item = g_object_ref (item);
  priv->words = *words;
  MERE_QUESTION_CONTROL_GET_CLASS (self)->build (self);
  MERE_QUESTION_CONTROL_GET_CLASS (self)->show (self);

  return self;
}

MereQuestionItem *
mere_question_control_get_item (MereQuestionControl *self)
{
  return get_private (self)->item;
}

MereFormNode *
mere_question_control_get_node (MereQuestionControl *self)
{
  return mere_question_item_get_node (get_private (self)->item);
}

void
mere_question_control_show (MereQuestionControl *self)
{
  MERE_QUESTION_CONTROL_GET_CLASS (self)->show (self);
}

gboolean
mere_question_control_pick (MereQuestionControl *self,
                            gunichar             letter)
{
  return MERE_QUESTION_CONTROL_GET_CLASS (self)->pick (self, letter);
}

void
mere_question_control_mark (MereQuestionControl *self,
                            gboolean             required,
                            gboolean             invalid)
{
  MereQuestionControlPrivate *priv = get_private (self);

  if (priv->part == NULL)
    return;

  gtk_accessible_update_property (GTK_ACCESSIBLE (priv->part), GTK_ACCESSIBLE_PROPERTY_REQUIRED, required, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (priv->part),
                               GTK_ACCESSIBLE_STATE_INVALID, invalid ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

void
mere_question_control_name (MereQuestionControl *self,
                            GtkWidget           *part)
{
  MereQuestionControlPrivate *priv = get_private (self);
  const MereQuestionWords    *words = &priv->words;

  if (priv->part == NULL)
    g_set_weak_pointer (&priv->part, part);

  gtk_accessible_update_relation (GTK_ACCESSIBLE (part),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, words->label, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, words->message, words->hint, NULL,
                                  -1);
}

void
mere_question_control_name_part (MereQuestionControl *self,
                                 GtkWidget           *part,
                                 const char          *name)
{
  const MereQuestionWords *words = &get_private (self)->words;

  gtk_accessible_update_property (GTK_ACCESSIBLE (part), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (part),
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, words->label, words->message, NULL,
                                  -1);
}

void
mere_question_set_direction (GtkWidget       *widget,
                             GtkTextDirection direction)
{
  gtk_widget_set_direction (widget, direction);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    mere_question_set_direction (child, direction);
}

void
mere_question_control_direct (MereQuestionControl *self,
                              GtkWidget           *widget)
{
  mere_question_set_direction (widget, mere_question_keeper_get_direction (mere_question_item_get_keeper (get_private (self)->item)));
}
