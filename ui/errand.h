/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sync/courier.h"

G_BEGIN_DECLS

/* What touches a stick, in threads: a stick may answer slowly, or never. Each call holds the store open for its callers
 * only in name: when the vault is locked meanwhile, it fails with %MERE_STORE_ERROR_CLOSED. */

/**
 * MereErrandProgress:
 *
 * How far a thread is; it writes, the window looks whenever it draws. Reference counted, as either may end first.
 */
typedef struct _MereErrandProgress MereErrandProgress;

MereErrandProgress *mere_errand_progress_new (void) G_GNUC_WARN_UNUSED_RESULT;
MereErrandProgress *mere_errand_progress_ref (MereErrandProgress *self);
void                mere_errand_progress_unref (MereErrandProgress *self);
void                mere_errand_progress_get (MereErrandProgress *self,
                                              MereCourierStep    *step,
                                              guint64            *done,
                                              guint64            *total);

/* mere_courier_write() */
void                mere_errand_write_async (MereStore          *store,
                                             const char         *folder,
                                             MereErrandProgress *progress,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
MereCourierWritten *mere_errand_write_finish (GAsyncResult *result,
                                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* mere_courier_read() */
void             mere_errand_read_async (MereStore          *store,
                                         const char         *folder,
                                         MereErrandProgress *progress,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
MereCourierRead *mere_errand_read_finish (GAsyncResult *result,
                                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* mere_erasure_plan() */
void             mere_errand_plan_async (MereStore          *store,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
MereErasurePlan *mere_errand_plan_finish (GAsyncResult *result,
                                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* mere_courier_erase(); @erased as there */
void     mere_errand_erase_async (MereStore          *store,
                                  MereErrandProgress *progress,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean mere_errand_erase_finish (GAsyncResult      *result,
                                   MereErasureResult *erased,
                                   GError           **error);

/* mere_courier_look(); @look as there */
void     mere_errand_look_async (MereStore          *store,
                                 const char         *folder,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
gboolean mere_errand_look_finish (GAsyncResult    *result,
                                  MereCourierLook *look,
                                  GError         **error);

/* mere_enrol_prepare() with @label (nullable), then mere_enrol_write() */
void     mere_errand_card_async (MereStore          *store,
                                 const char         *folder,
                                 const char         *label,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
gboolean mere_errand_card_finish (GAsyncResult *result,
                                  GError      **error);

/* mere_enrol_trust() */
void     mere_errand_trust_async (MereStore          *store,
                                  const char         *folder,
                                  const char         *typed,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean mere_errand_trust_finish (GAsyncResult *result,
                                   GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereErrandProgress, mere_errand_progress_unref)

G_END_DECLS
