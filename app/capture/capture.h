/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"
#include "app/store/draft.h"
#include "app/store/instrument.h"
#include "app/store/returned.h"
#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereCapture:
 *
 * One filling of an instrument: a form session whose every step is in the vault before the call returns. After a crash,
 * mere_capture_open() gives back what was on the screen.
 *
 * The session answers all questions about nodes; change it through these functions only. A node pointer holds until
 * its repeat instance is removed, or until #MereCapture::session-replaced. Belongs to one thread. Drop it (unref)
 * before the store is closed, or at least before the screen shows something else: it holds answers in memory.
 *
 * What replays: docs/formats-store.md, "Drafts".
 */
#define MERE_TYPE_CAPTURE (mere_capture_get_type ())
G_DECLARE_FINAL_TYPE (MereCapture, mere_capture, MERE, CAPTURE, GObject)

#define MERE_CAPTURE_ERROR (mere_capture_error_quark ())

typedef enum {
  MERE_CAPTURE_ERROR_INVALID = 1, /* answers are missing or not valid: see the list of nodes */
  MERE_CAPTURE_ERROR_FORM,        /* the instrument's form does not load */
  MERE_CAPTURE_ERROR_NOTHING,     /* there is nothing to undo or to redo */
  MERE_CAPTURE_ERROR_FINISHED,    /* it was finalised or deleted */
} MereCaptureError;

GQuark mere_capture_error_quark (void);

/**
 * mere_capture_new:
 * @instrument: row of the instrument
 * @crossing: (nullable): id of the crossing that the record belongs to
 * @error: return location, domain %MERE_CAPTURE_ERROR, %MERE_STORE_ERROR or %MERE_FORM_ERROR
 *
 * Begins a draft, durable on return.
 */
MereCapture *mere_capture_new (MereStore  *store,
                               gint64      instrument,
                               const char *crossing,
                               GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Goes on with a draft, undo and redo included. */
MereCapture *mere_capture_open (MereStore *store, gint64 draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * mere_capture_edit:
 * @record: instanceID of a final record
 *
 * Begins a draft from a final record; finalising it makes a new version. %MERE_STORE_ERROR_CONFLICT where a newer
 * version exists; where a draft edits it already, that draft is opened.
 */
MereCapture *mere_capture_edit (MereStore *store, const char *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A final record to look at, as it was recorded: mere_form_session_new_from_record(). */
MereFormSession *mere_capture_load_record (MereStore *store, const char *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for one of a colleague: app/store/colleague.h. */
MereFormSession *mere_capture_load_colleague (MereStore *store, const char *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;

MereStore       *mere_capture_get_store (MereCapture *self);
MereFormSession *mere_capture_get_session (MereCapture *self);
gint64           mere_capture_get_draft (MereCapture *self);
MereInstrument  *mere_capture_get_instrument (MereCapture *self); /* borrowed */
const char      *mere_capture_get_crossing (MereCapture *self);   /* id, or NULL */
const char      *mere_capture_get_edits (MereCapture *self);      /* instanceID of the version that is edited, or NULL */

/**
 * mere_capture_get_returned:
 *
 * Returns: (transfer none) (nullable) (element-type MereReturned): why headquarters has sent the record back that is edited
 *   here
 */
GPtrArray  *mere_capture_get_returned (MereCapture *self);
const char *mere_capture_get_remark (MereCapture *self, MereFormNode *node); /* what it says of a node, or NULL */

/* Each is one durable step. On failure neither the session nor the vault has changed. Setting what is there already
 * is no step. */
gboolean      mere_capture_set (MereCapture *self, MereFormNode *node, const char *value, GError **error);
MereFormNode *mere_capture_add (MereCapture *self, MereFormNode *repeat, GError **error);
gboolean      mere_capture_remove (MereCapture *self, MereFormNode *instance, GError **error);
gboolean      mere_capture_set_language (MereCapture *self, const char *language, GError **error);

/* A remark on a question, for the reader of the record; "" takes it away. It goes into the submission. */
gboolean    mere_capture_set_comment (MereCapture *self, MereFormNode *node, const char *comment, GError **error);
const char *mere_capture_get_comment (MereCapture *self, MereFormNode *node); /* borrowed, or NULL */

/**
 * mere_capture_attach:
 * @node: a question of type binary
 * @name: (nullable): file name to keep; made unique within the draft
 * @b2: what mere_attachment_add() returned
 *
 * Answers an upload question: the attachment belongs to the draft, the question's value is its file name.
 */
gboolean mere_capture_attach (MereCapture *self, MereFormNode *node, const char *name, const char *b2, GError **error);

/**
 * mere_capture_undo:
 * @at: (out) (optional) (transfer full): ref of the node to show
 *
 * Takes the newest step that is not undone back; that is a step, too. Undoing a removed instance replaces the session
 * (#MereCapture::session-replaced). Languages are no matter of undo.
 */
gboolean mere_capture_undo (MereCapture *self, char **at, GError **error);
gboolean mere_capture_redo (MereCapture *self, char **at, GError **error);
gboolean mere_capture_can_undo (MereCapture *self);
gboolean mere_capture_can_redo (MereCapture *self);

/**
 * MereCaptureProgress:
 * @asked: relevant questions that take an answer
 * @answered: those that have one
 * @missing: those that are required and have none
 * @invalid: those whose answer violates its constraint
 */
typedef struct
{
  guint asked;
  guint answered;
  guint missing;
  guint invalid;
} MereCaptureProgress;

/* Of the whole form: cheap, kept up to date with each step. */
void mere_capture_get_progress (MereCapture *self, MereCaptureProgress *progress);
/* Of a group or a repeat: walks what is below @node. */
void mere_capture_measure (MereCapture *self, MereFormNode *node, MereCaptureProgress *progress);

/**
 * mere_capture_finalise:
 * @invalid: (out) (optional) (transfer container) (element-type MereFormNode): what is missing or not valid, in
 *   document order, where it fails with %MERE_CAPTURE_ERROR_INVALID
 *
 * Makes the record: submission, its line in the log, and the end of the draft in one transaction.
 *
 * Returns: (transfer full): the record's instanceID, or %NULL; then the draft goes on
 */
char *mere_capture_finalise (MereCapture *self, GPtrArray **invalid, GError **error);

/* Writes a snapshot, so that the next opening is quick. Happens by itself every few hundred steps; call it when the
 * page is left. A failure costs nothing but time. */
gboolean mere_capture_compact (MereCapture *self, GError **error);

/**
 * MereCapture::session-replaced:
 *
 * All nodes are new; build the page anew from mere_capture_get_session().
 */

/**
 * MereCapture::progressed:
 *
 * Emitted after each step: progress, what can be undone, comments.
 */

G_END_DECLS
