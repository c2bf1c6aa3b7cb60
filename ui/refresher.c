/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/refresher.h"

struct _MereRefresher
{
  GtkWidget  *page;
  MereStore  *store;
  MereRefresh refresh;
  guint       watch;
  gulong      on_map;
  gboolean    stale;
};

static void
refresh_if_stale (MereRefresher *self)
{
  if (!self->stale)
    return;

  self->stale = FALSE;
  self->refresh (self->page);
}

static void
on_map_cb (MereRefresher *self)
{
  refresh_if_stale (self);
}

static void
on_changed_cb (MereStore *store,
               guint      topics,
               gpointer   user_data)
{
  MereRefresher *self = user_data;

  self->stale = TRUE;
  if (gtk_widget_get_mapped (self->page))
    refresh_if_stale (self);
}

MereRefresher *
mere_refresher_new (GtkWidget  *page,
                    MereStore  *store,
                    guint       topics,
                    MereRefresh refresh)
{
  MereRefresher *self = g_new0 (MereRefresher, 1);

  self->page = page;
  self->store = mere_store_ref (store);
  self->refresh = refresh;
  self->stale = TRUE;
  self->watch = mere_store_watch (store, topics, on_changed_cb, self);
  self->on_map = g_signal_connect_swapped (page, "map", G_CALLBACK (on_map_cb), self);

  return self;
}

void
mere_refresher_free (MereRefresher *self)
{
  mere_store_unwatch (self->store, self->watch);
  mere_store_unref (self->store);
  g_signal_handler_disconnect (self->page, self->on_map);
  g_free (self);
}
