/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/drawing-pad.h"

#define INK 2.2           /* px */
#define PNG_SCALE 2       /* pixels of the picture for one of the paper */
#define MOST_POINTS 50000 /* of a drawing; more is no drawing but a pen that lies on the paper */

struct _MereDrawingPad
{
  GtkWidget parent_instance;

  int     width;
  int     height;
  GArray *points; /* graphene_point_t, of all strokes one after the other */
  GArray *begins; /* guint: where each stroke begins */
  double  start_x;
  double  start_y;
};

enum {
  DRAWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereDrawingPad, mere_drawing_pad, GTK_TYPE_WIDGET)

/* A dot where nothing but a point was drawn; round ends make it one. */
static void
draw_strokes (MereDrawingPad *self,
              cairo_t        *cairo)
{
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 0.05, 0.08, 0.25);
  cairo_set_line_width (cairo, INK);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);

  for (guint i = 0; i < self->begins->len; i++)
    {
      guint from = g_array_index (self->begins, guint, i);
      guint to = i + 1 < self->begins->len ? g_array_index (self->begins, guint, i + 1) : self->points->len;

      for (guint at = from; at < to; at++)
        {
          graphene_point_t *point = &g_array_index (self->points, graphene_point_t, at);

          if (at == from)
            cairo_move_to (cairo, point->x, point->y);
          cairo_line_to (cairo, point->x, point->y);
        }
      cairo_stroke (cairo);
    }
}

static void
mere_drawing_pad_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  int      width = gtk_widget_get_width (widget);
  int      height = gtk_widget_get_height (widget);
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  draw_strokes (MERE_DRAWING_PAD (widget), cairo);
  cairo_destroy (cairo);
}

static void
mere_drawing_pad_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  MereDrawingPad *self = MERE_DRAWING_PAD (widget);

  *natural = *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
}

static void
on_drag_begun_cb (MereDrawingPad *self,
                  double          x,
                  double          y,
                  GtkGesture     *drag)
{
  gtk_gesture_set_state (drag, GTK_EVENT_SEQUENCE_CLAIMED);
  self->start_x = x;
  self->start_y = y;
  mere_drawing_pad_begin (self, x, y);
}

static void
on_dragged_cb (MereDrawingPad *self,
               double          x,
               double          y)
{
  mere_drawing_pad_go (self, self->start_x + x, self->start_y + y);
}

static void
mere_drawing_pad_finalize (GObject *object)
{
  MereDrawingPad *self = MERE_DRAWING_PAD (object);

  g_array_unref (self->points);
  g_array_unref (self->begins);

  G_OBJECT_CLASS (mere_drawing_pad_parent_class)->finalize (object);
}

static void
mere_drawing_pad_class_init (MereDrawingPadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_drawing_pad_finalize;
  widget_class->snapshot = mere_drawing_pad_snapshot;
  widget_class->measure = mere_drawing_pad_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  signals[DRAWN] = g_signal_new ("drawn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mere_drawing_pad_init (MereDrawingPad *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->points = g_array_new (FALSE, FALSE, sizeof (graphene_point_t));
  self->begins = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_add_css_class (GTK_WIDGET (self), "mere-paper");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (on_drag_begun_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_dragged_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (mere_drawing_pad_end), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
mere_drawing_pad_new (int width,
                      int height)
{
  MereDrawingPad *self = g_object_new (MERE_TYPE_DRAWING_PAD, NULL);

  self->width = width;
  self->height = height;

  return GTK_WIDGET (self);
}

gboolean
mere_drawing_pad_is_empty (MereDrawingPad *self)
{
  return self->begins->len == 0;
}

void
mere_drawing_pad_begin (MereDrawingPad *self,
                        double          x,
                        double          y)
{
  g_return_if_fail (MERE_IS_DRAWING_PAD (self));

  if (self->points->len >= MOST_POINTS)
    return;

  g_array_append_val (self->begins, self->points->len);
  mere_drawing_pad_go (self, x, y);
}

void
mere_drawing_pad_go (MereDrawingPad *self,
                     double          x,
                     double          y)
{
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);

  g_return_if_fail (MERE_IS_DRAWING_PAD (self));

  if (self->points->len >= MOST_POINTS || self->begins->len == 0)
    return;

  g_array_append_val (self->points, point);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
mere_drawing_pad_end (MereDrawingPad *self)
{
  g_return_if_fail (MERE_IS_DRAWING_PAD (self));

  g_signal_emit (self, signals[DRAWN], 0);
}

void
mere_drawing_pad_undo (MereDrawingPad *self)
{
  g_return_if_fail (MERE_IS_DRAWING_PAD (self));

  if (self->begins->len == 0)
    return;

  g_array_set_size (self->points, g_array_index (self->begins, guint, self->begins->len - 1));
  g_array_set_size (self->begins, self->begins->len - 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[DRAWN], 0);
}

void
mere_drawing_pad_clear (MereDrawingPad *self)
{
  g_return_if_fail (MERE_IS_DRAWING_PAD (self));

  g_array_set_size (self->points, 0);
  g_array_set_size (self->begins, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static cairo_status_t
append_png (void                *array,
            const unsigned char *data,
            unsigned int         length)
{
  g_byte_array_append (array, data, length);

  return CAIRO_STATUS_SUCCESS;
}

GBytes *
mere_drawing_pad_dup_png (MereDrawingPad *self)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, self->width * PNG_SCALE, self->height * PNG_SCALE);
  cairo_t         *cairo = cairo_create (surface);
  GByteArray      *png = g_byte_array_new ();

  cairo_scale (cairo, PNG_SCALE, PNG_SCALE);
  draw_strokes (self, cairo);
  cairo_destroy (cairo);
  cairo_surface_write_to_png_stream (surface, append_png, png);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (png);
}
