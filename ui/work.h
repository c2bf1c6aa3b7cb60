/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereWork:
 * @page: (transfer floating): a form, an observation, a record or an item; the first two emit “closed” and “done”
 * @title: of the instrument, of the record or of the item
 * @crossing: name of the crossing it belongs to, ""
 *
 * What fills the window. Each function returns %FALSE with an error where there is no such thing.
 */
typedef struct
{
  GtkWidget *page;
  char      *title;
  char      *crossing;
} MereWork;

#define MERE_WORK_INIT \
  {                    \
    NULL               \
  }

/* @instrument: its row; @crossing: id of the crossing */
gboolean mere_work_begin (MereWork   *work,
                          MereStore  *store,
                          gint64      instrument,
                          const char *crossing,
                          GError    **error);
gboolean mere_work_continue (MereWork  *work,
                             MereStore *store,
                             gint64     draft,
                             GError   **error);
gboolean mere_work_edit (MereWork   *work,
                         MereStore  *store,
                         const char *record,
                         GError    **error);
gboolean mere_work_show (MereWork   *work,
                         MereStore  *store,
                         const char *record,
                         GError    **error);

/* A record of a colleague, to read. */
gboolean mere_work_show_colleague (MereWork   *work,
                                   MereStore  *store,
                                   const char *record,
                                   GError    **error);

/* @crossing: (nullable): id; @item: "A1" */
gboolean mere_work_show_item (MereWork   *work,
                              MereStore  *store,
                              const char *crossing,
                              const char *item,
                              GError    **error);

/* The page is the caller's. */
void mere_work_clear (MereWork *work);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereWork, mere_work_clear)

G_END_DECLS
