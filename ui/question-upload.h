/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-control.h"

G_BEGIN_DECLS

/* A file: chosen, dropped or pasted; kept in the vault, shown by name, size and, for pictures, by a small picture. */
#define MERE_TYPE_QUESTION_UPLOAD (mere_question_upload_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionUpload, mere_question_upload, MERE, QUESTION_UPLOAD, MereQuestionControl)

G_END_DECLS
