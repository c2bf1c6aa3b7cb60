/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/capture.h"
#include "app/capture/intake.h"
#include "app/capture/observation.h"

#include "tests/support/plain-store.h"

G_BEGIN_DECLS

/* Instruments and fillings for the tests of app/capture. */

/* Takes forms/NAME.xml in, or where there is none the instrument of that name that comes with the program; its row. */
gint64 mere_filling_take_in (MereStore *store, const char *name);

/* A crossing of Utopia; its id. */
char *mere_filling_crossing (MereStore *store);

/* The node of a ref, which must be there. */
MereFormNode *mere_filling_node (MereCapture *capture, const char *ref);
const char   *mere_filling_value (MereCapture *capture, const char *ref);

/* Steps that must succeed. */
void mere_filling_set (MereCapture *capture, const char *ref, const char *value);
void mere_filling_add (MereCapture *capture, const char *ref);
void mere_filling_remove (MereCapture *capture, const char *ref);
void mere_filling_comment (MereCapture *capture, const char *ref, const char *comment);
void mere_filling_undo (MereCapture *capture, const char *at);
void mere_filling_redo (MereCapture *capture, const char *at);

/* Everything that a person sees of a filling, as text: answers, what follows from them, language, comments, progress,
 * and what can be undone. */
char *mere_filling_dup_screen (MereCapture *capture);
/* The same without what can be undone. */
char *mere_filling_dup_state (MereCapture *capture);

/* A text of a record's XML by the path of local names below the root, "study/date"; "" where there is none. */
char *mere_filling_dup_answer (MereStore *store, const char *record, const char *path);

/* Attaches content to nothing yet; its b2. */
char *mere_filling_content (MereStore *store, const char *content);

/* A fixture: a filling of the form that is its data, at a crossing, in a store of its own. */
typedef struct
{
  MerePlainStore *plain;
  char           *crossing;
  MereCapture    *capture;
} MereFilling;

void mere_filling_set_up (MereFilling *self, gconstpointer form);
void mere_filling_tear_down (MereFilling *self, gconstpointer form);

/* The process ends without a word, and the draft is opened again: the screen must be the same. */
void mere_filling_crash (MereFilling *self);

/* Of the form "lanes": a post, its staff, and one lane. */
void mere_filling_fill_in (MereFilling *self);

/* Must succeed; the record's id. */
char *mere_filling_finalise (MereFilling *self);

G_END_DECLS
