/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/coverage-card.h"

#include <glib/gi18n-lib.h>

#include "ui/coverage-words.h"

static GtkWidget *
make_label (const char *text,
            const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, style);

  return label;
}

static GtkWidget *
make_cell (const MereCoveragePlace *place,
           const MereFrameworkItem *item,
           const MereCoverageCell  *cell)
{
  GtkWidget       *button = gtk_button_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget       *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", mere_coverage_words_icon (cell), "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autofree char *words = mere_coverage_words_cell (item, cell);

  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), gtk_label_new (item->id));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_set_tooltip_text (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "mere-cover");
  gtk_widget_add_css_class (button, mere_coverage_words_style (cell));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", place->crossing != NULL ? place->crossing : "", item->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "desk.show-item");

  return button;
}

/* One of the four heads, with its items in a row. */
static GtkWidget *
make_head (const MereCoveragePlace   *place,
           const MereFrameworkPillar *pillar,
           guint                      first)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *cells = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_append (GTK_BOX (head), make_label (pillar->title, "caption-heading"));
  gtk_box_append (GTK_BOX (head), cells);
  for (guint i = 0; i < pillar->n_items; i++)
    {
      MereFrameworkItem item;

      mere_framework_get_item (mere_framework_get_default (), first + i, NULL, &item);
      gtk_box_append (GTK_BOX (cells), make_cell (place, &item, &place->cells[first + i]));
    }

  return head;
}

/* Two heads beside each other. */
static GtkWidget *
make_heads (const MereCoveragePlace *place)
{
  GtkWidget          *heads = gtk_grid_new ();
  MereFrameworkPillar pillar;
  guint               first = 0;

  gtk_grid_set_row_spacing (GTK_GRID (heads), 12);
  gtk_grid_set_column_spacing (GTK_GRID (heads), 24);
  for (guint i = 0; mere_framework_get_pillar (mere_framework_get_default (), i, NULL, &pillar); i++)
    {
      gtk_grid_attach (GTK_GRID (heads), make_head (place, &pillar, first), (int) i % 2, (int) i / 2, 1, 1);
      first += pillar.n_items;
    }

  return heads;
}

GtkWidget *
mere_coverage_card_new (const MereCoveragePlace *place)
{
  GtkWidget       *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const char      *name = place->name != NULL ? place->name : _ ("Without a crossing");
  g_autofree char *facts = mere_coverage_words_place (place);
  GtkWidget       *heads = make_heads (place);

  gtk_box_append (GTK_BOX (card), make_label (name, "title-4"));
  gtk_box_append (GTK_BOX (card), make_label (facts, "dim-label"));
  gtk_box_append (GTK_BOX (card), heads);
  gtk_widget_set_margin_top (heads, 12);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "mere-column");

  return card;
}
