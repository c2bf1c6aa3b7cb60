/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/passphrase-dialog.h"

#include <glib/gi18n-lib.h>

#include "ui/new-passphrase.h"

struct _MerePassphraseDialog
{
  AdwWindow parent_instance;

  GtkWidget         *save_button;
  GtkSpinner        *spinner;
  GtkLabel          *save_label;
  GtkWidget         *fields;
  GtkLabel          *explanation_label;
  GtkWidget         *name_box;
  GtkEditable       *name_entry;
  GtkEditable       *known_entry;
  MereNewPassphrase *fresh;
  GtkLabel          *message_label;

  MereStore        *store;
  MereVaultWorkKind kind;
  char             *label;
  gboolean          busy;
};

enum {
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MerePassphraseDialog, mere_passphrase_dialog, ADW_TYPE_WINDOW)

/* What each kind is called. */
static const struct
{
  const char *title;
  const char *verb;
  const char *explanation;
} words[] = {
  [MERE_VAULT_WORK_ADD] = { N_ ("Add a passphrase"), N_ ("Add"), N_ ("Each passphrase opens the whole vault. Whoever has one can add and remove others.") },
  [MERE_VAULT_WORK_CHANGE] = { N_ ("Change a passphrase"), N_ ("Change"), N_ ("The passphrase that you type first is replaced. Copies of the vault that were made before still open with it.") },
  [MERE_VAULT_WORK_REMOVE] = { N_ ("Remove a passphrase"), N_ ("Remove"), NULL },
};

static void
show_message (MerePassphraseDialog *self,
              const char           *message)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

static gboolean
is_ready (MerePassphraseDialog *self)
{
  return *gtk_editable_get_text (self->known_entry) != '\0' &&
         (self->kind == MERE_VAULT_WORK_REMOVE || mere_new_passphrase_is_ready (self->fresh)) &&
         (self->kind != MERE_VAULT_WORK_ADD || *gtk_editable_get_text (self->name_entry) != '\0');
}

static void
refresh (MerePassphraseDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
  gtk_widget_set_sensitive (self->fields, !self->busy);
  gtk_widget_set_sensitive (self->save_button, !self->busy && is_ready (self));
}

static void
on_worked_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MerePassphraseDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = mere_vault_work_finish (result, NULL, &error);

  self->busy = FALSE;
  if (done)
    {
      g_signal_emit (self, signals[DONE], 0);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  show_message (self, error->message);
  refresh (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->known_entry));
}

static void
on_save_cb (MerePassphraseDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));
  MereVaultWork    work = { .kind = self->kind, .store = self->store };

  if (self->busy || !is_ready (self))
    return;

  show_message (self, NULL);
  work.known = mere_secret_new_from_text (gtk_editable_get_text (self->known_entry));
  work.label = self->kind == MERE_VAULT_WORK_ADD ? name : self->label;
  if (self->kind != MERE_VAULT_WORK_REMOVE)
    work.fresh = mere_new_passphrase_dup (self->fresh);
  self->busy = TRUE;
  mere_vault_work_async (&work, NULL, on_worked_cb, g_object_ref (self));
  refresh (self);
}

static void
on_changed_cb (MerePassphraseDialog *self)
{
  show_message (self, NULL);
  refresh (self);
}

static void
mere_passphrase_dialog_finalize (GObject *object)
{
  MerePassphraseDialog *self = MERE_PASSPHRASE_DIALOG (object);

  g_clear_pointer (&self->store, mere_store_unref);
  g_free (self->label);

  G_OBJECT_CLASS (mere_passphrase_dialog_parent_class)->finalize (object);
}

static void
mere_passphrase_dialog_class_init (MerePassphraseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_passphrase_dialog_finalize;

  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (MERE_TYPE_NEW_PASSPHRASE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/passphrase-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, save_label);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, name_box);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, name_entry);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, known_entry);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, fresh);
  gtk_widget_class_bind_template_child (widget_class, MerePassphraseDialog, message_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
mere_passphrase_dialog_init (MerePassphraseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mere_new_passphrase_set_beside_another (self->fresh);
}

static char *
dup_explanation (MerePassphraseDialog *self)
{
  if (words[self->kind].explanation != NULL)
    return g_strdup (_ (words[self->kind].explanation));
  if (self->label == NULL)
    return g_strdup (_ ("The first passphrase will not open this vault any more. Type another one that does."));

  /* Translators: %s is whose passphrase it is */
  return g_strdup_printf (_ ("The passphrase “%s” will not open this vault any more. Type another one that does."), self->label);
}

MerePassphraseDialog *
mere_passphrase_dialog_new (MereStore        *store,
                            MereVaultWorkKind kind,
                            const char       *label)
{
  MerePassphraseDialog *self = g_object_new (MERE_TYPE_PASSPHRASE_DIALOG, NULL);
  g_autofree char      *explanation = NULL;

  g_return_val_if_fail (kind < G_N_ELEMENTS (words), self);

  self->store = mere_store_ref (store);
  self->kind = kind;
  self->label = g_strdup (label);
  explanation = dup_explanation (self);
  gtk_window_set_title (GTK_WINDOW (self), _ (words[kind].title));
  gtk_label_set_label (self->save_label, _ (words[kind].verb));
  gtk_label_set_label (self->explanation_label, explanation);
  gtk_widget_set_visible (self->name_box, kind == MERE_VAULT_WORK_ADD);
  gtk_widget_set_visible (GTK_WIDGET (self->fresh), kind != MERE_VAULT_WORK_REMOVE);
  gtk_widget_grab_focus (GTK_WIDGET (kind == MERE_VAULT_WORK_ADD ? self->name_entry : self->known_entry));

  return self;
}
