/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* Bundles that are held back for a person: of a sender who is not known, or revoked. They lie as they came, encrypted and
 * not opened, in a folder of headquarters' vault; each by its hash, so that two of one name do not meet. */

#define MERE_QUARANTINE_MAX_SIZE (G_GUINT64_CONSTANT (4) << 30) /* bytes in all: a stranger cannot fill the disk */

/**
 * mere_quarantine_keep:
 * @path: of a copied .age, its signature beside it; both are moved
 * @b2: BLAKE2b-512 of the .age, hex
 * @kept: (out): %FALSE where there was no room; then both were removed
 * @error: return location, domain %G_FILE_ERROR or %MERE_STORE_ERROR
 */
gboolean mere_quarantine_keep (MereStore *store, const char *path, const char *b2, gboolean *kept, GError **error);

/* Paths of the .age files that are held back: (element-type utf8). */
GPtrArray *mere_quarantine_list (MereStore *store, GError **error);

/* Removes a bundle of mere_quarantine_list(), and its place. */
void mere_quarantine_remove (const char *path);

G_END_DECLS
