/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/crossings-page.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "app/store/crossing.h"
#include "ui/refresher.h"
#include "ui/words.h"

struct _MereCrossingsPage
{
  AdwBin parent_instance;

  GtkStack   *stack;
  GtkListBox *list;

  MereStore     *store; /* borrowed */
  MereRefresher *refresher;
};

G_DEFINE_FINAL_TYPE (MereCrossingsPage, mere_crossings_page, ADW_TYPE_BIN)

static char *
describe (MereCrossing *crossing)
{
  g_autofree char *position = NULL;

  if (isfinite (crossing->latitude) && isfinite (crossing->longitude))
    position = g_strdup_printf ("%.4f, %.4f", crossing->latitude, crossing->longitude);

  return mere_words_join (mere_words_crossing_kind (crossing->kind),
                          crossing->origin == MERE_CROSSING_PACK ? _ ("from headquarters") : _ ("added here"),
                          position != NULL ? position : "",
                          crossing->note != NULL ? crossing->note : "", NULL);
}

/* A click on the row chooses the crossing; its mark and the pencil are what the keyboard and a test reach. */
static GtkWidget *
make_row (MereCrossing *crossing)
{
  g_autofree char *subtitle = describe (crossing);
  g_autofree char *edit_name = g_strdup_printf (_ ("Edit %s"), crossing->name);
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *mark = gtk_check_button_new ();
  GtkWidget       *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_words_crossing_icon (crossing->kind), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget       *edit = gtk_button_new_from_icon_name ("document-edit-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), crossing->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);

  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, crossing->name, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (mark), "s", crossing->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (mark), "desk.crossing");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), mark);

  gtk_widget_add_css_class (edit, "flat");
  gtk_widget_set_valign (edit, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (edit, _ ("Edit"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (edit), GTK_ACCESSIBLE_PROPERTY_LABEL, edit_name, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (edit), "s", crossing->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (edit), "desk.edit-crossing");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), edit);

  return row;
}

static void
refresh (GtkWidget *widget)
{
  MereCrossingsPage *self = MERE_CROSSINGS_PAGE (widget);
  g_autoptr (GPtrArray) crossings = mere_crossing_list (self->store, FALSE, NULL);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);

  for (guint i = 0; crossings != NULL && i < crossings->len; i++)
    gtk_list_box_append (self->list, make_row (g_ptr_array_index (crossings, i)));

  gtk_stack_set_visible_child_name (self->stack, crossings != NULL && crossings->len > 0 ? "list" : "empty");
}

static void
mere_crossings_page_dispose (GObject *object)
{
  MereCrossingsPage *self = MERE_CROSSINGS_PAGE (object);

  g_clear_pointer (&self->refresher, mere_refresher_free);

  G_OBJECT_CLASS (mere_crossings_page_parent_class)->dispose (object);
}

static void
mere_crossings_page_class_init (MereCrossingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mere_crossings_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/crossings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereCrossingsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MereCrossingsPage, list);
}

static void
mere_crossings_page_init (MereCrossingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

MereCrossingsPage *
mere_crossings_page_new (MereStore *store)
{
  MereCrossingsPage *self = g_object_new (MERE_TYPE_CROSSINGS_PAGE, NULL);

  self->store = store;
  self->refresher = mere_refresher_new (GTK_WIDGET (self), store, MERE_STORE_CROSSINGS, refresh);

  return self;
}
