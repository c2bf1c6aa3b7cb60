/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/**
 * mere_question_choose_control:
 * @item: a line of a form
 *
 * Returns: a type below %MERE_TYPE_QUESTION_CONTROL; %G_TYPE_INVALID where nothing is shown below the label
 */
GType mere_question_choose_control (MereQuestionItem *item);

G_END_DECLS
