/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/record.h"

G_BEGIN_DECLS

/**
 * MereKeptNew:
 * @record: its deprecated_id is what it replaces, its draft is 0; created is when it was finalised
 * @b2: BLAKE2b-256 of its XML
 * @blobs: (nullable): NULL-terminated b2 of its attachments; hq_blob_name says what they are called
 */
typedef struct
{
  MereRecordNew      record;
  const char        *b2;
  const char *const *blobs;
} MereKeptNew;

typedef enum {
  MERE_KEPT_NEW,   /* it was not here before */
  MERE_KEPT_SAME,  /* it was here before: nothing was changed */
  MERE_KEPT_OTHER, /* its id is taken by other content: nothing was changed */
} MereKeptResult;

/* What became of a record, once it is known; all but the call's own are borrowed. */
typedef gboolean (*MereKeptTold) (gpointer user_data, const char *id, const char *b2, GBytes *xml, MereKeptResult result, GError **error);

/**
 * MereKeptBatch:
 *
 * Records of one bundle on their way into the store. They are written some hundred at a time, each table at once; what is
 * held in between is bounded by number and size. In the caller's transaction.
 */
typedef struct _MereKeptBatch MereKeptBatch;

/**
 * mere_kept_batch_new:
 * @device: the sender
 * @bundle: row of the bundle in hq_bundle
 * @told: called for each record, when its batch is written
 */
MereKeptBatch *mere_kept_batch_new (MereStore *store, const char *device, gint64 bundle, MereKeptTold told, gpointer user_data);
void           mere_kept_batch_free (MereKeptBatch *self);

/* Keeps a record. The version that it replaces may come later, and another version may replace the same one. */
gboolean mere_kept_batch_add (MereKeptBatch *self, const MereKeptNew *record, GError **error);

/* Writes what is held. */
gboolean mere_kept_batch_flush (MereKeptBatch *self, GError **error);

/* Writes what is held, and the lines of the log: do it last, for it is then that other processes have to wait. */
gboolean mere_kept_batch_finish (MereKeptBatch *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereKeptBatch, mere_kept_batch_free)

G_END_DECLS
