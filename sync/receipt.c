/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The receipt as a structure. Its text is in receipt-text.c. */

#include "config.h"

#include "sync/receipt.h"

G_DEFINE_QUARK (mere_receipt_error, mere_receipt_error)

static void
rejection_free (gpointer data)
{
  MereReceiptRejection *self = data;

  g_free (self->record);
  g_free (self->code);
  g_free (self);
}

static void
line_free (gpointer data)
{
  MereReceiptLine *self = data;

  g_free (self->b2);
  g_ptr_array_unref (self->rejected);
  g_free (self);
}

static void
fork_free (gpointer data)
{
  MereReceiptFork *self = data;

  g_strfreev (self->b2);
  g_free (self);
}

static void
chain_free (gpointer data)
{
  MereReceiptChain *self = data;

  g_free (self->id);
  g_free (self->head);
  g_free (self->log_hash);
  g_array_unref (self->missing);
  g_array_unref (self->beyond);
  g_ptr_array_unref (self->forks);
  g_ptr_array_unref (self->bundles);
  g_free (self);
}

static void
return_free (gpointer data)
{
  MereReceiptReturn *self = data;

  g_free (self->record);
  g_free (self->ref);
  g_free (self->comment);
  g_free (self);
}

MereReceiptDocument *
mere_receipt_document_new (void)
{
  MereReceiptDocument *self = g_new0 (MereReceiptDocument, 1);

  self->chains = g_ptr_array_new_with_free_func (chain_free);
  self->resend = g_array_new (FALSE, FALSE, sizeof (MereChainPlace));
  self->returned = g_ptr_array_new_with_free_func (return_free);

  return self;
}

void
mere_receipt_document_free (MereReceiptDocument *self)
{
  if (self == NULL)
    return;

  g_free (self->hq);
  g_free (self->to);
  g_free (self->issued);
  g_ptr_array_unref (self->chains);
  g_array_unref (self->resend);
  g_strfreev (self->notices);
  g_ptr_array_unref (self->returned);
  g_free (self);
}

MereReceiptChain *
mere_receipt_document_add_chain (MereReceiptDocument *self,
                                 const char          *id,
                                 guint                no)
{
  MereReceiptChain *chain = g_new0 (MereReceiptChain, 1);

  chain->id = g_strdup (id);
  chain->no = no;
  chain->missing = g_array_new (FALSE, FALSE, sizeof (guint));
  chain->beyond = g_array_new (FALSE, FALSE, sizeof (guint));
  chain->forks = g_ptr_array_new_with_free_func (fork_free);
  chain->bundles = g_ptr_array_new_with_free_func (line_free);
  g_ptr_array_add (self->chains, chain);

  return chain;
}

MereReceiptLine *
mere_receipt_chain_add_line (MereReceiptChain *self,
                             guint             seq,
                             const char       *b2,
                             MereReceiptStatus status,
                             guint             n_records)
{
  MereReceiptLine *line = g_new0 (MereReceiptLine, 1);

  line->seq = seq;
  line->b2 = g_strdup (b2);
  line->status = status;
  line->n_records = n_records;
  line->rejected = g_ptr_array_new_with_free_func (rejection_free);
  g_ptr_array_add (self->bundles, line);

  return line;
}

void
mere_receipt_line_reject (MereReceiptLine *self,
                          const char      *record,
                          const char      *code)
{
  MereReceiptRejection *rejection = g_new (MereReceiptRejection, 1);

  rejection->record = g_strdup (record);
  rejection->code = g_strdup (code);
  g_ptr_array_add (self->rejected, rejection);
  if (self->status == MERE_RECEIPT_ACCEPTED)
    self->status = MERE_RECEIPT_PARTIAL;
}

void
mere_receipt_chain_add_fork (MereReceiptChain  *self,
                             guint              seq,
                             const char *const *b2)
{
  MereReceiptFork *branch = g_new (MereReceiptFork, 1);

  branch->seq = seq;
  branch->b2 = g_strdupv ((char **) b2);
  g_ptr_array_add (self->forks, branch);
}

void
mere_receipt_document_return (MereReceiptDocument *self,
                              const char          *record,
                              const char          *ref,
                              const char          *comment)
{
  MereReceiptReturn *returned = g_new (MereReceiptReturn, 1);

  returned->record = g_strdup (record);
  returned->ref = g_strdup (ref != NULL ? ref : "");
  returned->comment = g_strdup (comment);
  g_ptr_array_add (self->returned, returned);
}
