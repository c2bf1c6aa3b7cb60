/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/attachment.h"
#include "app/store/bundle.h"
#include "app/store/draft.h"
#include "app/store/log.h"
#include "app/store/record.h"
#include "app/store/statement.h"

#include "tests/support/plain-store.h"

G_BEGIN_DECLS

/* Rows for the tests of app/store. Each call must succeed. */

gint64 mere_rows_add_instrument (MereStore *store, const char *form, const char *version);
gint64 mere_rows_add_draft (MereStore *store, gint64 instrument, const char *id);
void   mere_rows_add_record (MereStore *store, const char *id, const char *deprecated_id);
char  *mere_rows_add_content (MereStore *store, const void *content, gsize size);

MereRecordState mere_rows_get_state (MereStore *store, const char *record);

/* A bundle of the chain "c0" that follows the newest one, with one or two records; its row. */
gint64 mere_rows_add_bundle (MereStore *store, const char *record, const char *other);

/* What headquarters says of bundle @seq of that chain; @refused: (nullable): a record of it that is not taken. */
gboolean mere_rows_add_receipt (MereStore        *store,
                                gint64            counter,
                                gint64            seq,
                                MereReceiptStatus status,
                                const char       *refused,
                                GError          **error);

G_END_DECLS
