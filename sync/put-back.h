/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* That this vault was put back to an earlier state: from a backup, or by somebody who had the laptop. The vault alone cannot see
 * that, since all of it is of one time. It is seen when somebody else knows a later state: headquarters, by a receipt, or a stick
 * or the outbox, by bundles that this vault does not know it has sealed. Kept until a person says that it was read. */

gboolean mere_put_back_note (MereStore *store, GError **error); /* now, unless it is noted already */
gint64   mere_put_back_get_time_us (MereStore *store);          /* UTC, when it was noted; 0: it is not */
gboolean mere_put_back_forget (MereStore *store, GError **error);

/**
 * mere_put_back_is_in_log:
 * @seq: number of a line of this vault's log, as headquarters knows it, and @hash, what it has there
 * @there: (out): whether this vault's log has that line
 */
gboolean mere_put_back_is_in_log (MereStore *store, gint64 seq, const char *hash, gboolean *there, GError **error);

G_END_DECLS
