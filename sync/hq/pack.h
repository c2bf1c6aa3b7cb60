/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/mission.h"
#include "sync/stick.h"

G_BEGIN_DECLS

/**
 * MerePacked:
 * @counter: of the dispatch
 * @bundle: name of its newest bundle
 * @receipts: (element-type utf8): laptops that a receipt was written for
 */
typedef struct
{
  gint64     counter;
  char      *bundle;
  GPtrArray *receipts;
} MerePacked;

void mere_packed_free (MerePacked *self);

/**
 * mere_pack_write:
 * @change: what is to be other than it was
 * @error: return location, domain %G_OPTION_ERROR, %MERE_FORM_ERROR, %MERE_STICK_ERROR, %MERE_BUNDLE_ERROR or
 *   %MERE_STORE_ERROR
 *
 * Changes the mission and seals its dispatch, in one transaction; then writes it to the stick, with headquarters' card and
 * the receipts that what reviewers say travels in, and reads all of it back. Clears the outbox of what that replaces.
 *
 * Returns: (transfer full): what lies on the stick now; where writing failed, the mission is changed all the same, and
 *   packing again writes it
 */
MerePacked *mere_pack_write (MereStore               *store,
                             MereKeyring             *keys,
                             const MereMissionChange *change,
                             MereStick               *stick,
                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MerePacked, mere_packed_free)

G_END_DECLS
