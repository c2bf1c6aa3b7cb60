/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereExport:
 * @form: (nullable): only this form
 * @all_versions: also versions that have a newer one
 * @replace: take the place of an earlier export
 * @n_records: (out): how many were written; also @n_tables and @n_files, attachments
 */
typedef struct
{
  const char *form;
  gboolean    all_versions;
  gboolean    replace;
  guint       n_records;
  guint       n_tables;
  guint       n_files;
} MereExport;

/**
 * mere_export_csv:
 * @folder: must not exist, or be empty, or with @replace hold an earlier export and nothing else
 * @error: return location, domain %G_FILE_ERROR, %MERE_STORE_ERROR or %MERE_FORM_ERROR
 *
 * Writes all records as CSV, a table for each form and each repeat, and the attachments into "media". All of it is written
 * beside @folder first, then takes its name: there is never half an export. It is in the clear; only its owner may read it.
 */
gboolean mere_export_csv (MereStore *store, const char *folder, MereExport *options, GError **error);

G_END_DECLS
