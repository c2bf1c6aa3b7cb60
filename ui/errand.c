/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/errand.h"

#include "sync/enrol.h"
#include "sync/recover.h"

struct _MereErrandProgress
{
  gatomicrefcount references;
  GMutex          lock;
  MereCourierStep step;
  guint64         done;
  guint64         total;
};

/* What a thread works with: copies, never a widget. */
typedef struct
{
  MereStore          *store;
  char               *folder;
  char               *text; /* label or typed digits, or NULL */
  MereErrandProgress *progress;
} Job;

MereErrandProgress *
mere_errand_progress_new (void)
{
  MereErrandProgress *self = g_new0 (MereErrandProgress, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);

  return self;
}

MereErrandProgress *
mere_errand_progress_ref (MereErrandProgress *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
mere_errand_progress_unref (MereErrandProgress *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mere_errand_progress_get (MereErrandProgress *self,
                          MereCourierStep    *step,
                          guint64            *done,
                          guint64            *total)
{
  g_mutex_lock (&self->lock);
  *step = self->step;
  *done = self->done;
  *total = self->total;
  g_mutex_unlock (&self->lock);
}

static void
note_progress (gpointer        user_data,
               MereCourierStep step,
               guint64         done,
               guint64         total)
{
  MereErrandProgress *self = user_data;

  g_mutex_lock (&self->lock);
  self->step = step;
  self->done = done;
  self->total = total;
  g_mutex_unlock (&self->lock);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  mere_store_unref (job->store);
  g_free (job->folder);
  g_free (job->text);
  g_clear_pointer (&job->progress, mere_errand_progress_unref);
  g_free (job);
}

static void
start (MereStore          *store,
       const char         *folder,
       const char         *text,
       MereErrandProgress *progress,
       GTaskThreadFunc     work,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->store = mere_store_ref (store);
  job->folder = g_strdup (folder);
  job->text = g_strdup (text);
  job->progress = progress != NULL ? mere_errand_progress_ref (progress) : NULL;

  /* What was done is told even where it was cancelled too late. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

static void
return_pointer (GTask         *task,
                gpointer       value,
                GDestroyNotify destroy,
                GError        *error)
{
  if (value != NULL)
    g_task_return_pointer (task, value, destroy);
  else
    g_task_return_error (task, error);
}

static void
return_boolean (GTask   *task,
                gboolean done,
                GError  *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
free_written (gpointer written)
{
  mere_courier_written_free (written);
}

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job                *job = task_data;
  GError             *error = NULL;
  MereCourierWritten *written = mere_courier_write (job->store, job->folder, note_progress, job->progress, cancellable, &error);

  return_pointer (task, written, free_written, error);
}

/* Headquarters' recovery key may have come with what was read. Where it fails, the next unlocking tries again. */
static void
ensure_recovery (MereStore *store)
{
  if (store != NULL)
    mere_recover_ensure (store, NULL);
}

static void
free_read (gpointer read)
{
  mere_courier_read_free (read);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job             *job = task_data;
  GError          *error = NULL;
  MereCourierRead *read = mere_courier_read (job->store, job->folder, note_progress, job->progress, cancellable, &error);

  ensure_recovery (read != NULL ? job->store : NULL);

  return_pointer (task, read, free_read, error);
}

static void
free_plan (gpointer plan)
{
  mere_erasure_plan_free (plan);
}

static void
plan_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job             *job = task_data;
  GError          *error = NULL;
  MereErasurePlan *plan = mere_erasure_plan (job->store, &error);

  return_pointer (task, plan, free_plan, error);
}

static void
erase_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job                          *job = task_data;
  GError                       *error = NULL;
  g_autofree MereErasureResult *erased = g_new0 (MereErasureResult, 1);
  gboolean                      done = mere_courier_erase (job->store, note_progress, job->progress, cancellable, erased, &error);

  return_pointer (task, done ? g_steal_pointer (&erased) : NULL, g_free, error);
}

static void
look_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job                        *job = task_data;
  GError                     *error = NULL;
  g_autofree MereCourierLook *look = g_new0 (MereCourierLook, 1);
  gboolean                    seen = mere_courier_look (job->store, job->folder, look, cancellable, &error);

  return_pointer (task, seen ? g_steal_pointer (&look) : NULL, g_free, error);
}

static void
card_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job     *job = task_data;
  GError  *error = NULL;
  gboolean done = mere_enrol_prepare (job->store, job->text, &error) &&
                  mere_enrol_write (job->store, job->folder, cancellable, &error);

  return_boolean (task, done, error);
}

static void
trust_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job     *job = task_data;
  GError  *error = NULL;
  gboolean done = mere_enrol_trust (job->store, job->folder, job->text, &error);

  ensure_recovery (done ? job->store : NULL);

  return_boolean (task, done, error);
}

void
mere_errand_write_async (MereStore          *store,
                         const char         *folder,
                         MereErrandProgress *progress,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  start (store, folder, NULL, progress, write_thread, cancellable, callback, user_data);
}

MereCourierWritten *
mere_errand_write_finish (GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
mere_errand_read_async (MereStore          *store,
                        const char         *folder,
                        MereErrandProgress *progress,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  start (store, folder, NULL, progress, read_thread, cancellable, callback, user_data);
}

MereCourierRead *
mere_errand_read_finish (GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
mere_errand_plan_async (MereStore          *store,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  start (store, NULL, NULL, NULL, plan_thread, cancellable, callback, user_data);
}

MereErasurePlan *
mere_errand_plan_finish (GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
mere_errand_erase_async (MereStore          *store,
                         MereErrandProgress *progress,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  start (store, NULL, NULL, progress, erase_thread, cancellable, callback, user_data);
}

gboolean
mere_errand_erase_finish (GAsyncResult      *result,
                          MereErasureResult *erased,
                          GError           **error)
{
  g_autofree MereErasureResult *done = g_task_propagate_pointer (G_TASK (result), error);

  if (done == NULL)
    return FALSE;

  *erased = *done;

  return TRUE;
}

void
mere_errand_look_async (MereStore          *store,
                        const char         *folder,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  start (store, folder, NULL, NULL, look_thread, cancellable, callback, user_data);
}

gboolean
mere_errand_look_finish (GAsyncResult    *result,
                         MereCourierLook *look,
                         GError         **error)
{
  g_autofree MereCourierLook *seen = g_task_propagate_pointer (G_TASK (result), error);

  if (seen == NULL)
    return FALSE;

  *look = *seen;

  return TRUE;
}

void
mere_errand_card_async (MereStore          *store,
                        const char         *folder,
                        const char         *label,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  start (store, folder, label, NULL, card_thread, cancellable, callback, user_data);
}

gboolean
mere_errand_card_finish (GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mere_errand_trust_async (MereStore          *store,
                         const char         *folder,
                         const char         *typed,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  start (store, folder, typed, NULL, trust_thread, cancellable, callback, user_data);
}

gboolean
mere_errand_trust_finish (GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
