/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/draft.h"

G_BEGIN_DECLS

/* A draft in a list: its title, where and how far, “Continue” and a waste basket, over the desk's actions. */
GtkWidget *mere_draft_row_new (const MereDraft *draft);

G_END_DECLS
