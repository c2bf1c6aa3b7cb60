/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/rescue.h"
#include "app/store/store.h"

G_BEGIN_DECLS

/* What is done to a vault as a whole, in threads. */

/**
 * MereVaultProgressBox:
 *
 * How far a thread is; it writes, the window looks whenever it draws. Reference counted, as either may end first.
 */
typedef struct _MereVaultProgressBox MereVaultProgressBox;

MereVaultProgressBox *mere_vault_progress_box_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                  mere_vault_progress_box_unref (MereVaultProgressBox *self);
MereVaultProgressBox *mere_vault_progress_box_ref (MereVaultProgressBox *self) G_GNUC_WARN_UNUSED_RESULT;
double                mere_vault_progress_box_get (MereVaultProgressBox *self); /* 0 to 1 */

/* A #MereVaultProgress; @self: a box. */
void mere_vault_progress_box_note (guint    done,
                                   guint    all,
                                   gpointer self);

typedef enum {
  MERE_VAULT_WORK_ADD,      /* a passphrase: known, label, fresh */
  MERE_VAULT_WORK_CHANGE,   /* a passphrase: known, fresh */
  MERE_VAULT_WORK_REMOVE,   /* a passphrase: known, label (nullable) */
  MERE_VAULT_WORK_RECOVERY, /* mere_recover_ensure() */
  MERE_VAULT_WORK_BACKUP,   /* into folder */
  MERE_VAULT_WORK_RESTORE,  /* the vault in path, opened by known, into folder */
  MERE_VAULT_WORK_RESCUE,   /* the same, as far as it opens */
  MERE_VAULT_WORK_REKEY,    /* the vault in path, by known */
} MereVaultWorkKind;

/**
 * MereVaultWork:
 * @store: of an open vault; borrowed
 * @path: folder of a vault that is not open
 * @folder: where to
 * @known: (transfer full): a passphrase that opens the vault
 * @fresh: (transfer full): a new one
 * @progress: (nullable): borrowed
 *
 * What is to be done; what a kind does not need is %NULL.
 */
typedef struct
{
  MereVaultWorkKind     kind;
  MereStore            *store;
  const char           *path;
  const char           *folder;
  const char           *label;
  MereSecret           *known;
  MereSecret           *fresh;
  MereVaultProgressBox *progress;
} MereVaultWork;

/* Copies what it needs. What was done is told even where it was cancelled too late. */
void mere_vault_work_async (const MereVaultWork *work,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data);

/* @salvage: (out) (optional) (nullable): of a rescue */
gboolean mere_vault_work_finish (GAsyncResult *result,
                                 MereSalvage **salvage,
                                 GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereVaultProgressBox, mere_vault_progress_box_unref)

G_END_DECLS
