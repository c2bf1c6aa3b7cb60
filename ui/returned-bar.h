/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/forms/session.h"
#include "app/store/returned.h"

G_BEGIN_DECLS

/**
 * MereReturnedBar:
 *
 * Why headquarters has sent a record back, as far as it says so of the record as a whole. Not visible where it has not.
 */
#define MERE_TYPE_RETURNED_BAR (mere_returned_bar_get_type ())
G_DECLARE_FINAL_TYPE (MereReturnedBar, mere_returned_bar, MERE, RETURNED_BAR, AdwBin)

/* @returned: (nullable) (element-type MereReturned); @session: that shows the record. */
void mere_returned_bar_show (MereReturnedBar *self, GPtrArray *returned, MereFormSession *session);

G_END_DECLS
