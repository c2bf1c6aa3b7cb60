/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/backup.h"
#include "app/vault/wreck.h"

G_BEGIN_DECLS

/**
 * MereRescue:
 * @rows: that were taken over
 * @lost: rows that are known to have been there and do not open
 * @holes: pages that do not open and of which nobody knows how many rows they held
 * @unplaced: pages that open, and of which nobody knows to what table they belong
 * @unchecked: pages whose part of the page table does not open: what they hold is genuine, but may be of an earlier time
 * @lost_frames: of the log, that were committed and do not open: what they changed may be as it was before
 * @described: tables, indexes, views and triggers of which only another database told what they are like
 * @damage: (nullable): what was met last, as part of a sentence
 */
typedef struct
{
  gint64 rows;
  gint64 lost;
  gint64 holes;
  gint64 unplaced;
  gint64 unchecked;
  gint64 lost_frames;
  gint64 described;
  char  *damage;
} MereRescue;

void mere_rescue_clear (MereRescue *self);

/**
 * mere_rescue_rows:
 * @from: a database that is damaged
 * @to: an open, empty one
 * @known: (nullable): a database that has the tables which @from should have; asked for those whose description does not open
 * @rescue: (out): what came over; to be cleared
 * @progress: (nullable) (scope call): pages that are behind, of twice those that there are
 * @error: return location, domain %MERE_VAULT_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Copies every row that still opens, whatever lies between it and the root of its table. First the rows to which the trees lead, then
 * those of leaves to which nothing leads any more: such a leaf goes to the table with a damaged tree that its rows fit, by the number of
 * columns, their types, the numbers that are missing there, the table's own conditions and what its rows refer to; if they fit two
 * equally well, to none. How many rows a damaged leaf held is known where an index still lists them; how many a damaged inner page of a
 * table without numbers held, by its children. Then indexes, views and triggers are made anew. What a row refers to may be missing.
 */
gboolean mere_rescue_rows (MereWreck        *from,
                           sqlite3          *to,
                           sqlite3          *known,
                           MereRescue       *rescue,
                           MereVaultProgress progress,
                           gpointer          data,
                           GCancellable     *cancellable,
                           GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereRescue, mere_rescue_clear)

G_END_DECLS
