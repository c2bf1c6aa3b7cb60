/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/store.h"

G_BEGIN_DECLS

#define MERE_ATTACHMENT_CHUNK MERE_BLOCK_SIZE /* bytes of a chunk; the last one may be shorter */

/**
 * MereAttachment:
 * @b2: BLAKE2b-256 of the content, hex: its identity; the same content is kept once
 * @name: file name as the submission has it
 * @mime: media type, advisory
 * @size: bytes
 */
typedef struct
{
  char  *b2;
  char  *name;
  char  *mime;
  gint64 size;
} MereAttachment;

MereAttachment *mere_attachment_copy (const MereAttachment *self);
void            mere_attachment_free (MereAttachment *self);

/**
 * MereAttachmentWriter:
 *
 * Takes content piece by piece, each full chunk committed by itself, so that a recording of an hour needs no memory.
 * What was not finished is gone at the next opening of the store.
 */
typedef struct _MereAttachmentWriter MereAttachmentWriter;

MereAttachmentWriter *mere_attachment_writer_new (MereStore *store, const char *mime, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_attachment_writer_new_known:
 * @b2: the content's hash, which the caller checks while it writes, and finishes only where it holds
 *
 * One that does not hash a second time what is hashed already.
 */
MereAttachmentWriter *mere_attachment_writer_new_known (MereStore  *store,
                                                        const char *mime,
                                                        const char *b2,
                                                        GError    **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean mere_attachment_writer_write (MereAttachmentWriter *self, const void *data, gsize size, GError **error);
char    *mere_attachment_writer_finish (MereAttachmentWriter *self, GError **error); /* its b2 */
void     mere_attachment_writer_free (MereAttachmentWriter *self);                   /* drops what was not finished */

/**
 * mere_attachment_add:
 * @source: read to its end
 *
 * Returns: (transfer full): the content's b2
 */
char *mere_attachment_add (MereStore    *store,
                           GInputStream *source,
                           const char   *mime,
                           GCancellable *cancellable,
                           GError      **error);

/**
 * mere_attachment_open:
 * @b2: which
 * @offset: where to begin, bytes
 *
 * Returns: (transfer full): a stream over the content; costs memory for one chunk
 */
GInputStream *mere_attachment_open (MereStore *store, const char *b2, gint64 offset, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Size and type by identity; @name is NULL. */
MereAttachment *mere_attachment_load (MereStore *store, const char *b2, GError **error);

/* Reads all of it and compares with its b2. */
gboolean mere_attachment_verify (MereStore *store, const char *b2, GCancellable *cancellable, GError **error);

/* Which drafts and records have it. Adding a name again replaces it; mere_record_add() moves a draft's over. */
gboolean   mere_attachment_attach (MereStore *store, gint64 draft, const char *name, const char *b2, GError **error);
gboolean   mere_attachment_detach (MereStore *store, gint64 draft, const char *name, GError **error);
GPtrArray *mere_attachment_list_of_draft (MereStore *store, gint64 draft, GError **error); /* MereAttachment by name */
GPtrArray *mere_attachment_list_of_record (MereStore *store, const char *record, GError **error);

/* Removes what no draft and no record has. For laptops: headquarters keeps pieces that no record names yet. */
gboolean mere_attachment_sweep (MereStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereAttachment, mere_attachment_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereAttachmentWriter, mere_attachment_writer_free)

G_END_DECLS
