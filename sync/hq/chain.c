/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read here comes in the order of chain and place, so each chain is one walk. */

#include "config.h"

#include "sync/hq/chain.h"

#include "app/store/statement.h"
#include "sync/hq/review.h"

#define MAX_GAPS 10000 /* places of one chain that are named as missing; a sequence may jump by a million */

/* Of one bundle, as the query gives it. */
typedef struct
{
  gint64            row;
  guint             seq;
  char             *b2;
  char             *prev;
  guint             n_records;
  gboolean          told;
  MereReceiptStatus status;
} Bundle;

static void
bundle_clear (gpointer data)
{
  Bundle *bundle = data;

  g_free (bundle->b2);
  g_free (bundle->prev);
}

static MereReceiptStatus
status_from_string (const char *text)
{
  if (g_str_equal (text, "accepted"))
    return MERE_RECEIPT_ACCEPTED;
  return g_str_equal (text, "partial") ? MERE_RECEIPT_PARTIAL : MERE_RECEIPT_QUARANTINED;
}

static gboolean
load_rejections (MereStore       *store,
                 gint64           bundle,
                 MereReceiptLine *line,
                 GError         **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT record, code FROM hq_rejection WHERE bundle = ?1 ORDER BY record", error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_int (query, 1, bundle);
  for (;;)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      mere_receipt_line_reject (line, mere_statement_get_text (query, 0), mere_statement_get_text (query, 1));
    }
}

static gboolean
add_line (MereStore        *store,
          MereReceiptChain *chain,
          const Bundle     *bundle,
          GError          **error)
{
  MereReceiptLine *line;

  if (bundle->told && bundle->status == MERE_RECEIPT_ACCEPTED)
    return TRUE;
  line = mere_receipt_chain_add_line (chain, bundle->seq, bundle->b2, bundle->status, bundle->n_records);
  /* Only one that was taken in part has any; and there may be thousands of the others. */
  return bundle->status != MERE_RECEIPT_PARTIAL || load_rejections (store, bundle->row, line, error);
}

static gboolean
is_held (const Bundle *bundle)
{
  return bundle->status != MERE_RECEIPT_QUARANTINED;
}

/* The held bundles from @at on that have its place: where it ends. */
static guint
end_of_place (GArray *bundles,
              guint   at)
{
  guint seq = g_array_index (bundles, Bundle, at).seq;

  while (at < bundles->len && g_array_index (bundles, Bundle, at).seq == seq)
    at++;
  return at;
}

static void
note_place (MereReceiptChain *chain,
            guint             seq,
            guint            *highest)
{
  for (guint gap = *highest + 1; gap < seq && chain->missing->len < MAX_GAPS; gap++)
    g_array_append_val (chain->missing, gap);
  if (chain->missing->len == 0)
    chain->through = seq;
  else
    g_array_append_val (chain->beyond, seq);
  *highest = seq;
}

/* The hashes that one place has, and the one that the next place says it has. */
static void
note_fork (MereReceiptChain *chain,
           GArray           *held,
           guint             begin,
           guint             end,
           const char       *named)
{
  g_autoptr (GPtrArray) b2 = g_ptr_array_new ();

  for (guint i = begin; i < end; i++)
    g_ptr_array_add (b2, g_array_index (held, Bundle, i).b2);
  if (named != NULL && !g_ptr_array_find_with_equal_func (b2, named, g_str_equal, NULL))
    g_ptr_array_add (b2, (gpointer) named);
  g_ptr_array_add (b2, NULL);
  if (b2->len > 2)
    mere_receipt_chain_add_fork (chain, g_array_index (held, Bundle, begin).seq, (const char *const *) b2->pdata);
}

/* What the bundles after a place say came before them; %NULL where that is what is here. */
static const char *
find_stranger (GArray *held,
               guint   begin,
               guint   end)
{
  guint next = end < held->len ? end_of_place (held, end) : end;

  if (end < held->len && g_array_index (held, Bundle, end).seq != g_array_index (held, Bundle, begin).seq + 1)
    return NULL;
  for (guint i = end; i < next; i++)
    {
      const char *prev = g_array_index (held, Bundle, i).prev;
      gboolean    found = FALSE;

      for (guint j = begin; j < end && !found; j++)
        found = g_strcmp0 (prev, g_array_index (held, Bundle, j).b2) == 0;
      if (!found)
        return prev;
    }
  return NULL;
}

static void
measure (MereReceiptChain *chain,
         GArray           *held)
{
  guint highest = 0;

  for (guint begin = 0; begin < held->len;)
    {
      guint end = end_of_place (held, begin);

      note_place (chain, g_array_index (held, Bundle, begin).seq, &highest);
      if (chain->through == highest)
        {
          g_free (chain->head);
          chain->head = g_strdup (g_array_index (held, Bundle, end - 1).b2);
        }
      note_fork (chain, held, begin, end, find_stranger (held, begin, end));
      begin = end;
    }
}

#define SELECT                                                                                                               \
  "SELECT chain, chain_no, row, seq, b2, prev, n_records, status, CASE WHEN told <= ?2 THEN 1 ELSE 0 END, log_seq, log_hash" \
  " FROM hq_bundle WHERE device = ?1 ORDER BY chain_no, chain, seq, row"

static void
read_bundle (MereStatement *query,
             Bundle        *bundle)
{
  bundle->row = mere_statement_get_int (query, 2);
  bundle->seq = (guint) mere_statement_get_int (query, 3);
  bundle->b2 = mere_statement_dup_text (query, 4);
  bundle->prev = mere_statement_dup_text (query, 5);
  bundle->n_records = (guint) mere_statement_get_int (query, 6);
  bundle->status = status_from_string (mere_statement_get_text (query, 7));
  bundle->told = mere_statement_get_int (query, 8) != 0;
}

/* How far in the laptop's log this chain has come. */
static void
note_log (MereReceiptChain *chain,
          MereStatement    *query)
{
  gint64 seq = mere_statement_get_int (query, 9);

  if (mere_statement_is_null (query, 10) || seq <= chain->log_seq)
    return;
  g_free (chain->log_hash);
  chain->log_seq = seq;
  chain->log_hash = mere_statement_dup_text (query, 10);
}

static GArray *
new_held (void)
{
  GArray *held = g_array_new (FALSE, FALSE, sizeof (Bundle));

  g_array_set_clear_func (held, bundle_clear);
  return held;
}

/* One walk over all bundles of the laptop; a new chain begins where its id changes. */
static gboolean
read_chains (MereStore           *store,
             MereStatement       *query,
             MereReceiptDocument *document,
             GError             **error)
{
  g_autoptr (GArray) held = new_held ();
  MereReceiptChain *chain = NULL;
  gboolean          row;

  for (;;)
    {
      Bundle bundle = { 0 };

      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (chain != NULL && (!row || g_strcmp0 (chain->id, mere_statement_get_text (query, 0)) != 0))
        {
          measure (chain, held);
          g_array_set_size (held, 0);
          chain = NULL;
        }
      if (!row)
        return TRUE;
      if (chain == NULL)
        chain = mere_receipt_document_add_chain (
          document, mere_statement_get_text (query, 0), (guint) mere_statement_get_int (query, 1));
      read_bundle (query, &bundle);
      document->n_bundles += is_held (&bundle);
      note_log (chain, query);
      if (!add_line (store, chain, &bundle, error))
        {
          bundle_clear (&bundle);
          return FALSE;
        }
      if (is_held (&bundle))
        g_array_append_val (held, bundle);
      else
        bundle_clear (&bundle);
    }
}

static gboolean
count_records (MereStore           *store,
               const char          *device,
               MereReceiptDocument *document,
               GError             **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT n_records FROM hq_device WHERE device = ?1", error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, device);
  if (!mere_statement_step (query, &row, error))
    return FALSE;
  document->n_records = row ? (guint64) mere_statement_get_int (query, 0) : 0;
  return TRUE;
}

static void
draw_conclusions (MereReceiptDocument *document,
                  gboolean             forked)
{
  g_autoptr (GStrvBuilder) notices = g_strv_builder_new ();

  for (guint i = 0; i < document->chains->len; i++)
    {
      const MereReceiptChain *chain = document->chains->pdata[i];

      forked = forked || chain->forks->len > 0;
      for (guint j = 0; j < chain->missing->len; j++)
        {
          MereChainPlace place = { chain->no, g_array_index (chain->missing, guint, j) };

          g_array_append_val (document->resend, place);
        }
    }
  if (forked)
    g_strv_builder_add (notices, MERE_NOTICE_CLONE);
  g_strfreev (document->notices);
  document->notices = g_strv_builder_end (notices);
}

MereReceiptDocument *
mere_chain_list (MereStore  *store,
                 const char *device,
                 gint64      seen_receipt,
                 GError    **error)
{
  g_autoptr (MereReceiptDocument) document = mere_receipt_document_new ();
  g_autoptr (MereStatement) query = mere_statement_new (store, SELECT, error);
  g_autoptr (GPtrArray) branches = query != NULL ? mere_chain_list_branches (store, device, error) : NULL;

  if (branches == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, device);
  mere_statement_bind_int (query, 2, seen_receipt);
  if (!read_chains (store, query, document, error) || !count_records (store, device, document, error) ||
      !mere_review_fill_receipt (store, device, document, error))
    return NULL;
  draw_conclusions (document, branches->len > 0);
  return g_steal_pointer (&document);
}

gboolean
mere_chain_set_told (MereStore  *store,
                     const char *device,
                     gint64      counter,
                     GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE hq_bundle SET told = ?2 WHERE device = ?1 AND told IS NULL", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, device);
  mere_statement_bind_int (update, 2, counter);
  return mere_statement_run (update, error);
}

gboolean
mere_chain_tell_again (MereStore  *store,
                       const char *device,
                       const char *b2,
                       gint64      seen_receipt,
                       GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    store, "UPDATE hq_bundle SET told = NULL WHERE device = ?1 AND b2 = ?2 AND told <= ?3", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_text (update, 1, device);
  mere_statement_bind_text (update, 2, b2);
  mere_statement_bind_int (update, 3, seen_receipt);
  return mere_statement_run (update, error);
}
