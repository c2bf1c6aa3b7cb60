/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"
#include "ui/place.h"

G_BEGIN_DECLS

/**
 * MereDesk:
 *
 * The work, while a vault is open: the side bar with its places, and over them a room for a form, an observation or a
 * record, which then has the window for itself. Dropping the desk drops every page and with it every answer that was
 * on the screen.
 *
 * Actions, for the pages on it:
 *   desk.go (s: name of a place), desk.back
 *   desk.crossing (s: id; the one that new work belongs to), desk.add-crossing, desk.edit-crossing (s)
 *   desk.begin (x: row of an instrument), desk.continue (x: draft), desk.show (s: record), desk.edit (s: record)
 *   desk.delete-draft (x), desk.restore-draft (x)
 *   desk.toast (s), desk.trouble (s)
 */
#define MERE_TYPE_DESK (mere_desk_get_type ())
G_DECLARE_FINAL_TYPE (MereDesk, mere_desk, MERE, DESK, AdwBin)

MereDesk *mere_desk_new (MereStore *store);

void mere_desk_go (MereDesk *self,
                   MerePlace place);

G_END_DECLS
