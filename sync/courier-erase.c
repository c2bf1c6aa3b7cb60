/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Erasing as an errand of the courier: records by app/store/erasure.c, and the bundles that they were in. First it is noted what they are
 * evidence on, so that a mission that goes on still knows what it has covered. */

#include "config.h"

#include "sync/courier-private.h"

#include "app/capture/gathering.h"

static void
report_records (gpointer self,
                guint64  done,
                guint64  total)
{
  MereCourierReport report = { self, MERE_COURIER_ERASING };

  mere_courier_report (&report, done, total);
}

gboolean
mere_courier_erase (MereStore          *store,
                    MereCourierProgress progress,
                    gpointer            user_data,
                    GCancellable       *cancellable,
                    MereErasureResult  *result,
                    GError            **error)
{
  g_auto (MereCourier) self = { 0 };

  *result = (MereErasureResult){ 0 };

  return mere_courier_begin (&self, store, NULL, progress, user_data, cancellable, error) &&
         mere_gathering_run (store, cancellable, error) && mere_erasure_run (store, report_records, &self, cancellable, result, error) &&
         (self.keys == NULL || mere_courier_tidy_outbox (&self, error));
}
