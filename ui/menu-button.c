/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/menu-button.h"

struct _MereMenuButton
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (MereMenuButton, mere_menu_button, ADW_TYPE_BIN)

static void
mere_menu_button_class_init (MereMenuButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/menu-button.ui");
}

static void
mere_menu_button_init (MereMenuButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
