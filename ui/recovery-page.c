/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/recovery-page.h"

#include <glib/gi18n-lib.h>

#include "app/vault/recovery.h"
#include "sync/recover.h"
#include "ui/menu-button.h"
#include "ui/new-passphrase.h"
#include "ui/text.h"
#include "ui/unlocking.h"

struct _MereRecoveryPage
{
  AdwBin parent_instance;

  AdwWindowTitle    *title;
  GtkWidget         *none_label;
  GtkWidget         *challenge_box;
  GtkLabel          *challenge_label;
  GtkWidget         *answer_box;
  GtkEditable       *answer_entry;
  GtkWidget         *passphrase_box;
  MereNewPassphrase *passphrase;
  GtkLabel          *message_label;
  GtkWidget         *go_button;
  GtkLabel          *go_label;
  GtkSpinner        *spinner;

  char         *path;
  MereSecret   *answer; /* once it was found right */
  GCancellable *working;
};

enum {
  UNLOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereRecoveryPage, mere_recovery_page, ADW_TYPE_BIN)

static void
show_message (MereRecoveryPage *self,
              const char       *message)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

static gboolean
is_ready (MereRecoveryPage *self)
{
  if (self->answer != NULL)
    return mere_new_passphrase_is_ready (self->passphrase);

  return *gtk_editable_get_text (self->answer_entry) != '\0';
}

static void
refresh (MereRecoveryPage *self)
{
  gboolean busy = self->working != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (self->answer_box, !busy && self->answer == NULL);
  gtk_widget_set_sensitive (self->passphrase_box, !busy);
  gtk_widget_set_visible (self->passphrase_box, self->answer != NULL);
  gtk_label_set_label (self->go_label, self->answer != NULL ? _ ("_Open with the new passphrase") : _ ("_Check the answer"));
  gtk_widget_set_sensitive (self->go_button, !busy && is_ready (self));
}

static void
forget (MereRecoveryPage *self)
{
  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_pointer (&self->answer, mere_secret_free);
  gtk_editable_set_text (self->answer_entry, "");
  mere_new_passphrase_clear (self->passphrase);
  show_message (self, NULL);
  refresh (self);
}

static void
on_checked_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MereRecoveryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  MereSecret *answer = mere_unlocking_check_answer_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->working);
  self->answer = answer;
  show_message (self, answer == NULL ? error->message : NULL);
  refresh (self);
  gtk_widget_grab_focus (answer != NULL ? GTK_WIDGET (self->passphrase) : GTK_WIDGET (self->answer_entry));
}

static void
on_store_opened_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (MereRecoveryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  MereStore *store = mere_unlocking_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->working);
  if (store == NULL)
    {
      show_message (self, error->message);
      refresh (self);
      return;
    }

  forget (self);
  g_signal_emit (self, signals[UNLOCKED], 0, store);
}

static void
on_go_cb (MereRecoveryPage *self)
{
  g_autoptr (GError) error = NULL;
  MereSecret *answer;

  if (self->working != NULL || !is_ready (self))
    return;

  answer = self->answer != NULL ? mere_secret_copy (self->answer) : mere_recover_answer_read (gtk_editable_get_text (self->answer_entry), &error);
  show_message (self, answer == NULL ? error->message : NULL);
  if (answer == NULL)
    return;

  self->working = g_cancellable_new ();
  if (self->answer == NULL)
    mere_unlocking_check_answer_async (self->path, answer, self->working, on_checked_cb, g_object_ref (self));
  else
    mere_unlocking_recover_async (self->path, answer, mere_new_passphrase_dup (self->passphrase), self->working,
                                  on_store_opened_cb, g_object_ref (self));
  refresh (self);
}

static void
on_answer_changed_cb (MereRecoveryPage *self)
{
  show_message (self, NULL);
  refresh (self);
}

static void
on_passphrase_changed_cb (MereRecoveryPage *self)
{
  refresh (self);
}

static void
on_back_cb (MereRecoveryPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.unlock", "s", self->path);
}

static gboolean
mere_recovery_page_focus (GtkWidget       *widget,
                          GtkDirectionType direction)
{
  MereRecoveryPage *self = MERE_RECOVERY_PAGE (widget);

  if (gtk_widget_get_focus_child (widget) == NULL && gtk_widget_get_visible (self->answer_box) &&
      gtk_widget_grab_focus (GTK_WIDGET (self->answer_entry)))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_recovery_page_parent_class)->focus (widget, direction);
}

static void
mere_recovery_page_unmap (GtkWidget *widget)
{
  forget (MERE_RECOVERY_PAGE (widget));

  GTK_WIDGET_CLASS (mere_recovery_page_parent_class)->unmap (widget);
}

static void
mere_recovery_page_dispose (GObject *object)
{
  MereRecoveryPage *self = MERE_RECOVERY_PAGE (object);

  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_pointer (&self->answer, mere_secret_free);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (mere_recovery_page_parent_class)->dispose (object);
}

static void
mere_recovery_page_class_init (MereRecoveryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_recovery_page_dispose;
  widget_class->focus = mere_recovery_page_focus;
  widget_class->unmap = mere_recovery_page_unmap;

  signals[UNLOCKED] = g_signal_new ("unlocked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (MERE_TYPE_MENU_BUTTON);
  g_type_ensure (MERE_TYPE_NEW_PASSPHRASE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/recovery-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, title);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, none_label);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, challenge_box);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, challenge_label);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, answer_box);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, answer_entry);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, passphrase_box);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, passphrase);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, go_button);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, go_label);
  gtk_widget_class_bind_template_child (widget_class, MereRecoveryPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_answer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_go_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_passphrase_changed_cb);
}

static void
mere_recovery_page_init (MereRecoveryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mere_new_passphrase_set_beside_another (self->passphrase);
}

void
mere_recovery_page_set_vault (MereRecoveryPage *self,
                              const char       *path)
{
  g_autofree char *challenge = NULL;
  g_autofree char *grouped = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (MERE_IS_RECOVERY_PAGE (self));
  g_return_if_fail (path != NULL);

  g_free (self->path);
  self->path = g_strdup (path);
  name = mere_text_vault_name (path);
  adw_window_title_set_subtitle (self->title, name);

  challenge = mere_recovery_dup_challenge (path);
  grouped = challenge != NULL ? mere_recover_challenge_group (challenge) : NULL;
  /* Latin letters and digits run from left to right, whatever is around them. */
  shown = grouped != NULL ? g_strconcat ("\u2066", grouped, "\u2069", NULL) : NULL;
  gtk_label_set_label (self->challenge_label, shown != NULL ? shown : "");
  gtk_widget_set_visible (self->none_label, grouped == NULL);
  gtk_widget_set_visible (self->challenge_box, grouped != NULL);
  gtk_widget_set_visible (self->answer_box, grouped != NULL);
  gtk_widget_set_visible (self->go_button, grouped != NULL);
  forget (self);
}
