/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file as an answer: chosen, dropped or pasted. Pictures are written anew on their way into the vault, so that nothing
 * goes with them that the person has not seen. What is drawn is such a file too: each stroke makes it anew. */

#include "config.h"
#include "ui/question-upload.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "app/store/attachment.h"
#include "ui/drawing-pad.h"
#include "ui/intake.h"
#include "ui/picture.h"

#define THUMBNAIL 96 /* px */

/* Of the paper, in px. */
#define SIGNATURE_WIDTH 360
#define SIGNATURE_HEIGHT 140
#define DRAWING_WIDTH 420
#define DRAWING_HEIGHT 280

struct _MereQuestionUpload
{
  MereQuestionControl parent_instance;

  GtkWidget *picture;
  GtkWidget *name;
  GtkWidget *choose;
  GtkLabel  *choose_label;
  GtkWidget *remove;
  GtkWidget *spinner;

  GtkWidget *pad; /* to draw on; or NULL */
  GtkWidget *pad_buttons;
  gboolean   drawing;    /* what is on the pad is the answer, or is becoming it */
  gboolean   drawn_more; /* since what is being taken in */
  gboolean   working;

  GCancellable *cancellable;
  char         *shown; /* file name whose thumbnail is shown, or being made */
  guint         look;  /* idle source */
};

G_DEFINE_FINAL_TYPE (MereQuestionUpload, mere_question_upload, MERE_TYPE_QUESTION_CONTROL)

static MereCapture *
get_capture (MereQuestionUpload *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));

  return mere_question_keeper_get_capture (mere_question_item_get_keeper (item));
}

static const char *
get_media_type (MereFormNode *node)
{
  const char *type = mere_form_node_get_body_attribute (node, "mediatype");

  return type != NULL && *type != '\0' ? type : "*/*";
}

/* --- Taking a file in -------------------------------------------------------------------------------------------- */

/* The button stays as it is: one that cannot be pressed any more would lose the focus, and the keys with it. */
static void
show_work (MereQuestionUpload *self,
           gboolean            working)
{
  self->working = working;
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), working);
  gtk_widget_set_visible (self->spinner, working);
}

static void take_drawing (MereQuestionUpload *self);

static void
on_taken_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (source);
  MereQuestionItem   *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));
  const char         *name;
  g_autoptr (GError) error = NULL;
  g_autofree char *b2 = mere_intake_run_finish (result, &name, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_work (self, FALSE);
  if (!mere_question_item_is_alive (item))
    return;
  if (self->drawn_more)
    {
      take_drawing (self);
      return;
    }
  if (b2 != NULL)
    {
      mere_question_keeper_attach (mere_question_item_get_keeper (item), mere_question_item_get_node (item), name, b2);
      return;
    }

  if (error->domain == GDK_PIXBUF_ERROR)
    gtk_widget_activate_action (GTK_WIDGET (self), "desk.toast", "s", _ ("This picture cannot be read. Nothing was changed."));
  else
    {
      g_autofree char *sentence = g_strdup_printf (_ ("“%s” was not added: %s"), name, error->message);

      gtk_widget_activate_action (GTK_WIDGET (self), "desk.toast", "s", sentence);
    }
}

/* @intake: (transfer full) */
static void
take (MereQuestionUpload *self,
      MereIntake         *intake)
{
  MereFormNode *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  const char   *most_pixels = mere_form_node_get_attribute (node, "max-pixels");
  gboolean      picture = g_str_has_prefix (get_media_type (node), "image/") || g_str_has_prefix (mere_intake_get_mime (intake), "image/");

  if (picture && !self->drawing)
    mere_intake_clean_picture (intake, most_pixels != NULL ? CLAMP (atoi (most_pixels), 0, MERE_PICTURE_MOST_SIDE) : 0);
  show_work (self, TRUE);
  mere_intake_run_async (intake, self, mere_capture_get_store (get_capture (self)), self->cancellable, on_taken_cb, NULL);
}

static void
end_drawing (MereQuestionUpload *self)
{
  self->drawing = FALSE;
  self->drawn_more = FALSE;
  if (self->pad != NULL)
    mere_drawing_pad_clear (MERE_DRAWING_PAD (self->pad));
}

static void
take_file (MereQuestionUpload *self,
           GFile              *file)
{
  end_drawing (self);
  take (self, mere_intake_new_file (file));
}

static void
take_texture (MereQuestionUpload *self,
              GdkTexture         *texture)
{
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (texture);

  end_drawing (self);
  take (self, mere_intake_new_bytes (png, "picture.png", "image/png"));
}

/* --- Drawing ----------------------------------------------------------------------------------------------------- */

static gboolean
is_signature (MereFormNode *node)
{
  return mere_question_has_appearance (node, "signature", NULL);
}

static gboolean
is_drawn (MereFormNode *node)
{
  return g_str_has_prefix (get_media_type (node), "image/") &&
         (is_signature (node) || mere_question_has_appearance (node, "draw", NULL) || mere_question_has_appearance (node, "annotate", NULL));
}

static void
take_drawing (MereQuestionUpload *self)
{
  MereFormNode *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  g_autoptr (GBytes) png = NULL;

  self->drawn_more = self->working;
  if (self->working)
    return;

  png = mere_drawing_pad_dup_png (MERE_DRAWING_PAD (self->pad));
  take (self, mere_intake_new_bytes (png, is_signature (node) ? "signature.png" : "drawing.png", "image/png"));
}

static void
on_drawn_cb (MereQuestionUpload *self)
{
  MereQuestionItem *item = mere_question_control_get_item (MERE_QUESTION_CONTROL (self));

  if (!mere_question_item_is_alive (item))
    return;

  self->drawing = !mere_drawing_pad_is_empty (MERE_DRAWING_PAD (self->pad));
  if (self->drawing)
    take_drawing (self);
  else
    {
      self->drawn_more = FALSE;
      mere_question_item_answer (item, "", FALSE);
    }
}

/* --- Ways in ----------------------------------------------------------------------------------------------------- */

static void
on_chosen_cb (GtkNativeDialog    *dialog,
              int                 response,
              MereQuestionUpload *self)
{
  if (response == GTK_RESPONSE_ACCEPT && mere_question_control_get_node (MERE_QUESTION_CONTROL (self)) != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      take_file (self, file);
    }
}

static void
on_choose_clicked_cb (MereQuestionUpload *self)
{
  MereFormNode         *node = mere_question_control_get_node (MERE_QUESTION_CONTROL (self));
  const char           *type = node != NULL ? get_media_type (node) : "*/*";
  GtkWindow            *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkFileChooserNative *dialog;

  if (self->working)
    return;

  dialog = gtk_file_chooser_native_new (_ ("Choose a file"), window, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Choose"), _ ("Cancel"));
  if (strcmp (type, "*/*") != 0)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_add_mime_type (filter, type);
      gtk_file_chooser_set_filter (GTK_FILE_CHOOSER (dialog), filter);
    }

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_chosen_cb), self, 0);
  g_object_set_data_full (G_OBJECT (self), "dialog", dialog, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
on_drop_cb (MereQuestionUpload *self,
            const GValue       *value)
{
  if (mere_question_control_get_node (MERE_QUESTION_CONTROL (self)) == NULL)
    return FALSE;

  take_file (self, g_value_get_object (value));

  return TRUE;
}

static void
on_texture_pasted_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (MereQuestionUpload) self = user_data;
  g_autoptr (GdkTexture) texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, NULL);

  if (texture != NULL && mere_question_control_get_node (MERE_QUESTION_CONTROL (self)) != NULL)
    take_texture (self, texture);
}

static void
on_file_pasted_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (MereQuestionUpload) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL && mere_question_control_get_node (MERE_QUESTION_CONTROL (self)) != NULL)
    take_file (self, g_value_get_object (value));
}

/* Whether there is a picture, as such or as a file's bytes. GTK 4.8 is not asked for another: it keeps a request that it cannot meet. */
static gboolean
has_picture (GdkContentFormats *formats)
{
  g_autoptr (GdkContentFormats) all = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (formats));

  return gdk_content_formats_contain_gtype (all, GDK_TYPE_TEXTURE);
}

static gboolean
on_paste_cb (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  GdkClipboard      *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_mime_type (formats, "text/uri-list") || gdk_content_formats_contain_gtype (formats, G_TYPE_FILE))
    gdk_clipboard_read_value_async (clipboard, G_TYPE_FILE, G_PRIORITY_DEFAULT, NULL, on_file_pasted_cb, g_object_ref (widget));
  else if (has_picture (formats))
    gdk_clipboard_read_texture_async (clipboard, NULL, on_texture_pasted_cb, g_object_ref (widget));

  return TRUE;
}

static void
on_remove_clicked_cb (MereQuestionUpload *self)
{
  end_drawing (self);
  mere_question_item_answer (mere_question_control_get_item (MERE_QUESTION_CONTROL (self)), "", FALSE);
  gtk_widget_grab_focus (self->choose);
}

/* --- What is there ----------------------------------------------------------------------------------------------- */

/* The attachment that the answer names; MereAttachment, or NULL. */
static MereAttachment *
load_attachment (MereQuestionUpload *self,
                 const char         *name)
{
  MereCapture *capture = get_capture (self);
  g_autoptr (GPtrArray) all = mere_attachment_list_of_draft (mere_capture_get_store (capture), mere_capture_get_draft (capture), NULL);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      MereAttachment *attachment = g_ptr_array_index (all, i);

      if (g_strcmp0 (attachment->name, name) == 0)
        return mere_attachment_copy (attachment);
    }

  return NULL;
}

static void
thumbnail_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  MereCapture    *capture = get_capture (MERE_QUESTION_UPLOAD (source));
  MereAttachment *attachment = task_data;
  GError         *error = NULL;
  g_autoptr (GInputStream) stream = mere_attachment_open (mere_capture_get_store (capture), attachment->b2, 0, &error);
  GdkPixbuf *picture = stream != NULL ? mere_picture_load (stream, 2 * THUMBNAIL, cancellable, &error) : NULL;

  if (picture != NULL)
    g_task_return_pointer (task, picture, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_thumbnail_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (source);
  MereAttachment     *attachment = g_task_get_task_data (G_TASK (result));
  g_autoptr (GdkPixbuf) picture = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GdkTexture) texture = NULL;

  if (picture == NULL || g_strcmp0 (self->shown, attachment->name) != 0)
    return;

  texture = gdk_texture_new_for_pixbuf (picture);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_show (self->picture);
}

static void
show_attachment (MereQuestionUpload *self,
                 const char         *name)
{
  g_autoptr (MereAttachment) attachment = load_attachment (self, name);
  g_autofree char *size = attachment != NULL ? g_format_size ((guint64) attachment->size) : NULL;
  g_autofree char *text = size != NULL ? g_strdup_printf ("%s · %s", name, size) : g_strdup (name);

  gtk_label_set_text (GTK_LABEL (self->name), text);
  if (!self->drawing && attachment != NULL && attachment->mime != NULL && g_str_has_prefix (attachment->mime, "image/"))
    {
      g_autoptr (GTask) task = g_task_new (self, self->cancellable, on_thumbnail_cb, NULL);

      g_task_set_source_tag (task, show_attachment);
      g_task_set_task_data (task, g_steal_pointer (&attachment), (GDestroyNotify) mere_attachment_free);
      g_task_run_in_thread (task, thumbnail_thread);
    }
}

/* The session tells of an answer before the step is in the vault, and the file with it: so it is looked at afterwards. */
static gboolean
on_look_cb (gpointer user_data)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (user_data);

  self->look = 0;
  if (mere_question_control_get_node (MERE_QUESTION_CONTROL (self)) != NULL && *self->shown != '\0')
    show_attachment (self, self->shown);

  return G_SOURCE_REMOVE;
}

/* Paper while nothing is answered, or while what is on it is the answer; else the picture that is there. */
static void
show_pad (MereQuestionUpload *self,
          gboolean            answered)
{
  if (self->pad == NULL)
    return;

  if (!answered && !self->working)
    end_drawing (self);
  gtk_widget_set_visible (self->pad, self->drawing || !answered);
  gtk_widget_set_visible (self->pad_buttons, self->drawing);
}

static void
mere_question_upload_show (MereQuestionControl *control)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (control);
  const char         *value = mere_form_node_get_value (mere_question_control_get_node (control));
  gboolean            answered = *value != '\0';

  gtk_label_set_label (self->choose_label, answered ? _ ("Choose another file…") : _ ("Choose a file…"));
  gtk_widget_set_visible (self->remove, answered);
  show_pad (self, answered);
  if (g_strcmp0 (self->shown, value) == 0)
    return;

  g_free (self->shown);
  self->shown = g_strdup (value);
  gtk_label_set_text (GTK_LABEL (self->name), value);
  gtk_widget_set_visible (self->name, answered);
  gtk_widget_hide (self->picture);
  if (answered && self->look == 0)
    self->look = g_idle_add (on_look_cb, self);
}

static GtkWidget *
make_button (MereQuestionUpload *self,
             const char         *text,
             GCallback           clicked)
{
  GtkWidget *button = gtk_button_new_with_label (text);

  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);

  return button;
}

static void
on_undo_clicked_cb (MereQuestionUpload *self)
{
  mere_drawing_pad_undo (MERE_DRAWING_PAD (self->pad));
}

/* The pad has no keys of its own: who does not draw chooses a file. */
static GtkWidget *
make_pad (MereQuestionUpload *self,
          gboolean            signature)
{
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget  *undo = make_button (self, _ ("Undo the last stroke"), G_CALLBACK (on_undo_clicked_cb));
  const char *name = signature ? _ ("Sign here") : _ ("Draw here");

  self->pad = mere_drawing_pad_new (signature ? SIGNATURE_WIDTH : DRAWING_WIDTH, signature ? SIGNATURE_HEIGHT : DRAWING_HEIGHT);
  gtk_widget_set_tooltip_text (self->pad, name);
  mere_question_control_name_part (MERE_QUESTION_CONTROL (self), self->pad, name);
  g_signal_connect_object (self->pad, "drawn", G_CALLBACK (on_drawn_cb), self, G_CONNECT_SWAPPED);

  self->pad_buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_valign (self->pad_buttons, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (self->pad_buttons), undo);
  gtk_box_append (GTK_BOX (box), self->pad);
  gtk_box_append (GTK_BOX (box), self->pad_buttons);

  return box;
}

static void
accept_drops_and_pastes (MereQuestionUpload *self)
{
  GtkDropTarget      *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                                                          gtk_callback_action_new (on_paste_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
mere_question_upload_build (MereQuestionControl *control)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (control);
  MereFormNode       *node = mere_question_control_get_node (control);
  GtkWidget          *group = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget          *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->picture = g_object_new (GTK_TYPE_PICTURE, "visible", FALSE, "halign", GTK_ALIGN_START, "can-shrink", TRUE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_size_request (self->picture, -1, THUMBNAIL);
  self->name = g_object_new (GTK_TYPE_LABEL, "visible", FALSE, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  self->choose = make_button (self, _ ("Choose a file…"), G_CALLBACK (on_choose_clicked_cb));
  self->choose_label = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->choose)));
  self->remove = make_button (self, is_drawn (node) ? _ ("Clear") : _ ("Remove the file"), G_CALLBACK (on_remove_clicked_cb));
  self->spinner = g_object_new (GTK_TYPE_SPINNER, "visible", FALSE, NULL);

  gtk_box_append (GTK_BOX (buttons), self->choose);
  gtk_box_append (GTK_BOX (buttons), self->remove);
  gtk_box_append (GTK_BOX (buttons), self->spinner);
  if (is_drawn (node))
    gtk_box_append (GTK_BOX (group), make_pad (self, is_signature (node)));
  gtk_box_append (GTK_BOX (group), self->picture);
  gtk_box_append (GTK_BOX (group), self->name);
  gtk_box_append (GTK_BOX (group), buttons);
  mere_question_control_name (control, group);
  accept_drops_and_pastes (self);
  adw_bin_set_child (ADW_BIN (self), group);
}

static void
mere_question_upload_dispose (GObject *object)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (object);

  g_clear_handle_id (&self->look, g_source_remove);
  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (mere_question_upload_parent_class)->dispose (object);
}

static void
mere_question_upload_finalize (GObject *object)
{
  MereQuestionUpload *self = MERE_QUESTION_UPLOAD (object);

  g_object_unref (self->cancellable);
  g_free (self->shown);

  G_OBJECT_CLASS (mere_question_upload_parent_class)->finalize (object);
}

static void
mere_question_upload_class_init (MereQuestionUploadClass *klass)
{
  GObjectClass             *object_class = G_OBJECT_CLASS (klass);
  MereQuestionControlClass *control_class = MERE_QUESTION_CONTROL_CLASS (klass);

  object_class->dispose = mere_question_upload_dispose;
  object_class->finalize = mere_question_upload_finalize;
  control_class->build = mere_question_upload_build;
  control_class->show = mere_question_upload_show;
}

static void
mere_question_upload_init (MereQuestionUpload *self)
{
  self->cancellable = g_cancellable_new ();
}
