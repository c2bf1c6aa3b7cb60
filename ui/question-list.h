/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-item.h"

G_BEGIN_DECLS

/**
 * MereQuestionList:
 *
 * What of a form is asked now, as #MereQuestionItem in the form's order: follows relevance and repeats while the form is
 * filled, and keeps the items (and so the rows) of all lines that stay. The #GListModel has one item for each row of the
 * page. Where the entries of a repeat are the rows of a table, their questions are lines, but have no row of their own:
 * positions below are those of lines.
 */
#define MERE_TYPE_QUESTION_LIST (mere_question_list_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionList, mere_question_list, MERE, QUESTION_LIST, GObject)

MereQuestionList *mere_question_list_new (MereQuestionKeeper *keeper);

/* Names of nodes right below the root that are left out; NULL for none. */
void mere_question_list_set_hidden (MereQuestionList *self, const char *const *names);

/* How many characters fit beside each other: it decides which repeats are shown as tables. None at first. */
void mere_question_list_set_room (MereQuestionList *self, guint room);

guint mere_question_list_get_n_lines (MereQuestionList *self);
/* Borrowed. The item at a position; the one that shows a node. NULL where there is none. */
MereQuestionItem *mere_question_list_peek (MereQuestionList *self, guint position);
MereQuestionItem *mere_question_list_find (MereQuestionList *self, MereFormNode *node);
/* The line of @ref, or of what is nearest around it; or NULL. */
MereQuestionItem *mere_question_list_find_near (MereQuestionList *self, const char *ref);
guint             mere_question_list_get_position (MereQuestionList *self, MereQuestionItem *item); /* or G_MAXUINT */

/**
 * MereQuestionList::section-changed:
 * @node: (nullable): a node below which answers changed; %NULL: the lines themselves, or all answers
 */

G_END_DECLS
