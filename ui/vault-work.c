/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/vault-work.h"

#include "app/vault/backup.h"
#include "app/vault/rekey.h"
#include "app/vault/slots.h"
#include "sync/recover.h"

struct _MereVaultProgressBox
{
  gatomicrefcount references;
  guint           done; /* atomic; as all */
  guint           all;
};

MereVaultProgressBox *
mere_vault_progress_box_new (void)
{
  MereVaultProgressBox *self = g_new0 (MereVaultProgressBox, 1);

  g_atomic_ref_count_init (&self->references);

  return self;
}

MereVaultProgressBox *
mere_vault_progress_box_ref (MereVaultProgressBox *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
mere_vault_progress_box_unref (MereVaultProgressBox *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

double
mere_vault_progress_box_get (MereVaultProgressBox *self)
{
  guint done = g_atomic_int_get (&self->done);
  guint all = g_atomic_int_get (&self->all);

  return all > 0 ? CLAMP ((double) done / all, 0, 1) : 0;
}

void
mere_vault_progress_box_note (guint    done,
                              guint    all,
                              gpointer box)
{
  MereVaultProgressBox *self = box;

  g_atomic_int_set (&self->all, all);
  g_atomic_int_set (&self->done, done);
}

/* What a thread works with: copies, never a widget. */
typedef struct
{
  MereVaultWork work;
  char         *path;
  char         *folder;
  char         *label;
  MereSalvage  *salvage;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->work.store, mere_store_unref);
  g_clear_pointer (&job->work.known, mere_secret_free);
  g_clear_pointer (&job->work.fresh, mere_secret_free);
  g_clear_pointer (&job->work.progress, mere_vault_progress_box_unref);
  g_clear_pointer (&job->salvage, mere_salvage_free);
  g_free (job->path);
  g_free (job->folder);
  g_free (job->label);
  g_free (job);
}

static MereVaultProgress
get_progress (Job *job)
{
  return job->work.progress != NULL ? mere_vault_progress_box_note : NULL;
}

static gboolean
do_restore (Job          *job,
            GCancellable *cancellable,
            GError      **error)
{
  g_autoptr (MereVault) vault = mere_vault_open (job->path, job->work.known, error);

  return vault != NULL && mere_vault_backup (vault, job->folder, get_progress (job), job->work.progress, cancellable, error);
}

static gboolean
do_with_open_vault (Job          *job,
                    MereVault    *vault,
                    GCancellable *cancellable,
                    GError      **error)
{
  MereVaultWork *work = &job->work;

  switch (work->kind)
    {
    case MERE_VAULT_WORK_ADD:
      return mere_vault_add_passphrase (vault, work->known, job->label, work->fresh, error);
    case MERE_VAULT_WORK_CHANGE:
      return mere_vault_change_passphrase (vault, work->known, work->fresh, error);
    case MERE_VAULT_WORK_REMOVE:
      return mere_vault_remove_slot (vault, work->known, job->label, error);
    case MERE_VAULT_WORK_BACKUP:
      return mere_vault_backup (vault, job->folder, get_progress (job), work->progress, cancellable, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
do_work (Job          *job,
         GCancellable *cancellable,
         GError      **error)
{
  MereVaultWork *work = &job->work;
  MereVault     *vault;
  gboolean       done;

  switch (work->kind)
    {
    case MERE_VAULT_WORK_RECOVERY:
      return mere_recover_ensure (work->store, error);
    case MERE_VAULT_WORK_RESTORE:
      return do_restore (job, cancellable, error);
    case MERE_VAULT_WORK_RESCUE:
      job->salvage = mere_salvage_run (job->path, work->known, job->folder, NULL, get_progress (job), work->progress, cancellable, error);
      return job->salvage != NULL;
    case MERE_VAULT_WORK_REKEY:
      return mere_vault_rekey (job->path, work->known, get_progress (job), work->progress, cancellable, error);
    default:
      break;
    }

  vault = mere_store_hold_vault (work->store, error);
  if (vault == NULL)
    return FALSE;
  done = do_with_open_vault (job, vault, cancellable, error);
  mere_vault_release (vault);

  return done;
}

static void
work_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;

  if (do_work (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
mere_vault_work_async (const MereVaultWork *work,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->work = *work;
  job->path = g_strdup (work->path);
  job->folder = g_strdup (work->folder);
  job->label = g_strdup (work->label);
  if (work->store != NULL)
    mere_store_ref (work->store);
  if (work->progress != NULL)
    job->work.progress = mere_vault_progress_box_ref (work->progress);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work_thread);
}

gboolean
mere_vault_work_finish (GAsyncResult *result,
                        MereSalvage **salvage,
                        GError      **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (salvage != NULL)
    *salvage = g_steal_pointer (&job->salvage);

  return TRUE;
}
