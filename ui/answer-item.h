/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "app/capture/comments.h"
#include "app/forms/session.h"

G_BEGIN_DECLS

/**
 * MereAnswerItem:
 *
 * A line of a record to read: a section's heading, or a question with its answer.
 */
#define MERE_TYPE_ANSWER_ITEM (mere_answer_item_get_type ())
G_DECLARE_FINAL_TYPE (MereAnswerItem, mere_answer_item, MERE, ANSWER_ITEM, GObject)

gboolean    mere_answer_item_is_heading (MereAnswerItem *self);
const char *mere_answer_item_get_label (MereAnswerItem *self);
const char *mere_answer_item_get_answer (MereAnswerItem *self); /* "" for a heading */
const char *mere_answer_item_get_remark (MereAnswerItem *self); /* what headquarters says of it, or NULL */

/* (transfer full): a list of them, in the form's order: what is relevant and has an answer or a remark, under its
 * sections. @remarks: by node, as mere_remarks_match() gives them. */
GListModel *mere_answer_item_list (MereFormSession *session, MereComments *remarks);

G_END_DECLS
