/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/export.h"

G_BEGIN_DECLS

#define MERE_EXPORT_STATE_NAME "merestone-export.json"

/**
 * MereExportState:
 * @runs: exports that were made into the folder
 * @through: row of the newest record that was there at the last one
 * @waiting: (nullable): instanceIDs of records of which attachments were missing then; NULL-terminated
 *
 * How far incremental exports into a folder have come: a small file in it. {"format":"merestone-export","version":1,
 * "kind":"csv","hq":"c7x4dtg3","runs":2,"through":1234,"waiting":["uuid:…"]}
 */
typedef struct
{
  char  *format;
  guint  version;
  char  *kind;
  char  *hq;
  guint  runs;
  gint64 through;
  char **waiting;
} MereExportState;

/* Of the folder; a fresh one where it has none. %G_FILE_ERROR where it is of another format or headquarters, or damaged. */
MereExportState *mere_export_state_load (const char *folder, const char *kind, const char *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean         mere_export_state_save (const MereExportState *self, const char *folder, GError **error);
void             mere_export_state_free (MereExportState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereExportState, mere_export_state_free)

G_END_DECLS
