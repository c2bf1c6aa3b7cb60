/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A new file of an export, for its owner's eyes only, written from front to back. Domain %G_FILE_ERROR. */
typedef struct _MereOutFile MereOutFile;

MereOutFile *mere_out_file_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean     mere_out_file_write (MereOutFile *self, const char *text, gsize length, GError **error);
gboolean     mere_out_file_finish (MereOutFile *self, GError **error); /* everything is on the disk */
void         mere_out_file_free (MereOutFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereOutFile, mere_out_file_free)

G_END_DECLS
