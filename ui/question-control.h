/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/question-appearance.h"
#include "ui/question-item.h"

G_BEGIN_DECLS

/**
 * MereQuestionControl:
 *
 * Where a question is answered: one subclass for each way. A control shows what the session has, and hands what is
 * given to its item; it keeps nothing itself.
 */
#define MERE_TYPE_QUESTION_CONTROL (mere_question_control_get_type ())
G_DECLARE_DERIVABLE_TYPE (MereQuestionControl, mere_question_control, MERE, QUESTION_CONTROL, AdwBin)

/**
 * MereQuestionControlClass:
 * @build: makes the widgets, once the item is there
 * @show: shows what the session has now; must not change what the person is typing if it means the same
 * @pick: a digit key or a letter while the focus is on the control; whether it meant something
 */
struct _MereQuestionControlClass
{
  AdwBinClass parent_class;

  void (*build) (MereQuestionControl *self);
  void (*show) (MereQuestionControl *self);
  gboolean (*pick) (MereQuestionControl *self, gunichar letter);
};

/* What the question is called, and what else is said about it: for assistive technology. */
typedef struct
{
  GtkWidget *label;
  GtkWidget *hint;
  GtkWidget *message;
} MereQuestionWords;

/* @type: of a subclass. Builds and shows it. */
MereQuestionControl *mere_question_control_new (GType type, MereQuestionItem *item, const MereQuestionWords *words);

MereQuestionItem *mere_question_control_get_item (MereQuestionControl *self);
MereFormNode     *mere_question_control_get_node (MereQuestionControl *self);
void              mere_question_control_show (MereQuestionControl *self);
gboolean          mere_question_control_pick (MereQuestionControl *self, gunichar letter);

/* Says for assistive technology that an answer is required, or that the one given is not possible. */
void mere_question_control_mark (MereQuestionControl *self, gboolean required, gboolean invalid);

/* For subclasses. @part takes answers: it is labelled by the question and described by hint and message. A part of
 * several has its own @name, and is described by the question's label too. */
void mere_question_control_name (MereQuestionControl *self, GtkWidget *part);
void mere_question_control_name_part (MereQuestionControl *self, GtkWidget *part, const char *name);

/* What is in a form reads as the form's language does, whatever the window's is: sets it for a widget and all within. */
void mere_question_set_direction (GtkWidget *widget, GtkTextDirection direction);
/* For a popover that is made when it is opened first: as the control's. */
void mere_question_control_direct (MereQuestionControl *self, GtkWidget *widget);

G_END_DECLS
