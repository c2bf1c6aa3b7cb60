/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* A number between two ends: a scale, with the number beside it; the appearance picker makes it a field with steps. */
#define MERE_TYPE_QUESTION_RANGE (mere_question_range_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionRange, mere_question_range, MERE, QUESTION_RANGE, MereQuestionControl)

G_END_DECLS
