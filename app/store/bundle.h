/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/record.h"

G_BEGIN_DECLS

/* What the store must know of the road, because the state of a record follows from it. Bundles are made, placed and
 * received by sync, which calls these; nothing here reads or writes a bundle. docs/formats-store.md, "Bundles". */

/**
 * MereBundle:
 * @row: its number in this store
 * @name: "<dev>-<chain no>-<seq>", as its file is called
 * @chain: id of the chain, 32 hex digits
 * @chain_no: from 1
 * @seq: from 1, without gaps within a chain
 * @b2: BLAKE2b-512 of the .age file, 128 hex digits
 * @prev: (nullable): @b2 of the one before; %NULL for seq 1
 * @size: bytes of the .age file
 * @sealed_us: when, UTC
 * @voided: never left the laptop and never will; its records are free for another bundle
 * @acknowledged: a signed receipt lists chain, seq and this very @b2 as received
 * @n_placements: on how many sticks or folders it was read back
 * @n_records: how many records it holds
 */
typedef struct
{
  gint64   row;
  char    *name;
  char    *chain;
  gint64   chain_no;
  gint64   seq;
  char    *b2;
  char    *prev;
  gint64   size;
  gint64   sealed_us;
  gint32   sealed_offset_s;
  gboolean voided;
  gboolean acknowledged;
  guint    n_placements;
  guint    n_records;
} MereBundle;

MereBundle *mere_bundle_copy (const MereBundle *self);
void        mere_bundle_free (MereBundle *self);

/**
 * mere_bundle_add:
 * @bundle: name, chain, chain_no, seq, b2, prev, size; the rest is filled in
 * @records: (element-type utf8): instanceIDs that it holds
 *
 * Seals: keeps the bundle and what is in it, with its line in the log, in one transaction (or the caller's).
 * %MERE_STORE_ERROR_CONFLICT where seq is not the chain's newest plus one, or prev is not its b2.
 *
 * Returns: the row, 0 on failure
 */
gint64 mere_bundle_add (MereStore *store, const MereBundle *bundle, GPtrArray *records, GError **error);

/* For a bundle without placements and receipt only, else CONFLICT. */
gboolean mere_bundle_void (MereStore *store, gint64 row, GError **error);

MereBundle *mere_bundle_load (MereStore *store, const char *name, GError **error);         /* NOT_FOUND */
MereBundle *mere_bundle_load_newest (MereStore *store, const char *chain, GError **error); /* NULL without an error: none yet */
GPtrArray  *mere_bundle_list (MereStore *store, gboolean only_open, GError **error);       /* MereBundle by row; open: neither acknowledged nor void */
GPtrArray  *mere_bundle_list_records (MereStore *store, gint64 row, GError **error);       /* instanceIDs (utf8) */

/* Records that are in no bundle but void ones: MereRecord with a row above @after_row, ascending. Refused ones stay
 * out: what follows them is a new version. */
GPtrArray *mere_bundle_list_unpacked (MereStore *store, gint64 after_row, guint limit, GError **error);

/**
 * MerePlacement:
 * @stick: the stick's random id, or the folder where it has none
 * @session: folder of this insertion on it
 * @placed_us: when, UTC
 *
 * A bundle was written there and read back the same.
 */
typedef struct
{
  gint64 bundle;
  char  *stick;
  char  *session;
  gint64 placed_us;
  gint32 placed_offset_s;
} MerePlacement;

void mere_placement_free (MerePlacement *self);

/* Only after the bundle was read back from there; the same place again changes nothing. */
gboolean   mere_placement_add (MereStore *store, gint64 bundle, const char *stick, const char *session, GError **error);
GPtrArray *mere_placement_list (MereStore *store, gint64 bundle, GError **error); /* MerePlacement of a bundle, or of all with 0; newest first */

/**
 * MereReceipt:
 * @hq: code of the headquarters' key that signed it
 * @counter: grows with each receipt
 * @issued: as it says, RFC 3339
 * @content: the signed bytes (receipt.json)
 * @signature: what was signed with: the bundle's manifest and its signature, or the detached signature; kept as proof
 * @received_us: when it was read here, UTC
 */
typedef struct
{
  char   *hq;
  gint64  counter;
  gint64  trust;
  char   *issued;
  GBytes *content;
  GBytes *signature;
  gint64  received_us;
  gint32  received_offset_s;
} MereReceipt;

void mere_receipt_free (MereReceipt *self);

typedef enum {
  MERE_RECEIPT_ACCEPTED,
  MERE_RECEIPT_PARTIAL,     /* taken but for the records that are refused */
  MERE_RECEIPT_QUARANTINED, /* held back: not acknowledged */
} MereReceiptStatus;

/* What a receipt says of one bundle, and of one record that it refuses. */
typedef struct
{
  const char       *chain;
  gint64            seq;
  const char       *b2;
  MereReceiptStatus status;
} MereReceiptBundle;

typedef struct
{
  const char *chain; /* of the bundle it came in */
  gint64      seq;
  const char *record;
  const char *code; /* "E_FORM_UNKNOWN" */
} MereReceiptRefusal;

/**
 * mere_receipt_add:
 * @receipt: its signature was checked by the caller
 * @bundles: (element-type MereReceiptBundle): what it lists
 * @refusals: (nullable) (element-type MereReceiptRefusal): records refused in them
 *
 * Keeps a receipt with its line in the log, in one transaction; the states of the records follow. A receipt that is
 * already held changes nothing (%TRUE); the same counter with other bytes is a %MERE_STORE_ERROR_CONFLICT. What
 * was acknowledged stays so, whatever a later or older receipt says. A bundle counts only with its own b2.
 */
gboolean mere_receipt_add (MereStore         *store,
                           const MereReceipt *receipt,
                           GPtrArray         *bundles,
                           GPtrArray         *refusals,
                           GError           **error);

MereReceipt *mere_receipt_load_newest (MereStore *store, const char *hq, GError **error); /* hq NULL: any; NULL without an error: none */
/* Why a record was refused, "E_…", or NULL without an error. */
char *mere_receipt_load_refusal (MereStore *store, const char *record, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereBundle, mere_bundle_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MerePlacement, mere_placement_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereReceipt, mere_receipt_free)

G_END_DECLS
