/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* Something to acknowledge. */
#define MERE_TYPE_QUESTION_TRIGGER (mere_question_trigger_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionTrigger, mere_question_trigger, MERE, QUESTION_TRIGGER, MereQuestionControl)

G_END_DECLS
