/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/place.h"

G_BEGIN_DECLS

/**
 * MereSideBar:
 *
 * The places by task, each with the count of what waits there.
 *
 * MereSideBar::chosen (place): the person went to a place.
 */
#define MERE_TYPE_SIDE_BAR (mere_side_bar_get_type ())
G_DECLARE_FINAL_TYPE (MereSideBar, mere_side_bar, MERE, SIDE_BAR, AdwBin)

/* Marks a place without emitting #MereSideBar::chosen. */
void mere_side_bar_select (MereSideBar *self,
                           MerePlace    place);

/* 0 shows nothing. */
void mere_side_bar_set_count (MereSideBar *self,
                              MerePlace    place,
                              guint        count);

G_END_DECLS
