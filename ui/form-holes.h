/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-list.h"

G_BEGIN_DECLS

/**
 * MereFormHoles:
 *
 * What keeps a form from being finalised, as links to the questions; hidden while there is nothing. Signal “chosen”
 * (MereQuestionItem).
 */
#define MERE_TYPE_FORM_HOLES (mere_form_holes_get_type ())
G_DECLARE_FINAL_TYPE (MereFormHoles, mere_form_holes, MERE, FORM_HOLES, AdwBin)

/* @items: (nullable): MereQuestionItem, in the form's order; NULL or empty hides it. */
void mere_form_holes_show (MereFormHoles *self, GPtrArray *items);

/* Drops the links to what is answered by now. */
void mere_form_holes_refresh (MereFormHoles *self);

G_END_DECLS
