/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereCoveragePage:
 *
 * What is covered: each crossing with the items of the framework, over this laptop's records and those of the colleagues that it
 * leads. Sums in a thread, whenever the page is looked at and something has changed.
 */
#define MERE_TYPE_COVERAGE_PAGE (mere_coverage_page_get_type ())
G_DECLARE_FINAL_TYPE (MereCoveragePage, mere_coverage_page, MERE, COVERAGE_PAGE, AdwBin)

MereCoveragePage *mere_coverage_page_new (MereStore *store);

G_END_DECLS
