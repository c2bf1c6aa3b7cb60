/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/vault-window.h"

#include <glib/gi18n-lib.h>

#include <string.h>

#include "app/vault/recovery.h"
#include "app/vault/slots.h"
#include "sync/recover.h"
#include "ui/erase-dialog.h"
#include "ui/folder-choice.h"
#include "ui/passphrase-dialog.h"
#include "ui/vault-work.h"

struct _MereVaultWindow
{
  AdwPreferencesWindow parent_instance;

  GtkWidget      *damage_group;
  AdwActionRow   *damage_row;
  GtkListBox     *slot_list;
  GtkWidget      *change_button;
  AdwActionRow   *recovery_row;
  GtkSwitch      *recovery_switch;
  GtkWidget      *backup_button;
  GtkWidget      *cancel_button;
  GtkProgressBar *progress_bar;
  GtkLabel       *message_label;

  MereStore            *store;
  GCancellable         *copying;
  MereVaultProgressBox *progress;
  char                 *folder; /* that the copy goes to */
  guint                 tick;
};

G_DEFINE_FINAL_TYPE (MereVaultWindow, mere_vault_window, ADW_TYPE_PREFERENCES_WINDOW)

static const guint progress_every_ms = 200;

static void
show_message (MereVaultWindow *self,
              const char      *message,
              gboolean         is_error)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
  if (is_error)
    gtk_widget_add_css_class (GTK_WIDGET (self->message_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->message_label), "error");
}

/* --- Who can open it ---------------------------------------------------------------------------------------------- */

static void show_slots (MereVaultWindow *self);

static void
open_dialog (MereVaultWindow  *self,
             MereVaultWorkKind kind,
             const char       *label)
{
  MerePassphraseDialog *dialog = mere_passphrase_dialog_new (self->store, kind, label);

  g_signal_connect_object (dialog, "done", G_CALLBACK (show_slots), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_add_cb (MereVaultWindow *self)
{
  open_dialog (self, MERE_VAULT_WORK_ADD, NULL);
}

static void
on_change_cb (MereVaultWindow *self)
{
  open_dialog (self, MERE_VAULT_WORK_CHANGE, NULL);
}

static void
on_remove_cb (GtkWidget *button,
              gpointer   user_data)
{
  open_dialog (user_data, MERE_VAULT_WORK_REMOVE, g_object_get_data (G_OBJECT (button), "label"));
}

static char *
dup_day (const char *made)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *text = made != NULL ? g_strconcat (made, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) day = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  /* Translators: a day, “3 July 2026” */
  return day != NULL ? g_date_time_format (day, C_ ("day", "%-d %B %Y")) : NULL;
}

static char *
dup_about (const MereSlot *slot)
{
  g_autofree char *day = dup_day (slot->made);
  g_autofree char *size = g_format_size_full (slot->cost.memory, G_FORMAT_SIZE_IEC_UNITS);
  /* Translators: what trying one passphrase costs: memory (“256.0 MiB”), and how often it is gone through */
  g_autofree char *cost = g_strdup_printf (_ ("each guess takes %s, %u times over"), size, (guint) slot->cost.passes);

  if (day == NULL)
    return g_steal_pointer (&cost);

  /* Translators: a day, and what a guess costs */
  return g_strdup_printf (_ ("Made on %s; %s"), day, cost);
}

static void
add_row (MereVaultWindow *self,
         const MereSlot  *slot,
         gboolean         removable)
{
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *about = dup_about (slot);
  const char      *title = slot->label != NULL ? slot->label : _ ("The first passphrase");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), about);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (removable)
    {
      GtkWidget *button = gtk_button_new_with_label (_ ("Remove…"));
      /* Translators: %s is whose passphrase it is */
      g_autofree char *name = g_strdup_printf (_ ("Remove “%s”"), title);

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      g_object_set_data_full (G_OBJECT (button), "label", g_strdup (slot->label), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  gtk_list_box_append (self->slot_list, row);
}

static guint
count_passphrases (GPtrArray *slots)
{
  guint n = 0;

  for (guint i = 0; i < slots->len; i++)
    n += ((MereSlot *) slots->pdata[i])->kind == MERE_SLOT_PASSPHRASE;

  return n;
}

static void
show_slots (MereVaultWindow *self)
{
  MereVault *vault = mere_store_get_vault (self->store);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) slots = vault != NULL ? mere_vault_list_slots (vault, &error) : NULL;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->slot_list))) != NULL)
    gtk_list_box_remove (self->slot_list, row);
  if (slots == NULL)
    {
      if (error != NULL)
        show_message (self, error->message, TRUE);
      return;
    }

  for (guint i = 0; i < slots->len; i++)
    if (((MereSlot *) slots->pdata[i])->kind == MERE_SLOT_PASSPHRASE)
      add_row (self, slots->pdata[i], count_passphrases (slots) > 1);
}

/* --- Headquarters ------------------------------------------------------------------------------------------------- */

static void
show_recovery (MereVaultWindow *self)
{
  MereVault       *vault = mere_store_get_vault (self->store);
  g_autofree char *challenge = vault != NULL ? mere_recovery_dup_challenge (mere_vault_get_path (vault)) : NULL;
  const char      *about;

  if (challenge != NULL)
    about = _ ("By telephone: the locked laptop shows letters, headquarters answers with 25 digits. Who has headquarters’ recovery key and this laptop can then read it.");
  else if (mere_recover_is_wanted (self->store))
    about = _ ("Once headquarters’ card was read, and if headquarters has a key for it");
  else
    about = _ ("Turned off: without a passphrase nobody can open it");
  adw_action_row_set_subtitle (self->recovery_row, about);
}

static void
on_recovery_set_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (MereVaultWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!mere_vault_work_finish (result, NULL, &error))
    show_message (self, error->message, TRUE);
  if (mere_store_is_open (self->store))
    show_recovery (self);
}

static void
on_recovery_switched_cb (MereVaultWindow *self)
{
  MereVaultWork work = { .kind = MERE_VAULT_WORK_RECOVERY, .store = self->store };
  g_autoptr (GError) error = NULL;

  if (!mere_recover_set_wanted (self->store, gtk_switch_get_active (self->recovery_switch), &error))
    {
      show_message (self, error->message, TRUE);
      return;
    }
  mere_vault_work_async (&work, NULL, on_recovery_set_cb, g_object_ref (self));
}

/* --- Copies ------------------------------------------------------------------------------------------------------- */

static void
show_copying (MereVaultWindow *self)
{
  gboolean busy = self->copying != NULL;

  gtk_widget_set_visible (self->backup_button, !busy);
  gtk_widget_set_visible (self->cancel_button, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), busy);
}

static gboolean
on_tick_cb (gpointer user_data)
{
  MereVaultWindow *self = user_data;

  gtk_progress_bar_set_fraction (self->progress_bar, mere_vault_progress_box_get (self->progress));

  return G_SOURCE_CONTINUE;
}

static void
stop_copying (MereVaultWindow *self)
{
  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->progress, mere_vault_progress_box_unref);
}

static void
on_copied_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MereVaultWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean         done = mere_vault_work_finish (result, NULL, &error);
  g_autofree char *text = NULL;

  stop_copying (self);
  if (done)
    /* Translators: %s is a folder */
    text = g_strdup_printf (_ ("Copied to %s, read back and checked. The same passphrases open it."), self->folder);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (_ ("Cancelled. Nothing was left on the stick."));
  show_message (self, text != NULL ? text : error->message, text == NULL);
  show_copying (self);
}

/* A folder of the vault's name and today's date, so that a later copy does not meet an earlier one. */
static char *
dup_copy_folder (MereVaultWindow *self,
                 const char      *stick)
{
  MereVault       *vault = mere_store_get_vault (self->store);
  g_autofree char *name = g_path_get_basename (mere_vault_get_path (vault));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  g_autofree char *base = NULL;

  if (g_str_has_suffix (name, ".vault"))
    name[strlen (name) - strlen (".vault")] = '\0';
  base = g_strdup_printf ("%s-%s.vault", name, when);

  return g_build_filename (stick, base, NULL);
}

static void
on_folder_chosen_cb (GtkWidget  *widget,
                     const char *path)
{
  MereVaultWindow *self = MERE_VAULT_WINDOW (widget);
  MereVaultWork    work = { .kind = MERE_VAULT_WORK_BACKUP, .store = self->store };

  if (self->copying != NULL || !mere_store_is_open (self->store))
    return;

  show_message (self, NULL, FALSE);
  g_free (self->folder);
  self->folder = dup_copy_folder (self, path);
  self->copying = g_cancellable_new ();
  self->progress = mere_vault_progress_box_new ();
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  work.folder = self->folder;
  work.progress = self->progress;
  mere_vault_work_async (&work, self->copying, on_copied_cb, g_object_ref (self));
  self->tick = g_timeout_add (progress_every_ms, on_tick_cb, self);
  show_copying (self);
}

static void
on_backup_cb (MereVaultWindow *self)
{
  mere_folder_choice_ask (GTK_WIDGET (self), _ ("Stick for the copy"), _ ("Copy here"), on_folder_chosen_cb);
}

static void
on_cancel_cb (MereVaultWindow *self)
{
  g_cancellable_cancel (self->copying);
}

/* --- What closes the vault ---------------------------------------------------------------------------------------- */

/* The window below does it: this one goes with the vault. */
static void
leave (MereVaultWindow *self,
       const char      *action)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  gtk_widget_activate_action (GTK_WIDGET (parent), action, NULL);
}

static void
on_rekey_cb (MereVaultWindow *self)
{
  leave (self, "win.rekey");
}

static void
on_rescue_cb (MereVaultWindow *self)
{
  leave (self, "win.rescue-open");
}

static void
on_erase_response_cb (MereVaultWindow *self,
                      const char      *response)
{
  if (g_str_equal (response, MERE_ERASE_DIALOG_ERASE))
    leave (self, "win.erase-vault");
}

static void
on_erase_cb (MereVaultWindow *self)
{
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog = mere_erase_dialog_new (GTK_WINDOW (self), self->store, &error);

  if (dialog == NULL)
    {
      show_message (self, error->message, TRUE);
      return;
    }
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_erase_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- The window itself -------------------------------------------------------------------------------------------- */

static void
show_damage (MereVaultWindow *self)
{
  MereVault       *vault = mere_store_get_vault (self->store);
  g_autofree char *damage = mere_vault_dup_damage (vault);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->damage_group, damage != NULL);
  if (damage == NULL)
    return;

  /* Translators: %s says what is damaged: “page 31 does not open” */
  text = g_strdup_printf (_ ("Met last: %s. Everything else is kept. Rescue takes all that still opens into a new vault."), damage);
  adw_action_row_set_subtitle (self->damage_row, text);
}

static void
mere_vault_window_dispose (GObject *object)
{
  MereVaultWindow *self = MERE_VAULT_WINDOW (object);

  stop_copying (self);
  g_clear_pointer (&self->store, mere_store_unref);
  g_clear_pointer (&self->folder, g_free);

  G_OBJECT_CLASS (mere_vault_window_parent_class)->dispose (object);
}

static void
mere_vault_window_class_init (MereVaultWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_vault_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/vault-window.ui");
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, damage_group);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, damage_row);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, slot_list);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, change_button);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, recovery_row);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, recovery_switch);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, backup_button);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWindow, message_label);
  gtk_widget_class_bind_template_callback (widget_class, on_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_backup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_change_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_erase_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_rekey_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_rescue_cb);
}

static void
mere_vault_window_init (MereVaultWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MereVaultWindow *
mere_vault_window_new (GtkWindow *parent,
                       MereStore *store)
{
  MereVaultWindow *self = g_object_new (MERE_TYPE_VAULT_WINDOW, "transient-for", parent, NULL);

  self->store = mere_store_ref (store);
  show_slots (self);
  gtk_switch_set_active (self->recovery_switch, mere_recover_is_wanted (store));
  show_recovery (self);
  show_damage (self);
  g_signal_connect_object (self->recovery_switch, "notify::active", G_CALLBACK (on_recovery_switched_cb), self, G_CONNECT_SWAPPED);

  return self;
}
