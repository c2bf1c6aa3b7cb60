/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-list.h"

G_BEGIN_DECLS

/**
 * MereFormColumn:
 *
 * The questions of a form in one scrolling column, and the ways through them. Only lines near the screen have widgets.
 * Tab goes through the parts of a question and on to the next one. Signal “moved” (u): the focus is on another line,
 * the one at that position.
 */
#define MERE_TYPE_FORM_COLUMN (mere_form_column_get_type ())
G_DECLARE_FINAL_TYPE (MereFormColumn, mere_form_column, MERE, FORM_COLUMN, AdwBin)

/* What to focus in a line that is shown. */
typedef enum {
  MERE_FORM_COLUMN_LOOK, /* nothing: the focus stays where it is */
  MERE_FORM_COLUMN_ANSWER,
  MERE_FORM_COLUMN_COMMENT,
} MereFormColumnFocus;

void mere_form_column_set_list (MereFormColumn *self, MereQuestionList *list);

/* The line that has the focus, or had it last; NULL where there is none. */
MereQuestionItem *mere_form_column_get_current (MereFormColumn *self);

/* Scrolls as little as it can. */
void mere_form_column_show (MereFormColumn *self, MereQuestionItem *item, MereFormColumnFocus focus);
/* Scrolls so that @item, a heading, is at the top, and focuses the first question below it. */
void mere_form_column_show_section (MereFormColumn *self, MereQuestionItem *item);

/* To the first question without an answer, else the first one. */
gboolean mere_form_column_begin (MereFormColumn *self);
/* To the next (1) or the previous (-1) question or button that adds an entry; whether there was one. */
gboolean mere_form_column_step (MereFormColumn *self, int step);
/* In a table, to the cell of the same column in the next (1) or the previous (-1) row, else out of the table. */
gboolean mere_form_column_step_row (MereFormColumn *self, int step);
/* To the next question that something is missing in, from the current one on and around; whether there was one. */
gboolean mere_form_column_go_to_hole (MereFormColumn *self);
/* The same to the next answer that is not possible. */
gboolean mere_form_column_go_to_invalid (MereFormColumn *self);

/* The focus goes elsewhere now: a line that is still on its way into view must not take it back. */
void mere_form_column_let_go (MereFormColumn *self);

G_END_DECLS
