/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/vault/secret.h"
#include "sync/manifest.h"

G_BEGIN_DECLS

/**
 * MereBundleWriter:
 *
 * Makes one bundle: NAME.age and NAME.age.minisig in a folder of the laptop's disk. First every entry is announced
 * (mere_bundle_writer_add), then all are written (mere_bundle_writer_seal).
 */
typedef struct _MereBundleWriter MereBundleWriter;

/**
 * mere_bundle_writer_new:
 * @head: kind, device, recipients, trust, chain and the rest; copied. bundle, sign_key, entries and bytes are filled in
 */
MereBundleWriter *mere_bundle_writer_new (const MereManifest *head) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_bundle_writer_add:
 * @entry: type, size, b2 and what the type needs; @path may be %NULL where it follows (record, blob)
 * @error: return location, domain %MERE_BUNDLE_ERROR: NAME, DUPLICATE, TOO_LARGE, MANIFEST
 *
 * Announces an entry; the order stays. On failure the writer is as it was before.
 */
gboolean mere_bundle_writer_add (MereBundleWriter *self, const MereEntry *entry, GError **error);

guint   mere_bundle_writer_get_n_entries (MereBundleWriter *self);
guint64 mere_bundle_writer_get_content_size (MereBundleWriter *self); /* of what was announced */

/* Whether an entry of @size would exceed the size a bundle should have; never so for the first. */
gboolean mere_bundle_writer_is_full (MereBundleWriter *self, guint64 size);

/**
 * MereBundleContentFunc:
 * @index: of the entry, in the order of mere_bundle_writer_add()
 * @entry: as announced
 * @write: takes the content, in pieces of any size
 *
 * Gives the content of one entry. Called in the thread that seals.
 */
typedef gboolean (*MereBundleContentFunc) (gpointer         user_data,
                                           guint            index,
                                           const MereEntry *entry,
                                           MereWriteFunc    write,
                                           gpointer         sink,
                                           GError         **error);

/**
 * MereSealed:
 * @name: of the bundle, without suffix
 * @path: of the .age; the signature lies beside it
 * @b2: BLAKE2b-512 of the .age, 128 hex digits
 * @size: of the .age
 */
typedef struct
{
  char   *name;
  char   *path;
  char   *b2;
  guint64 size;
} MereSealed;

void mere_sealed_free (MereSealed *self);

/**
 * mere_bundle_writer_seal:
 * @secret: the sender's minisign secret
 * @folder: where the bundle comes to lie; on the laptop's disk
 * @content: gives each entry's bytes
 * @progress: (nullable): content bytes done
 * @error: return location, domain %MERE_BUNDLE_ERROR (WRITE, SOURCE), that of @content, or %G_IO_ERROR_CANCELLED
 *
 * Hashes, packs, compresses, encrypts and signs in one pass, with a thread for compression and one for what follows. Both files come
 * under temporary names, are synced, then renamed, the signature last: after a crash at any point there is either a
 * whole bundle or none, and left-overs (".tmp-…") that the next call in this folder removes.
 *
 * Returns: (transfer full): what was made; %NULL on failure, and nothing is left in @folder
 */
MereSealed *mere_bundle_writer_seal (MereBundleWriter     *self,
                                     const MereSecret     *secret,
                                     const char           *folder,
                                     MereBundleContentFunc content,
                                     gpointer              content_data,
                                     MereProgressFunc      progress,
                                     gpointer              progress_data,
                                     GCancellable         *cancellable,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void mere_bundle_writer_free (MereBundleWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereBundleWriter, mere_bundle_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSealed, mere_sealed_free)

G_END_DECLS
