/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/erasure-dialog.h"

#include <glib/gi18n-lib.h>

#include "ui/words.h"

struct _MereErasureDialog
{
  AdwMessageDialog parent_instance;

  GtkLabel  *kept_label;
  GtkWidget *kept_expander;
  GtkLabel  *list_label;
};

G_DEFINE_FINAL_TYPE (MereErasureDialog, mere_erasure_dialog, ADW_TYPE_MESSAGE_DIALOG)

static void
mere_erasure_dialog_class_init (MereErasureDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/erasure-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MereErasureDialog, kept_label);
  gtk_widget_class_bind_template_child (widget_class, MereErasureDialog, kept_expander);
  gtk_widget_class_bind_template_child (widget_class, MereErasureDialog, list_label);
}

static void
mere_erasure_dialog_init (MereErasureDialog *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);

  gtk_widget_init_template (GTK_WIDGET (self));

  adw_message_dialog_add_responses (dialog, "cancel", _ ("Cancel"), MERE_ERASURE_DIALOG_ERASE, _ ("Erase"), NULL);
  adw_message_dialog_set_response_appearance (dialog, MERE_ERASURE_DIALOG_ERASE, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
}

/* Takes @sentence. */
static void
add_sentence (GString *text,
              char    *sentence,
              gint64   n)
{
  if (n > 0)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", sentence);
  g_free (sentence);
}

/* What stays, and why; then what goes beside the records. */
static char *
say_kept (const MereErasurePlan *plan)
{
  GString *text = g_string_new (NULL);
  gint64   n_not_there = plan->n_kept - plan->n_kept_returned;

  add_sentence (text, g_strdup_printf (ngettext ("%d record stays: headquarters does not have it yet.", "%d records stay: headquarters does not have them yet.", n_not_there), (int) n_not_there), n_not_there);
  add_sentence (text, g_strdup_printf (ngettext ("%d record stays: headquarters has sent it back with comments.", "%d records stay: headquarters has sent them back with comments.", plan->n_kept_returned), (int) plan->n_kept_returned), plan->n_kept_returned);
  add_sentence (text, g_strdup_printf (ngettext ("%d draft stays.", "%d drafts stay.", plan->n_drafts), (int) plan->n_drafts), plan->n_drafts);
  add_sentence (text, g_strdup_printf (ngettext ("%d record of colleagues is removed from this laptop; theirs has it.", "%d records of colleagues are removed from this laptop; theirs have them.", plan->n_colleagues), (int) plan->n_colleagues), plan->n_colleagues);
  add_sentence (text, g_strdup_printf (ngettext ("%d deleted draft is gone for good.", "%d deleted drafts are gone for good.", plan->n_discarded), (int) plan->n_discarded), plan->n_discarded);

  return g_string_free (text, FALSE);
}

static char *
list_kept (const MereErasurePlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->kept->len; i++)
    {
      const MereRecord *record = plan->kept->pdata[i];
      g_autofree char  *line = mere_words_join (record->title, record->crossing_name != NULL ? record->crossing_name : "", mere_words_record_state (record), NULL);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  if (plan->n_kept > plan->kept->len)
    g_string_append (text, "\n…");

  return g_string_free (text, FALSE);
}

GtkWidget *
mere_erasure_dialog_new (GtkWindow             *parent,
                         const MereErasurePlan *plan)
{
  MereErasureDialog *self = g_object_new (MERE_TYPE_ERASURE_DIALOG, "transient-for", parent, NULL);
  g_autofree char   *size = g_format_size ((guint64) plan->n_bytes);
  g_autofree char   *kept = say_kept (plan);
  g_autofree char   *list = list_kept (plan);
  /* Translators: a size, “12.3 MB” */
  g_autofree char *body = g_strdup_printf (
    ngettext ("%d record with its attachments, %s, is erased from this laptop and cannot be read here any more. Headquarters has it: its signed receipt says so. That it was made, where and when stays in the counts.",
              "%d records with their attachments, %s, are erased from this laptop and cannot be read here any more. Headquarters has them: its signed receipt says so. That they were made, where and when stays in the counts.",
              plan->n_records),
    (int) plan->n_records, size);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self), plan->n_records > 0 ? body : _ ("Of this laptop’s own records headquarters has none yet that could be erased."));
  gtk_label_set_label (self->kept_label, kept);
  gtk_widget_set_visible (GTK_WIDGET (self->kept_label), *kept != '\0');
  gtk_label_set_label (self->list_label, list);
  gtk_widget_set_visible (self->kept_expander, plan->kept->len > 0);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), MERE_ERASURE_DIALOG_ERASE,
                                           plan->n_records + plan->n_colleagues + plan->n_discarded > 0);

  return GTK_WIDGET (self);
}
