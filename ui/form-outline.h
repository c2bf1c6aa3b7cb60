/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-list.h"

G_BEGIN_DECLS

/**
 * MereFormOutline:
 *
 * The sections of a form beside its questions: how many are answered, and which have answers to correct. Follows the
 * form when the main loop is idle. Signal “chosen” (MereQuestionItem): the line that a chosen section begins with.
 */
#define MERE_TYPE_FORM_OUTLINE (mere_form_outline_get_type ())
G_DECLARE_FINAL_TYPE (MereFormOutline, mere_form_outline, MERE, FORM_OUTLINE, AdwBin)

/* @title: of the form; names what comes before the first heading. */
void mere_form_outline_set_list (MereFormOutline *self, MereQuestionList *list, const char *title);

/* Counts again when the main loop is idle. Changes of answers are noticed without it; messages that come up are not. */
void mere_form_outline_refresh (MereFormOutline *self);

/* Where the person is: the line at @position. */
void mere_form_outline_mark (MereFormOutline *self, guint position);

/* Whether there are sections to choose from. */
gboolean mere_form_outline_is_useful (MereFormOutline *self);

G_END_DECLS
