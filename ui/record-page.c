/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/record-page.h"

#include <glib/gi18n-lib.h>

#include "app/capture/capture.h"
#include "app/capture/remarks.h"
#include "ui/answer-item.h"
#include "ui/record-row.h"
#include "ui/returned-bar.h"
#include "ui/text.h"
#include "ui/words.h"

struct _MereRecordPage
{
  AdwBin parent_instance;

  GtkBox          *chip_box;
  GtkLabel        *story_label;
  GtkLabel        *facts_label;
  MereReturnedBar *returned;
  GtkWidget       *edit_button;
  GtkListView     *answers;
};

enum {
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereRecordPage, mere_record_page, ADW_TYPE_BIN)

static void
on_setup_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *item,
             gpointer                  user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *answer = gtk_label_new (NULL);
  GtkWidget *remark = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (answer), 0);
  gtk_label_set_wrap (GTK_LABEL (answer), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (answer), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (answer), TRUE);
  gtk_label_set_xalign (GTK_LABEL (remark), 0);
  gtk_label_set_wrap (GTK_LABEL (remark), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (remark), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (remark), TRUE);
  gtk_widget_add_css_class (remark, "mere-remark");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), answer);
  gtk_box_append (GTK_BOX (box), remark);

  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
show_remark (GtkWidget  *label,
             const char *remark)
{
  g_autofree char *text = remark != NULL ? mere_words_remark (remark) : NULL;

  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL);
}

static void
on_bind_cb (GtkSignalListItemFactory *factory,
            GtkListItem              *list_item,
            gpointer                  user_data)
{
  MereAnswerItem   *item = gtk_list_item_get_item (list_item);
  GtkWidget        *box = gtk_list_item_get_child (list_item);
  GtkWidget        *label = gtk_widget_get_first_child (box);
  GtkWidget        *answer = gtk_widget_get_next_sibling (label);
  GtkWidget        *remark = gtk_widget_get_next_sibling (answer);
  gboolean          heading = mere_answer_item_is_heading (item);
  const char *const heading_classes[] = { "title-4", NULL };
  const char *const question_classes[] = { "caption", "dim-label", NULL };

  gtk_label_set_label (GTK_LABEL (label), mere_answer_item_get_label (item));
  gtk_widget_set_css_classes (label, (const char **) (heading ? heading_classes : question_classes));
  gtk_widget_set_margin_top (box, heading ? 18 : 3);
  gtk_label_set_label (GTK_LABEL (answer), mere_answer_item_get_answer (item));
  gtk_widget_set_visible (answer, !heading && *mere_answer_item_get_answer (item) != '\0');
  show_remark (remark, mere_answer_item_get_remark (item));
}

static void
mere_record_page_class_init (MereRecordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (MERE_TYPE_RETURNED_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/record-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereRecordPage, chip_box);
  gtk_widget_class_bind_template_child (widget_class, MereRecordPage, story_label);
  gtk_widget_class_bind_template_child (widget_class, MereRecordPage, facts_label);
  gtk_widget_class_bind_template_child (widget_class, MereRecordPage, returned);
  gtk_widget_class_bind_template_child (widget_class, MereRecordPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, MereRecordPage, answers);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_cb);
}

static void
mere_record_page_init (MereRecordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_record (MereRecordPage   *self,
             const MereRecord *record)
{
  g_autofree char *when = mere_text_moment (record->finalised_us);
  /* Translators: when a record was finalised: “Finalised today, 14:05” */
  g_autofree char *finalised = g_strdup_printf (_ ("Finalised %s"), when);
  g_autofree char *version = g_strdup_printf (_ ("version %s"), record->form_version != NULL ? record->form_version : "");
  g_autofree char *facts = mere_words_join (finalised, record->form, version, record->id, NULL);

  gtk_box_prepend (self->chip_box, mere_record_chip_new (record));
  gtk_label_set_label (self->story_label, record->latest ? mere_words_record_story (record) : _ ("There is a newer version of this record"));
  gtk_label_set_label (self->facts_label, facts);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->edit_button), "s", record->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->edit_button), "desk.edit");
  gtk_widget_set_visible (self->edit_button, record->latest);
}

/* Takes @session. */
static MereRecordPage *
page_new (MereFormSession *session,
          GPtrArray       *returned)
{
  g_autoptr (MereFormSession) taken = session;
  g_autoptr (MereComments) remarks = mere_remarks_match (returned, taken);
  g_autoptr (GtkNoSelection) answers = gtk_no_selection_new (mere_answer_item_list (taken, remarks));
  MereRecordPage *self = g_object_new (MERE_TYPE_RECORD_PAGE, NULL);

  gtk_list_view_set_model (self->answers, GTK_SELECTION_MODEL (answers));
  mere_returned_bar_show (self->returned, returned, taken);

  return self;
}

MereRecordPage *
mere_record_page_new (MereStore        *store,
                      const MereRecord *record,
                      GError          **error)
{
  MereFormSession *session = mere_capture_load_record (store, record->id, error);
  g_autoptr (GPtrArray) returned = NULL;
  MereRecordPage *self;

  if (session == NULL)
    return NULL;

  returned = record->returned ? mere_returned_list (store, record->id, NULL) : NULL;
  self = page_new (session, returned);
  show_record (self, record);

  return self;
}

static void
show_colleague (MereRecordPage            *self,
                const MereColleagueRecord *record)
{
  g_autofree char *when = mere_text_moment (record->received_us);
  /* Translators: when a colleague’s record was read from a stick: “Read here today, 14:05” */
  g_autofree char *read = g_strdup_printf (_ ("Read here %s"), when);
  g_autofree char *version = g_strdup_printf (_ ("version %s"), record->form_version);
  g_autofree char *facts = mere_words_join (record->device, read, record->form, version, record->id, NULL);
  /* Translators: the name of a colleague’s laptop */
  g_autofree char *story = g_strdup_printf (_ ("A record of %s, to read. Headquarters gets it from there, not from this laptop."), record->label);

  gtk_box_prepend (self->chip_box, mere_colleague_chip_new (record));
  gtk_label_set_label (self->story_label, story);
  gtk_label_set_label (self->facts_label, facts);
  gtk_widget_set_visible (self->edit_button, FALSE);
}

MereRecordPage *
mere_record_page_new_colleague (MereStore                 *store,
                                const MereColleagueRecord *record,
                                GError                   **error)
{
  MereFormSession *session = mere_capture_load_colleague (store, record->id, error);
  MereRecordPage  *self;

  if (session == NULL)
    return NULL;

  self = page_new (session, NULL);
  show_colleague (self, record);

  return self;
}
