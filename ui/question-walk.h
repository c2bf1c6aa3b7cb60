/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-item.h"

G_BEGIN_DECLS

/**
 * MereQuestionWalk:
 * @keeper: what keeps the answers
 * @known: MereFormNode → its heading, question or entry as it is now
 * @adders: MereFormNode of a repeat → the line that adds to it as it is now
 * @room: how many characters fit beside each other
 * @lines: (out): #MereQuestionItem, all that is asked, in the form's order
 * @rows: (out): those of them that have a row of their own: all but the cells of tables
 * @changed: (out): those whose place, head or cells are others now, and that have to be told so
 * @widest: (out): characters that the widest table needs
 * @narrowest: (out): characters that would make one table more
 *
 * One pass over a form. The caller fills in the first four and clears it at the end.
 */
typedef struct
{
  MereQuestionKeeper *keeper;
  GHashTable         *known;
  GHashTable         *adders;
  guint               room;

  GPtrArray *lines;
  GPtrArray *rows;
  GPtrArray *changed;
  guint      widest;
  guint      narrowest;

  /*< private >*/
  guint depth;
  guint within; /* how many entries of repeats we are in */
} MereQuestionWalk;

/* @hidden: (nullable): names of nodes right below @root that are left out. */
void mere_question_walk_run (MereQuestionWalk *self, MereFormNode *root, const char *const *hidden);
void mere_question_walk_clear (MereQuestionWalk *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereQuestionWalk, mere_question_walk_clear)

G_END_DECLS
