/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/store/store.h"
#include "app/vault/secret.h"
#include "ui/vault-work.h"

G_BEGIN_DECLS

typedef enum {
  MERE_UNLOCKING_OPEN,
  MERE_UNLOCKING_CREATE,
} MereUnlockingMode;

/**
 * mere_unlocking_async:
 * @path: folder of the vault
 * @passphrase: (transfer full): wiped when the work is done
 * @progress: (nullable): borrowed; how far a change of keys is that was cut off and goes on first
 *
 * Makes or opens a vault and its store in a thread: the key derivation takes about a second. A cancelled one is
 * worked to its end, closed again and reported as %G_IO_ERROR_CANCELLED.
 */
void mere_unlocking_async (const char           *path,
                           MereSecret           *passphrase,
                           MereUnlockingMode     mode,
                           MereVaultProgressBox *progress,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data);

/**
 * mere_unlocking_recover_async:
 * @answer: (transfer full): headquarters' answer to the vault's challenge
 * @passphrase: (transfer full): what opens the vault from now on
 *
 * mere_vault_recover(), in the same way; ends with mere_unlocking_finish().
 */
void mere_unlocking_recover_async (const char         *path,
                                   MereSecret         *answer,
                                   MereSecret         *passphrase,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

/* mere_recovery_check(); @answer: (transfer full): given back if it is right */
void        mere_unlocking_check_answer_async (const char         *path,
                                               MereSecret         *answer,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
MereSecret *mere_unlocking_check_answer_finish (GAsyncResult *result,
                                                GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full): an open store, or %NULL with an error of %MERE_VAULT_ERROR or %MERE_STORE_ERROR */
MereStore *mere_unlocking_finish (GAsyncResult *result,
                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
