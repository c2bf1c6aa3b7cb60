/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Undo and redo: the newest step that stands is taken back by another step, and done again by a third. */

#include "config.h"

#include "app/capture/capture.h"
#include "app/capture/capture-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What takes @step back. */
static MereStep *
invert (const MereStep *step)
{
  static const MereStepOp inverse[] = {
    [MERE_STEP_SET] = MERE_STEP_SET,
    [MERE_STEP_ADD] = MERE_STEP_REMOVE,
    [MERE_STEP_REMOVE] = MERE_STEP_RESTORE,
    [MERE_STEP_COMMENT] = MERE_STEP_COMMENT,
  };
  MereStep *back = mere_capture_step_new (step->kept ? MERE_STEP_RESTORE : inverse[step->op], NULL, step->previous, step->value);

  back->turn = MERE_STEP_UNDO;
  back->of = step->seq;
  back->ref = g_strdup (back->op == MERE_STEP_REMOVE ? step->value : step->ref);
  return back;
}

static MereStep *
repeat (const MereStep *step)
{
  MereStep *again = mere_capture_step_new (step->op, NULL, step->value, step->previous);

  again->turn = MERE_STEP_REDO;
  again->of = step->seq;
  again->ref = g_strdup (step->ref);
  return again;
}

/* Takes the newest step of @from to @to by doing @step. */
static gboolean
turn (MereCapture *self,
      MereStep    *step,
      GPtrArray   *from,
      GPtrArray   *to,
      GError     **error)
{
  g_autoptr (GBytes) before = mere_capture_dup_snapshot (self);

  if (!mere_capture_apply (self, step, error))
    {
      mere_capture_put_back (self, before);
      return FALSE;
    }
  if (!mere_capture_keep (self, step, NULL, NULL, error))
    {
      mere_capture_put_back (self, before);
      return FALSE;
    }
  g_ptr_array_add (to, g_ptr_array_steal_index (from, from->len - 1));
  mere_capture_tell_replaced (self);
  mere_capture_tell_progress (self);
  return TRUE;
}

static gboolean
check_any (MereCapture *self,
           GPtrArray   *steps,
           const char  *message,
           GError     **error)
{
  if (!mere_capture_check_unfinished (self, error))
    return FALSE;
  if (steps->len > 0)
    return TRUE;
  g_set_error_literal (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_NOTHING, message);
  return FALSE;
}

static const MereStep *
newest (GPtrArray *steps)
{
  return g_ptr_array_index (steps, steps->len - 1);
}

gboolean
mere_capture_undo (MereCapture *self,
                   char       **at,
                   GError     **error)
{
  g_autoptr (MereStep) back = NULL;
  g_autofree char *ref = NULL;

  if (!check_any (self, self->done, _ ("There is nothing to undo."), error))
    return FALSE;
  ref = g_strdup (newest (self->done)->ref);
  back = invert (newest (self->done));
  if (!turn (self, back, self->done, self->undone, error))
    return FALSE;
  if (at != NULL)
    *at = g_steal_pointer (&ref);
  return TRUE;
}

/* Where to look after a step: at the repeat where an instance went. */
static char *
dup_place (const MereStep *step)
{
  const char *end = step->op == MERE_STEP_REMOVE ? strrchr (step->ref, '[') : NULL;

  if (step->op == MERE_STEP_ADD)
    return g_strdup (step->value);
  return end != NULL ? g_strndup (step->ref, (gsize) (end - step->ref)) : g_strdup (step->ref);
}

gboolean
mere_capture_redo (MereCapture *self,
                   char       **at,
                   GError     **error)
{
  g_autoptr (MereStep) again = NULL;

  if (!check_any (self, self->undone, _ ("There is nothing to do again."), error))
    return FALSE;
  again = repeat (newest (self->undone));
  if (!turn (self, again, self->undone, self->done, error))
    return FALSE;
  if (at != NULL)
    *at = dup_place (again);
  return TRUE;
}

gboolean
mere_capture_can_undo (MereCapture *self)
{
  return !self->finished && self->done->len > 0;
}

gboolean
mere_capture_can_redo (MereCapture *self)
{
  return !self->finished && self->undone->len > 0;
}
