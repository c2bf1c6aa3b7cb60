/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MereSavedIndicator:
 *
 * Says that all is saved, which is so whenever no call into the vault is under way; or, in red, why the disk refused.
 */
#define MERE_TYPE_SAVED_INDICATOR (mere_saved_indicator_get_type ())
G_DECLARE_FINAL_TYPE (MereSavedIndicator, mere_saved_indicator, MERE, SAVED_INDICATOR, AdwBin)

/* "" or %NULL: all is saved again. */
void mere_saved_indicator_set_trouble (MereSavedIndicator *self,
                                       const char         *sentence);

G_END_DECLS
