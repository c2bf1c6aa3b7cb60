/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/idle-watch.h"

#include "app/study/moment.h"
#include "ui/remembered.h"
#include "ui/session-watch.h"

struct _MereIdleWatch
{
  GtkWidget          *widget; /* borrowed: the watch is the widget's */
  GtkEventController *controller;
  MereIdleCallback    callback;
  gpointer            user_data;
  gint64              touched_us; /* boot clock */
  guint               timer;
  MereSessionWatch   *session;
};

static const guint look_every_s = 5;

static gboolean
on_look_cb (gpointer user_data)
{
  MereIdleWatch *self = user_data;
  gint64         minutes = mere_remembered_get_idle_minutes ();
  gint64         idle_us = mere_moment_now ().boot_us - self->touched_us;

  if (minutes > 0 && idle_us >= minutes * 60 * G_USEC_PER_SEC)
    {
      mere_idle_watch_touch (self);
      self->callback (self->user_data);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
on_event_cb (GtkEventControllerLegacy *controller,
             GdkEvent                 *event,
             gpointer                  user_data)
{
  mere_idle_watch_touch (user_data);

  return GDK_EVENT_PROPAGATE;
}

static void
on_session_cb (gpointer user_data)
{
  MereIdleWatch *self = user_data;

  self->callback (self->user_data);
}

MereIdleWatch *
mere_idle_watch_new (GtkWidget       *widget,
                     MereIdleCallback callback,
                     gpointer         user_data)
{
  MereIdleWatch *self = g_new0 (MereIdleWatch, 1);

  self->widget = widget;
  self->callback = callback;
  self->user_data = user_data;
  mere_idle_watch_touch (self);

  self->controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  g_signal_connect (self->controller, "event", G_CALLBACK (on_event_cb), self);
  gtk_widget_add_controller (widget, self->controller);

  self->timer = g_timeout_add_seconds (look_every_s, on_look_cb, self);
  self->session = mere_session_watch_new (on_session_cb, self);

  return self;
}

void
mere_idle_watch_free (MereIdleWatch *self)
{
  gtk_widget_remove_controller (self->widget, self->controller);
  g_clear_handle_id (&self->timer, g_source_remove);
  mere_session_watch_free (self->session);
  g_free (self);
}

void
mere_idle_watch_touch (MereIdleWatch *self)
{
  self->touched_us = mere_moment_now ().boot_us;
}
