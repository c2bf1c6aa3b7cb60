/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"
#include "app/vault/key-slot.h"
#include "app/vault/rescue.h"

G_BEGIN_DECLS

/* What became of one record of a damaged vault. */
typedef enum {
  MERE_LOSS_RECORD,     /* the log knows it, and nothing else opens */
  MERE_LOSS_CONTENT,    /* its answers do not open */
  MERE_LOSS_ATTACHMENT, /* its answers opened; an attachment did not */
  MERE_LOSS_DRAFT,      /* a draft that does not open */
  MERE_LOSS_STEPS,      /* a draft of which the last answers do not open */
} MereLossKind;

/**
 * MereLoss:
 * @record: (nullable): instanceID; %NULL of a draft of which nothing else is known
 * @title: (nullable): of the record
 * @crossing: (nullable): where it was made
 * @attachment: (nullable): name of the attachment
 */
typedef struct
{
  MereLossKind kind;
  char        *record;
  char        *title;
  char        *crossing;
  char        *attachment;
} MereLoss;

/**
 * MereSalvage:
 * @n_records: that are whole in the new vault, but for the attachments listed
 * @n_drafts: that are there
 * @losses: (element-type MereLoss): what did not open
 * @rescue: of all tables
 */
typedef struct
{
  gint64     n_records;
  gint64     n_drafts;
  GPtrArray *losses;
  MereRescue rescue;
} MereSalvage;

void mere_salvage_free (MereSalvage *self);

/**
 * mere_salvage_run:
 * @path: folder of a damaged vault that is not open
 * @passphrase: one that opens it; of the new one too
 * @folder: what is to become the new vault; it must not exist or must be empty
 * @cost: (nullable): of a guess at the passphrase; %NULL measures the machine
 * @progress: (nullable) (scope call): pages that are behind, of twice those that there are
 * @error: return location, domain %MERE_VAULT_ERROR, %MERE_STORE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Takes every record, draft and key that still opens into a new vault, under another data key. A record whose answers do not open is marked as
 * erased there, so that it is counted and never sent. Which attachments a record has is told by the log as well. A draft is taken as far as its
 * journal is without gaps. The damaged vault stays as it is. On failure nothing is left in @folder. To be called off the main thread.
 *
 * Returns: (transfer full): what came over, and what did not
 */
MereSalvage *mere_salvage_run (const char        *path,
                               const MereSecret  *passphrase,
                               const char        *folder,
                               const MereKeyCost *cost,
                               MereVaultProgress  progress,
                               gpointer           data,
                               GCancellable      *cancellable,
                               GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereSalvage, mere_salvage_free)

G_END_DECLS
