/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereTeamBox:
 *
 * What the team has, by crossing: this laptop's own records, and those of the colleagues whose bundles were read from sticks.
 * Shown on the laptop of a team's leader only.
 */
#define MERE_TYPE_TEAM_BOX (mere_team_box_get_type ())
G_DECLARE_FINAL_TYPE (MereTeamBox, mere_team_box, MERE, TEAM_BOX, AdwBin)

/* Shows it as the store has it now. Cheap. */
void mere_team_box_refresh (MereTeamBox *self,
                            MereStore   *store);

G_END_DECLS
