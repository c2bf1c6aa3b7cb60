/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "app/store/instrument.h"
#include "app/study/moment.h"

G_BEGIN_DECLS

/**
 * MereDraft:
 * @id: its number in this store
 * @instance_id: what the record will be called, "uuid:…"
 * @edits: (nullable): the final record that is being edited
 * @instrument: row of the instrument
 * @form: form id of the instrument
 * @title: title of the instrument, or the instance's name where the form gives one
 * @crossing: (nullable): id of the crossing
 * @crossing_name: (nullable): its name now
 * @created_us: begun at, UTC
 * @updated_us: last step at, UTC
 * @n_answered: relevant questions with an answer, as of the last step
 * @n_asked: relevant questions, as of the last step
 * @deleted: in the waste basket: mere_draft_restore() takes it out again, mere_draft_purge() ends it
 *
 * A record that is still being filled: a snapshot of the instance and a journal of the steps since then. Steps are
 * written and read by app/capture.
 */
typedef struct
{
  gint64             id;
  char              *instance_id;
  char              *edits;
  gint64             instrument;
  char              *form;
  char              *form_version;
  char              *title;
  MereInstrumentKind kind;
  char              *assessment;
  char              *crossing;
  char              *crossing_name;
  gint64             created_us;
  gint32             created_offset_s;
  gint64             updated_us;
  gint32             updated_offset_s;
  guint              n_answered;
  guint              n_asked;
  gboolean           deleted;
} MereDraft;

#define MERE_TYPE_DRAFT (mere_draft_get_type ())

GType      mere_draft_get_type (void) G_GNUC_CONST;
MereDraft *mere_draft_copy (const MereDraft *self);
void       mere_draft_free (MereDraft *self);

/* MereDraft, the one worked on last first; of @kind (MereInstrumentKind) or -1, at @crossing or NULL for all. */
GPtrArray *mere_draft_list (MereStore *store, int kind, const char *crossing, GError **error);
MereDraft *mere_draft_load (MereStore *store, gint64 id, GError **error);               /* NOT_FOUND; deleted ones too */
gint64     mere_draft_find_edit (MereStore *store, const char *record, GError **error); /* the draft that edits a record, deleted or not; 0 without an error: none */
gint64     mere_draft_count (MereStore *store, int kind, GError **error);               /* -1 on failure */

/* Into the waste basket and out of it; nothing is lost until it is purged. Restoring a purged one: NOT_FOUND. */
gboolean mere_draft_delete (MereStore *store, gint64 id, GError **error);
gboolean mere_draft_restore (MereStore *store, gint64 id, GError **error);

/* Ends those that were deleted before @before_us (UTC); G_MAXINT64 for all deleted ones. */
gboolean mere_draft_purge (MereStore *store, gint64 before_us, GError **error);

/* --- The journal: for app/capture ------------------------------------------------------------------------------ */

typedef enum {
  MERE_STEP_SET,      /* ref, value; previous: the value before */
  MERE_STEP_ADD,      /* ref of the repeat; value: ref of the new instance */
  MERE_STEP_REMOVE,   /* ref of the instance; when first done, the instance before it is kept with the step */
  MERE_STEP_RESTORE,  /* undoes step @of: the whole instance is as it was kept with that step */
  MERE_STEP_LANGUAGE, /* value; previous */
  MERE_STEP_COMMENT,  /* ref, value ("" takes it away); previous */
} MereStepOp;

typedef enum {
  MERE_STEP_DO,
  MERE_STEP_UNDO, /* takes step @of back */
  MERE_STEP_REDO, /* does step @of again */
} MereStepTurn;

/**
 * MereStep:
 * @seq: from 1, without gaps
 * @of: the step that is undone or redone, 0 for %MERE_STEP_DO
 * @kept: whether the instance before it was kept: mere_draft_load_before(); filled in when it is read
 * @at: when
 */
typedef struct
{
  gint64       seq;
  MereStepOp   op;
  MereStepTurn turn;
  gint64       of;
  char        *ref;
  char        *value;
  char        *previous;
  gboolean     kept;
  MereMoment   at;
} MereStep;

void mere_step_free (MereStep *self);

/**
 * mere_draft_add:
 * @edits: (nullable): instanceID of the final record that is edited
 * @snapshot: the instance before the first step
 *
 * Returns: the new draft's id, 0 on failure
 */
gint64 mere_draft_add (MereStore  *store,
                       const char *instance_id,
                       const char *edits,
                       gint64      instrument,
                       const char *assessment,
                       const char *crossing,
                       GBytes     *snapshot,
                       GError    **error);

/**
 * mere_draft_append:
 * @step: what was done; its seq is set
 * @before: (nullable): the instance before the step, where undoing could not give it back otherwise (%MERE_STEP_REMOVE)
 * @after: (nullable): the instance after the step, where replaying could not give it back
 *
 * One step, durable on return unless the caller is within a transaction. Costs the same however many steps, drafts and
 * records there are.
 */
gboolean mere_draft_append (MereStore *store,
                            gint64     id,
                            MereStep  *step,
                            GBytes    *before,
                            GBytes    *after,
                            guint      n_answered,
                            guint      n_asked,
                            GError   **error);

/* Writes a snapshot as of the newest step, so that opening replays less. Steps are kept. */
gboolean mere_draft_compact (MereStore *store, gint64 id, GBytes *snapshot, GError **error);

gboolean mere_draft_set_title (MereStore *store, gint64 id, const char *title, GError **error); /* NULL: the instrument's */
gboolean mere_draft_set_progress (MereStore *store, gint64 id, guint n_answered, guint n_asked, GError **error);

/* The newest snapshot and the seq it stands at; the steps after a seq, ascending: MereStep. */
GBytes    *mere_draft_load_snapshot (MereStore *store, gint64 id, gint64 *seq, GError **error);
GPtrArray *mere_draft_load_steps (MereStore *store, gint64 id, gint64 after, GError **error);
GBytes    *mere_draft_load_before (MereStore *store, gint64 id, gint64 seq, GError **error); /* what append kept as @before */

/* Ends a draft within the transaction that made its record. */
gboolean mere_draft_remove (MereStore *store, gint64 id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereDraft, mere_draft_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereStep, mere_step_free)

G_END_DECLS
