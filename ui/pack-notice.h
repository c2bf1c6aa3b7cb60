/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MerePackNotice:
 *
 * Says that the mission pack is older than it was meant to become, or that headquarters wants a newer program. Everything
 * goes on; nothing is blocked. See app/store/terms.h.
 */
#define MERE_TYPE_PACK_NOTICE (mere_pack_notice_get_type ())
G_DECLARE_FINAL_TYPE (MerePackNotice, mere_pack_notice, MERE, PACK_NOTICE, AdwBin)

/* Looks again, and shows or hides itself. */
void mere_pack_notice_refresh (MerePackNotice *self,
                               MereStore      *store);

G_END_DECLS
