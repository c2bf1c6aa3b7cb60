/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file system runs in a child process, which shares nothing with the test but the page with the count. The kernel keeps
 * nothing back, so that each byte passes here at the moment when it is written. */

#define FUSE_USE_VERSION 31

#include "config.h"

#include "tests/sync/dying-stick.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT 3600.0 /* seconds, where it may be */

/* In memory that both processes see. */
typedef struct
{
  _Atomic gint64 left; /* negative: no end */
  _Atomic gint64 count;
  _Atomic guint  unit; /* bytes */
} Page;

struct _MereDyingStick
{
  Page *page;
  char *mount;
  pid_t child;
};

/* The child's own. */
static Page    *page;
static int      medium;
static int      ready;
static gboolean cached;

/* How much of @wanted still happens. */
static gint64
spend (gint64 wanted)
{
  gint64 left = atomic_load (&page->left);
  gint64 spent = left < 0 ? wanted : MIN (wanted, left);

  if (left >= 0)
    atomic_store (&page->left, left - spent);
  atomic_fetch_add (&page->count, spent);

  return spent;
}

static gboolean
is_dead (void)
{
  return atomic_load (&page->left) == 0;
}

static const char *
within (const char *path)
{
  return path[1] == '\0' ? "." : path + 1;
}

static int
answer (int result)
{
  return result >= 0 ? result : -errno;
}

static void *
stick_init (struct fuse_conn_info *connection,
            struct fuse_config    *config)
{
  config->attr_timeout = config->entry_timeout = cached ? KEPT : 0;
  config->negative_timeout = 0;
  config->direct_io = !cached;
  config->use_ino = 1;
  if (write (ready, "", 1) != 1)
    fuse_exit (fuse_get_context ()->fuse);

  return NULL;
}

static int
stick_getattr (const char            *path,
               struct stat           *status,
               struct fuse_file_info *file)
{
  if (is_dead ())
    return -EIO;

  return answer (file != NULL ? fstat ((int) file->fh, status) : fstatat (medium, within (path), status, AT_SYMLINK_NOFOLLOW));
}

static int
stick_readdir (const char             *path,
               void                   *buffer,
               fuse_fill_dir_t         fill,
               off_t                   offset,
               struct fuse_file_info  *file,
               enum fuse_readdir_flags flags)
{
  int                  fd = is_dead () ? -1 : openat (medium, within (path), O_RDONLY | O_DIRECTORY);
  DIR                 *folder = fd >= 0 ? fdopendir (fd) : NULL;
  const struct dirent *entry;

  if (folder == NULL)
    return -EIO;
  while ((entry = readdir (folder)) != NULL)
    {
      struct stat status = { .st_ino = entry->d_ino, .st_mode = (mode_t) DTTOIF (entry->d_type) };

      fill (buffer, entry->d_name, &status, 0, 0);
    }
  closedir (folder);

  return 0;
}

static int
stick_mkdir (const char *path,
             mode_t      mode)
{
  return spend (1) == 0 ? -EIO : answer (mkdirat (medium, within (path), mode));
}

static int
stick_unlink (const char *path)
{
  return spend (1) == 0 ? -EIO : answer (unlinkat (medium, within (path), 0));
}

static int
stick_rmdir (const char *path)
{
  return spend (1) == 0 ? -EIO : answer (unlinkat (medium, within (path), AT_REMOVEDIR));
}

static int
open_at (const char            *path,
         int                    flags,
         mode_t                 mode,
         struct fuse_file_info *file)
{
  int fd = openat (medium, within (path), flags | O_NOFOLLOW, mode);

  if (fd < 0)
    return -errno;
  file->fh = (guint64) fd;

  return 0;
}

static int
stick_create (const char            *path,
              mode_t                 mode,
              struct fuse_file_info *file)
{
  return spend (1) == 0 ? -EIO : open_at (path, file->flags, mode, file);
}

static int
stick_open (const char            *path,
            struct fuse_file_info *file)
{
  return is_dead () ? -EIO : open_at (path, file->flags & ~O_DIRECT, 0, file);
}

static int
stick_read (const char            *path,
            char                  *buffer,
            size_t                 size,
            off_t                  offset,
            struct fuse_file_info *file)
{
  return is_dead () ? -EIO : answer ((int) pread ((int) file->fh, buffer, size, offset));
}

/* Of @spent bytes at @offset, what ends with a whole unit. */
static size_t
trim (off_t  offset,
      gint64 spent,
      gint64 wanted)
{
  gint64 unit = atomic_load (&page->unit);
  gint64 end = (offset + spent) / unit * unit;

  return spent == wanted ? (size_t) spent : (size_t) MAX (end - offset, 0);
}

/* A write that is cut is torn: what came before stays. */
static int
stick_write (const char            *path,
             const char            *bytes,
             size_t                 size,
             off_t                  offset,
             struct fuse_file_info *file)
{
  gint64 spent = spend ((gint64) size);
  size_t kept = trim (offset, spent, (gint64) size);
  int    written = kept > 0 ? answer ((int) pwrite ((int) file->fh, bytes, kept, offset)) : 0;

  return spent < (gint64) size ? -EIO : written;
}

static int
stick_fsync (const char            *path,
             int                    data_only,
             struct fuse_file_info *file)
{
  return spend (1) == 0 ? -EIO : 0;
}

static int
stick_release (const char            *path,
               struct fuse_file_info *file)
{
  return answer (close ((int) file->fh));
}

static const struct fuse_operations operations = {
  .init = stick_init,
  .getattr = stick_getattr,
  .readdir = stick_readdir,
  .mkdir = stick_mkdir,
  .unlink = stick_unlink,
  .rmdir = stick_rmdir,
  .create = stick_create,
  .open = stick_open,
  .read = stick_read,
  .write = stick_write,
  .fsync = stick_fsync,
  .fsyncdir = stick_fsync,
  .release = stick_release,
};

/* Ends with the test, however that ends. */
static int
run (const char *mount)
{
  const char      *argv[] = { "dying-stick", "-o", "fsname=dying-stick" };
  struct fuse_args args = FUSE_ARGS_INIT (G_N_ELEMENTS (argv), (char **) argv);
  struct fuse     *fuse = fuse_new (&args, &operations, sizeof operations, NULL);
  int              status = 1;

  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (fuse != NULL && fuse_mount (fuse, mount) == 0)
    {
      fuse_set_signal_handlers (fuse_get_session (fuse));
      status = fuse_loop (fuse);
      fuse_unmount (fuse);
    }
  fuse_opt_free_args (&args);

  return status;
}

void
mere_dying_stick_free (MereDyingStick *self)
{
  if (self == NULL)
    return;
  if (self->child > 0)
    {
      kill (self->child, SIGTERM);
      waitpid (self->child, NULL, 0);
    }
  munmap (self->page, sizeof *self->page);
  g_free (self->mount);
  g_free (self);
}

void
mere_dying_stick_plug (MereDyingStick *self,
                       gint64          moves)
{
  atomic_store (&self->page->count, 0);
  atomic_store (&self->page->left, moves);
}

void
mere_dying_stick_set_unit (MereDyingStick *self,
                           guint           bytes)
{
  atomic_store (&self->page->unit, bytes);
}

/* In the child; FALSE where it could not be mounted. */
static gboolean
begin (MereDyingStick *self,
       const char     *medium_path,
       gboolean        may_cache)
{
  int      ends[2];
  char     byte;
  gboolean begun;

  g_assert_cmpint (pipe (ends), ==, 0);
  self->child = fork ();
  if (self->child == 0)
    {
      page = self->page;
      cached = may_cache;
      medium = open (medium_path, O_PATH | O_DIRECTORY);
      ready = ends[1];
      close (ends[0]);
      _exit (run (self->mount));
    }
  close (ends[1]);
  begun = self->child > 0 && read (ends[0], &byte, 1) == 1;
  close (ends[0]);

  return begun;
}

MereDyingStick *
mere_dying_stick_new (const char  *medium_path,
                      const char  *mount,
                      gboolean     may_cache,
                      const char **reason)
{
  g_autoptr (MereDyingStick) self = g_new0 (MereDyingStick, 1);

  self->page = mmap (NULL, sizeof *self->page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (self->page != MAP_FAILED);
  self->mount = g_strdup (mount);
  mere_dying_stick_plug (self, -1);
  mere_dying_stick_set_unit (self, 1);
  if (access ("/dev/fuse", R_OK | W_OK) != 0)
    *reason = "there is no /dev/fuse that we may use";
  else if (!begin (self, medium_path, may_cache))
    *reason = "the file system could not be mounted";
  else
    return g_steal_pointer (&self);

  return NULL;
}

gint64
mere_dying_stick_count (MereDyingStick *self)
{
  return atomic_load (&self->page->count);
}
