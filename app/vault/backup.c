/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/backup.h"

#include "app/vault/content-copy.h"
#include "app/vault/folder.h"
#include "app/vault/key-copies.h"
#include "app/vault/sealed-file.h"
#include "app/vault/vault-error.h"
#include "app/vault/vault-private.h"
#include "app/vault/vfs.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

#define AT_ONCE 256                                    /* pages between two looks at @cancellable: a megabyte */
#define PER_BLOCK (MERE_BLOCK_SIZE / MERE_SEALED_PAGE) /* pages that a block of content counts as */

typedef struct
{
  MereVault        *source;
  const char       *folder;
  char             *vfs; /* its name */
  sqlite3          *database;
  MereContentFile  *content;
  MereVaultProgress progress;
  gpointer          data;
  GCancellable     *cancellable;
  guint             pages;
  guint             blocks;
} Backup;

static void
close_copy (Backup *self)
{
  sqlite3_close (self->database);
  self->database = NULL;
}

static void
backup_clear (Backup *self)
{
  close_copy (self);
  mere_content_file_free (self->content);
  if (self->vfs != NULL)
    mere_vfs_unregister (self->vfs);
  g_free (self->vfs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Backup, backup_clear)

static gboolean
set_failed (Backup *self, int status, GError **error)
{
  mere_vault_error_set_sqlite (error, self->database, status, self->vfs, self->folder);
  return FALSE;
}

static gboolean
tell (Backup *self, guint done, GError **error)
{
  if (self->progress != NULL)
    self->progress (done, 2 * (self->pages + self->blocks * PER_BLOCK), self->data);
  if (mere_vault_is_closing (self->source))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The vault is being locked."));
      return FALSE;
    }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* A VFS of its own: damage of the copy is not the vault's. */
static gboolean
register_vfs (Backup *self, GError **error)
{
  static int       made;
  g_autofree char *name = g_strdup_printf ("merestone-backup-%d", g_atomic_int_add (&made, 1));
  guint8           id[MERE_VFS_ID];
  int              status;

  sodium_hex2bin (id, sizeof id, mere_vault_get_id (self->source), 2 * sizeof id, NULL, NULL, NULL);
  status = mere_vfs_register (name, NULL, mere_secret_get_data (mere_vault_get_data_key (self->source)), id);
  if (status != SQLITE_OK)
    return set_failed (self, status, error);
  self->vfs = g_steal_pointer (&name);
  self->content = mere_content_file_new (self->folder, mere_vault_get_data_key (self->source), id);
  return TRUE;
}

static gboolean
open_copy (Backup *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "vault.db", NULL);
  int              status = sqlite3_open_v2 (path, &self->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, self->vfs);

  if (status == SQLITE_OK)
    status = mere_vfs_prepare (self->database);
  return status == SQLITE_OK || set_failed (self, status, error);
}

/* What SQLite met lies in the copy or in the vault itself. */
static gboolean
set_copy_failed (Backup *self, int status, GError **error)
{
  g_autofree char *damage = status == SQLITE_IOERR_DATA ? mere_vault_dup_damage (self->source) : NULL;

  if (damage == NULL)
    return set_failed (self, status, error);
  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED,
               _ ("The vault cannot be copied as a whole, because it is damaged or was changed: %s."), damage);
  return FALSE;
}

static gboolean
copy_pages (Backup *self, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (self->database, "main", mere_vault_get_database (self->source), "main");
  gboolean        goes_on = TRUE;
  int             status = SQLITE_OK, finished;

  while (backup != NULL && status == SQLITE_OK && goes_on)
    {
      status = sqlite3_backup_step (backup, AT_ONCE);
      self->pages = (guint) sqlite3_backup_pagecount (backup);
      goes_on = tell (self, self->pages - (guint) sqlite3_backup_remaining (backup), error);
    }
  finished = sqlite3_backup_finish (backup);
  if (!goes_on)
    return FALSE;
  return status == SQLITE_DONE && finished == SQLITE_OK ? TRUE : set_copy_failed (self, status, error);
}

static gboolean
tell_copied (gpointer data, guint done, GError **error)
{
  Backup *self = data;

  return tell (self, self->pages + done * PER_BLOCK, error);
}

static gboolean
tell_read_back (gpointer data, guint done, GError **error)
{
  Backup *self = data;

  return tell (self, 2 * self->pages + (self->blocks + done) * PER_BLOCK, error);
}

/* What the rows of the copy name, whatever has become of them in the vault meanwhile. */
static gboolean
copy_content (Backup *self, GError **error)
{
  self->blocks = mere_content_count (self->database);
  return mere_content_copy (self->database, mere_vault_get_content (self->source), self->content, tell_copied, self, error);
}

/* Each page opens and is the newest: the VFS looks at that. */
static gboolean
read_back (Backup *self, GError **error)
{
  guint8        page[4096];
  sqlite3_file *file;
  int           status = sqlite3_file_control (self->database, "main", SQLITE_FCNTL_FILE_POINTER, &file);

  for (guint i = 0; i < self->pages && status == SQLITE_OK; i++)
    {
      status = file->pMethods->xRead (file, page, sizeof page, (gint64) i * (gint64) sizeof page);
      if (i % AT_ONCE == 0 && !tell (self, self->pages + self->blocks * PER_BLOCK + i, error))
        return FALSE;
    }
  sodium_memzero (page, sizeof page);
  return status == SQLITE_OK || set_failed (self, status, error);
}

/* The log is empty and gone: closing has put all into the database. */
static gboolean
verify (Backup *self, GError **error)
{
  close_copy (self);
  mere_sealed_file_forget_cached (self->folder);
  if (!open_copy (self, error) || !read_back (self, error) || !mere_vault_check (self->database, self->vfs, self->folder, error) ||
      !mere_content_verify (self->database, self->content, tell_read_back, self, error))
    return FALSE;
  close_copy (self);
  return tell (self, 2 * (self->pages + self->blocks * PER_BLOCK), error);
}

/* The keys last, as when a vault is made. */
static gboolean
fill (Backup *self, GError **error)
{
  g_autoptr (MereKeyFile) keys = mere_key_copies_load (mere_vault_get_path (self->source), mere_vault_get_data_key (self->source), error);

  return keys != NULL && mere_folder_start (self->folder, error) && register_vfs (self, error) && open_copy (self, error) &&
         copy_pages (self, error) && copy_content (self, error) && verify (self, error) &&
         mere_key_copies_save (self->folder, mere_key_file_get_text (keys), error);
}

gboolean
mere_vault_backup (MereVault        *self,
                   const char       *folder,
                   MereVaultProgress progress,
                   gpointer          data,
                   GCancellable     *cancellable,
                   GError          **error)
{
  g_auto (Backup) backup = { .source = self, .folder = folder, .progress = progress, .data = data, .cancellable = cancellable };
  gboolean made, done;
  int      lock;

  g_return_val_if_fail (self != NULL && folder != NULL, FALSE);

  if (!mere_folder_make (folder, &made, error) || (lock = mere_folder_lock (folder, error)) < 0)
    return FALSE;
  mere_content_file_hold (mere_vault_get_content (self));
  done = fill (&backup, error);
  mere_content_file_release (mere_vault_get_content (self));
  close_copy (&backup);
  if (!done)
    {
      mere_key_copies_shred (folder, NULL);
      mere_folder_unlink_database (folder);
    }
  mere_folder_finish (folder);
  if (done)
    mere_folder_sync (folder, NULL);
  else if (made)
    g_rmdir (folder);
  close (lock);
  return done;
}
