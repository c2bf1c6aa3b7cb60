/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/sealed-file.h"

#include "app/vault/vault-error.h"
#include "app/vault/vault-private.h"
#include "app/vault/vfs-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

struct _MereSealedFile
{
  char         *path;
  char         *vfs;  /* ours; NULL: that of an open vault */
  const char   *name; /* as SQLite's files have it */
  MereVault    *vault;
  sqlite3_file *file;
};

static void
set_failed (MereSealedFile *self, int status, GError **error)
{
  if (self->vault != NULL)
    mere_vault_set_sqlite_error (self->vault, status, error);
  else
    mere_vault_error_set_sqlite (error, NULL, status, self->vfs, self->path);
}

static gboolean
check (MereSealedFile *self, int status, GError **error)
{
  if (status != SQLITE_OK)
    set_failed (self, status, error);
  return status == SQLITE_OK;
}

static int
open_file (MereSealedFile *self, const MereSecret *data_key, const char *id)
{
  static int       opened;
  g_autofree char *name = g_strdup_printf ("merestone-sealed-%d", g_atomic_int_add (&opened, 1));
  g_autofree char *journal = g_strconcat (self->path, "-journal", NULL);
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  guint8           bytes[MERE_VFS_ID];
  sqlite3_vfs     *vfs;
  int              status;

  sodium_hex2bin (bytes, sizeof bytes, id, 2 * sizeof bytes, NULL, NULL, NULL);
  status = mere_vfs_register (name, NULL, mere_secret_get_data (data_key), bytes);
  if (status != SQLITE_OK)
    return status;
  self->vfs = g_steal_pointer (&name);
  self->name = sqlite3_create_filename (self->path, journal, wal, 0, NULL);
  vfs = sqlite3_vfs_find (self->vfs);
  self->file = g_malloc0 ((gsize) vfs->szOsFile);
  return self->name == NULL ? SQLITE_NOMEM : vfs->xOpen (vfs, self->name, self->file, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE, NULL);
}

MereSealedFile *
mere_sealed_file_open (const char *path, const MereSecret *data_key, const char *id, GError **error)
{
  g_autoptr (MereSealedFile) self = g_new0 (MereSealedFile, 1);

  self->path = g_strdup (path);
  if (!check (self, open_file (self, data_key, id), error))
    return NULL;
  self->file->pMethods->xFileControl (self->file, SQLITE_FCNTL_CKPT_START, NULL); /* pages that follow each other are written at once */
  return g_steal_pointer (&self);
}

MereSealedFile *
mere_sealed_file_new_for_vault (MereVault *vault)
{
  MereSealedFile *self = g_new0 (MereSealedFile, 1);

  self->vault = vault;
  sqlite3_file_control (mere_vault_get_database (vault), "main", SQLITE_FCNTL_FILE_POINTER, &self->file);
  return self;
}

void
mere_sealed_file_close (MereSealedFile *self)
{
  if (self == NULL)
    return;
  if (self->vault == NULL && self->file != NULL && self->file->pMethods != NULL)
    self->file->pMethods->xClose (self->file);
  if (self->vault == NULL)
    g_free (self->file);
  sqlite3_free_filename (self->name);
  if (self->vfs != NULL)
    mere_vfs_unregister (self->vfs);
  g_free (self->vfs);
  g_free (self->path);
  g_free (self);
}

guint32
mere_sealed_file_get_pages (MereSealedFile *self)
{
  sqlite3_int64 size = 0;

  return self->file->pMethods->xFileSize (self->file, &size) == SQLITE_OK ? (guint32) (size / MERE_SEALED_PAGE) : 0;
}

static int
read_page (MereSealedFile *self, guint32 number, guint8 *page)
{
  return self->file->pMethods->xRead (self->file, page, MERE_SEALED_PAGE, (gint64) (number - 1) * MERE_SEALED_PAGE);
}

/* A page that was never written, where the file has a hole, reads as zeros. */
gboolean
mere_sealed_file_has (MereSealedFile *self, guint32 number)
{
  guint8   page[MERE_SEALED_PAGE];
  gboolean has = read_page (self, number, page) == SQLITE_OK && !sodium_is_zero (page, sizeof page);

  sodium_memzero (page, sizeof page);
  return has;
}

gboolean
mere_sealed_file_read (MereSealedFile *self, guint32 number, guint8 page[MERE_SEALED_PAGE], GError **error)
{
  return check (self, read_page (self, number, page), error);
}

gboolean
mere_sealed_file_write (MereSealedFile *self, guint32 number, const guint8 page[MERE_SEALED_PAGE], GError **error)
{
  return check (self, self->file->pMethods->xWrite (self->file, page, MERE_SEALED_PAGE, (gint64) (number - 1) * MERE_SEALED_PAGE), error);
}

gboolean
mere_sealed_file_sync (MereSealedFile *self, GError **error)
{
  return check (self, self->file->pMethods->xSync (self->file, SQLITE_SYNC_FULL), error);
}

void
mere_sealed_file_forget_cached (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "vault.db", NULL);
  int              fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
  close (fd);
}
