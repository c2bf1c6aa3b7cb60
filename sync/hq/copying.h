/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/stick.h"

G_BEGIN_DECLS

/**
 * MereCopying:
 *
 * A bundle that is copied in, in a thread of its own: meanwhile the one before is taken. Work is done on copies, for a stick
 * can answer two reads differently. A stick is used by one thread at a time: whoever else wants it waits for the copy first.
 */
typedef struct
{
  MereStick            *stick;       /* borrowed, as all below is until the end of the copy */
  const MereStickFound *found;       /* what is copied; NULL: nothing is */
  const char           *folder;      /* where to */
  GCancellable         *cancellable; /* nullable */
  GThread              *thread;
  char                 *copy; /* its path; NULL: why not is in @failure */
  guint8                hash[MERE_HASH_SIZE];
  GError               *failure;
} MereCopying;

void mere_copying_start (MereCopying *self, MereStick *stick, const MereStickFound *found, const char *folder, GCancellable *cancellable);
void mere_copying_wait (MereCopying *self);

/**
 * mere_copying_finish:
 * @error: return location for what kept it from being copied
 *
 * Waits; nothing is copied any more. The hash stays.
 *
 * Returns: (transfer full): the path of the copy, which is the caller's to remove with mere_copy_remove(); %NULL on failure
 */
char *mere_copying_finish (MereCopying *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waits, and removes a copy that nobody took. */
void mere_copying_clear (MereCopying *self);

/* A copy and its signature. */
void mere_copy_remove (const char *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereCopying, mere_copying_clear)

G_END_DECLS
