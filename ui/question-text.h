/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* A line or several lines of text: strings, numbers, barcodes, points on the map, and every type without a control of
 * its own. Each change is kept at once. */
#define MERE_TYPE_QUESTION_TEXT (mere_question_text_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionText, mere_question_text, MERE, QUESTION_TEXT, MereQuestionControl)

G_END_DECLS
