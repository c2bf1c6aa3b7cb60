/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/card.h"

G_BEGIN_DECLS

/**
 * MereDevice:
 * @device: its name, eight characters
 * @sign_key: what its bundles are signed with, "RW…"
 * @box_key: what receipts for it are encrypted to, "age1…"
 * @label: what headquarters calls it; ""
 * @replaces: (nullable): its name before it had other keys
 * @revoked: whether the trust list says so
 * @approved_us: when its digits were typed, UTC
 * @heard_us: when its newest bundle was taken in, UTC; 0 never
 * @seen_trust: highest counters of headquarters that it said to hold; also @seen_receipt, @seen_dispatch
 *
 * A laptop that headquarters knows: somebody has typed its digits.
 */
typedef struct
{
  char    *device;
  char    *sign_key;
  char    *box_key;
  char    *label;
  char    *replaces;
  gboolean revoked;
  gint64   approved_us;
  gint64   heard_us;
  gint64   seen_trust;
  gint64   seen_receipt;
  gint64   seen_dispatch;
} MereDevice;

void mere_device_free (MereDevice *self);

/* Whole days since the laptop was heard of; -1 where it never was. */
gint64 mere_device_count_silent_days (const MereDevice *self, gint64 now_us);

GPtrArray  *mere_device_list (MereStore *store, GError **error);                     /* MereDevice, in the order of approval */
MereDevice *mere_device_load (MereStore *store, const char *device, GError **error); /* MERE_STORE_ERROR_NOT_FOUND */

/* The laptop that signs with a key of this number; %NULL without an error: none. */
MereDevice *mere_device_load_by_number (MereStore *store, const guint8 number[8], GError **error);

/**
 * mere_device_approve:
 * @label: (nullable): what to call it instead of what the card says
 * @replaces: (nullable): the laptop that it was before, instead of what the card says
 *
 * Makes a laptop known, whose code the caller has compared. A known one gets its label and box key anew; one that was
 * revoked stays so (%MERE_STORE_ERROR_CONFLICT): it has to make new keys.
 */
gboolean mere_device_approve (MereStore *store, const MereCard *card, const char *label, const char *replaces, GError **error);

/* Marks it; the trust list is renewed by the caller. Again changes nothing. */
gboolean mere_device_set_revoked (MereStore *store, const char *device, GError **error);

/* Adds to how many records came from it. */
gboolean mere_device_count (MereStore *store, const char *device, guint n_new, GError **error);

/* Keeps what its newest bundle says it holds; counters never go back. */
gboolean mere_device_hear (MereStore *store, const char *device, gint64 seen_trust, gint64 seen_receipt, gint64 seen_dispatch, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereDevice, mere_device_free)

G_END_DECLS
