/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/erasure.h"

G_BEGIN_DECLS

/**
 * MereErasureDialog:
 *
 * Says what erasing would remove and what it would keep, before anything is done. Its response is "erase" or "cancel".
 */
#define MERE_TYPE_ERASURE_DIALOG (mere_erasure_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MereErasureDialog, mere_erasure_dialog, MERE, ERASURE_DIALOG, AdwMessageDialog)

#define MERE_ERASURE_DIALOG_ERASE "erase"

GtkWidget *mere_erasure_dialog_new (GtkWindow             *parent,
                                    const MereErasurePlan *plan) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
