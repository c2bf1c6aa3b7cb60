/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/bundle.h"
#include "sync/manifest.h"

G_BEGIN_DECLS

/* receipt.json: headquarters' word of what it has of one laptop. It travels in a bundle of kind "receipt", signed and
 * encrypted to that laptop; each one says everything again that the laptop has not confirmed, so losing one is harmless.
 * Format: docs/formats-road.md, "Receipt". app/store/bundle.h keeps what follows from it. */

#define MERE_RECEIPT_NAME "receipt.json"         /* entry name in a bundle */
#define MERE_RECEIPT_MAX_SIZE (16 * 1024 * 1024) /* bytes */
#define MERE_RECEIPT_MAX_BUNDLES 100000          /* lines in all */

#define MERE_NOTICE_CLONE "E_CLONE"     /* two bundles of one place, or one that does not continue what is there */
#define MERE_NOTICE_KEY_OLD "E_KEY_OLD" /* the laptop encrypts to a key that headquarters has replaced */

#define MERE_RECEIPT_ERROR (mere_receipt_error_quark ())
GQuark mere_receipt_error_quark (void);

/* FORMAT: not a receipt, or one that breaks the format; the message says where. */
typedef enum {
  MERE_RECEIPT_ERROR_FORMAT = 1,
} MereReceiptError;

/* A record that was not taken, and why: "E_FORM_UNKNOWN". */
typedef struct
{
  char *record;
  char *code;
} MereReceiptRejection;

/**
 * MereReceiptLine:
 * @b2: BLAKE2b-512 of the .age that headquarters has, 128 hex digits
 * @n_records: how many of its records it took
 * @rejected: (element-type MereReceiptRejection): those that it did not
 *
 * What became of one bundle.
 */
typedef struct
{
  guint             seq;
  char             *b2;
  MereReceiptStatus status;
  guint             n_records;
  GPtrArray        *rejected;
} MereReceiptLine;

/* Two bundles of one place in a chain: the laptop was cloned or restored. Both are kept. */
typedef struct
{
  guint  seq;
  char **b2;
} MereReceiptFork;

/**
 * MereReceiptChain:
 * @id: 32 hex digits
 * @no: number of the chain, as in the bundles' names
 * @through: highest number up to which all are there; 0 for none
 * @head: (nullable): b2 of @through
 * @log_seq: the newest line of the laptop's log that bundles of this chain name, 0 for none, and @log_hash (nullable), its hash
 * @missing: (element-type guint): gaps below the highest number that came
 * @beyond: (element-type guint): what came above @through
 * @forks: (element-type MereReceiptFork):
 * @bundles: (element-type MereReceiptLine): everything since the laptop's last seen receipt, and all that is not accepted
 */
typedef struct
{
  char      *id;
  guint      no;
  guint      through;
  char      *head;
  gint64     log_seq;
  char      *log_hash;
  GArray    *missing;
  GArray    *beyond;
  GPtrArray *forks;
  GPtrArray *bundles;
} MereReceiptChain;

/* A record that a reviewer sends back, in his words. @ref: path of the question, "" for the record as a whole. */
typedef struct
{
  char *record;
  char *ref;
  char *comment;
} MereReceiptReturn;

/**
 * MereReceiptDocument:
 * @hq: name of headquarters, that of its root
 * @to: name of the laptop
 * @counter: grows with each receipt that one signing key signs
 * @trust: version of the trust list
 * @issued: RFC 3339, UTC
 * @chains: (element-type MereReceiptChain):
 * @resend: (element-type MereChainPlace): bundles that headquarters asks for again
 * @notices: "E_CLONE", "E_KEY_OLD"…
 * @returned: (element-type MereReceiptReturn): all that are returned and not yet answered by a new version
 * @n_records: of this laptop, in all, and @n_bundles
 */
typedef struct
{
  char      *hq;
  char      *to;
  gint64     counter;
  guint      trust;
  char      *issued;
  GPtrArray *chains;
  GArray    *resend;
  char     **notices;
  GPtrArray *returned;
  guint64    n_records;
  guint64    n_bundles;
} MereReceiptDocument;

MereReceiptDocument *mere_receipt_document_new (void) G_GNUC_WARN_UNUSED_RESULT; /* empty, all lists there */
void                 mere_receipt_document_free (MereReceiptDocument *self);

/* For a writer: appends, and gives it to be filled in; strings are its own (g_strdup). */
MereReceiptChain *mere_receipt_document_add_chain (MereReceiptDocument *self, const char *id, guint no);
MereReceiptLine  *mere_receipt_chain_add_line (MereReceiptChain *self, guint seq, const char *b2, MereReceiptStatus status, guint n_records);
void              mere_receipt_line_reject (MereReceiptLine *self, const char *record, const char *code); /* accepted becomes partial */
void              mere_receipt_chain_add_fork (MereReceiptChain *self, guint seq, const char *const *b2);
void              mere_receipt_document_return (MereReceiptDocument *self, const char *record, const char *ref, const char *comment); /* @ref: (nullable) */

GBytes              *mere_receipt_document_write (const MereReceiptDocument *self) G_GNUC_WARN_UNUSED_RESULT;
MereReceiptDocument *mere_receipt_document_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereReceiptDocument, mere_receipt_document_free)

G_END_DECLS
