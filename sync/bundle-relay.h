/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-reader.h"

G_BEGIN_DECLS

#define MERE_RELAY_BATCH (256 * 1024) /* bytes of content that are handed over at once, at most */

/**
 * MereRelayRead:
 * @handler: what to tell, all its functions there; with @handler_data
 *
 * Reads something and tells a handler, until the end or until the handler fails.
 */
typedef gboolean (*MereRelayRead) (gpointer data, const MereBundleHandler *handler, gpointer handler_data, GError **error);

/**
 * mere_relay_run:
 * @read: called in a thread of its own
 * @handler: told in this thread, in the same order
 *
 * Reads ahead while what was read is put away: what is told passes through a few batches of fixed size, and whoever is slower is
 * waited for. Data of an entry comes in pieces of %MERE_RELAY_BATCH but the last where the entry is as large as that.
 *
 * Returns: %TRUE when both have done everything; otherwise the error of @handler, or that of @read after @handler was told all
 *   that came before it
 */
gboolean mere_relay_run (MereRelayRead            read,
                         gpointer                 data,
                         const MereBundleHandler *handler,
                         gpointer                 handler_data,
                         GError                 **error);

G_END_DECLS
