/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/records-page.h"

#include <glib/gi18n-lib.h>

#include "app/store/colleague.h"
#include "app/store/draft.h"
#include "app/store/record.h"
#include "ui/draft-row.h"
#include "ui/record-row.h"
#include "ui/refresher.h"

struct _MereRecordsPage
{
  AdwBin parent_instance;

  GtkStack    *stack;
  GtkWidget   *drafts_group;
  GtkListBox  *drafts;
  GtkWidget   *records_group;
  GtkDropDown *filter_choice;
  GtkListBox  *records;
  GtkWidget   *more_button;

  MereStore     *store;
  MereRefresher *refresher;
  gint64         last_row; /* of the records that are listed */
  guint          n_listed; /* of colleagues */
};

G_DEFINE_FINAL_TYPE (MereRecordsPage, mere_records_page, ADW_TYPE_BIN)

static const guint page_size = 100;

/* What the list can be narrowed to. */
static const struct
{
  const char *title;
  guint       states;
  gboolean    returned;
} filters[] = {
  { N_ ("All"), 0, FALSE },
  { N_ ("Sent back"), 0, TRUE },
  { N_ ("Not yet on a stick"), 1 << MERE_RECORD_FINAL | 1 << MERE_RECORD_PACKED, FALSE },
  { N_ ("On the way"), 1 << MERE_RECORD_DELIVERED, FALSE },
  { N_ ("At headquarters"), 1 << MERE_RECORD_ACKNOWLEDGED | 1 << MERE_RECORD_ERASED, FALSE },
  { N_ ("Refused"), 1 << MERE_RECORD_REFUSED, FALSE },
};

/* The last choice, where there are records of colleagues; they are in none of the others. */
static const char *const colleagues_title = N_ ("Of colleagues");

static void
clear (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
append_colleagues (MereRecordsPage *self)
{
  g_autoptr (GPtrArray) records = mere_colleague_list (self->store, self->n_listed, page_size, NULL);
  guint n = records != NULL ? records->len : 0;

  for (guint i = 0; i < n; i++)
    gtk_list_box_append (self->records, mere_colleague_row_new (g_ptr_array_index (records, i)));
  self->n_listed += n;
  gtk_widget_set_visible (self->more_button, n == page_size);
}

static void
append_own (MereRecordsPage *self)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  guint            chosen = gtk_drop_down_get_selected (self->filter_choice);
  g_autoptr (GPtrArray) records = NULL;

  filter.states = chosen < G_N_ELEMENTS (filters) ? filters[chosen].states : 0;
  filter.returned = chosen < G_N_ELEMENTS (filters) && filters[chosen].returned;
  filter.before_row = self->last_row;
  filter.limit = page_size;
  records = mere_record_list (self->store, &filter, NULL);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      MereRecord *record = g_ptr_array_index (records, i);

      gtk_list_box_append (self->records, mere_record_row_new (record));
      self->last_row = record->row;
    }

  gtk_widget_set_visible (self->more_button, records != NULL && records->len == page_size);
}

static void
append_records (MereRecordsPage *self)
{
  if (gtk_drop_down_get_selected (self->filter_choice) == G_N_ELEMENTS (filters))
    append_colleagues (self);
  else
    append_own (self);
}

/* Takes the choice away again when nothing is left to choose. */
static gboolean
offer_colleagues (MereRecordsPage *self)
{
  GtkStringList *titles = GTK_STRING_LIST (gtk_drop_down_get_model (self->filter_choice));
  g_autoptr (GPtrArray) any = mere_colleague_list (self->store, 0, 1, NULL);
  gboolean offered = g_list_model_get_n_items (G_LIST_MODEL (titles)) > G_N_ELEMENTS (filters);
  gboolean there = any != NULL && any->len > 0;

  if (there && !offered)
    gtk_string_list_append (titles, _ (colleagues_title));
  else if (!there && offered)
    gtk_string_list_remove (titles, G_N_ELEMENTS (filters));

  return there;
}

static guint
list_drafts (MereRecordsPage *self)
{
  g_autoptr (GPtrArray) drafts = mere_draft_list (self->store, -1, NULL, NULL);
  guint n = drafts != NULL ? drafts->len : 0;

  clear (self->drafts);
  for (guint i = 0; i < n; i++)
    gtk_list_box_append (self->drafts, mere_draft_row_new (g_ptr_array_index (drafts, i)));

  gtk_widget_set_visible (self->drafts_group, n > 0);

  return n;
}

static void
list_records (MereRecordsPage *self)
{
  clear (self->records);
  self->last_row = 0;
  self->n_listed = 0;
  append_records (self);
}

static void
refresh (GtkWidget *widget)
{
  MereRecordsPage *self = MERE_RECORDS_PAGE (widget);
  gint64           counts[MERE_RECORD_N_STATES] = { 0 };
  gint64           n_records = 0;
  guint            n_drafts = list_drafts (self);
  gboolean         colleagues = offer_colleagues (self);

  if (mere_record_count (self->store, counts, NULL))
    {
      for (guint state = 0; state < MERE_RECORD_N_STATES; state++)
        n_records += counts[state];
    }

  list_records (self);
  gtk_widget_set_visible (self->records_group, n_records > 0 || colleagues);
  gtk_stack_set_visible_child_name (self->stack, n_records + n_drafts > 0 || colleagues ? "list" : "empty");
}

static void
on_more_cb (MereRecordsPage *self)
{
  append_records (self);
}

static void
on_filter_chosen_cb (MereRecordsPage *self)
{
  if (self->store != NULL)
    list_records (self);
}

static void
mere_records_page_dispose (GObject *object)
{
  MereRecordsPage *self = MERE_RECORDS_PAGE (object);

  g_clear_pointer (&self->refresher, mere_refresher_free);
  self->store = NULL;

  G_OBJECT_CLASS (mere_records_page_parent_class)->dispose (object);
}

static void
mere_records_page_class_init (MereRecordsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_records_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/records-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, drafts_group);
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, drafts);
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, records_group);
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, filter_choice);
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, records);
  gtk_widget_class_bind_template_child (widget_class, MereRecordsPage, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more_cb);
}

static void
mere_records_page_init (MereRecordsPage *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    gtk_string_list_append (titles, _ (filters[i].title));

  gtk_drop_down_set_model (self->filter_choice, G_LIST_MODEL (titles));
  g_signal_connect_object (self->filter_choice, "notify::selected", G_CALLBACK (on_filter_chosen_cb), self, G_CONNECT_SWAPPED);
}

MereRecordsPage *
mere_records_page_new (MereStore *store)
{
  MereRecordsPage *self = g_object_new (MERE_TYPE_RECORDS_PAGE, NULL);

  self->store = store;
  self->refresher = mere_refresher_new (GTK_WIDGET (self), store,
                                        MERE_STORE_DRAFTS | MERE_STORE_RECORDS | MERE_STORE_BUNDLES | MERE_STORE_OTHER, refresh);

  return self;
}
