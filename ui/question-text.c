/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-text.h"

#include <glib/gi18n-lib.h>

#include "ui/question-parse.h"

#define DEFAULT_ROWS 3
#define LINE_HEIGHT 22 /* px, at ordinary size: an empty field of several lines is as tall as that many */

struct _MereQuestionText
{
  MereQuestionControl parent_instance;

  GtkWidget *field;   /* GtkEntry, or GtkTextView */
  GtkWidget *check;   /* of a place: the other ways to write it; or NULL */
  char      *kept;    /* what the session made of the text that is in the field */
  gboolean   typing;  /* what comes of it is not shown: it is what is in the field */
  gboolean   showing; /* and what is shown is not taken for typed */
};

G_DEFINE_FINAL_TYPE (MereQuestionText, mere_question_text, MERE_TYPE_QUESTION_CONTROL)

static gboolean
is_number (MereFormNode *node)
{
  MereFormType type = mere_form_node_get_value_type (node);

  return type == MERE_FORM_TYPE_INT || type == MERE_FORM_TYPE_DECIMAL;
}

static gboolean
is_multiline (MereFormNode *node)
{
  return mere_form_node_get_value_type (node) == MERE_FORM_TYPE_STRING && (mere_question_has_appearance (node, "multiline", NULL) || mere_question_get_number (node, "rows", 1) > 1);
}

/* What the text means, or NULL and why it is none. */
static char *
dup_meaning (MereFormNode *node,
             const char   *typed,
             const char  **why)
{
  switch (mere_form_node_get_value_type (node))
    {
    case MERE_FORM_TYPE_INT:
      return mere_question_parse_integer (typed, why);
    case MERE_FORM_TYPE_DECIMAL:
      return mere_question_parse_decimal (typed, why);
    case MERE_FORM_TYPE_GEOPOINT:
      return mere_question_parse_point (typed, why);
    default:
      return g_strdup (typed);
    }
}

static char *
dup_typed (MereQuestionText *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter    start, end;

  if (GTK_IS_EDITABLE (self->field))
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->field)));

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->field));
  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_typed (MereQuestionText *self,
           const char       *text)
{
  g_clear_pointer (&self->kept, g_free);
  self->showing = TRUE;
  if (GTK_IS_EDITABLE (self->field))
    gtk_editable_set_text (GTK_EDITABLE (self->field), text);
  else
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->field)), text, -1);
  self->showing = FALSE;
}

static gboolean
has_focus (MereQuestionText *self)
{
  return gtk_widget_get_state_flags (self->field) & GTK_STATE_FLAG_FOCUS_WITHIN;
}

static void
show_check (MereQuestionText *self,
            MereFormNode     *node)
{
  g_autofree char *text = NULL;

  if (self->check == NULL)
    return;

  text = mere_question_show_point (mere_form_node_get_value (node));
  gtk_label_set_text (GTK_LABEL (self->check), text);
  gtk_widget_set_visible (self->check, *text != '\0');
}

static void
on_typed_cb (MereQuestionText *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  MereFormNode     *node = mere_question_item_get_node (item);
  const char       *why = NULL;
  g_autofree char  *typed = NULL;
  g_autofree char  *meaning = NULL;

  if (self->showing || node == NULL)
    return;

  typed = dup_typed (self);
  meaning = dup_meaning (node, typed, &why);
  self->typing = TRUE;
  if (meaning != NULL)
    mere_question_item_answer (item, meaning, TRUE);
  else
    mere_question_item_refuse (item, typed, why);
  self->typing = FALSE;

  g_clear_pointer (&self->kept, g_free);
  if (!mere_question_item_is_alive (item))
    return;

  self->kept = g_strdup (mere_form_node_get_value (node));
  show_check (self, node);
}

/* The answer as it stands in a field that nobody types in. */
static char *
dup_shown (MereFormNode *node)
{
  const char *value = mere_form_node_get_value (node);

  if (!is_number (node))
    return g_strdup (value);
  if (mere_question_has_appearance (node, "thousands-sep", NULL))
    return mere_question_show_number (value);

  return mere_question_show_decimal (value);
}

static void
on_left_cb (MereQuestionText *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  MereFormNode     *node = mere_question_item_get_node (item);
  g_autofree char  *shown = NULL;

  mere_question_keeper_end_typing (mere_question_item_get_keeper (item));
  if (node == NULL || mere_question_item_get_refused (item) != NULL || !is_number (node))
    return;

  shown = dup_shown (node);
  set_typed (self, shown);
}

static GtkWidget *
make_entry (MereFormNode *node,
            gboolean      in_cell)
{
  GtkWidget   *entry = gtk_entry_new ();
  MereFormType type = mere_form_node_get_value_type (node);

  gtk_editable_set_enable_undo (GTK_EDITABLE (entry), FALSE); /* the page's undo is one of answers */
  if (is_number (node) || mere_question_has_appearance (node, "numbers", NULL))
    {
      gtk_entry_set_input_purpose (GTK_ENTRY (entry), type == MERE_FORM_TYPE_INT ? GTK_INPUT_PURPOSE_DIGITS : GTK_INPUT_PURPOSE_NUMBER);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 18);
      gtk_widget_set_halign (entry, in_cell ? GTK_ALIGN_FILL : GTK_ALIGN_START);
      gtk_widget_add_css_class (entry, "numeric");
    }
  else if (type == MERE_FORM_TYPE_GEOPOINT)
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Latitude and longitude, or a grid reference"));
  else if (type == MERE_FORM_TYPE_BARCODE)
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Scan or type"));

  return entry;
}

static GtkWidget *
make_text_view (MereQuestionText *self,
                MereFormNode     *node)
{
  GtkWidget   *view = gtk_text_view_new ();
  GtkTextView *text = GTK_TEXT_VIEW (view);
  int          rows = (int) CLAMP (mere_question_get_number (node, "rows", DEFAULT_ROWS), 2, 20);

  gtk_text_view_set_wrap_mode (text, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (text, FALSE);
  gtk_text_view_set_top_margin (text, 8);
  gtk_text_view_set_bottom_margin (text, 8);
  gtk_text_view_set_left_margin (text, 10);
  gtk_text_view_set_right_margin (text, 10);
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (text), FALSE);
  gtk_widget_set_size_request (view, -1, rows * LINE_HEIGHT + 16);
  gtk_widget_add_css_class (view, "mere-text");
  g_signal_connect_object (gtk_text_view_get_buffer (text), "changed", G_CALLBACK (on_typed_cb), self, G_CONNECT_SWAPPED);

  return view;
}

static void
add_check (MereQuestionText *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->check = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "selectable", TRUE, "focusable", FALSE, NULL);
  gtk_widget_add_css_class (self->check, "dim-label");
  gtk_widget_add_css_class (self->check, "numeric");
  gtk_box_append (GTK_BOX (box), self->field);
  gtk_box_append (GTK_BOX (box), self->check);
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
mere_question_text_build (MereQuestionControl *control)
{
  MereQuestionText   *self = MERE_QUESTION_TEXT (control);
  MereFormNode       *node = mere_question_control_get_node (control);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  if (is_multiline (node))
    self->field = make_text_view (self, node);
  else
    {
      self->field = make_entry (node, mere_question_item_get_head (mere_question_control_get_item (control)) != NULL);
      g_signal_connect_object (self->field, "changed", G_CALLBACK (on_typed_cb), self, G_CONNECT_SWAPPED);
    }

  g_signal_connect_object (focus, "leave", G_CALLBACK (on_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->field, focus);
  mere_question_control_name (control, self->field);
  if (mere_form_node_get_value_type (node) == MERE_FORM_TYPE_GEOPOINT)
    add_check (self);
  else
    adw_bin_set_child (ADW_BIN (self), self->field);
}

/* While the focus is here, a text that means what is stored stays as it was typed. */
static void
mere_question_text_show (MereQuestionControl *control)
{
  MereQuestionText *self = MERE_QUESTION_TEXT (control);
  MereFormNode     *node = mere_question_control_get_node (control);
  const char       *refused = mere_question_item_get_refused (mere_question_control_get_item (control));
  g_autofree char  *typed = NULL;
  g_autofree char  *shown = NULL;

  if (self->typing)
    return;
  show_check (self, node);
  if (refused == NULL && has_focus (self) && g_strcmp0 (self->kept, mere_form_node_get_value (node)) == 0)
    return;

  typed = dup_typed (self);
  shown = refused != NULL ? g_strdup (refused) : dup_shown (node);
  if (g_strcmp0 (typed, shown) != 0)
    set_typed (self, shown);
}

static void
mere_question_text_finalize (GObject *object)
{
  g_free (MERE_QUESTION_TEXT (object)->kept);

  G_OBJECT_CLASS (mere_question_text_parent_class)->finalize (object);
}

static void
mere_question_text_class_init (MereQuestionTextClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_question_text_finalize;
  control_class->build = mere_question_text_build;
  control_class->show = mere_question_text_show;
}

static void
mere_question_text_init (MereQuestionText *self)
{
}
