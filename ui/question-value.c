/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-value.h"

#include <string.h>

#include "ui/question-choices.h"
#include "ui/question-parse.h"

struct _MereQuestionValue
{
  MereQuestionControl parent_instance;

  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (MereQuestionValue, mere_question_value, MERE_TYPE_QUESTION_CONTROL)

static char *
dup_chosen (MereFormNode *node)
{
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;

  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      if (mere_question_is_chosen (node, choice.value))
        g_strv_builder_add (labels, choice.label != NULL ? choice.label : choice.value);
    }

  parts = g_strv_builder_end (labels);

  return parts[0] != NULL ? g_strjoinv (", ", parts) : g_strdup (mere_form_node_get_value (node));
}

static char *
dup_shown (MereFormNode *node)
{
  const char *value = mere_form_node_get_value (node);

  if (*value == '\0')
    return g_strdup ("–");
  if (mere_form_node_get_n_choices (node) > 0)
    return dup_chosen (node);

  switch (mere_form_node_get_value_type (node))
    {
    case MERE_FORM_TYPE_DATE:
      return mere_question_show_date_long (value, MERE_QUESTION_DAY);
    case MERE_FORM_TYPE_TIME:
      return mere_question_show_time (value);
      case MERE_FORM_TYPE_DATETIME: {
        g_autofree char *date = mere_question_show_date (value, MERE_QUESTION_DAY);
        g_autofree char *time = mere_question_show_time (value);

        return g_strdup_printf ("%s %s", date, time);
      }
    case MERE_FORM_TYPE_GEOPOINT:
      return mere_question_show_point (value);
    case MERE_FORM_TYPE_DECIMAL:
      return mere_question_show_decimal (value);
    default:
      return g_strdup (value);
    }
}

static void
mere_question_value_build (MereQuestionControl *control)
{
  MereQuestionValue *self = MERE_QUESTION_VALUE (control);

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (self->label), TRUE);
  gtk_widget_set_focusable (self->label, FALSE);
  gtk_widget_add_css_class (self->label, "mere-value");
  adw_bin_set_child (ADW_BIN (self), self->label);
}

static void
mere_question_value_show (MereQuestionControl *control)
{
  MereQuestionValue *self = MERE_QUESTION_VALUE (control);
  g_autofree char   *shown = dup_shown (mere_question_control_get_node (control));

  gtk_label_set_label (GTK_LABEL (self->label), shown);
}

static void
mere_question_value_class_init (MereQuestionValueClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  control_class->build = mere_question_value_build;
  control_class->show = mere_question_value_show;
}

static void
mere_question_value_init (MereQuestionValue *self)
{
}
