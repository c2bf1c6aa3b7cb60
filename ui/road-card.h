/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MereRoadCard:
 *
 * One of the three stations of the Stick page: what it is, a count in large type, and two lines under it.
 */
#define MERE_TYPE_ROAD_CARD (mere_road_card_get_type ())
G_DECLARE_FINAL_TYPE (MereRoadCard, mere_road_card, MERE, ROAD_CARD, AdwBin)

void mere_road_card_set_title (MereRoadCard *self,
                               const char   *icon,
                               const char   *title);

/* @line: (nullable) */
void mere_road_card_set_facts (MereRoadCard *self,
                               const char   *figure,
                               const char   *meaning,
                               const char   *line);

G_END_DECLS
