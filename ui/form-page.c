/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of a form: puts outline, questions, search and footer together, and holds the actions that keys, buttons and
 * tests reach alike. What is answered goes through the keeper; the page keeps nothing. */

#include "config.h"
#include "ui/form-page.h"

#include <glib/gi18n-lib.h>

#include "ui/form-column.h"
#include "ui/form-find.h"
#include "ui/form-footer.h"
#include "ui/form-holes.h"
#include "ui/form-keys.h"
#include "ui/form-outline.h"
#include "ui/question-keeper.h"
#include "ui/question-list.h"
#include "ui/returned-bar.h"

struct _MereFormPage
{
  AdwBin parent_instance;

  AdwToastOverlay *toasts;
  MereFormFind    *find;
  MereReturnedBar *returned;
  AdwFlap         *flap;
  MereFormOutline *outline;
  MereFormColumn  *column;
  MereFormHoles   *holes;
  MereFormFooter  *footer;

  MereCapture         *capture;
  MereQuestionKeeper  *keeper;
  MereQuestionList    *list;
  MereFormPageFinalise finalise;
  gpointer             finalise_data;
  AdwToast            *removed; /* offers to undo the removal of an entry until the next step; weak */
};

enum {
  CLOSED,
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereFormPage, mere_form_page, ADW_TYPE_BIN)

static void
say (MereFormPage *self,
     const char   *sentence)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (sentence));
}

static void
tell_trouble (MereFormPage *self,
              const char   *sentence)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "desk.trouble", "s", sentence);
}

/* --- Progress ---------------------------------------------------------------------------------------------------- */

static void
refresh (MereFormPage *self)
{
  mere_form_footer_refresh (self->footer);
  mere_form_holes_refresh (self->holes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.undo", mere_capture_can_undo (self->capture));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.redo", mere_capture_can_redo (self->capture));
}

static void
on_progressed_cb (MereFormPage *self)
{
  AdwToast *removed = self->removed;

  refresh (self);
  g_clear_weak_pointer (&self->removed);
  if (removed != NULL)
    adw_toast_dismiss (removed);
}

/* --- Ways through the form --------------------------------------------------------------------------------------- */

static void
show_item (MereFormPage     *self,
           MereQuestionItem *item)
{
  mere_form_column_show (self->column, item, MERE_FORM_COLUMN_ANSWER);
}

static void
next_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  if (!mere_form_column_step (MERE_FORM_PAGE (widget)->column, 1))
    gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}

static void
previous_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  mere_form_column_step (MERE_FORM_PAGE (widget)->column, -1);
}

static void
below_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  mere_form_column_step_row (MERE_FORM_PAGE (widget)->column, 1);
}

static void
above_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  mere_form_column_step_row (MERE_FORM_PAGE (widget)->column, -1);
}

static void
next_missing_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  MereFormPage *self = MERE_FORM_PAGE (widget);

  if (!mere_form_column_go_to_hole (self->column))
    say (self, _ ("Nothing is missing"));
}

static void
next_invalid_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  MereFormPage *self = MERE_FORM_PAGE (widget);

  if (!mere_form_column_go_to_invalid (self->column))
    say (self, _ ("Nothing has to be corrected"));
}

static void
find_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MereFormPage *self = MERE_FORM_PAGE (widget);

  mere_form_column_let_go (self->column);
  mere_form_find_begin (self->find, mere_form_column_get_current (self->column));
}

static void
on_found_cb (MereFormPage     *self,
             MereQuestionItem *item)
{
  mere_form_column_show (self->column, item, MERE_FORM_COLUMN_LOOK);
}

/* The person goes on at what was found, or where the search began. */
static void
on_find_ended_cb (MereFormPage     *self,
                  MereQuestionItem *item)
{
  MereQuestionItem *at = item != NULL ? item : mere_form_column_get_current (self->column);

  if (at != NULL)
    show_item (self, at);
}

static void
on_folded_cb (MereFormPage *self)
{
  gboolean useful = mere_form_outline_is_useful (self->outline);
  gboolean folded = adw_flap_get_folded (self->flap);

  adw_flap_set_reveal_flap (self->flap, useful && !folded);
  mere_form_footer_set_folded (self->footer, useful && folded);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.sections", useful);
}

static void
sections_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  MereFormPage *self = MERE_FORM_PAGE (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
  if (!adw_flap_get_reveal_flap (self->flap))
    return;

  mere_form_column_let_go (self->column);
  gtk_widget_child_focus (GTK_WIDGET (self->outline), GTK_DIR_TAB_FORWARD);
}

static void
on_section_chosen_cb (MereFormPage     *self,
                      MereQuestionItem *item)
{
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  mere_form_column_show_section (self->column, item);
}

static void
on_hole_chosen_cb (MereFormPage     *self,
                   MereQuestionItem *item)
{
  show_item (self, item);
}

static void
on_moved_cb (MereFormPage *self,
             guint         position)
{
  mere_question_keeper_end_typing (self->keeper);
  mere_form_outline_mark (self->outline, position);
}

/* --- Steps ------------------------------------------------------------------------------------------------------- */

static void
turn (MereFormPage *self,
      gboolean (*step) (MereQuestionKeeper *keeper, char **at))
{
  g_autofree char  *at = NULL;
  MereQuestionItem *item;

  if (!step (self->keeper, &at) || at == NULL)
    return;

  item = mere_question_list_find_near (self->list, at);
  if (item == NULL)
    return;

  mere_question_item_changed (item);
  show_item (self, item);
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  turn (MERE_FORM_PAGE (widget), mere_question_keeper_undo);
}

static void
redo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  turn (MERE_FORM_PAGE (widget), mere_question_keeper_redo);
}

static void
comment_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  MereFormPage     *self = MERE_FORM_PAGE (widget);
  MereQuestionItem *item = mere_form_column_get_current (self->column);

  if (item == NULL || !mere_question_item_is_open (item))
    return;

  mere_question_item_set_commenting (item, TRUE);
  mere_form_column_show (self->column, item, MERE_FORM_COLUMN_COMMENT);
}

static MereFormNode *
find_node (MereFormPage *self,
           GVariant     *ref)
{
  return mere_form_session_find (mere_question_keeper_get_session (self->keeper), g_variant_get_string (ref, NULL));
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  MereFormPage     *self = MERE_FORM_PAGE (widget);
  MereFormNode     *repeat = find_node (self, parameter);
  MereFormNode     *instance = NULL;
  MereQuestionItem *item;

  if (repeat == NULL || !mere_question_keeper_add (self->keeper, repeat, &instance))
    return;

  item = mere_question_list_find (self->list, instance);
  if (item != NULL)
    mere_form_column_show_section (self->column, item);
}

static void
offer_undo (MereFormPage *self,
            const char   *name)
{
  /* Translators: an entry of a form was taken away: “Passenger 3 removed” */
  g_autofree char *sentence = g_markup_printf_escaped (_ ("%s removed"), name);
  AdwToast        *toast = adw_toast_new (sentence);

  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_action_name (toast, "form.undo");
  g_set_weak_pointer (&self->removed, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* The focus goes to what took the place of the removed entry. */
static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  MereFormPage     *self = MERE_FORM_PAGE (widget);
  MereFormNode     *instance = find_node (self, parameter);
  MereQuestionItem *item = instance != NULL ? mere_question_list_find (self->list, instance) : NULL;
  guint             position = item != NULL ? mere_question_list_get_position (self->list, item) : G_MAXUINT;
  g_autofree char  *title = item != NULL ? mere_question_item_dup_name (item) : NULL;

  if (item == NULL || !mere_question_keeper_remove (self->keeper, instance))
    return;

  offer_undo (self, title);
  item = mere_question_list_peek (self->list, position);
  if (item != NULL)
    show_item (self, item);
}

/* --- Finalising -------------------------------------------------------------------------------------------------- */

/* Of a node that has no line here: a calculation, or a part that is filled elsewhere. */
static void
say_fault (MereFormPage *self,
           MereFormNode *node)
{
  const char      *label = mere_form_node_get_label (node);
  const char      *message = mere_form_node_get_message (node);
  g_autofree char *sentence = g_markup_printf_escaped ("%s: %s", label != NULL ? label : mere_form_node_get_name (node),
                                                       message != NULL ? message : _ ("This answer is not possible here."));

  say (self, sentence);
}

/* From now on what is missing is said at every question, visited or not. */
static void
be_strict (MereFormPage *self)
{
  MereQuestionItem *item;

  if (mere_question_keeper_is_strict (self->keeper))
    return;

  mere_question_keeper_set_strict (self->keeper);
  for (guint i = 0; (item = mere_question_list_peek (self->list, i)) != NULL; i++)
    {
      if (mere_question_item_is_hole (item))
        mere_question_item_changed (item);
    }
  mere_form_outline_refresh (self->outline);
}

static char *
make_record (MereFormPage *self,
             GPtrArray   **invalid,
             GError      **error)
{
  if (self->finalise != NULL)
    return self->finalise (invalid, self->finalise_data, error);

  return mere_capture_finalise (self->capture, invalid, error);
}

static void
finalise_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  MereFormPage *self = MERE_FORM_PAGE (widget);
  MereFormNode *unkept = mere_question_keeper_get_unkept (self->keeper);
  g_autoptr (GPtrArray) invalid = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *record = NULL;

  if (unkept != NULL)
    {
      invalid = g_ptr_array_new ();
      g_ptr_array_add (invalid, unkept);
    }
  else
    record = make_record (self, &invalid, &error);

  if (record != NULL)
    g_signal_emit (self, signals[DONE], 0, record);
  else if (invalid != NULL && invalid->len > 0)
    mere_form_page_show_holes (self, invalid);
  else if (error != NULL)
    tell_trouble (self, error->message);
}

static void
close_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  g_signal_emit (widget, signals[CLOSED], 0);
}

/* --- The widget -------------------------------------------------------------------------------------------------- */

/* The questions come first, not the outline before them. */
static gboolean
mere_form_page_focus (GtkWidget       *widget,
                      GtkDirectionType direction)
{
  MereFormPage *self = MERE_FORM_PAGE (widget);

  if (direction == GTK_DIR_TAB_FORWARD && gtk_widget_get_focus_child (widget) == NULL && gtk_widget_child_focus (GTK_WIDGET (self->column), direction))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_form_page_parent_class)->focus (widget, direction);
}

static void
mere_form_page_dispose (GObject *object)
{
  MereFormPage *self = MERE_FORM_PAGE (object);

  if (self->capture != NULL)
    mere_capture_compact (self->capture, NULL);
  g_clear_weak_pointer (&self->removed);
  g_clear_object (&self->list);
  g_clear_object (&self->keeper);
  g_clear_object (&self->capture);

  G_OBJECT_CLASS (mere_form_page_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "form.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "form.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "form.below", NULL, below_action);
  gtk_widget_class_install_action (widget_class, "form.above", NULL, above_action);
  gtk_widget_class_install_action (widget_class, "form.next-missing", NULL, next_missing_action);
  gtk_widget_class_install_action (widget_class, "form.next-invalid", NULL, next_invalid_action);
  gtk_widget_class_install_action (widget_class, "form.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "form.sections", NULL, sections_action);
  gtk_widget_class_install_action (widget_class, "form.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "form.redo", NULL, redo_action);
  gtk_widget_class_install_action (widget_class, "form.comment", NULL, comment_action);
  gtk_widget_class_install_action (widget_class, "form.add", "s", add_action);
  gtk_widget_class_install_action (widget_class, "form.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "form.finalise", NULL, finalise_action);
  gtk_widget_class_install_action (widget_class, "form.close", NULL, close_action);
}

static void
mere_form_page_class_init (MereFormPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_form_page_dispose;
  widget_class->focus = mere_form_page_focus;

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (MERE_TYPE_FORM_COLUMN);
  g_type_ensure (MERE_TYPE_FORM_FIND);
  g_type_ensure (MERE_TYPE_FORM_FOOTER);
  g_type_ensure (MERE_TYPE_FORM_HOLES);
  g_type_ensure (MERE_TYPE_FORM_OUTLINE);
  g_type_ensure (MERE_TYPE_RETURNED_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, find);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, returned);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, flap);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, outline);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, column);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, holes);
  gtk_widget_class_bind_template_child (widget_class, MereFormPage, footer);
  gtk_widget_class_bind_template_callback (widget_class, on_found_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_find_ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_section_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_hole_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_moved_cb);
  install_actions (widget_class);
}

static void
mere_form_page_init (MereFormPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mere_form_keys_add (GTK_WIDGET (self));
}

MereFormPage *
mere_form_page_new (MereCapture *capture)
{
  MereFormPage *self = g_object_new (MERE_TYPE_FORM_PAGE, NULL);
  const char   *title = mere_capture_get_instrument (capture)->title;

  self->capture = g_object_ref (capture);
  self->keeper = mere_question_keeper_new (capture);
  self->list = mere_question_list_new (self->keeper);
  g_signal_connect_object (self->keeper, "trouble", G_CALLBACK (tell_trouble), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (capture, "progressed", G_CALLBACK (on_progressed_cb), self, G_CONNECT_SWAPPED);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  mere_form_find_set_list (self->find, self->list);
  mere_form_outline_set_list (self->outline, self->list, title);
  mere_form_column_set_list (self->column, self->list);
  mere_form_footer_set_keeper (self->footer, self->keeper);
  mere_returned_bar_show (self->returned, mere_capture_get_returned (capture), mere_capture_get_session (capture));
  on_folded_cb (self);
  refresh (self);

  return self;
}

void
mere_form_page_set_hidden (MereFormPage      *self,
                           const char *const *names)
{
  g_return_if_fail (MERE_IS_FORM_PAGE (self));

  mere_question_list_set_hidden (self->list, names);
}

void
mere_form_page_set_finaliser (MereFormPage        *self,
                              MereFormPageFinalise finalise,
                              gpointer             user_data)
{
  g_return_if_fail (MERE_IS_FORM_PAGE (self));

  self->finalise = finalise;
  self->finalise_data = user_data;
}

void
mere_form_page_set_extra (MereFormPage *self,
                          GtkWidget    *extra)
{
  g_return_if_fail (MERE_IS_FORM_PAGE (self));

  mere_form_footer_set_extra (self->footer, extra);
}

gboolean
mere_form_page_show_node (MereFormPage *self,
                          MereFormNode *node)
{
  MereQuestionItem *item = mere_question_list_find (self->list, node);

  if (item != NULL)
    show_item (self, item);

  return item != NULL;
}

void
mere_form_page_show_holes (MereFormPage *self,
                           GPtrArray    *nodes)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_return_if_fail (MERE_IS_FORM_PAGE (self));

  if (nodes != NULL && nodes->len > 0)
    be_strict (self);
  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    {
      MereQuestionItem *item = mere_question_list_find (self->list, g_ptr_array_index (nodes, i));

      if (item != NULL)
        g_ptr_array_add (items, item);
    }

  mere_form_holes_show (self->holes, items);
  if (items->len > 0)
    show_item (self, g_ptr_array_index (items, 0));
  else if (nodes != NULL && nodes->len > 0)
    say_fault (self, g_ptr_array_index (nodes, 0));
}
