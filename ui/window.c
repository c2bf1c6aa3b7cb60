/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/window.h"

#include <glib/gi18n-lib.h>

#include "app/vault/vault.h"
#include "ui/desk.h"
#include "ui/folder-choice.h"
#include "ui/idle-watch.h"
#include "ui/new-vault-page.h"
#include "ui/remembered.h"
#include "ui/unlock-page.h"
#include "ui/welcome-page.h"

struct _MereWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack         *rooms;
  MereWelcomePage  *welcome_page;
  MereNewVaultPage *new_vault_page;
  MereUnlockPage   *unlock_page;

  MereDesk      *desk; /* only while a vault is open */
  MereStore     *store;
  MereIdleWatch *idle_watch;
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

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, MereWindow, rooms);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, welcome_page);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, new_vault_page);
  gtk_widget_class_bind_template_child (widget_class, MereWindow, unlock_page);

  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.welcome", NULL, welcome_action);
  gtk_widget_class_install_action (widget_class, "win.new-vault", NULL, new_vault_action);
  gtk_widget_class_install_action (widget_class, "win.open-vault", NULL, open_vault_action);
  gtk_widget_class_install_action (widget_class, "win.unlock", "s", unlock_action);
}

static void
mere_window_init (MereWindow *self)
{
  int width, height;

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->new_vault_page, "unlocked", G_CALLBACK (on_store_ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->unlock_page, "unlocked", G_CALLBACK (on_store_ready_cb), self, G_CONNECT_SWAPPED);

  mere_remembered_get_size (&width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (mere_remembered_get_maximized ())
    gtk_window_maximize (GTK_WINDOW (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock", FALSE);
  self->idle_watch = mere_idle_watch_new (GTK_WIDGET (self), on_idle_cb, self);
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock", FALSE);
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock", TRUE);
  mere_idle_watch_touch (self->idle_watch);
  show_room (self, "desk");
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
