/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-rating.h"

#include <stdlib.h>

#include <glib/gi18n-lib.h>

#define MOST_STARS 20

struct _MereQuestionRating
{
  MereQuestionControl parent_instance;

  GPtrArray *stars; /* GtkCheckButton */
  gboolean   showing;
};

G_DEFINE_FINAL_TYPE (MereQuestionRating, mere_question_rating, MERE_TYPE_QUESTION_CONTROL)

static void
rate (MereQuestionRating *self,
      guint               number)
{
  g_autofree char *value = g_strdup_printf ("%u", number);

  mere_question_item_answer (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), value, FALSE);
}

static void
on_toggled_cb (GtkCheckButton *star,
               gpointer        user_data)
{
  MereQuestionRating *self = MERE_QUESTION_RATING (user_data);
  guint               place;

  if (!self->showing && gtk_check_button_get_active (star) && g_ptr_array_find (self->stars, star, &place))
    rate (self, place + 1);
}

static GtkWidget *
make_star (MereQuestionRating *self,
           guint               number,
           guint               most)
{
  GtkWidget *star = gtk_check_button_new ();
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", "non-starred-symbolic", "pixel-size", 24, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  /* Translators: one of the stars of a rating: “3 of 5” */
  g_autofree char *name = g_strdup_printf (_ ("%u of %u"), number, most);

  gtk_check_button_set_child (GTK_CHECK_BUTTON (star), image);
  gtk_widget_add_css_class (star, "mere-star");
  gtk_widget_set_tooltip_text (star, name);
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), star, name);
  if (self->stars->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (star), g_ptr_array_index (self->stars, 0));
  g_signal_connect_object (star, "toggled", G_CALLBACK (on_toggled_cb), self, 0);

  return star;
}

static void
mere_question_rating_build (MereQuestionControl *control)
{
  MereQuestionRating *self = MERE_QUESTION_RATING (control);
  double              end = mere_question_get_number (mere_question_control_get_node (control), "end", 5);
  guint               most = (guint) CLAMP (end, 1, MOST_STARS);
  GtkWidget          *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO_GROUP, NULL);

  for (guint i = 1; i <= most; i++)
    {
      GtkWidget *star = make_star (self, i, most);

      g_ptr_array_add (self->stars, star);
      gtk_box_append (GTK_BOX (box), star);
    }

  mere_question_control_name (control, box);
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
mere_question_rating_show (MereQuestionControl *control)
{
  MereQuestionRating *self = MERE_QUESTION_RATING (control);
  guint               number = (guint) MAX (0, atoi (mere_form_node_get_value (mere_question_control_get_node (control))));

  self->showing = TRUE;
  for (guint i = 0; i < self->stars->len; i++)
    {
      GtkCheckButton *star = g_ptr_array_index (self->stars, i);

      gtk_check_button_set_active (star, i + 1 == number);
      gtk_image_set_from_icon_name (GTK_IMAGE (gtk_check_button_get_child (star)), i < number ? "starred-symbolic" : "non-starred-symbolic");
    }
  self->showing = FALSE;
}

static gboolean
mere_question_rating_pick (MereQuestionControl *control,
                           gunichar             letter)
{
  MereQuestionRating *self = MERE_QUESTION_RATING (control);
  int                 number = g_unichar_isdigit (letter) ? g_unichar_digit_value (letter) : 0;

  if (number < 1 || number > (int) self->stars->len)
    return FALSE;

  gtk_widget_grab_focus (g_ptr_array_index (self->stars, number - 1));
  rate (self, (guint) number);

  return TRUE;
}

static void
mere_question_rating_finalize (GObject *object)
{
  g_ptr_array_unref (MERE_QUESTION_RATING (object)->stars);

  G_OBJECT_CLASS (mere_question_rating_parent_class)->finalize (object);
}

static void
mere_question_rating_class_init (MereQuestionRatingClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_question_rating_finalize;
  control_class->build = mere_question_rating_build;
  control_class->show = mere_question_rating_show;
  control_class->pick = mere_question_rating_pick;
}

static void
mere_question_rating_init (MereQuestionRating *self)
{
  self->stars = g_ptr_array_new ();
}
