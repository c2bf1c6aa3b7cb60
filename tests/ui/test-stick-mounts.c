/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sticks appear and disappear by themselves, and one is safe to remove when it was ejected, not before. */

#include "config.h"

#include <adwaita.h>

#include "tests/ui/mock-monitor.h"
#include "tests/ui/stick-fixture.h"
#include "tests/ui/walk.h"

/* The stick is gone before the page is. */
static void
tear_down (StickFixture *self,
           gconstpointer data)
{
  mere_mock_monitor_set_busy (FALSE);
  mere_mock_monitor_remove (self->stick);
  stick_fixture_tear_down (self, data);
}

static const char *
get_folder (StickFixture *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (mere_walk_get (self->page, GTK_TYPE_ENTRY, "Folder of the stick")));
}

static void
test_a_stick_is_taken_when_it_is_plugged_in (StickFixture *self,
                                             gconstpointer data)
{
  g_assert_cmpstr (get_folder (self), ==, "");
  mere_mock_monitor_add (self->stick, "UTOPIA");
  mere_walk_settle ();
  g_assert_cmpstr (get_folder (self), ==, self->stick);
  g_assert_true (gtk_widget_is_sensitive (mere_walk_get (self->page, GTK_TYPE_BUTTON, "Read from stick")));
}

/* Nobody's choice is changed under his hands. */
static void
test_a_folder_that_was_chosen_stays (StickFixture *self,
                                     gconstpointer data)
{
  mere_walk_type (self->page, "Folder of the stick", self->folder);
  mere_mock_monitor_add (self->stick, "UTOPIA");
  mere_walk_settle ();
  g_assert_cmpstr (get_folder (self), ==, self->folder);
}

static void
test_a_stick_that_is_pulled_is_gone_at_once (StickFixture *self,
                                             gconstpointer data)
{
  mere_mock_monitor_add (self->stick, "UTOPIA");
  mere_walk_settle ();
  mere_walk_remove_folder (self->stick);
  mere_mock_monitor_remove (self->stick);
  mere_walk_settle ();
  g_assert_true (stick_fixture_says (self, "No such folder. Is the stick plugged in?"));
  g_assert_false (gtk_widget_is_sensitive (mere_walk_get (self->page, GTK_TYPE_BUTTON, "Read from stick")));
}

static gboolean
is_safe (gpointer user_data)
{
  return stick_fixture_says (user_data, "Safe to remove");
}

static gboolean
is_refused (gpointer user_data)
{
  return stick_fixture_says (user_data, "target is busy");
}

static void
test_safe_to_remove_is_said_after_ejecting_only (StickFixture *self,
                                                 gconstpointer data)
{
  mere_mock_monitor_add (self->stick, "UTOPIA");
  mere_mock_monitor_set_busy (TRUE);
  mere_walk_settle ();
  gtk_widget_activate_action (self->page, "stick.eject", NULL);
  mere_walk_until (is_refused, self, "the refusal");
  g_assert_false (is_safe (self));
  g_assert_cmpuint (mere_mock_monitor_count (), ==, 1);

  mere_mock_monitor_set_busy (FALSE);
  mere_walk_click (self->page, "Eject");
  mere_walk_until (is_safe, self, "the end of ejecting");
  g_assert_cmpuint (mere_mock_monitor_count (), ==, 0);
}

#define ADD(name, function) g_test_add ("/ui/stick-mounts/" name, StickFixture, NULL, stick_fixture_set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  mere_mock_monitor_install ();
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  ADD ("a-stick-is-taken-when-it-is-plugged-in", test_a_stick_is_taken_when_it_is_plugged_in);
  ADD ("a-folder-that-was-chosen-stays", test_a_folder_that_was_chosen_stays);
  ADD ("a-stick-that-is-pulled-is-gone-at-once", test_a_stick_that_is_pulled_is_gone_at_once);
  ADD ("safe-to-remove-is-said-after-ejecting-only", test_safe_to_remove_is_said_after_ejecting_only);

  return g_test_run ();
}
