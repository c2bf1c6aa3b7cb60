/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/inbox.h"

G_BEGIN_DECLS

/**
 * MereReceived:
 * @results: (element-type MereInboxResult): one for each bundle that was looked at
 * @failures: (element-type utf8): sentences: sticks that could not be read, receipts that could not be written
 * @receipts: (element-type utf8): laptops for which a receipt lies on the sticks now
 * @n_unfinished: pairs without a signature: the stick was pulled while they were written
 * @n_others: bundles that are none for headquarters
 * @seen: (nullable): a set of texts: what was looked at before and is passed over; what is looked at now is added. For one
 *   who looks at the same folder again and again: mere_received_forget()
 *
 * What `receive` did.
 */
typedef struct
{
  GPtrArray  *results;
  GPtrArray  *failures;
  GPtrArray  *receipts;
  guint       n_unfinished;
  guint       n_others;
  GHashTable *seen;
} MereReceived;

MereReceived *mere_received_new (void) G_GNUC_WARN_UNUSED_RESULT;
void          mere_received_free (MereReceived *self);

/* Empties all but @seen, which is made where there is none. */
void mere_received_forget (MereReceived *self);

/**
 * MereReceiveReport:
 * @result: what became of a bundle, as soon as it is known
 */
typedef void (*MereReceiveReport) (gpointer user_data, const MereInboxResult *result);

/**
 * mere_receive_stick:
 * @path: a stick, any folder, or one .age file with its .minisig beside it
 * @answer_to: (nullable): where receipts go; %NULL for @path, unless that is a file: then nowhere
 * @error: return location, domain %MERE_STORE_ERROR or %G_IO_ERROR_CANCELLED: headquarters' own trouble. Trouble with the
 *   stick is noted in @received
 *
 * Takes in what lies there: copies first, works on the copy. Then writes receipts for the laptops that were heard of.
 */
gboolean mere_receive_stick (MereStore        *store,
                             MereKeyring      *keys,
                             const char       *path,
                             const char       *answer_to,
                             MereReceived     *received,
                             MereReceiveReport report,
                             gpointer          report_data,
                             GCancellable     *cancellable,
                             GError          **error);

/* Takes in what was held back, where its sender is known by now. */
gboolean mere_receive_quarantine (MereStore        *store,
                                  MereKeyring      *keys,
                                  MereReceived     *received,
                                  MereReceiveReport report,
                                  gpointer          report_data,
                                  GCancellable     *cancellable,
                                  GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereReceived, mere_received_free)

G_END_DECLS
