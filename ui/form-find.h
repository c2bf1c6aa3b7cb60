/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-list.h"

G_BEGIN_DECLS

/**
 * MereFormFind:
 *
 * Looks for words in the labels, hints and answers of a form. Signal “found” (MereQuestionItem): the line to show;
 * “ended” (MereQuestionItem, nullable): the search is over, and the person goes on there.
 */
#define MERE_TYPE_FORM_FIND (mere_form_find_get_type ())
G_DECLARE_FINAL_TYPE (MereFormFind, mere_form_find, MERE, FORM_FIND, AdwBin)

void mere_form_find_set_list (MereFormFind *self, MereQuestionList *list);

/* Opens the bar with the focus in it; @from: the line to look from. */
void mere_form_find_begin (MereFormFind *self, MereQuestionItem *from);

G_END_DECLS
