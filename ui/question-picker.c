/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-picker.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ui/question-choices.h"

#define LIST_HEIGHT 320

/* The list behind the button holds the labels; a label's place in it is the place of the choice, found again through
 * the map of the filter. */
struct _MereQuestionPicker
{
  MereQuestionControl parent_instance;

  GtkWidget          *button;
  GtkWidget          *chosen; /* label in the button */
  GtkWidget          *search;
  GtkListView        *view;
  GtkStringList      *labels;
  GtkFilterListModel *found;
  GtkSingleSelection *selection;
  GHashTable         *places; /* GtkStringObject → place + 1, of the list as filled */
  char               *wanted; /* case folded */
};

G_DEFINE_FINAL_TYPE (MereQuestionPicker, mere_question_picker, MERE_TYPE_QUESTION_CONTROL)

static MereFormNode *
get_node (MereQuestionPicker *self)
{
  return mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
}

static gboolean
is_many (MereQuestionPicker *self)
{
  return mere_form_node_get_control (get_node (self)) == MERE_FORM_CONTROL_SELECT_MANY;
}

static const char *
get_text (MereFormChoice choice)
{
  return choice.label != NULL && *choice.label != '\0' ? choice.label : choice.value;
}

static char *
dup_chosen (MereFormNode *node)
{
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;

  if (*mere_form_node_get_value (node) == '\0')
    return g_strdup (_ ("Choose…"));

  for (guint i = 0; i < mere_form_node_get_n_choices (node); i++)
    {
      MereFormChoice choice = mere_form_node_get_choice (node, i);

      if (mere_question_is_chosen (node, choice.value))
        g_strv_builder_add (labels, get_text (choice));
    }

  parts = g_strv_builder_end (labels);

  return parts[0] != NULL ? g_strjoinv (", ", parts) : g_strdup (mere_form_node_get_value (node));
}

static gboolean
is_wanted (gpointer item,
           gpointer user_data)
{
  MereQuestionPicker *self = user_data;
  g_autofree char    *folded = NULL;

  if (self->wanted == NULL || *self->wanted == '\0')
    return TRUE;

  folded = g_utf8_casefold (gtk_string_object_get_string (item), -1);

  return strstr (folded, self->wanted) != NULL;
}

static guint
get_place (MereQuestionPicker *self,
           gpointer            item)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->places, item)) - 1;
}

static void
fill_list (MereQuestionPicker *self)
{
  MereFormNode *node = get_node (self);
  guint         n = mere_form_node_get_n_choices (node);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (texts, (gpointer) get_text (mere_form_node_get_choice (node, i)));
  g_ptr_array_add (texts, NULL);

  g_hash_table_remove_all (self->places);
  gtk_string_list_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)), (const char *const *) texts->pdata);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) label = g_list_model_get_item (G_LIST_MODEL (self->labels), i);

      g_hash_table_insert (self->places, label, GUINT_TO_POINTER (i + 1));
    }
}

static void
choose (MereQuestionPicker *self,
        gpointer            label)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  MereFormNode     *node = get_node (self);
  guint             place = label != NULL ? get_place (self, label) : G_MAXUINT;
  g_autofree char  *value = NULL;
  g_autofree char  *answer = NULL;

  if (node == NULL || place >= mere_form_node_get_n_choices (node))
    return;

  value = g_strdup (mere_form_node_get_choice (node, place).value);
  answer = mere_question_choose (node, value, !is_many (self) || !mere_question_is_chosen (node, value));
  if (!is_many (self))
    gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
  mere_question_item_answer (item, answer, FALSE);
}

static void
on_activate_cb (MereQuestionPicker *self,
                guint               position)
{
  g_autoptr (GObject) label = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  choose (self, label);
}

static void
on_search_changed_cb (MereQuestionPicker *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  GtkFilter  *filter = gtk_filter_list_model_get_filter (self->found);

  g_free (self->wanted);
  self->wanted = g_utf8_casefold (text, -1);
  gtk_filter_changed (filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_single_selection_set_selected (self->selection, 0);
}

static void
on_search_activate_cb (MereQuestionPicker *self)
{
  choose (self, gtk_single_selection_get_selected_item (self->selection));
}

/* Up and Down move in the list while the search field keeps the focus. */
static gboolean
on_search_key_cb (MereQuestionPicker *self,
                  guint               keyval)
{
  guint at = gtk_single_selection_get_selected (self->selection);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (keyval == GDK_KEY_Down && at + 1 < n)
    at++;
  else if (keyval == GDK_KEY_Up && at > 0 && at < n)
    at--;
  else
    return FALSE;

  gtk_single_selection_set_selected (self->selection, at);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", at);

  return TRUE;
}

static void
on_setup_cb (MereQuestionPicker *self,
             GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *mark = g_object_new (GTK_TYPE_IMAGE, "icon-name", "object-select-symbolic", "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_list_item_set_child (item, box);
}

static void
show_mark (MereQuestionPicker *self,
           GtkListItem        *item)
{
  MereFormNode *node = get_node (self);
  GtkWidget    *mark = gtk_widget_get_last_child (gtk_list_item_get_child (item));
  guint         place = get_place (self, gtk_list_item_get_item (item));
  gboolean      chosen = node != NULL && place < mere_form_node_get_n_choices (node) && mere_question_is_chosen (node, mere_form_node_get_choice (node, place).value);

  gtk_widget_set_opacity (mark, chosen ? 1 : 0);
}

static void
on_answered_cb (GtkListItem *item)
{
  MereQuestionPicker *self = g_object_get_data (G_OBJECT (item), "picker");

  if (self != NULL && gtk_list_item_get_item (item) != NULL)
    show_mark (self, item);
}

static void
on_bind_cb (MereQuestionPicker *self,
            GtkListItem        *item)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_label_set_label (GTK_LABEL (label), gtk_string_object_get_string (gtk_list_item_get_item (item)));
  g_object_set_data (G_OBJECT (item), "picker", self);
  show_mark (self, item);
  g_signal_connect_object (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), "changed",
                           G_CALLBACK (on_answered_cb), item, G_CONNECT_SWAPPED);
}

static void
on_unbind_cb (MereQuestionPicker *self,
              GtkListItem        *item)
{
  g_object_set_data (G_OBJECT (item), "picker", NULL);
  g_signal_handlers_disconnect_by_func (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), on_answered_cb, item);
}

static GtkWidget *
make_search (MereQuestionPicker *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->search = gtk_search_entry_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search"), -1);
  /* Not “search-changed”, which waits a little: Enter would choose of what was found before. */
  g_signal_connect_object (self->search, "changed", G_CALLBACK (on_search_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "activate", G_CALLBACK (on_search_activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "stop-search", G_CALLBACK (gtk_menu_button_popdown), self->button, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_search_key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->search, keys);

  return self->search;
}

static GtkWidget *
make_list (MereQuestionPicker *self)
{
  GtkWidget          *window = gtk_scrolled_window_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilter          *filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));

  self->labels = gtk_string_list_new (NULL);
  self->found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->labels)), filter);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->found)));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind_cb), self, G_CONNECT_SWAPPED);

  self->view = GTK_LIST_VIEW (gtk_list_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection)), factory));
  gtk_list_view_set_single_click_activate (self->view, TRUE);
  mere_question_control_name (MERE_QUESTION_CONTROL (self), GTK_WIDGET (self->view));
  g_signal_connect_object (self->view, "activate", G_CALLBACK (on_activate_cb), self, G_CONNECT_SWAPPED);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (window), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (window), LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), GTK_WIDGET (self->view));

  return window;
}

/* The list is made when it is first opened: a page of many such questions costs buttons only. */
static void
on_opens_cb (GtkMenuButton *button,
             gpointer       user_data)
{
  MereQuestionPicker *self = user_data;

  if (get_node (self) == NULL)
    return;

  if (self->view == NULL)
    {
      GtkWidget *popover = gtk_popover_new ();
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

      gtk_box_append (GTK_BOX (box), make_search (self));
      gtk_box_append (GTK_BOX (box), make_list (self));
      gtk_widget_set_size_request (box, 340, -1);
      gtk_popover_set_child (GTK_POPOVER (popover), box);
      gtk_menu_button_set_popover (button, popover);
      mere_question_control_direct (MERE_QUESTION_CONTROL (self), popover);
    }

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  on_search_changed_cb (self);
  fill_list (self);
}

static void
mere_question_picker_build (MereQuestionControl *control)
{
  MereQuestionPicker *self = MERE_QUESTION_PICKER (control);
  GtkWidget          *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget          *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "pan-down-symbolic", "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->chosen = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->chosen), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->chosen), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->chosen, TRUE);
  gtk_box_append (GTK_BOX (content), self->chosen);
  gtk_box_append (GTK_BOX (content), arrow);

  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), content);
  gtk_widget_set_halign (gtk_widget_get_parent (content), GTK_ALIGN_FILL); /* GTK's box around it is in the middle */
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), on_opens_cb, self, NULL);
  mere_question_control_name (control, self->button);
  mere_question_control_name (control, gtk_widget_get_first_child (self->button));
  adw_bin_set_child (ADW_BIN (self), self->button);
}

static void
mere_question_picker_show (MereQuestionControl *control)
{
  MereQuestionPicker *self = MERE_QUESTION_PICKER (control);
  MereFormNode       *node = mere_question_control_get_node (control);
  g_autofree char    *chosen = dup_chosen (node);

  gtk_label_set_label (GTK_LABEL (self->chosen), chosen);
  if (*mere_form_node_get_value (node) == '\0')
    gtk_widget_add_css_class (self->chosen, "dim-label");
  else
    gtk_widget_remove_css_class (self->chosen, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, chosen, -1);
}

/* A letter opens the list and begins the search. */
static gboolean
mere_question_picker_pick (MereQuestionControl *control,
                           gunichar             letter)
{
  MereQuestionPicker *self = MERE_QUESTION_PICKER (control);
  char                text[7] = { 0 };

  if (!g_unichar_isalnum (letter) || (self->search != NULL && gtk_widget_get_mapped (self->search)))
    return FALSE;

  gtk_menu_button_popup (GTK_MENU_BUTTON (self->button));
  g_unichar_to_utf8 (letter, text);
  gtk_widget_grab_focus (self->search);
  gtk_editable_set_text (GTK_EDITABLE (self->search), text);
  gtk_editable_set_position (GTK_EDITABLE (self->search), -1);

  return TRUE;
}

static void
mere_question_picker_finalize (GObject *object)
{
  MereQuestionPicker *self = MERE_QUESTION_PICKER (object);

  g_clear_object (&self->selection);
  g_clear_object (&self->found);
  g_clear_object (&self->labels);
  g_hash_table_unref (self->places);
  g_free (self->wanted);

  G_OBJECT_CLASS (mere_question_picker_parent_class)->finalize (object);
}

static void
mere_question_picker_class_init (MereQuestionPickerClass *klass)
{
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_question_picker_finalize;
  control_class->build = mere_question_picker_build;
  control_class->show = mere_question_picker_show;
  control_class->pick = mere_question_picker_pick;
}

static void
mere_question_picker_init (MereQuestionPicker *self)
{
  self->places = g_hash_table_new (NULL, NULL);
}
