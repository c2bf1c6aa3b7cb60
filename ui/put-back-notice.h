/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MerePutBackNotice:
 *
 * Says that this vault was put back to an earlier state, for as long as nobody has said that he read it. See sync/put-back.h.
 */
#define MERE_TYPE_PUT_BACK_NOTICE (mere_put_back_notice_get_type ())
G_DECLARE_FINAL_TYPE (MerePutBackNotice, mere_put_back_notice, MERE, PUT_BACK_NOTICE, AdwBin)

/* @store: kept. Looks again, and shows or hides itself. */
void mere_put_back_notice_refresh (MerePutBackNotice *self,
                                   MereStore         *store);

G_END_DECLS
