/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/backup.h"

G_BEGIN_DECLS

/**
 * MereRescue:
 * @rows: that were taken over
 * @lost: rows that are known to have been there and do not open
 * @holes: places where pages do not open and nobody knows how many rows they held
 * @damage: (nullable): what was met last, as part of a sentence
 */
typedef struct
{
  gint64 rows;
  gint64 lost;
  gint64 holes;
  char  *damage;
} MereRescue;

void mere_rescue_clear (MereRescue *self);

/**
 * mere_rescue_rows:
 * @from: a database that is damaged
 * @to: an empty one
 * @rescue: (out): what came over; to be cleared
 * @progress: (nullable) (scope call): tables that are behind, of all
 * @error: return location, domain %MERE_VAULT_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Copies every row that still opens: table after table, in the order of their keys; where a page does not open it looks for the next row
 * behind it, and where rows have no number, from the other end. Then indexes, views and triggers are made anew. What a row refers to may be
 * missing. %FALSE where not even the list of tables opens, or @to cannot be written.
 */
gboolean mere_rescue_rows (MereVault        *from,
                           MereVault        *to,
                           MereRescue       *rescue,
                           MereVaultProgress progress,
                           gpointer          data,
                           GCancellable     *cancellable,
                           GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereRescue, mere_rescue_clear)

G_END_DECLS
