/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/card.h"
#include "sync/handover.h"

G_BEGIN_DECLS

/**
 * MereKeyring:
 * @root: (nullable): signs trust lists and the card; %NULL while it lies offline
 * @lent: whether @root came out of a file, for this once
 * @sign: signs receipts and dispatches
 * @box: opens what laptops send
 * @hq: headquarters' name, eight characters: that of its root
 * @label: what it calls itself; ""
 * @trust: the newest trust list
 * @old_boxes: (element-type MereOldBox): keys that were replaced, the newest first; they open what was sent to them
 * @handovers: (element-type MereHandover): changes of the root, the oldest first
 *
 * Headquarters' keys, out of its vault.
 */
typedef struct
{
  MereSecret *root;
  gboolean    lent;
  MereSecret *sign;
  MereSecret *box;
  char       *hq;
  char       *label;
  MereTrust  *trust;
  GPtrArray  *old_boxes;
  GPtrArray  *handovers;
} MereKeyring;

/* @trust: version of the list that replaced it: who holds an older one still encrypts to it. */
typedef struct
{
  char       *recipient;
  MereSecret *secret;
  guint       trust;
  gint64      replaced_us;
} MereOldBox;

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

/* Headquarters' card as it is now, signed: its two files. Without the root the one that it has signed last. */
gboolean mere_keyring_sign_card (MereKeyring *self, MereStore *store, GBytes **text, GBytes **signature, GError **error);

/* Signs the next trust list, with the laptops that are marked revoked; in the caller's transaction. */
gboolean mere_keyring_renew_trust (MereKeyring *self, MereStore *store, GError **error);

/* keyring-change.c: each signs the next trust list, in one transaction, and makes @self what is in the vault then. Laptops
 * learn of it from headquarters' card, over any number of changes. */

typedef enum {
  MERE_KEY_SIGN, /* the one before stays in the list, so that what is under way is believed */
  MERE_KEY_BOX,  /* the one before is kept, so that what is under way can be opened */
  MERE_KEY_ROOT, /* the one before signs that this one takes its place; headquarters' name changes with it */
} MereKeyUse;

/**
 * mere_keyring_change:
 * @leaked: whether somebody else may have the key: the list does not name a signing key any more that was replaced
 * @error: return location, domain %MERE_STORE_ERROR or %MERE_TRUST_ERROR
 *
 * Puts a new key in the place of one.
 */
gboolean mere_keyring_change (MereKeyring *self, MereStore *store, MereKeyUse use, gboolean leaked, GError **error);

/* To whom bundles are encrypted beside headquarters; @recipient: (nullable): "age1…", %NULL for nobody. */
gboolean mere_keyring_set_escrow (MereKeyring *self, MereStore *store, const char *recipient, GError **error);

/* Destroys an old box key: what is still encrypted to it cannot be opened any more. %MERE_STORE_ERROR_NOT_FOUND. */
gboolean mere_keyring_forget_box (MereKeyring *self, MereStore *store, const char *recipient, GError **error);

/* keyring-root.c: the root in a file of its own, and not in the store. */

/**
 * mere_keyring_export_root:
 * @path: a new file; one that is there is never overwritten
 * @error: return location, domain %MERE_STORE_ERROR (NOT_FOUND: the root is not here), %G_FILE_ERROR, %MERE_MINISIGN_BOX_ERROR
 *
 * Writes the root as minisign's secret key file, under a passphrase of its own, and reads it back.
 */
gboolean mere_keyring_export_root (MereKeyring *self, const char *path, const MereSecret *passphrase, GError **error);

/* Reads such a file. */
MereSecret *mere_keyring_read_root (const char *path, const MereSecret *passphrase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_keyring_forget_root:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Removes the root from the store, after it has signed the card: from then on every change of the trust list needs the file.
 */
gboolean mere_keyring_forget_root (MereKeyring *self, MereStore *store, GError **error);

/* Gives the root out of its file to what is done next, (transfer full); %MERE_TRUST_ERROR_ROOT where it is another. */
gboolean mere_keyring_lend_root (MereKeyring *self, MereSecret *root, GError **error);

/* Puts a lent root back into the store, to stay. */
gboolean mere_keyring_return_root (MereKeyring *self, MereStore *store, GError **error);

/* %MERE_STORE_ERROR_NOT_FOUND, and what to do, where there is no root to sign with. */
gboolean mere_keyring_check_root (const MereKeyring *self, GError **error);

/* For those that sign lists, in their transaction: the card with a new list, signed and kept, where the root is about to go again. */
gboolean mere_keyring_keep_card (MereKeyring *self, MereStore *store, const MereTrust *trust, GError **error);
gboolean mere_keyring_save_card (MereStore *store, GBytes *text, GBytes *signature, GError **error);

/* For keyring-change.c: keeps a secret in the place of the one before; loads all anew. */
gboolean mere_keyring_save_secret (MereStore *store, const char *use, const MereSecret *secret, GError **error);
gboolean mere_keyring_reload (MereKeyring *self, MereStore *store, GError **error);
char   **mere_keyring_list_revoked (MereStore *store, GError **error); /* names, (transfer full) */
char    *mere_keyring_dup_now (void);                                  /* as lists and documents say it */

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
