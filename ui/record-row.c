/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/record-row.h"

#include <glib/gi18n-lib.h>

#include "ui/text.h"
#include "ui/words.h"

GtkWidget *
mere_record_chip_new (const MereRecord *record)
{
  GtkWidget *chip = gtk_label_new (mere_words_record_state (record));

  gtk_widget_add_css_class (chip, "mere-chip");
  gtk_widget_add_css_class (chip, mere_words_record_style (record));
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (chip, mere_words_record_story (record));

  return chip;
}

GtkWidget *
mere_record_row_new (const MereRecord *record)
{
  g_autofree char *when = mere_text_moment (record->finalised_us);
  g_autofree char *subtitle = mere_words_join (record->crossing_name != NULL ? record->crossing_name : "", when, NULL);
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *open = gtk_button_new_with_label (_ ("Open"));

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_words_kind_icon (record->kind), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), record->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (open), "s", record->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "desk.show");
  gtk_widget_set_visible (open, record->state != MERE_RECORD_ERASED);

  if (record->state != MERE_RECORD_ERASED)
    {
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", record->id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "desk.show");
    }

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), mere_record_chip_new (record));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), open);

  return row;
}
