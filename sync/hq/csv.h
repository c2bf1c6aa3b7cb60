/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MereCsv:
 *
 * A CSV file that is being written (RFC 4180; lines end in LF, as ODK Central's): quotes where they are needed, values as
 * they are. A value that a spreadsheet would take for a formula is not changed: analysts need what was answered.
 */
typedef struct _MereCsv MereCsv;

/* @path: a new file, for its owner's eyes only. Domain %G_FILE_ERROR. */
MereCsv *mere_csv_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     mere_csv_add (MereCsv *self, const char *cell); /* NULL is empty */
void     mere_csv_add_all (MereCsv *self, const char *const *cells, guint n);
gboolean mere_csv_end_line (MereCsv *self, GError **error);
gboolean mere_csv_finish (MereCsv *self, GError **error); /* everything is on the disk */
void     mere_csv_free (MereCsv *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereCsv, mere_csv_free)

G_END_DECLS
