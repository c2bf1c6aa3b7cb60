/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "app/capture/capture.h"

G_BEGIN_DECLS

/**
 * MereQuestionKeeper:
 *
 * Keeps what is answered on a page: hands every answer to the capture, remembers which keystrokes belong together for
 * undo, which questions show something that is not kept, and says when the disk refuses.
 *
 * Signal “trouble” (s): a write failed, with a sentence; "" when one went well again.
 */
#define MERE_TYPE_QUESTION_KEEPER (mere_question_keeper_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionKeeper, mere_question_keeper, MERE, QUESTION_KEEPER, GObject)

MereQuestionKeeper *mere_question_keeper_new (MereCapture *capture);

MereCapture     *mere_question_keeper_get_capture (MereQuestionKeeper *self);
MereFormSession *mere_question_keeper_get_session (MereQuestionKeeper *self);

/* The direction of the form's texts: its language's, else the window's. */
GtkTextDirection mere_question_keeper_get_direction (MereQuestionKeeper *self);

/* Whether required questions that were not visited yet are marked too: after the first try to finalise. */
gboolean mere_question_keeper_is_strict (MereQuestionKeeper *self);
void     mere_question_keeper_set_strict (MereQuestionKeeper *self);

/**
 * mere_question_keeper_answer:
 * @typing: whether this is one keystroke of several; those on one question are undone together
 * @error: return location; of domain %MERE_FORM_ERROR where the value does not fit the question
 *
 * Keeps an answer, durable on return. A write that fails is also said by “trouble”.
 */
gboolean mere_question_keeper_answer (MereQuestionKeeper *self,
                                      MereFormNode       *node,
                                      const char         *value,
                                      gboolean            typing,
                                      GError            **error);

/* What is typed from now on is a step of its own. */
void mere_question_keeper_end_typing (MereQuestionKeeper *self);

gboolean mere_question_keeper_comment (MereQuestionKeeper *self, MereFormNode *node, const char *comment);
gboolean mere_question_keeper_add (MereQuestionKeeper *self, MereFormNode *repeat, MereFormNode **instance);
gboolean mere_question_keeper_remove (MereQuestionKeeper *self, MereFormNode *instance);
gboolean mere_question_keeper_set_language (MereQuestionKeeper *self, const char *language);
gboolean mere_question_keeper_attach (MereQuestionKeeper *self, MereFormNode *node, const char *name, const char *b2);

/* @at: (out) (transfer full) (nullable): ref of the question to show. Returns whether anything was undone. */
gboolean mere_question_keeper_undo (MereQuestionKeeper *self, char **at);
gboolean mere_question_keeper_redo (MereQuestionKeeper *self, char **at);

/* A question that shows a text which is no answer, and so is not kept. */
void          mere_question_keeper_set_unkept (MereQuestionKeeper *self, MereFormNode *node, gboolean unkept);
MereFormNode *mere_question_keeper_get_unkept (MereQuestionKeeper *self); /* any one, or NULL */

G_END_DECLS
