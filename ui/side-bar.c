/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/side-bar.h"

#include <glib/gi18n-lib.h>

struct _MereSideBar
{
  AdwBin parent_instance;

  GtkListBox    *list;
  GtkListBoxRow *rows[MERE_N_PLACES];
  GtkLabel      *counts[MERE_N_PLACES];
};

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MereSideBar, mere_side_bar, ADW_TYPE_BIN)

static void
on_row_selected_cb (MereSideBar   *self,
                    GtkListBoxRow *row)
{
  if (row != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, gtk_list_box_row_get_index (row));
}

static void
add_row (MereSideBar *self,
         MerePlace    place)
{
  const MerePlaceInfo *info = mere_place_get_info (place);
  GtkWidget           *row = gtk_list_box_row_new ();
  GtkWidget           *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget           *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", info->icon, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget           *title = gtk_label_new (_ (info->title));
  GtkWidget           *count = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (count, "mere-count");
  gtk_widget_set_valign (count, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (count, FALSE);

  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_append (self->list, row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (info->title), -1);

  self->rows[place] = GTK_LIST_BOX_ROW (row);
  self->counts[place] = GTK_LABEL (count);
}

static void
mere_side_bar_class_init (MereSideBarClass *klass)
{
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
mere_side_bar_init (MereSideBar *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Places"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));

  for (guint place = 0; place < MERE_N_PLACES; place++)
    add_row (self, place);

  g_signal_connect_object (self->list, "row-selected", G_CALLBACK (on_row_selected_cb), self, G_CONNECT_SWAPPED);
  /* A place that is marked already is entered again by a click: the bar may be folded over it. */
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_selected_cb), self, G_CONNECT_SWAPPED);
}

void
mere_side_bar_select (MereSideBar *self,
                      MerePlace    place)
{
  g_return_if_fail (MERE_IS_SIDE_BAR (self));
  g_return_if_fail (place < MERE_N_PLACES);

  g_signal_handlers_block_by_func (self->list, on_row_selected_cb, self);
  gtk_list_box_select_row (self->list, self->rows[place]);
  g_signal_handlers_unblock_by_func (self->list, on_row_selected_cb, self);
}

void
mere_side_bar_set_count (MereSideBar *self,
                         MerePlace    place,
                         guint        count)
{
  g_autofree char *text = g_strdup_printf ("%u", count);
  g_autofree char *said = g_strdup_printf (ngettext ("%u waits", "%u wait", count), count);

  g_return_if_fail (MERE_IS_SIDE_BAR (self));
  g_return_if_fail (place < MERE_N_PLACES);

  gtk_label_set_label (self->counts[place], text);
  gtk_widget_set_visible (GTK_WIDGET (self->counts[place]), count > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows[place]), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  count > 0 ? said : "", -1);
}
