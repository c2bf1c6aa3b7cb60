/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/saved-indicator.h"

#include <glib/gi18n-lib.h>

struct _MereSavedIndicator
{
  AdwBin parent_instance;

  GtkWidget *box;
  GtkImage  *icon;
  GtkLabel  *label;
};

G_DEFINE_FINAL_TYPE (MereSavedIndicator, mere_saved_indicator, ADW_TYPE_BIN)

static void
mere_saved_indicator_class_init (MereSavedIndicatorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/saved-indicator.ui");
  gtk_widget_class_bind_template_child (widget_class, MereSavedIndicator, box);
  gtk_widget_class_bind_template_child (widget_class, MereSavedIndicator, icon);
  gtk_widget_class_bind_template_child (widget_class, MereSavedIndicator, label);
}

static void
mere_saved_indicator_init (MereSavedIndicator *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mere_saved_indicator_set_trouble (MereSavedIndicator *self,
                                  const char         *sentence)
{
  gboolean trouble = sentence != NULL && *sentence != '\0';

  g_return_if_fail (MERE_IS_SAVED_INDICATOR (self));

  gtk_label_set_label (self->label, trouble ? sentence : _ ("All saved"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), trouble ? sentence : NULL);
  gtk_image_set_from_icon_name (self->icon, trouble ? "dialog-warning-symbolic" : "mere-dot-symbolic");

  if (trouble)
    gtk_widget_add_css_class (self->box, "trouble");
  else
    gtk_widget_remove_css_class (self->box, "trouble");
}
