/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/coverage.h"

G_BEGIN_DECLS

/* What coverage.c (all of it) and coverage-item.c (one item at one crossing) share. */

/* What is asked there; @crossing: (nullable). */
MerePost mere_coverage_get_post (const MereCrossing *crossing);

/* By its numbers. */
MereCoverageState mere_coverage_judge (const MereCoverageCell *cell);

G_END_DECLS
