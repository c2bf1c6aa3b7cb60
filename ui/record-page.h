/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/colleague.h"
#include "app/store/record.h"

G_BEGIN_DECLS

/**
 * MereRecordPage:
 *
 * A final record to read: its state, its answers section by section, and a button that edits it as a new version.
 * Signals as README.md says of what fills the window: "closed".
 */
#define MERE_TYPE_RECORD_PAGE (mere_record_page_get_type ())
G_DECLARE_FINAL_TYPE (MereRecordPage, mere_record_page, MERE, RECORD_PAGE, AdwBin)

/* %NULL with an error where the record cannot be read. */
MereRecordPage *mere_record_page_new (MereStore        *store,
                                      const MereRecord *record,
                                      GError          **error);

/* The same of a colleague's: there is no button that edits it. */
MereRecordPage *mere_record_page_new_colleague (MereStore                 *store,
                                                const MereColleagueRecord *record,
                                                GError                   **error);

G_END_DECLS
