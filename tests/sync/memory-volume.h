/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/volume.h"

G_BEGIN_DECLS

/**
 * MereMemoryVolume:
 * @moves_left: bytes and calls that still change something; then it is pulled in the middle: every call fails. Negative:
 *   for ever
 * @room: bytes that it takes; more fails with @full. Negative: no end
 * @true_room: bytes that it really keeps, of those it takes; the rest reads back as zeros once its cache was dropped.
 *   Negative: all
 * @full: errno where there is no room
 * @fixed: errno with which names are not made, 0 for none: a read-only stick
 * @calls: (nullable): a line for each call that matters to the order of writing
 *
 * A stick in memory, to be pulled, filled up, and lied with.
 */
typedef struct
{
  MereVolume base;
  gint64     moves_left;
  gint64     room;
  gint64     true_room;
  int        full;
  int        fixed;
  GString   *calls;
  /*< private >*/
  gboolean   pulled;
  GPtrArray *nodes;
  GArray    *handles;
} MereMemoryVolume;

MereMemoryVolume *mere_memory_volume_new (void);

/* What another computer finds on it: all that was written, or only what was flushed. (transfer full) */
MereMemoryVolume *mere_memory_volume_remount (MereMemoryVolume *self, gboolean only_flushed);

/* "MERESTONE/TO-HQ/…", or the file's bytes: (transfer full), NULL where there is none. */
GBytes *mere_memory_volume_load (MereMemoryVolume *self, const char *path);

/* Puts something there, flushed; folders on the way included. @content NULL: a link. */
void mere_memory_volume_put (MereMemoryVolume *self, const char *path, const char *content);

/* Every path, sorted, "/" behind folders. */
char **mere_memory_volume_list (MereMemoryVolume *self);

G_END_DECLS
