/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/keyring.h"

G_BEGIN_DECLS

/**
 * mere_answer_make:
 * @device: a laptop that is not revoked
 * @error: return location, domain %MERE_STORE_ERROR or %MERE_BUNDLE_ERROR
 *
 * The receipt that a laptop should get: the newest one where nothing has changed since, else a new one, sealed. In one
 * transaction.
 *
 * Returns: row of the bundle, for mere_outbox_carry(); 0 on failure
 */
gint64 mere_answer_make (MereStore *store, MereKeyring *keys, const char *device, GError **error);

G_END_DECLS
