/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/instruments-page.h"

#include <glib/gi18n-lib.h>

#include "app/store/draft.h"
#include "ui/draft-row.h"
#include "ui/refresher.h"
#include "ui/words.h"

struct _MereInstrumentsPage
{
  AdwBin parent_instance;

  GtkStack            *stack;
  AdwStatusPage       *empty_page;
  AdwPreferencesGroup *drafts_group;
  GtkListBox          *drafts;
  AdwPreferencesGroup *instruments_group;
  GtkListBox          *instruments;

  MereStore         *store;
  MereInstrumentKind kind;
  MereRefresher     *refresher;
};

G_DEFINE_FINAL_TYPE (MereInstrumentsPage, mere_instruments_page, ADW_TYPE_BIN)

/* What the three kinds say. */
static const struct
{
  const char *name;
  const char *icon;
  const char *begin;
  const char *explanation;
  const char *empty;
} kinds[] = {
  [MERE_INSTRUMENT_OBSERVATION] = {
    N_ ("Observe"),
    "mere-observe-symbolic",
    N_ ("Begin an observation"),
    N_ ("Time what happens at a booth: one key for each passenger, nothing that identifies anybody."),
    N_ ("Observations time what happens at a booth. Their instruments come with the mission pack from headquarters."),
  },
  [MERE_INSTRUMENT_CHECK] = {
    N_ ("Checks"),
    "mere-checks-symbolic",
    N_ ("Begin a check"),
    N_ ("Check the border systems step by step: what was done, what came out, what was measured."),
    N_ ("Checks go through the border systems step by step. Their sheets come with the mission pack from headquarters."),
  },
  [MERE_INSTRUMENT_INTERVIEW] = {
    N_ ("Interviews"),
    "mere-interviews-symbolic",
    N_ ("Begin an interview"),
    N_ ("Each answer is in the vault before you read the next question."),
    N_ ("Interviews follow a questionnaire. The questionnaires come with the mission pack from headquarters."),
  },
};

static char *
describe (const MereInstrument *instrument)
{
  g_autofree char *languages = instrument->languages != NULL ? g_strjoinv (", ", instrument->languages) : NULL;
  g_autofree char *version = NULL;

  if (instrument->version != NULL && *instrument->version != '\0')
    /* Translators: %s is the version of a questionnaire */
    version = g_strdup_printf (_ ("version %s"), instrument->version);

  return mere_words_join (version != NULL ? version : "", languages != NULL ? languages : "", NULL);
}

static GtkWidget *
make_row (const MereInstrument *instrument)
{
  g_autofree char *subtitle = describe (instrument);
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *begin = gtk_button_new_with_label (_ ("Begin"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), instrument->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  gtk_widget_set_valign (begin, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (begin), "x", instrument->row);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (begin), "desk.begin");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "x", instrument->row);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "desk.begin");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), begin);

  return row;
}

static void
clear (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

/* Questionnaires that do not say what they are, as those made for other tools, are held like interviews. */
static gboolean
belongs (MereInstrumentsPage *self,
         MereInstrumentKind   kind)
{
  return kind == self->kind || (self->kind == MERE_INSTRUMENT_INTERVIEW && kind == MERE_INSTRUMENT_OTHER);
}

static guint
show_drafts (MereInstrumentsPage *self)
{
  g_autoptr (GPtrArray) drafts = mere_draft_list (self->store, -1, NULL, NULL);
  guint n_shown = 0;

  clear (self->drafts);
  for (guint i = 0; drafts != NULL && i < drafts->len; i++)
    {
      MereDraft *draft = g_ptr_array_index (drafts, i);

      if (!belongs (self, draft->kind))
        continue;

      gtk_list_box_append (self->drafts, mere_draft_row_new (draft));
      n_shown++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->drafts_group), n_shown > 0);

  return n_shown;
}

static guint
show_instruments (MereInstrumentsPage *self)
{
  g_autoptr (GPtrArray) instruments = mere_instrument_list_latest (self->store, -1, NULL);
  guint n_shown = 0;

  clear (self->instruments);
  for (guint i = 0; instruments != NULL && i < instruments->len; i++)
    {
      const MereInstrument *instrument = g_ptr_array_index (instruments, i);

      if (!belongs (self, instrument->kind))
        continue;

      gtk_list_box_append (self->instruments, make_row (instrument));
      n_shown++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->instruments_group), n_shown > 0);

  return n_shown;
}

static void
refresh (GtkWidget *widget)
{
  MereInstrumentsPage *self = MERE_INSTRUMENTS_PAGE (widget);
  guint                n_drafts = show_drafts (self);
  guint                n_instruments = show_instruments (self);

  gtk_stack_set_visible_child_name (self->stack, n_drafts + n_instruments > 0 ? "list" : "empty");
}

static void
mere_instruments_page_dispose (GObject *object)
{
  MereInstrumentsPage *self = MERE_INSTRUMENTS_PAGE (object);

  g_clear_pointer (&self->refresher, mere_refresher_free);

  G_OBJECT_CLASS (mere_instruments_page_parent_class)->dispose (object);
}

static void
mere_instruments_page_class_init (MereInstrumentsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_instruments_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/instruments-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereInstrumentsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MereInstrumentsPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, MereInstrumentsPage, drafts_group);
  gtk_widget_class_bind_template_child (widget_class, MereInstrumentsPage, drafts);
  gtk_widget_class_bind_template_child (widget_class, MereInstrumentsPage, instruments_group);
  gtk_widget_class_bind_template_child (widget_class, MereInstrumentsPage, instruments);
}

static void
mere_instruments_page_init (MereInstrumentsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MereInstrumentsPage *
mere_instruments_page_new (MereStore         *store,
                           MereInstrumentKind kind)
{
  MereInstrumentsPage *self;

  g_return_val_if_fail (kind < G_N_ELEMENTS (kinds), NULL);

  self = g_object_new (MERE_TYPE_INSTRUMENTS_PAGE, NULL);
  self->store = store;
  self->kind = kind;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (kinds[kind].name), -1);
  adw_status_page_set_icon_name (self->empty_page, kinds[kind].icon);
  adw_status_page_set_title (self->empty_page, _ ("No instruments yet"));
  adw_status_page_set_description (self->empty_page, _ (kinds[kind].empty));
  adw_preferences_group_set_title (self->instruments_group, _ (kinds[kind].begin));
  adw_preferences_group_set_description (self->instruments_group, _ (kinds[kind].explanation));
  self->refresher = mere_refresher_new (GTK_WIDGET (self), store, MERE_STORE_DRAFTS | MERE_STORE_INSTRUMENTS, refresh);

  return self;
}
