/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/store/store.h"

G_BEGIN_DECLS

/**
 * MereReturned:
 * @record: instanceID of the version that is sent back
 * @ref: path of the question, as the form has it; "" for the record as a whole
 * @comment: the reviewer's words
 * @returned_us: when it was first read here, UTC
 *
 * What headquarters sends back with a comment. It is open as long as the record has no newer version here.
 */
typedef struct
{
  char  *record;
  char  *ref;
  char  *comment;
  gint64 returned_us;
} MereReturned;

MereReturned *mere_returned_new (const char *record, const char *ref, const char *comment);
void          mere_returned_free (MereReturned *self);

/**
 * mere_returned_replace:
 * @returned: (element-type MereReturned): all that headquarters' newest receipt sends back; their @returned_us is not read
 * @n_new: (out) (optional): how many records of this store are among them that had no such comment before, and have no
 *   newer version
 *
 * Takes the place of what earlier receipts said. In one transaction, or the caller's.
 */
gboolean mere_returned_replace (MereStore *store, GPtrArray *returned, guint *n_new, GError **error);

/* Open ones, the newest first, of one record (instanceID) or of all (NULL): MereReturned. */
GPtrArray *mere_returned_list (MereStore *store, const char *record, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereReturned, mere_returned_free)

G_END_DECLS
