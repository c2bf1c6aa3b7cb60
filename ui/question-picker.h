/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* One of many, or several of many: a button that shows what is chosen, and a list behind it that is searched by typing.
 * For the appearances minimal, autocomplete and search, and for long lists. */
#define MERE_TYPE_QUESTION_PICKER (mere_question_picker_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionPicker, mere_question_picker, MERE, QUESTION_PICKER, MereQuestionControl)

G_END_DECLS
