/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* One of several, or several of them, all in sight. Digits pick the first ten; a letter goes to the next choice that
 * begins with it. Appearances: columns, columns-N, columns-pack, likert, horizontal, quick,
 * list, list-nolabel, label. */
#define MERE_TYPE_QUESTION_CHOICES (mere_question_choices_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionChoices, mere_question_choices, MERE, QUESTION_CHOICES, MereQuestionControl)

/* Whether @value is among the values of a select's answer. */
gboolean mere_question_is_chosen (MereFormNode *node, const char *value);

/* (transfer full) The answer with @value in it or not; for one of several, @value alone or "". In the order of the choices. */
char *mere_question_choose (MereFormNode *node, const char *value, gboolean chosen);

G_END_DECLS
