/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/**
 * MereQuestionRow:
 *
 * One line of a form on the screen: label, hint, the control that its question needs, message and comment; or a
 * heading, the head of a repeat's entry, or the button that adds one. Shows one item after the other while the page is
 * scrolled.
 *
 * Actions it activates: form.next, form.add (s: ref of the repeat), form.remove (s: ref of the entry).
 */
#define MERE_TYPE_QUESTION_ROW (mere_question_row_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionRow, mere_question_row, MERE, QUESTION_ROW, AdwBin)

MereQuestionRow *mere_question_row_new (void);
/* For one cell of a table: its label is above the column. */
MereQuestionRow *mere_question_row_new_cell (void);

MereQuestionItem *mere_question_row_get_item (MereQuestionRow *self); /* or NULL */
void              mere_question_row_set_item (MereQuestionRow *self, MereQuestionItem *item);

/* Puts the focus where the question is answered, or on the button of the line; into its comment. Whether there was
 * something to focus. @direction: GTK_DIR_TAB_FORWARD for its first part, GTK_DIR_TAB_BACKWARD for its last. */
gboolean mere_question_row_focus_answer (MereQuestionRow *self, GtkDirectionType direction);
gboolean mere_question_row_focus_comment (MereQuestionRow *self);

/* The line that a found text is in. */
void mere_question_row_set_found (MereQuestionRow *self, gboolean found);

G_END_DECLS
