/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "sync/minisign.h"

G_BEGIN_DECLS

/* Headquarters' trust list: which keys speak for it, to which keys is encrypted, which laptops are revoked. Signed by the
 * root key, which lies offline. Every version follows the one before it. Format: docs/formats-road.md, "Trust list". */

#define MERE_TRUST_NAME "trust.json" /* entry names in a bundle: this, and with .minisig */
#define MERE_TRUST_MAX_SIZE 32768    /* bytes; a card of 64 KiB holds it */
#define MERE_TRUST_MAX_KEYS 64       /* signing keys, and box keys */

#define MERE_TRUST_ERROR (mere_trust_error_quark ())
GQuark mere_trust_error_quark (void);

/**
 * MereTrustError:
 * @MERE_TRUST_ERROR_FORMAT: not a trust list, or one that breaks the format
 * @MERE_TRUST_ERROR_SIGNATURE: not signed by the root, or changed
 * @MERE_TRUST_ERROR_ROOT: of another root: another headquarters, or a change of root that no hand-over was seen of
 * @MERE_TRUST_ERROR_GAP: versions between the held one and this one are missing
 * @MERE_TRUST_ERROR_FORK: the same version, or the next one, does not fit what is held: two lists were signed
 */
typedef enum {
  MERE_TRUST_ERROR_FORMAT = 1,
  MERE_TRUST_ERROR_SIGNATURE,
  MERE_TRUST_ERROR_ROOT,
  MERE_TRUST_ERROR_GAP,
  MERE_TRUST_ERROR_FORK,
} MereTrustError;

/**
 * MereTrustSigner:
 * @key: "RW…", signs receipts and dispatches
 * @from: version of the list that first named it
 */
typedef struct
{
  char *key;
  guint from;
} MereTrustSigner;

/**
 * MereTrust:
 * @version: from 1
 * @prev: (nullable): BLAKE2b-256 of the version before, 64 hex digits; %NULL iff @version is 1
 * @root: "RW…"
 * @signers: (element-type MereTrustSigner): at least one
 * @operational: "age1…": what bundles to headquarters are encrypted to
 * @recovery: (nullable): "age1…": they are encrypted to this one as well
 * @escrow: (nullable): "age1…": and to this one, which somebody outside headquarters keeps
 * @revoked: (nullable): names of laptops, eight characters each
 * @issued: RFC 3339, UTC; information only
 * @hq: name of headquarters: that of its root; filled in by open and seal
 * @text: the signed bytes, @signature: the .minisig; filled in by open and seal
 */
typedef struct
{
  guint      version;
  char      *prev;
  char      *root;
  GPtrArray *signers;
  char      *operational;
  char      *recovery;
  char      *escrow;
  char     **revoked;
  char      *issued;
  char      *hq;
  GBytes    *text;
  GBytes    *signature;
} MereTrust;

MereTrust *mere_trust_new (void) G_GNUC_WARN_UNUSED_RESULT; /* empty, with an empty @signers */
MereTrust *mere_trust_copy (const MereTrust *self) G_GNUC_WARN_UNUSED_RESULT;
void       mere_trust_free (MereTrust *self);

void mere_trust_add_signer (MereTrust *self, const char *key, guint from);

/**
 * mere_trust_open:
 * @root: (nullable): the root that is trusted; %NULL takes the one that the list names, whose code a person must then compare
 * @error: return location, %MERE_TRUST_ERROR_FORMAT, _SIGNATURE or _ROOT
 *
 * Reads a list and checks its signature, whose trusted comment is `merestone-trust/1 v=<version> hq=<hq>`.
 */
MereTrust *mere_trust_open (GBytes                *text,
                            GBytes                *signature,
                            const MereMinisignKey *root,
                            GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_trust_seal:
 * @head: version, signers, operational, recovery, escrow, revoked and issued; root and prev are filled in
 * @before: (nullable): the version before; %NULL for the first one. Its version plus one is the new one's
 * @root: the root's secret
 * @error: return location, %MERE_TRUST_ERROR_FORMAT
 *
 * Returns: (transfer full): the next list, signed, with its @text and @signature
 */
MereTrust *mere_trust_seal (const MereTrust  *head,
                            const MereTrust  *before,
                            const MereSecret *root,
                            GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_trust_follows:
 * @held: the list that is trusted now
 * @error: return location, %MERE_TRUST_ERROR_ROOT, _GAP or _FORK
 *
 * Whether @next is the next version after @held. An older version, or the same, is no error and does not follow, whatever
 * its root: that may have been handed over since.
 *
 * Returns: %TRUE: take it. %FALSE without an error: it is known
 */
gboolean mere_trust_follows (const MereTrust *held, const MereTrust *next, GError **error);

/* Whether a signing key of this number speaks for headquarters, and the key. */
gboolean mere_trust_find_signer (const MereTrust *self, const guint8 number[8], MereMinisignKey *key);
gboolean mere_trust_is_revoked (const MereTrust *self, const char *device);

/* (transfer full): what bundles to headquarters are encrypted to: operational, then recovery and escrow where there are such. */
char **mere_trust_dup_recipients (const MereTrust *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_trust_load:
 * @version: 0 for the newest
 *
 * Returns: (transfer full) (nullable): what mere_trust_save() kept; %NULL without an error: none
 */
MereTrust *mere_trust_load (MereStore *store, guint version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps a list beside the older ones, for a laptop as for headquarters; the newest is what counts from now on. The caller
 * has checked that it follows. One transaction, or the caller's. */
gboolean mere_trust_save (MereStore *store, const MereTrust *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTrust, mere_trust_free)

G_END_DECLS
