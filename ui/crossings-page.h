/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereCrossingsPage:
 *
 * The border crossing points of the mission: add one, edit one, choose the one to work at.
 */
#define MERE_TYPE_CROSSINGS_PAGE (mere_crossings_page_get_type ())
G_DECLARE_FINAL_TYPE (MereCrossingsPage, mere_crossings_page, MERE, CROSSINGS_PAGE, AdwBin)

MereCrossingsPage *mere_crossings_page_new (MereStore *store);

G_END_DECLS
