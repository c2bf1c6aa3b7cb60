/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-rank.h"

#include <string.h>

#include <glib/gi18n-lib.h>

struct _MereQuestionRank
{
  MereQuestionControl parent_instance;

  GtkWidget *box;   /* of lines, one for each choice */
  GtkWidget *keep;  /* takes the order as it stands for the answer */
  GPtrArray *order; /* values */
};

G_DEFINE_FINAL_TYPE (MereQuestionRank, mere_question_rank, MERE_TYPE_QUESTION_CONTROL)

static const char *
find_label (MereFormNode *node,
            const char   *value)
{
  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      if (strcmp (choice.value, value) == 0 && choice.label != NULL && *choice.label != '\0')
        return choice.label;
    }

  return value;
}

/* What was ranked, and behind it what was not, in the form's order. */
static void
read_order (MereQuestionRank *self)
{
  MereFormNode *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  g_auto (GStrv) ranked = g_strsplit (mere_form_node_get_value (node), " ", -1);

  g_ptr_array_set_size (self->order, 0);
  for (guint i = 0; ranked[i] != NULL; i++)
    {
      if (*ranked[i] != '\0')
        g_ptr_array_add (self->order, g_strdup (ranked[i]));
    }

  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      const char *value = mere_form_node_get_choice (node, i).value;

      if (!g_ptr_array_find_with_equal_func (self->order, value, g_str_equal, NULL))
        g_ptr_array_add (self->order, g_strdup (value));
    }
}

static void
keep_order (MereQuestionRank *self)
{
  g_autofree char *answer = NULL;

  g_ptr_array_add (self->order, NULL);
  answer = g_strjoinv (" ", (char **) self->order->pdata);
  g_ptr_array_remove_index (self->order, self->order->len - 1);
  mere_question_item_answer (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), answer, FALSE);
}

static void
focus_line (MereQuestionRank *self,
            guint             place)
{
  GtkWidget *line = gtk_widget_get_first_child (self->box);

  while (line != NULL && place-- > 0)
    line = gtk_widget_get_next_sibling (line);
  if (line != NULL)
    gtk_widget_grab_focus (line);
}

static void
move (MereQuestionRank *self,
      guint             from,
      guint             to)
{
  gpointer value;

  if (to >= self->order->len || from == to)
    return;

  value = g_ptr_array_steal_index (self->order, from);
  g_ptr_array_insert (self->order, (int) to, value);
  keep_order (self);
  focus_line (self, to);
}

static guint
get_place (GtkWidget *part)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (part), "place"));
}

static void
on_up_cb (GtkWidget        *button,
          MereQuestionRank *self)
{
  move (self, get_place (button), get_place (button) - 1);
}

static void
on_down_cb (GtkWidget        *button,
            MereQuestionRank *self)
{
  move (self, get_place (button), get_place (button) + 1);
}

static gboolean
on_line_key_cb (GtkEventControllerKey *keys,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                MereQuestionRank      *self)
{
  GtkWidget *line = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));
  guint      place = get_place (line);
  gboolean   moves = state & GDK_ALT_MASK;

  if (keyval != GDK_KEY_Up && keyval != GDK_KEY_Down)
    return FALSE;

  if (moves)
    move (self, place, keyval == GDK_KEY_Up ? place - 1 : place + 1);
  else if (keyval == GDK_KEY_Up ? place > 0 : place + 1 < self->order->len)
    focus_line (self, keyval == GDK_KEY_Up ? place - 1 : place + 1);
  else
    return FALSE;

  return TRUE;
}

static GdkContentProvider *
on_drag_prepare_cb (GtkDragSource *source,
                    double         x,
                    double         y,
                    GtkWidget     *line)
{
  return gdk_content_provider_new_typed (G_TYPE_UINT, get_place (line));
}

static gboolean
on_drop_cb (GtkDropTarget    *target,
            const GValue     *value,
            double            x,
            double            y,
            MereQuestionRank *self)
{
  guint to = get_place (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target)));

  move (self, g_value_get_uint (value), to);

  return TRUE;
}

static GtkWidget *
make_arrow (MereQuestionRank *self,
            const char       *icon,
            const char       *name,
            guint             place,
            GCallback         clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_widget_set_focusable (button, FALSE); /* the line has keys for that */
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), button, name);
  g_object_set_data (G_OBJECT (button), "place", GUINT_TO_POINTER (place));
  g_signal_connect_object (button, "clicked", clicked, self, 0);

  return button;
}

static void
make_line_move (MereQuestionRank *self,
                GtkWidget        *line)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkDragSource      *source = gtk_drag_source_new ();
  GtkDropTarget      *target = gtk_drop_target_new (G_TYPE_UINT, GDK_ACTION_COPY);

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_line_key_cb), self, 0);
  gtk_widget_add_controller (line, keys);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_drag_prepare_cb), line, 0);
  gtk_widget_add_controller (line, GTK_EVENT_CONTROLLER (source));
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, 0);
  gtk_widget_add_controller (line, GTK_EVENT_CONTROLLER (target));
}

static GtkWidget *
make_line (MereQuestionRank *self,
           guint             place,
           gboolean          ranked)
{
  MereFormNode    *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  const char      *text = find_label (node, g_ptr_array_index (self->order, place));
  GtkWidget       *line = g_object_new (GTK_TYPE_BOX, "spacing", 8, "focusable", TRUE, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
  GtkWidget       *label = gtk_label_new (text);
  g_autofree char *number = ranked ? g_strdup_printf ("%u", place + 1) : g_strdup ("·");
  /* Translators: a line of a ranking: “2. Training” */
  g_autofree char *name = g_strdup_printf (_ ("%u. %s"), place + 1, text);
  GtkWidget       *number_label = gtk_label_new (number);

  gtk_widget_add_css_class (line, "mere-rank");
  gtk_widget_add_css_class (number_label, "mere-digit");
  gtk_widget_set_valign (number_label, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), number_label);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), make_arrow (self, "go-up-symbolic", _ ("Move up"), place, G_CALLBACK (on_up_cb)));
  gtk_box_append (GTK_BOX (line), make_arrow (self, "go-down-symbolic", _ ("Move down"), place, G_CALLBACK (on_down_cb)));
  g_object_set_data (G_OBJECT (line), "place", GUINT_TO_POINTER (place));
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), line, name);
  make_line_move (self, line);

  return line;
}

static void
draw_lines (MereQuestionRank *self)
{
  MereFormNode *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  gboolean      ranked = *mere_form_node_get_value (node) != '\0';
  GtkWidget    *line;

  while ((line = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), line);
  for (guint i = 0; i < self->order->len; i++)
    gtk_box_append (GTK_BOX (self->box), make_line (self, i, ranked));

  gtk_widget_set_visible (self->keep, !ranked && self->order->len > 0);
}

static void
mere_question_rank_build (MereQuestionControl *control)
{
  MereQuestionRank *self = MERE_QUESTION_RANK (control);
  GtkWidget        *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST, NULL);
  mere_question_control_name (control, self->box);
  gtk_box_append (GTK_BOX (outer), self->box);

  self->keep = gtk_button_new_with_label (_ ("This order is right"));
  gtk_widget_set_halign (self->keep, GTK_ALIGN_START);
  g_signal_connect_object (self->keep, "clicked", G_CALLBACK (keep_order), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (outer), self->keep);

  adw_bin_set_child (ADW_BIN (self), outer);
}

static void
mere_question_rank_show (MereQuestionControl *control)
{
  MereQuestionRank *self = MERE_QUESTION_RANK (control);

  read_order (self);
  draw_lines (self);
}

static void
mere_question_rank_finalize (GObject *object)
{
  g_ptr_array_unref (MERE_QUESTION_RANK (object)->order);

  G_OBJECT_CLASS (mere_question_rank_parent_class)->finalize (object);
}

static void
mere_question_rank_class_init (MereQuestionRankClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_question_rank_finalize;
  control_class->build = mere_question_rank_build;
  control_class->show = mere_question_rank_show;
}

static void
mere_question_rank_init (MereQuestionRank *self)
{
  self->order = g_ptr_array_new_with_free_func (g_free);
}
