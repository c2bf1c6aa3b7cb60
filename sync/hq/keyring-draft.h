/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/keyring.h"

G_BEGIN_DECLS

/* A trust list that is signed elsewhere: drafted where headquarters works, signed where the root is, taken in again. The folder, on a
 * stick, holds trust.json and headquarters' card, each with its .minisig; nothing in it is secret. Format: docs/formats-road.md,
 * "Root". */

/**
 * MereListChange:
 * @sign: a new signing key; @leaked: the one before is believed no more
 * @box: a new box key
 * @set_escrow: whether @escrow (nullable) takes the place of what is there
 *
 * What the next list says beside the laptops that are revoked.
 */
typedef struct
{
  gboolean    sign;
  gboolean    leaked;
  gboolean    box;
  gboolean    set_escrow;
  const char *escrow;
} MereListChange;

/**
 * mere_keyring_draft:
 * @folder: made where it is missing; files of an earlier draft in it are replaced
 * @error: return location, domain %MERE_STORE_ERROR, %G_FILE_ERROR
 *
 * Writes the next list and the present card. New keys are kept aside until the list comes back; another draft takes their place.
 */
gboolean mere_keyring_draft (MereKeyring *self, MereStore *store, const MereListChange *change, const char *folder, GError **error);

/**
 * mere_list_sign:
 * @root: the root's secret
 * @before: (out) (transfer full): the list that the card in @folder names
 * @error: return location, domain %MERE_TRUST_ERROR, %MERE_CARD_ERROR, %G_FILE_ERROR
 *
 * Signs the draft in @folder, if it is the next one of this root, and the card that goes with it. Needs no store.
 *
 * Returns: (transfer full): the signed list
 */
MereTrust *mere_list_sign (const char *folder, const MereSecret *root, MereTrust **before, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_keyring_take:
 * @error: return location, domain %MERE_STORE_ERROR (NOT_FOUND, CONFLICT), %MERE_TRUST_ERROR, %MERE_CARD_ERROR, %G_FILE_ERROR
 *
 * Takes the signed list in, if it is the one that was drafted last: its keys take the place of the present ones. One transaction.
 */
gboolean mere_keyring_take (MereKeyring *self, MereStore *store, const char *folder, GError **error);

G_END_DECLS
