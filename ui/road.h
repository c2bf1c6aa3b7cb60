/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sync/courier.h"

G_BEGIN_DECLS

/**
 * MereRoad:
 *
 * The road of the records: laptop, stick, headquarters side by side, each with a count and what is to be known of it.
 */
#define MERE_TYPE_ROAD (mere_road_get_type ())
G_DECLARE_FINAL_TYPE (MereRoad, mere_road, MERE, ROAD, AdwBin)

void mere_road_show_status (MereRoad                *self,
                            const MereCourierStatus *status);

/* @look: (nullable): %NULL where there is no stick; @trouble: (nullable): why it could not be looked at */
void mere_road_show_stick (MereRoad              *self,
                           const MereCourierLook *look,
                           const char            *trouble);

G_END_DECLS
