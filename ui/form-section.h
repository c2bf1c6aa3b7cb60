/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-list.h"

G_BEGIN_DECLS

/**
 * MereFormSection:
 *
 * A part of a form in the outline: what is below one of its headings, or before the first of them, and how far that is
 * answered. Signal “changed”: its figures or its title.
 */
#define MERE_TYPE_FORM_SECTION (mere_form_section_get_type ())
G_DECLARE_FINAL_TYPE (MereFormSection, mere_form_section, MERE, FORM_SECTION, GObject)

MereQuestionItem *mere_form_section_get_item (MereFormSection *self); /* the line it begins with */
const char       *mere_form_section_get_title (MereFormSection *self);
guint             mere_form_section_get_depth (MereFormSection *self); /* from 0 */
guint             mere_form_section_get_asked (MereFormSection *self);
guint             mere_form_section_get_answered (MereFormSection *self);
guint             mere_form_section_get_faults (MereFormSection *self); /* lines with a message under them */

/**
 * mere_form_section_survey:
 * @list: the lines of a form
 * @sections: the outline, a list of #MereFormSection: brought up to date; sections that stay are kept
 * @start: what the part before the first heading is called
 * @states: what each line counted for, for mere_form_section_update()
 *
 * Walks all lines once.
 */
void mere_form_section_survey (MereQuestionList *list, GListStore *sections, const char *start, GByteArray *states);

/* The same after a change of the line @item at @position, in time that does not depend on the form. */
void mere_form_section_update (GListModel *sections, GByteArray *states, guint position, MereQuestionItem *item);

/* Place in the outline of the section that the line at @position lies in, or GTK_INVALID_LIST_POSITION. */
guint mere_form_section_find (GListModel *sections, guint position);

G_END_DECLS
