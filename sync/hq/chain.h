/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/receipt.h"

G_BEGIN_DECLS

/* Chains of bundles as headquarters has them: what is there without a gap, what is missing, where a laptop went two ways.
 * They tell; they never keep a good bundle out. */

/**
 * mere_chain_list:
 * @device: a laptop
 * @seen_receipt: bundles that a receipt up to this counter has told of are left out of the lines, unless they were not
 *   accepted as a whole; -1 for all
 *
 * Returns: (transfer full): a receipt's document in which nothing but the chains, the totals, what to send again, the
 *   notices and the records that are sent back are filled in
 */
MereReceiptDocument *mere_chain_list (MereStore *store, const char *device, gint64 seen_receipt, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * MereChainBranch:
 * @log_seq: line of the laptop's log
 * @name: a bundle that was made at this line
 * @other: a bundle that says something else: of the same line with another hash, or an older one that was made at a later line
 * @back: whether the log went back, rather than two ways at one line
 *
 * Where a laptop's log is not one: its vault was copied, or restored from an older copy. Everything of both is kept.
 */
typedef struct
{
  gint64   log_seq;
  char    *name;
  char    *other;
  gboolean back;
} MereChainBranch;

/* (transfer full) (element-type MereChainBranch): at most a hundred, in the order of the log. */
GPtrArray *mere_chain_list_branches (MereStore *store, const char *device, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Marks all bundles of a laptop as told of by a receipt, where none did before. */
gboolean mere_chain_set_told (MereStore *store, const char *device, gint64 counter, GError **error);

/**
 * mere_chain_tell_again:
 * @b2: of a bundle that came once more
 * @seen_receipt: the newest receipt that the laptop has said to hold
 *
 * A laptop that was brought back from a backup, or copied, sends what a receipt has told of that it held once: the next
 * receipt tells of it again. Changes nothing where no such receipt was held.
 */
gboolean mere_chain_tell_again (MereStore *store, const char *device, const char *b2, gint64 seen_receipt, GError **error);

G_END_DECLS
