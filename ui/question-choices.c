/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-choices.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "ui/form-picture.h"

#define MOST_DIGITS 10 /* 1 … 9, and 0 for the tenth */

struct _MereQuestionChoices
{
  MereQuestionControl parent_instance;

  GtkWidget *box;
  GPtrArray *buttons; /* GtkCheckButton, one for each choice */
  char      *drawn;   /* values and labels that the buttons stand for */
  gboolean   showing;
};

G_DEFINE_FINAL_TYPE (MereQuestionChoices, mere_question_choices, MERE_TYPE_QUESTION_CONTROL)

static gboolean
is_many (MereFormNode *node)
{
  return mere_form_node_get_control (node) == MERE_FORM_CONTROL_SELECT_MANY;
}

static const char *
get_text (MereFormChoice choice)
{
  return choice.label != NULL && *choice.label != '\0' ? choice.label : choice.value;
}

static gboolean
is_in (const char *values,
       const char *value)
{
  gsize length = strlen (value);

  while (*values != '\0')
    {
      gsize here = strcspn (values, " ");

      if (here == length && strncmp (values, value, length) == 0)
        return TRUE;
      values += here;
      values += strspn (values, " ");
    }

  return FALSE;
}

gboolean
mere_question_is_chosen (MereFormNode *node,
                         const char   *value)
{
  const char *answer = mere_form_node_get_value (node);

  return is_many (node) ? is_in (answer, value) : *value != '\0' && strcmp (answer, value) == 0;
}

char *
mere_question_choose (MereFormNode *node,
                      const char   *value,
                      gboolean      chosen)
{
  GString *answer;

  if (!is_many (node))
    return g_strdup (chosen ? value : "");

  answer = g_string_new (NULL);
  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      const char *each = mere_form_node_get_choice (node, i).value;

      if (strcmp (each, value) == 0 ? chosen : mere_question_is_chosen (node, each))
        g_string_append_printf (answer, "%s%s", answer->len > 0 ? " " : "", each);
    }

  return g_string_free (answer, FALSE);
}

static void
on_toggled_cb (GtkCheckButton *button,
               gpointer        user_data)
{
  MereQuestionChoices *self = MERE_QUESTION_CHOICES (user_data);
  MereQuestionItem    *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  MereFormNode        *node = mere_question_item_get_node (item);
  gboolean             active = gtk_check_button_get_active (button);
  g_autofree char     *answer = NULL;

  if (self->showing || node == NULL || (!active && !is_many (node)))
    return;

  answer = mere_question_choose (node, g_object_get_data (G_OBJECT (button), "value"), active);
  if (!mere_question_item_answer (item, answer, FALSE))
    mere_question_control_show (MERE_QUESTION_CONTROL (self));
  else if (!is_many (node) && mere_question_has_appearance (node, "quick", NULL))
    gtk_widget_activate_action (GTK_WIDGET (self), "form.next", NULL);
}

static GtkWidget *
make_digit (guint index)
{
  char       digit[2] = { (char) ('0' + (index + 1) % MOST_DIGITS), '\0' };
  GtkWidget *label = gtk_label_new (digit);

  gtk_widget_add_css_class (label, "mere-digit");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  g_object_set (label, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  return label;
}

/* A label beside its button, or below it in the middle of its column; or none where a line above has it. */
typedef enum {
  BESIDE,
  BELOW,
  NOWHERE,
} LabelPlace;

static LabelPlace
get_label_place (MereFormNode *node)
{
  if (mere_question_has_appearance (node, "list-nolabel", NULL))
    return NOWHERE;

  return mere_question_has_appearance (node, "likert", NULL) || mere_question_is_in_table (node) ? BELOW : BESIDE;
}

static GtkWidget *
make_label (const char *text,
            LabelPlace  place)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), place == BESIDE ? 0 : 0.5f);
  if (place != BESIDE)
    gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_visible (label, place != NOWHERE);

  return label;
}

static GtkWidget *
make_picture (MereQuestionChoices *self,
              guint                index,
              const char          *text)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  g_autofree char  *file = mere_form_node_dup_choice_media (mere_question_item_get_node (item), index, "image");

  return mere_form_picture_new (mere_question_keeper_get_capture (mere_question_item_get_keeper (item)), file, text);
}

/* GTK's check button names itself by its own label only; ours wraps, so the name is said apart. */
static GtkWidget *
make_button (MereQuestionChoices *self,
             MereFormChoice       choice,
             guint                index,
             LabelPlace           place)
{
  MereFormNode *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  GtkWidget    *button = gtk_check_button_new ();
  GtkWidget    *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  const char   *text = get_text (choice);
  GtkWidget    *picture = make_picture (self, index, text);

  if (index < MOST_DIGITS && place == BESIDE)
    gtk_box_append (GTK_BOX (content), make_digit (index));
  if (picture != NULL)
    gtk_box_append (GTK_BOX (content), picture);
  gtk_box_append (GTK_BOX (content), make_label (text, place));
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "mere-choice");
  if (place == BELOW)
    gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (button)), GTK_ORIENTATION_VERTICAL);
  if (place == NOWHERE)
    {
      gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
      gtk_widget_set_tooltip_text (button, text);
    }
  g_object_set_data_full (G_OBJECT (button), "value", g_strdup (choice.value), g_free);
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), button, text);
  if (!is_many (node) && self->buttons->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (button), g_ptr_array_index (self->buttons, 0));
  g_signal_connect_object (button, "toggled", G_CALLBACK (on_toggled_cb), self, 0);

  return button;
}

static guint
count_columns (MereQuestionItem *item)
{
  MereFormNode *node = mere_question_item_get_node (item);
  const char   *rest;
  guint         n = mere_form_node_get_n_choices (node);

  if (mere_question_item_get_head (item) != NULL)
    return MAX (1, n);
  if (mere_question_is_in_table (node))
    return MAX (1, MIN (n, MOST_DIGITS));
  if (mere_question_has_appearance (node, "likert", NULL))
    return MAX (1, MIN (n, 7));
  if (mere_question_has_appearance (node, "horizontal", NULL) || mere_question_has_appearance (node, "horizontal-compact", NULL) || mere_question_has_appearance (node, "columns-pack", NULL) || mere_question_has_appearance (node, "compact", NULL))
    return MAX (1, MIN (n, 4));
  if (mere_question_has_appearance (node, "columns", &rest))
    return *rest == '-' && g_ascii_isdigit (rest[1]) ? (guint) CLAMP (atoi (rest + 1), 1, 10) : 3;

  return 1;
}

static char *
dup_drawn (MereFormNode *node)
{
  GString *drawn = g_string_new (NULL);

  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      g_string_append_printf (drawn, "%s\t%s\n", choice.value, choice.label != NULL ? choice.label : "");
    }

  return g_string_free (drawn, FALSE);
}

static void
draw_buttons (MereQuestionChoices *self,
              MereFormNode        *node)
{
  guint      n = mere_form_node_get_n_choices (node);
  guint      columns = count_columns (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)));
  LabelPlace place = get_label_place (node);
  GtkWidget *grid = gtk_grid_new ();

  g_ptr_array_set_size (self->buttons, 0);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);

  for (guint i = 0; i < n; i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);
      GtkWidget     *part = mere_question_is_caption (node) ? make_label (get_text (choice), BELOW) : make_button (self, choice, i, place);

      if (GTK_IS_CHECK_BUTTON (part))
        g_ptr_array_add (self->buttons, part);
      gtk_grid_attach (GTK_GRID (grid), part, (int) (i % columns), (int) (i / columns), 1, 1);
    }

  if (n == 0)
    gtk_grid_attach (GTK_GRID (grid), gtk_label_new (_ ("Nothing to choose from here yet: it depends on another answer.")), 0, 0, 1, 1);

  adw_bin_set_child (ADW_BIN (self->box), grid);
}

static void
mere_question_choices_build (MereQuestionControl *control)
{
  MereQuestionChoices *self = MERE_QUESTION_CHOICES (control);
  gboolean             many = is_many (mere_question_control_get_node (control));

  self->box = g_object_new (ADW_TYPE_BIN, "accessible-role", many ? GTK_ACCESSIBLE_ROLE_GROUP : GTK_ACCESSIBLE_ROLE_RADIO_GROUP, NULL);
  mere_question_control_name (control, self->box);
  adw_bin_set_child (ADW_BIN (self), self->box);
}

static void
mere_question_choices_show (MereQuestionControl *control)
{
  MereQuestionChoices *self = MERE_QUESTION_CHOICES (control);
  MereFormNode        *node = mere_question_control_get_node (control);
  g_autofree char     *drawn = dup_drawn (node);

  self->showing = TRUE;
  if (g_strcmp0 (drawn, self->drawn) != 0)
    {
      draw_buttons (self, node);
      g_free (self->drawn);
      self->drawn = g_steal_pointer (&drawn);
    }

  for (guint i = 0; i < self->buttons->len; i++)
    {
      GtkCheckButton *button = g_ptr_array_index (self->buttons, i);

      gtk_check_button_set_active (button, mere_question_is_chosen (node, g_object_get_data (G_OBJECT (button), "value")));
    }
  self->showing = FALSE;
}

static void
choose (MereQuestionChoices *self,
        guint                index)
{
  GtkCheckButton *button = g_ptr_array_index (self->buttons, index);
  gboolean        many = is_many (mere_question_control_get_node (MERE_QUESTION_CONTROL (self)));

  gtk_widget_grab_focus (GTK_WIDGET (button));
  gtk_check_button_set_active (button, !many || !gtk_check_button_get_active (button));
}

static gboolean
begins_with (GtkWidget *button,
             gunichar   letter)
{
  GtkWidget  *label = gtk_widget_get_last_child (gtk_check_button_get_child (GTK_CHECK_BUTTON (button)));
  const char *text = gtk_label_get_text (GTK_LABEL (label));

  return g_unichar_tolower (g_utf8_get_char (text)) == letter;
}

static gboolean
go_to_letter (MereQuestionChoices *self,
              gunichar             letter)
{
  guint n = self->buttons->len;
  guint at = n - 1;

  for (guint i = 0; i < n; i++)
    {
      if (gtk_widget_is_focus (g_ptr_array_index (self->buttons, i)))
        at = i;
    }

  for (guint i = 1; i <= n; i++)
    {
      GtkWidget *button = g_ptr_array_index (self->buttons, (at + i) % n);

      if (begins_with (button, letter))
        return gtk_widget_grab_focus (button);
    }

  return FALSE;
}

static gboolean
mere_question_choices_pick (MereQuestionControl *control,
                            gunichar             letter)
{
  MereQuestionChoices *self = MERE_QUESTION_CHOICES (control);

  if (self->buttons->len == 0)
    return FALSE;

  if (g_unichar_isdigit (letter))
    {
      guint index = ((guint) g_unichar_digit_value (letter) + MOST_DIGITS - 1) % MOST_DIGITS;

      if (index < self->buttons->len)
        choose (self, index);
      return index < self->buttons->len;
    }

  return g_unichar_isalpha (letter) && go_to_letter (self, g_unichar_tolower (letter));
}

static void
mere_question_choices_finalize (GObject *object)
{
  MereQuestionChoices *self = MERE_QUESTION_CHOICES (object);

  g_ptr_array_unref (self->buttons);
  g_free (self->drawn);

  G_OBJECT_CLASS (mere_question_choices_parent_class)->finalize (object);
}

static void
mere_question_choices_class_init (MereQuestionChoicesClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_question_choices_finalize;
  control_class->build = mere_question_choices_build;
  control_class->show = mere_question_choices_show;
  control_class->pick = mere_question_choices_pick;
}

static void
mere_question_choices_init (MereQuestionChoices *self)
{
  self->buttons = g_ptr_array_new ();
}
