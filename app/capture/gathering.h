/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"
#include "app/store/store.h"

G_BEGIN_DECLS

/* Gathers evidence: looks through submissions for answers to questions that name an item of the framework, and keeps what is found in
 * the index of app/store/evidence.h. */

/**
 * mere_gathering_find:
 * @session: a record, as mere_capture_load_record() opens it
 *
 * What it is evidence on: each answered question whose bind has the attribute `item` and no `role`. What was chosen is kept where it can
 * be compared with what another person chose: of a list, and outside of repeats.
 *
 * Returns: (transfer full) (element-type MereEvidence):
 */
GPtrArray *mere_gathering_find (MereFormSession *session) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_gathering_run:
 * @cancellable: (nullable): between records
 * @error: return location, domain %MERE_STORE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Looks through all records, own and colleagues', that are not in the index, each in a transaction of its own. A record that its
 * questionnaire cannot open counts as looked through. Run it in a thread; nothing to do costs one query.
 */
gboolean mere_gathering_run (MereStore *store, GCancellable *cancellable, GError **error);

G_END_DECLS
