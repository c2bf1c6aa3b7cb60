/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* A store as it is after some time on the road, without sticks and without a headquarters. */

/* A headquarters that this laptop trusts, and that has answered. */
void mere_sample_enrol (MereStore *store);

/* This laptop leads another one, of which one record was read. */
void mere_sample_lead (MereStore *store);

/* One sheet of checks of this laptop at its first crossing, and one of the colleague of mere_sample_lead(), as read from a stick: one of
 * their answers differs. @store is one that mere_sample_fill() has filled. (transfer full): id of the colleague's record. */
char *mere_sample_compare (MereStore *store);

/* Headquarters has the newest @n records. */
void mere_sample_acknowledge (MereStore *store,
                              guint      n);

G_END_DECLS
