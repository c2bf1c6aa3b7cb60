/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/app/vault/faults.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct
{
  int    fd;
  off_t  offset;
  off_t  size_before; /* of the file */
  gsize  size;
  guint8 before[]; /* what the write replaced */
} Unsynced;

static MereTestFault current;
static guint         chosen;
static guint         calls;
static gboolean      counts_names;
static GPtrArray    *unsynced;

static void
remember (int fd, gsize size, off_t offset)
{
  Unsynced   *entry = g_malloc0 (sizeof *entry + size);
  struct stat status;

  entry->fd = fd;
  entry->offset = offset;
  entry->size = size;
  entry->size_before = fstat (fd, &status) == 0 ? status.st_size : 0;
  if (pread (fd, entry->before, size, offset) < 0)
    memset (entry->before, 0, size);
  g_ptr_array_add (unsynced, entry);
}

/* What is lost at a file's end is lost with its length, if nothing after it was kept. */
static void
lose (const Unsynced *entry)
{
  struct stat status;

  if (fstat (entry->fd, &status) != 0)
    return;
  if (entry->size_before <= entry->offset && status.st_size == entry->offset + (off_t) entry->size)
    g_assert_cmpint (ftruncate (entry->fd, MAX (entry->size_before, 0)), ==, 0);
  else
    g_assert_cmpint (pwrite (entry->fd, entry->before, entry->size, entry->offset), ==, (gssize) entry->size);
}

static G_GNUC_NORETURN void
die (void)
{
  if (current == MERE_TEST_FAULT_POWER)
    for (guint i = unsynced->len; i > 0; i--)
      if (g_random_boolean ())
        lose (g_ptr_array_index (unsynced, i - 1));
  kill (getpid (), SIGKILL);
  g_assert_not_reached ();
}

static gboolean
is_chosen (void)
{
  return ++calls == chosen && current != MERE_TEST_FAULT_NONE && current != MERE_TEST_FAULT_FULL;
}

static gboolean
is_full (void)
{
  return current == MERE_TEST_FAULT_FULL && calls >= chosen;
}

static ssize_t
fault_pwrite (int fd, const void *bytes, size_t size, off_t offset)
{
  gboolean last = is_chosen ();

  if (is_full ())
    {
      errno = ENOSPC;
      return -1;
    }
  if (current == MERE_TEST_FAULT_POWER)
    remember (fd, size, offset);
  if (!last)
    return pwrite (fd, bytes, size, offset);
  if (pwrite (fd, bytes, size / 2, offset) >= 0)
    die ();
  return -1;
}

static int
fault_ftruncate (int fd, off_t size)
{
  if (is_chosen ())
    die ();
  return ftruncate (fd, size);
}

static void
forget (int fd)
{
  for (guint i = unsynced->len; i > 0; i--)
    if (((Unsynced *) g_ptr_array_index (unsynced, i - 1))->fd == fd)
      g_ptr_array_remove_index (unsynced, i - 1);
}

/* SQLite lets one replace fsync(), but calls this one. What a process leaves when it is gone needs no disk, and here the power
 * never goes in earnest. */
int
fdatasync (int fd)
{
  if (unsynced == NULL)
    return (int) syscall (SYS_fdatasync, fd);
  if (is_chosen ())
    die ();
  forget (fd);
  return 0;
}

int
fsync (int fd)
{
  if (counts_names && is_chosen ())
    die ();
  return unsynced == NULL ? (int) syscall (SYS_fsync, fd) : 0;
}

static int
fault_close (int fd)
{
  forget (fd);
  return close (fd);
}

static int
fault_unlink (const char *path)
{
  if (is_chosen ())
    die ();
  return unlinkat (AT_FDCWD, path, 0);
}

int
unlink (const char *path)
{
  if (counts_names && is_chosen ())
    die ();
  return unlinkat (AT_FDCWD, path, 0);
}

int
rmdir (const char *path)
{
  if (counts_names && is_chosen ())
    die ();
  return unlinkat (AT_FDCWD, path, AT_REMOVEDIR);
}

int
mkdir (const char *path, mode_t mode)
{
  if (counts_names && is_chosen ())
    die ();
  return mkdirat (AT_FDCWD, path, mode);
}

int
rename (const char *from, const char *to)
{
  if (counts_names && is_chosen ())
    die ();
  return renameat (AT_FDCWD, from, AT_FDCWD, to);
}

static void
replace (const char *name, sqlite3_syscall_ptr call)
{
  sqlite3_vfs *disk = sqlite3_vfs_find (NULL);

  disk->xSetSystemCall (disk, name, call);
}

void
mere_test_faults_start (MereTestFault fault, guint call)
{
  current = fault;
  chosen = call;
  calls = 0;
  g_clear_pointer (&unsynced, g_ptr_array_unref);
  unsynced = g_ptr_array_new_with_free_func (g_free);
  replace ("pwrite", (sqlite3_syscall_ptr) fault_pwrite);
  replace ("pwrite64", (sqlite3_syscall_ptr) fault_pwrite);
  replace ("ftruncate", (sqlite3_syscall_ptr) fault_ftruncate);
  replace ("close", (sqlite3_syscall_ptr) fault_close);
  replace ("unlink", (sqlite3_syscall_ptr) fault_unlink);
}

void
mere_test_faults_count_names (void)
{
  counts_names = TRUE;
}

guint
mere_test_faults_get_calls (void)
{
  return calls;
}
