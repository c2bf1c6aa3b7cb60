/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Moments as they are given on the command line. */

#include "config.h"

#include "sync/hq/when.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
mere_when_parse (const char *option,
                 const char *text,
                 gint64     *utc_us,
                 GError    **error)
{
  gboolean         day = text != NULL && strlen (text) == strlen ("2026-11-24");
  g_autofree char *moment = text != NULL ? g_strconcat (text, day ? "T00:00:00Z" : "", NULL) : NULL;
  g_autoptr (GDateTime) time = moment != NULL ? g_date_time_new_from_iso8601 (moment, NULL) : NULL;

  *utc_us = time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
  if (text == NULL || time != NULL)
    return TRUE;
  g_set_error (error,
               G_OPTION_ERROR,
               G_OPTION_ERROR_BAD_VALUE,
               _ ("%s: “%s” is no moment; write it as 2026-11-24 or 2026-11-24T08:00:00Z."),
               option,
               text);
  return FALSE;
}
