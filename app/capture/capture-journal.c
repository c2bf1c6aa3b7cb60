/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal: a step that the session has taken is committed with what lists show of the draft, and replayed after a
 * crash. Undoing and doing again are steps, too, so that replaying gives back the screen and both stacks.
 * docs/formats-store.md, "Drafts". */

#include "config.h"

#include "app/capture/capture.h"
#include "app/capture/capture-private.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define STEPS_PER_SNAPSHOT 256 /* replaying as many takes some tens of ms */

MereStep *
mere_capture_step_new (MereStepOp    op,
                       MereFormNode *node,
                       const char   *value,
                       const char   *previous)
{
  MereStep *self = g_new0 (MereStep, 1);

  self->op = op;
  self->ref = node != NULL ? mere_form_node_dup_ref (node) : NULL;
  self->value = g_strdup (value);
  self->previous = g_strdup (previous);
  self->at = mere_moment_now ();
  return self;
}

/* Forgets what earlier changes brought about. */
void
mere_capture_watch (MereCapture  *self,
                    MereFormNode *target)
{
  self->target = target;
  self->fleeting = FALSE;
  self->reshaped = FALSE;
}

static gboolean
save_title (MereCapture *self,
            char       **title,
            GError     **error)
{
  *title = mere_capture_dup_title (self);
  return g_strcmp0 (*title, self->title) == 0 || mere_draft_set_title (self->store, self->draft, *title, error);
}

static gboolean
append (MereCapture *self,
        MereStep    *step,
        GBytes      *before,
        GBytes      *after,
        GError     **error)
{
  g_autoptr (GError) problem = NULL;

  if (mere_draft_append (self->store, self->draft, step, before, after, self->progress.answered, self->progress.asked, &problem))
    return TRUE;
  if (g_error_matches (problem, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND))
    g_set_error_literal (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED, problem->message);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Commits a step that the session has taken already. What the session might not do the same way again goes along as a
 * snapshot. @file: (nullable): an attachment that comes with it. */
gboolean
mere_capture_keep (MereCapture          *self,
                   MereStep             *step,
                   GBytes               *before,
                   const MereAttachment *file,
                   GError              **error)
{
  gboolean by_snapshot = self->fleeting || step->op == MERE_STEP_RESTORE;
  g_autoptr (GBytes) after = by_snapshot ? mere_capture_dup_snapshot (self) : NULL;
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);
  g_autofree char *title = NULL;

  if (work == NULL || (file != NULL && !mere_attachment_attach (self->store, self->draft, file->name, file->b2, error)) ||
      !append (self, step, before, after, error) || !save_title (self, &title, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return FALSE;
  step->kept = before != NULL;
  g_free (self->title);
  self->title = g_steal_pointer (&title);
  self->n_unsafe = after != NULL ? 0 : self->n_unsafe + 1;
  if (self->n_unsafe >= STEPS_PER_SNAPSHOT)
    mere_capture_compact (self, NULL);
  return TRUE;
}

/* Back to how it was, after a step that could not be kept. The snapshot is the session's own, of a moment ago. */
void
mere_capture_put_back (MereCapture *self,
                       GBytes      *before)
{
  mere_capture_take_snapshot (self, before, NULL);
  mere_capture_tell_replaced (self);
}

/* Without side effects, all that comes is the new instance. */
MereFormNode *
mere_capture_grow (MereCapture  *self,
                   MereFormNode *repeat,
                   GError      **error)
{
  MereFormNode *instance;

  mere_capture_watch (self, NULL);
  self->growing = !self->side_effects;
  instance = mere_form_session_add_instance (self->session, repeat, error);
  self->growing = FALSE;
  if (instance != NULL && !self->side_effects)
    mere_capture_count_tree (self, instance);
  return instance;
}

static gboolean
fail_step (const MereStep *step,
           GError        **error)
{
  g_set_error (error,
               MERE_STORE_ERROR,
               MERE_STORE_ERROR_DAMAGED,
               _ ("Step %" PRId64 " of the draft does not fit its form (%s)."),
               step->seq,
               step->ref != NULL ? step->ref : "");
  return FALSE;
}

static gboolean
restore (MereCapture    *self,
         const MereStep *step,
         GError        **error)
{
  g_autoptr (GBytes) before = mere_draft_load_before (self->store, self->draft, step->of, error);

  return before != NULL && mere_capture_take_snapshot (self, before, error);
}

/* Does a step's work on the session. */
gboolean
mere_capture_apply (MereCapture    *self,
                    const MereStep *step,
                    GError        **error)
{
  MereFormNode *node = step->ref != NULL ? mere_form_session_find (self->session, step->ref) : NULL;

  mere_capture_watch (self, node);
  if (step->op == MERE_STEP_RESTORE)
    return restore (self, step, error);
  if (step->op == MERE_STEP_LANGUAGE)
    return mere_form_session_set_language (self->session, step->value, error);
  if (node == NULL)
    return fail_step (step, error);
  switch (step->op)
    {
    case MERE_STEP_SET:
      mere_form_session_put_back (self->session, node, step->value);
      return TRUE;
    case MERE_STEP_COMMENT:
      mere_comments_set (self->comments, node, step->value);
      return TRUE;
    case MERE_STEP_ADD:
      return mere_capture_grow (self, node, error) != NULL;
    case MERE_STEP_REMOVE:
      return mere_form_session_remove_instance (self->session, node, error);
    case MERE_STEP_RESTORE:
    case MERE_STEP_LANGUAGE:
    default:
      return fail_step (step, error);
    }
}

gboolean
mere_capture_compact (MereCapture *self,
                      GError     **error)
{
  g_autoptr (GBytes) snapshot = NULL;

  if (self->finished || self->n_unsafe == 0)
    return TRUE;
  snapshot = mere_capture_dup_snapshot (self);
  if (!mere_draft_compact (self->store, self->draft, snapshot, error))
    return FALSE;
  self->n_unsafe = 0;
  return TRUE;
}

/* Moves steps between the stacks as they were moved when they were taken. */
static gboolean
restack (MereCapture *self,
         MereStep    *step,
         GError     **error)
{
  gboolean   undo = step->turn == MERE_STEP_UNDO;
  GPtrArray *from = undo ? self->done : self->undone;

  if (step->turn == MERE_STEP_DO)
    {
      g_ptr_array_add (self->done, step);
      g_ptr_array_set_size (self->undone, 0);
      return TRUE;
    }
  if (from->len == 0 || ((MereStep *) g_ptr_array_index (from, from->len - 1))->seq != step->of)
    return fail_step (step, error);
  g_ptr_array_add (undo ? self->undone : self->done, g_ptr_array_steal_index (from, from->len - 1));
  return TRUE;
}

/* The language that the screen had when the snapshot was taken, which the snapshot does not say. */
static gboolean
find_language (MereCapture *self,
               GPtrArray   *steps,
               gint64       seq,
               GError     **error)
{
  const char *language = NULL;

  for (guint i = 0; i < steps->len && ((MereStep *) steps->pdata[i])->seq <= seq; i++)
    if (((MereStep *) steps->pdata[i])->op == MERE_STEP_LANGUAGE)
      language = ((MereStep *) steps->pdata[i])->value;
  return language == NULL || mere_form_session_set_language (self->session, language, error);
}

gboolean
mere_capture_replay (MereCapture *self,
                     GError     **error)
{
  gint64 seq = 0;
  g_autoptr (GBytes) snapshot = mere_draft_load_snapshot (self->store, self->draft, &seq, error);
  g_autoptr (GPtrArray) steps = snapshot != NULL ? mere_draft_load_steps (self->store, self->draft, 0, error) : NULL;

  if (steps == NULL || !mere_capture_take_snapshot (self, snapshot, error) || !find_language (self, steps, seq, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      g_autoptr (MereStep) step = g_steal_pointer (&steps->pdata[i]);

      if (step->seq > seq && !mere_capture_apply (self, step, error))
        return FALSE;
      self->n_unsafe += step->seq > seq;
      if (step->op == MERE_STEP_LANGUAGE && step->turn == MERE_STEP_DO)
        continue;
      if (!restack (self, step, error))
        return FALSE;
      if (step->turn == MERE_STEP_DO)
        g_steal_pointer (&step);
    }
  g_clear_object (&self->former);
  return TRUE;
}
