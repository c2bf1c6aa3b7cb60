/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* All choices in the order that the person gives them: by buttons, or by Alt+Up and Alt+Down on a line. */
#define MERE_TYPE_QUESTION_RANK (mere_question_rank_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionRank, mere_question_rank, MERE, QUESTION_RANK, MereQuestionControl)

G_END_DECLS
