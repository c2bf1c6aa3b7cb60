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
mere_colleague_chip_new (const MereColleagueRecord *record)
{
  GtkWidget *chip = gtk_label_new (record->label);

  gtk_widget_add_css_class (chip, "mere-chip");
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (chip), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (chip, record->device);

  return chip;
}

static GtkWidget *
make_row (const char        *title,
          const char        *subtitle,
          MereInstrumentKind kind,
          GtkWidget         *chip)
{
  GtkWidget *row = adw_action_row_new ();

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_words_kind_icon (kind), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);

  return row;
}

/* The row and its button do the same, where there is anything to see. */
static void
let_open (GtkWidget  *row,
          const char *action,
          const char *record,
          gboolean    readable)
{
  GtkWidget *open = gtk_button_new_with_label (_ ("Open"));

  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (open), "s", record);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), action);
  gtk_widget_set_visible (open, readable);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), open);
  if (!readable)
    return;

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", record);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
}

GtkWidget *
mere_record_row_new (const MereRecord *record)
{
  g_autofree char *when = mere_text_moment (record->finalised_us);
  g_autofree char *subtitle = mere_words_join (record->crossing_name != NULL ? record->crossing_name : "", when, NULL);
  GtkWidget       *row = make_row (record->title, subtitle, record->kind, mere_record_chip_new (record));

  let_open (row, "desk.show", record->id, record->state != MERE_RECORD_ERASED);

  return row;
}

GtkWidget *
mere_colleague_row_new (const MereColleagueRecord *record)
{
  g_autofree char *when = mere_text_moment (record->received_us);
  g_autofree char *read = g_strdup_printf (_ ("Read here %s"), when);
  g_autofree char *subtitle = mere_words_join (record->crossing_name != NULL ? record->crossing_name : "", read, NULL);
  GtkWidget       *row = make_row (record->title, subtitle, record->kind, mere_colleague_chip_new (record));

  let_open (row, "desk.show-colleague", record->id, record->readable);

  return row;
}
