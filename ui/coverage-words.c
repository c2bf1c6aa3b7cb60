/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/coverage-words.h"

#include <glib/gi18n-lib.h>

#include "ui/words.h"

static const struct
{
  const char *icon;
  const char *style;
} states[] = {
  [MERE_COVERAGE_NOT_ASKED] = { "mere-cover-idle-symbolic", "idle" },
  [MERE_COVERAGE_MISSING] = { "mere-cover-none-symbolic", "missing" },
  [MERE_COVERAGE_PARTLY] = { "mere-cover-partly-symbolic", "partly" },
  [MERE_COVERAGE_WHOLE] = { "mere-cover-whole-symbolic", "whole" },
};

const char *
mere_coverage_words_icon (const MereCoverageCell *cell)
{
  return cell->n_conflicts > 0 ? "mere-differ-symbolic" : states[cell->state].icon;
}

const char *
mere_coverage_words_style (const MereCoverageCell *cell)
{
  return cell->n_conflicts > 0 ? "differ" : states[cell->state].style;
}

static char *
dup_state (const MereCoverageCell *cell)
{
  if (cell->state == MERE_COVERAGE_NOT_ASKED)
    return g_strdup (_ ("not asked here"));
  if (cell->state == MERE_COVERAGE_MISSING)
    return g_strdup (_ ("nothing yet"));
  if (cell->n_answered == 0)
    /* Translators: there are records on an item, but none answers one of its questions */
    return g_strdup_printf (ngettext ("%u record", "%u records", cell->n_records), cell->n_records);

  /* Translators: so many of the questions of an item have an answer: “3 of 5 questions” */
  return g_strdup_printf (ngettext ("%u of %u question", "%u of %u questions", cell->n_asked), cell->n_answered, cell->n_asked);
}

static char *
dup_conflicts (guint n)
{
  if (n == 0)
    return g_strdup ("");

  /* Translators: two people have given different answers to so many questions */
  return g_strdup_printf (ngettext ("two answers to %u question", "two answers to %u questions", n), n);
}

char *
mere_coverage_words_state (const MereCoverageCell *cell)
{
  g_autofree char *state = dup_state (cell);
  g_autofree char *conflicts = dup_conflicts (cell->n_conflicts);

  return mere_words_join (state, conflicts, NULL);
}

char *
mere_coverage_words_cell (const MereFrameworkItem *item,
                          const MereCoverageCell  *cell)
{
  g_autofree char *words = mere_coverage_words_state (cell);

  /* Translators: “A1 Organizational structure: 3 of 5 questions” */
  return g_strdup_printf (_ ("%s %s: %s"), item->id, item->title, words);
}

char *
mere_coverage_words_place (const MereCoveragePlace *place)
{
  g_autofree char *begun = g_strdup_printf (ngettext ("%u of %u item begun", "%u of %u items begun", place->n_asked), place->n_begun, place->n_asked);
  /* Translators: so many items have an answer on every question */
  g_autofree char *whole = g_strdup_printf (ngettext ("%u whole", "%u whole", place->n_whole), place->n_whole);
  g_autofree char *conflicts = dup_conflicts (place->n_conflicts);

  return mere_words_join (place->crossing != NULL ? mere_words_crossing_kind (place->kind) : "", begun,
                          place->n_whole > 0 ? whole : "", conflicts, NULL);
}

const char *
mere_coverage_words_whose (const char *label)
{
  return label != NULL ? label : _ ("This laptop");
}
