/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/draft-row.h"

#include <glib/gi18n-lib.h>

#include "ui/text.h"
#include "ui/words.h"

static char *
describe (const MereDraft *draft)
{
  g_autofree char *progress = NULL;
  g_autofree char *changed = mere_text_moment (draft->updated_us);

  if (draft->n_asked > 0)
    /* Translators: how far a draft is: “14 of 22 answered” */
    progress = g_strdup_printf (_ ("%u of %u answered"), draft->n_answered, draft->n_asked);

  return mere_words_join (draft->crossing_name != NULL ? draft->crossing_name : "",
                          draft->edits != NULL ? _ ("new version of a final record") : "",
                          progress != NULL ? progress : "", changed, NULL);
}

GtkWidget *
mere_draft_row_new (const MereDraft *draft)
{
  g_autofree char *subtitle = describe (draft);
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *open = gtk_button_new_with_label (_ ("Continue"));
  GtkWidget       *basket = gtk_button_new_from_icon_name ("user-trash-symbolic");

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_words_kind_icon (draft->kind), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), draft->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  gtk_widget_add_css_class (basket, "flat");
  gtk_widget_set_valign (basket, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (basket, _ ("Delete the draft"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (basket), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Delete the draft"), -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (basket), "x", draft->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (basket), "desk.delete-draft");

  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (open), "x", draft->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "desk.continue");

  /* Enter and a click on the row do what its button does. */
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "x", draft->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "desk.continue");

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), basket);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), open);

  return row;
}
