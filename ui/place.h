/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The places of the side bar, in its order. Ctrl+1 goes to the first. */
typedef enum {
  MERE_PLACE_TODAY,
  MERE_PLACE_CROSSINGS,
  MERE_PLACE_OBSERVE,
  MERE_PLACE_CHECKS,
  MERE_PLACE_INTERVIEWS,
  MERE_PLACE_COVERAGE,
  MERE_PLACE_RECORDS,
  MERE_PLACE_STICK,
} MerePlace;

#define MERE_N_PLACES 8

/**
 * MerePlaceInfo:
 * @name: as actions and settings say it; never shown
 * @title: as the side bar says it, untranslated: `_ (info->title)`
 * @icon: icon of the side bar
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *icon;
} MerePlaceInfo;

const MerePlaceInfo *mere_place_get_info (MerePlace place);
gboolean             mere_place_from_name (const char *name,
                                           MerePlace  *place);

G_END_DECLS
