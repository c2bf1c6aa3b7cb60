/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* A store as it is after some time on the road, without sticks and without a headquarters. */

/* A headquarters that this laptop trusts, and that has answered. */
void mere_sample_enrol (MereStore *store);

/* This laptop leads another one, of which one record was read. */
void mere_sample_lead (MereStore *store);

/* Headquarters has the newest @n records. */
void mere_sample_acknowledge (MereStore *store,
                              guint      n);

G_END_DECLS
