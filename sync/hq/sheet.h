/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sync/hq/shape.h"

G_BEGIN_DECLS

/**
 * MereSheet:
 *
 * A table that is being written, row by row: csv.h, xlsx.h. What they share stands first in each of their structures.
 */
typedef struct _MereSheet MereSheet;

struct _MereSheet
{
  void (*add) (MereSheet *self, MereShapeType type, const char *cell);
  gboolean (*end_row) (MereSheet *self, GError **error);
  gboolean (*finish) (MereSheet *self, GError **error);
  void (*free) (MereSheet *self);
};

void     mere_sheet_add (MereSheet *self, MereShapeType type, const char *cell); /* NULL is empty */
void     mere_sheet_add_text (MereSheet *self, const char *cell);
gboolean mere_sheet_end_row (MereSheet *self, GError **error);
gboolean mere_sheet_finish (MereSheet *self, GError **error); /* everything is on the disk */
void     mere_sheet_free (MereSheet *self);

G_END_DECLS
