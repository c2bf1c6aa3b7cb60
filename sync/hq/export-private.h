/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/export-folder.h"
#include "sync/hq/export-state.h"
#include "sync/hq/export.h"
#include "sync/hq/kept.h"
#include "sync/hq/shape.h"
#include "sync/hq/submission.h"

G_BEGIN_DECLS

/* What the files of an export share: export.c chooses what is written and walks over it, the others write it. */

typedef struct
{
  MereStore        *store;
  MereExport       *options;
  MereExportFolder *folder;
  MereExportState  *state;   /* of the run before; through 0 where all is to be written */
  gint64            through; /* highest row of this run */
} MereExporter;

/**
 * MereExportVisit:
 * @xml: the submission as it was sent
 * @submission: the same, read
 */
typedef gboolean (*MereExportVisit) (gpointer              user_data,
                                     const MereKept       *kept,
                                     GBytes               *xml,
                                     const MereSubmission *submission,
                                     GError              **error);

/* Visits the records of a form that this run is about, the newest first. */
gboolean mere_exporter_walk (MereExporter *self, const char *form, MereExportVisit visit, gpointer user_data, GError **error);

/* Adds to a form's shape all its versions that are here, and what the records of this run have; @n_records: (out): how many. */
gboolean mere_exporter_load_shape (MereExporter *self, const char *form, MereShape *shape, guint *n_records, GError **error);

/* What is told of a record beside its answers. */
typedef struct
{
  guint n_present;  /* attachments that are here */
  guint n_expected; /* attachments that it has */
  guint n_edits;    /* versions before this one, as far as they are here */
} MereExportFacts;

gboolean mere_exporter_load_facts (MereExporter *self, const MereKept *kept, MereExportFacts *facts, GError **error);

/* ISO 8601 in UTC with milliseconds, as ODK Central writes it; its words for reviews (NULL: none). */
char       *mere_export_dup_time (gint64 utc_us);
const char *mere_export_review_state (MereReviewed reviewed);

/* The writers: each writes one form, but for the last one; and begins and ends where it has to. */
typedef gboolean (*MereExportWrite) (MereExporter *self, const char *form, gpointer state, GError **error);

gboolean mere_export_write_csv (MereExporter *self, const char *form, gpointer state, GError **error);
gboolean mere_export_write_xlsx (MereExporter *self, const char *form, gpointer workbook, GError **error);
gboolean mere_export_write_json (MereExporter *self, const char *form, gpointer state, GError **error);
gboolean mere_export_write_odk (MereExporter *self, const char *form, gpointer state, GError **error);
gboolean mere_export_write_geojson (MereExporter *self, GError **error);

G_END_DECLS
