/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/folder.h"

#include "app/vault/vault-error.h"
#include "app/vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

static gboolean
is_empty (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  return folder != NULL && g_dir_read_name (folder) == NULL;
}

gboolean
mere_folder_make (const char *path, gboolean *made, GError **error)
{
  *made = !g_file_test (path, G_FILE_TEST_EXISTS);
  if (*made && g_mkdir_with_parents (path, 0700) != 0)
    {
      mere_vault_error_set_errno (error, errno, path);
      return FALSE;
    }
  if (*made || is_empty (path))
    return TRUE;
  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_EXISTS, _ ("“%s” is not an empty folder. Nothing was changed."), path);
  return FALSE;
}

int
mere_folder_lock (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), code = errno;

  if (fd < 0 && (code == ENOENT || code == ENOTDIR))
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_NOT_A_VAULT, _ ("There is no folder “%s”."), path);
  else if (fd < 0)
    mere_vault_error_set_errno (error, code, path);
  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return fd;

  close (fd);
  mere_vault_error_set_sqlite (error, NULL, SQLITE_BUSY, "", path);
  return -1;
}

/* EINVAL: a file system that has nothing to sync for a folder. */
gboolean
mere_folder_sync (const char *path, GError **error)
{
  int      fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean done = fd >= 0 && (fsync (fd) == 0 || errno == EINVAL);
  int      code = errno;

  if (fd >= 0)
    close (fd);
  if (!done)
    mere_vault_error_set_errno (error, code, path);
  return done;
}
