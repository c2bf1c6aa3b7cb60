/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/stream.h"

G_BEGIN_DECLS

/**
 * MerePipe:
 *
 * A second thread for the far end of a stream: what is written here is handed to @write over there, in order, through a
 * few buffers of fixed size. Whoever is slower is waited for.
 */
typedef struct _MerePipe MerePipe;

MerePipe *mere_pipe_new (MereWriteFunc write, gpointer sink) G_GNUC_WARN_UNUSED_RESULT;

/* A #MereWriteFunc. After the far end failed: %FALSE and its error. */
gboolean mere_pipe_write (gpointer pipe, const guint8 *bytes, gsize size, GError **error);

/* Waits until the far end has taken everything; %FALSE and its error where it has not. */
gboolean mere_pipe_finish (MerePipe *self, GError **error);

/* Without finish(): what is on its way is dropped. */
void mere_pipe_free (MerePipe *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MerePipe, mere_pipe_free)

G_END_DECLS
