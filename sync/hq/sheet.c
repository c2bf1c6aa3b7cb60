/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sync/hq/sheet.h"

void
mere_sheet_add (MereSheet    *self,
                MereShapeType type,
                const char   *cell)
{
  self->add (self, type, cell);
}

void
mere_sheet_add_text (MereSheet  *self,
                     const char *cell)
{
  self->add (self, MERE_SHAPE_TEXT, cell);
}

gboolean
mere_sheet_end_row (MereSheet *self,
                    GError   **error)
{
  return self->end_row (self, error);
}

gboolean
mere_sheet_finish (MereSheet *self,
                   GError   **error)
{
  return self->finish (self, error);
}

void
mere_sheet_free (MereSheet *self)
{
  if (self != NULL)
    self->free (self);
}
