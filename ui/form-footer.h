/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-keeper.h"

G_BEGIN_DECLS

/**
 * MereFormFooter:
 *
 * What stays in sight below the questions: progress, undo and redo, the language of the questions, “Finalise”. Actions
 * it activates: form.sections, form.undo, form.redo, form.finalise.
 */
#define MERE_TYPE_FORM_FOOTER (mere_form_footer_get_type ())
G_DECLARE_FINAL_TYPE (MereFormFooter, mere_form_footer, MERE, FORM_FOOTER, AdwBin)

void mere_form_footer_set_keeper (MereFormFooter *self, MereQuestionKeeper *keeper);
void mere_form_footer_refresh (MereFormFooter *self);

/* Whether the sections are folded away, so that a button is needed to see them. */
void mere_form_footer_set_folded (MereFormFooter *self, gboolean folded);

/* A button of its own beside “Finalise”. */
void mere_form_footer_set_extra (MereFormFooter *self, GtkWidget *extra);

G_END_DECLS
