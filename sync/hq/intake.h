/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-reader.h"
#include "sync/hq/device.h"
#include "sync/hq/inbox.h"

G_BEGIN_DECLS

/**
 * MereIntake:
 *
 * What becomes of the entries of a bundle while it is read, in a transaction of the caller: records, attachments, pieces
 * of large attachments.
 */
typedef struct _MereIntake MereIntake;

/* @result: records are counted in it, and what is rejected is named. All are borrowed and must live as long. */
MereIntake *mere_intake_new (MereStore        *store,
                             const MereDevice *device,
                             MereBundleReader *reader,
                             MereInboxResult  *result) G_GNUC_WARN_UNUSED_RESULT;
void        mere_intake_free (MereIntake *self);

const MereBundleHandler *mere_intake_get_handler (void); /* its user_data is the MereIntake */

/* After the reader has said yes: the bundle's own row, and that the laptop was heard of. */
gboolean mere_intake_finish (MereIntake *self, GError **error);

/**
 * mere_intake_save_bundle:
 * @status: "accepted", "partial" or "quarantined"
 * @row: (out) (optional): of hq_bundle
 *
 * Keeps what is known of a bundle, or changes its status.
 */
gboolean mere_intake_save_bundle (MereStore        *store,
                                  const MereDevice *device,
                                  MereBundleReader *reader,
                                  const char       *status,
                                  guint             n_records,
                                  gint64           *row,
                                  GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereIntake, mere_intake_free)

G_END_DECLS
