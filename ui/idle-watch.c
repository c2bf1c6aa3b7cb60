/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/idle-watch.h"

#include "app/study/moment.h"
#include "ui/remembered.h"

struct _MereIdleWatch
{
  GtkWidget          *widget; /* borrowed: the watch is the widget's */
  GtkEventController *controller;
  MereIdleCallback    callback;
  gpointer            user_data;
  gint64              touched_us; /* boot clock */
  guint               timer;
  GCancellable       *cancellable;
  GDBusConnection    *bus;
  guint               subscription;
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
on_sleep_cb (GDBusConnection *bus,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *signal,
             GVariant        *parameters,
             gpointer         user_data)
{
  MereIdleWatch *self = user_data;
  gboolean       about_to_sleep = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &about_to_sleep);
  if (about_to_sleep)
    self->callback (self->user_data);
}

static void
on_bus_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  MereIdleWatch *self = user_data;

  /* Cancelled: the watch is gone. Any other failure: no logind here, so nobody tells when the computer sleeps; the
   * boot clock makes up for it at the first look after waking. */
  if (bus == NULL)
    return;

  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.login1",
                                                           "org.freedesktop.login1.Manager", "PrepareForSleep",
                                                           "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                           on_sleep_cb, self, NULL);
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
  self->cancellable = g_cancellable_new ();
  mere_idle_watch_touch (self);

  self->controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  g_signal_connect (self->controller, "event", G_CALLBACK (on_event_cb), self);
  gtk_widget_add_controller (widget, self->controller);

  self->timer = g_timeout_add_seconds (look_every_s, on_look_cb, self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus_cb, self);

  return self;
}

void
mere_idle_watch_free (MereIdleWatch *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);

  gtk_widget_remove_controller (self->widget, self->controller);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->bus);
  g_clear_object (&self->cancellable);
  g_free (self);
}

void
mere_idle_watch_touch (MereIdleWatch *self)
{
  self->touched_us = mere_moment_now ().boot_us;
}
