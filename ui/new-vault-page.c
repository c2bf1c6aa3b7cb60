/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/new-vault-page.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "app/vault/vault.h"
#include "ui/folder-choice.h"
#include "ui/menu-button.h"
#include "ui/new-passphrase.h"
#include "ui/unlocking.h"

struct _MereNewVaultPage
{
  AdwBin parent_instance;

  GtkWidget         *fields;
  GtkEditable       *name_entry;
  GtkEditable       *folder_entry;
  GtkLabel          *path_label;
  MereNewPassphrase *passphrase;
  GtkLabel          *message_label;
  GtkWidget         *make_button;
  GtkSpinner        *spinner;

  GCancellable *making; /* while a vault is being made */
};

enum {
  UNLOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereNewVaultPage, mere_new_vault_page, ADW_TYPE_BIN)

/* (nullable): NULL where name or folder cannot be one. */
static char *
dup_vault_path (MereNewVaultPage *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));
  g_autofree char *folder = g_strstrip (g_strdup (gtk_editable_get_text (self->folder_entry)));
  g_autofree char *base = NULL;
  g_autofree char *whole = NULL;

  if (*name == '\0' || *name == '.' || strchr (name, G_DIR_SEPARATOR) != NULL)
    return NULL;

  if (g_str_has_prefix (folder, "~/"))
    whole = g_build_filename (g_get_home_dir (), folder + 2, NULL);
  else
    whole = g_steal_pointer (&folder);

  if (!g_path_is_absolute (whole))
    return NULL;

  base = g_strconcat (name, ".vault", NULL);

  return g_build_filename (whole, base, NULL);
}

static void
show_message (MereNewVaultPage *self,
              const char       *message)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

static void
show_path (MereNewVaultPage *self,
           const char       *path)
{
  g_autofree char *name = path != NULL ? g_filename_display_name (path) : NULL;
  /* A path runs from left to right, whatever is around it. */
  g_autofree char *shown = name != NULL ? g_strconcat ("\u2066", name, "\u2069", NULL) : NULL;
  g_autofree char *text = NULL;

  if (shown != NULL)
    /* Translators: %s is the folder that the vault will be */
    text = g_strdup_printf (_ ("It will be kept in %s"), shown);
  else
    text = g_strdup (_ ("A name without slashes, and a folder that begins with “/” or “~/”."));

  gtk_label_set_label (self->path_label, text);
}

static gboolean
refresh (MereNewVaultPage *self)
{
  g_autofree char *path = dup_vault_path (self);
  gboolean         ready = path != NULL && mere_new_passphrase_is_ready (self->passphrase);

  show_path (self, path);
  gtk_widget_set_sensitive (self->make_button, ready && self->making == NULL);

  return ready;
}

static void
set_busy (MereNewVaultPage *self,
          gboolean          busy)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (self->fields, !busy);
}

static void
on_store_made_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (MereNewVaultPage) self = user_data;
  g_autoptr (GError) error = NULL;
  MereStore *store = mere_unlocking_finish (result, &error);

  g_clear_object (&self->making);
  set_busy (self, FALSE);

  if (store == NULL)
    {
      refresh (self);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_message (self, error->message);
      return;
    }

  mere_new_vault_page_reset (self);
  g_signal_emit (self, signals[UNLOCKED], 0, store);
}

static void
on_make_cb (MereNewVaultPage *self)
{
  g_autofree char *path = dup_vault_path (self);
  g_autofree char *folder = NULL;

  if (self->making != NULL || !refresh (self))
    return;

  show_message (self, NULL);

  /* The folder around the vault; the vault itself is made by the vault. */
  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_autofree char *text = g_strdup_printf (_ ("The folder could not be made: %s"), g_strerror (errno));

      show_message (self, text);
      return;
    }

  self->making = g_cancellable_new ();
  mere_unlocking_async (path, mere_new_passphrase_dup (self->passphrase),
                        MERE_UNLOCKING_CREATE, NULL, self->making, on_store_made_cb, g_object_ref (self));
  set_busy (self, TRUE);
}

static void
on_changed_cb (MereNewVaultPage *self)
{
  show_message (self, NULL);
  refresh (self);
}

static void
on_folder_chosen_cb (GtkWidget  *widget,
                     const char *path)
{
  gtk_editable_set_text (MERE_NEW_VAULT_PAGE (widget)->folder_entry, path);
}

static void
on_choose_cb (MereNewVaultPage *self)
{
  mere_folder_choice_ask (GTK_WIDGET (self), _ ("Folder for the vault"), _ ("Choose"), on_folder_chosen_cb);
}

static gboolean
mere_new_vault_page_focus (GtkWidget       *widget,
                           GtkDirectionType direction)
{
  MereNewVaultPage *self = MERE_NEW_VAULT_PAGE (widget);

  if (gtk_widget_get_focus_child (widget) == NULL && gtk_widget_grab_focus (GTK_WIDGET (self->name_entry)))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_new_vault_page_parent_class)->focus (widget, direction);
}

static void
mere_new_vault_page_unmap (GtkWidget *widget)
{
  MereNewVaultPage *self = MERE_NEW_VAULT_PAGE (widget);

  g_cancellable_cancel (self->making);

  GTK_WIDGET_CLASS (mere_new_vault_page_parent_class)->unmap (widget);
}

static void
mere_new_vault_page_dispose (GObject *object)
{
  MereNewVaultPage *self = MERE_NEW_VAULT_PAGE (object);

  g_cancellable_cancel (self->making);
  g_clear_object (&self->making);

  G_OBJECT_CLASS (mere_new_vault_page_parent_class)->dispose (object);
}

static void
mere_new_vault_page_class_init (MereNewVaultPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_new_vault_page_dispose;
  widget_class->focus = mere_new_vault_page_focus;
  widget_class->unmap = mere_new_vault_page_unmap;

  signals[UNLOCKED] = g_signal_new ("unlocked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (MERE_TYPE_MENU_BUTTON);
  g_type_ensure (MERE_TYPE_NEW_PASSPHRASE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/new-vault-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, fields);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, name_entry);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, folder_entry);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, path_label);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, passphrase);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, make_button);
  gtk_widget_class_bind_template_child (widget_class, MereNewVaultPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_make_cb);
}

static void
mere_new_vault_page_init (MereNewVaultPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  mere_new_vault_page_reset (self);
}

void
mere_new_vault_page_reset (MereNewVaultPage *self)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), "Merestone", NULL);

  g_return_if_fail (MERE_IS_NEW_VAULT_PAGE (self));

  gtk_editable_set_text (self->name_entry, _ ("Field"));
  gtk_editable_set_text (self->folder_entry, folder);
  mere_new_passphrase_clear (self->passphrase);
  show_message (self, NULL);
  refresh (self);
}
