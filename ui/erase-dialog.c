/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/erase-dialog.h"

#include <glib/gi18n-lib.h>

#include "app/store/erasure.h"
#include "ui/text.h"
#include "ui/words.h"

#define MOST_LISTED 10 /* records that are named */

static void
add_line (GString *text,
          char    *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
  g_free (line);
}

/* What is nowhere else. */
static char *
say_lost (const MereErasurePlan *plan)
{
  GString *text = g_string_new (NULL);
  int      n_kept = (int) plan->n_kept, n_drafts = (int) plan->n_drafts;

  if (n_kept == 0 && n_drafts == 0)
    add_line (text, g_strdup (_ ("Headquarters has every record of it: its signed receipts say so.")));
  if (n_kept > 0)
    add_line (text, g_strdup_printf (ngettext ("%d record is not at headquarters and will be lost:", "%d records are not at headquarters and will be lost:", n_kept), n_kept));
  for (guint i = 0; i < MIN (plan->kept->len, MOST_LISTED); i++)
    {
      const MereRecord *record = plan->kept->pdata[i];

      add_line (text, mere_words_join (record->title, record->crossing_name != NULL ? record->crossing_name : "", mere_words_record_state (record), NULL));
    }
  if (plan->n_kept > MIN (plan->kept->len, MOST_LISTED))
    add_line (text, g_strdup ("…"));
  if (n_drafts > 0)
    add_line (text, g_strdup_printf (ngettext ("%d draft will be lost.", "%d drafts will be lost.", n_drafts), n_drafts));

  return g_string_free (text, FALSE);
}

static void
on_typed_cb (GtkEditable      *entry,
             AdwMessageDialog *dialog)
{
  const char *name = g_object_get_data (G_OBJECT (entry), "name");

  adw_message_dialog_set_response_enabled (dialog, MERE_ERASE_DIALOG_ERASE, g_str_equal (gtk_editable_get_text (entry), name));
}

static GtkWidget *
make_entry (AdwMessageDialog *dialog,
            const char       *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *entry = gtk_entry_new ();
  /* Translators: %s is the vault's name */
  g_autofree char *ask = g_strdup_printf (_ ("Type its name, “%s”, to go on"), name);
  GtkWidget       *label = gtk_label_new (ask);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name of the vault"), -1);
  g_object_set_data_full (G_OBJECT (entry), "name", g_strdup (name), g_free);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_typed_cb), dialog, 0);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), entry);

  return box;
}

GtkWidget *
mere_erase_dialog_new (GtkWindow *parent,
                       MereStore *store,
                       GError   **error)
{
  g_autoptr (MereErasurePlan) plan = mere_erasure_plan (store, error);
  g_autofree char  *name = NULL;
  g_autofree char  *heading = NULL;
  g_autofree char  *lost = NULL;
  g_autofree char  *body = NULL;
  AdwMessageDialog *dialog;

  if (plan == NULL)
    return NULL;

  name = mere_text_vault_name (mere_vault_get_path (mere_store_get_vault (store)));
  heading = g_strdup_printf (_ ("Erase the vault “%s”?"), name);
  lost = say_lost (plan);
  /* Translators: %s says what is nowhere else */
  body = g_strdup_printf (_ ("Its keys are destroyed and its files removed. No passphrase opens it any more, and headquarters cannot help either.\n\n%s"), lost);
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), MERE_ERASE_DIALOG_ERASE, _ ("Erase"), NULL);
  adw_message_dialog_set_response_appearance (dialog, MERE_ERASE_DIALOG_ERASE, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_enabled (dialog, MERE_ERASE_DIALOG_ERASE, FALSE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, make_entry (dialog, name));

  return GTK_WIDGET (dialog);
}
