/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/welcome-page.h"

#include "app/vault/vault.h"
#include "ui/menu-button.h"
#include "ui/remembered.h"
#include "ui/text.h"

struct _MereWelcomePage
{
  AdwBin parent_instance;

  GtkWidget  *make_button;
  GtkWidget  *recent_group;
  GtkListBox *recent_list;
};

G_DEFINE_FINAL_TYPE (MereWelcomePage, mere_welcome_page, ADW_TYPE_BIN)

/* The arrow carries the row's name, and is what a screen reader or a test presses. */
static GtkWidget *
make_row (const char *path)
{
  g_autofree char *name = mere_text_vault_name (path);
  g_autofree char *folder = g_path_get_dirname (path);
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *arrow = gtk_button_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), folder);

  gtk_widget_add_css_class (arrow, "flat");
  gtk_widget_set_valign (arrow, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (arrow), "win.unlock");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (arrow), "s", path);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), arrow);

  return row;
}

static gboolean
mere_welcome_page_focus (GtkWidget       *widget,
                         GtkDirectionType direction)
{
  MereWelcomePage *self = MERE_WELCOME_PAGE (widget);

  /* The thing to do is where one begins, not the menu over it. */
  if (gtk_widget_get_focus_child (widget) == NULL && gtk_widget_grab_focus (self->make_button))
    return TRUE;

  return GTK_WIDGET_CLASS (mere_welcome_page_parent_class)->focus (widget, direction);
}

static void
mere_welcome_page_class_init (MereWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->focus = mere_welcome_page_focus;

  g_type_ensure (MERE_TYPE_MENU_BUTTON);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MereWelcomePage, make_button);
  gtk_widget_class_bind_template_child (widget_class, MereWelcomePage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, MereWelcomePage, recent_list);
}

static void
mere_welcome_page_init (MereWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mere_welcome_page_refresh (self);
}

void
mere_welcome_page_refresh (MereWelcomePage *self)
{
  g_auto (GStrv) vaults = mere_remembered_dup_vaults ();
  GtkWidget *row;
  guint      n = 0;

  g_return_if_fail (MERE_IS_WELCOME_PAGE (self));

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->recent_list))) != NULL)
    gtk_list_box_remove (self->recent_list, row);

  for (guint i = 0; vaults[i] != NULL; i++)
    {
      if (!mere_vault_is_vault (vaults[i]))
        continue;

      gtk_list_box_append (self->recent_list, make_row (vaults[i]));
      n++;
    }

  gtk_widget_set_visible (self->recent_group, n > 0);
}
