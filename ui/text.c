/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/text.h"

#include <string.h>

#include <glib/gi18n-lib.h>

char *
mere_text_vault_name (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  if (g_str_has_suffix (name, ".vault") && strlen (name) > strlen (".vault"))
    name[strlen (name) - strlen (".vault")] = '\0';

  return g_filename_display_name (name);
}

static int
days_between (GDateTime *earlier,
              GDateTime *later)
{
  GDate from, to;

  g_date_clear (&from, 1);
  g_date_clear (&to, 1);
  g_date_set_dmy (&from, g_date_time_get_day_of_month (earlier), g_date_time_get_month (earlier), g_date_time_get_year (earlier));
  g_date_set_dmy (&to, g_date_time_get_day_of_month (later), g_date_time_get_month (later), g_date_time_get_year (later));

  return g_date_days_between (&from, &to);
}

char *
mere_text_moment (gint64 utc_us)
{
  gint64 age_us = g_get_real_time () - utc_us;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) then = g_date_time_to_local (utc);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int   days = days_between (then, now);
  guint minutes = age_us / (60 * G_USEC_PER_SEC);

  /* A clock that was set back must not say "in minus two hours". */
  if (age_us >= 0 && age_us < 60 * G_USEC_PER_SEC)
    return g_strdup (_ ("just now"));
  if (age_us >= 0 && minutes < 60)
    return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", minutes), minutes);
  if (days == 0)
    /* Translators: a time of today, for g_date_time_format() */
    return g_date_time_format (then, _ ("today, %H:%M"));
  if (days == 1)
    /* Translators: a time of yesterday, for g_date_time_format() */
    return g_date_time_format (then, _ ("yesterday, %H:%M"));

  /* Translators: a date, for g_date_time_format() */
  return g_date_time_format (then, _ ("%-e %B %Y"));
}

char *
mere_text_menu_label (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "_", -1);

  return g_strjoinv ("__", parts);
}
