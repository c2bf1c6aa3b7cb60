/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * mere_regain:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * After a rescue, in its transaction: makes anew the rows of which only what they describe opens, from what that says of itself.
 *
 * - A record, from its submission and the line of the log with its hash. Place and assessment are not known then, and it counts as begun when
 *   it was finished. A submission of which the log does not know is left alone.
 * - A questionnaire, from its XForm; its kind from records that were made with it.
 * - A draft, from its snapshot: as it was when that was taken, without the steps since and without undo. Place and times are not known.
 */
gboolean mere_regain (MereStore *store, GError **error);

G_END_DECLS
