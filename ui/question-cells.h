/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-item.h"

G_BEGIN_DECLS

/**
 * MereQuestionCells:
 *
 * An entry of a repeat as a row of a table: its number, the button that takes it away, and a #MereQuestionRow for each
 * question; above the first entry the heads of the columns.
 */
#define MERE_TYPE_QUESTION_CELLS (mere_question_cells_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionCells, mere_question_cells, MERE, QUESTION_CELLS, AdwBin)

/* @item: of an entry that has cells; it is shown at once. */
MereQuestionCells *mere_question_cells_new (MereQuestionItem *item);

/* After cells came or went, or the place of the entry is another. */
void mere_question_cells_show (MereQuestionCells *self);

/* The focus goes to the button that takes the entry away; whether there is one. */
gboolean mere_question_cells_focus_remove (MereQuestionCells *self);

G_END_DECLS
