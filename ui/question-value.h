/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* What is calculated or may not be changed: shown, not asked. */
#define MERE_TYPE_QUESTION_VALUE (mere_question_value_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionValue, mere_question_value, MERE, QUESTION_VALUE, MereQuestionControl)

G_END_DECLS
