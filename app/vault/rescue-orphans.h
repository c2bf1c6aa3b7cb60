/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/vault/rescue-private.h"

G_BEGIN_DECLS

/* Gives what nothing leads to any more to the tables that it fits, and copies its rows. */
gboolean mere_rescue_orphans (MereRescueWork *self, GError **error);

/* Counts what is lost, when all is copied that can be. @is_known: whether descriptions of tables that do not open were known otherwise */
void mere_rescue_count (MereRescueWork *self, gboolean is_known);

G_END_DECLS
