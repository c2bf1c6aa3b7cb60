/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/unlocking.h"

#include "app/vault/recovery.h"
#include "app/vault/rekey.h"
#include "sync/recover.h"

/* What is to be done in the thread. */
typedef struct
{
  char                 *path;
  MereSecret           *answer; /* NULL: the passphrase opens it */
  MereSecret           *passphrase;
  MereUnlockingMode     mode;
  MereVaultProgressBox *progress;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_clear_pointer (&job->answer, mere_secret_free);
  g_clear_pointer (&job->passphrase, mere_secret_free);
  g_clear_pointer (&job->progress, mere_vault_progress_box_unref);
  g_free (job);
}

static void
close_store (gpointer store)
{
  mere_store_close (store);
}

static MereVault *
open_vault (const Job *job,
            GError   **error)
{
  if (job->answer != NULL)
    return mere_vault_recover (job->path, job->answer, job->passphrase, error);
  if (job->mode == MERE_UNLOCKING_CREATE)
    return mere_vault_create (job->path, job->passphrase, error);
  /* A change of keys that was cut off goes on first. Once begun it is better ended than given up. */
  if (!mere_vault_rekey_resume (job->path, job->passphrase, job->progress != NULL ? mere_vault_progress_box_note : NULL, job->progress, NULL, error))
    return NULL;

  return mere_vault_open (job->path, job->passphrase, error);
}

static void
unlock_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Job       *job = task_data;
  GError    *error = NULL;
  MereVault *vault = open_vault (job, &error);
  MereStore *store;

  g_clear_pointer (&job->answer, mere_secret_free);
  g_clear_pointer (&job->passphrase, mere_secret_free);

  store = vault != NULL ? mere_store_open (vault, &error) : NULL;

  /* Without it the vault is as open as with it, and the next opening tries again. */
  if (store != NULL)
    mere_recover_ensure (store, NULL);

  if (store != NULL)
    g_task_return_pointer (task, store, close_store);
  else
    g_task_return_error (task, error);
}

static void
free_secret (gpointer secret)
{
  mere_secret_free (secret);
}

static void
check_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job    *job = task_data;
  GError *error = NULL;

  if (mere_recovery_check (job->path, job->answer, &error))
    g_task_return_pointer (task, g_steal_pointer (&job->answer), free_secret);
  else
    g_task_return_error (task, error);
}

static void
start (const char           *path,
       MereSecret           *answer,
       MereSecret           *passphrase,
       MereUnlockingMode     mode,
       MereVaultProgressBox *progress,
       GTaskThreadFunc       work,
       GCancellable         *cancellable,
       GAsyncReadyCallback   callback,
       gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  job->answer = answer;
  job->passphrase = passphrase;
  job->mode = mode;
  job->progress = progress != NULL ? mere_vault_progress_box_ref (progress) : NULL;

  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

void
mere_unlocking_async (const char           *path,
                      MereSecret           *passphrase,
                      MereUnlockingMode     mode,
                      MereVaultProgressBox *progress,
                      GCancellable         *cancellable,
                      GAsyncReadyCallback   callback,
                      gpointer              user_data)
{
  start (path, NULL, passphrase, mode, progress, unlock_thread, cancellable, callback, user_data);
}

void
mere_unlocking_recover_async (const char         *path,
                              MereSecret         *answer,
                              MereSecret         *passphrase,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  start (path, answer, passphrase, MERE_UNLOCKING_OPEN, NULL, unlock_thread, cancellable, callback, user_data);
}

void
mere_unlocking_check_answer_async (const char         *path,
                                   MereSecret         *answer,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  start (path, answer, NULL, MERE_UNLOCKING_OPEN, NULL, check_thread, cancellable, callback, user_data);
}

MereSecret *
mere_unlocking_check_answer_finish (GAsyncResult *result,
                                    GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

MereStore *
mere_unlocking_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
