/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/application.h"

#include <glib/gi18n-lib.h>

#include "ui/language.h"
#include "ui/preferences-window.h"
#include "ui/window.h"

struct _MereApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (MereApplication, mere_application, ADW_TYPE_APPLICATION)

/* What a key does wherever the focus is. Keys of one page are bound by that page. */
static const struct
{
  const char *action;
  const char *keys[3];
} keys[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "win.lock", { "<Control>l" } },
  { "win.show-help-overlay", { "<Control>question", "F1" } },
};

static MereWindow *
find_free_window (MereApplication *self)
{
  for (GList *item = gtk_application_get_windows (GTK_APPLICATION (self)); item != NULL; item = item->next)
    {
      if (MERE_IS_WINDOW (item->data) && !mere_window_is_unlocked (item->data))
        return item->data;
    }

  return NULL;
}

static void
mere_application_activate (GApplication *application)
{
  MereApplication *self = MERE_APPLICATION (application);
  GtkWindow       *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = GTK_WINDOW (mere_window_new (ADW_APPLICATION (self)));

  gtk_window_present (window);
}

static void
mere_application_open (GApplication *application,
                       GFile       **files,
                       int           n_files,
                       const char   *hint)
{
  MereApplication *self = MERE_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);
      MereWindow      *window = find_free_window (self);

      if (path == NULL)
        continue;

      if (window == NULL)
        window = mere_window_new (ADW_APPLICATION (self));

      mere_window_show_vault (window, path);
      gtk_window_present (GTK_WINDOW (window));
    }
}

static void
show_about (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (user_data));

  adw_show_about_window (parent,
                         "application-name", _ ("Merestone"),
                         "application-icon", MERE_APP_ID,
                         "version", PACKAGE_VERSION,
                         "comments", _ ("Field work for assessors of migration and border management: interviews, system checks and time studies, without a network, in an encrypted store."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "translator-credits", _ ("translator-credits"),
                         NULL);
}

static void
show_preferences (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  GtkWindow             *parent = gtk_application_get_active_window (GTK_APPLICATION (user_data));
  MerePreferencesWindow *window = mere_preferences_window_new ();

  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_present (GTK_WINDOW (window));
}

static void
quit (GSimpleAction *action,
      GVariant      *parameter,
      gpointer       user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  for (GList *item = windows; item != NULL; item = item->next)
    gtk_window_close (item->data);
}

static void
mere_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = show_about },
    { .name = "preferences", .activate = show_preferences },
    { .name = "quit", .activate = quit },
  };

  G_APPLICATION_CLASS (mere_application_parent_class)->startup (application);

  mere_language_set_direction ();
  gtk_window_set_default_icon_name (MERE_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), keys[i].action, keys[i].keys);
}

static void
mere_application_class_init (MereApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = mere_application_activate;
  application_class->open = mere_application_open;
  application_class->startup = mere_application_startup;
}

static void
mere_application_init (MereApplication *self)
{
}

MereApplication *
mere_application_new (void)
{
  return g_object_new (MERE_TYPE_APPLICATION,
                       "application-id", MERE_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/merestone/Merestone",
                       NULL);
}
