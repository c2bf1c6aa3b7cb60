/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* A remark on a question, for the reader of the record. Kept as it is typed. */
#define MERE_TYPE_QUESTION_COMMENT (mere_question_comment_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionComment, mere_question_comment, MERE, QUESTION_COMMENT, MereQuestionControl)

G_END_DECLS
