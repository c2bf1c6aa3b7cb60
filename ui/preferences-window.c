/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/preferences-window.h"

#include <glib/gi18n-lib.h>

#include "ui/remembered.h"

struct _MerePreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  GtkSpinButton *idle_spin;
  GtkDropDown   *language_choice;
};

G_DEFINE_FINAL_TYPE (MerePreferencesWindow, mere_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* A language is named in itself, so that whoever reads only that one finds it. */
static const struct
{
  const char *code;
  const char *name;
} languages[] = {
  { "en", "English" },
  { "es", "Español" },
  { "fr", "Français" },
  { "ar", "العربية" },
};

static void
on_idle_changed_cb (MerePreferencesWindow *self)
{
  mere_remembered_set_idle_minutes (gtk_spin_button_get_value_as_int (self->idle_spin));
}

static void
on_language_chosen_cb (MerePreferencesWindow *self)
{
  guint chosen = gtk_drop_down_get_selected (self->language_choice);

  mere_remembered_set_language (chosen == 0 || chosen > G_N_ELEMENTS (languages) ? "" : languages[chosen - 1].code);
}

static void
fill_languages (MerePreferencesWindow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *language = mere_remembered_dup_language ();
  guint            chosen = 0;

  gtk_string_list_append (names, _ ("As the system"));
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      gtk_string_list_append (names, languages[i].name);
      if (g_str_equal (language, languages[i].code))
        chosen = i + 1;
    }

  gtk_drop_down_set_model (self->language_choice, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->language_choice, chosen);
}

static void
mere_preferences_window_class_init (MerePreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/merestone/Merestone/ui/preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, MerePreferencesWindow, idle_spin);
  gtk_widget_class_bind_template_child (widget_class, MerePreferencesWindow, language_choice);
  gtk_widget_class_bind_template_callback (widget_class, on_idle_changed_cb);
}

static void
mere_preferences_window_init (MerePreferencesWindow *self)
{
  guint minutes = mere_remembered_get_idle_minutes ();

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_spin_button_set_value (self->idle_spin, minutes);
  fill_languages (self);
  g_signal_connect_object (self->language_choice, "notify::selected", G_CALLBACK (on_language_chosen_cb), self, G_CONNECT_SWAPPED);
}

MerePreferencesWindow *
mere_preferences_window_new (void)
{
  return g_object_new (MERE_TYPE_PREFERENCES_WINDOW, NULL);
}
