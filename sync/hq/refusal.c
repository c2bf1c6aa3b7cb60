/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The log of refusals: files that were not taken at all, and records of bundles that were. */

#include "config.h"

#include "sync/hq/refusal.h"

#include "app/store/row-list.h"
#include "app/store/statement.h"

void
mere_refusal_free (MereRefusal *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->record);
  g_free (self->code);
  g_free (self->message);
  g_free (self->b2);
  g_free (self->device);
  g_free (self);
}

static MereRefusal *
read_row (MereStatement *query)
{
  MereRefusal *self = g_new0 (MereRefusal, 1);

  self->name = mere_statement_dup_text (query, 0);
  self->record = mere_statement_dup_text (query, 1);
  self->code = mere_statement_dup_text (query, 2);
  self->message = mere_statement_dup_text (query, 3);
  self->b2 = mere_statement_dup_text (query, 4);
  self->device = mere_statement_dup_text (query, 5);
  self->refused_us = mere_statement_get_int (query, 6);
  return self;
}

#define LIST                                                                                               \
  "SELECT name, NULL AS record, code, message, b2, NULL AS device, refused_us AS refused_at, row AS place" \
  "  FROM hq_refusal WHERE refused_us >= ?1"                                                               \
  " UNION ALL"                                                                                             \
  " SELECT b.name, r.record, r.code, NULL, r.b2, b.device, b.received_us, b.row"                           \
  "   FROM hq_rejection AS r JOIN hq_bundle AS b ON b.row = r.bundle WHERE b.received_us >= ?1"            \
  " ORDER BY refused_at DESC, place DESC, record LIMIT ?2"

GPtrArray *
mere_refusal_list (MereStore *store,
                   gint64     since_us,
                   guint      limit,
                   GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, LIST, error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, since_us);
  mere_statement_bind_int (query, 2, limit > 0 ? limit : G_MAXINT32);
  return mere_statement_read_all (query, (MereRowReader) read_row, (GDestroyNotify) mere_refusal_free, error);
}
