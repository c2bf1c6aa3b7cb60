/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereLogLine:
 * @seq: from 1, without gaps
 * @utc_us: when, UTC
 * @offset_s: local time's offset then
 * @kind: "record", "attachment", "bundle", "receipt", "erase", …
 * @object: what it is about: an instanceID, a b2, a bundle's name, "HQ/COUNTER"
 * @b2: hash of the object, lower case hex: BLAKE2b-256 (64 digits); of a bundle BLAKE2b-512 (128 digits)
 * @hash: hash of this line, 64 hex digits
 *
 * The log says what happened to what must not be lost, each line bound to the one before it:
 *
 *   hash = BLAKE2b-256 of "merestone-log/1\n SEQ\n UTC_US\n OFFSET_S\n KIND\n OBJECT\n B2\n PREVIOUS\n"
 *
 * (without the blanks; numbers in decimal; PREVIOUS is the hash of the line before, 64 zeros for the first), so
 * `printf … | b2sum -l 256` checks it. Format: docs/formats-store.md, "Log".
 */
typedef struct
{
  gint64 seq;
  gint64 utc_us;
  gint32 offset_s;
  char  *kind;
  char  *object;
  char  *b2;
  char  *hash;
} MereLogLine;

void mere_log_line_free (MereLogLine *self);

/* Appends a line, in the caller's transaction where there is one. Kind and object may not hold line breaks. */
gboolean mere_log_append (MereStore *store, const char *kind, const char *object, const char *b2, GError **error);

/* A line that is yet to be appended. */
MereLogLine *mere_log_line_new (const char *kind, const char *object, const char *b2);

/**
 * mere_log_append_all:
 * @lines: (element-type MereLogLine): of mere_log_line_new(); number, time and hash are filled in
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * Appends many lines at once. Whoever else appends waits until the transaction ends: do it last.
 */
gboolean mere_log_append_all (MereStore *store, GPtrArray *lines, GError **error);

/* The newest line, or NULL without an error while the log is empty. Its hash is what bundles sign. */
MereLogLine *mere_log_load_head (MereStore *store, GError **error);

GPtrArray *mere_log_list (MereStore *store, gint64 after_seq, guint limit, GError **error); /* MereLogLine, ascending */

/**
 * mere_log_verify:
 * @cancellable: (nullable):
 *
 * Walks the whole chain and looks at what each line names: %MERE_STORE_ERROR_DAMAGED names the first line that does
 * not hold, or whose record, bundle or receipt is not as it says. The content of attachments is not read; see
 * mere_attachment_verify().
 */
gboolean mere_log_verify (MereStore *store, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereLogLine, mere_log_line_free)

G_END_DECLS
