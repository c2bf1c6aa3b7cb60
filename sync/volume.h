/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Everything a stick is asked for, behind one small table, so that a test can be a stick that dies at any byte. */

typedef enum {
  MERE_VOLUME_FOLDER,
  MERE_VOLUME_FILE,
  MERE_VOLUME_OTHER, /* a link, a device: never opened */
} MereVolumeType;

typedef struct _MereVolume MereVolume;

/* One name in a folder; FALSE ends the listing. */
typedef gboolean (*MereVolumeListFunc) (gpointer user_data, const char *name, MereVolumeType type);

/**
 * MereVolume:
 *
 * A tree of folders and files. Handles are small numbers; the root's is 0. Every call gives a negative errno on failure.
 * Names are single names: no "/", no "..".
 */
struct _MereVolume
{
  int (*open_folder) (MereVolume *self, int folder, const char *name);              /* never follows a link */
  int (*make_folder) (MereVolume *self, int folder, const char *name);              /* 0; -EEXIST where the name is taken */
  int (*create_file) (MereVolume *self, int folder, const char *name);              /* handle; -EEXIST where the name is taken */
  int (*open_file) (MereVolume *self, int folder, const char *name, guint64 *size); /* plain files only; -ELOOP, -EINVAL */
  gssize (*read) (MereVolume *self, int file, guint8 *buffer, gsize size);
  gssize (*write) (MereVolume *self, int file, const guint8 *bytes, gsize size);
  int (*flush) (MereVolume *self, int handle);    /* a file or a folder reaches the medium */
  int (*drop_cache) (MereVolume *self, int file); /* the next read comes from the medium, as far as can be had */
  int (*remove) (MereVolume *self, int folder, const char *name, MereVolumeType type);
  int (*list) (MereVolume *self, int folder, MereVolumeListFunc each, gpointer user_data);
  void (*close) (MereVolume *self, int handle);
  void (*free) (MereVolume *self);
};

/**
 * mere_volume_open:
 * @path: a folder: where a stick is mounted, a share, any folder
 * @failure: (out): a negative errno
 *
 * Holds the folder itself, not its path: when the stick is gone and the path leads to the laptop's own disk, calls fail
 * instead of writing there.
 */
MereVolume *mere_volume_open (const char *path, int *failure) G_GNUC_WARN_UNUSED_RESULT;
void        mere_volume_free (MereVolume *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereVolume, mere_volume_free)

G_END_DECLS
