/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-range.h"

#include <math.h>

#include <glib/gi18n-lib.h>

struct _MereQuestionRange
{
  MereQuestionControl parent_instance;

  GtkAdjustment *adjustment;
  GtkWidget     *number;
  guint          digits;
  gboolean       showing;
};

G_DEFINE_FINAL_TYPE (MereQuestionRange, mere_question_range, MERE_TYPE_QUESTION_CONTROL)

static char *
dup_value (MereQuestionRange *self,
           double             number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];

  g_snprintf (format, sizeof format, "%%.%uf", self->digits);

  return g_strdup (g_ascii_formatd (text, sizeof text, format, number));
}

static void
on_changed_cb (MereQuestionRange *self)
{
  double           lower = gtk_adjustment_get_lower (self->adjustment);
  double           step = gtk_adjustment_get_step_increment (self->adjustment);
  double           number = lower + round ((gtk_adjustment_get_value (self->adjustment) - lower) / step) * step;
  g_autofree char *value = dup_value (self, number);

  if (!self->showing)
    mere_question_item_answer (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), value, TRUE);
}

/* How many digits behind the point a step needs. */
static guint
count_digits (double step)
{
  guint digits = 0;

  while (digits < 6 && fabs (step - round (step)) > 1e-9)
    {
      step *= 10;
      digits++;
    }

  return digits;
}

static void
add_end (GtkScale *scale,
         double    number,
         guint     digits)
{
  g_autofree char *text = g_strdup_printf ("%.*f", (int) digits, number);

  gtk_scale_add_mark (scale, number, GTK_POS_BOTTOM, text);
}

static GtkWidget *
make_scale (MereQuestionRange *self)
{
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->adjustment);
  double     lower = gtk_adjustment_get_lower (self->adjustment);
  double     upper = gtk_adjustment_get_upper (self->adjustment);
  double     step = gtk_adjustment_get_step_increment (self->adjustment);

  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_scale_set_digits (GTK_SCALE (scale), (int) self->digits);
  gtk_range_set_round_digits (GTK_RANGE (scale), (int) self->digits);
  gtk_widget_set_hexpand (scale, TRUE);
  add_end (GTK_SCALE (scale), lower, self->digits);
  add_end (GTK_SCALE (scale), upper, self->digits);
  for (double at = lower + step; (upper - lower) / step <= 12 && at < upper - step / 2; at += step)
    gtk_scale_add_mark (GTK_SCALE (scale), at, GTK_POS_BOTTOM, NULL);

  return scale;
}

static void
mere_question_range_build (MereQuestionControl *control)
{
  MereQuestionRange *self = MERE_QUESTION_RANGE (control);
  MereFormNode      *node = mere_question_control_get_node (control);
  GtkWidget         *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  double             lower = mere_question_get_number (node, "start", 0);
  double             upper = mere_question_get_number (node, "end", 10);
  double             step = fabs (mere_question_get_number (node, "step", 1));
  GtkWidget         *field;

  if (step == 0)
    step = 1;
  self->digits = MAX (count_digits (step), count_digits (lower));
  self->adjustment = g_object_ref_sink (gtk_adjustment_new (MIN (lower, upper), MIN (lower, upper), MAX (lower, upper), step, step * 5, 0));

  if (mere_question_has_appearance (node, "picker", NULL))
    field = gtk_spin_button_new (self->adjustment, step, self->digits);
  else
    field = make_scale (self);
  mere_question_control_name (control, field);
  gtk_box_append (GTK_BOX (box), field);

  self->number = gtk_label_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->number), 10);
  gtk_label_set_xalign (GTK_LABEL (self->number), 0);
  gtk_widget_add_css_class (self->number, "numeric");
  gtk_box_append (GTK_BOX (box), self->number);

  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
mere_question_range_show (MereQuestionControl *control)
{
  MereQuestionRange *self = MERE_QUESTION_RANGE (control);
  const char        *value = mere_form_node_get_value (mere_question_control_get_node (control));

  self->showing = TRUE;
  if (*value != '\0')
    gtk_adjustment_set_value (self->adjustment, g_ascii_strtod (value, NULL));
  gtk_label_set_label (GTK_LABEL (self->number), *value != '\0' ? value : _ ("No answer"));
  gtk_widget_set_opacity (self->number, *value != '\0' ? 1 : 0.6);
  self->showing = FALSE;
}

/* While nothing is answered, a digit that is within the range answers. */
static gboolean
mere_question_range_pick (MereQuestionControl *control,
                          gunichar             letter)
{
  MereQuestionRange *self = MERE_QUESTION_RANGE (control);
  int                number = g_unichar_isdigit (letter) ? g_unichar_digit_value (letter) : -1;
  g_autofree char   *value = NULL;

  if (number < gtk_adjustment_get_lower (self->adjustment) || number > gtk_adjustment_get_upper (self->adjustment))
    return FALSE;

  value = dup_value (self, number);

  return mere_question_item_answer (mere_question_control_get_item (control), value, FALSE);
}

static void
mere_question_range_dispose (GObject *object)
{
  g_clear_object (&MERE_QUESTION_RANGE (object)->adjustment);

  G_OBJECT_CLASS (mere_question_range_parent_class)->dispose (object);
}

static void
mere_question_range_class_init (MereQuestionRangeClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_question_range_dispose;
  control_class->build = mere_question_range_build;
  control_class->show = mere_question_range_show;
  control_class->pick = mere_question_range_pick;
}

static void
mere_question_range_init (MereQuestionRange *self)
{
}
