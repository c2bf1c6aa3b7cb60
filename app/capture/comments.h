/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/forms/session.h"

G_BEGIN_DECLS

/**
 * MereComments:
 *
 * Remarks on the nodes of one session. In XML they are one element, the last one of the instance's root:
 *
 *   <mere:comments xmlns:mere="https://merestone.org/xforms"><mere:comment ref="/data/lane[2]/kind">…</mere:comment></mere:comments>
 *
 * Tools that go by the form pass over it. A ref counts instances as they stand in that very document. Format:
 * docs/formats-store.md, "Comments".
 */
typedef GHashTable MereComments; /* MereFormNode → text */

MereComments *mere_comments_new (void);

/* Reads them from an instance; those on nodes that @session does not have are left. */
MereComments *mere_comments_read (GBytes *instance, MereFormSession *session, GError **error);

/* @text "" or NULL takes it away. */
void mere_comments_set (MereComments *self, MereFormNode *node, const char *text);

/* Forgets those on nodes that @session does not have any more. */
void mere_comments_prune (MereComments *self, MereFormSession *session);

/**
 * mere_comments_write:
 * @instance: what mere_form_session_serialize() gave
 * @submission: as it was called: comments on what is not relevant are left out, and what is left is counted
 *
 * Returns: (transfer full): the instance with the comments in it
 */
GBytes *mere_comments_write (MereComments *self, GBytes *instance, MereFormSession *session, gboolean submission);

/**
 * mere_comments_read_returned:
 * @of: (out) (transfer full) (nullable): what mere_comments_write_returned() was given
 *
 * What headquarters says of the record that a draft edits, kept with the draft so that it stays with its questions when
 * entries of repeats come and go. The element is “mere:returned”; it is in no submission.
 */
MereComments *mere_comments_read_returned (GBytes *instance, MereFormSession *session, char **of, GError **error);
GBytes       *mere_comments_write_returned (MereComments *self, const char *of, GBytes *instance, MereFormSession *session);

/* Puts elements before the end of an instance's root; "" changes nothing. */
GBytes *mere_instance_append (GBytes *instance, const char *elements);

/* Text as XML may hold it: valid UTF-8 without what XML 1.0 has no way to say. */
char *mere_text_dup_for_xml (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereComments, g_hash_table_unref)

G_END_DECLS
