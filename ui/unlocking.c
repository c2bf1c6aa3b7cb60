/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/unlocking.h"

#include "app/vault/vault.h"

typedef struct
{
  char             *path;
  MereSecret       *passphrase;
  MereUnlockingMode mode;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_clear_pointer (&job->passphrase, mere_secret_free);
  g_free (job);
}

static void
close_store (gpointer store)
{
  mere_store_close (store);
}

static void
unlock_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Job       *job = task_data;
  MereVault *vault;
  MereStore *store;
  GError    *error = NULL;

  if (job->mode == MERE_UNLOCKING_CREATE)
    vault = mere_vault_create (job->path, job->passphrase, &error);
  else
    vault = mere_vault_open (job->path, job->passphrase, &error);

  g_clear_pointer (&job->passphrase, mere_secret_free);

  store = vault != NULL ? mere_store_open (vault, &error) : NULL;

  if (store != NULL)
    g_task_return_pointer (task, store, close_store);
  else
    g_task_return_error (task, error);
}

void
mere_unlocking_async (const char         *path,
                      MereSecret         *passphrase,
                      MereUnlockingMode   mode,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  job->passphrase = passphrase;
  job->mode = mode;

  g_task_set_source_tag (task, mere_unlocking_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, unlock_thread);
}

MereStore *
mere_unlocking_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
