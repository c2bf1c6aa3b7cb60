/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/capture.h"
#include "app/capture/comments.h"
#include "app/capture/remarks.h"
#include "app/store/attachment.h"

G_BEGIN_DECLS

/* What the files of a capture share: capture.c begins and opens, capture-journal.c takes steps, capture-progress.c
 * counts, capture-finalise.c makes the record. */

struct _MereCapture
{
  GObject parent_instance;

  MereStore       *store;
  MereForm        *form;
  MereInstrument  *instrument;
  MereFormSession *session;
  MereFormSession *former; /* that @session took the place of, until it is told */
  MereFormNode    *name;   /* of @session: meta/instanceName, or NULL */
  gint64           draft;
  char            *instance_id;
  char            *crossing; /* or NULL */
  char            *edits;    /* or NULL */
  char            *title;    /* the instance's name as the draft's row has it, or NULL */
  gboolean         finished;

  GPtrArray *done;     /* of MereStep: what may be undone, the newest last */
  GPtrArray *undone;   /* of MereStep: what may be done again, the newest last */
  guint      n_unsafe; /* steps since the snapshot */

  GPtrArray          *returned; /* MereReturned: what headquarters says of the record that is edited; NULL: nothing */
  MereComments       *remarks;  /* of it, on the session's nodes */
  MereComments       *comments;
  GHashTable         *judged; /* MereFormNode → what it counts as */
  MereCaptureProgress progress;

  /* What the step that is being taken brings about, as the session tells it. */
  MereFormNode *target;       /* what it changes by itself */
  gboolean      side_effects; /* of the form: a step may bring about more than its inverse takes back */
  gboolean      growing;      /* all that comes or goes is the instance that is being added */
  gboolean      fleeting;     /* something that the same step might make otherwise the next time */
  gboolean      reshaped;     /* instances came or went */
};

/* Answers what is known before anybody is asked; FALSE gives the beginning up. */
typedef gboolean (*MereCapturePrefill) (MereCapture *self, GError **error);

/* capture.c */
MereCapture *mere_capture_begin (MereStore *store, gint64 instrument, const char *crossing, MereCapturePrefill prefill, GError **error);
/* @draft: that will be opened, or 0. */
MereForm *mere_capture_load_form (MereStore *store, const MereInstrument *instrument, gint64 draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  mere_capture_check_unfinished (MereCapture *self, GError **error);
/* Exchanges session and comments; the page is not told before mere_capture_tell_replaced(). */
void    mere_capture_put_session (MereCapture *self, MereFormSession *session, MereComments *comments); /* (transfer full) both */
void    mere_capture_tell_replaced (MereCapture *self);
void    mere_capture_tell_progress (MereCapture *self);
GBytes *mere_capture_dup_snapshot (MereCapture *self);
/* Makes session and comments anew from a snapshot, in the language of the screen. */
gboolean mere_capture_take_snapshot (MereCapture *self, GBytes *snapshot, GError **error);
char    *mere_capture_dup_title (MereCapture *self); /* the instance's name, or NULL */

/* capture-journal.c */
MereStep *mere_capture_step_new (MereStepOp op, MereFormNode *node, const char *value, const char *previous);
/* Forgets what earlier changes brought about; @target: what the next one changes by itself. */
void mere_capture_watch (MereCapture *self, MereFormNode *target);
/* Commits a step that the session has taken already. @before: (nullable): kept to undo it by; @file: (nullable): an
 * attachment that comes with it. */
gboolean mere_capture_keep (MereCapture *self, MereStep *step, GBytes *before, const MereAttachment *file, GError **error);
/* Back to how it was, after a step that could not be kept: the snapshot is the session's own, of a moment ago. */
void          mere_capture_put_back (MereCapture *self, GBytes *before);
MereFormNode *mere_capture_grow (MereCapture *self, MereFormNode *repeat, GError **error);
/* Does a step's work on the session. */
gboolean mere_capture_apply (MereCapture *self, const MereStep *step, GError **error);
/* Opens the draft's snapshot and does again what came after it. */
gboolean mere_capture_replay (MereCapture *self, GError **error);

/* capture-progress.c */
void mere_capture_count_all (MereCapture *self);
void mere_capture_count_tree (MereCapture *self, MereFormNode *top);
void mere_capture_count_changed (MereCapture *self, MereFormNode *node);

/* capture-audit.c: writes the log that the form asks for, if it does, and attaches it to the draft. */
gboolean mere_capture_attach_audit (MereCapture *self, MereFormSession *session, const MereDraft *draft, GError **error);

/* last-saved.c: what a form may get to see beside itself, for mere_form_load(): the files that came with it, and the
 * filling that was saved last. */
typedef struct
{
  MereStore  *store;
  gint64      instrument;
  const char *form;
  gint64      draft; /* that is being opened: it does not see itself; 0 without one */
} MereLastSaved;

GBytes *mere_last_saved_load (const char *name, gpointer last_saved);

/* capture-finalise.c: makes the record from @session, which may have more in it than the screen. */
char *mere_capture_make_record (MereCapture     *self,
                                MereFormSession *session,
                                MereComments    *comments,
                                GPtrArray      **invalid,
                                GError         **error);

G_END_DECLS
