/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/road-card.h"

struct _MereRoadCard
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *figure_label;
  GtkLabel *meaning_label;
  GtkLabel *line_label;
};

G_DEFINE_FINAL_TYPE (MereRoadCard, mere_road_card, ADW_TYPE_BIN)

static void
mere_road_card_class_init (MereRoadCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/road-card.ui");
  gtk_widget_class_bind_template_child (widget_class, MereRoadCard, icon);
  gtk_widget_class_bind_template_child (widget_class, MereRoadCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, MereRoadCard, figure_label);
  gtk_widget_class_bind_template_child (widget_class, MereRoadCard, meaning_label);
  gtk_widget_class_bind_template_child (widget_class, MereRoadCard, line_label);
}

static void
mere_road_card_init (MereRoadCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_road_card_set_title (MereRoadCard *self,
                          const char   *icon,
                          const char   *title)
{
  g_return_if_fail (MERE_IS_ROAD_CARD (self));

  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_label (self->title_label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

void
mere_road_card_set_facts (MereRoadCard *self,
                          const char   *figure,
                          const char   *meaning,
                          const char   *line)
{
  g_return_if_fail (MERE_IS_ROAD_CARD (self));

  gtk_label_set_label (self->figure_label, figure);
  gtk_label_set_label (self->meaning_label, meaning);
  gtk_label_set_label (self->line_label, line != NULL ? line : "");
}
