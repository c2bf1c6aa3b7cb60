/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/window.h"

#include <glib/gi18n-lib.h>

#include "app/vault/vault.h"
#include "ui/desk.h"
#include "ui/folder-choice.h"
#include "ui/idle-watch.h"
#include "ui/new-vault-page.h"
#include "ui/recovery-page.h"
#include "ui/remembered.h"
#include "ui/unlock-page.h"
#include "ui/vault-window.h"
#include "ui/vault-work-page.h"
#include "ui/welcome-page.h"

struct _MereWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack          *rooms;
  MereWelcomePage   *welcome_page;
  MereNewVaultPage  *new_vault_page;
  MereUnlockPage    *unlock_page;
  MereRecoveryPage  *recovery_page;
  MereVaultWorkPage *work_page;

  MereDesk      *desk; /* only while a vault is open */
  MereStore     *store;
  MereIdleWatch *idle_watch;
  GtkWindow     *vault_window; /* weak; only while a vault is open */
};

G_DEFINE_FINAL_TYPE (MereWindow, mere_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_room (MereWindow *self,
           const char *name)
{
  GtkWidget *page;

  /* The stack moves the focus along where it was in the page before; nowhere else. */
  gtk_stack_set_visible_child_name (self->rooms, name);
  page = gtk_stack_get_visible_child (self->rooms);
  if (gtk_widget_get_focus_child (page) == NULL)
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

static void
close_store (MereWindow *self)
{
  if (self->vault_window != NULL)
    gtk_window_destroy (self->vault_window);
  if (self->desk != NULL)
    {
      g_autoptr (GObject) desk = g_object_ref (G_OBJECT (self->desk));

      /* Whoever else holds the desk (an event on its way) must not keep answers in memory. */
      gtk_stack_remove (self->rooms, GTK_WIDGET (self->desk));
      self->desk = NULL;
      g_object_run_dispose (desk);
    }

  g_clear_pointer (&self->store, mere_store_close);
}

/* (nullable) */
static char *
dup_open_path (MereWindow *self)
{
  MereVault *vault = self->store != NULL ? mere_store_get_vault (self->store) : NULL;

  return vault != NULL ? g_strdup (mere_vault_get_path (vault)) : NULL;
}

static void
on_store_ready_cb (MereWindow *self,
                   MereStore  *store)
{
  mere_window_take_store (self, store);
}

static void
on_idle_cb (gpointer user_data)
{
  mere_window_lock (user_data);
}

static void
lock_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  mere_window_lock (MERE_WINDOW (widget));
}

static void
welcome_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  MereWindow *self = MERE_WINDOW (widget);

  mere_welcome_page_refresh (self->welcome_page);
  show_room (self, "welcome");
}

static void
new_vault_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  MereWindow *self = MERE_WINDOW (widget);

  mere_new_vault_page_reset (self->new_vault_page);
  show_room (self, "new-vault");
}

static void
unlock_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  mere_window_show_vault (MERE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
recover_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  MereWindow *self = MERE_WINDOW (widget);

  mere_recovery_page_set_vault (self->recovery_page, g_variant_get_string (parameter, NULL));
  show_room (self, "recovery");
}

/* Locks, and goes on with the vault that was open. */
static void
work_on_open_vault (MereWindow       *self,
                    MereVaultWorkKind kind)
{
  g_autofree char *path = dup_open_path (self);

  if (path == NULL)
    return;

  mere_window_lock (self);
  mere_vault_work_page_begin (self->work_page, kind, path);
  show_room (self, "vault-work");
}

static void
rekey_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  work_on_open_vault (MERE_WINDOW (widget), MERE_VAULT_WORK_REKEY);
}

static void
rescue_open_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  work_on_open_vault (MERE_WINDOW (widget), MERE_VAULT_WORK_RESCUE);
}

static void
rescue_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  MereWindow *self = MERE_WINDOW (widget);

  mere_vault_work_page_begin (self->work_page, MERE_VAULT_WORK_RESCUE, g_variant_get_string (parameter, NULL));
  show_room (self, "vault-work");
}

static void
on_copy_chosen_cb (GtkWidget  *widget,
                   const char *path)
{
  MereWindow *self = MERE_WINDOW (widget);

  mere_vault_work_page_begin (self->work_page, MERE_VAULT_WORK_RESTORE, path);
  show_room (self, "vault-work");
}

static void
restore_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  mere_folder_choice_ask (widget, _ ("Copy of a vault"), _ ("Restore"), on_copy_chosen_cb);
}

static void
vault_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  MereWindow *self = MERE_WINDOW (widget);

  if (self->store == NULL || mere_store_get_vault (self->store) == NULL)
    return;

  if (self->vault_window == NULL)
    {
      self->vault_window = GTK_WINDOW (mere_vault_window_new (GTK_WINDOW (self), self->store));
      g_object_add_weak_pointer (G_OBJECT (self->vault_window), (gpointer *) &self->vault_window);
    }
  gtk_window_present (self->vault_window);
}

static void
show_sentence (MereWindow *self,
               const char *heading,
               const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
erase_vault_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  MereWindow      *self = MERE_WINDOW (widget);
  g_autofree char *path = dup_open_path (self);
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;

  mere_window_lock (self);
  if (!mere_vault_destroy (path, &error))
    {
      show_sentence (self, _ ("The vault was not erased"), error->message);
      return;
    }
  mere_remembered_forget_vault (path);
  welcome_action (widget, NULL, NULL);
}

static void
on_folder_chosen_cb (GtkWidget  *widget,
                     const char *path)
{
  mere_window_show_vault (MERE_WINDOW (widget), path);
}

static void
open_vault_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  mere_folder_choice_ask (widget, _ ("Open a vault"), _ ("Open"), on_folder_chosen_cb);
}

static void
remember_size (MereWindow *self)
{
  int      width, height;
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  mere_remembered_set_maximized (maximized);

  if (!maximized && width > 0 && height > 0)
    mere_remembered_set_size (width, height);
}

static gboolean
mere_window_close_request (GtkWindow *window)
{
  MereWindow *self = MERE_WINDOW (window);

  remember_size (self);
  close_store (self);

  return GTK_WINDOW_CLASS (mere_window_parent_class)->close_request (window);
}

static void
mere_window_dispose (GObject *object)
{
  MereWindow *self = MERE_WINDOW (object);

  g_clear_pointer (&self->idle_watch, mere_idle_watch_free);
  if (self->rooms != NULL)
    close_store (self);

  G_OBJECT_CLASS (mere_window_parent_class)->dispose (object);
}

static void
mere_window_class_init (MereWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = mere_window_close_request;

  g_type_ensure (MERE_TYPE_WELCOME_PAGE);
  g_type_ensure (MERE_TYPE_NEW_VAULT_PAGE);
  g_type_ensure (MERE_TYPE_UNLOCK_PAGE);
  g_type_ensure (MERE_TYPE_RECOVERY_PAGE);
  g_type_ensure (MERE_TYPE_VAULT_WORK_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, MereWindow, rooms);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, welcome_page);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, new_vault_page);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, unlock_page);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, recovery_page);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, work_page);

  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.welcome", NULL, welcome_action);
  gtk_widget_class_install_action (widget_class, "win.new-vault", NULL, new_vault_action);
  gtk_widget_class_install_action (widget_class, "win.open-vault", NULL, open_vault_action);
  gtk_widget_class_install_action (widget_class, "win.unlock", "s", unlock_action);
  gtk_widget_class_install_action (widget_class, "win.recover", "s", recover_action);
  gtk_widget_class_install_action (widget_class, "win.restore", NULL, restore_action);
  gtk_widget_class_install_action (widget_class, "win.rescue", "s", rescue_action);
  gtk_widget_class_install_action (widget_class, "win.vault", NULL, vault_action);
  gtk_widget_class_install_action (widget_class, "win.rekey", NULL, rekey_action);
  gtk_widget_class_install_action (widget_class, "win.rescue-open", NULL, rescue_open_action);
  gtk_widget_class_install_action (widget_class, "win.erase-vault", NULL, erase_vault_action);
}

static void
set_unlocked (MereWindow *self,
              gboolean    unlocked)
{
  static const char *const actions[] = { "win.lock", "win.vault", "win.rekey", "win.rescue-open", "win.erase-vault" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], unlocked);
}

static void
mere_window_init (MereWindow *self)
{
  int width, height;

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->new_vault_page, "unlocked", G_CALLBACK (on_store_ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->unlock_page, "unlocked", G_CALLBACK (on_store_ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recovery_page, "unlocked", G_CALLBACK (on_store_ready_cb), self, G_CONNECT_SWAPPED);

  mere_remembered_get_size (&width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (mere_remembered_get_maximized ())
    gtk_window_maximize (GTK_WINDOW (self));

  set_unlocked (self, FALSE);
  self->idle_watch = mere_idle_watch_new (GTK_WIDGET (self), on_idle_cb, self);
}

static void
on_damage_response_cb (MereWindow *self,
                       const char *response)
{
  if (g_str_equal (response, "rescue"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.rescue-open", NULL);
}

/* What the opening has met, and what to do about it. */
static void
show_damage (MereWindow *self)
{
  MereVault       *vault = mere_store_get_vault (self->store);
  g_autofree char *damage = vault != NULL ? mere_vault_dup_damage (vault) : NULL;
  const char      *repaired = vault != NULL ? mere_vault_get_repaired_keys (vault) : NULL;
  g_autofree char *text = NULL;
  GtkWidget       *dialog;

  if (damage != NULL)
    {
      /* Translators: %s says what is damaged: “page 31 does not open” */
      text = g_strdup_printf (_ ("While it was checked after a crash: %s. Everything else is kept, and you can go on. Rescue takes all that still opens into a new vault; keep the damaged folder and tell headquarters."), damage);
      dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("This vault is damaged or was changed"), text);
      adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "go-on", _ ("Go on"), "rescue", _ ("Rescue…"), NULL);
      g_signal_connect_object (dialog, "response", G_CALLBACK (on_damage_response_cb), self, G_CONNECT_SWAPPED);
      gtk_window_present (GTK_WINDOW (dialog));
    }
  else if (repaired != NULL)
    {
      /* Translators: %s is the name of a file */
      text = g_strdup_printf (_ ("One of the two copies of the vault’s keys, %s, was gone, damaged or of an earlier time. The other one was whole: both are in order again. If you have not changed a passphrase when the computer crashed, tell headquarters."), repaired);
      show_sentence (self, _ ("The vault’s keys were put in order"), text);
    }
}

MereWindow *
mere_window_new (AdwApplication *application)
{
  return g_object_new (MERE_TYPE_WINDOW, "application", application, NULL);
}

void
mere_window_show_vault (MereWindow *self,
                        const char *path)
{
  g_return_if_fail (MERE_IS_WINDOW (self));
  g_return_if_fail (path != NULL);

  close_store (self);
  set_unlocked (self, FALSE);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Merestone"));
  mere_unlock_page_set_vault (self->unlock_page, path);
  show_room (self, "unlock");
}

void
mere_window_take_store (MereWindow *self,
                        MereStore  *store)
{
  g_return_if_fail (MERE_IS_WINDOW (self));
  g_return_if_fail (store != NULL);

  close_store (self);
  self->store = store;
  if (mere_store_get_vault (store) != NULL)
    mere_remembered_add_vault (mere_vault_get_path (mere_store_get_vault (store)));

  self->desk = mere_desk_new (store);
  gtk_stack_add_named (self->rooms, GTK_WIDGET (self->desk), "desk");
  set_unlocked (self, TRUE);
  mere_idle_watch_touch (self->idle_watch);
  show_room (self, "desk");
  show_damage (self);
}

void
mere_window_lock (MereWindow *self)
{
  MereVault       *vault;
  g_autofree char *path = NULL;

  g_return_if_fail (MERE_IS_WINDOW (self));

  if (self->store == NULL)
    return;

  vault = mere_store_get_vault (self->store);
  path = g_strdup (vault != NULL ? mere_vault_get_path (vault) : "");
  mere_window_show_vault (self, path);
}

gboolean
mere_window_is_unlocked (MereWindow *self)
{
  g_return_val_if_fail (MERE_IS_WINDOW (self), FALSE);

  return self->store != NULL;
}
