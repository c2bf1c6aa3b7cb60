/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "sync/manifest.h"

G_BEGIN_DECLS

/**
 * mere_piece_add:
 * @device: the sender: one laptop cannot spoil what another one sends
 * @entry: of a chunk; its content is an attachment of the store already
 *
 * Keeps a piece of a large attachment, which may come in any order and in several bundles. When the last one is there,
 * the attachment is put together and the pieces go.
 */
gboolean mere_piece_add (MereStore *store, const char *device, const MereEntry *entry, GError **error);

G_END_DECLS
