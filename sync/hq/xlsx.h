/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/sheet.h"

G_BEGIN_DECLS

/**
 * MereWorkbook:
 *
 * An XLSX file that is being written: its sheets in any order, each row by row; one row of each is in memory. The same
 * content is the same bytes.
 */
typedef struct _MereWorkbook MereWorkbook;

/**
 * mere_workbook_new:
 * @path: a new file
 * @work: folder for what is written meanwhile; in the clear, so it has to be as private as @path
 * @made_us: when it is said to be made, UTC: of what is in it, not of the clock
 */
MereWorkbook *mere_workbook_new (const char *path, const char *work, gint64 made_us) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_workbook_add_sheet:
 * @name: any text; what is too long for a sheet's name is cut, and a number keeps names apart
 *
 * Numbers and dates become such cells where they are what their type says. A sheet that is full (1,048,576 rows) goes on in
 * another one with the same first row. A text that is longer than a cell may be (32,767 characters) is cut, and ends with “…”.
 *
 * Returns: (transfer full): belongs to the workbook, which has to live longer
 */
MereSheet *mere_workbook_add_sheet (MereWorkbook *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;

guint mere_workbook_get_n_cut (MereWorkbook *self); /* texts that were too long */

/* Writes the file; after that the workbook takes no more. Domain %G_FILE_ERROR. */
gboolean mere_workbook_finish (MereWorkbook *self, GError **error);
void     mere_workbook_free (MereWorkbook *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereWorkbook, mere_workbook_free)

G_END_DECLS
