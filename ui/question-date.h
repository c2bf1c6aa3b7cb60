/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* A date, a time, or both: typed, with a calendar beside it for those who like to look. */
#define MERE_TYPE_QUESTION_DATE (mere_question_date_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionDate, mere_question_date, MERE, QUESTION_DATE, MereQuestionControl)

G_END_DECLS
