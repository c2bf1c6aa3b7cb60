/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * mere_record_regain:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * After a rescue, in its transaction: makes anew the row of each record of which only the submission opens, from what the submission says of
 * itself and what the log says of its hash. Place and assessment are not known then, and it counts as begun when it was finished. A submission
 * of which the log does not know is left alone.
 */
gboolean mere_record_regain (MereStore *store, GError **error);

G_END_DECLS
