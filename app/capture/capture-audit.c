/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The audit log that a form may ask for, from the journal: nothing else is recorded while it is filled, and a crash loses
 * none of it. A page shows many questions at once, so a question is taken to have been looked at since the step before. */

#include "config.h"

#include "app/capture/capture-private.h"

#include "app/forms/audit.h"

#include <string.h>

typedef struct
{
  MereFormAudit    *audit;
  GPtrArray        *steps;
  const MereMoment *last; /* of the step before; NULL before the first */
  gint64            at_ms;
} Telling;

static void
tell (Telling    *self,
      const char *event,
      const char *node,
      gint64      end_ms,
      const char *old_value,
      const char *new_value)
{
  const MereFormAuditEvent told = { event, node, self->at_ms, end_ms, old_value, new_value };

  mere_form_audit_add (self->audit, &told);
}

/* Only the beginning is taken from the wall clock; from then on times are elapsed ones, which nobody can set back. */
static gint64
time_of (const Telling    *self,
         const MereMoment *at)
{
  if (self->last == NULL)
    return MAX (self->at_ms, at->utc_us / 1000);
  return self->at_ms + MAX (0, mere_moment_between (self->last, at, NULL) / 1000);
}

/* The instance that a removal took away comes back when it is undone. */
static const char *
ref_of (const Telling  *self,
        const MereStep *step)
{
  for (guint i = 0; step->op == MERE_STEP_RESTORE && i < self->steps->len; i++)
    if (((MereStep *) self->steps->pdata[i])->seq == step->of)
      return ((MereStep *) self->steps->pdata[i])->ref;
  return step->op == MERE_STEP_ADD && step->value != NULL ? step->value : step->ref;
}

static void
tell_step (Telling        *self,
           const MereStep *step)
{
  gint64 end_ms = time_of (self, &step->at);

  switch (step->op)
    {
    case MERE_STEP_SET:
      tell (self, "question", step->ref, end_ms, step->previous, step->value);
      break;
    case MERE_STEP_ADD:
    case MERE_STEP_RESTORE:
      tell (self, "add repeat", ref_of (self, step), end_ms, NULL, NULL);
      break;
    case MERE_STEP_REMOVE:
      tell (self, "delete repeat", step->ref, end_ms, NULL, NULL);
      break;
    case MERE_STEP_LANGUAGE:
    case MERE_STEP_COMMENT:
    default:
      break;
    }
  self->at_ms = end_ms;
  self->last = &step->at;
}

static void
tell_end (Telling *self)
{
  static const char *const events[] = { "form save", "form exit", "form finalize" };
  const MereMoment         now = mere_moment_now ();

  self->at_ms = time_of (self, &now);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    tell (self, events[i], NULL, 0, NULL, NULL);
}

/* The content of a file of the draft; NULL without an error where there is none of that name. */
static GBytes *
load_file (MereCapture *self,
           const char  *name,
           GError     **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_draft (self->store, self->draft, error);
  g_autoptr (GInputStream) content = NULL;
  g_autoptr (GOutputStream) kept = NULL;

  for (guint i = 0; list != NULL && i < list->len && content == NULL; i++)
    {
      const MereAttachment *file = list->pdata[i];

      if (strcmp (file->name, name) != 0)
        continue;
      content = mere_attachment_open (self->store, file->b2, 0, error);
      if (content == NULL)
        return NULL;
    }
  if (content == NULL)
    return NULL;
  kept = g_memory_output_stream_new_resizable ();
  if (g_output_stream_splice (kept, content, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (kept));
}

static GBytes *
write_log (MereCapture     *self,
           MereFormSession *session,
           const MereDraft *draft,
           GError         **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) earlier = load_file (self, MERE_FORM_AUDIT_FILE, &problem);
  g_autoptr (MereFormAudit) audit = NULL;
  g_autoptr (GPtrArray) steps = problem == NULL ? mere_draft_load_steps (self->store, self->draft, 0, &problem) : NULL;
  Telling telling = { .steps = steps, .at_ms = draft->created_us / 1000 };

  if (steps == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  audit = mere_form_audit_new (session, earlier);
  telling.audit = audit;
  tell (&telling, self->edits != NULL ? "form resume" : "form start", NULL, 0, NULL, NULL);
  for (guint i = 0; i < steps->len; i++)
    tell_step (&telling, steps->pdata[i]);
  tell_end (&telling);
  return mere_form_audit_dup_csv (audit);
}

gboolean
mere_capture_attach_audit (MereCapture     *self,
                           MereFormSession *session,
                           const MereDraft *draft,
                           GError         **error)
{
  g_autoptr (GBytes) log = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autofree char *b2 = NULL;

  if (!mere_form_wants_audit (self->form))
    return TRUE;
  log = write_log (self, session, draft, error);
  if (log == NULL)
    return FALSE;
  source = g_memory_input_stream_new_from_bytes (log);
  b2 = mere_attachment_add (self->store, source, "text/csv", NULL, error);
  return b2 != NULL && mere_attachment_attach (self->store, self->draft, MERE_FORM_AUDIT_FILE, b2, error);
}
