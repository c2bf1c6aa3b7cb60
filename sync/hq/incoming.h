/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * mere_incoming_open:
 * @error: return location, domain %MERE_STORE_ERROR
 *
 * The folder that bundles are copied into before anybody looks at them. A vault has one; where several processes receive at
 * once each has its own, and what a killed one has left is removed.
 *
 * Returns: (transfer full): its path, for mere_incoming_close()
 */
char *mere_incoming_open (MereStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void  mere_incoming_close (MereStore *store, const char *folder);

G_END_DECLS
