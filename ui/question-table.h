/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

G_BEGIN_DECLS

/* Entries of a repeat as rows of a table: which can be, how wide it is, what its cells are. */

/* (transfer container) (nullable) The questions of an entry in their order, asked now or not; NULL where one of them is
 * not short (a choice of several, files, several lines, hints) or a part of the entry has a title of its own. */
GPtrArray *mere_question_table_list_columns (MereFormNode *instance);

/* In characters: of the whole row, of what stands before the first cell, of one cell. */
guint mere_question_table_get_width (GPtrArray *columns);
guint mere_question_table_get_lead (MereFormNode *instance);
guint mere_question_table_get_cell_width (MereFormNode *node);

/* Whether the choices of a cell lie behind a button: there are too many of them to lie side by side. */
gboolean mere_question_table_is_picked (MereFormNode *node);

G_END_DECLS
