/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making, opening, locking and erasing a vault: its folder, its keys and the connection to its database. */

#include "config.h"

#include "app/vault/vault.h"

#include "app/vault/folder.h"
#include "app/vault/heap.h"
#include "app/vault/key-copies.h"
#include "app/vault/rekey.h"
#include "app/vault/sqlite-memory.h"
#include "app/vault/vault-error.h"
#include "app/vault/vault-private.h"
#include "app/vault/vfs.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

struct _MereVault
{
  char            *path;
  char            *id;
  char            *vfs;      /* its name; NULL: not registered */
  char            *repaired; /* the copy of keys.json that was not as it should be; or NULL */
  MereSecret      *data_key;
  sqlite3         *database;
  MereContentFile *content;
  int              lock; /* the folder, locked */
  GMutex           keys; /* held while keys.json is changed */
  GMutex           holding;
  GCond            released;
  guint            holds;
  gboolean         closing;
};

static MereVault *
vault_new (const char *path, int lock)
{
  MereVault *self = g_new0 (MereVault, 1);

  (void) mere_heap_is_wiped ();
  mere_sqlite_memory_wipe (); /* does nothing where another library brought SQLite up before */
  self->path = g_strdup (path);
  self->lock = lock;
  g_mutex_init (&self->keys);
  g_mutex_init (&self->holding);
  g_cond_init (&self->released);
  return self;
}

static void
take_id (MereVault *self, const guint8 *id)
{
  self->id = g_malloc (2 * MERE_VFS_ID + 1);
  sodium_bin2hex (self->id, 2 * MERE_VFS_ID + 1, id, MERE_VFS_ID);
}

static gboolean
register_vfs (MereVault *self, const guint8 *id, GError **error)
{
  static int       opened;
  g_autofree char *name = g_strdup_printf ("merestone-%s-%d", self->id, g_atomic_int_add (&opened, 1));
  int              status = mere_vfs_register (name, NULL, mere_secret_get_data (self->data_key), id);

  if (status == SQLITE_OK)
    self->vfs = g_steal_pointer (&name);
  else
    mere_vault_error_set_sqlite (error, NULL, status, name, self->path);
  return status == SQLITE_OK;
}

static gboolean
open_database (MereVault *self, const guint8 *id, GError **error)
{
  g_autofree char *path = g_build_filename (self->path, "vault.db", NULL);
  int              status;

  if (!register_vfs (self, id, error))
    return FALSE;
  status = sqlite3_open_v2 (path, &self->database,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE, self->vfs);
  if (status == SQLITE_OK)
    status = sqlite3_db_readonly (self->database, "main") == 1 ? SQLITE_READONLY : mere_vfs_prepare (self->database);
  self->content = mere_content_file_new (self->path, self->data_key, id);
  if (status == SQLITE_OK)
    return TRUE;
  mere_vault_error_set_sqlite (error, self->database, status, self->vfs, self->path);
  return FALSE;
}

void
mere_vault_set_sqlite_error (MereVault *self, int status, GError **error)
{
  mere_vault_error_set_sqlite (error, self->database, status, self->vfs, self->path);
}

gboolean
mere_vault_check (sqlite3 *database, const char *vfs, const char *path, GError **error)
{
  sqlite3_stmt *statement;
  MereVfsDamage damage;
  gboolean      whole = FALSE;
  int           status = sqlite3_prepare_v2 (database, "PRAGMA integrity_check (1)", -1, &statement, NULL);

  if (status == SQLITE_OK)
    {
      whole = sqlite3_step (statement) == SQLITE_ROW && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
      status = sqlite3_finalize (statement);
    }
  if (whole)
    return TRUE;
  if (status == SQLITE_OK) /* a row that says what is wrong */
    status = mere_vfs_get_damage (vfs, &damage) ? SQLITE_IOERR_DATA : SQLITE_CORRUPT;
  mere_vault_error_set_sqlite (error, database, status, vfs, path);
  return FALSE;
}

/* Locking has to wipe the keys, whoever has forgotten a statement. */
static void
close_database (MereVault *self)
{
  sqlite3_stmt *statement;

  if (sqlite3_close (self->database) == SQLITE_OK)
    return;
  g_critical ("A vault was closed while statements of its database were in use");
  while ((statement = sqlite3_next_stmt (self->database, NULL)) != NULL)
    sqlite3_finalize (statement);
  sqlite3_close (self->database);
}

MereVault *
mere_vault_hold (MereVault *self)
{
  g_mutex_lock (&self->holding);
  self->holds++;
  g_mutex_unlock (&self->holding);
  return self;
}

void
mere_vault_release (MereVault *self)
{
  g_mutex_lock (&self->holding);
  self->holds--;
  g_cond_broadcast (&self->released);
  g_mutex_unlock (&self->holding);
}

gboolean
mere_vault_is_closing (MereVault *self)
{
  gboolean closing;

  g_mutex_lock (&self->holding);
  closing = self->closing;
  g_mutex_unlock (&self->holding);
  return closing;
}

static void
wait_for_holders (MereVault *self)
{
  g_mutex_lock (&self->holding);
  self->closing = TRUE;
  while (self->holds > 0)
    g_cond_wait (&self->released, &self->holding);
  g_mutex_unlock (&self->holding);
}

void
mere_vault_close (MereVault *self)
{
  if (self == NULL)
    return;
  wait_for_holders (self);
  close_database (self);
  if (self->vfs != NULL)
    mere_vfs_unregister (self->vfs);
  mere_content_file_free (self->content);
  mere_secret_free (self->data_key);
  close (self->lock);
  g_mutex_clear (&self->keys);
  g_mutex_clear (&self->holding);
  g_cond_clear (&self->released);
  g_free (self->vfs);
  g_free (self->repaired);
  g_free (self->id);
  g_free (self->path);
  g_free (self);
}

const char *
mere_vault_get_path (MereVault *self)
{
  return self->path;
}

const char *
mere_vault_get_id (MereVault *self)
{
  return self->id;
}

sqlite3 *
mere_vault_get_database (MereVault *self)
{
  return self->database;
}

MereContentFile *
mere_vault_get_content (MereVault *self)
{
  return self->content;
}

const MereSecret *
mere_vault_get_data_key (MereVault *self)
{
  return self->data_key;
}

GMutex *
mere_vault_get_keys_mutex (MereVault *self)
{
  return &self->keys;
}

char *
mere_vault_dup_damage (MereVault *self)
{
  return mere_vault_error_dup_damage (self->vfs);
}

const char *
mere_vault_get_repaired_keys (MereVault *self)
{
  return self->repaired;
}

/* Making one */

/* The database first: a folder without keys.json is no vault yet. */
static gboolean
fill (MereVault *self, const MereSecret *passphrase, const MereKeyCost *cost, GError **error)
{
  guint8 id[MERE_VFS_ID];
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (JsonObject) slot = NULL;
  g_autoptr (GBytes) text = NULL;

  randombytes_buf (id, sizeof id);
  take_id (self, id);
  self->data_key = mere_secret_new (MERE_VFS_KEY);
  crypto_kdf_keygen (mere_secret_get_data (self->data_key));

  slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, id, self->data_key, passphrase, cost, error);
  if (slot == NULL || !mere_folder_start (self->path, error) || !open_database (self, id, error))
    return FALSE;
  file = mere_key_file_new (id);
  mere_key_file_add_slot (file, slot);
  text = mere_key_file_seal (file, self->data_key);
  return mere_key_copies_save (self->path, text, error);
}

MereVault *
mere_vault_create_with_cost (const char *path, const MereSecret *passphrase, const MereKeyCost *cost, GError **error)
{
  g_autofree char *parent = NULL;
  MereVault       *self;
  gboolean         made;
  int              lock;

  g_return_val_if_fail (path != NULL && passphrase != NULL && cost != NULL, NULL);

  if (!mere_folder_make (path, &made, error))
    return NULL;
  lock = mere_folder_lock (path, error);
  if (lock < 0)
    return NULL;
  self = vault_new (path, lock);
  parent = g_path_get_dirname (path);
  if (fill (self, passphrase, cost, error))
    {
      mere_folder_finish (path);
      mere_folder_sync (parent, NULL); /* one that may only be passed through is left to the system */
      return self;
    }

  mere_vault_close (self);
  mere_key_copies_shred (path, NULL);
  mere_folder_unlink_database (path);
  mere_folder_finish (path);
  if (made)
    g_rmdir (path);
  return NULL;
}

MereVault *
mere_vault_create (const char *path, const MereSecret *passphrase, GError **error)
{
  MereKeyCost cost = mere_key_cost_calibrate ();

  return mere_vault_create_with_cost (path, passphrase, &cost, error);
}

/* Opening one */

static gboolean
has_database (const char *path)
{
  g_autofree char *database = g_build_filename (path, "vault.db", NULL);

  return g_file_test (database, G_FILE_TEST_IS_REGULAR);
}

gboolean
mere_vault_is_vault (const char *path)
{
  return mere_key_copies_exist (path) && has_database (path);
}

/* Closing deletes the log: one that holds anything is the sign of a crash. */
static gboolean
has_log (const char *path)
{
  g_autofree char *log = g_build_filename (path, "vault.db-wal", NULL);
  GStatBuf         info;

  return g_stat (log, &info) == 0 && info.st_size > 0;
}

static gboolean
unlock (MereVault *self, MereKeySlotKind kind, const MereSecret *secret, GError **error)
{
  gboolean crashed = has_log (self->path);
  g_autoptr (MereKeyFile) file = NULL;
  guint slot;

  file = mere_key_copies_unlock (self->path, kind, secret, &self->data_key, &slot, error);
  if (file == NULL)
    return FALSE;
  if (!has_database (self->path))
    {
      g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED,
                   _ ("The database of the vault in “%s” is gone; its keys are there. Put back vault.db from a copy of the folder."),
                   self->path);
      return FALSE;
    }
  take_id (self, mere_key_file_get_id (file));
  if (!open_database (self, mere_key_file_get_id (file), error))
    return FALSE;
  if (crashed)
    mere_vault_check (self->database, self->vfs, self->path, NULL);

  self->repaired = mere_key_copies_dup_stale (self->path, mere_key_file_get_text (file));

  /* One copy may be gone or of before a change of the passphrase. If it cannot be written now, the other one is still good, and
   * the next time tries again. */
  mere_key_copies_save (self->path, mere_key_file_get_text (file), NULL);
  mere_folder_finish (self->path);
  return TRUE;
}

MereVault *
mere_vault_open_by (const char *path, MereKeySlotKind kind, const MereSecret *secret, GError **error)
{
  MereVault *self;
  int        lock;

  g_return_val_if_fail (path != NULL && secret != NULL, NULL);

  lock = mere_folder_lock (path, error);
  if (lock < 0)
    return NULL;
  self = vault_new (path, lock);
  if (mere_rekey_finish (path, error) && unlock (self, kind, secret, error))
    return self;
  mere_vault_close (self);
  return NULL;
}

MereVault *
mere_vault_open (const char *path, const MereSecret *passphrase, GError **error)
{
  return mere_vault_open_by (path, MERE_KEY_SLOT_PASSPHRASE, passphrase, error);
}

gboolean
mere_vault_destroy (const char *path, GError **error)
{
  gboolean done;
  int      lock;

  g_return_val_if_fail (path != NULL, FALSE);

  lock = mere_folder_lock (path, error);
  if (lock < 0)
    return FALSE;
  done = mere_key_copies_shred (path, error);
  if (done)
    {
      mere_rekey_discard (path);
      mere_folder_unlink_database (path);
      mere_folder_finish (path);
      mere_folder_remove_beside (path);
      g_rmdir (path); /* if nothing else lies there */
    }
  close (lock);
  return done;
}
