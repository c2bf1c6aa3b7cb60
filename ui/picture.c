/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/picture.h"

#define PIECE (64 * 1024) /* bytes read at once */
#define JPEG_QUALITY "90"

static void
on_size_prepared_cb (GdkPixbufLoader *loader,
                     int              width,
                     int              height,
                     gpointer         user_data)
{
  int    most = GPOINTER_TO_INT (user_data);
  int    side = MAX (width, height);
  double scale = side > most ? (double) most / side : 1;

  if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int) (width * scale)), MAX (1, (int) (height * scale)));
}

/* The loader wants to be closed on every way out. */
static gboolean
feed (GdkPixbufLoader *loader,
      GInputStream    *stream,
      GCancellable    *cancellable,
      GError         **error)
{
  g_autofree guchar *piece = g_malloc (PIECE);
  gssize             n;

  while ((n = g_input_stream_read (stream, piece, PIECE, cancellable, error)) > 0)
    {
      if (!gdk_pixbuf_loader_write (loader, piece, (gsize) n, error))
        break;
    }

  if (n != 0)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return FALSE;
    }

  return gdk_pixbuf_loader_close (loader, error);
}

GdkPixbuf *
mere_picture_load (GInputStream *stream,
                   int           most_pixels,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  GdkPixbuf *picture;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared_cb), GINT_TO_POINTER (most_pixels));
  if (!feed (loader, stream, cancellable, error))
    return NULL;

  picture = gdk_pixbuf_loader_get_pixbuf (loader);
  if (picture == NULL)
    {
      g_set_error_literal (error, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_CORRUPT_IMAGE, "no picture");
      return NULL;
    }

  return gdk_pixbuf_apply_embedded_orientation (picture);
}

GBytes *
mere_picture_clean (GInputStream *stream,
                    int           most_pixels,
                    const char  **mime,
                    GCancellable *cancellable,
                    GError      **error)
{
  g_autoptr (GdkPixbuf) picture = mere_picture_load (stream, most_pixels > 0 ? most_pixels : MERE_PICTURE_MOST_SIDE, cancellable, error);
  gboolean transparent = picture != NULL && gdk_pixbuf_get_has_alpha (picture);
  char    *data;
  gsize    size;

  if (picture == NULL)
    return NULL;
  if (transparent ? !gdk_pixbuf_save_to_buffer (picture, &data, &size, "png", error, NULL)
                  : !gdk_pixbuf_save_to_buffer (picture, &data, &size, "jpeg", error, "quality", JPEG_QUALITY, NULL))
    return NULL;

  *mime = transparent ? "image/png" : "image/jpeg";

  return g_bytes_new_take (data, size);
}
