/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The computer sleeps, or the screen is locked: a logind of the test's own says so, on a system bus of the test's own. */

#include "config.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <poll.h>
#include <unistd.h>

#include "tests/ui/walk.h"
#include "ui/session-watch.h"

#define LOGIND "org.freedesktop.login1"
#define MANAGER_PATH "/org/freedesktop/login1"
#define SESSION_PATH "/org/freedesktop/login1/session/_37"
#define OTHER_PATH "/org/freedesktop/login1/session/_38"
#define USER_PATH "/org/freedesktop/login1/user/self"

static const char manager_xml[] =
  "<node><interface name='org.freedesktop.login1.Manager'>"
  "<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='h' direction='out'/></method>"
  "<method name='GetSession'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<method name='GetSessionByPID'><arg type='u' direction='in'/><arg type='o' direction='out'/></method>"
  "<signal name='PrepareForSleep'><arg type='b'/></signal>"
  "</interface><interface name='org.freedesktop.login1.User'>"
  "<property name='Display' type='(so)' access='read'/>"
  "</interface></node>";

typedef struct
{
  GTestDBus        *dbus;
  GDBusConnection  *bus; /* logind's */
  gboolean          named;
  gboolean          knows_process;
  guint             asked; /* for a session */
  int               pipe;  /* reads its end when the inhibitor was released; -1: none was given */
  guint             given; /* inhibitors */
  guint             due;   /* inhibitors that the watch has had reason to ask for */
  MereSessionWatch *watch;
  guint             called;
  gboolean          held_when_called;
} Fixture;

/* Whether somebody still holds the inhibitor. */
static gboolean
is_held (Fixture *self)
{
  struct pollfd poll_for = { .fd = self->pipe, .events = POLLIN };

  return self->pipe >= 0 && poll (&poll_for, 1, 0) == 0;
}

static void
give_inhibitor (Fixture *self, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  const char *what, *mode;
  int         ends[2];

  g_variant_get (parameters, "(&ss&s&s)", &what, NULL, NULL, &mode);
  g_assert_cmpstr (what, ==, "sleep");
  g_assert_cmpstr (mode, ==, "delay");
  if (self->pipe >= 0)
    close (self->pipe);
  g_assert_cmpint (pipe (ends), ==, 0);
  self->pipe = ends[0];
  self->given++;
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", g_unix_fd_list_append (fds, ends[1], NULL)), fds);
  close (ends[1]);
}

static void
on_call (GDBusConnection       *bus,
         const char            *sender,
         const char            *path,
         const char            *interface,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  Fixture *self = user_data;

  if (g_str_equal (method, "Inhibit"))
    {
      give_inhibitor (self, parameters, invocation);
      return;
    }
  if (self->knows_process)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", SESSION_PATH));
  else
    g_dbus_method_invocation_return_dbus_error (invocation, LOGIND ".NoSessionForPID", "none");
  self->asked++;
}

static GVariant *
get_property (GDBusConnection *bus,
              const char      *sender,
              const char      *path,
              const char      *interface,
              const char      *property,
              GError         **error,
              gpointer         user_data)
{
  ((Fixture *) user_data)->asked++;
  return g_variant_new ("(so)", "7", SESSION_PATH);
}

static void
on_named (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ((Fixture *) user_data)->named = TRUE;
}

static gboolean
is_named (gpointer user_data)
{
  return ((Fixture *) user_data)->named;
}

static void
start_logind (Fixture *self)
{
  static const GDBusInterfaceVTable table = { .method_call = on_call, .get_property = get_property };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (manager_xml, NULL);
  g_autoptr (GError) error = NULL;

  self->bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->dbus),
                                                      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                      NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (self->bus, MANAGER_PATH, node->interfaces[0], &table, self, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (self->bus, USER_PATH, node->interfaces[1], &table, self, NULL, &error);
  g_assert_no_error (error);
  g_bus_own_name_on_connection (self->bus, LOGIND, G_BUS_NAME_OWNER_FLAGS_NONE, on_named, NULL, self, NULL);
  mere_walk_until (is_named, self, "logind's name");
}

static void
on_watch (gpointer user_data)
{
  Fixture *self = user_data;

  self->called++;
  self->held_when_called = is_held (self);
}

static void
say (Fixture *self, const char *path, const char *interface, const char *signal, GVariant *parameters)
{
  g_assert_true (g_dbus_connection_emit_signal (self->bus, NULL, path, interface, signal, parameters, NULL));
  g_assert_true (g_dbus_connection_flush_sync (self->bus, NULL, NULL));
}

static gboolean
is_watching (gpointer user_data)
{
  Fixture *self = user_data;

  return self->given > 0 && self->asked > (self->knows_process ? 0 : 1);
}

static void
start (Fixture *self, gboolean knows_process)
{
  self->pipe = -1;
  self->due = 1;
  self->knows_process = knows_process;
  start_logind (self);
  self->watch = mere_session_watch_new (on_watch, self);
  mere_walk_until (is_watching, self, "the watch");
}

static gboolean
was_called (gpointer user_data)
{
  return ((Fixture *) user_data)->called > 0;
}

static gboolean
was_given_all (gpointer user_data)
{
  Fixture *self = user_data;

  return self->given >= self->due;
}

/* The watch answers it: it asks for another inhibitor. */
static void
wake (Fixture *self)
{
  self->due++;
  say (self, MANAGER_PATH, LOGIND ".Manager", "PrepareForSleep", g_variant_new ("(b)", FALSE));
}

/* Signals come in their order: when the watch has asked for all inhibitors, it has heard all before. */
static void
fence (Fixture *self)
{
  wake (self);
  mere_walk_until (was_given_all, self, "another inhibitor");
}

static gboolean
was_released (gpointer user_data)
{
  return !is_held (user_data);
}

static gboolean
was_taken_again (gpointer user_data)
{
  return ((Fixture *) user_data)->given == 2 && is_held (user_data);
}

static void
end (Fixture *self)
{
  mere_session_watch_free (self->watch);
  if (self->pipe >= 0)
    close (self->pipe);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
}

static GTestDBus *system_bus;

static void
test_sleep_waits_for_the_lock (void)
{
  Fixture self = { .dbus = system_bus };

  start (&self, TRUE);
  say (&self, MANAGER_PATH, LOGIND ".Manager", "PrepareForSleep", g_variant_new ("(b)", TRUE));
  mere_walk_until (was_called, &self, "the lock");
  g_assert_true (self.held_when_called);
  mere_walk_until (was_released, &self, "the inhibitor's end");
  g_assert_cmpuint (self.called, ==, 1);
  say (&self, MANAGER_PATH, LOGIND ".Manager", "PrepareForSleep", g_variant_new ("(b)", FALSE));
  mere_walk_until (was_taken_again, &self, "another inhibitor");
  g_assert_cmpuint (self.called, ==, 1);
  end (&self);
}

/* The watch asks for the signals of its session after it has learnt which one it is: until then they pass it by, also the last that
 * was said before it asked. Its answer to being woken comes back here, so that the main loop does not wait for nothing. */
static gboolean
locks_in_the_end (gpointer user_data)
{
  Fixture *self = user_data;

  if (self->called == 0 && was_given_all (self))
    {
      say (self, SESSION_PATH, LOGIND ".Session", "Lock", NULL);
      wake (self);
    }
  return self->called > 0;
}

static void
lock_sessions (gboolean knows_process)
{
  Fixture self = { .dbus = system_bus };

  start (&self, knows_process);
  mere_walk_until (locks_in_the_end, &self, "the lock");
  fence (&self);
  self.called = 0;
  say (&self, OTHER_PATH, LOGIND ".Session", "Lock", NULL);
  say (&self, SESSION_PATH, LOGIND ".Session", "Unlock", NULL);
  fence (&self);
  g_assert_cmpuint (self.called, ==, 0);
  say (&self, SESSION_PATH, LOGIND ".Session", "Lock", NULL);
  mere_walk_until (was_called, &self, "another lock");
  end (&self);
}

static void
test_the_screen_is_locked (void)
{
  lock_sessions (TRUE);
}

static void
test_a_program_of_the_service_manager_follows_the_screen (void)
{
  lock_sessions (FALSE);
}

static void
test_it_may_end_at_any_time (void)
{
  Fixture self = { .dbus = system_bus };

  start (&self, TRUE);
  mere_session_watch_free (self.watch);
  self.watch = mere_session_watch_new (on_watch, &self);
  say (&self, MANAGER_PATH, LOGIND ".Manager", "PrepareForSleep", g_variant_new ("(b)", TRUE));
  mere_session_watch_free (g_steal_pointer (&self.watch));
  mere_walk_settle ();
  g_assert_cmpuint (self.called, ==, 0);
  end (&self);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  system_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (system_bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (system_bus), TRUE);
  g_unsetenv ("XDG_SESSION_ID");

  g_test_add_func ("/ui/session-watch/sleep-waits-for-the-lock", test_sleep_waits_for_the_lock);
  g_test_add_func ("/ui/session-watch/the-screen-is-locked", test_the_screen_is_locked);
  g_test_add_func ("/ui/session-watch/a-program-of-the-service-manager-follows-the-screen", test_a_program_of_the_service_manager_follows_the_screen);
  g_test_add_func ("/ui/session-watch/it-may-end-at-any-time", test_it_may_end_at_any_time);

  status = g_test_run ();
  g_test_dbus_stop (system_bus);
  g_object_unref (system_bus);

  return status;
}
