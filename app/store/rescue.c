/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows come over as they are (app/vault/rescue.h); what they mean together is put in order here, and what is missing is told in the words
 * of the work: records, not rows. */

#include "config.h"

#include "app/store/rescue.h"

#include "app/store/clock.h"
#include "app/store/statement.h"
#include "app/vault/vault-private.h"

static void
loss_free (gpointer data)
{
  MereLoss *self = data;

  g_free (self->record);
  g_free (self->title);
  g_free (self->crossing);
  g_free (self->attachment);
  g_free (self);
}

void
mere_salvage_free (MereSalvage *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->losses);
  mere_rescue_clear (&self->rescue);
  g_free (self);
}

static MereSalvage *
salvage_new (void)
{
  MereSalvage *self = g_new0 (MereSalvage, 1);

  self->losses = g_ptr_array_new_with_free_func (loss_free);
  return self;
}

/* What refers to what is not there, children of children last. */
static const char orphans[] =
  "DELETE FROM record_xml WHERE record NOT IN (SELECT row FROM record);"
  "DELETE FROM record_attachment WHERE record NOT IN (SELECT id FROM record);"
  "DELETE FROM attachment_chunk WHERE attachment NOT IN (SELECT row FROM attachment);"
  "DELETE FROM bundle_record WHERE bundle NOT IN (SELECT row FROM bundle) OR record NOT IN (SELECT id FROM record);"
  "DELETE FROM placement WHERE bundle NOT IN (SELECT row FROM bundle);"
  "DELETE FROM receipt_bundle WHERE receipt NOT IN (SELECT row FROM receipt);"
  "DELETE FROM receipt_refusal WHERE receipt NOT IN (SELECT row FROM receipt);"
  "DELETE FROM draft WHERE instrument NOT IN (SELECT instrument FROM instrument_xml)"
  "                     OR instrument NOT IN (SELECT row FROM instrument)"
  "                     OR row NOT IN (SELECT draft FROM draft_snapshot);"
  "DELETE FROM instrument_xml WHERE instrument NOT IN (SELECT row FROM instrument);"
  "DELETE FROM instrument WHERE row NOT IN (SELECT instrument FROM instrument_xml);"
  "DELETE FROM draft_snapshot WHERE draft NOT IN (SELECT row FROM draft);"
  "DELETE FROM draft_step WHERE draft NOT IN (SELECT row FROM draft);"
  "DELETE FROM draft_before WHERE draft NOT IN (SELECT row FROM draft);"
  "DELETE FROM draft_attachment WHERE draft NOT IN (SELECT row FROM draft);";

/* The columns of a #MereLoss. */
static const struct
{
  MereLossKind kind;
  const char  *sql;
} questions[] = {
  { MERE_LOSS_RECORD,
    "SELECT DISTINCT l.object, NULL, NULL, NULL FROM log AS l"
    " WHERE l.kind = 'record' AND l.object NOT IN (SELECT id FROM record) ORDER BY 1" },
  { MERE_LOSS_CONTENT,
    "SELECT r.id, r.title, c.name, NULL FROM record AS r LEFT JOIN crossing AS c ON c.id = r.crossing"
    " WHERE r.erased_us IS NULL AND r.row NOT IN (SELECT record FROM record_xml) ORDER BY r.row" },
  { MERE_LOSS_ATTACHMENT,
    "SELECT r.id, r.title, c.name, a.name FROM record_attachment AS a JOIN record AS r ON r.id = a.record"
    " LEFT JOIN crossing AS c ON c.id = r.crossing"
    " WHERE r.erased_us IS NULL AND a.b2 NOT IN (SELECT b2 FROM attachment WHERE b2 IS NOT NULL) ORDER BY r.row, a.name" },
};

static gboolean
ask (MereSalvage *self, MereStore *store, MereLossKind kind, const char *sql, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row = FALSE;

  if (query == NULL)
    return FALSE;
  while (mere_statement_step (query, &row, error) && row)
    {
      MereLoss *loss = g_new0 (MereLoss, 1);

      loss->kind = kind;
      loss->record = mere_statement_dup_text (query, 0);
      loss->title = mere_statement_dup_text (query, 1);
      loss->crossing = mere_statement_dup_text (query, 2);
      loss->attachment = mere_statement_dup_text (query, 3);
      g_ptr_array_add (self->losses, loss);
    }
  return !row;
}

static gboolean
count (MereStore *store, const char *sql, gint64 *n, GError **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, error);
  gboolean row = FALSE;

  if (query == NULL || !mere_statement_step (query, &row, error))
    return FALSE;
  *n = mere_statement_get_int (query, 0);
  return TRUE;
}

static gboolean
mark_erased (MereStore *store, GError **error)
{
  g_autoptr (MereStatement) update = NULL;
  gint64 now_us;
  gint32 offset_s;

  mere_clock_read (&now_us, &offset_s);
  update = mere_statement_new (store,
                               "UPDATE record SET erased_us = ?1"
                               " WHERE erased_us IS NULL AND row NOT IN (SELECT record FROM record_xml)",
                               error);
  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, now_us);
  return mere_statement_run (update, error);
}

/* Half an attachment is none. */
static gboolean
drop_halves (MereStore *store, GError **error)
{
  return mere_store_execute (store,
                             "DELETE FROM draft_attachment WHERE b2 IN (SELECT a.b2 FROM attachment AS a WHERE a.size <>"
                             " (SELECT coalesce (sum (length (data)), 0) FROM attachment_chunk WHERE attachment = a.row));"
                             "DELETE FROM attachment WHERE size <>"
                             " (SELECT coalesce (sum (length (data)), 0) FROM attachment_chunk WHERE attachment = attachment.row);",
                             error);
}

static gboolean
judge (MereSalvage *self, MereStore *store, GError **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  if (work == NULL || !mere_store_execute (store, orphans, error) || !drop_halves (store, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (!ask (self, store, questions[i].kind, questions[i].sql, error))
      return FALSE;
  return mark_erased (store, error) &&
         count (store, "SELECT count (*) FROM record WHERE erased_us IS NULL", &self->n_records, error) &&
         count (store, "SELECT count (*) FROM draft WHERE deleted_us IS NULL", &self->n_drafts, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

MereSalvage *
mere_salvage_run (const char        *path,
                  const MereSecret  *passphrase,
                  const char        *folder,
                  const MereKeyCost *cost,
                  MereVaultProgress  progress,
                  gpointer           data,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_autoptr (MereSalvage) self = salvage_new ();
  g_autoptr (MereVault) from = mere_vault_open (path, passphrase, error);
  g_autoptr (MereVault) to = NULL;
  MereKeyCost measured;
  MereStore  *store = NULL;
  gboolean    done;

  if (from == NULL)
    return NULL;
  if (cost == NULL)
    measured = mere_key_cost_calibrate ();
  to = mere_vault_create_with_cost (folder, passphrase, cost != NULL ? cost : &measured, error);
  if (to == NULL)
    return NULL;
  done = mere_rescue_rows (from, to, &self->rescue, progress, data, cancellable, error);
  if (done)
    store = mere_store_open (g_steal_pointer (&to), error);
  done = store != NULL && judge (self, store, error);
  mere_store_close (store);
  if (done)
    return g_steal_pointer (&self);
  g_clear_pointer (&to, mere_vault_close);
  mere_vault_destroy (folder, NULL);
  return NULL;
}
