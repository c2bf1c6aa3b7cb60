/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/coverage-item-page.h"

#include <glib/gi18n-lib.h>

#include "ui/coverage-words.h"
#include "ui/text.h"
#include "ui/words.h"

struct _MereCoverageItemPage
{
  AdwBin parent_instance;

  GtkLabel   *state_label;
  GtkLabel   *evidence_label;
  GtkBox     *conflicts;
  GtkWidget  *records_group;
  GtkListBox *records;
  GtkWidget  *missing_group;
  GtkListBox *missing;
};

G_DEFINE_FINAL_TYPE (MereCoverageItemPage, mere_coverage_item_page, ADW_TYPE_BIN)

static void
mere_coverage_item_page_class_init (MereCoverageItemPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/coverage-item-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, evidence_label);
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, conflicts);
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, records_group);
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, records);
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, missing_group);
  gtk_widget_class_bind_template_child (widget_class, MereCoverageItemPage, missing);
}

static void
mere_coverage_item_page_init (MereCoverageItemPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static AdwActionRow *
append_row (GtkListBox *list,
            const char *title,
            const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (list, row);

  return ADW_ACTION_ROW (row);
}

/* A row that opens a record: own ones to go on with, those of colleagues to read. */
static void
let_open (AdwActionRow *row,
          const char   *record,
          gboolean      colleague)
{
  const char *action = colleague ? "desk.show-colleague" : "desk.show";
  GtkWidget  *open = gtk_button_new_with_label (_ ("Open"));

  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (open), "s", record);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), action);
  adw_action_row_add_suffix (row, open);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", record);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
}

static void
add_record (MereCoverageItemPage     *self,
            const MereCoverageRecord *record)
{
  g_autofree char *when = record->finalised_us > 0 ? mere_text_moment (record->finalised_us) : NULL;
  /* Translators: so many answers of a record are about an item */
  g_autofree char *answers = g_strdup_printf (ngettext ("%u answer", "%u answers", record->n_answers), record->n_answers);
  g_autofree char *facts = mere_words_join (mere_coverage_words_whose (record->label), when != NULL ? when : "",
                                            record->readable ? answers : _ ("erased here"), NULL);
  AdwActionRow    *row = append_row (self->records, record->title, facts);

  adw_action_row_add_prefix (row, g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_words_kind_icon (record->kind), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  if (record->readable)
    let_open (row, record->id, record->label != NULL);
}

static void
add_conflict (MereCoverageItemPage       *self,
              const MereCoverageConflict *conflict)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *list = gtk_list_box_new ();
  /* Translators: two people have answered a question otherwise; the question follows */
  g_autofree char *title = g_strdup_printf (_ ("Two answers: %s"), conflict->question != NULL ? conflict->question : "");
  GtkWidget       *label = gtk_label_new (title);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (heading, "mere-wrong");
  gtk_box_append (GTK_BOX (heading), g_object_new (GTK_TYPE_IMAGE, "icon-name", "mere-differ-symbolic", "valign", GTK_ALIGN_START, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  gtk_box_append (GTK_BOX (heading), label);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  for (guint i = 0; i < conflict->answers->len; i++)
    {
      const MereCoverageAnswer *answer = conflict->answers->pdata[i];

      let_open (append_row (GTK_LIST_BOX (list), answer->answer, mere_coverage_words_whose (answer->label)), answer->record, answer->label != NULL);
    }
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (self->conflicts, box);
}

static void
show_missing (MereCoverageItemPage   *self,
              const MereCoverageItem *item,
              guint                   index)
{
  for (guint i = 0; i < item->missing->len; i++)
    {
      MereFrameworkQuestion question;

      if (mere_framework_get_question (mere_framework_get_default (), index, g_array_index (item->missing, guint, i), NULL, &question))
        append_row (self->missing, question.text, question.id);
    }
  gtk_widget_set_visible (self->missing_group, item->missing->len > 0);
}

MereCoverageItemPage *
mere_coverage_item_page_new (const MereCoverageItem *item,
                             guint                   index)
{
  MereCoverageItemPage *self = g_object_new (MERE_TYPE_COVERAGE_ITEM_PAGE, NULL);
  MereFrameworkItem     about;
  g_autofree char      *state = NULL;

  mere_framework_get_item (mere_framework_get_default (), index, NULL, &about);
  state = mere_coverage_words_state (&item->cell);
  gtk_label_set_label (self->state_label, state);
  gtk_label_set_label (self->evidence_label, about.evidence);
  for (guint i = 0; i < item->conflicts->len; i++)
    add_conflict (self, item->conflicts->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->conflicts), item->conflicts->len > 0);
  for (guint i = 0; i < item->records->len; i++)
    add_record (self, item->records->pdata[i]);
  gtk_widget_set_visible (self->records_group, item->records->len > 0);
  show_missing (self, item, index);

  return self;
}
