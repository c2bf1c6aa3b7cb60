/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How bytes move through the modules of the road: callers give the two ends, nothing is ever held as a whole. */

/**
 * MereReadFunc:
 *
 * Fills up to @size bytes of @buffer.
 *
 * Returns: how many, at least 1; 0 at the end, -1 on failure
 */
typedef gssize (*MereReadFunc) (gpointer source, guint8 *buffer, gsize size, GError **error);

/**
 * MereWriteFunc:
 *
 * Takes all of @bytes.
 */
typedef gboolean (*MereWriteFunc) (gpointer sink, const guint8 *bytes, gsize size, GError **error);

/**
 * MereNextFunc:
 * @bytes: (out) (transfer none): the next piece, good until the next call
 * @size: (out): its size; 0 at the end
 *
 * Gives a stream piece by piece, without copying.
 */
typedef gboolean (*MereNextFunc) (gpointer source, const guint8 **bytes, gsize *size, GError **error);

/**
 * MereProgressFunc:
 * @done: bytes behind us
 * @total: bytes in all
 *
 * Called from the thread that does the work, at most once a mebibyte.
 */
typedef void (*MereProgressFunc) (gpointer user_data, guint64 done, guint64 total);

/* What a read that fills as much as it can gets: less than @size only at the end; -1 on failure. */
gssize mere_read_fully (MereReadFunc read, gpointer source, guint8 *buffer, gsize size, GError **error);

/* A #MereReadFunc and a #MereWriteFunc over a file descriptor: GINT_TO_POINTER (fd). Domain %G_FILE_ERROR. */
gssize   mere_read_from_fd (gpointer fd, guint8 *buffer, gsize size, GError **error);
gboolean mere_write_to_fd (gpointer fd, const guint8 *bytes, gsize size, GError **error);

/* A #MereWriteFunc over a #GByteArray. */
gboolean mere_write_to_bytes (gpointer byte_array, const guint8 *bytes, gsize size, GError **error);

/**
 * MereSpan:
 *
 * Bytes in memory as a source for mere_read_from_span(), which moves @bytes on.
 */
typedef struct
{
  const guint8 *bytes;
  gsize         size;
} MereSpan;

gssize mere_read_from_span (gpointer span, guint8 *buffer, gsize size, GError **error);

G_END_DECLS
