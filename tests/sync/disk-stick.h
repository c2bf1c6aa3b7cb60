/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A file system that sticks have, and the programs that make, repair and drive it. */
typedef struct
{
  const char *name;
  guint64     size;      /* bytes of the image */
  const char *make[6];   /* words; the image follows */
  const char *repair[6]; /* likewise */
  const char *driver[4]; /* likewise, then the folder; none: the kernel's own */
  gboolean    by_loop;   /* its driver takes block devices only */
} MereDiskKind;

extern const MereDiskKind mere_disk_ext4, mere_disk_fat32, mere_disk_exfat;

/**
 * MereDiskStick:
 *
 * A stick that has a real file system: its image is a file on a #MereDyingStick, so that what the driver writes ends at any
 * byte, and what the driver had not written yet is lost. Mounts are seen by this process and its children alone, and end with it.
 */
typedef struct _MereDiskStick MereDiskStick;

/* Begin before any thread is made. %NULL with @reason where this machine does not let us mount. */
MereDiskStick *mere_disk_stick_new (const char *folder, const char **reason);
void           mere_disk_stick_free (MereDiskStick *self);

/* Another stick, fresh from the shop. %FALSE with @reason (transfer full) where a program is missing, or it does not come up. */
gboolean mere_disk_stick_format (MereDiskStick *self, const MereDiskKind *kind, char **reason);

/* Plugs it in, until so many bytes and calls have reached it; negative: for good. @sectors: only whole sectors of 512 bytes
 * are written. %FALSE: it does not mount. */
gboolean mere_disk_stick_insert (MereDiskStick *self, gint64 moves, gboolean sectors);

/* Takes it out: bytes and calls that have reached it since it was plugged in. */
gint64 mere_disk_stick_pull (MereDiskStick *self);

/* What the system's own check can do for it. */
void mere_disk_stick_repair (MereDiskStick *self);

const char *mere_disk_stick_get_path (MereDiskStick *self); /* where it is seen */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereDiskStick, mere_disk_stick_free)

G_END_DECLS
