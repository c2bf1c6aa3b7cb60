/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* A range as stars: digits, arrow keys or a click. */
#define MERE_TYPE_QUESTION_RATING (mere_question_rating_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionRating, mere_question_rating, MERE, QUESTION_RATING, MereQuestionControl)

G_END_DECLS
