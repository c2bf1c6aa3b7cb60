/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/capture/coverage.h"

G_BEGIN_DECLS

/**
 * MereCoverageItemPage:
 *
 * One item of the framework at one crossing: where two answers differ, who did what, and what is still missing. Each record opens.
 */
#define MERE_TYPE_COVERAGE_ITEM_PAGE (mere_coverage_item_page_get_type ())
G_DECLARE_FINAL_TYPE (MereCoverageItemPage, mere_coverage_item_page, MERE, COVERAGE_ITEM_PAGE, AdwBin)

/* @index: of the item in the framework. */
MereCoverageItemPage *mere_coverage_item_page_new (const MereCoverageItem *item,
                                                   guint                   index);

G_END_DECLS
