/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/card.h"

G_BEGIN_DECLS

/**
 * MereKeyring:
 * @root: signs trust lists and the card
 * @sign: signs receipts and dispatches
 * @box: opens what laptops send
 * @hq: headquarters' name, eight characters: that of its root
 * @label: what it calls itself; ""
 * @trust: the newest trust list
 *
 * Headquarters' keys, out of its vault.
 */
typedef struct
{
  MereSecret *root;
  MereSecret *sign;
  MereSecret *box;
  char       *hq;
  char       *label;
  MereTrust  *trust;
} MereKeyring;

/**
 * mere_keyring_make:
 * @label: (nullable): what headquarters calls itself
 * @recovery: (nullable): an age recipient; laptops encrypt to it as well
 * @error: return location, domain %MERE_STORE_ERROR (CONFLICT where there are keys), %MERE_TRUST_ERROR
 *
 * Makes all keys and the first trust list, in one transaction.
 */
gboolean mere_keyring_make (MereStore *store, const char *label, const char *recovery, GError **error);

/* %MERE_STORE_ERROR_NOT_FOUND in a vault that is not headquarters'. */
MereKeyring *mere_keyring_load (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void         mere_keyring_free (MereKeyring *self);

/* (transfer full) (element-type MereSecret): what may open a bundle; the secrets are borrowed. */
GPtrArray *mere_keyring_list_identities (MereKeyring *self) G_GNUC_WARN_UNUSED_RESULT;
char      *mere_keyring_dup_code (MereKeyring *self) G_GNUC_WARN_UNUSED_RESULT; /* 25 digits */

/* Headquarters' card as it is now, signed: its two files. */
void mere_keyring_sign_card (MereKeyring *self, GBytes **text, GBytes **signature);

/* Signs the next trust list, with the laptops that are marked revoked; in the caller's transaction. */
gboolean mere_keyring_renew_trust (MereKeyring *self, MereStore *store, GError **error);

/**
 * mere_keyring_write_identity:
 * @identity: an age identity
 * @path: a new file; one that is there is never overwritten
 * @error: return location, domain %G_FILE_ERROR
 *
 * Writes an identity as `age -d -i` reads it, for its owner's eyes only.
 */
gboolean mere_keyring_write_identity (const MereSecret *identity, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereKeyring, mere_keyring_free)

G_END_DECLS
