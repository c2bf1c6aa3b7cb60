/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/session-watch.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define LOGIND "org.freedesktop.login1"
#define MANAGER_PATH "/org/freedesktop/login1"
#define MANAGER LOGIND ".Manager"
#define SELF_PATH "/org/freedesktop/login1/user/self"

struct _MereSessionWatch
{
  MereSessionCallback callback;
  gpointer            user_data;
  GCancellable       *cancellable;
  GDBusConnection    *bus;
  guint               sleep_subscription;
  guint               lock_subscription;
  int                 inhibitor; /* -1: none */
};

static void
call (MereSessionWatch   *self,
      const char         *method,
      GVariant           *arguments,
      GAsyncReadyCallback done)
{
  g_dbus_connection_call (self->bus, LOGIND, MANAGER_PATH, MANAGER, method, arguments, G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, done, self);
}

/* --- Sleep -------------------------------------------------------------------------------------------------------- */

static void
release (MereSessionWatch *self)
{
  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
}

/* A failed call was cancelled, and then the watch is gone; or logind refuses, and sleep does not wait. */
static void
on_inhibited_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result, NULL);
  MereSessionWatch *self = user_data;
  gint32            handle;

  if (answer == NULL || fds == NULL)
    return;

  release (self);
  g_variant_get (answer, "(h)", &handle);
  self->inhibitor = g_unix_fd_list_get (fds, handle, NULL);
}

static void
inhibit (MereSessionWatch *self)
{
  g_dbus_connection_call_with_unix_fd_list (self->bus, LOGIND, MANAGER_PATH, MANAGER, "Inhibit",
                                            /* Translators: why the computer waits a moment before it sleeps */
                                            g_variant_new ("(ssss)", "sleep", "Merestone", _ ("Locks the vault"), "delay"),
                                            G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, self->cancellable,
                                            on_inhibited_cb, self);
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
  MereSessionWatch *self = user_data;
  gboolean          about_to_sleep;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &about_to_sleep);
  if (!about_to_sleep)
    {
      inhibit (self);
      return;
    }

  self->callback (self->user_data);
  release (self);
}

/* --- The session's lock ------------------------------------------------------------------------------------------- */

static void
on_lock_cb (GDBusConnection *bus,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *signal,
            GVariant        *parameters,
            gpointer         user_data)
{
  MereSessionWatch *self = user_data;

  self->callback (self->user_data);
}

static void
follow_session (MereSessionWatch *self,
                const char       *path)
{
  self->lock_subscription = g_dbus_connection_signal_subscribe (self->bus, LOGIND, LOGIND ".Session", "Lock", path, NULL,
                                                                G_DBUS_SIGNAL_FLAGS_NONE, on_lock_cb, self, NULL);
}

/* Which session is this? The one that the environment names, else that of this process; a program that was started by the user's service
 * manager belongs to none, and then it is the one on the user's screen. */

static void
on_display_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) display = NULL;
  const char *path;

  if (answer == NULL)
    return;

  g_variant_get (answer, "(v)", &display);
  if (!g_variant_is_of_type (display, G_VARIANT_TYPE ("(so)")))
    return;

  g_variant_get (display, "(&s&o)", NULL, &path);
  follow_session (user_data, path);
}

static void
on_own_session_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  MereSessionWatch *self = user_data;
  const char       *path;

  if (answer != NULL)
    {
      g_variant_get (answer, "(&o)", &path);
      follow_session (self, path);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_dbus_connection_call (self->bus, LOGIND, SELF_PATH, "org.freedesktop.DBus.Properties", "Get",
                            g_variant_new ("(ss)", LOGIND ".User", "Display"), G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1,
                            self->cancellable, on_display_cb, self);
}

static void
find_session (MereSessionWatch *self)
{
  const char *id = g_getenv ("XDG_SESSION_ID");

  if (id != NULL)
    call (self, "GetSession", g_variant_new ("(s)", id), on_own_session_cb);
  else
    call (self, "GetSessionByPID", g_variant_new ("(u)", (guint32) getpid ()), on_own_session_cb);
}

/* --- Beginning and end -------------------------------------------------------------------------------------------- */

static void
on_bus_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);
  MereSessionWatch *self = user_data;

  /* Cancelled: the watch is gone. Any other failure: there is no system bus here. */
  if (bus == NULL)
    return;

  self->bus = g_steal_pointer (&bus);
  self->sleep_subscription = g_dbus_connection_signal_subscribe (self->bus, LOGIND, MANAGER, "PrepareForSleep", MANAGER_PATH, NULL,
                                                                 G_DBUS_SIGNAL_FLAGS_NONE, on_sleep_cb, self, NULL);
  inhibit (self);
  find_session (self);
}

MereSessionWatch *
mere_session_watch_new (MereSessionCallback callback,
                        gpointer            user_data)
{
  MereSessionWatch *self = g_new0 (MereSessionWatch, 1);

  self->callback = callback;
  self->user_data = user_data;
  self->inhibitor = -1;
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus_cb, self);

  return self;
}

void
mere_session_watch_free (MereSessionWatch *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  if (self->sleep_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_subscription);
  if (self->lock_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->lock_subscription);
  release (self);
  g_clear_object (&self->bus);
  g_clear_object (&self->cancellable);
  g_free (self);
}
