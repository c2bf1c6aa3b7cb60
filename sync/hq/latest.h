/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereLatest:
 * @name: of the bundle
 * @b2: BLAKE2b-512 of its .age
 * @n_records: that are kept of it
 * @created: (nullable): when the laptop says that it was made, RFC 3339
 * @received_us: when it came in, UTC
 *
 * The newest bundle of a laptop.
 */
typedef struct
{
  char  *name;
  char  *b2;
  char  *created;
  gint64 n_records;
  gint64 received_us;
} MereLatest;

void mere_latest_free (MereLatest *self);

/* The bundle of a laptop that came in last; %NULL without an error: none. */
MereLatest *mere_latest_load (MereStore *store, const char *device, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereLatest, mere_latest_free)

G_END_DECLS
