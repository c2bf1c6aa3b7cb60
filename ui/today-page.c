/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/today-page.h"

#include <glib/gi18n-lib.h>

#include "app/store/assessment.h"
#include "app/store/bundle.h"
#include "app/store/crossing.h"
#include "app/store/draft.h"
#include "app/store/instrument.h"
#include "app/store/record.h"
#include "ui/draft-row.h"
#include "ui/record-row.h"
#include "ui/refresher.h"
#include "ui/text.h"

struct _MereTodayPage
{
  AdwBin parent_instance;

  GtkLabel     *title_label;
  GtkLabel     *subtitle_label;
  GtkWidget    *first_group;
  GtkWidget    *pack_row;
  GtkWidget    *crossing_row;
  GtkWidget    *returned_group;
  GtkListBox   *returned;
  GtkWidget    *drafts_group;
  GtkListBox   *drafts;
  GtkWidget    *begin_group;
  GtkWidget    *road_group;
  AdwActionRow *road_row;

  MereStore     *store;
  MereRefresher *refresher;
};

G_DEFINE_FINAL_TYPE (MereTodayPage, mere_today_page, ADW_TYPE_BIN)

static const guint drafts_shown = 4;
static const guint returned_shown = 20;

static void
show_mission (MereTodayPage *self)
{
  g_autoptr (MereAssessment) mission = mere_assessment_load_current (self->store, NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* Translators: today's date, for g_date_time_format() */
  g_autofree char *date = g_date_time_format (now, _ ("%A, %-e %B %Y"));

  gtk_label_set_label (self->title_label, mission != NULL ? mission->title : _ ("Today"));
  gtk_label_set_label (self->subtitle_label, date);
}

static void
show_first_steps (MereTodayPage *self)
{
  g_autoptr (GPtrArray) instruments = mere_instrument_list_latest (self->store, -1, NULL);
  g_autoptr (GPtrArray) crossings = mere_crossing_list (self->store, FALSE, NULL);
  gboolean no_instruments = instruments == NULL || instruments->len == 0;
  gboolean no_crossings = crossings == NULL || crossings->len == 0;

  gtk_widget_set_visible (self->pack_row, no_instruments);
  gtk_widget_set_visible (self->crossing_row, no_crossings);
  gtk_widget_set_visible (self->first_group, no_instruments || no_crossings);
  gtk_widget_set_visible (self->begin_group, !no_instruments && !no_crossings);
}

static void
clear (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
show_returned (MereTodayPage *self)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) records = NULL;

  filter.returned = TRUE;
  filter.limit = returned_shown;
  records = mere_record_list (self->store, &filter, NULL);

  clear (self->returned);
  for (guint i = 0; records != NULL && i < records->len; i++)
    gtk_list_box_append (self->returned, mere_record_row_new (g_ptr_array_index (records, i)));

  gtk_widget_set_visible (self->returned_group, records != NULL && records->len > 0);
}

static void
show_drafts (MereTodayPage *self)
{
  g_autoptr (GPtrArray) drafts = mere_draft_list (self->store, -1, NULL, NULL);
  guint n = drafts != NULL ? MIN (drafts->len, drafts_shown) : 0;

  clear (self->drafts);
  for (guint i = 0; i < n; i++)
    gtk_list_box_append (self->drafts, mere_draft_row_new (g_ptr_array_index (drafts, i)));

  gtk_widget_set_visible (self->drafts_group, n > 0);
}

static char *
dup_last_stick (MereTodayPage *self)
{
  g_autoptr (GPtrArray) placements = mere_placement_list (self->store, 0, NULL);
  g_autofree char *when = NULL;

  if (placements == NULL || placements->len == 0)
    return g_strdup (_ ("Nothing was written to a stick yet"));

  when = mere_text_moment (((MerePlacement *) g_ptr_array_index (placements, 0))->placed_us);

  /* Translators: %s is a moment: “yesterday, 14:05” */
  return g_strdup_printf (_ ("Last written to a stick: %s"), when);
}

static void
show_road (MereTodayPage *self)
{
  gint64           counts[MERE_RECORD_N_STATES] = { 0 };
  g_autofree char *stick = dup_last_stick (self);
  g_autofree char *title = NULL;
  gint64           open, all = 0;

  mere_record_count (self->store, counts, NULL);
  for (guint state = 0; state < MERE_RECORD_N_STATES; state++)
    all += counts[state];
  open = counts[MERE_RECORD_FINAL] + counts[MERE_RECORD_PACKED] + counts[MERE_RECORD_DELIVERED] + counts[MERE_RECORD_REFUSED];

  if (open > 0)
    title = g_strdup_printf (ngettext ("%u record is not yet at headquarters", "%u records are not yet at headquarters", (guint) open), (guint) open);
  else
    title = g_strdup (_ ("Headquarters has every record"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->road_row), title);
  adw_action_row_set_subtitle (self->road_row, stick);
  gtk_widget_set_visible (self->road_group, all > 0);
}

static void
refresh (GtkWidget *widget)
{
  MereTodayPage *self = MERE_TODAY_PAGE (widget);

  show_mission (self);
  show_first_steps (self);
  show_returned (self);
  show_drafts (self);
  show_road (self);
}

static void
mere_today_page_dispose (GObject *object)
{
  MereTodayPage *self = MERE_TODAY_PAGE (object);

  g_clear_pointer (&self->refresher, mere_refresher_free);

  G_OBJECT_CLASS (mere_today_page_parent_class)->dispose (object);
}

static void
mere_today_page_class_init (MereTodayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_today_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/today-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, first_group);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, pack_row);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, crossing_row);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, returned_group);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, returned);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, drafts_group);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, drafts);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, begin_group);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, road_group);
  gtk_widget_class_bind_template_child (widget_class, MereTodayPage, road_row);
}

static void
mere_today_page_init (MereTodayPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MereTodayPage *
mere_today_page_new (MereStore *store)
{
  MereTodayPage *self = g_object_new (MERE_TYPE_TODAY_PAGE, NULL);

  self->store = store;
  self->refresher = mere_refresher_new (GTK_WIDGET (self), store, MERE_STORE_ALL & ~(MERE_STORE_STUDIES | MERE_STORE_SETTINGS), refresh);

  return self;
}
