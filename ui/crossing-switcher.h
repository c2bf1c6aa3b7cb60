/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereCrossingSwitcher:
 *
 * Shows the crossing that new work belongs to, and changes it: a menu over the action "desk.crossing" (s: its id).
 */
#define MERE_TYPE_CROSSING_SWITCHER (mere_crossing_switcher_get_type ())
G_DECLARE_FINAL_TYPE (MereCrossingSwitcher, mere_crossing_switcher, MERE, CROSSING_SWITCHER, AdwBin)

/* Reads the crossings anew. @current: (nullable): id */
void mere_crossing_switcher_refresh (MereCrossingSwitcher *self,
                                     MereStore            *store,
                                     const char           *current);

G_END_DECLS
