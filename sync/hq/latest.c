/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sync/hq/latest.h"

#include "app/store/statement.h"

#define SELECT "SELECT name, b2, created, n_records, received_us FROM hq_bundle"

void
mere_latest_free (MereLatest *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->b2);
  g_free (self->created);
  g_free (self);
}

static MereLatest *
read_row (MereStatement *query)
{
  MereLatest *self = g_new (MereLatest, 1);

  self->name = mere_statement_dup_text (query, 0);
  self->b2 = mere_statement_dup_text (query, 1);
  self->created = mere_statement_dup_text (query, 2);
  self->n_records = mere_statement_get_int (query, 3);
  self->received_us = mere_statement_get_int (query, 4);
  return self;
}

MereLatest *
mere_latest_load (MereStore  *store,
                  const char *device,
                  GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT " WHERE device = ?1 ORDER BY row DESC LIMIT 1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, device);
  return mere_statement_step (query, &row, error) && row ? read_row (query) : NULL;
}
