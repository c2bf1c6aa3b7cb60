/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-trigger.h"

#include <glib/gi18n-lib.h>

struct _MereQuestionTrigger
{
  MereQuestionControl parent_instance;

  GtkWidget *button;
  gboolean   showing;
};

G_DEFINE_FINAL_TYPE (MereQuestionTrigger, mere_question_trigger, MERE_TYPE_QUESTION_CONTROL)

static void
on_toggled_cb (MereQuestionTrigger *self)
{
  gboolean active = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->button));

  if (!self->showing)
    mere_question_item_answer (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), active ? "OK" : "", FALSE);
}

static void
mere_question_trigger_build (MereQuestionControl *control)
{
  MereQuestionTrigger *self = MERE_QUESTION_TRIGGER (control);

  /* Translators: beside a box to tick, below something that the person has to read or to do */
  self->button = gtk_check_button_new_with_label (_ ("Done"));
  gtk_widget_add_css_class (self->button, "mere-choice");
  mere_question_control_name (control, self->button);
  g_signal_connect_object (self->button, "toggled", G_CALLBACK (on_toggled_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), self->button);
}

static void
mere_question_trigger_show (MereQuestionControl *control)
{
  MereQuestionTrigger *self = MERE_QUESTION_TRIGGER (control);
  gboolean             done = *mere_form_node_get_value (mere_question_control_get_node (control)) != '\0';

  self->showing = TRUE;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->button), done);
  self->showing = FALSE;
}

static gboolean
mere_question_trigger_pick (MereQuestionControl *control,
                            gunichar             letter)
{
  MereQuestionTrigger *self = MERE_QUESTION_TRIGGER (control);
  GtkCheckButton      *button = GTK_CHECK_BUTTON (self->button);

  if (!g_unichar_isdigit (letter) || g_unichar_digit_value (letter) != 1)
    return FALSE;

  gtk_check_button_set_active (button, !gtk_check_button_get_active (button));

  return TRUE;
}

static void
mere_question_trigger_class_init (MereQuestionTriggerClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  control_class->build = mere_question_trigger_build;
  control_class->show = mere_question_trigger_show;
  control_class->pick = mere_question_trigger_pick;
}

static void
mere_question_trigger_init (MereQuestionTrigger *self)
{
}
