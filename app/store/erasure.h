/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/record.h"

G_BEGIN_DECLS

/* "Carry nothing readable": what headquarters has is erased from the laptop; what it does not have is kept. Of an erased
 * record stay its identity, its hash, where and when it was made, the questionnaire it is of, and the items of the framework that it
 * was evidence on: so that it is counted. Copies of colleagues' records go whether or not headquarters has them: they are theirs. */

/**
 * MereErasurePlan:
 * @n_records: versions of records that headquarters has, and that would be erased
 * @n_bytes: their submissions and attachments
 * @n_discarded: drafts in the waste basket, which would be ended
 * @n_drafts: drafts that are kept
 * @n_kept: records that are kept because headquarters does not have them, or has sent them back
 * @n_kept_returned: of them, those that it has sent back
 * @n_colleagues: versions of colleagues' records whose answers would be erased, and @n_colleague_bytes, their submissions
 * @kept: (element-type MereRecord): of them the newest %MERE_ERASURE_MAX_LISTED
 *
 * What mere_erasure_run() would do now.
 */
typedef struct
{
  gint64     n_records;
  gint64     n_bytes;
  gint64     n_discarded;
  gint64     n_drafts;
  gint64     n_kept;
  gint64     n_kept_returned;
  gint64     n_colleagues;
  gint64     n_colleague_bytes;
  GPtrArray *kept;
} MereErasurePlan;

#define MERE_ERASURE_MAX_LISTED 100

MereErasurePlan *mere_erasure_plan (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             mere_erasure_plan_free (MereErasurePlan *self);

/* Called in the thread that works: @done of @total records; both 0 while the database is rewritten. */
typedef void (*MereErasureProgress) (gpointer user_data, guint64 done, guint64 total);

/**
 * MereErasureResult:
 * @n_records: that were erased now
 * @n_colleagues: of colleagues, whose answers were
 * @rewritten: whether the database was rewritten without its free pages. %FALSE where too much was kept for that: the
 *   free pages are overwritten, but the file is as large as before
 */
typedef struct
{
  gint64   n_records;
  gint64   n_colleagues;
  gboolean rewritten;
} MereErasureResult;

/**
 * mere_erasure_run:
 * @progress: (nullable):
 * @cancellable: (nullable): between records; what was erased by then stays so
 * @result: (out):
 * @error: return location, domain %MERE_STORE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Erases every record that is acknowledged and not sent back, and what colleagues' records say; ends the drafts in the waste basket, and removes what is
 * left of them in the database: its free pages and its write-ahead log. Run it in a thread. May be repeated; a run that was
 * cut off is finished by the next one.
 */
gboolean mere_erasure_run (MereStore          *store,
                           MereErasureProgress progress,
                           gpointer            user_data,
                           GCancellable       *cancellable,
                           MereErasureResult  *result,
                           GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereErasurePlan, mere_erasure_plan_free)

G_END_DECLS
