/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereTodayPage:
 *
 * Where the day begins: the mission, what to go on with, and how much is not yet at headquarters. While something is
 * missing for work to begin (a crossing, instruments), it says what.
 */
#define MERE_TYPE_TODAY_PAGE (mere_today_page_get_type ())
G_DECLARE_FINAL_TYPE (MereTodayPage, mere_today_page, MERE, TODAY_PAGE, AdwBin)

MereTodayPage *mere_today_page_new (MereStore *store);

G_END_DECLS
