/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MereSecret:
 *
 * Bytes that must not be seen: a passphrase, a key. They lie in `sodium_malloc` memory (locked, guarded, left out of
 * core dumps) and are wiped when freed. The type exists so that the compiler shows where a secret goes.
 */
typedef struct _MereSecret MereSecret;

/**
 * mere_secret_new:
 * @size: bytes, at least 1
 *
 * Returns: (transfer full): a secret of @size zero bytes
 */
MereSecret *mere_secret_new (gsize size) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_secret_new_from_text:
 * @text: NUL-terminated UTF-8, a passphrase; the caller wipes its own copy
 *
 * Returns: (transfer full): a copy; its size leaves out the NUL, but the byte after it is there and 0
 */
MereSecret *mere_secret_new_from_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_secret_new_from_bytes:
 * @bytes: (array length=size): what to copy; the caller wipes its own copy
 * @size: bytes
 *
 * Returns: (transfer full): a copy
 */
MereSecret *mere_secret_new_from_bytes (const void *bytes, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_secret_load_file:
 * @path: a passphrase file: its first line, without the line's end
 * @error: return location, domain %G_FILE_ERROR
 *
 * Returns: (transfer full): the passphrase, or %NULL
 */
MereSecret *mere_secret_load_file (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

MereSecret *mere_secret_copy (const MereSecret *self) G_GNUC_WARN_UNUSED_RESULT;
void        mere_secret_free (MereSecret *self);
guint8     *mere_secret_get_data (const MereSecret *self);
gsize       mere_secret_get_size (const MereSecret *self);

/**
 * mere_secret_forbid_dumps:
 *
 * From now on no core dump of this process is written or handed to a collector: besides secrets it would carry the pages and
 * forms that are open. To be called first in main().
 */
void mere_secret_forbid_dumps (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSecret, mere_secret_free)

G_END_DECLS
