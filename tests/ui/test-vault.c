/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The vault as a whole, in the window: a forgotten passphrase, who can open it, copies, another key, rescue, its end. */

#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "app/vault/recovery.h"
#include "app/vault/rekey.h"
#include "app/vault/slots.h"
#include "app/vault/vault-private.h"
#include "sync/code.h"
#include "tests/ui/sample.h"
#include "tests/ui/walk.h"
#include "ui/erase-dialog.h"
#include "ui/new-passphrase.h"
#include "ui/passphrase-dialog.h"
#include "ui/recovery-page.h"
#include "ui/unlock-page.h"
#include "ui/vault-window.h"
#include "ui/vault-work-page.h"
#include "ui/welcome-page.h"
#include "ui/window.h"

#define PASSPHRASE MERE_SAMPLE_PASSPHRASE
#define OTHER "four grey ferries miss the tide"
#define CHALLENGE "ggps4rcy7k2m9qxd04fz"

static const MereKeyCost cheap = { 1, 8192 };

typedef struct
{
  char       *folder;
  char       *path;
  MereStore  *store; /* until the window has it */
  MereWindow *window;
} Fixture;

static void
fixture_set_up (Fixture *self)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (PASSPHRASE);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("merestone-ui-vault-XXXXXX", &error);
  self->path = g_build_filename (self->folder, "Utopia.vault", NULL);
  self->store = mere_store_open (mere_vault_create_with_cost (self->path, passphrase, &cheap, &error), &error);
  g_assert_no_error (error);
  self->window = g_object_new (MERE_TYPE_WINDOW, NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  mere_walk_settle ();
}

static void
fixture_tear_down (Fixture *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  mere_walk_settle ();
  mere_walk_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static void
fixture_open (Fixture *self)
{
  mere_window_take_store (self->window, g_steal_pointer (&self->store));
  mere_walk_settle ();
}

static GtkWidget *
get_page (Fixture *self, GType type)
{
  GtkStack  *rooms = GTK_STACK (gtk_widget_get_template_child (GTK_WIDGET (self->window), MERE_TYPE_WINDOW, "rooms"));
  GtkWidget *page = gtk_stack_get_visible_child (rooms);

  g_assert_true (g_type_is_a (G_OBJECT_TYPE (page), type));

  return page;
}

/* The window over the others of that type. */
static GtkWidget *
get_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  g_error ("there is no %s", g_type_name (type));
}

static gboolean
has_no_window (gpointer type_name)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), type_name))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_unlocked (gpointer user_data)
{
  return mere_window_is_unlocked (MERE_WINDOW (user_data));
}

static gboolean
is_seen (gpointer user_data)
{
  return gtk_widget_get_mapped (GTK_WIDGET (user_data));
}

static gboolean
opens (Fixture *self, const char *text)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (text);
  g_autoptr (MereVault) vault = mere_vault_open (self->path, passphrase, NULL);

  return vault != NULL;
}

/* 25 digits whose check fits. */
static char *
dup_digits (guint8 seed)
{
  guint8 hash[MERE_CODE_HASH] = { seed, 1, 2, 3 };
  char  *digits = g_malloc0 (MERE_CODE_LENGTH + 1);

  mere_code_put (hash, digits);

  return digits;
}

static void
test_forgotten_passphrase (void)
{
  Fixture          self = { NULL };
  g_autofree char *digits = dup_digits (1);
  g_autofree char *grouped = mere_code_group (digits);
  g_autofree char *wrong = dup_digits (2);
  g_autoptr (MereSecret) answer = mere_secret_new_from_text (digits);
  GtkWidget *page, *message, *fresh;

  fixture_set_up (&self);
  g_assert_true (mere_vault_arm_recovery (mere_store_get_vault (self.store), CHALLENGE, answer, NULL));
  g_clear_pointer (&self.store, mere_store_close);
  mere_window_show_vault (self.window, self.path);
  mere_walk_click (get_page (&self, MERE_TYPE_UNLOCK_PAGE), "Passphrase forgotten?");
  page = get_page (&self, MERE_TYPE_RECOVERY_PAGE);
  mere_walk_assert_named (page);
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "\u2066ggps4-rcy7k-2m9qx-d04fz\u2069"));

  message = GTK_WIDGET (gtk_widget_get_template_child (page, MERE_TYPE_RECOVERY_PAGE, "message_label"));
  mere_walk_type (page, "Answer of headquarters", "12345");
  mere_walk_click (page, "Check the answer");
  mere_walk_until (is_seen, message, "what is wrong with the digits");
  mere_walk_type (page, "Answer of headquarters", wrong);
  g_assert_false (gtk_widget_get_visible (message));
  mere_walk_click (page, "Check the answer");
  mere_walk_until (is_seen, message, "the refusal");
  g_assert_false (mere_window_is_unlocked (self.window));

  mere_walk_type (page, "Answer of headquarters", grouped);
  mere_walk_click (page, "Check the answer");
  fresh = GTK_WIDGET (gtk_widget_get_template_child (page, MERE_TYPE_RECOVERY_PAGE, "passphrase"));
  mere_walk_until (is_seen, fresh, "the question for a new passphrase");
  mere_walk_assert_named (page);
  mere_walk_type (page, "New passphrase", OTHER);
  mere_walk_type (page, "New passphrase again", OTHER);
  mere_walk_click (page, "Open with the new passphrase");
  mere_walk_until (is_unlocked, self.window, "the open vault");
  mere_window_lock (self.window);
  g_assert_true (opens (&self, OTHER));
  g_assert_false (opens (&self, PASSPHRASE));
  fixture_tear_down (&self);
}

static void
test_no_way_through_headquarters_is_said (void)
{
  Fixture    self = { NULL };
  GtkWidget *page;

  fixture_set_up (&self);
  g_clear_pointer (&self.store, mere_store_close);
  mere_window_show_vault (self.window, self.path);
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.recover", "s", self.path);
  page = get_page (&self, MERE_TYPE_RECOVERY_PAGE);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (gtk_widget_get_template_child (page, MERE_TYPE_RECOVERY_PAGE, "none_label"))));
  mere_walk_click (page, "Back");
  get_page (&self, MERE_TYPE_UNLOCK_PAGE);
  fixture_tear_down (&self);
}

static void
test_passphrases_come_and_go (void)
{
  Fixture    self = { NULL };
  GtkWidget *window, *dialog;

  fixture_set_up (&self);
  fixture_open (&self);
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.vault", NULL);
  window = get_window (MERE_TYPE_VAULT_WINDOW);
  mere_walk_assert_named (gtk_widget_get_ancestor (GTK_WIDGET (gtk_widget_get_template_child (window, MERE_TYPE_VAULT_WINDOW, "slot_list")), ADW_TYPE_PREFERENCES_PAGE));
  g_assert_null (mere_walk_find (window, GTK_TYPE_BUTTON, "Remove “The first passphrase”"));

  mere_walk_click (window, "Add…");
  dialog = get_window (MERE_TYPE_PASSPHRASE_DIALOG);
  mere_walk_assert_named (dialog);
  mere_walk_type (dialog, "Whose it is", "Team leader");
  mere_walk_type (dialog, "A passphrase that opens the vault now", "wrong");
  mere_walk_type (dialog, "New passphrase", OTHER);
  mere_walk_type (dialog, "New passphrase again", OTHER);
  mere_walk_click (dialog, "Add");
  mere_walk_until (is_seen, GTK_WIDGET (gtk_widget_get_template_child (dialog, MERE_TYPE_PASSPHRASE_DIALOG, "message_label")), "the refusal");
  mere_walk_type (dialog, "A passphrase that opens the vault now", PASSPHRASE);
  mere_walk_click (dialog, "Add");
  mere_walk_until (has_no_window, (gpointer) "MerePassphraseDialog", "the end of the dialog");

  mere_walk_click (window, "Remove “The first passphrase”");
  dialog = get_window (MERE_TYPE_PASSPHRASE_DIALOG);
  mere_walk_type (dialog, "A passphrase that opens the vault now", OTHER);
  mere_walk_click (dialog, "Remove");
  mere_walk_until (has_no_window, (gpointer) "MerePassphraseDialog", "the end of the dialog");

  mere_window_lock (self.window);
  g_assert_true (has_no_window ((gpointer) "MereVaultWindow"));
  g_assert_true (opens (&self, OTHER));
  g_assert_false (opens (&self, PASSPHRASE));
  fixture_tear_down (&self);
}

static void
on_worked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_come (gpointer user_data)
{
  return *(gpointer *) user_data != NULL;
}

/* Locking does not wait for a copy, nor does it pull the vault from under it. */
static void
test_locking_ends_a_copy (void)
{
  Fixture self = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = NULL;
  MereVaultWork    work = { .kind = MERE_VAULT_WORK_BACKUP };

  fixture_set_up (&self);
  copy = g_build_filename (self.folder, "copy.vault", NULL);
  work.store = self.store;
  work.folder = copy;
  mere_vault_work_async (&work, NULL, on_worked, &result);
  g_clear_pointer (&self.store, mere_store_close);
  mere_walk_until (has_come, &result, "the copy's end");
  if (!mere_vault_work_finish (result, NULL, &error))
    g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  else
    g_assert_true (mere_vault_is_vault (copy)); /* it was quicker */
  g_assert_true (opens (&self, PASSPHRASE));
  fixture_tear_down (&self);
}

static void
test_encrypt_anew (void)
{
  Fixture    self = { NULL };
  GtkWidget *page, *result;

  fixture_set_up (&self);
  fixture_open (&self);
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.rekey", NULL);
  g_assert_false (mere_window_is_unlocked (self.window));
  page = get_page (&self, MERE_TYPE_VAULT_WORK_PAGE);
  mere_walk_assert_named (page);
  mere_walk_type (page, "Passphrase", PASSPHRASE);
  mere_walk_click (page, "Encrypt anew");
  result = GTK_WIDGET (gtk_widget_get_template_child (page, MERE_TYPE_VAULT_WORK_PAGE, "result_box"));
  mere_walk_until (is_seen, result, "the result");
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "The vault has another key."));
  mere_walk_click (page, "Open the vault");
  get_page (&self, MERE_TYPE_UNLOCK_PAGE);
  g_assert_true (opens (&self, PASSPHRASE));
  fixture_tear_down (&self);
}

/* What a killed process would have left. */
static void
copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) names = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  while ((name = g_dir_read_name (names)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *bytes = NULL;
      gsize            size;

      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        copy_folder (source, target);
      else if (g_file_get_contents (source, &bytes, &size, NULL))
        g_assert_true (g_file_set_contents_full (target, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

static void
on_rekey_progress (guint done, guint all, gpointer user_data)
{
  const Fixture   *self = user_data;
  g_autofree char *copy = g_build_filename (self->folder, "cut.vault", NULL);

  if (done > 0 && !g_file_test (copy, G_FILE_TEST_EXISTS))
    copy_folder (self->path, copy);
}

/* A change of keys that was cut off: unlocking goes on with it, and shows how far it is. */
static void
test_a_change_of_keys_goes_on (void)
{
  Fixture          self = { NULL };
  g_autofree char *cut = NULL;
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (PASSPHRASE);
  g_autoptr (GError) error = NULL;
  GtkWidget *page, *bar;

  fixture_set_up (&self);
  g_clear_pointer (&self.store, mere_store_close);
  cut = g_build_filename (self.folder, "cut.vault", NULL);
  g_assert_true (mere_vault_rekey (self.path, passphrase, on_rekey_progress, &self, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (mere_vault_rekey_is_pending (cut));

  mere_window_show_vault (self.window, cut);
  page = get_page (&self, MERE_TYPE_UNLOCK_PAGE);
  bar = GTK_WIDGET (gtk_widget_get_template_child (page, MERE_TYPE_UNLOCK_PAGE, "progress_bar"));
  g_assert_false (gtk_widget_get_visible (bar));
  mere_walk_type (page, "Passphrase", PASSPHRASE);
  mere_walk_click (page, "Unlock");
  g_assert_true (gtk_widget_get_visible (bar));
  mere_walk_assert_named (page);
  mere_walk_until (is_unlocked, self.window, "the open vault");
  g_assert_false (gtk_widget_get_visible (bar));
  g_assert_false (mere_vault_rekey_is_pending (cut));
  fixture_tear_down (&self);
}

/* Choices of folders */

static gboolean
has_chooser (gpointer user_data)
{
  return !has_no_window ((gpointer) "GtkFileChooserDialog");
}

typedef struct
{
  GtkFileChooser *chooser;
  GFile          *file;
} Choice;

/* It reads folders before it has one of them. */
static gboolean
is_chosen (gpointer user_data)
{
  const Choice *choice = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (choice->chooser);

  return file != NULL && g_file_equal (file, choice->file);
}

/* Answers the question for a folder. */
static void
choose (const char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  Choice choice = { NULL, file };

  mere_walk_until (has_chooser, NULL, "the choice of a folder");
  choice.chooser = GTK_FILE_CHOOSER (get_window (GTK_TYPE_FILE_CHOOSER_DIALOG));
  g_assert_true (gtk_file_chooser_set_file (choice.chooser, file, NULL));
  mere_walk_until (is_chosen, &choice, "the folder");
  gtk_dialog_response (GTK_DIALOG (choice.chooser), GTK_RESPONSE_ACCEPT);
  mere_walk_settle ();
}

/* (transfer full) (nullable): the only vault in a folder. */
static char *
dup_only_vault (const char *folder)
{
  g_autoptr (GDir) names = g_dir_open (folder, 0, NULL);
  const char *name = names != NULL ? g_dir_read_name (names) : NULL;

  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

static gboolean
is_visible (gpointer user_data)
{
  return gtk_widget_get_visible (user_data);
}

/* What the work's page shows in the end, and be it an error. */
static gboolean
has_ended (gpointer user_data)
{
  return is_seen (gtk_widget_get_template_child (user_data, MERE_TYPE_VAULT_WORK_PAGE, "result_box")) ||
         is_seen (gtk_widget_get_template_child (user_data, MERE_TYPE_VAULT_WORK_PAGE, "message_label"));
}

/* From the vault's window onto a stick that is chosen, and back from there into a vault to work with. */
static void
test_a_copy_goes_to_a_stick_and_back (void)
{
  Fixture          self = { NULL };
  g_autofree char *stick = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *back = NULL;
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (PASSPHRASE);
  GtkWidget *window, *page, *message;
  MereVault *vault;

  fixture_set_up (&self);
  fixture_open (&self);
  stick = g_build_filename (self.folder, "stick", NULL);
  back = g_build_filename (self.folder, "back.vault", NULL);
  g_assert_cmpint (g_mkdir (stick, 0700), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.vault", NULL);
  window = get_window (MERE_TYPE_VAULT_WINDOW);
  message = GTK_WIDGET (gtk_widget_get_template_child (window, MERE_TYPE_VAULT_WINDOW, "message_label"));
  mere_walk_click (window, "Copy…");
  choose (stick);
  mere_walk_until (is_visible, message, "the copy");
  g_assert_true (g_str_has_prefix (gtk_label_get_label (GTK_LABEL (message)), "Copied to "));
  copy = dup_only_vault (stick);
  g_assert_true (mere_vault_is_vault (copy));
  gtk_window_close (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.lock", NULL);

  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.restore", NULL);
  choose (copy);
  page = get_page (&self, MERE_TYPE_VAULT_WORK_PAGE);
  mere_walk_assert_named (page);
  mere_walk_type (page, "Folder of the new vault", back);
  mere_walk_type (page, "Passphrase", PASSPHRASE);
  mere_walk_click (page, "Restore");
  mere_walk_until (has_ended, page, "the result");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (gtk_widget_get_template_child (page, MERE_TYPE_VAULT_WORK_PAGE, "message_label"))), ==, "");
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "The copy was restored, read back and checked."));
  vault = mere_vault_open (back, passphrase, NULL);
  g_assert_nonnull (vault);
  mere_vault_close (vault);
  fixture_tear_down (&self);
}

static void
test_rescue (void)
{
  Fixture          self = { NULL };
  g_autofree char *fresh = NULL;
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (PASSPHRASE);
  GtkWidget *page, *result;
  MereVault *vault;

  fixture_set_up (&self);
  g_clear_pointer (&self.store, mere_store_close);
  fresh = g_build_filename (self.folder, "rescued.vault", NULL);
  mere_window_show_vault (self.window, self.path);
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.rescue", "s", self.path);
  page = get_page (&self, MERE_TYPE_VAULT_WORK_PAGE);
  mere_walk_assert_named (page);
  mere_walk_type (page, "Folder of the new vault", fresh);
  mere_walk_type (page, "Passphrase", PASSPHRASE);
  mere_walk_click (page, "Rescue");
  result = GTK_WIDGET (gtk_widget_get_template_child (page, MERE_TYPE_VAULT_WORK_PAGE, "result_box"));
  mere_walk_until (is_seen, result, "the result");
  g_assert_nonnull (mere_walk_find (page, GTK_TYPE_LABEL, "0 records were rescued: all that there were."));
  vault = mere_vault_open (fresh, passphrase, NULL);
  g_assert_nonnull (vault);
  mere_vault_close (vault);
  fixture_tear_down (&self);
}

static void
test_erasing_asks_for_the_name (void)
{
  Fixture    self = { NULL };
  MereStore *store;
  GtkWidget *dialog;

  fixture_set_up (&self);
  store = self.store;
  mere_sample_fill (store, 3, 2);
  fixture_open (&self);
  dialog = mere_erase_dialog_new (GTK_WINDOW (self.window), store, NULL);
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "not at headquarters and will be lost"));
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), MERE_ERASE_DIALOG_ERASE));
  mere_walk_type (dialog, "Name of the vault", "utopia");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), MERE_ERASE_DIALOG_ERASE));
  mere_walk_type (dialog, "Name of the vault", "Utopia");
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), MERE_ERASE_DIALOG_ERASE));
  gtk_window_destroy (GTK_WINDOW (dialog));

  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.erase-vault", NULL);
  get_page (&self, MERE_TYPE_WELCOME_PAGE);
  g_assert_false (g_file_test (self.path, G_FILE_TEST_EXISTS));
  fixture_tear_down (&self);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  adw_init ();

  g_test_add_func ("/ui/vault/forgotten-passphrase", test_forgotten_passphrase);
  g_test_add_func ("/ui/vault/no-way-through-headquarters-is-said", test_no_way_through_headquarters_is_said);
  g_test_add_func ("/ui/vault/passphrases-come-and-go", test_passphrases_come_and_go);
  g_test_add_func ("/ui/vault/locking-ends-a-copy", test_locking_ends_a_copy);
  g_test_add_func ("/ui/vault/encrypt-anew", test_encrypt_anew);
  g_test_add_func ("/ui/vault/a-change-of-keys-goes-on", test_a_change_of_keys_goes_on);
  g_test_add_func ("/ui/vault/a-copy-goes-to-a-stick-and-back", test_a_copy_goes_to_a_stick_and_back);
  g_test_add_func ("/ui/vault/rescue", test_rescue);
  g_test_add_func ("/ui/vault/erasing-asks-for-the-name", test_erasing_asks_for_the_name);

  return g_test_run ();
}
