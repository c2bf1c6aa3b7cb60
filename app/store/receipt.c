/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Receipts of headquarters: declared in bundle.h. Lines only come; what follows from them is in
 * schemas/sql/0006-road.sql. */

#include "config.h"

#include "app/store/bundle.h"

#include "app/store/clock.h"
#include "app/store/digest.h"
#include "app/store/log.h"
#include "app/store/statement.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#define COLUMNS "hq, counter, trust, issued, received_at, received_offset_s, content, signature"

static const char *const statuses[] = { "accepted", "partial", "quarantined" };

void
mere_receipt_free (MereReceipt *self)
{
  if (self == NULL)
    return;
  g_free (self->hq);
  g_free (self->issued);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_free (self);
}

static MereReceipt *
read_row (MereStatement *query)
{
  MereReceipt *self = g_new0 (MereReceipt, 1);

  self->hq = mere_statement_dup_text (query, 0);
  self->counter = mere_statement_get_int (query, 1);
  self->trust = mere_statement_get_int (query, 2);
  self->issued = mere_statement_dup_text (query, 3);
  self->received_us = mere_statement_get_int (query, 4);
  self->received_offset_s = (gint32) mere_statement_get_int (query, 5);
  self->content = mere_statement_dup_bytes (query, 6);
  self->signature = mere_statement_dup_bytes (query, 7);
  return self;
}

/* @known: whether this very receipt is held. Fails where its counter is taken by another one. */
static gboolean
check_known (MereStore         *store,
             const MereReceipt *receipt,
             gboolean          *known,
             GError           **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT content FROM receipt WHERE hq = ?1 AND counter = ?2", error);
  g_autoptr (GBytes) content = NULL;
  gboolean row;

  *known = FALSE;
  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, receipt->hq);
  mere_statement_bind_int (query, 2, receipt->counter);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  content = mere_statement_dup_bytes (query, 0);
  *known = g_bytes_equal (content, receipt->content);
  if (*known)
    return TRUE;
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_CONFLICT,
               _ ("Receipt %" PRId64 " was received before with other content. The first one was kept."),
               receipt->counter);
  return FALSE;
}

/* The number of its row; 0 on failure. */
static gint64
insert_receipt (MereStore         *store,
                const MereReceipt *receipt,
                GError           **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO receipt (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING row", error);
  gboolean row;
  gint64   utc_us;
  gint32   offset_s;

  if (insert == NULL)
    return 0;
  mere_clock_read (&utc_us, &offset_s);
  mere_statement_bind_text (insert, 1, receipt->hq);
  mere_statement_bind_int (insert, 2, receipt->counter);
  mere_statement_bind_int (insert, 3, receipt->trust);
  mere_statement_bind_text (insert, 4, receipt->issued);
  mere_statement_bind_int (insert, 5, utc_us);
  mere_statement_bind_int (insert, 6, offset_s);
  mere_statement_bind_bytes (insert, 7, receipt->content);
  mere_statement_bind_bytes (insert, 8, receipt->signature);
  return mere_statement_step (insert, &row, error) ? mere_statement_get_int (insert, 0) : 0;
}

static gboolean
insert_refusals (MereStore *store,
                 gint64     row,
                 GPtrArray *refusals,
                 GError   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO receipt_refusal (record, chain, seq, receipt, code) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    error);

  for (guint i = 0; insert != NULL && refusals != NULL && i < refusals->len; i++)
    {
      const MereReceiptRefusal *refusal = refusals->pdata[i];

      mere_statement_bind_text (insert, 1, refusal->record);
      mere_statement_bind_text (insert, 2, refusal->chain);
      mere_statement_bind_int (insert, 3, refusal->seq);
      mere_statement_bind_int (insert, 4, row);
      mere_statement_bind_text (insert, 5, refusal->code);
      if (!mere_statement_run (insert, error))
        return FALSE;
    }
  return insert != NULL;
}

static gboolean
insert_bundles (MereStore *store,
                gint64     row,
                GPtrArray *bundles,
                GError   **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO receipt_bundle (chain, seq, b2, receipt, status) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    error);

  for (guint i = 0; insert != NULL && bundles != NULL && i < bundles->len; i++)
    {
      const MereReceiptBundle *bundle = bundles->pdata[i];

      mere_statement_bind_text (insert, 1, bundle->chain);
      mere_statement_bind_int (insert, 2, bundle->seq);
      mere_statement_bind_text (insert, 3, bundle->b2);
      mere_statement_bind_int (insert, 4, row);
      mere_statement_bind_text (insert, 5, statuses[bundle->status]);
      if (!mere_statement_run (insert, error))
        return FALSE;
    }
  return insert != NULL;
}

static gboolean
log_receipt (MereStore         *store,
             const MereReceipt *receipt,
             GError           **error)
{
  g_autofree char *object = g_strdup_printf ("%s/%" G_GINT64_FORMAT, receipt->hq, receipt->counter);
  g_autofree char *b2 = mere_digest_dup_hex_of_bytes (receipt->content);

  return mere_log_append (store, "receipt", object, b2, error);
}

gboolean
mere_receipt_add (MereStore         *store,
                  const MereReceipt *receipt,
                  GPtrArray         *bundles,
                  GPtrArray         *refusals,
                  GError           **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);
  gboolean known;
  gint64   row;

  if (work == NULL || !check_known (store, receipt, &known, error))
    return FALSE;
  if (known)
    return mere_transaction_commit (g_steal_pointer (&work), error);
  row = insert_receipt (store, receipt, error);
  if (row == 0)
    return FALSE;
  /* Refusals first: a record that is refused in this receipt is never acknowledged by it, not for a moment either. */
  if (!insert_refusals (store, row, refusals, error) || !insert_bundles (store, row, bundles, error) ||
      !log_receipt (store, receipt, error))
    return FALSE;
  mere_store_touch (store, MERE_STORE_BUNDLES | MERE_STORE_RECORDS);
  return mere_transaction_commit (g_steal_pointer (&work), error);
}

MereReceipt *
mere_receipt_load_newest (MereStore  *store,
                          const char *hq,
                          GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    hq != NULL ? "SELECT " COLUMNS " FROM receipt WHERE hq = ?1 ORDER BY counter DESC LIMIT 1"
               : "SELECT " COLUMNS " FROM receipt ORDER BY row DESC LIMIT 1",
    error);
  gboolean row;

  if (query == NULL)
    return NULL;
  if (hq != NULL)
    mere_statement_bind_text (query, 1, hq);
  return mere_statement_step (query, &row, error) && row ? read_row (query) : NULL;
}

char *
mere_receipt_load_refusal (MereStore  *store,
                           const char *record,
                           GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT code FROM receipt_refusal WHERE record = ?1 ORDER BY receipt DESC LIMIT 1", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, record);
  return mere_statement_step (query, &row, error) && row ? mere_statement_dup_text (query, 0) : NULL;
}
