/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/enrol.h"

G_BEGIN_DECLS

/* For the courier, in its transaction: headquarters has answered this laptop, so it has typed its digits. */
gboolean mere_enrol_set_answered (MereStore *store, GError **error);

/* Likewise: its receipt says that two copies of this vault are in use. */
gboolean mere_enrol_set_copied (MereStore *store, GError **error);

G_END_DECLS
