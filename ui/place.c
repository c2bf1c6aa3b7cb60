/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/place.h"

#include <glib/gi18n-lib.h>

static const MerePlaceInfo places[MERE_N_PLACES] = {
  [MERE_PLACE_TODAY] = { "today", N_ ("Today"), "x-office-calendar-symbolic" },
  [MERE_PLACE_CROSSINGS] = { "crossings", N_ ("Crossings"), "mark-location-symbolic" },
  [MERE_PLACE_OBSERVE] = { "observe", N_ ("Observe"), "mere-observe-symbolic" },
  [MERE_PLACE_CHECKS] = { "checks", N_ ("Checks"), "mere-checks-symbolic" },
  [MERE_PLACE_INTERVIEWS] = { "interviews", N_ ("Interviews"), "mere-interviews-symbolic" },
  [MERE_PLACE_COVERAGE] = { "coverage", N_ ("Coverage"), "view-grid-symbolic" },
  [MERE_PLACE_RECORDS] = { "records", N_ ("Records"), "x-office-document-symbolic" },
  [MERE_PLACE_STICK] = { "stick", N_ ("Stick"), "media-removable-symbolic" },
};

const MerePlaceInfo *
mere_place_get_info (MerePlace place)
{
  g_return_val_if_fail (place < MERE_N_PLACES, &places[0]);

  return &places[place];
}

gboolean
mere_place_from_name (const char *name,
                      MerePlace  *place)
{
  for (guint i = 0; i < MERE_N_PLACES; i++)
    {
      if (g_strcmp0 (places[i].name, name) == 0)
        {
          *place = i;
          return TRUE;
        }
    }

  return FALSE;
}
