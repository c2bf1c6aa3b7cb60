/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The image lies in a folder that the dying stick shows; the file system is mounted from what the dying stick shows, one file a kind. ext4 is
 * the kernel's own, over a loop device; FAT and exFAT are driven by programs, whose processes become children of this one
 * so that their end can be waited for. */

#include "config.h"

#include "tests/sync/disk-stick.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/loop.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sync/dying-stick.h"

#define MIB ((guint64) 1 << 20)
#define LOOP_TRIES 64 /* others look for a free one at the same time */

const MereDiskKind mere_disk_ext4 = {
  .name = "ext4",
  .size = 16 * MIB,
  .make = { "mkfs.ext4", "-q", "-F" },
  .repair = { "e2fsck", "-f", "-y" },
};

/* Fewer clusters than that, and it is no FAT32. */
const MereDiskKind mere_disk_fat32 = {
  .name = "FAT32",
  .size = 40 * MIB,
  .make = { "mkfs.fat", "-F", "32" },
  .repair = { "fsck.fat", "-a", "-w" },
  .driver = { "fusefat", "-o", "rw+" },
};

const MereDiskKind mere_disk_exfat = {
  .name = "exFAT",
  .size = 8 * MIB,
  .make = { "mkfs.exfat" },
  .repair = { "fsck.exfat", "-y" },
  .driver = { "mount.exfat-fuse" },
  .by_loop = TRUE,
};

struct _MereDiskStick
{
  MereDyingStick     *dying;
  const MereDiskKind *kind;
  char               *medium;
  char               *image;   /* on the medium: for who makes and repairs */
  char               *plugged; /* the same, as the dying stick shows it */
  char               *shown;
  char               *mount;
  gboolean            is_mounted;
};

void
mere_disk_stick_free (MereDiskStick *self)
{
  if (self == NULL)
    return;
  if (self->is_mounted)
    mere_disk_stick_pull (self);
  mere_dying_stick_free (self->dying);
  g_free (self->medium);
  g_free (self->image);
  g_free (self->plugged);
  g_free (self->shown);
  g_free (self->mount);
  g_free (self);
}

static char *
make_folder (const char *folder,
             const char *name)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

MereDiskStick *
mere_disk_stick_new (const char  *folder,
                     const char **reason)
{
  g_autoptr (MereDiskStick) self = g_new0 (MereDiskStick, 1);

  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    {
      *reason = "only root may mount";
      return NULL;
    }
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1), ==, 0);
  self->medium = make_folder (folder, "medium");
  self->shown = make_folder (folder, "shown");
  self->mount = make_folder (folder, "mount");
  self->dying = mere_dying_stick_new (self->medium, self->shown, TRUE, reason);
  return self->dying != NULL ? g_steal_pointer (&self) : NULL;
}

/* Whether it ended with 0. */
static gboolean
run (const char *const *words,
     const char        *first,
     const char        *second)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  int status = -1;

  g_strv_builder_addv (argv, (const char **) words);
  g_strv_builder_add (argv, first);
  if (second != NULL)
    g_strv_builder_add (argv, second);
  all = g_strv_builder_end (argv);
  return g_spawn_sync (NULL, all, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                       NULL, NULL, &status, NULL) &&
         status == 0;
}

/* It goes by itself when its last user has closed it. -1 where there is none. */
static int
open_loop (const char *image,
           char      **path)
{
  int control = open ("/dev/loop-control", O_RDWR | O_CLOEXEC);
  int file = open (image, O_RDWR | O_CLOEXEC);
  int device = -1;

  for (guint i = 0; control >= 0 && file >= 0 && device < 0 && i < LOOP_TRIES; i++)
    {
      struct loop_config config = { .fd = (guint32) file, .info.lo_flags = LO_FLAGS_AUTOCLEAR };

      g_free (*path);
      *path = g_strdup_printf ("/dev/loop%d", ioctl (control, LOOP_CTL_GET_FREE));
      device = open (*path, O_RDWR | O_CLOEXEC);
      if (device >= 0 && ioctl (device, LOOP_CONFIGURE, &config) != 0)
        {
          close (device);
          device = -1;
        }
    }
  if (control >= 0)
    close (control);
  if (file >= 0)
    close (file);
  return device;
}

/* Whether what went wrong is the stick's own doing: it was pulled, or is damaged. */
static gboolean
mount_it (MereDiskStick *self)
{
  g_autofree char *loop = NULL;
  gboolean         by_loop = self->kind->driver[0] == NULL || self->kind->by_loop;
  int              device = by_loop ? open_loop (self->plugged, &loop) : -1;
  gboolean         done;

  if (by_loop && device < 0)
    return FALSE;
  if (self->kind->driver[0] != NULL)
    done = run (self->kind->driver, by_loop ? loop : self->plugged, self->mount);
  else
    done = mount (loop, self->mount, self->kind->name, MS_NOSUID | MS_NODEV | MS_NOEXEC, "errors=remount-ro") == 0;
  if (device >= 0)
    close (device);
  return done;
}

gboolean
mere_disk_stick_insert (MereDiskStick *self,
                        gint64         moves,
                        gboolean       sectors)
{
  mere_dying_stick_set_unit (self->dying, sectors ? 512 : 1);
  mere_dying_stick_plug (self->dying, moves);
  self->is_mounted = mount_it (self);
  return self->is_mounted;
}

/* The driver's process has written all when it ends. */
gint64
mere_disk_stick_pull (MereDiskStick *self)
{
  gint64 moves;

  if (self->is_mounted)
    g_assert_cmpint (umount2 (self->mount, 0), ==, 0);
  if (self->is_mounted && self->kind->driver[0] != NULL)
    g_assert_cmpint (waitpid (-1, NULL, 0), >, 0);
  self->is_mounted = FALSE;
  moves = mere_dying_stick_count (self->dying);
  mere_dying_stick_plug (self->dying, -1);
  return moves;
}

void
mere_disk_stick_repair (MereDiskStick *self)
{
  run (self->kind->repair, self->image, NULL);
}

static char *
find_missing (const MereDiskKind *kind)
{
  const char *programs[] = { kind->make[0], kind->repair[0], kind->driver[0] };

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = programs[i] != NULL ? g_find_program_in_path (programs[i]) : NULL;

      if (programs[i] != NULL && path == NULL)
        return g_strdup_printf ("%s is not installed", programs[i]);
    }
  return NULL;
}

static void
make_image (MereDiskStick *self)
{
  int fd = g_open (self->image, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, (off_t) self->kind->size), ==, 0);
  close (fd);
  g_assert_true (run (self->kind->make, self->image, NULL));
}

gboolean
mere_disk_stick_format (MereDiskStick      *self,
                        const MereDiskKind *kind,
                        char              **reason)
{
  self->kind = kind;
  g_free (self->image);
  g_free (self->plugged);
  self->image = g_build_filename (self->medium, kind->name, NULL);
  self->plugged = g_build_filename (self->shown, kind->name, NULL);
  *reason = find_missing (kind);
  if (*reason != NULL)
    return FALSE;
  make_image (self);
  if (mere_disk_stick_insert (self, -1, FALSE))
    {
      mere_disk_stick_pull (self);
      return TRUE;
    }
  *reason = g_strdup_printf ("this machine cannot mount %s", kind->name);
  return FALSE;
}

const char *
mere_disk_stick_get_path (MereDiskStick *self)
{
  return self->mount;
}
