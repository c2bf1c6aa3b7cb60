/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereRecordsPage:
 *
 * All drafts, and all final records with their state on the road to headquarters, a hundred at a time.
 */
#define MERE_TYPE_RECORDS_PAGE (mere_records_page_get_type ())
G_DECLARE_FINAL_TYPE (MereRecordsPage, mere_records_page, MERE, RECORDS_PAGE, AdwBin)

MereRecordsPage *mere_records_page_new (MereStore *store);

G_END_DECLS
