/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-find.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ui/question-row.h"

struct _MereFormFind
{
  AdwBin parent_instance;

  GtkSearchBar   *bar;
  GtkSearchEntry *entry;
  GtkLabel       *count;

  MereQuestionList *list;
  GPtrArray        *found; /* MereQuestionItem, in the form's order */
  guint             at;    /* in found */
  guint             from;  /* position in the list where the search began */
  gboolean          due;   /* the words are others than those of found */
};

enum {
  FOUND,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereFormFind, mere_form_find, ADW_TYPE_BIN)

static MereQuestionItem *
get_found (MereFormFind *self)
{
  MereQuestionItem *item = self->at < self->found->len ? g_ptr_array_index (self->found, self->at) : NULL;

  return item != NULL && mere_question_item_is_alive (item) ? item : NULL;
}

static gboolean
holds (const char *text,
       const char *wanted)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, wanted) != NULL;
}

static gboolean
matches (MereQuestionItem *item,
         const char       *wanted)
{
  MereFormNode    *node = mere_question_item_get_node (item);
  g_autofree char *name = mere_question_item_dup_name (item);

  if (mere_question_item_get_role (item) == MERE_QUESTION_MORE)
    return FALSE;

  return holds (name, wanted) || holds (mere_form_node_get_hint (node), wanted) || (mere_question_item_get_role (item) == MERE_QUESTION_ASKED && holds (mere_form_node_get_value (node), wanted));
}

static void
mark (MereFormFind *self,
      gboolean      found)
{
  MereQuestionItem *item = get_found (self);
  GtkWidget        *row = item != NULL ? mere_question_item_get_row (item) : NULL;

  if (row != NULL)
    mere_question_row_set_found (MERE_QUESTION_ROW (row), found);
}

static void
show_found (MereFormFind *self)
{
  MereQuestionItem *item = get_found (self);
  g_autofree char  *text = NULL;

  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0')
    text = g_strdup ("");
  else if (item == NULL)
    text = g_strdup (_ ("Not found"));
  else
    /* Translators: which match of a search is shown: “2 of 7” */
    text = g_strdup_printf (_ ("%u of %u"), self->at + 1, self->found->len);
  gtk_label_set_label (self->count, text);

  if (item == NULL)
    return;

  g_signal_emit (self, signals[FOUND], 0, item);
  mark (self, TRUE);
}

static void
look (MereFormFind *self)
{
  g_autofree char  *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1);
  MereQuestionItem *item;

  g_ptr_array_set_size (self->found, 0);
  self->at = 0;
  for (guint i = 0; *wanted != '\0' && (item = mere_question_list_peek (self->list, i)) != NULL; i++)
    {
      if (!matches (item, wanted))
        continue;
      if (i < self->from)
        self->at = self->found->len + 1;
      g_ptr_array_add (self->found, g_object_ref (item));
    }
  if (self->at >= self->found->len)
    self->at = 0;
}

static void
on_changed_cb (MereFormFind *self)
{
  self->due = gtk_search_bar_get_search_mode (self->bar);
}

/* The entry waits a moment after each key before it asks for a search; what is done meanwhile does not wait. The bar
 * empties its field when it is closed; what was found then is where the person goes on. */
static gboolean
catch_up (MereFormFind *self)
{
  if (!self->due)
    return FALSE;

  self->due = FALSE;
  mark (self, FALSE);
  look (self);
  show_found (self);

  return TRUE;
}

static void
on_search_due_cb (MereFormFind *self)
{
  catch_up (self);
}

static void
move (MereFormFind *self,
      guint         step)
{
  if (self->found->len == 0)
    return;

  mark (self, FALSE);
  self->at = (self->at + step) % self->found->len;
  show_found (self);
}

static void
on_next_cb (MereFormFind *self)
{
  if (!catch_up (self))
    move (self, 1);
}

static void
on_previous_cb (MereFormFind *self)
{
  if (!catch_up (self))
    move (self, self->found->len - 1);
}

static void
on_mode_changed_cb (MereFormFind *self)
{
  g_autoptr (MereQuestionItem) item = NULL;

  if (gtk_search_bar_get_search_mode (self->bar) || self->list == NULL)
    return;

  mark (self, FALSE);
  item = get_found (self) != NULL ? g_object_ref (get_found (self)) : NULL;
  g_ptr_array_set_size (self->found, 0);
  g_signal_emit (self, signals[ENDED], 0, item);
}

static void
mere_form_find_dispose (GObject *object)
{
  MereFormFind *self = MERE_FORM_FIND (object);

  g_ptr_array_set_size (self->found, 0);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (mere_form_find_parent_class)->dispose (object);
}

static void
mere_form_find_finalize (GObject *object)
{
  g_ptr_array_unref (MERE_FORM_FIND (object)->found);

  G_OBJECT_CLASS (mere_form_find_parent_class)->finalize (object);
}

static void
mere_form_find_class_init (MereFormFindClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mere_form_find_dispose;
  object_class->finalize = mere_form_find_finalize;

  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MERE_TYPE_QUESTION_ITEM);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MERE_TYPE_QUESTION_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-find.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormFind, bar);
  gtk_widget_class_bind_template_child (widget_class, MereFormFind, entry);
  gtk_widget_class_bind_template_child (widget_class, MereFormFind, count);
  gtk_widget_class_bind_template_callback (widget_class, on_mode_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_due_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_previous_cb);
}

static void
mere_form_find_init (MereFormFind *self)
{
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->bar, GTK_EDITABLE (self->entry));
}

void
mere_form_find_set_list (MereFormFind     *self,
                         MereQuestionList *list)
{
  g_set_object (&self->list, list);
}

void
mere_form_find_begin (MereFormFind     *self,
                      MereQuestionItem *from)
{
  guint position = from != NULL ? mere_question_list_get_position (self->list, from) : 0;

  self->from = position != G_MAXUINT ? position : 0;
  gtk_search_bar_set_search_mode (self->bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
