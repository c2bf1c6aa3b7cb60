/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What headquarters says, put into the vault: trust lists in their order, receipts and dispatches each in one
 * transaction. Counters are of the key that signed, and never go back: an older word changes nothing. */

#include "config.h"

#include "sync/courier-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/store/returned.h"
#include "app/store/settings.h"
#include "sync/bundle-format.h"
#include "sync/code.h"
#include "sync/dispatch.h"
#include "sync/enrol-private.h"
#include "sync/put-back.h"
#include "sync/receipt.h"

#define KEY_DISPATCH "road.dispatch"       /* counter of the newest one */
#define KEY_DISPATCH_OF "road.dispatch.%s" /* of those of one signing key */

static gboolean
apply_trust (MereCourier *self,
             GBytes      *text,
             GBytes      *signature,
             GError     **error)
{
  GError *failure = NULL;
  g_autoptr (MereTrust) next = mere_trust_open (text, signature, NULL, error);

  if (next == NULL)
    return FALSE;
  if (!mere_trust_follows (self->trust, next, &failure))
    {
      if (failure != NULL)
        g_propagate_error (error, failure);
      return failure == NULL;
    }
  if (!mere_trust_save (self->store, next, error))
    return FALSE;
  mere_trust_free (self->trust);
  self->trust = g_steal_pointer (&next);

  return TRUE;
}

static gboolean
apply_trusts_in (MereCourier *self,
                 GPtrArray   *trusts,
                 GError     **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);

  if (work == NULL)
    return FALSE;
  for (guint i = 0; i + 1 < trusts->len; i += 2)
    if (!apply_trust (self, trusts->pdata[i], trusts->pdata[i + 1], error))
      return FALSE;

  return mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_courier_apply_trusts (MereCourier *self,
                           GPtrArray   *trusts,
                           GError     **error)
{
  g_autoptr (MereTrust) before = mere_trust_copy (self->trust);

  if (trusts->len == 0 || apply_trusts_in (self, trusts, error))
    return TRUE;
  mere_trust_free (self->trust);
  self->trust = g_steal_pointer (&before);

  return FALSE;
}

gint64
mere_courier_get_seen_receipt (MereStore *store)
{
  g_autoptr (MereReceipt) newest = mere_receipt_load_newest (store, NULL, NULL);

  return newest != NULL ? newest->counter : 0;
}

gint64
mere_courier_get_seen_dispatch (MereStore *store)
{
  return mere_settings_load_int (store, KEY_DISPATCH, 0);
}

static gboolean
refuse_addressee (GError **error)
{
  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_RECIPIENTS,
                             _ ("The bundle could be opened here, but what it says is addressed to another laptop. Nothing was taken from it."));
}

/* The lines of a receipt as the store takes them; they borrow from the document. */
static void
flatten (const MereReceiptDocument *document,
         GPtrArray                 *bundles,
         GPtrArray                 *refusals)
{
  for (guint i = 0; i < document->chains->len; i++)
    {
      const MereReceiptChain *chain = document->chains->pdata[i];

      for (guint k = 0; k < chain->bundles->len; k++)
        {
          const MereReceiptLine *line = chain->bundles->pdata[k];
          MereReceiptBundle     *bundle = g_new (MereReceiptBundle, 1);

          *bundle = (MereReceiptBundle){ chain->id, line->seq, line->b2, line->status };
          g_ptr_array_add (bundles, bundle);
          for (guint n = 0; n < line->rejected->len; n++)
            {
              const MereReceiptRejection *rejection = line->rejected->pdata[n];
              MereReceiptRefusal         *refusal = g_new (MereReceiptRefusal, 1);

              *refusal = (MereReceiptRefusal){ chain->id, line->seq, rejection->record, rejection->code };
              g_ptr_array_add (refusals, refusal);
            }
        }
    }
}

/* Whether a bundle that headquarters has is none of those that this vault has sealed. */
static gboolean
is_strange (MereCourier            *self,
            const MereReceiptChain *chain,
            guint                   seq,
            const char             *b2)
{
  g_autofree char *name = mere_bundle_name_new (self->keys->device, chain->no, seq);
  g_autoptr (MereBundle) bundle = mere_courier_find_bundle (self->store, name, NULL);

  return bundle == NULL || strcmp (bundle->chain, chain->id) != 0 || (b2 != NULL && strcmp (bundle->b2, b2) != 0);
}

/* Whether another copy of this vault has gone on with the present chain: headquarters has bundles of it, or knows of a line of
 * the log, that are not here. */
static gboolean
is_continued (MereCourier            *self,
              const MereReceiptChain *chain)
{
  gboolean there = TRUE;

  if (chain->log_hash != NULL &&
      (!mere_put_back_is_in_log (self->store, chain->log_seq, chain->log_hash, &there, NULL) || !there))
    return TRUE;
  for (guint i = 0; i < chain->bundles->len; i++)
    {
      const MereReceiptLine *line = chain->bundles->pdata[i];

      if (is_strange (self, chain, line->seq, line->b2))
        return TRUE;
    }

  return chain->through > 0 && is_strange (self, chain, chain->through, chain->head);
}

/* A receipt that knows more of this laptop than it does itself: the vault was restored from an older copy. Another copy
 * that has begun a chain of the same number as ours is no reason to begin one more: the two tell themselves apart. */
static gboolean
check_chains (MereCourier               *self,
              const MereReceiptDocument *document,
              MereCourierRead           *read,
              GError                   **error)
{
  g_autoptr (MereRoadChain) own = mere_road_chain_load (self->store, error);
  gboolean restored = FALSE;
  guint    above = 0;

  if (own == NULL)
    return FALSE;
  for (guint i = 0; i < document->chains->len; i++)
    {
      const MereReceiptChain *chain = document->chains->pdata[i];

      above = MAX (above, chain->no);
      if (strcmp (chain->id, own->id) == 0)
        restored |= is_continued (self, chain);
      else
        restored |= chain->no > own->no;
    }
  if (!restored)
    return TRUE;
  read->new_chain = TRUE;

  return mere_put_back_note (self->store, error) && mere_road_chain_renew (self->store, above, error);
}

/* @n_new: how many records are sent back that were not before. */
static gboolean
keep_returned (MereStore                 *store,
               const MereReceiptDocument *document,
               guint                     *n_new,
               GError                   **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_returned_free);

  for (guint i = 0; i < document->returned->len; i++)
    {
      const MereReceiptReturn *returned = document->returned->pdata[i];

      g_ptr_array_add (list, mere_returned_new (returned->record, returned->ref, returned->comment));
    }

  return mere_returned_replace (store, list, n_new, error);
}

static gboolean
keep_receipt (MereCourier               *self,
              const MereReceiptDocument *document,
              const MereCourierContent  *content,
              GError                   **error)
{
  g_autoptr (GPtrArray) bundles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) refusals = g_ptr_array_new_with_free_func (g_free);
  const MereReceipt receipt = {
    .hq = content->signer,
    .counter = document->counter,
    .trust = document->trust,
    .issued = document->issued,
    .content = content->document,
    .signature = content->proof,
  };

  flatten (document, bundles, refusals);

  return mere_receipt_add (self->store, &receipt, bundles, refusals, error);
}

static guint
grown (const gint64 *before,
       const gint64 *after,
       int           state)
{
  return after[state] > before[state] ? (guint) (after[state] - before[state]) : 0;
}

static gboolean
is_told (const MereReceiptDocument *document,
         const char                *notice)
{
  return document->notices != NULL && g_strv_contains ((const char *const *) document->notices, notice);
}

static gboolean
take_receipt (MereCourier               *self,
              const MereReceiptDocument *document,
              const MereCourierContent  *content,
              MereCourierRead           *read,
              GError                   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);
  guint  n_returned = 0;
  gint64 before[MERE_RECORD_N_STATES], after[MERE_RECORD_N_STATES];

  if (work == NULL ||
      !mere_record_count (self->store, before, error) ||
      !keep_receipt (self, document, content, error) ||
      !keep_returned (self->store, document, &n_returned, error) ||
      !mere_enrol_set_answered (self->store, error) ||
      (is_told (document, MERE_NOTICE_CLONE) && !mere_enrol_set_copied (self->store, error)) ||
      !check_chains (self, document, read, error) ||
      !mere_record_count (self->store, after, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return FALSE;

  read->n_receipts++;
  read->copied = is_told (document, MERE_NOTICE_CLONE);
  read->key_old = is_told (document, MERE_NOTICE_KEY_OLD) && self->trust->version < document->trust;
  read->n_returned += n_returned;
  read->n_acknowledged += grown (before, after, MERE_RECORD_ACKNOWLEDGED);
  read->n_refused_records += grown (before, after, MERE_RECORD_REFUSED);

  return TRUE;
}

gboolean
mere_courier_apply_receipt (MereCourier              *self,
                            const MereCourierContent *content,
                            MereCourierRead          *read,
                            MereCourierTaking        *taking,
                            GError                  **error)
{
  g_autoptr (MereReceiptDocument) document = mere_receipt_document_parse (content->document, error);
  g_autoptr (MereReceipt) newest = NULL;
  GError *failure = NULL;

  if (document == NULL)
    return FALSE;
  if (strcmp (document->hq, self->trust->hq) != 0 || strcmp (document->to, self->keys->device) != 0)
    return refuse_addressee (error);
  newest = mere_receipt_load_newest (self->store, content->signer, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  *taking = newest != NULL && document->counter < newest->counter ? MERE_COURIER_KNOWN : MERE_COURIER_TAKEN;
  if (newest != NULL && document->counter == newest->counter && g_bytes_equal (newest->content, content->document))
    *taking = MERE_COURIER_KNOWN;

  return *taking == MERE_COURIER_KNOWN || take_receipt (self, document, content, read, error);
}

/* A #MereDispatchContent. */
static GBytes *
find_content (gpointer    user_data,
              const char *b2)
{
  const MereCourierContent *content = user_data;

  return g_hash_table_lookup (content->contents, b2);
}

static gboolean
take_dispatch (MereCourier              *self,
               const MereDispatch       *dispatch,
               const MereCourierContent *content,
               MereCourierRead          *read,
               GError                  **error)
{
  g_autofree char      *key = g_strdup_printf (KEY_DISPATCH_OF, content->signer);
  MereDispatchInstalled installed;
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);

  if (work == NULL ||
      !mere_dispatch_install (self->store, dispatch, find_content, (gpointer) content, &installed, error) ||
      !mere_settings_save_int (self->store, key, dispatch->counter, error) ||
      !mere_settings_save_int (self->store, KEY_DISPATCH, dispatch->counter, error) ||
      !mere_enrol_set_answered (self->store, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return FALSE;

  read->n_dispatches++;
  read->n_instruments += installed.n_instruments;
  read->n_crossings = installed.n_crossings;
  g_free (read->assessment);
  read->assessment = dispatch->assessment != NULL ? g_strdup (dispatch->assessment->title) : NULL;
  g_free (read->message);
  read->message = g_strdup (dispatch->message);

  return TRUE;
}

gboolean
mere_courier_apply_dispatch (MereCourier              *self,
                             const MereCourierContent *content,
                             MereCourierRead          *read,
                             MereCourierTaking        *taking,
                             GError                  **error)
{
  g_autoptr (MereDispatch) dispatch = mere_dispatch_parse (content->document, error);
  g_autofree char *key = g_strdup_printf (KEY_DISPATCH_OF, content->signer);

  if (dispatch == NULL)
    return FALSE;
  if (!g_strv_contains ((const char *const *) dispatch->to, self->keys->device))
    return refuse_addressee (error);
  *taking = dispatch->counter <= mere_settings_load_int (self->store, key, 0) ? MERE_COURIER_KNOWN : MERE_COURIER_TAKEN;

  return *taking == MERE_COURIER_KNOWN || take_dispatch (self, dispatch, content, read, error);
}
