/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder of the system as a volume. The root is opened once and held; below it only single names are opened, never
 * through a link and never on another device. A handle is a file descriptor, 0 stands for the root. */

#include "config.h"

#include "sync/volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0755
#define FILE_MODE 0644
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

typedef struct
{
  MereVolume  base;
  char       *path; /* absolute; to see whether it still leads to the root */
  int         root;
  struct stat identity;
} Folder;

static int
get_fd (MereVolume *volume,
        int         handle)
{
  return handle == 0 ? ((Folder *) volume)->root : handle;
}

static gboolean
is_single_name (const char *name)
{
  return name[0] != '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0 && strchr (name, '/') == NULL;
}

/* After a lazy unmount the descriptor still takes writes that no medium will see, and the path leads elsewhere. */
static int
check_still_there (Folder *self)
{
  struct stat now;

  return stat (self->path, &now) == 0 && now.st_dev == self->identity.st_dev && now.st_ino == self->identity.st_ino ? 0 : -ENODEV;
}

/* @fd if it is of the kind that is wanted and on the root's own device; else closes it. */
static int
admit (Folder  *self,
       int      fd,
       mode_t   kind,
       guint64 *size)
{
  struct stat found;
  int         failure = 0;

  if (fd < 0)
    return -errno;

  if (fstat (fd, &found) != 0)
    failure = -errno;
  else if ((found.st_mode & S_IFMT) != kind)
    failure = -EINVAL;
  else if (found.st_dev != self->identity.st_dev)
    failure = -EXDEV;
  if (failure == 0 && fd == 0)
    {
      fd = fcntl (0, F_DUPFD_CLOEXEC, 1); /* 0 is the root's handle */
      failure = fd < 0 ? -errno : 0;
      close (0);
    }
  else if (failure != 0)
    close (fd);
  if (failure == 0 && size != NULL)
    *size = found.st_size;

  return failure != 0 ? failure : fd;
}

static int
folder_open_folder (MereVolume *volume,
                    int         folder,
                    const char *name)
{
  if (!is_single_name (name))
    return -EINVAL;

  return admit ((Folder *) volume, openat (get_fd (volume, folder), name, FOLDER_FLAGS), S_IFDIR, NULL);
}

static int
folder_make_folder (MereVolume *volume,
                    int         folder,
                    const char *name)
{
  if (!is_single_name (name))
    return -EINVAL;

  return mkdirat (get_fd (volume, folder), name, FOLDER_MODE) == 0 ? 0 : -errno;
}

static int
folder_create_file (MereVolume *volume,
                    int         folder,
                    const char *name)
{
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

  if (!is_single_name (name))
    return -EINVAL;

  return admit ((Folder *) volume, openat (get_fd (volume, folder), name, flags, FILE_MODE), S_IFREG, NULL);
}

static int
folder_open_file (MereVolume *volume,
                  int         folder,
                  const char *name,
                  guint64    *size)
{
  const int   flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  struct stat found;

  if (!is_single_name (name))
    return -EINVAL;
  /* Opening a device may already do something: look first. */
  if (fstatat (get_fd (volume, folder), name, &found, AT_SYMLINK_NOFOLLOW) != 0)
    return -errno;
  if (!S_ISREG (found.st_mode))
    return S_ISLNK (found.st_mode) ? -ELOOP : -EINVAL;

  return admit ((Folder *) volume, openat (get_fd (volume, folder), name, flags), S_IFREG, size);
}

static gssize
folder_read (MereVolume *volume,
             int         file,
             guint8     *buffer,
             gsize       size)
{
  gssize n;

  do
    n = read (file, buffer, size);
  while (n < 0 && errno == EINTR);

  return n < 0 ? -errno : n;
}

static gssize
folder_write (MereVolume   *volume,
              int           file,
              const guint8 *bytes,
              gsize         size)
{
  gssize n;

  do
    n = write (file, bytes, size);
  while (n < 0 && errno == EINTR);

  return n < 0 ? -errno : n;
}

static int
folder_flush (MereVolume *volume,
              int         handle)
{
  /* Network shares have no sync of a folder, and say that it is invalid. */
  if (fsync (get_fd (volume, handle)) != 0 && errno != EINVAL)
    return -errno;

  return check_still_there ((Folder *) volume);
}

static int
folder_drop_cache (MereVolume *volume,
                   int         file)
{
  /* Advice only: a file system that keeps no pages has none to drop. */
  posix_fadvise (file, 0, 0, POSIX_FADV_DONTNEED);

  return check_still_there ((Folder *) volume);
}

static int
folder_remove (MereVolume    *volume,
               int            folder,
               const char    *name,
               MereVolumeType type)
{
  if (!is_single_name (name))
    return -EINVAL;

  return unlinkat (get_fd (volume, folder), name, type == MERE_VOLUME_FOLDER ? AT_REMOVEDIR : 0) == 0 ? 0 : -errno;
}

static MereVolumeType
get_type (int                  folder,
          const struct dirent *entry)
{
  struct stat found;

  if (entry->d_type == DT_DIR)
    return MERE_VOLUME_FOLDER;
  if (entry->d_type == DT_REG)
    return MERE_VOLUME_FILE;
  if (entry->d_type != DT_UNKNOWN || fstatat (folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
    return MERE_VOLUME_OTHER;
  if (S_ISDIR (found.st_mode))
    return MERE_VOLUME_FOLDER;

  return S_ISREG (found.st_mode) ? MERE_VOLUME_FILE : MERE_VOLUME_OTHER;
}

static int
folder_list (MereVolume        *volume,
             int                folder,
             MereVolumeListFunc each,
             gpointer           user_data)
{
  int                  fd = openat (get_fd (volume, folder), ".", FOLDER_FLAGS);
  DIR                 *listing = fd < 0 ? NULL : fdopendir (fd);
  const struct dirent *entry;
  gboolean             more = TRUE;
  int                  failure;

  if (listing == NULL)
    {
      failure = -errno;
      if (fd >= 0)
        close (fd);
      return failure;
    }

  for (errno = 0; more && (entry = readdir (listing)) != NULL; errno = 0)
    if (is_single_name (entry->d_name))
      more = each (user_data, entry->d_name, get_type (fd, entry));
  failure = more ? -errno : 0;
  closedir (listing);

  return failure;
}

static void
folder_close (MereVolume *volume,
              int         handle)
{
  if (handle > 0)
    close (handle);
}

static void
folder_free (MereVolume *volume)
{
  Folder *self = (Folder *) volume;

  close (self->root);
  g_free (self->path);
  g_free (self);
}

static const MereVolume folder_volume = {
  .open_folder = folder_open_folder,
  .make_folder = folder_make_folder,
  .create_file = folder_create_file,
  .open_file = folder_open_file,
  .read = folder_read,
  .write = folder_write,
  .flush = folder_flush,
  .drop_cache = folder_drop_cache,
  .remove = folder_remove,
  .list = folder_list,
  .close = folder_close,
  .free = folder_free,
};

MereVolume *
mere_volume_open (const char *path,
                  int        *failure)
{
  int     root = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Folder *self;

  if (root < 0)
    {
      *failure = -errno;
      return NULL;
    }

  self = g_new0 (Folder, 1);
  self->base = folder_volume;
  self->path = g_canonicalize_filename (path, NULL);
  self->root = root;
  if (fstat (root, &self->identity) != 0)
    {
      *failure = -errno;
      folder_free (&self->base);
      return NULL;
    }
  *failure = 0;

  return &self->base;
}

void
mere_volume_free (MereVolume *self)
{
  if (self != NULL)
    self->free (self);
}
