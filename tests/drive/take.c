/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "tests/drive/take.h"

#define NORMAL_DPI 96
#define FRAMES 6             /* a page stands still after so many */
#define LONGEST_TIMER_MS 600 /* of a page that looks at something when it is shown */

static void
on_frame_cb (GdkFrameClock *clock,
             guint         *frames)
{
  (*frames)++;
}

static gboolean
on_late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
settle (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  guint          frames = 0;
  gboolean       late = FALSE;
  gulong         handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame_cb), &frames);

  g_timeout_add (LONGEST_TIMER_MS, on_late_cb, &late);
  while (frames < FRAMES || !late)
    {
      gtk_widget_queue_draw (window);
      g_main_context_iteration (NULL, TRUE);
    }

  g_signal_handler_disconnect (clock, handler);
}

void
mere_take_picture (GtkWidget  *window,
                   const char *folder,
                   const char *name,
                   const char *look)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *file = g_strdup_printf ("%s/%s-%s.png", folder, name, look);

  settle (window);
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window), gtk_widget_get_height (window));
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (window), gtk_widget_get_height (window)));

  if (!gdk_texture_save_to_png (texture, file))
    g_error ("%s cannot be written", file);
  g_print ("%s\n", file);
}

void
mere_take_set_text_size (const char *percent)
{
  guint64 size;

  if (!g_ascii_string_to_unsigned (percent, 10, 50, 400, &size, NULL))
    g_error ("%s is no size", percent);

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (NORMAL_DPI * 1024 * size / 100), NULL);
}
