/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-writer.h"
#include "sync/hq/keyring.h"

G_BEGIN_DECLS

/* Its chain has one end: whoever seals holds this lock until the transaction ends. */
#define MERE_OUTBOX_LOCK "outbox"

/* What headquarters sends: one chain of bundles, made on its own disk, then carried to sticks. */

#define MERE_OUTBOX_ALL "all" /* a dispatch is for every active laptop */

/**
 * MereParcel:
 * @kind: receipt or dispatch
 * @device: the laptop it is for, or %MERE_OUTBOX_ALL
 * @counter: of the receipt or dispatch
 * @part: which of the bundles that are sent together, from 0: none of them takes the place of another
 * @recipients: %NULL-terminated "age1…"
 * @seen_trust: trust lists above this version go with it; the newest one always does
 * @document: receipt.json or dispatch.json
 * @files: (nullable) (element-type MereParcelFile): instruments and lists
 */
typedef struct
{
  MereBundleKind     kind;
  const char        *device;
  gint64             counter;
  guint              part;
  const char *const *recipients;
  gint64             seen_trust;
  GBytes            *document;
  GPtrArray         *files;
} MereParcel;

typedef struct
{
  MereEntryType type;
  char         *name;
  GBytes       *content;
} MereParcelFile;

MereParcelFile *mere_parcel_file_new (MereEntryType type, const char *name, GBytes *content) G_GNUC_WARN_UNUSED_RESULT;
void            mere_parcel_file_free (MereParcelFile *self);

/* The counter of the next parcel of a kind. */
gboolean mere_outbox_take_counter (MereStore *store, MereBundleKind kind, gint64 *counter, GError **error);

/**
 * mere_outbox_seal:
 * @error: return location, domain %MERE_BUNDLE_ERROR, %MERE_STORE_ERROR or %MERE_TRUST_ERROR
 *
 * Makes the next bundle of headquarters' chain, in the outbox of its vault, in the caller's transaction. What an aborted
 * one leaves is replaced by the next.
 *
 * Returns: the row of the bundle, 0 on failure
 */
gint64 mere_outbox_seal (MereStore *store, MereKeyring *keys, const MereParcel *parcel, GError **error);

/**
 * MereOutboxSent:
 * @row: of the bundle
 * @name: of the bundle
 * @counter: of the receipt or dispatch
 * @content: receipt.json or dispatch.json
 */
typedef struct
{
  gint64  row;
  char   *name;
  gint64  counter;
  GBytes *content;
} MereOutboxSent;

void mere_outbox_sent_free (MereOutboxSent *self);

/* The newest parcel of a kind to a laptop or to all; %NULL without an error: none. */
MereOutboxSent *mere_outbox_load_newest (MereStore *store, MereBundleKind kind, const char *device, GError **error);

/* Whether the file of a bundle is still there to be carried. */
gboolean mere_outbox_has_file (MereStore *store, const char *name);

/**
 * mere_outbox_carry:
 * @row: of the bundle
 * @written: (out) (optional): %FALSE where it was on this stick already, unchanged
 * @error: return location, domain %MERE_STICK_ERROR or %MERE_STORE_ERROR
 *
 * Writes a bundle to TO-FIELD of a stick and reads it back; then clears the older ones of the same kind for the same laptop
 * that headquarters itself put there.
 */
gboolean mere_outbox_carry (MereStore    *store,
                            MereStick    *stick,
                            gint64        row,
                            gboolean     *written,
                            GCancellable *cancellable,
                            GError      **error);

/**
 * mere_outbox_clear:
 *
 * Removes the files of bundles from the outbox that a newer one of the same kind for the same laptop has taken the place
 * of: no laptop needs them, and no stick is written from them any more. What is kept in the store of them stays.
 */
gboolean mere_outbox_clear (MereStore *store, GError **error);

/* Writes headquarters' card to a stick, so that a new laptop can take its trust list from there. */
gboolean mere_outbox_carry_card (MereStore *store, MereKeyring *keys, MereStick *stick, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereParcelFile, mere_parcel_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereOutboxSent, mere_outbox_sent_free)

G_END_DECLS
