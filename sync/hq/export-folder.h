/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereExportFolder:
 *
 * A folder that is filled beside the place where it is to be, and takes that place when it is whole. What was not finished
 * leaves nothing behind.
 */
typedef struct _MereExportFolder MereExportFolder;

/**
 * mere_export_folder_new:
 * @path: where it is to be: nothing, an empty folder, or with @replace an earlier export
 * @error: return location, domain %G_FILE_ERROR; EXIST where there is something else
 */
MereExportFolder *mere_export_folder_new (const char *path, gboolean replace, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_export_folder_dup_path:
 * @below: (nullable): a folder in it
 * @name: any text: what no file may be called is left out
 * @suffix: of the file
 *
 * Returns: (transfer full): a path that was not given before
 */
char *mere_export_folder_dup_path (MereExportFolder *self, const char *below, const char *name, const char *suffix);

/* Where it is being made. */
const char *mere_export_folder_get_work (MereExportFolder *self);

#define MERE_EXPORT_FORMS "forms" /* folder in it, of submissions as files */

/* A folder below it, with all that is missing above. */
gboolean mere_export_folder_make (const char *path, GError **error);

/* The content of an attachment into a new file. */
gboolean mere_export_copy_attachment (MereStore *store, const char *b2, const char *path, GError **error);

/* Writes the attachments of a record that are here into "media", each content once, and a line for each into
 * "media/index.csv": KEY, name, file, type, size, b2. @n_files counts up. */
gboolean mere_export_folder_add_media (MereExportFolder *self, MereStore *store, const char *record, guint *n_files, GError **error);

gboolean mere_export_folder_finish (MereExportFolder *self, GError **error);
void     mere_export_folder_free (MereExportFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereExportFolder, mere_export_folder_free)

G_END_DECLS
