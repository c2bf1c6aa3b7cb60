/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/folder.h"

#include "app/vault/key-copies.h"
#include "app/vault/vault-error.h"
#include "app/vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define MARK "unfinished"
#define DATABASE "vault.db"
#define MOST_OPEN 16 /* folders at once, while a tree is removed */

/* What a database is made of, in the order in which they go. */
static const char *const database_files[] = { "vault.db-wal", "vault.db-pages", "vault.db-content", DATABASE };

/* Folders that those who use a vault keep beside its database: sync/road.h, sync/hq/quarantine.c. */
static const char *const beside[] = { "outbox", "card", "incoming", "quarantine" };

static gboolean
is_empty (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  return folder != NULL && g_dir_read_name (folder) == NULL;
}

/* The keys come last: marked and without keys, nothing in it can be of any use. */
static gboolean
is_unfinished (const char *path)
{
  g_autofree char *mark = g_build_filename (path, MARK, NULL);

  return g_file_test (mark, G_FILE_TEST_IS_REGULAR) && !mere_key_copies_exist (path);
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
  if (*made || is_empty (path) || is_unfinished (path))
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

static gboolean
touch (const char *path, const char *name, GError **error)
{
  g_autofree char *file = g_build_filename (path, name, NULL);
  int              fd = g_open (file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    mere_vault_error_set_errno (error, errno, file);
  else
    close (fd);
  return fd >= 0;
}

gboolean
mere_folder_start (const char *path, GError **error)
{
  if (!touch (path, MARK, error) || !mere_folder_sync (path, error) || !mere_key_copies_shred (path, error))
    return FALSE;
  mere_folder_unlink_database (path);
  return touch (path, DATABASE, error);
}

void
mere_folder_finish (const char *path)
{
  g_autofree char *mark = g_build_filename (path, MARK, NULL);

  g_unlink (mark);
}

void
mere_folder_unlink_database (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (database_files); i++)
    {
      g_autofree char *name = g_build_filename (path, database_files[i], NULL);

      g_unlink (name);
    }
}

static int
remove_entry (const char *path, const struct stat *info, int type, struct FTW *place)
{
  remove (path);
  return 0;
}

void
mere_folder_remove_beside (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (beside); i++)
    {
      g_autofree char *name = g_build_filename (path, beside[i], NULL);

      nftw (name, remove_entry, MOST_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    }
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
