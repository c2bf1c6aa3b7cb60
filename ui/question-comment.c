/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The comment below a question: several lines of text that go to the capture letter by letter. */

#include "config.h"
#include "ui/question-comment.h"

#include <glib/gi18n-lib.h>

struct _MereQuestionComment
{
  MereQuestionControl parent_instance;

  GtkTextBuffer *buffer; /* of the view, which owns it */
  gboolean       showing;
};

G_DEFINE_FINAL_TYPE (MereQuestionComment, mere_question_comment, MERE_TYPE_QUESTION_CONTROL)

static char *
dup_typed (MereQuestionComment *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static void
on_typed_cb (MereQuestionComment *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  g_autofree char  *typed = NULL;

  if (self->showing || !mere_question_item_is_alive (item))
    return;

  typed = dup_typed (self);
  mere_question_keeper_comment (mere_question_item_get_keeper (item), mere_question_item_get_node (item), typed);
}

/* An empty comment goes when it is left. */
static void
on_left_cb (MereQuestionComment *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  g_autofree char  *typed = dup_typed (self);

  mere_question_keeper_end_typing (mere_question_item_get_keeper (item));
  if (*typed == '\0')
    mere_question_item_set_commenting (item, FALSE);
}

static void
mere_question_comment_build (MereQuestionControl *control)
{
  MereQuestionComment *self = MERE_QUESTION_COMMENT (control);
  GtkWidget           *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget           *caption = gtk_label_new (_ ("Comment"));
  GtkWidget           *view = gtk_text_view_new ();
  GtkEventController  *focus = gtk_event_controller_focus_new ();

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_widget_add_css_class (caption, "caption-heading");
  gtk_box_append (GTK_BOX (box), caption);

  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_set_enable_undo (self->buffer, FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 8);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 8);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 10);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 10);
  gtk_widget_add_css_class (view, "mere-text");
  mere_question_control_name_part (control, view, _ ("Comment"));
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (on_typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (view, focus);
  gtk_box_append (GTK_BOX (box), view);

  adw_bin_set_child (ADW_BIN (self), box);
}

static void
mere_question_comment_show (MereQuestionControl *control)
{
  MereQuestionComment *self = MERE_QUESTION_COMMENT (control);
  MereQuestionItem    *item = mere_question_control_get_item (control);
  MereCapture         *capture = mere_question_keeper_get_capture (mere_question_item_get_keeper (item));
  const char          *comment = mere_capture_get_comment (capture, mere_question_item_get_node (item));
  g_autofree char     *typed = dup_typed (self);

  if (g_strcmp0 (typed, comment != NULL ? comment : "") == 0)
    return;

  self->showing = TRUE;
  gtk_text_buffer_set_text (self->buffer, comment != NULL ? comment : "", -1);
  self->showing = FALSE;
}

static void
mere_question_comment_class_init (MereQuestionCommentClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  control_class->build = mere_question_comment_build;
  control_class->show = mere_question_comment_show;
}

static void
mere_question_comment_init (MereQuestionComment *self)
{
}
