/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/stream.h"

G_BEGIN_DECLS

/* The part of tar that bundles use: POSIX ustar (and the same as GNU tar writes it), plain files, names up to 100 bytes.
 * Links, folders, devices, sparse files, pax and GNU extensions are refused; two readers can then not understand an
 * archive differently, and no header can ask for memory. */

#define MERE_USTAR_BLOCK 512
#define MERE_USTAR_RECORD 10240 /* tar pads archives to a multiple of this */
#define MERE_USTAR_NAME_SIZE 101

/* Bytes that a member of @size takes, header and padding included. */
guint64 mere_ustar_member_size (guint64 size);

/* Bytes of a whole archive whose members take @members: two zero blocks, padded to a record. */
guint64 mere_ustar_archive_size (guint64 members);

/* The header of a plain file: mode 0644, no owner, no time. @name is at most 100 bytes. */
void mere_ustar_write_header (guint8 block[MERE_USTAR_BLOCK], const char *name, guint64 size);

/**
 * mere_ustar_read_header:
 * @block: not all zero
 * @error: return location, domain %MERE_BUNDLE_ERROR: ARCHIVE, EXTENSION or LINK
 */
gboolean mere_ustar_read_header (const guint8 block[MERE_USTAR_BLOCK],
                                 char         name[MERE_USTAR_NAME_SIZE],
                                 guint64     *size,
                                 GError     **error);

/**
 * MereUstarReader:
 *
 * Walks an archive, member by member.
 */
typedef struct _MereUstarReader MereUstarReader;

/* @next gives the archive; its own errors pass through. */
MereUstarReader *mere_ustar_reader_new (MereNextFunc next, gpointer source) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_ustar_reader_next:
 * @name: (out) (transfer none): of the member, good until the next call; %NULL at the end of the archive
 *
 * To be called when the member before has been read to its end.
 */
gboolean mere_ustar_reader_next (MereUstarReader *self, const char **name, guint64 *size, GError **error);

/* A #MereNextFunc over the content of the member. */
gboolean mere_ustar_reader_data (gpointer reader, const guint8 **bytes, gsize *size, GError **error);

/* Whether what follows the end of the archive is nothing but zeros. Reads the source to its end. */
gboolean mere_ustar_reader_finish (MereUstarReader *self, GError **error);
void     mere_ustar_reader_free (MereUstarReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereUstarReader, mere_ustar_reader_free)

G_END_DECLS
