/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/unlock-page.h"

#include <glib/gi18n-lib.h>

#include "app/vault/rekey.h"
#include "app/vault/vault.h"
#include "ui/menu-button.h"
#include "ui/text.h"
#include "ui/unlocking.h"

struct _MereUnlockPage
{
  AdwBin parent_instance;

  AdwStatusPage  *status_page;
  GtkEditable    *passphrase_entry;
  GtkLabel       *message_label;
  GtkProgressBar *progress_bar;
  GtkWidget      *unlock_button;
  GtkSpinner     *spinner;
  GtkActionable  *forgotten_button;
  GtkActionable  *rescue_button;

  char                 *path;
  GCancellable         *unlocking; /* while a key is being derived */
  MereVaultProgressBox *progress;  /* while a change of keys that was cut off goes on */
  guint                 tick;
};

static const guint progress_every_ms = 200;

enum {
  UNLOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereUnlockPage, mere_unlock_page, ADW_TYPE_BIN)

static void
show_message (MereUnlockPage *self,
              const char     *message)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

static gboolean
on_tick_cb (gpointer user_data)
{
  MereUnlockPage *self = user_data;

  gtk_progress_bar_set_fraction (self->progress_bar, mere_vault_progress_box_get (self->progress));

  return G_SOURCE_CONTINUE;
}

static void
stop_progress (MereUnlockPage *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->progress, mere_vault_progress_box_unref);
}

/* Opening takes a second; going on with a change of keys takes as long as there are pages. */
static void
start_progress (MereUnlockPage *self)
{
  if (!mere_vault_rekey_is_pending (self->path))
    return;

  self->progress = mere_vault_progress_box_new ();
  self->tick = g_timeout_add (progress_every_ms, on_tick_cb, self);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
}

static void
set_busy (MereUnlockPage *self,
          gboolean        busy)
{
  gboolean typed = *gtk_editable_get_text (self->passphrase_entry) != '\0';

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  if (!busy)
    stop_progress (self);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), self->progress != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->passphrase_entry), !busy);
  gtk_widget_set_sensitive (self->unlock_button, !busy && typed);
}

static void
stop_unlocking (MereUnlockPage *self)
{
  g_cancellable_cancel (self->unlocking);
  g_clear_object (&self->unlocking);
  set_busy (self, FALSE);
}

static void
on_store_opened_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (MereUnlockPage) self = user_data;
  g_autoptr (GError) error = NULL;
  MereStore *store = mere_unlocking_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->unlocking);
  gtk_editable_set_text (self->passphrase_entry, "");
  set_busy (self, FALSE);

  if (store == NULL)
    {
      show_message (self, g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE) ? _ ("That is not the passphrase of this vault.") : error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->rescue_button), g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED) || g_error_matches (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED));
      gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_entry));
      return;
    }

  g_signal_emit (self, signals[UNLOCKED], 0, store);
}

static void
on_unlock_cb (MereUnlockPage *self)
{
  const char *typed = gtk_editable_get_text (self->passphrase_entry);

  if (*typed == '\0' || self->unlocking != NULL || self->path == NULL)
    return;

  show_message (self, NULL);
  self->unlocking = g_cancellable_new ();
  start_progress (self);
  mere_unlocking_async (self->path, mere_secret_new_from_text (typed), MERE_UNLOCKING_OPEN, self->progress, self->unlocking,
                        on_store_opened_cb, g_object_ref (self));
  set_busy (self, TRUE);
}

static void
on_passphrase_changed_cb (MereUnlockPage *self)
{
  gboolean typed = *gtk_editable_get_text (self->passphrase_entry) != '\0';

  if (typed)
    show_message (self, NULL);

  gtk_widget_set_sensitive (self->unlock_button, typed && self->unlocking == NULL);
}

static gboolean
mere_unlock_page_focus (GtkWidget       *widget,
                        GtkDirectionType direction)
{
  MereUnlockPage *self = MERE_UNLOCK_PAGE (widget);

  /* The field is where one begins, not the button before it. */
  if (gtk_widget_get_focus_child (widget) == NULL && gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_entry)))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_unlock_page_parent_class)->focus (widget, direction);
}

static void
mere_unlock_page_unmap (GtkWidget *widget)
{
  stop_unlocking (MERE_UNLOCK_PAGE (widget));

  GTK_WIDGET_CLASS (mere_unlock_page_parent_class)->unmap (widget);
}

static void
mere_unlock_page_dispose (GObject *object)
{
  MereUnlockPage *self = MERE_UNLOCK_PAGE (object);

  g_cancellable_cancel (self->unlocking);
  g_clear_object (&self->unlocking);
  stop_progress (self);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (mere_unlock_page_parent_class)->dispose (object);
}

static void
mere_unlock_page_class_init (MereUnlockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_unlock_page_dispose;
  widget_class->focus = mere_unlock_page_focus;
  widget_class->unmap = mere_unlock_page_unmap;

  signals[UNLOCKED] = g_signal_new ("unlocked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (MERE_TYPE_MENU_BUTTON);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/unlock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, passphrase_entry);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, forgotten_button);
  gtk_widget_class_bind_template_child (widget_class, MereUnlockPage, rescue_button);
  gtk_widget_class_bind_template_callback (widget_class, on_passphrase_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_unlock_cb);
}

static void
mere_unlock_page_init (MereUnlockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The target first: an action without the one that it needs is none. */
static void
set_action (GtkActionable *button,
            const char    *action,
            const char    *path)
{
  gtk_actionable_set_action_target (button, "s", path);
  gtk_actionable_set_action_name (button, action);
}

void
mere_unlock_page_set_vault (MereUnlockPage *self,
                            const char     *path)
{
  g_autofree char *name = NULL;

  g_return_if_fail (MERE_IS_UNLOCK_PAGE (self));
  g_return_if_fail (path != NULL);

  stop_unlocking (self);
  g_free (self->path);
  self->path = g_strdup (path);
  set_action (self->forgotten_button, "win.recover", path);
  set_action (self->rescue_button, "win.rescue", path);
  gtk_widget_set_visible (GTK_WIDGET (self->rescue_button), FALSE);

  name = mere_text_vault_name (path);
  adw_status_page_set_title (self->status_page, name);
  gtk_editable_set_text (self->passphrase_entry, "");
  show_message (self, mere_vault_is_vault (path) ? NULL : _ ("There is no vault in this folder."));
}
