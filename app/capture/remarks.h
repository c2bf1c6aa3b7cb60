/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/capture/comments.h"
#include "app/store/returned.h"

G_BEGIN_DECLS

/* What headquarters says of a record that it sends back, put to the nodes of a session. Each @returned is (nullable)
 * (element-type MereReturned): what mere_returned_list() gives for that record. */

/* Returns: (transfer full): what is said of each node of @session; several words on one of them a line each. */
MereComments *mere_remarks_match (GPtrArray *returned, MereFormSession *session);

/* Returns: (transfer full): what is said of the record as a whole; and of questions that @session has no more, each with
 * its path. "" where nothing is. */
char *mere_remarks_dup_summary (GPtrArray *returned, MereFormSession *session);

/* Returns: (transfer full): BLAKE2b-256 of all of it in hex, to tell whether it is the same as before. */
char *mere_remarks_dup_digest (GPtrArray *returned);

/* A path without positions that are 1, which is what paths are compared by. */
char *mere_remarks_dup_plain (const char *ref);

G_END_DECLS
