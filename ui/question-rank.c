/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-rank.h"

#include <string.h>

#include <glib/gi18n-lib.h>

struct _MereQuestionRank
{
  MereQuestionControl parent_instance;

  GtkWidget *box;     /* GtkListBox of the lines */
  GtkWidget *keep;    /* takes the order as it stands for the answer */
  GPtrArray *order;   /* values */
  GPtrArray *lines;   /* one for each place */
  guint      dragged; /* place that a drag began at */
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
  gtk_widget_grab_focus (g_ptr_array_index (self->lines, place));
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
  guint    place = get_place (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys)));
  gboolean up = keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up;
  gboolean down = keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down;

  if ((!up && !down) || (state & gtk_accelerator_get_default_mod_mask ()) != GDK_ALT_MASK)
    return FALSE;

  move (self, place, up ? place - 1 : place + 1);

  return TRUE;
}

/* --- Dragging ---------------------------------------------------------------------------------------------------- */

static GdkContentProvider *
on_drag_prepare_cb (GtkDragSource    *source,
                    double            x,
                    double            y,
                    MereQuestionRank *self)
{
  self->dragged = get_place (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source)));

  return gdk_content_provider_new_typed (MERE_TYPE_QUESTION_RANK, self);
}

static void
on_drag_begin_cb (GtkDragSource *source,
                  GdkDrag       *drag)
{
  g_autoptr (GdkPaintable) line = gtk_widget_paintable_new (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source)));

  gtk_drag_source_set_icon (source, line, 0, 0);
}

/* Lines of another ranking have nothing to do here. */
static gboolean
on_drop_cb (GtkDropTarget    *target,
            const GValue     *value,
            double            x,
            double            y,
            MereQuestionRank *self)
{
  if (g_value_get_object (value) != self)
    return FALSE;

  move (self, self->dragged, get_place (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target))));

  return TRUE;
}

static void
make_line_move (MereQuestionRank *self,
                GtkWidget        *line)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkDragSource      *source = gtk_drag_source_new ();
  GtkDropTarget      *target = gtk_drop_target_new (MERE_TYPE_QUESTION_RANK, GDK_ACTION_MOVE);

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_line_key_cb), self, 0);
  gtk_widget_add_controller (line, keys);
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_drag_prepare_cb), self, 0);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin_cb), NULL);
  gtk_widget_add_controller (line, GTK_EVENT_CONTROLLER (source));
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, 0);
  gtk_widget_add_controller (line, GTK_EVENT_CONTROLLER (target));
}

/* --- Lines: each stands for a place, whichever choice is there --------------------------------------------------- */

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
add_line (MereQuestionRank *self,
          guint             place)
{
  GtkWidget *line = gtk_list_box_row_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *number = gtk_label_new (NULL);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (number, "mere-digit");
  gtk_widget_set_valign (number, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (content), number);
  gtk_box_append (GTK_BOX (content), label);
  gtk_box_append (GTK_BOX (content), make_arrow (self, "go-up-symbolic", _ ("Move up"), place, G_CALLBACK (on_up_cb)));
  gtk_box_append (GTK_BOX (content), make_arrow (self, "go-down-symbolic", _ ("Move down"), place, G_CALLBACK (on_down_cb)));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line), content);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (line), FALSE);
  g_object_set_data (G_OBJECT (line), "place", GUINT_TO_POINTER (place));
  make_line_move (self, line);
  mere_question_control_direct (MERE_QUESTION_CONTROL (self), line);
  gtk_list_box_append (GTK_LIST_BOX (self->box), line);
  g_ptr_array_add (self->lines, line);
}

static void
show_line (MereQuestionRank *self,
           guint             place,
           gboolean          ranked)
{
  MereFormNode    *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  GtkWidget       *line = g_ptr_array_index (self->lines, place);
  GtkWidget       *number = gtk_widget_get_first_child (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (line)));
  const char      *text = find_label (node, g_ptr_array_index (self->order, place));
  g_autofree char *digits = ranked ? g_strdup_printf ("%u", place + 1) : g_strdup ("·");
  /* Translators: a line of a ranking: “2. Training” */
  g_autofree char *name = g_strdup_printf (_ ("%u. %s"), place + 1, text);

  gtk_label_set_text (GTK_LABEL (number), digits);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (number)), text);
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), line, name);
}

static void
on_keep_clicked_cb (MereQuestionRank *self)
{
  focus_line (self, 0);
  keep_order (self);
}

static void
mere_question_rank_build (MereQuestionControl *control)
{
  MereQuestionRank *self = MERE_QUESTION_RANK (control);
  GtkWidget        *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->box = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (self->box, "mere-rank");
  mere_question_control_name (control, self->box);
  gtk_box_append (GTK_BOX (outer), self->box);

  self->keep = gtk_button_new_with_label (_ ("This order is right"));
  gtk_widget_set_halign (self->keep, GTK_ALIGN_START);
  g_signal_connect_object (self->keep, "clicked", G_CALLBACK (on_keep_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (outer), self->keep);

  adw_bin_set_child (ADW_BIN (self), outer);
}

static void
mere_question_rank_show (MereQuestionControl *control)
{
  MereQuestionRank *self = MERE_QUESTION_RANK (control);
  gboolean          ranked = *mere_form_node_get_value (mere_question_control_get_node (control)) != '\0';

  read_order (self);
  while (self->lines->len > self->order->len)
    gtk_list_box_remove (GTK_LIST_BOX (self->box), g_ptr_array_steal_index (self->lines, self->lines->len - 1));
  while (self->lines->len < self->order->len)
    add_line (self, self->lines->len);
  for (guint i = 0; i < self->order->len; i++)
    show_line (self, i, ranked);

  gtk_widget_set_visible (self->keep, !ranked && self->order->len > 0);
}

static void
mere_question_rank_finalize (GObject *object)
{
  MereQuestionRank *self = MERE_QUESTION_RANK (object);

  g_ptr_array_unref (self->order);
  g_ptr_array_unref (self->lines);

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
  self->lines = g_ptr_array_new ();
}
