/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/question-keeper.h"

G_BEGIN_DECLS

/* What a line of a form is. */
typedef enum {
  MERE_QUESTION_HEADING,  /* of a group or a repeat */
  MERE_QUESTION_ASKED,    /* a question, a note, a value that is shown */
  MERE_QUESTION_INSTANCE, /* the head of one entry of a repeat */
  MERE_QUESTION_MORE,     /* adds an entry to a repeat */
} MereQuestionRole;

/* Where a line lies in the card of its repeat's entry. */
typedef enum {
  MERE_QUESTION_NO_CARD,
  MERE_QUESTION_CARD_TOP,
  MERE_QUESTION_CARD_MIDDLE,
  MERE_QUESTION_CARD_BOTTOM,
  MERE_QUESTION_CARD_WHOLE,
} MereQuestionCard;

/**
 * MereQuestionItem:
 *
 * One line of a form on the screen: a node of the session, and what the screen knows of it beside the session. The
 * node's own state is always read from the node. Signal “changed”: show it anew.
 */
#define MERE_TYPE_QUESTION_ITEM (mere_question_item_get_type ())
G_DECLARE_FINAL_TYPE (MereQuestionItem, mere_question_item, MERE, QUESTION_ITEM, GObject)

MereQuestionItem *mere_question_item_new (MereQuestionKeeper *keeper, MereFormNode *node, MereQuestionRole role);

MereQuestionKeeper *mere_question_item_get_keeper (MereQuestionItem *self);
MereFormNode       *mere_question_item_get_node (MereQuestionItem *self);
MereQuestionRole    mere_question_item_get_role (MereQuestionItem *self);

/* The node is gone, or will be: the item must not be read any more. */
void     mere_question_item_forget (MereQuestionItem *self);
gboolean mere_question_item_is_alive (MereQuestionItem *self);

/* Depth of headings, from 0; how far a line is within repeats. */
guint            mere_question_item_get_depth (MereQuestionItem *self);
MereQuestionCard mere_question_item_get_card (MereQuestionItem *self);
gboolean         mere_question_item_place (MereQuestionItem *self, guint depth, MereQuestionCard card); /* whether that changed */

/* Where it is among all lines of the form, and which row of the page shows it. */
void  mere_question_item_set_position (MereQuestionItem *self, guint line, guint row);
guint mere_question_item_get_line (MereQuestionItem *self);
guint mere_question_item_get_row_number (MereQuestionItem *self);

/**
 * mere_question_item_set_cells:
 * @cells: (nullable) (element-type MereQuestionItem): of an entry that is a row of a table: its questions, with %NULL
 *   where one is not asked in this entry; %NULL: the entry has a line of its own for each
 */
void       mere_question_item_set_cells (MereQuestionItem *self, GPtrArray *cells);
GPtrArray *mere_question_item_get_cells (MereQuestionItem *self);

/* Of a question in a cell: what stands above its column; NULL makes it a line of its own. Whether that changed. */
gboolean    mere_question_item_set_head (MereQuestionItem *self, const char *head);
const char *mere_question_item_get_head (MereQuestionItem *self);
gboolean    mere_question_item_is_cell (MereQuestionItem *self); /* of a table: it has no row of its own */
gboolean    mere_question_item_is_note (MereQuestionItem *self); /* it says something and asks nothing */

void mere_question_item_changed (MereQuestionItem *self);

/* Whether the focus is on the line now, and whether it has left it once: then what is missing is said. */
gboolean mere_question_item_is_visited (MereQuestionItem *self);
void     mere_question_item_visit (MereQuestionItem *self);

/* Whether the line takes an answer now: a question that may be changed. */
gboolean mere_question_item_is_open (MereQuestionItem *self);
/* Something that is required is missing, or not valid, or not kept. */
gboolean mere_question_item_is_hole (MereQuestionItem *self);

/* Something is answered, and is not possible or not kept. */
gboolean mere_question_item_is_invalid (MereQuestionItem *self);

/* (transfer full) The message under the field, or NULL. */
char *mere_question_item_dup_message (MereQuestionItem *self);
/* (transfer full) How the line is named where there is no room: its label on one line; “Passenger 3” for an entry. */
char *mere_question_item_dup_name (MereQuestionItem *self);
/* (transfer full) The entry of a repeat that the line lies in, or NULL. */
char *mere_question_item_dup_entry (MereQuestionItem *self);

/**
 * mere_question_item_answer:
 * @value: as the instance stores it
 *
 * Keeps the answer; the typed text that was refused before is forgotten.
 */
gboolean mere_question_item_answer (MereQuestionItem *self, const char *value, gboolean typing);

/**
 * mere_question_item_refuse:
 * @typed: what is in the field and is no answer
 * @why: a sentence
 *
 * Nothing is kept for the question as long as its field shows something that is no answer, so that the record never
 * differs from the screen. The text stays with the line when it scrolls away.
 */
void        mere_question_item_refuse (MereQuestionItem *self, const char *typed, const char *why);
const char *mere_question_item_get_refused (MereQuestionItem *self); /* or NULL */

/* An open comment is shown even while it is empty. */
gboolean mere_question_item_is_commenting (MereQuestionItem *self);
void     mere_question_item_set_commenting (MereQuestionItem *self, gboolean commenting);

/* The row that shows it now; not owned. */
GtkWidget *mere_question_item_get_row (MereQuestionItem *self);
void       mere_question_item_set_row (MereQuestionItem *self, GtkWidget *row);

G_END_DECLS
