/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GTK's media module of Debian 12 plays files only, and ends the program when it is given a stream. What is in the vault
 * must not lie on the disk in the clear, so the file is one in memory (memfd), which ends with the widget. */

#include "config.h"
#include "ui/form-recording.h"

#include <sys/mman.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "app/store/media.h"

#define VIDEO_WIDTH 420 /* px: of the place that a video gets */
#define VIDEO_HEIGHT 240

struct _MereFormRecording
{
  AdwBin parent_instance;

  GtkWidget *play;
  GtkLabel  *words;
  AdwBin    *place;
  GtkWidget *trouble;
  GtkWidget *save;

  MereStore      *store;
  gint64          instrument;
  char           *name;
  gboolean        seen;
  int             fd; /* of the file in memory, or -1 */
  GtkMediaStream *stream;
};

G_DEFINE_FINAL_TYPE (MereFormRecording, mere_form_recording, ADW_TYPE_BIN)

static GBytes *
load (MereFormRecording *self)
{
  return mere_media_load (self->store, self->instrument, self->name, NULL);
}

/* By its bytes, whatever it is called. A play list is text that names addresses; nothing is fetched. */
static gboolean
is_recording (GBytes *bytes)
{
  gsize            size;
  const guint8    *data = g_bytes_get_data (bytes, &size);
  g_autofree char *type = g_content_type_guess (NULL, data, size, NULL);

  return (g_content_type_is_a (type, "audio/*") || g_content_type_is_a (type, "video/*") || g_content_type_is_a (type, "application/ogg")) &&
         !g_content_type_is_a (type, "text/plain") && !g_content_type_is_a (type, "application/xml");
}

static gboolean
write_all (int     fd,
           GBytes *bytes)
{
  gsize         left;
  const guint8 *at = g_bytes_get_data (bytes, &left);

  while (left > 0)
    {
      gssize n = write (fd, at, left);

      if (n < 0)
        return FALSE;
      at += n;
      left -= n;
    }

  return TRUE;
}

static GFile *
put_in_memory (MereFormRecording *self)
{
  g_autoptr (GBytes) bytes = load (self);
  g_autofree char *path = NULL;

  if (bytes == NULL || !is_recording (bytes))
    return NULL;

  self->fd = memfd_create ("recording", MFD_CLOEXEC);
  if (self->fd < 0 || !write_all (self->fd, bytes))
    return NULL;
  path = g_strdup_printf ("/proc/self/fd/%d", self->fd);

  return g_file_new_for_path (path);
}

static void
stop (MereFormRecording *self)
{
  if (self->stream != NULL)
    gtk_media_stream_pause (self->stream);
  adw_bin_set_child (self->place, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->place), FALSE);
}

/* The stream stays until the end: this may be one of its signals. */
static void
give_up (MereFormRecording *self)
{
  stop (self);
  gtk_widget_set_visible (self->trouble, TRUE);
  gtk_widget_set_visible (self->save, TRUE);
  gtk_widget_grab_focus (self->save);
  gtk_widget_set_visible (self->play, FALSE);
}

static void
on_error_cb (MereFormRecording *self)
{
  if (gtk_media_stream_get_error (self->stream) != NULL)
    give_up (self);
}

static GtkWidget *
make_player (MereFormRecording *self)
{
  GtkWidget *player;

  if (!self->seen)
    return gtk_media_controls_new (self->stream);

  player = gtk_video_new_for_media_stream (self->stream);
  gtk_widget_set_size_request (player, VIDEO_WIDTH, VIDEO_HEIGHT);
  gtk_widget_set_halign (player, GTK_ALIGN_START);

  return player;
}

static void
on_play_clicked_cb (MereFormRecording *self)
{
  g_autoptr (GFile) file = put_in_memory (self);

  self->stream = file != NULL ? gtk_media_file_new_for_file (file) : NULL;
  if (self->stream == NULL || gtk_media_stream_get_error (self->stream) != NULL)
    {
      give_up (self);
      return;
    }

  g_signal_connect_object (self->stream, "notify::error", G_CALLBACK (on_error_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->place, make_player (self));
  gtk_widget_set_visible (GTK_WIDGET (self->place), TRUE);
  gtk_widget_child_focus (GTK_WIDGET (self->place), GTK_DIR_TAB_FORWARD);
  gtk_widget_set_visible (self->play, FALSE);
  gtk_media_stream_play (self->stream);
}

/* --- As a file ---------------------------------------------------------------------------------------------------- */

gboolean
mere_form_recording_save (MereFormRecording *self,
                          GFile             *file,
                          GError           **error)
{
  g_autoptr (GBytes) bytes = load (self);
  gsize       size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : "";

  return g_file_replace_contents (file, data, size, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, NULL, error);
}

static void
on_save_chosen_cb (GtkNativeDialog   *dialog,
                   int                response,
                   MereFormRecording *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (file == NULL || mere_form_recording_save (self, file, &error))
    return;
  sentence = g_strdup_printf (_ ("“%s” was not saved: %s"), self->name, error->message);
  gtk_widget_activate_action (GTK_WIDGET (self), "desk.toast", "s", sentence);
}

static void
on_save_clicked_cb (MereFormRecording *self)
{
  GtkWindow            *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_ ("Save a Copy"), window, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save"), _ ("Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), self->name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_save_chosen_cb), self, 0);
  g_object_set_data_full (G_OBJECT (self), "dialog", dialog, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- The widget ---------------------------------------------------------------------------------------------------- */

static void
mere_form_recording_dispose (GObject *object)
{
  MereFormRecording *self = MERE_FORM_RECORDING (object);

  stop (self);
  g_clear_object (&self->stream);

  G_OBJECT_CLASS (mere_form_recording_parent_class)->dispose (object);
}

static void
mere_form_recording_finalize (GObject *object)
{
  MereFormRecording *self = MERE_FORM_RECORDING (object);

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->name);

  G_OBJECT_CLASS (mere_form_recording_parent_class)->finalize (object);
}

static void
mere_form_recording_class_init (MereFormRecordingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_form_recording_dispose;
  G_OBJECT_CLASS (klass)->finalize = mere_form_recording_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/form-recording.ui");
  gtk_widget_class_bind_template_child (widget_class, MereFormRecording, play);
  gtk_widget_class_bind_template_child (widget_class, MereFormRecording, words);
  gtk_widget_class_bind_template_child (widget_class, MereFormRecording, place);
  gtk_widget_class_bind_template_child (widget_class, MereFormRecording, trouble);
  gtk_widget_class_bind_template_child (widget_class, MereFormRecording, save);
  gtk_widget_class_bind_template_callback (widget_class, on_play_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
mere_form_recording_init (MereFormRecording *self)
{
  self->fd = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_here (MereStore  *store,
         gint64      instrument,
         const char *name)
{
  g_autoptr (GPtrArray) media = mere_media_list (store, instrument, NULL);

  for (guint i = 0; media != NULL && i < media->len; i++)
    if (g_str_equal (((MereMedia *) g_ptr_array_index (media, i))->name, name))
      return TRUE;

  return FALSE;
}

GtkWidget *
mere_form_recording_new (MereCapture *capture,
                         const char  *name,
                         gboolean     seen)
{
  MereStore         *store = mere_capture_get_store (capture);
  gint64             instrument = mere_capture_get_instrument (capture)->row;
  MereFormRecording *self;

  if (name == NULL || !is_here (store, instrument, name))
    return NULL;

  self = g_object_new (MERE_TYPE_FORM_RECORDING, NULL);
  self->store = store;
  self->instrument = instrument;
  self->name = g_strdup (name);
  self->seen = seen;
  /* Translators: presses to play the recording of a question’s label: a video, or a sound */
  gtk_label_set_label (self->words, seen ? _ ("Watch") : _ ("Listen"));

  return GTK_WIDGET (self);
}

GtkMediaStream *
mere_form_recording_get_stream (MereFormRecording *self)
{
  return self->stream;
}
