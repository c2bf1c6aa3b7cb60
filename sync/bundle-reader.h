/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sync/age.h"
#include "sync/manifest.h"
#include "sync/minisign.h"

G_BEGIN_DECLS

/**
 * MereBundleReader:
 *
 * Reads a bundle that lies on our own disk (copy it in first: a hostile stick can answer two reads differently). Opening
 * checks the outer signature over the whole file; before that nothing but the four lines of the .minisig is parsed.
 * Reading then decrypts and checks everything else while it streams.
 */
typedef struct _MereBundleReader MereBundleReader;

/**
 * MereBundleSender:
 *
 * Finds the key that a bundle should be signed with.
 *
 * @comment is what the bundle says of itself and @number the number of the key: both not yet to be believed.
 *
 * Returns: %TRUE and @key; %FALSE with @error, or %FALSE without one, which refuses as SENDER_UNKNOWN
 */
typedef gboolean (*MereBundleSender) (gpointer                 user_data,
                                      const MereBundleComment *comment,
                                      const guint8             number[8],
                                      MereMinisignKey         *key,
                                      GError                 **error);

/* A #MereBundleSender for one known key: user_data is the #MereMinisignKey. */
gboolean mere_bundle_sender_is (gpointer                 key,
                                const MereBundleComment *comment,
                                const guint8             number[8],
                                MereMinisignKey         *found,
                                GError                 **error);

/**
 * mere_bundle_reader_open:
 * @path: of NAME.age; NAME.age.minisig lies beside it
 * @sender: tells whose signature counts
 * @cancellable: (nullable):
 * @error: return location, domain %MERE_BUNDLE_ERROR, or %G_IO_ERROR_CANCELLED
 */
MereBundleReader *mere_bundle_reader_open (const char      *path,
                                           MereBundleSender sender,
                                           gpointer         sender_data,
                                           GCancellable    *cancellable,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_bundle_reader_open_hashed:
 * @hash: (nullable) (array fixed-size=64): BLAKE2b-512 of what was written to @path, as mere_stick_copy_in() says it
 *
 * The same for a copy that was hashed while it was made, so that it need not be read once more. What our own disk gave back
 * otherwise afterwards would not be decrypted: each chunk is authenticated by itself.
 */
MereBundleReader *mere_bundle_reader_open_hashed (const char      *path,
                                                  const guint8    *hash,
                                                  MereBundleSender sender,
                                                  gpointer         sender_data,
                                                  GCancellable    *cancellable,
                                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;

const MereBundleComment *mere_bundle_reader_get_comment (MereBundleReader *self); /* signed */
const MereMinisignKey   *mere_bundle_reader_get_key (MereBundleReader *self);     /* that signed it */
const char              *mere_bundle_reader_get_b2 (MereBundleReader *self);      /* BLAKE2b-512 of the .age, 128 hex digits */
guint64                  mere_bundle_reader_get_size (MereBundleReader *self);

/**
 * MereBundleHandler:
 * @begin: (nullable): the manifest, its signature checked; the place to refuse by chain, seq or device
 * @entry: (nullable): the next entry comes
 * @data: (nullable): a piece of its content, not yet checked
 * @entry_done: (nullable): the entry's content was what the manifest says
 *
 * What becomes of the content. All of it is to be kept in a transaction, or set aside, until mere_bundle_reader_read()
 * returns %TRUE: only then is the bundle accepted. It is told in the thread that reads; another one reads ahead. A handler that returns %FALSE ends the reading with its error.
 */
typedef struct
{
  gboolean (*begin) (gpointer user_data, const MereManifest *manifest, GError **error);
  gboolean (*entry) (gpointer user_data, guint index, const MereEntry *entry, GError **error);
  gboolean (*data) (gpointer user_data, const guint8 *bytes, gsize size, GError **error);
  gboolean (*entry_done) (gpointer user_data, guint index, const MereEntry *entry, GError **error);
} MereBundleHandler;

/**
 * mere_bundle_reader_read:
 * @identities: (element-type MereSecret): our age identities; the one that opens it must be among the manifest's recipients
 * @handler: (nullable): %NULL checks only
 * @progress: (nullable): bytes of the .age done; called in the thread that reads ahead
 * @error: return location, domain %MERE_BUNDLE_ERROR, that of @handler, or %G_IO_ERROR_CANCELLED
 *
 * The verdict: %TRUE if everything is as both signatures say, to the last byte. Memory is bounded by the manifest.
 */
gboolean mere_bundle_reader_read (MereBundleReader        *self,
                                  GPtrArray               *identities,
                                  const MereBundleHandler *handler,
                                  gpointer                 handler_data,
                                  MereProgressFunc         progress,
                                  gpointer                 progress_data,
                                  GCancellable            *cancellable,
                                  GError                 **error);

/* After read() reached begin(): the manifest and the text of its signature, to be kept as proof. */
const MereManifest *mere_bundle_reader_get_manifest (MereBundleReader *self);
GBytes             *mere_bundle_reader_get_manifest_signature (MereBundleReader *self);

void mere_bundle_reader_free (MereBundleReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereBundleReader, mere_bundle_reader_free)

G_END_DECLS
