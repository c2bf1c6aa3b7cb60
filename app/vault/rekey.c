/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/rekey.h"

#include "app/vault/content-copy.h"
#include "app/vault/folder.h"
#include "app/vault/key-copies.h"
#include "app/vault/page-gap.h"
#include "app/vault/sealed-file.h"
#include "app/vault/vault-error.h"
#include "app/vault/vault-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "rekey"
#define COMPLETE "complete"
#define TABLE "vault.db-pages"
#define ROOT (2 * 4096) /* bytes of the two places of its root */
#define SOURCE "source"
#define STAMP 32                                       /* bytes of BLAKE2b-256 */
#define AT_ONCE 256                                    /* pages between two syncs, and two looks at @cancellable: a megabyte */
#define PER_BLOCK (MERE_BLOCK_SIZE / MERE_SEALED_PAGE) /* pages that a block of content counts as */

static const char *const database_files[] = { TABLE, "vault.db-content", "vault.db" };

typedef struct
{
  MereVault        *vault;  /* the old one, open: nobody else has it */
  char             *folder; /* of the new one */
  MereSecret       *data_key;
  MereSealedFile   *from;
  MereSealedFile   *to;
  MereContentFile  *content; /* new */
  guint32           pages;
  guint32           blocks;
  MereVaultProgress progress;
  gpointer          data;
  GCancellable     *cancellable;
} Rekey;

static void
close_files (Rekey *self)
{
  g_clear_pointer (&self->from, mere_sealed_file_close);
  g_clear_pointer (&self->to, mere_sealed_file_close);
  g_clear_pointer (&self->content, mere_content_file_free);
}

static void
rekey_clear (Rekey *self)
{
  close_files (self);
  g_clear_pointer (&self->vault, mere_vault_close);
  g_clear_pointer (&self->data_key, mere_secret_free);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rekey, rekey_clear)

static char *
dup_folder (const char *path)
{
  return g_build_filename (path, FOLDER, NULL);
}

static gboolean
has_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static void
unlink_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_unlink (path);
}

gboolean
mere_vault_rekey_is_pending (const char *path)
{
  g_autofree char *folder = dup_folder (path);

  return has_file (folder, SOURCE) && mere_key_copies_exist (folder) && !has_file (folder, COMPLETE);
}

/* Which state of the old database the new one is made of: the root of its page table, which is random, says so. Without a log it says
 * all. */
static gboolean
compute_stamp (Rekey *self, guint8 stamp[STAMP], GError **error)
{
  g_autofree char *path = g_build_filename (mere_vault_get_path (self->vault), TABLE, NULL);
  guint8           root[ROOT];
  int              fd = g_open (path, O_RDONLY | O_CLOEXEC, 0), code;
  gssize           size = fd >= 0 ? pread (fd, root, sizeof root, 0) : -1;

  code = errno;
  if (fd >= 0)
    close (fd);
  if (size < 0)
    {
      mere_vault_error_set_errno (error, code, path);
      return FALSE;
    }
  crypto_generichash (stamp, STAMP, root, (gsize) size, NULL, 0);
  return TRUE;
}

/* All that was committed lies in the database, and nobody writes: the vault is ours. */
static gboolean
open_source (Rekey *self, const char *path, const MereSecret *passphrase, GError **error)
{
  int status;

  self->vault = mere_vault_open (path, passphrase, error);
  if (self->vault == NULL)
    return FALSE;
  status = sqlite3_wal_checkpoint_v2 (mere_vault_get_database (self->vault), "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  if (status != SQLITE_OK)
    {
      mere_vault_set_sqlite_error (self->vault, status, error);
      return FALSE;
    }
  self->from = mere_sealed_file_new_for_vault (self->vault);
  self->pages = mere_sealed_file_get_pages (self->from);
  self->blocks = mere_content_count (mere_vault_get_database (self->vault));
  return TRUE;
}

/* Beginning */

static gboolean
save_stamp (Rekey *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, SOURCE, NULL);
  g_autoptr (GError) failure = NULL;
  guint8 stamp[STAMP];

  if (!compute_stamp (self, stamp, error))
    return FALSE;
  if (g_file_set_contents_full (path, (const char *) stamp, STAMP, G_FILE_SET_CONTENTS_DURABLE, 0600, &failure))
    return TRUE;
  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE, _ ("“%s” cannot be written: %s"), path, failure->message);
  return FALSE;
}

/* The passphrase's own slot, with another key in it. */
static GBytes *
make_keys (Rekey *self, const MereSecret *passphrase, GError **error)
{
  const char *path = mere_vault_get_path (self->vault);
  g_autoptr (MereSecret) old_key = NULL;
  g_autoptr (MereKeyFile) old = NULL;
  g_autoptr (MereKeyFile) file = NULL;
  g_autoptr (JsonObject) slot = NULL;
  JsonObject *old_slot;
  MereKeyCost cost;
  guint       index;
  const char *label;

  old = mere_key_copies_unlock (path, MERE_KEY_SLOT_PASSPHRASE, passphrase, &old_key, &index, error);
  if (old == NULL)
    return NULL;
  old_slot = mere_key_file_get_slot (old, index);
  cost = mere_key_slot_get_cost (old_slot);
  label = mere_key_json_get_text (old_slot, MERE_KEY_SLOT_LABEL);
  slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, mere_key_file_get_id (old), self->data_key, passphrase, &cost, error);
  if (slot == NULL)
    return NULL;
  if (label != NULL)
    json_object_set_string_member (slot, MERE_KEY_SLOT_LABEL, label);
  file = mere_key_file_new (mere_key_file_get_id (old));
  mere_key_file_add_slot (file, slot);
  return mere_key_file_seal (file, self->data_key);
}

static gboolean
begin (Rekey *self, const MereSecret *passphrase, GError **error)
{
  const char *path = mere_vault_get_path (self->vault);
  g_autoptr (GBytes) keys = NULL;

  mere_rekey_discard (path);
  g_clear_pointer (&self->data_key, mere_secret_free);
  self->data_key = mere_secret_new (MERE_VFS_KEY);
  crypto_kdf_keygen (mere_secret_get_data (self->data_key));
  keys = make_keys (self, passphrase, error);
  if (keys == NULL)
    return FALSE;
  if (g_mkdir (self->folder, 0700) != 0)
    {
      mere_vault_error_set_errno (error, errno, self->folder);
      return FALSE;
    }
  return mere_folder_start (self->folder, error) && mere_key_copies_save (self->folder, keys, error) && save_stamp (self, error) &&
         mere_folder_sync (self->folder, error) && mere_folder_sync (path, error);
}

/* Going on */

static gboolean
is_of_this_state (Rekey *self)
{
  g_autofree char *path = g_build_filename (self->folder, SOURCE, NULL);
  g_autofree char *bytes = NULL;
  guint8           stamp[STAMP];
  gsize            size;

  return g_file_get_contents (path, &bytes, &size, NULL) && size == STAMP && compute_stamp (self, stamp, NULL) &&
         memcmp (bytes, stamp, STAMP) == 0;
}

static gboolean
open_target (Rekey *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "vault.db", NULL);

  self->to = mere_sealed_file_open (path, self->data_key, mere_vault_get_id (self->vault), error);
  return self->to != NULL;
}

/* Pages that are durable in the new database, which were written in order; or a few less, where there are pages of zeros: what is looked
 * for is a page that is there for certain, and all before it are there with it. */
static guint32
count_done (Rekey *self)
{
  guint32 low = 0, high = self->pages;

  while (low < high)
    {
      guint32 middle = low + (high - low + 1) / 2;

      if (mere_sealed_file_has (self->to, middle))
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

/* Copying */

static gboolean
tell (Rekey *self, guint32 done, GError **error)
{
  if (self->progress != NULL)
    self->progress (done, 2 * (self->pages + self->blocks * PER_BLOCK), self->data);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

static gboolean
read_source (Rekey *self, guint32 number, guint8 page[MERE_SEALED_PAGE], GError **error)
{
  if (!mere_sealed_file_read (self->from, number, page, error))
    return FALSE;
  mere_page_gap_clear (page, number);
  return TRUE;
}

static gboolean
copy_pages (Rekey *self, guint32 done, GError **error)
{
  guint8 page[MERE_SEALED_PAGE];

  for (guint32 number = done + 1; number <= self->pages; number++)
    {
      if (!read_source (self, number, page, error) || !mere_sealed_file_write (self->to, number, page, error))
        return FALSE;
      if (number % AT_ONCE == 0 && (!mere_sealed_file_sync (self->to, error) || !tell (self, number, error)))
        return FALSE;
    }
  sodium_memzero (page, sizeof page);
  return mere_sealed_file_sync (self->to, error) && tell (self, self->pages, error);
}

static gboolean
tell_copied (gpointer data, guint done, GError **error)
{
  Rekey *self = data;

  return tell (self, self->pages + done * PER_BLOCK, error);
}

static gboolean
tell_compared (gpointer data, guint done, GError **error)
{
  Rekey *self = data;

  return tell (self, 2 * self->pages + (self->blocks + done) * PER_BLOCK, error);
}

static void
open_content (Rekey *self)
{
  guint8 id[MERE_VFS_ID];

  sodium_hex2bin (id, sizeof id, mere_vault_get_id (self->vault), 2 * sizeof id, NULL, NULL, NULL);
  self->content = mere_content_file_new (self->folder, self->data_key, id);
}

static gboolean
copy_content (Rekey *self, GError **error)
{
  open_content (self);
  return mere_content_copy (
    mere_vault_get_database (self->vault), mere_vault_get_content (self->vault), self->content, tell_copied, self, error);
}

/* What opens is what was sealed. */
static gboolean
compare_content (Rekey *self, GError **error)
{
  return mere_content_verify (mere_vault_get_database (self->vault), self->content, tell_compared, self, error);
}

static gboolean
compare_pages (Rekey *self, GError **error)
{
  guint8 old[MERE_SEALED_PAGE], new[MERE_SEALED_PAGE];

  for (guint32 number = 1; number <= self->pages; number++)
    {
      if (!read_source (self, number, old, error) || !mere_sealed_file_read (self->to, number, new, error))
        return FALSE;
      if (memcmp (old, new, sizeof old) != 0)
        {
          g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED, _ ("Page %u does not read back as it was written: is the disk in order?"), number);
          return FALSE;
        }
      if (number % AT_ONCE == 0 && !tell (self, self->pages + self->blocks * PER_BLOCK + number, error))
        return FALSE;
    }
  sodium_memzero (old, sizeof old);
  sodium_memzero (new, sizeof new);
  return TRUE;
}

/* From here on the new one counts. */
static gboolean
declare_complete (Rekey *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, COMPLETE, NULL);
  g_autoptr (GError) failure = NULL;

  if (g_file_set_contents_full (path, "", 0, G_FILE_SET_CONTENTS_DURABLE, 0600, &failure))
    return mere_folder_sync (self->folder, error);
  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE, _ ("“%s” cannot be written: %s"), path, failure->message);
  return FALSE;
}

static gboolean
seal_anew (Rekey *self, guint32 done, GError **error)
{
  if (!copy_pages (self, done, error) || !copy_content (self, error))
    return FALSE;
  g_clear_pointer (&self->to, mere_sealed_file_close);
  mere_sealed_file_forget_cached (self->folder);
  return open_target (self, error) && compare_pages (self, error) && compare_content (self, error) && declare_complete (self, error);
}

/* Taking the old one's place */

static gboolean
move_database (const char *from, const char *to, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (database_files); i++)
    {
      g_autofree char *old = g_build_filename (from, database_files[i], NULL);
      g_autofree char *new = g_build_filename (to, database_files[i], NULL);

      if (g_rename (old, new) != 0 && errno != ENOENT)
        {
          mere_vault_error_set_errno (error, errno, new);
          return FALSE;
        }
    }
  return mere_folder_sync (to, error);
}

gboolean
mere_rekey_finish (const char *path, GError **error)
{
  g_autofree char *folder = dup_folder (path);

  if (!has_file (folder, COMPLETE))
    {
      if (!mere_vault_rekey_is_pending (path))
        mere_rekey_discard (path); /* hardly begun, or hardly cleared away */
      return TRUE;
    }
  unlink_file (path, "vault.db-wal"); /* of the old one, and empty */
  if (!move_database (folder, path, error) || !mere_key_copies_take (path, folder, error))
    return FALSE;
  mere_rekey_discard (path);
  return TRUE;
}

void
mere_rekey_discard (const char *path)
{
  g_autofree char *folder = dup_folder (path);

  mere_key_copies_shred (folder, NULL);
  mere_folder_unlink_database (folder);
  mere_folder_finish (folder);
  unlink_file (folder, SOURCE);
  unlink_file (folder, COMPLETE);
  g_rmdir (folder);
}

/* All of it */

/* What was cut off before its mark is as good as nothing. */
static gboolean
finish (Rekey *self, GError **error)
{
  g_autofree char *path = g_strdup (mere_vault_get_path (self->vault));
  gboolean         done;
  int              lock;

  close_files (self);
  g_clear_pointer (&self->vault, mere_vault_close);
  lock = mere_folder_lock (path, error);
  if (lock < 0)
    return FALSE;
  done = mere_rekey_finish (path, error);
  close (lock);
  return done;
}

static gboolean
run (Rekey *self, const MereSecret *passphrase, gboolean resumes, GError **error)
{
  guint32 done = 0;

  if (resumes && is_of_this_state (self) && open_target (self, NULL))
    done = count_done (self);
  else if (!begin (self, passphrase, error) || !open_target (self, error))
    return FALSE;
  return seal_anew (self, done, error);
}

static gboolean
rekey (const char       *path,
       const MereSecret *passphrase,
       MereSecret       *resumed,
       MereVaultProgress progress,
       gpointer          data,
       GCancellable     *cancellable,
       GError          **error)
{
  g_auto (Rekey) self = { .folder = dup_folder (path), .data_key = resumed, .progress = progress, .data = data, .cancellable = cancellable };

  if (!open_source (&self, path, passphrase, error))
    return FALSE;
  if (run (&self, passphrase, resumed != NULL, error))
    return finish (&self, error);
  close_files (&self);
  mere_rekey_discard (path);
  return FALSE;
}

gboolean
mere_vault_rekey (const char       *path,
                  const MereSecret *passphrase,
                  MereVaultProgress progress,
                  gpointer          data,
                  GCancellable     *cancellable,
                  GError          **error)
{
  g_return_val_if_fail (path != NULL && passphrase != NULL, FALSE);

  return rekey (path, passphrase, NULL, progress, data, cancellable, error);
}

gboolean
mere_vault_rekey_resume (const char       *path,
                         const MereSecret *passphrase,
                         MereVaultProgress progress,
                         gpointer          data,
                         GCancellable     *cancellable,
                         GError          **error)
{
  g_autofree char *folder = dup_folder (path);
  g_autoptr (MereKeyFile) keys = NULL;
  MereSecret *data_key = NULL;
  guint       slot;

  g_return_val_if_fail (path != NULL && passphrase != NULL, FALSE);

  if (!mere_vault_rekey_is_pending (path))
    return TRUE;
  keys = mere_key_copies_unlock (folder, MERE_KEY_SLOT_PASSPHRASE, passphrase, &data_key, &slot, NULL);
  return keys == NULL || rekey (path, passphrase, data_key, progress, data, cancellable, error);
}
