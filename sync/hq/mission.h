/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/keyring.h"

G_BEGIN_DECLS

/**
 * MereMissionChange:
 * @title: of the mission, and the rest of its head; dates are "YYYY-MM-DD"
 * @begin_new: begin another mission instead of changing the present one
 * @crossings: (nullable) (element-type MereCrossing): all crossings of the mission; %NULL leaves them
 * @instruments: (nullable) (element-type GBytes): all XForms; %NULL leaves them, or takes the built-in ones where there are
 *   none
 * @published: (nullable) (element-type GBytes): XForms that are added, each in place of older versions of its form
 * @retired: (nullable): ids of forms that nothing new is begun with; %NULL-terminated
 * @folders: (nullable) (element-type utf8): where the files beside each of @instruments, or of @published, lie
 * @message: (nullable): text to the team; "" takes it away
 * @app_min: (nullable): oldest version of the program that laptops should have; "" takes it away
 * @stale_after: (nullable): day after which laptops warn that the pack is old
 *
 * What is to be other than it was. %NULL leaves a thing as it is.
 */
typedef struct
{
  const char *title;
  const char *country;
  const char *starts;
  const char *ends;
  gboolean    begin_new;
  GPtrArray  *crossings;
  GPtrArray  *instruments;
  const char *message;
  const char *stale_after;
  GPtrArray  *published;
  char      **retired;
  GPtrArray  *folders;
  const char *app_min;
} MereMissionChange;

/**
 * mere_mission_read_crossings:
 * @text: CSV with the columns name and kind, and if wanted note, latitude, longitude and id
 * @error: return location, domain %G_IO_ERROR (INVALID_DATA): names the line
 *
 * Returns: (transfer full) (element-type MereCrossing): each with an empty id where the file gives none
 */
GPtrArray *mere_mission_read_crossings (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_mission_change:
 * @error: return location, domain %G_OPTION_ERROR where a first mission lacks title or country, %MERE_FORM_ERROR where a
 *   file is no form, %MERE_STORE_ERROR
 *
 * Makes the store hold the mission, in the caller's transaction. A crossing keeps its id by its id or name; one that is not
 * listed any more is retired. Likewise instruments.
 */
gboolean mere_mission_change (MereStore *store, const MereMissionChange *change, GError **error);

/**
 * mere_mission_dispatch:
 * @rows: (out) (transfer full) (element-type gint64): rows of the bundles: one for each 16 laptops
 * @error: return location, domain %MERE_STORE_ERROR (NOT_FOUND where there is no mission or no active laptop),
 *   %MERE_BUNDLE_ERROR
 *
 * Seals the mission as it is for all active laptops, in the caller's transaction.
 */
gboolean mere_mission_dispatch (MereStore *store, MereKeyring *keys, GArray **rows, GError **error);

G_END_DECLS
