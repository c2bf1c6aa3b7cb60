/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* What an export is. Each writes into a folder. */
typedef enum {
  MERE_EXPORT_CSV,        /* a file for each form and each repeat, as ODK Central writes them */
  MERE_EXPORT_XLSX,       /* the same as sheets of records.xlsx */
  MERE_EXPORT_JSON_LINES, /* a file for each form, a line for each record, nested as ODK Central's OData */
  MERE_EXPORT_GEOJSON,    /* crossings.geojson: what was recorded where */
  MERE_EXPORT_ODK,        /* submissions as files, in the layout of ODK Briefcase */
} MereExportFormat;

#define MERE_EXPORT_N_FORMATS 5

/**
 * MereExport:
 * @format: what to write
 * @form: (nullable): only this form
 * @language: (nullable): of labels, by its name in the form
 * @all_versions: also versions that have a newer one
 * @labels: the words of the form instead of names and values; CSV and XLSX
 * @split: a column for each choice, where several may be chosen; CSV and XLSX
 * @replace: take the place of an earlier export
 * @incremental: only what is new since the last export into the same folder, in a folder in it that is numbered
 * @run: (out): number of an incremental export, which is the name of its folder: "0001"; 0 where nothing was new
 * @n_records: (out): how many were written; also @n_tables (files or sheets of records) and @n_files, attachments
 * @n_cut: (out): texts that are too long for a cell of a sheet
 */
typedef struct
{
  MereExportFormat format;
  const char      *form;
  const char      *language;
  gboolean         all_versions;
  gboolean         labels;
  gboolean         split;
  gboolean         replace;
  gboolean         incremental;
  guint            run;
  guint            n_records;
  guint            n_tables;
  guint            n_files;
  guint            n_cut;
} MereExport;

/**
 * mere_export_run:
 * @folder: must not exist, or be empty, or with @replace hold an earlier export and nothing else; incremental, hold
 *   nothing or earlier incremental exports of the same format
 * @error: return location, domain %G_FILE_ERROR, %MERE_STORE_ERROR or %MERE_FORM_ERROR
 *
 * Writes records for the tools of analysts. All of it is written beside its place first, then takes it: there is never half
 * an export. It is in the clear; only its owner may read it. One record is in memory at a time; the same records are
 * the same bytes.
 */
gboolean mere_export_run (MereStore *store, const char *folder, MereExport *options, GError **error);

G_END_DECLS
