/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/crossing-switcher.h"

#include <glib/gi18n-lib.h>

#include "app/store/crossing.h"
#include "ui/text.h"
#include "ui/words.h"

struct _MereCrossingSwitcher
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkLabel      *label;
};

G_DEFINE_FINAL_TYPE (MereCrossingSwitcher, mere_crossing_switcher, ADW_TYPE_BIN)

static char *
describe (MereCrossing *crossing)
{
  /* Translators: a crossing and its kind: “Salt Gate · land” */
  return g_strdup_printf (_ ("%s · %s"), crossing->name, mere_words_crossing_kind (crossing->kind));
}

static void
append_crossing (GMenu        *menu,
                 MereCrossing *crossing)
{
  g_autofree char *text = describe (crossing);
  g_autofree char *label = mere_text_menu_label (text);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "desk.crossing", "s", crossing->id);
  g_menu_append_item (menu, item);
}

static void
show_current (MereCrossingSwitcher *self,
              MereCrossing         *current)
{
  g_autofree char *text = current != NULL ? describe (current) : g_strdup (_ ("No crossing"));
  /* Translators: what the button that chooses the crossing is called; %s is the chosen one */
  g_autofree char *name = g_strdup_printf (_ ("Crossing: %s"), text);

  gtk_label_set_label (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
mere_crossing_switcher_class_init (MereCrossingSwitcherClass *klass)
{
}

static void
mere_crossing_switcher_init (MereCrossingSwitcher *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "pan-down-symbolic", "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "heading");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), arrow);

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_child (self->button, box);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _ ("The crossing that new work belongs to"));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
}

void
mere_crossing_switcher_refresh (MereCrossingSwitcher *self,
                                MereStore            *store,
                                const char           *current)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) choices = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();
  g_autoptr (GPtrArray) crossings = mere_crossing_list (store, FALSE, NULL);
  MereCrossing *chosen = NULL;

  g_return_if_fail (MERE_IS_CROSSING_SWITCHER (self));

  for (guint i = 0; crossings != NULL && i < crossings->len; i++)
    {
      MereCrossing *crossing = g_ptr_array_index (crossings, i);

      append_crossing (choices, crossing);
      if (g_strcmp0 (crossing->id, current) == 0)
        chosen = crossing;
    }

  g_menu_append (more, _ ("Add a crossing…"), "desk.add-crossing");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (choices));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));

  gtk_menu_button_set_menu_model (self->button, G_MENU_MODEL (menu));
  show_current (self, chosen);
}
