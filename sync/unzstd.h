/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/stream.h"

G_BEGIN_DECLS

/**
 * MereUnzstd:
 *
 * Decompresses a stream of foreign origin within bounds: windows up to 8 MiB, and no more output than announced.
 */
typedef struct _MereUnzstd MereUnzstd;

/* @next gives the compressed bytes, its own errors pass through. @limit: bytes that may come out. */
MereUnzstd *mere_unzstd_new (MereNextFunc next, gpointer source, guint64 limit) G_GNUC_WARN_UNUSED_RESULT;

/* A #MereNextFunc; domain %MERE_BUNDLE_ERROR: COMPRESSION or EXPANDS. The end is given only after the source's end. */
gboolean mere_unzstd_next (gpointer self, const guint8 **bytes, gsize *size, GError **error);
void     mere_unzstd_free (MereUnzstd *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereUnzstd, mere_unzstd_free)

G_END_DECLS
