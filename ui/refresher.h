/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "app/store/store.h"

G_BEGIN_DECLS

typedef void (*MereRefresh) (GtkWidget *page);

/**
 * MereRefresher:
 *
 * Keeps a page as the store is: calls @refresh when the page is shown and something has changed since, and when
 * something changes while it is shown. A page that nobody sees costs nothing.
 */
typedef struct _MereRefresher MereRefresher;

/* @page is borrowed: it owns its refresher and frees it in dispose. */
MereRefresher *mere_refresher_new (GtkWidget  *page,
                                   MereStore  *store,
                                   guint       topics,
                                   MereRefresh refresh) G_GNUC_WARN_UNUSED_RESULT;
void           mere_refresher_free (MereRefresher *self);

G_END_DECLS
