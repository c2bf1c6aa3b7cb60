/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/* (transfer full): an empty store in memory. */
MereStore *mere_sample_store_new (void);

/* Fills it: a mission to State Utopia, three crossings, an instrument of each kind, two drafts and three records. */
void mere_sample_fill (MereStore *store);

G_END_DECLS
