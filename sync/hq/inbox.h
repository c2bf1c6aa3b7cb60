/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sync/hq/keyring.h"

G_BEGIN_DECLS

/* Taking in one bundle: all of it, or nothing. Any order, any number of times, the same in the end. */

typedef enum {
  MERE_INBOX_ACCEPTED,    /* all of it is in the store */
  MERE_INBOX_PARTIAL,     /* all but the records that are named */
  MERE_INBOX_DUPLICATE,   /* it was taken before; nothing was changed */
  MERE_INBOX_QUARANTINED, /* held back for a person: sender not known, or revoked */
  MERE_INBOX_REFUSED,     /* damaged, forged, or not understood */
} MereInboxVerdict;

/* "accepted", "partial", "duplicate", "quarantined", "refused": what --json says. */
const char *mere_inbox_verdict_to_string (MereInboxVerdict verdict);

/* The lock that every transaction holds together with others which adds records: who has it alone knows that none is on its way. */
#define MERE_INBOX_LOCK "receiving"

#define MERE_INBOX_CODE_REVOKED "E_REVOKED"           /* the sender was revoked */
#define MERE_INBOX_CODE_NOT_FOR_HQ "E_NOT_FOR_HQ"     /* a receipt or a dispatch: nothing that headquarters takes in */
#define MERE_RECORD_CODE_XML "E_RECORD_XML"           /* the record is no XML, or over a limit */
#define MERE_RECORD_CODE_ID "E_RECORD_ID"             /* the record's own ids are not those of the manifest */
#define MERE_RECORD_CODE_FORM "E_RECORD_FORM"         /* the record is of another form than the manifest says */
#define MERE_RECORD_CODE_SIZE "E_RECORD_SIZE"         /* larger than a record may be */
#define MERE_RECORD_CODE_CONFLICT "E_RECORD_CONFLICT" /* its id belongs to a record with other content */

/* A record that was not taken. */
typedef struct
{
  char *record;
  char *code;
} MereInboxRejection;

/**
 * MereInboxResult:
 * @name: of the bundle or file
 * @code: (nullable): "E_SIGNATURE": why it was refused or quarantined
 * @message: (nullable): the same as a sentence
 * @device: (nullable): the sender, once its signature was checked
 * @label: (nullable): what it is called
 * @b2: (nullable): BLAKE2b-512 of the .age, once its signature was checked
 * @n_new: records that are new
 * @n_known: records that were here before
 * @rejections: (element-type MereInboxRejection):
 */
typedef struct
{
  char            *name;
  MereInboxVerdict verdict;
  char            *code;
  char            *message;
  char            *device;
  char            *label;
  char            *b2;
  guint            n_new;
  guint            n_known;
  GPtrArray       *rejections;
} MereInboxResult;

MereInboxResult *mere_inbox_result_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void             mere_inbox_result_free (MereInboxResult *self);

/**
 * mere_inbox_take:
 * @path: a bundle on our own disk, its signature beside it: the copy, never the stick
 * @hash: (nullable) (array fixed-size=64): of it, as mere_stick_copy_in() says it; %NULL: it is hashed here
 * @progress: (nullable): bytes of the .age done
 * @error: return location, domain %MERE_STORE_ERROR or %G_IO_ERROR_CANCELLED: it is not the bundle's fault
 *
 * Checks a bundle and takes it in, in one transaction. One that is refused leaves the store as it was, but for a line in
 * the log of refusals and, where its manifest was sound, the word that it is held back.
 *
 * Returns: (transfer full): what became of it
 */
MereInboxResult *mere_inbox_take (MereStore       *store,
                                  MereKeyring     *keys,
                                  const char      *path,
                                  const guint8    *hash,
                                  MereProgressFunc progress,
                                  gpointer         progress_data,
                                  GCancellable    *cancellable,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* A line in the log of refusals. */
gboolean mere_inbox_log_refusal (MereStore *store, const MereInboxResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereInboxResult, mere_inbox_result_free)

G_END_DECLS
