/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of questions and choices. Decoded in a thread of their own: a form may have many, and they may be large. */

#include "config.h"
#include "ui/form-picture.h"

#include "app/store/media.h"
#include "ui/picture.h"

#define MOST_SIDE 640   /* px: what is decoded */
#define MOST_HEIGHT 240 /* px: what is shown */

static void
decode (GTask        *task,
        gpointer      source,
        gpointer      bytes,
        GCancellable *cancellable)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  GError    *error = NULL;
  GdkPixbuf *pixbuf = mere_picture_load (stream, MOST_SIDE, cancellable, &error);

  if (pixbuf != NULL)
    g_task_return_pointer (task, pixbuf, g_object_unref);
  else
    g_task_return_error (task, error);
}

/* One that cannot be read is not there: the words are. */
static void
on_decoded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GdkPixbuf) pixbuf = g_task_propagate_pointer (G_TASK (result), NULL);

  if (pixbuf == NULL)
    return;
  gtk_picture_set_pixbuf (GTK_PICTURE (source), pixbuf);
  gtk_widget_set_size_request (GTK_WIDGET (source), -1, MIN (gdk_pixbuf_get_height (pixbuf), MOST_HEIGHT));
  gtk_widget_set_visible (GTK_WIDGET (source), TRUE);
}

GtkWidget *
mere_form_picture_new (MereCapture *capture,
                       const char  *name,
                       const char  *words)
{
  gint64 instrument = mere_capture_get_instrument (capture)->row;
  g_autoptr (GBytes) bytes = name != NULL ? mere_media_load (mere_capture_get_store (capture), instrument, name, NULL) : NULL;
  GtkWidget *picture;
  g_autoptr (GTask) task = NULL;

  if (bytes == NULL)
    return NULL;
  picture = gtk_picture_new ();
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), words);
  gtk_widget_set_halign (picture, GTK_ALIGN_START);
  gtk_widget_set_visible (picture, FALSE);

  task = g_task_new (picture, NULL, on_decoded_cb, NULL);
  g_task_set_task_data (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, decode);

  return picture;
}
