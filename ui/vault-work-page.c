/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/vault-work-page.h"

#include <glib/gi18n-lib.h>

#include "ui/menu-button.h"
#include "ui/remembered.h"
#include "ui/text.h"
#include "ui/words.h"

struct _MereVaultWorkPage
{
  AdwBin parent_instance;

  AdwWindowTitle *title;
  GtkWidget      *back_button;
  GtkLabel       *explanation_label;
  GtkWidget      *ask_box;
  GtkWidget      *target_box;
  GtkEditable    *target_entry;
  GtkEditable    *passphrase_entry;
  GtkLabel       *message_label;
  GtkWidget      *start_button;
  GtkLabel       *start_label;
  GtkWidget      *progress_box;
  GtkProgressBar *progress_bar;
  GtkWidget      *cancel_button;
  GtkWidget      *result_box;
  GtkLabel       *result_label;
  GtkLabel       *losses_label;

  MereVaultWorkKind     kind;
  char                 *path;
  char                 *result; /* folder of the vault to open afterwards */
  GCancellable         *working;
  MereVaultProgressBox *progress;
  guint                 tick;
};

G_DEFINE_FINAL_TYPE (MereVaultWorkPage, mere_vault_work_page, ADW_TYPE_BIN)

static const guint progress_every_ms = 200; /* often enough to be alive, rare enough to be read */

#define MOST_LISTED 200 /* losses that are named */

/* What each kind is called. */
static const struct
{
  const char *title;
  const char *explanation;
  const char *verb;
  const char *done;
} words[] = {
  [MERE_VAULT_WORK_RESTORE] = { N_ ("Restore a copy"), N_ ("The copy is copied again, to where it is to be worked with, and read back. Headquarters will notice if this laptop had gone on since the copy was made; nothing is lost by that."), N_ ("Restore"), N_ ("The copy was restored, read back and checked.") },
  [MERE_VAULT_WORK_RESCUE] = { N_ ("Rescue"), N_ ("Everything of the damaged vault that still opens is taken into a new one, with the same passphrase. The damaged one stays as it is."), N_ ("Rescue"), NULL },
  [MERE_VAULT_WORK_REKEY] = { N_ ("Encrypt anew"), N_ ("The vault gets another key, and everything in it is encrypted with that. Old copies of its keys open nothing of it any more. Only the passphrase that you type here opens it afterwards: add the others again. It needs as much room on the disk as the vault has; where it is cut off, it goes on later."), N_ ("Encrypt anew"), N_ ("The vault has another key.") },
};

static void
show_message (MereVaultWorkPage *self,
              const char        *message)
{
  gtk_label_set_label (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

static gboolean
has_target (MereVaultWorkPage *self)
{
  return self->kind != MERE_VAULT_WORK_REKEY;
}

static gboolean
is_ready (MereVaultWorkPage *self)
{
  return *gtk_editable_get_text (self->passphrase_entry) != '\0' &&
         (!has_target (self) || g_path_is_absolute (gtk_editable_get_text (self->target_entry)));
}

static void
refresh (MereVaultWorkPage *self)
{
  gboolean busy = self->working != NULL;
  gboolean done = self->result != NULL;

  gtk_widget_set_visible (self->ask_box, !busy && !done);
  gtk_widget_set_visible (self->progress_box, busy);
  gtk_widget_set_visible (self->result_box, !busy && done);
  gtk_widget_set_sensitive (self->back_button, !busy);
  gtk_widget_set_sensitive (self->start_button, is_ready (self));
}

static gboolean
on_tick_cb (gpointer user_data)
{
  MereVaultWorkPage *self = user_data;

  gtk_progress_bar_set_fraction (self->progress_bar, mere_vault_progress_box_get (self->progress));

  return G_SOURCE_CONTINUE;
}

static char *
dup_loss (const MereLoss *loss)
{
  const char *name = loss->title != NULL ? loss->title : loss->record;

  switch (loss->kind)
    {
    case MERE_LOSS_RECORD:
      /* Translators: %s is the identity of a record */
      return g_strdup_printf (_ ("Record %s is lost."), loss->record);
    case MERE_LOSS_CONTENT:
      if (loss->crossing != NULL)
        /* Translators: the title of a record, and the crossing where it was made */
        return g_strdup_printf (_ ("“%s” at %s: its answers do not open."), name, loss->crossing);
      return g_strdup_printf (_ ("“%s”: its answers do not open."), name);
    case MERE_LOSS_DRAFT:
      if (name == NULL)
        return g_strdup (_ ("A record that was not final yet is lost."));
      /* Translators: the title of a record */
      return g_strdup_printf (_ ("“%s”, not final yet, is lost."), name);
    case MERE_LOSS_STEPS:
      /* Translators: the title of a record */
      return g_strdup_printf (_ ("“%s”, not final yet: the answers that were given last do not open. It is as it was before them."), name);
    case MERE_LOSS_ATTACHMENT:
      break;
    }

  /* Translators: the title of a record, and the name of a file */
  return g_strdup_printf (_ ("“%s”: its attachment %s does not open."), name, loss->attachment);
}

static void
add_line (GString *text,
          char    *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
  g_free (line);
}

/* What cannot be said of single records. */
static void
add_doubts (GString          *text,
            const MereRescue *rescue)
{
  gint64 unchecked = rescue->unchecked + rescue->lost_frames;

  if (rescue->unplaced > 0)
    add_line (text, g_strdup_printf (ngettext ("%d page opens, but nobody can say to what it belongs; it was left out.", "%d pages open, but nobody can say to what they belong; they were left out.", (gulong) rescue->unplaced), (int) rescue->unplaced));
  if (unchecked > 0)
    add_line (text, g_strdup_printf (ngettext ("Of %d page nobody can say whether it is the newest: what is on it is genuine, but may be of an earlier time.", "Of %d pages nobody can say whether they are the newest: what is on them is genuine, but may be of an earlier time.", (gulong) unchecked), (int) unchecked));
}

static char *
dup_losses (const MereSalvage *salvage)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (salvage->losses->len, MOST_LISTED); i++)
    add_line (text, dup_loss (salvage->losses->pdata[i]));
  if (salvage->losses->len > MOST_LISTED)
    g_string_append (text, "\n…");
  if (salvage->losses->len == 0 && salvage->rescue.lost + salvage->rescue.holes > 0)
    add_line (text, g_strdup (_ ("Some of what the vault held beside the records did not open: notes of the road, lists.")));
  add_doubts (text, &salvage->rescue);

  return g_string_free (text, FALSE);
}

static void
show_result (MereVaultWorkPage *self,
             const MereSalvage *salvage)
{
  g_autofree char *losses = salvage != NULL ? dup_losses (salvage) : g_strdup ("");
  g_autofree char *text = NULL;

  if (salvage == NULL)
    text = g_strdup (_ (words[self->kind].done));
  else if (salvage->losses->len == 0)
    text = g_strdup_printf (ngettext ("%d record was rescued: all that there was.", "%d records were rescued: all that there were.", salvage->n_records), (int) salvage->n_records);
  else
    text = g_strdup_printf (ngettext ("%d record was rescued. What did not open:", "%d records were rescued. What did not open:", salvage->n_records), (int) salvage->n_records);

  gtk_label_set_label (self->result_label, text);
  gtk_label_set_label (self->losses_label, losses);
  gtk_widget_set_visible (GTK_WIDGET (self->losses_label), *losses != '\0');
}

static void
stop (MereVaultWorkPage *self)
{
  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->progress, mere_vault_progress_box_unref);
}

static void
on_worked_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MereVaultWorkPage) self = user_data;
  g_autoptr (MereSalvage) salvage = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = mere_vault_work_finish (result, &salvage, &error);

  stop (self);
  gtk_editable_set_text (self->passphrase_entry, "");
  if (done)
    {
      self->result = g_strdup (has_target (self) ? gtk_editable_get_text (self->target_entry) : self->path);
      mere_remembered_add_vault (self->result);
      show_result (self, salvage);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message (self, _ ("Cancelled. Everything is as it was."));
  else
    show_message (self, error->message);
  refresh (self);
}

static void
on_start_cb (MereVaultWorkPage *self)
{
  MereVaultWork work = { .kind = self->kind, .path = self->path };

  if (self->working != NULL || !is_ready (self))
    return;

  show_message (self, NULL);
  self->working = g_cancellable_new ();
  self->progress = mere_vault_progress_box_new ();
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  work.folder = has_target (self) ? gtk_editable_get_text (self->target_entry) : NULL;
  work.known = mere_secret_new_from_text (gtk_editable_get_text (self->passphrase_entry));
  work.progress = self->progress;
  mere_vault_work_async (&work, self->working, on_worked_cb, g_object_ref (self));
  self->tick = g_timeout_add (progress_every_ms, on_tick_cb, self);
  refresh (self);
  gtk_widget_grab_focus (self->cancel_button);
}

static void
on_cancel_cb (MereVaultWorkPage *self)
{
  g_cancellable_cancel (self->working);
}

static void
on_changed_cb (MereVaultWorkPage *self)
{
  show_message (self, NULL);
  refresh (self);
}

static void
on_open_cb (MereVaultWorkPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.unlock", "s", self->result);
}

static void
on_back_cb (MereVaultWorkPage *self)
{
  if (self->kind == MERE_VAULT_WORK_RESTORE)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.welcome", NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.unlock", "s", self->result != NULL ? self->result : self->path);
}

static gboolean
mere_vault_work_page_focus (GtkWidget       *widget,
                            GtkDirectionType direction)
{
  MereVaultWorkPage *self = MERE_VAULT_WORK_PAGE (widget);

  if (gtk_widget_get_focus_child (widget) == NULL && gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_entry)))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_vault_work_page_parent_class)->focus (widget, direction);
}

static void
mere_vault_work_page_unmap (GtkWidget *widget)
{
  MereVaultWorkPage *self = MERE_VAULT_WORK_PAGE (widget);

  g_cancellable_cancel (self->working);
  gtk_editable_set_text (self->passphrase_entry, "");

  GTK_WIDGET_CLASS (mere_vault_work_page_parent_class)->unmap (widget);
}

static void
mere_vault_work_page_dispose (GObject *object)
{
  MereVaultWorkPage *self = MERE_VAULT_WORK_PAGE (object);

  stop (self);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->result, g_free);

  G_OBJECT_CLASS (mere_vault_work_page_parent_class)->dispose (object);
}

static void
mere_vault_work_page_class_init (MereVaultWorkPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_vault_work_page_dispose;
  widget_class->focus = mere_vault_work_page_focus;
  widget_class->unmap = mere_vault_work_page_unmap;

  g_type_ensure (MERE_TYPE_MENU_BUTTON);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/vault-work-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, title);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, ask_box);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, target_box);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, target_entry);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, passphrase_entry);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, start_label);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, progress_box);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, result_box);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, result_label);
  gtk_widget_class_bind_template_child (widget_class, MereVaultWorkPage, losses_label);
  gtk_widget_class_bind_template_callback (widget_class, on_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_open_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_start_cb);
}

static void
mere_vault_work_page_init (MereVaultWorkPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A folder beside the others that is not there yet: "~/Merestone/Field 2.vault". */
static char *
dup_free_folder (const char *path)
{
  g_autofree char *name = mere_text_vault_name (path);
  char            *folder = NULL;

  for (guint i = 2; folder == NULL || g_file_test (folder, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *base = g_strdup_printf ("%s %u.vault", name, i);

      g_free (folder);
      folder = g_build_filename (g_get_home_dir (), "Merestone", base, NULL);
    }

  return folder;
}

void
mere_vault_work_page_begin (MereVaultWorkPage *self,
                            MereVaultWorkKind  kind,
                            const char        *path)
{
  g_autofree char *name = mere_text_vault_name (path);
  g_autofree char *folder = dup_free_folder (path);

  g_return_if_fail (MERE_IS_VAULT_WORK_PAGE (self));
  g_return_if_fail (kind < G_N_ELEMENTS (words) && words[kind].title != NULL);

  stop (self);
  g_clear_pointer (&self->result, g_free);
  g_free (self->path);
  self->path = g_strdup (path);
  self->kind = kind;
  adw_window_title_set_title (self->title, _ (words[kind].title));
  adw_window_title_set_subtitle (self->title, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (words[kind].title), -1);
  gtk_label_set_label (self->explanation_label, _ (words[kind].explanation));
  gtk_label_set_label (self->start_label, _ (words[kind].verb));
  gtk_widget_set_visible (self->target_box, has_target (self));
  gtk_editable_set_text (self->target_entry, folder);
  gtk_editable_set_text (self->passphrase_entry, "");
  show_message (self, NULL);
  refresh (self);
}
