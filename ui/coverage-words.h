/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/coverage.h"

G_BEGIN_DECLS

/* What coverage is called on the screen. */

const char *mere_coverage_words_icon (const MereCoverageCell *cell);
const char *mere_coverage_words_style (const MereCoverageCell *cell); /* CSS class */

char *mere_coverage_words_state (const MereCoverageCell *cell); /* (transfer full) "3 of 5 questions · two answers to 1 question" */

/* (transfer full) "A1 Organizational structure: 3 of 5 questions · two answers to 1 question". */
char *mere_coverage_words_cell (const MereFrameworkItem *item,
                                const MereCoverageCell  *cell);

/* (transfer full) "land · 12 of 26 items begun · 3 whole · two answers to 1 question" */
char *mere_coverage_words_place (const MereCoveragePlace *place);

/* "Laptop 2"; "This laptop" where @label is %NULL. */
const char *mere_coverage_words_whose (const char *label);

G_END_DECLS
