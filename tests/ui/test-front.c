/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is seen before a vault is open: welcome, making a vault, unlocking one. */

#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "app/vault/vault.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/application.h"
#include "ui/new-vault-page.h"
#include "ui/unlock-page.h"
#include "ui/welcome-page.h"
#include "ui/window.h"

#define GOOD_PASSPHRASE MERE_SAMPLE_PASSPHRASE

static char *folder;

static MereWindow *
open_window (void)
{
  MereWindow *window = g_object_new (MERE_TYPE_WINDOW, NULL);

  gtk_window_present (GTK_WINDOW (window));
  mere_walk_settle ();

  return window;
}

static void
close_window (MereWindow *window)
{
  gpointer gone = window;

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_destroy (GTK_WINDOW (window));
  mere_walk_settle ();
  g_assert_null (gone);
}

static GtkWidget *
get_page (MereWindow *window,
          GType       type)
{
  GtkStack  *rooms = GTK_STACK (gtk_widget_get_template_child (GTK_WIDGET (window), MERE_TYPE_WINDOW, "rooms"));
  GtkWidget *page = gtk_stack_get_visible_child (rooms);

  g_assert_true (g_type_is_a (G_OBJECT_TYPE (page), type));

  return page;
}

static gboolean
is_unlocked (gpointer user_data)
{
  return mere_window_is_unlocked (MERE_WINDOW (user_data));
}

static gboolean
may_type_again (gpointer user_data)
{
  return gtk_widget_is_sensitive (GTK_WIDGET (user_data));
}

static void
test_welcome_says_what_to_do (void)
{
  MereWindow *window = open_window ();
  GtkWidget  *page = get_page (window, MERE_TYPE_WELCOME_PAGE);

  mere_walk_assert_named (page);
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_BUTTON, "Open a vault…"));
  mere_walk_click (page, "Make a vault");
  get_page (window, MERE_TYPE_NEW_VAULT_PAGE);

  close_window (window);
}

static void
test_weak_passphrase_makes_no_vault (void)
{
  MereWindow *window = open_window ();
  GtkWidget  *page, *make;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.new-vault", NULL);
  page = get_page (window, MERE_TYPE_NEW_VAULT_PAGE);
  mere_walk_assert_named (page);
  make = mere_walk_get (page, GTK_TYPE_BUTTON, "Make the vault");

  mere_walk_type (page, "Passphrase", "secret");
  mere_walk_type (page, "Passphrase again", "secret");
  g_assert_false (gtk_widget_is_sensitive (make));

  mere_walk_type (page, "Passphrase", GOOD_PASSPHRASE);
  g_assert_false (gtk_widget_is_sensitive (make));
  mere_walk_type (page, "Passphrase again", GOOD_PASSPHRASE);
  g_assert_true (gtk_widget_is_sensitive (make));

  mere_walk_type (page, "Name", "a/b");
  g_assert_false (gtk_widget_is_sensitive (make));

  close_window (window);
}

static void
test_vault_is_made_locked_and_unlocked (void)
{
  MereWindow      *window = open_window ();
  g_autofree char *path = g_build_filename (folder, "Utopia.vault", NULL);
  GtkWidget       *page, *field;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.new-vault", NULL);
  page = get_page (window, MERE_TYPE_NEW_VAULT_PAGE);
  mere_walk_type (page, "Name", "Utopia");
  mere_walk_type (page, "Folder", folder);
  mere_walk_type (page, "Passphrase", GOOD_PASSPHRASE);
  mere_walk_type (page, "Passphrase again", GOOD_PASSPHRASE);
  mere_walk_click (page, "Make the vault");
  mere_walk_until (is_unlocked, window, "the vault is made");
  g_assert_true (mere_vault_is_vault (path));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.lock", NULL);
  g_assert_false (mere_window_is_unlocked (window));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Merestone");
  page = get_page (window, MERE_TYPE_UNLOCK_PAGE);
  mere_walk_assert_named (page);
  field = mere_walk_get (page, GTK_TYPE_PASSWORD_ENTRY, "Passphrase");

  mere_walk_type (page, "Passphrase", "not this one at all");
  mere_walk_click (page, "Unlock");
  mere_walk_until (may_type_again, field, "the refusal");
  g_assert_false (mere_window_is_unlocked (window));
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "That is not the passphrase of this vault."));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (field)), ==, "");

  mere_walk_type (page, "Passphrase", GOOD_PASSPHRASE);
  mere_walk_click (page, "Unlock");
  mere_walk_until (is_unlocked, window, "the unlocking");

  close_window (window);
}

static void
test_folder_without_vault_is_said (void)
{
  MereWindow *window = open_window ();
  GtkWidget  *page;

  mere_window_show_vault (window, folder);
  page = get_page (window, MERE_TYPE_UNLOCK_PAGE);
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "There is no vault in this folder."));

  close_window (window);
}

static void
test_focus_begins_at_the_passphrase (void)
{
  MereWindow *window = open_window ();
  GtkWidget  *page, *focus;

  mere_window_show_vault (window, folder);
  page = get_page (window, MERE_TYPE_UNLOCK_PAGE);
  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_ancestor (focus, mere_walk_get (page, GTK_TYPE_PASSWORD_ENTRY, "Passphrase")));

  close_window (window);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();
  folder = g_dir_make_tmp ("merestone-front-XXXXXX", NULL);

  g_test_add_func ("/ui/welcome/says-what-to-do", test_welcome_says_what_to_do);
  g_test_add_func ("/ui/new-vault/weak-passphrase-makes-no-vault", test_weak_passphrase_makes_no_vault);
  g_test_add_func ("/ui/new-vault/is-made-locked-and-unlocked", test_vault_is_made_locked_and_unlocked);
  g_test_add_func ("/ui/unlock/folder-without-vault-is-said", test_folder_without_vault_is_said);
  g_test_add_func ("/ui/unlock/focus-begins-at-the-passphrase", test_focus_begins_at_the_passphrase);

  status = g_test_run ();
  mere_walk_remove_folder (folder);
  g_free (folder);

  return status;
}
