/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

G_BEGIN_DECLS

/* How a form asks for its questions to look: the words of their appearance, and attributes of their controls. */

/* Whether one of the words of the control's appearance is @word, or begins with it and "-"; @rest: what follows. */
gboolean mere_question_has_appearance (MereFormNode *node, const char *word, const char **rest);

/* A number among the attributes of the control in the body, or @otherwise. */
double mere_question_get_number (MereFormNode *node, const char *attribute, double otherwise);

/* Whether its choices stand side by side, below those of the questions around it: “label”, “list-nolabel” and “list”, and
 * what is in a group with “table-list”. */
gboolean mere_question_is_in_table (MereFormNode *node);

/* Whether it only says what the columns of a table mean (“label”), and takes no answer. What is required has to be
 * answered all the same. */
gboolean mere_question_is_caption (MereFormNode *node);

G_END_DECLS
