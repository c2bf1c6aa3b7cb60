/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/crossing.h"

G_BEGIN_DECLS

/**
 * MereCrossingDialog:
 *
 * Adds a crossing, or edits one: its name, kind, place and a note.
 *
 * MereCrossingDialog::saved (id): it is in the vault.
 */
#define MERE_TYPE_CROSSING_DIALOG (mere_crossing_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MereCrossingDialog, mere_crossing_dialog, MERE, CROSSING_DIALOG, AdwWindow)

/* @crossing: (nullable): the one to edit; %NULL adds one */
MereCrossingDialog *mere_crossing_dialog_new (MereStore          *store,
                                              const MereCrossing *crossing);

G_END_DECLS
