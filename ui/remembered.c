/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/remembered.h"

#include <gio/gio.h>

static const int   default_width = 1200;
static const int   default_height = 740;
static const guint default_idle_minutes = 5;

static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  GSettingsSchema       *schema = NULL;

  if (installed != NULL)
    schema = g_settings_schema_source_lookup (installed, MERE_APP_ID, TRUE);

  if (schema == NULL)
    {
      /* Run from a build folder: BUILD/ui/merestone, BUILD/schemas/gschemas.compiled. */
      g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
      g_autofree char *room = program != NULL ? g_path_get_dirname (program) : NULL;
      g_autofree char *folder = room != NULL ? g_build_filename (room, "..", "schemas", NULL) : NULL;
      g_autoptr (GSettingsSchemaSource) built = NULL;

      if (folder != NULL)
        built = g_settings_schema_source_new_from_directory (folder, installed, FALSE, NULL);

      if (built != NULL)
        schema = g_settings_schema_source_lookup (built, MERE_APP_ID, FALSE);
    }

  return schema;
}

static GSettings *
get_settings (void)
{
  static GSettings *settings = NULL;
  static gsize      looked = 0;

  if (g_once_init_enter (&looked))
    {
      g_autoptr (GSettingsSchema) schema = find_schema ();

      if (schema != NULL)
        settings = g_settings_new_full (schema, NULL, NULL);

      g_once_init_leave (&looked, 1);
    }

  return settings;
}

char **
mere_remembered_dup_vaults (void)
{
  GSettings *settings = get_settings ();

  return settings != NULL ? g_settings_get_strv (settings, "recent-vaults") : g_new0 (char *, 1);
}

static void
keep_vaults (const char *first,
             const char *without)
{
  GSettings *settings = get_settings ();
  g_auto (GStrv) old = mere_remembered_dup_vaults ();
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  g_auto (GStrv) vaults = NULL;
  guint n = 0;

  if (settings == NULL)
    return;

  if (first != NULL)
    {
      g_strv_builder_add (kept, first);
      n++;
    }

  for (guint i = 0; old[i] != NULL && n < MERE_REMEMBERED_MAX_VAULTS; i++)
    {
      if (g_strcmp0 (old[i], without) == 0)
        continue;

      g_strv_builder_add (kept, old[i]);
      n++;
    }

  vaults = g_strv_builder_end (kept);
  g_settings_set_strv (settings, "recent-vaults", (const char *const *) vaults);
}

void
mere_remembered_add_vault (const char *path)
{
  keep_vaults (path, path);
}

void
mere_remembered_forget_vault (const char *path)
{
  keep_vaults (NULL, path);
}

guint
mere_remembered_get_idle_minutes (void)
{
  GSettings *settings = get_settings ();

  return settings != NULL ? g_settings_get_uint (settings, "idle-minutes") : default_idle_minutes;
}

void
mere_remembered_set_idle_minutes (guint minutes)
{
  GSettings *settings = get_settings ();

  if (settings != NULL)
    g_settings_set_uint (settings, "idle-minutes", minutes);
}

char *
mere_remembered_dup_language (void)
{
  GSettings *settings = get_settings ();

  return settings != NULL ? g_settings_get_string (settings, "language") : g_strdup ("");
}

void
mere_remembered_set_language (const char *code)
{
  GSettings *settings = get_settings ();

  if (settings != NULL)
    g_settings_set_string (settings, "language", code);
}

void
mere_remembered_get_size (int *width,
                          int *height)
{
  GSettings *settings = get_settings ();

  *width = default_width;
  *height = default_height;

  if (settings != NULL)
    g_settings_get (settings, "window-size", "(ii)", width, height);
}

void
mere_remembered_set_size (int width,
                          int height)
{
  GSettings *settings = get_settings ();

  if (settings != NULL)
    g_settings_set (settings, "window-size", "(ii)", width, height);
}

gboolean
mere_remembered_get_maximized (void)
{
  GSettings *settings = get_settings ();

  return settings != NULL && g_settings_get_boolean (settings, "window-maximized");
}

void
mere_remembered_set_maximized (gboolean maximized)
{
  GSettings *settings = get_settings ();

  if (settings != NULL)
    g_settings_set_boolean (settings, "window-maximized", maximized);
}
