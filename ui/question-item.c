/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-item.h"

#include <glib/gi18n-lib.h>

#include "ui/question-appearance.h"

struct _MereQuestionItem
{
  GObject parent_instance;

  MereQuestionKeeper *keeper;
  MereFormNode       *node; /* NULL once it is gone */
  MereQuestionRole    role;
  guint               depth;
  MereQuestionCard    card;
  guint               line;
  guint               row_number;
  GPtrArray          *cells; /* MereQuestionItem or NULL each; or NULL */
  char               *head;
  gboolean            visited;
  gboolean            commenting;
  char               *refused;
  char               *why;
  GtkWidget          *row;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereQuestionItem, mere_question_item, G_TYPE_OBJECT)

static void
mere_question_item_finalize (GObject *object)
{
  MereQuestionItem *self = MERE_QUESTION_ITEM (object);

  g_clear_object (&self->keeper);
  g_free (self->refused);
  g_free (self->why);
  g_free (self->head);
  g_clear_pointer (&self->cells, g_ptr_array_unref);

  G_OBJECT_CLASS (mere_question_item_parent_class)->finalize (object);
}

static void
mere_question_item_class_init (MereQuestionItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mere_question_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mere_question_item_init (MereQuestionItem *self)
{
}

MereQuestionItem *
mere_question_item_new (MereQuestionKeeper *keeper,
                        MereFormNode       *node,
                        MereQuestionRole    role)
{
  MereQuestionItem *self = g_object_new (MERE_TYPE_QUESTION_ITEM, NULL);

  self->keeper = g_object_ref (keeper);
  self->node = node;
  self->role = role;

  return self;
}

MereQuestionKeeper *
mere_question_item_get_keeper (MereQuestionItem *self)
{
  return self->keeper;
}

MereFormNode *
mere_question_item_get_node (MereQuestionItem *self)
{
  return self->node;
}

MereQuestionRole
mere_question_item_get_role (MereQuestionItem *self)
{
  return self->role;
}

void
mere_question_item_forget (MereQuestionItem *self)
{
  self->node = NULL;
}

gboolean
mere_question_item_is_alive (MereQuestionItem *self)
{
  return self->node != NULL;
}

guint
mere_question_item_get_depth (MereQuestionItem *self)
{
  return self->depth;
}

MereQuestionCard
mere_question_item_get_card (MereQuestionItem *self)
{
  return self->card;
}

gboolean
mere_question_item_place (MereQuestionItem *self,
                          guint             depth,
                          MereQuestionCard  card)
{
  gboolean changed = self->depth != depth || self->card != card;

  self->depth = depth;
  self->card = card;

  return changed;
}

void
mere_question_item_set_position (MereQuestionItem *self,
                                 guint             line,
                                 guint             row)
{
  self->line = line;
  self->row_number = row;
}

guint
mere_question_item_get_line (MereQuestionItem *self)
{
  return self->line;
}

guint
mere_question_item_get_row_number (MereQuestionItem *self)
{
  return self->row_number;
}

void
mere_question_item_set_cells (MereQuestionItem *self,
                              GPtrArray        *cells)
{
  GPtrArray *before = g_steal_pointer (&self->cells);

  self->cells = cells != NULL ? g_ptr_array_ref (cells) : NULL;
  g_clear_pointer (&before, g_ptr_array_unref);
}

GPtrArray *
mere_question_item_get_cells (MereQuestionItem *self)
{
  return self->cells;
}

gboolean
mere_question_item_set_head (MereQuestionItem *self,
                             const char       *head)
{
  if (g_strcmp0 (self->head, head) == 0)
    return FALSE;

  g_free (self->head);
  self->head = g_strdup (head);

  return TRUE;
}

const char *
mere_question_item_get_head (MereQuestionItem *self)
{
  return self->head;
}

gboolean
mere_question_item_is_cell (MereQuestionItem *self)
{
  return self->head != NULL;
}

gboolean
mere_question_item_is_note (MereQuestionItem *self)
{
  return mere_form_node_get_control (self->node) == MERE_FORM_CONTROL_NOTE;
}

void
mere_question_item_changed (MereQuestionItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
mere_question_item_is_visited (MereQuestionItem *self)
{
  return self->visited;
}

void
mere_question_item_visit (MereQuestionItem *self)
{
  if (self->visited || self->node == NULL)
    return;

  self->visited = TRUE;
  if (mere_form_node_get_validity (self->node) != MERE_FORM_VALID)
    mere_question_item_changed (self);
}

gboolean
mere_question_item_is_open (MereQuestionItem *self)
{
  return self->node != NULL && self->role == MERE_QUESTION_ASKED && mere_form_node_get_kind (self->node) == MERE_FORM_NODE_QUESTION && mere_form_node_get_control (self->node) != MERE_FORM_CONTROL_NOTE && !mere_form_node_is_readonly (self->node) && !mere_question_is_caption (self->node);
}

gboolean
mere_question_item_is_hole (MereQuestionItem *self)
{
  if (!mere_question_item_is_open (self))
    return FALSE;

  return self->refused != NULL || mere_form_node_get_validity (self->node) != MERE_FORM_VALID;
}

gboolean
mere_question_item_is_invalid (MereQuestionItem *self)
{
  return mere_question_item_is_open (self) && (self->refused != NULL || mere_form_node_get_validity (self->node) == MERE_FORM_VIOLATES_CONSTRAINT);
}

char *
mere_question_item_dup_message (MereQuestionItem *self)
{
  MereFormValidity validity;
  const char      *message;

  if (self->node == NULL || self->role != MERE_QUESTION_ASKED)
    return NULL;
  if (self->why != NULL)
    return g_strdup (self->why);

  validity = mere_form_node_get_validity (self->node);
  if (validity == MERE_FORM_VALID)
    return NULL;
  if (validity == MERE_FORM_VIOLATES_REQUIRED && !self->visited && !mere_question_keeper_is_strict (self->keeper))
    return NULL;

  message = mere_form_node_get_message (self->node);
  if (message != NULL && *message != '\0')
    return g_strdup (message);

  return g_strdup (validity == MERE_FORM_VIOLATES_REQUIRED ? _ ("This needs an answer.") : _ ("This answer is not possible here."));
}

static guint
get_number (MereFormNode *instance)
{
  MereFormNode *repeat = mere_form_node_get_parent (instance);
  guint         at = 0;

  while (at < mere_form_node_get_n_children (repeat) && mere_form_node_get_child (repeat, at) != instance)
    at++;

  return at + 1;
}

static char *
dup_name (MereFormNode *node)
{
  const char      *label = mere_form_node_get_label (node);
  g_autofree char *name = g_strdup (label != NULL && *label != '\0' ? label : mere_form_node_get_name (node));

  g_strdelimit (name, "\n\t", ' ');
  g_strstrip (name);

  if (mere_form_node_get_kind (node) != MERE_FORM_NODE_REPEAT_INSTANCE)
    return g_steal_pointer (&name);

  /* Translators: one of several entries of a form: “Passenger 3” */
  return g_strdup_printf (_ ("%s %u"), name, get_number (node));
}

char *
mere_question_item_dup_name (MereQuestionItem *self)
{
  return self->node != NULL ? dup_name (self->node) : g_strdup ("");
}

char *
mere_question_item_dup_entry (MereQuestionItem *self)
{
  MereFormNode *node = self->node != NULL ? mere_form_node_get_parent (self->node) : NULL;

  while (node != NULL && mere_form_node_get_kind (node) != MERE_FORM_NODE_REPEAT_INSTANCE)
    node = mere_form_node_get_parent (node);

  return node != NULL ? dup_name (node) : NULL;
}

static void
forget_refused (MereQuestionItem *self)
{
  g_clear_pointer (&self->refused, g_free);
  g_clear_pointer (&self->why, g_free);
  mere_question_keeper_set_unkept (self->keeper, self->node, FALSE);
}

gboolean
mere_question_item_answer (MereQuestionItem *self,
                           const char       *value,
                           gboolean          typing)
{
  g_autoptr (GError) error = NULL;
  gboolean was_refused = self->refused != NULL;

  if (self->node == NULL)
    return FALSE;

  if (!mere_question_keeper_answer (self->keeper, self->node, value, typing, &error))
    {
      mere_question_item_refuse (self, value, error->message);
      return FALSE;
    }

  forget_refused (self);
  if (was_refused)
    mere_question_item_changed (self);

  return TRUE;
}

void
mere_question_item_refuse (MereQuestionItem *self,
                           const char       *typed,
                           const char       *why)
{
  g_autofree char *copy = g_strdup (typed);
  g_autofree char *reason = g_strdup (why);

  if (self->node == NULL)
    return;

  mere_question_keeper_answer (self->keeper, self->node, "", TRUE, NULL);
  if (self->node == NULL)
    return;

  forget_refused (self);
  self->refused = g_steal_pointer (&copy);
  self->why = g_steal_pointer (&reason);
  mere_question_keeper_set_unkept (self->keeper, self->node, TRUE);
  mere_question_item_changed (self);
}

const char *
mere_question_item_get_refused (MereQuestionItem *self)
{
  return self->refused;
}

gboolean
mere_question_item_is_commenting (MereQuestionItem *self)
{
  const char *comment;

  if (!mere_question_item_is_open (self))
    return FALSE;

  comment = mere_capture_get_comment (mere_question_keeper_get_capture (self->keeper), self->node);

  return self->commenting || (comment != NULL && *comment != '\0');
}

void
mere_question_item_set_commenting (MereQuestionItem *self,
                                   gboolean          commenting)
{
  self->commenting = commenting;
  mere_question_item_changed (self);
}

GtkWidget *
mere_question_item_get_row (MereQuestionItem *self)
{
  return self->row;
}

void
mere_question_item_set_row (MereQuestionItem *self,
                            GtkWidget        *row)
{
  self->row = row;
}
