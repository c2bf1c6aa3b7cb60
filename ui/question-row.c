/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line of a form: holds the control that a question needs, shows what is said about it, and knows the keys that
 * mean the same in every question (Enter goes on, digits and letters choose). */

#include "config.h"
#include "ui/question-row.h"

#include <glib/gi18n-lib.h>

#include "ui/form-picture.h"
#include "ui/form-recording.h"
#include "ui/question-cells.h"
#include "ui/question-choices.h"
#include "ui/question-choose.h"
#include "ui/question-comment.h"
#include "ui/question-table.h"
#include "ui/words.h"

#define INDENT 18 /* px for each level of headings inside an entry */

struct _MereQuestionRow
{
  AdwBin parent_instance;

  GtkWidget *body;
  GtkLabel  *title;
  GtkLabel  *label;
  GtkWidget *required_mark;
  GtkWidget *remove_button;
  GtkLabel  *remove_label;
  AdwBin    *picture_place;
  AdwBin    *sound_place;
  AdwBin    *video_place;
  GtkWidget *remark_box;
  GtkLabel  *remark;
  GtkLabel  *hint;
  AdwBin    *place;
  GtkWidget *message_box;
  GtkLabel  *message;
  AdwBin    *comment_place;

  MereQuestionItem    *item;
  MereQuestionControl *control; /* in place, or NULL */
  GtkWidget           *more;    /* in place, or NULL */
  char                *picture; /* file of the label's picture, or NULL */
  char                *sound;   /* the same of what it says and shows */
  char                *video;
  MereQuestionCells   *cells;   /* in place, or NULL */
  gboolean             in_cell; /* of a table; else a line of the list */
};

G_DEFINE_FINAL_TYPE (MereQuestionRow, mere_question_row, ADW_TYPE_BIN)

static void
show_control (MereQuestionRow *self)
{
  MereQuestionWords words = { GTK_WIDGET (self->label), GTK_WIDGET (self->hint), GTK_WIDGET (self->message) };
  GType             type = mere_question_choose_control (self->item);

  if (self->control != NULL && G_OBJECT_TYPE (self->control) == type)
    {
      mere_question_control_show (self->control);
      return;
    }

  self->control = type != G_TYPE_INVALID ? mere_question_control_new (type, self->item, &words) : NULL;
  adw_bin_set_child (self->place, GTK_WIDGET (self->control));
}

/* --- Entries of repeats ------------------------------------------------------------------------------------------ */

static void
show_cells (MereQuestionRow *self)
{
  if (mere_question_item_get_cells (self->item) == NULL)
    {
      if (self->cells != NULL)
        adw_bin_set_child (self->place, NULL);
      self->cells = NULL;
    }
  else if (self->cells == NULL)
    {
      self->cells = mere_question_cells_new (self->item);
      adw_bin_set_child (self->place, GTK_WIDGET (self->cells));
    }
  else
    mere_question_cells_show (self->cells);
}

static void
act_on_node (MereQuestionRow *self,
             const char      *action)
{
  MereFormNode    *node = self->item != NULL ? mere_question_item_get_node (self->item) : NULL;
  g_autofree char *ref = node != NULL ? mere_form_node_dup_ref (node) : NULL;

  if (ref != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), action, "s", ref);
}

static void
on_more_clicked_cb (MereQuestionRow *self)
{
  act_on_node (self, "form.add");
}

static void
on_remove_clicked_cb (MereQuestionRow *self)
{
  act_on_node (self, "form.remove");
}

static void
show_more (MereQuestionRow *self,
           const char      *name)
{
  MereFormNode    *repeat = mere_question_item_get_node (self->item);
  gboolean         first = mere_form_node_get_n_children (repeat) == 0;
  g_autofree char *text = g_strdup_printf (first ? _ ("Add: %s") : _ ("Add another: %s"), name);

  if (self->more == NULL)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      self->more = gtk_button_new ();
      gtk_button_set_child (GTK_BUTTON (self->more), label);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
      gtk_widget_set_halign (self->more, GTK_ALIGN_START);
      g_signal_connect_object (self->more, "clicked", G_CALLBACK (on_more_clicked_cb), self, G_CONNECT_SWAPPED);
      adw_bin_set_child (self->place, self->more);
    }

  gtk_label_set_label (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->more))), text);
}

static void
show_remove (MereQuestionRow *self,
             const char      *name)
{
  MereFormNode *repeat = mere_form_node_get_parent (mere_question_item_get_node (self->item));
  /* Translators: “Remove Passenger 3” */
  g_autofree char *text = g_strdup_printf (_ ("Remove %s"), name);

  gtk_label_set_label (self->remove_label, text);
  gtk_widget_set_visible (self->remove_button, self->cells == NULL && mere_form_node_can_add_remove (repeat));
}

/* --- What is said ------------------------------------------------------------------------------------------------ */

static const char *
get_style (MereQuestionItem *item)
{
  switch (mere_question_item_get_role (item))
    {
    case MERE_QUESTION_HEADING:
      return "heading-line";
    case MERE_QUESTION_ASKED:
      return mere_question_item_is_note (item) ? "note" : "asked";
    case MERE_QUESTION_INSTANCE:
    case MERE_QUESTION_MORE:
    default:
      return "entry";
    }
}

/* Lines are told apart by what they are, and by their place in a card. */
static void
show_style (MereQuestionRow *self)
{
  static const char *const cards[] = { NULL, "card-top", "card-middle", "card-bottom", "card-whole" };
  const char *const        classes[] = { "mere-question", get_style (self->item), cards[mere_question_item_get_card (self->item)], NULL };
  const char *const        cell[] = { "mere-cell", NULL };

  gtk_widget_set_css_classes (self->body, (const char **) (mere_question_item_is_cell (self->item) ? cell : classes));
  if (mere_question_item_get_cells (self->item) != NULL)
    gtk_widget_add_css_class (self->body, "table-row");
}

static void
show_heading (MereQuestionRow *self,
              MereQuestionRole role,
              const char      *name)
{
  gboolean          titled = role == MERE_QUESTION_HEADING || (role == MERE_QUESTION_INSTANCE && mere_question_item_get_cells (self->item) == NULL);
  const char *const top[] = { "title-3", NULL };
  const char *const below[] = { "heading", NULL };
  gboolean          is_top = role == MERE_QUESTION_HEADING && mere_question_item_get_depth (self->item) == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->title), titled);
  gtk_label_set_label (self->title, titled ? name : "");
  gtk_widget_set_css_classes (GTK_WIDGET (self->title), (const char **) (is_top ? top : below));
}

static void
show_label (MereQuestionRow *self,
            MereQuestionRole role,
            const char      *name)
{
  MereFormNode *node = mere_question_item_get_node (self->item);
  const char   *markup = mere_form_node_get_label_markup (node);
  const char   *label = mere_form_node_get_label (node);
  gboolean      asked = role == MERE_QUESTION_ASKED;
  gboolean      shown = asked && g_strcmp0 (label, mere_question_item_get_head (self->item)) != 0;

  if (asked && label != NULL && *label != '\0' && markup != NULL)
    gtk_label_set_markup (self->label, markup);
  else
    gtk_label_set_text (self->label, asked ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->label), shown);
  gtk_widget_set_visible (self->required_mark, shown && mere_question_item_is_open (self->item) && mere_form_node_is_required (node));
}

/* What the label has beside its words, in the form's present language: another file than @shown, or the same. */
static gboolean
take_media (MereQuestionRow *self,
            MereQuestionRole role,
            const char      *kind,
            char           **shown)
{
  MereFormNode    *node = mere_question_item_get_node (self->item);
  g_autofree char *file = role == MERE_QUESTION_ASKED || role == MERE_QUESTION_HEADING ? mere_form_node_dup_media (node, kind) : NULL;

  if (g_strcmp0 (file, *shown) == 0)
    return FALSE;

  g_free (*shown);
  *shown = g_steal_pointer (&file);

  return TRUE;
}

static void
fill_place (AdwBin    *place,
            GtkWidget *child)
{
  adw_bin_set_child (place, child);
  gtk_widget_set_visible (GTK_WIDGET (place), child != NULL);
}

static void
show_media (MereQuestionRow *self,
            MereQuestionRole role,
            const char      *name)
{
  MereCapture *capture = mere_question_keeper_get_capture (mere_question_item_get_keeper (self->item));

  if (take_media (self, role, "image", &self->picture))
    fill_place (self->picture_place, mere_form_picture_new (capture, self->picture, name));
  if (take_media (self, role, "audio", &self->sound))
    fill_place (self->sound_place, mere_form_recording_new (capture, self->sound, FALSE));
  if (take_media (self, role, "video", &self->video))
    fill_place (self->video_place, mere_form_recording_new (capture, self->video, TRUE));
}

/* Why headquarters has sent the record back, where it says so of this very line. */
static void
show_remark (MereQuestionRow *self,
             MereQuestionRole role)
{
  MereCapture     *capture = mere_question_keeper_get_capture (mere_question_item_get_keeper (self->item));
  const char      *remark = role != MERE_QUESTION_MORE ? mere_capture_get_remark (capture, mere_question_item_get_node (self->item)) : NULL;
  g_autofree char *text = remark != NULL ? mere_words_remark (remark) : NULL;

  gtk_label_set_text (self->remark, text != NULL ? text : "");
  gtk_widget_set_visible (self->remark_box, text != NULL);
}

static void
show_hint (MereQuestionRow *self)
{
  MereFormNode    *node = mere_question_item_get_node (self->item);
  const char      *hint = mere_form_node_get_hint (node);
  const char      *guidance = mere_form_node_get_guidance (node);
  gboolean         both = hint != NULL && *hint != '\0' && guidance != NULL && *guidance != '\0';
  g_autofree char *text = g_strconcat (hint != NULL ? hint : "", both ? "\n" : "", guidance != NULL ? guidance : "", NULL);

  gtk_label_set_text (self->hint, text);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), *text != '\0' && mere_question_item_get_role (self->item) != MERE_QUESTION_MORE);
}

static void
show_message (MereQuestionRow *self)
{
  g_autofree char *message = mere_question_item_dup_message (self->item);
  MereFormNode    *node = mere_question_item_get_node (self->item);

  gtk_label_set_text (self->message, message != NULL ? message : "");
  gtk_widget_set_visible (self->message_box, message != NULL);
  if (message != NULL)
    gtk_widget_add_css_class (self->body, "invalid");
  if (self->control != NULL)
    mere_question_control_mark (self->control, mere_form_node_is_required (node), message != NULL);
}

static void
show_comment (MereQuestionRow *self)
{
  MereQuestionWords words = { GTK_WIDGET (self->label), GTK_WIDGET (self->hint), GTK_WIDGET (self->message) };
  GtkWidget        *comment = adw_bin_get_child (self->comment_place);
  gboolean          commenting = mere_question_item_is_commenting (self->item);

  if (commenting && comment == NULL)
    adw_bin_set_child (self->comment_place, GTK_WIDGET (mere_question_control_new (MERE_TYPE_QUESTION_COMMENT, self->item, &words)));
  else if (comment != NULL)
    mere_question_control_show (MERE_QUESTION_CONTROL (comment));

  gtk_widget_set_visible (GTK_WIDGET (self->comment_place), commenting);
}

/* What is in the form reads as the form's language does, whatever the window's is. */
static void
show_direction (MereQuestionRow *self)
{
  GtkTextDirection direction = mere_question_keeper_get_direction (mere_question_item_get_keeper (self->item));

  if (direction != gtk_widget_get_default_direction () || direction != gtk_widget_get_direction (self->body))
    mere_question_set_direction (GTK_WIDGET (self), direction);
}

/* A list's line has no name of its own in this GTK; it gets the one that is read on it. Entries of repeats ask the
 * same questions, so theirs say which entry. */
static void
name_line (MereQuestionRow *self,
           const char      *name)
{
  GtkWidget       *line = mere_question_item_is_cell (self->item) ? GTK_WIDGET (self) : gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *entry = mere_question_item_dup_entry (self->item);
  g_autofree char *in_entry = entry != NULL ? g_strdup_printf ("%s: %s", entry, name) : NULL;

  if (line != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL, in_entry != NULL ? in_entry : name, -1);
}

static void
show_item (MereQuestionRow *self)
{
  MereQuestionRole role;
  g_autofree char *name = NULL;

  if (self->item == NULL || !mere_question_item_is_alive (self->item))
    return;

  role = mere_question_item_get_role (self->item);
  name = mere_question_item_dup_name (self->item);
  gtk_widget_set_margin_start (self->body, INDENT * (int) (mere_question_item_is_cell (self->item) || mere_question_item_get_card (self->item) != MERE_QUESTION_NO_CARD ? 0 : MAX (mere_question_item_get_depth (self->item), 1) - 1));

  show_style (self);
  show_heading (self, role, name);
  show_label (self, role, name);
  show_media (self, role, name);
  show_remark (self, role);
  show_hint (self);
  if (role == MERE_QUESTION_MORE)
    show_more (self, name);
  else if (role == MERE_QUESTION_INSTANCE)
    show_cells (self);
  else
    show_control (self);
  if (role == MERE_QUESTION_INSTANCE)
    show_remove (self, name);
  show_message (self);
  show_comment (self);
  show_direction (self);
  name_line (self, name);
}

/* --- Keys and focus ---------------------------------------------------------------------------------------------- */

/* Enter goes on from a line of text, a choice, a scale; a button is pressed by it, and a text of several lines needs it
 * for itself, so that Ctrl+Enter goes on there. */
static gboolean
goes_on (GtkWidget      *focus,
         GdkModifierType modifiers)
{
  if (modifiers == GDK_CONTROL_MASK)
    return TRUE;

  return (modifiers & ~GDK_SHIFT_MASK) == 0 && !GTK_IS_TEXT_VIEW (focus) && !GTK_IS_BUTTON (focus);
}

/* In a table the lines above and below are those of its column. */
static const char *
get_step (MereQuestionRow *self,
          gboolean         down)
{
  if (mere_question_item_is_cell (self->item))
    return down ? "form.below" : "form.above";

  return down ? "form.next" : "form.previous";
}

static gboolean
take_arrow (MereQuestionRow *self,
            GtkWidget       *focus,
            guint            keyval)
{
  gboolean         down = keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down;
  gboolean         up = keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up;
  GtkDirectionType direction = down ? GTK_DIR_DOWN : up                                                  ? GTK_DIR_UP
                                                   : keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left ? GTK_DIR_LEFT
                                                                                                         : GTK_DIR_RIGHT;

  if (GTK_IS_CHECK_BUTTON (focus))
    {
      if (!gtk_widget_child_focus (GTK_WIDGET (self->control), direction) && (up || down))
        gtk_widget_activate_action (GTK_WIDGET (self), get_step (self, down), NULL);
      return TRUE;
    }

  if (GTK_IS_TEXT (focus) && (up || down) && gtk_widget_get_ancestor (focus, GTK_TYPE_SPIN_BUTTON) == NULL)
    return gtk_widget_activate_action (GTK_WIDGET (self), get_step (self, down), NULL);

  return FALSE;
}

static gboolean
on_key_cb (GtkEventControllerKey *keys,
           guint                  keyval,
           guint                  keycode,
           GdkModifierType        state,
           MereQuestionRow       *self)
{
  GtkRoot        *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget      *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  if (focus == NULL || self->control == NULL || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL)
    return FALSE;

  switch (keyval)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return goes_on (focus, modifiers) && gtk_widget_activate_action (GTK_WIDGET (self), modifiers & GDK_SHIFT_MASK ? "form.previous" : "form.next", NULL);

    case GDK_KEY_Up:
    case GDK_KEY_Down:
    case GDK_KEY_Left:
    case GDK_KEY_Right:
    case GDK_KEY_KP_Up:
    case GDK_KEY_KP_Down:
    case GDK_KEY_KP_Left:
    case GDK_KEY_KP_Right:
      return modifiers == 0 && take_arrow (self, focus, keyval);

    default:
      break;
    }

  if ((modifiers & ~GDK_SHIFT_MASK) != 0 || GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus))
    return FALSE;

  return mere_question_control_pick (self->control, gdk_keyval_to_unicode (keyval));
}

static void
on_left_cb (MereQuestionRow *self)
{
  if (self->item != NULL)
    mere_question_item_visit (self->item);
}

static void
on_item_changed_cb (MereQuestionRow *self)
{
  show_item (self);
}

static void
mere_question_row_dispose (GObject *object)
{
  mere_question_row_set_item (MERE_QUESTION_ROW (object), NULL);

  G_OBJECT_CLASS (mere_question_row_parent_class)->dispose (object);
}

static void
mere_question_row_class_init (MereQuestionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_question_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/question-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, body);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, title);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, label);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, required_mark);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, remove_label);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, picture_place);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, sound_place);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, video_place);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, remark_box);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, remark);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, hint);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, place);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, message_box);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, message);
  gtk_widget_class_bind_template_child (widget_class, MereQuestionRow, comment_place);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_clicked_cb);
}

static void
mere_question_row_init (MereQuestionRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

MereQuestionRow *
mere_question_row_new (void)
{
  return g_object_new (MERE_TYPE_QUESTION_ROW, NULL);
}

MereQuestionRow *
mere_question_row_new_cell (void)
{
  MereQuestionRow *self = g_object_new (MERE_TYPE_QUESTION_ROW, "accessible-role", GTK_ACCESSIBLE_ROLE_GRID_CELL, NULL);

  self->in_cell = TRUE;

  return self;
}

MereQuestionItem *
mere_question_row_get_item (MereQuestionRow *self)
{
  return self->item;
}

static void
drop_item (MereQuestionRow *self)
{
  g_signal_handlers_disconnect_by_data (self->item, self);
  if (mere_question_item_get_row (self->item) == GTK_WIDGET (self))
    mere_question_item_set_row (self->item, NULL);

  self->control = NULL;
  self->more = NULL;
  g_clear_pointer (&self->picture, g_free);
  g_clear_pointer (&self->sound, g_free);
  g_clear_pointer (&self->video, g_free);
  fill_place (self->picture_place, NULL);
  fill_place (self->sound_place, NULL);
  fill_place (self->video_place, NULL);
  self->cells = NULL;
  adw_bin_set_child (self->place, NULL);
  adw_bin_set_child (self->comment_place, NULL);
  gtk_widget_set_visible (self->remove_button, FALSE);
  mere_question_row_set_found (self, FALSE);
  g_clear_object (&self->item);
}

void
mere_question_row_set_item (MereQuestionRow  *self,
                            MereQuestionItem *item)
{
  g_return_if_fail (MERE_IS_QUESTION_ROW (self));

  if (self->item == item)
    return;
  if (self->item != NULL)
    drop_item (self);
  if (item == NULL)
    return;

  self->item = g_object_ref (item);
  if (self->in_cell == mere_question_item_is_cell (item)) /* a list that loses its lines one by one may bind again what is a cell already */
    mere_question_item_set_row (item, GTK_WIDGET (self));
  g_signal_connect_object (item, "changed", G_CALLBACK (on_item_changed_cb), self, G_CONNECT_SWAPPED);
  show_item (self);
}

static gboolean
focus_in (GtkWidget       *widget,
          GtkDirectionType direction)
{
  if (widget == NULL || !gtk_widget_get_visible (widget))
    return FALSE;
  if (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN)
    return TRUE;

  return gtk_widget_child_focus (widget, direction);
}

gboolean
mere_question_row_focus_answer (MereQuestionRow *self,
                                GtkDirectionType direction)
{
  GtkWidget *remove = self->remove_button;

  if (self->cells != NULL)
    return mere_question_cells_focus_remove (self->cells);

  return focus_in (adw_bin_get_child (self->place), direction) || focus_in (remove, direction);
}

gboolean
mere_question_row_focus_comment (MereQuestionRow *self)
{
  return focus_in (GTK_WIDGET (self->comment_place), GTK_DIR_TAB_FORWARD);
}

void
mere_question_row_set_found (MereQuestionRow *self,
                             gboolean         found)
{
  if (found)
    gtk_widget_add_css_class (GTK_WIDGET (self), "found");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "found");
}
