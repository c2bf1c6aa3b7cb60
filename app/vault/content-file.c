/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/content-file.h"

#include "app/vault/folder.h"
#include "app/vault/vault-error.h"
#include "app/vault/vault.h"
#include "app/vault/vfs-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

#define NAME "vault.db-content"
#define STORED (MERE_BLOCK_SIZE + MERE_SEAL_BYTES + MERE_VERSION) /* content, nonce, tag, version */
#define STRIDE (MERE_BLOCK_SIZE + MERE_PAGE_SIZE)                 /* bytes between two blocks: whole pages, so that one can be given back alone */
#define AD (MERE_VFS_ID + 4 + MERE_VERSION)

G_STATIC_ASSERT (STORED <= STRIDE);

struct _MereContentFile
{
  GMutex          lock; /* guards all below */
  char           *folder;
  char           *path;
  guint8          id[MERE_VFS_ID];
  MerePageCipher *cipher;
  int             fd;    /* -1: not open yet */
  gboolean        named; /* its name is durable, whoever has made it */
  gboolean        dirty;
  guint           holds;
  guint8         *stored; /* a block as it is stored */
};

MereContentFile *
mere_content_file_new (const char *folder, const MereSecret *data_key, const guint8 *id)
{
  MereContentFile *self = g_new0 (MereContentFile, 1);
  guint8          *key = mere_secret_get_data (data_key);
  g_autoptr (MereSecret) subkey = mere_secret_new (MERE_SEAL_KEY);

  mere_subkey_derive (mere_secret_get_data (subkey), key, MERE_SUBKEY_CONTENT);
  g_mutex_init (&self->lock);
  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, NAME, NULL);
  memcpy (self->id, id, MERE_VFS_ID);
  self->cipher = mere_page_cipher_new (mere_secret_get_data (subkey), 1, MERE_PAGE_CIPHER_CRYPTO);
  self->fd = -1;
  return self;
}

void
mere_content_file_free (MereContentFile *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  mere_page_cipher_free (self->cipher);
  g_mutex_clear (&self->lock);
  g_free (self->stored);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

static gboolean
fail (MereContentFile *self, GError **error)
{
  mere_vault_error_set_errno (error, errno, self->path);
  return FALSE;
}

static gboolean
fail_damaged (MereContentFile *self, guint32 block, GError **error)
{
  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED,
               _ ("Block %u of “%s” is damaged, or of an earlier time. What else is in the vault is not touched by it."), block, self->path);
  return FALSE;
}

/* @writing: makes it where it is not there. */
static gboolean
open_file (MereContentFile *self, gboolean writing, GError **error)
{
  if (self->cipher == NULL || (self->stored == NULL && (self->stored = g_try_malloc (STORED)) == NULL))
    {
      errno = ENOMEM;
      return fail (self, error);
    }
  if (self->fd >= 0)
    return TRUE;
  self->fd = g_open (self->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  if (self->fd < 0 && !writing && (errno == EROFS || errno == EACCES))
    self->fd = g_open (self->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (self->fd < 0 && errno == ENOENT && writing)
    self->fd = g_open (self->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  return self->fd >= 0 || fail (self, error);
}

static gboolean
is_there (MereContentFile *self)
{
  return self->fd >= 0 || g_access (self->path, F_OK) == 0;
}

static gint64
offset_of (guint32 block)
{
  return (gint64) (block - 1) * STRIDE;
}

static void
bind (MereContentFile *self, guint8 ad[AD], guint32 block, const guint8 version[MERE_VERSION])
{
  memcpy (ad, self->id, MERE_VFS_ID);
  mere_put_u32 (ad + MERE_VFS_ID, block);
  memcpy (ad + MERE_VFS_ID + 4, version, MERE_VERSION);
}

static gboolean
write_all (MereContentFile *self, const guint8 *bytes, gsize size, gint64 offset, GError **error)
{
  while (size > 0)
    {
      gssize n = pwrite (self->fd, bytes, size, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (self, error);
      bytes += n;
      size -= (gsize) n;
      offset += n;
    }
  return TRUE;
}

/* A file that ends before is short of bytes, which is no error here: they read as zeros, and those do not open. */
static gboolean
read_all (MereContentFile *self, gint64 offset, GError **error)
{
  gsize done = 0;

  while (done < STORED)
    {
      gssize n = pread (self->fd, self->stored + done, STORED - done, offset + (gint64) done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (self, error);
      if (n == 0)
        break;
      done += (gsize) n;
    }
  memset (self->stored + done, 0, STORED - done);
  return TRUE;
}

/* The disk is given its work at once, so that the sync of many blocks does not wait for all of them. */
static void
begin_writing_out (MereContentFile *self, guint32 block)
{
  sync_file_range (self->fd, offset_of (block), STORED, SYNC_FILE_RANGE_WRITE);
}

static gboolean
write_block (MereContentFile *self, guint32 block, const guint8 *content, gint64 version, GError **error)
{
  guint8 *trailer, *mark, ad[AD];

  if (!open_file (self, TRUE, error))
    return FALSE;
  trailer = self->stored + MERE_BLOCK_SIZE;
  mark = trailer + MERE_SEAL_BYTES;
  memcpy (mark, &(guint64){ GUINT64_TO_BE ((guint64) version) }, MERE_VERSION);
  bind (self, ad, block, mark);
  if (!mere_page_cipher_seal (self->cipher, 0, self->stored, trailer, content, MERE_BLOCK_SIZE, ad, sizeof ad))
    {
      errno = EIO;
      return fail (self, error);
    }
  self->dirty = TRUE;
  if (!write_all (self, self->stored, STORED, offset_of (block), error))
    return FALSE;
  begin_writing_out (self, block);
  return TRUE;
}

gboolean
mere_content_file_write_version (MereContentFile *self, guint32 block, const guint8 *content, gint64 version, GError **error)
{
  gboolean done;

  g_return_val_if_fail (block > 0, FALSE);
  g_mutex_lock (&self->lock);
  done = write_block (self, block, content, version, error);
  g_mutex_unlock (&self->lock);
  return done;
}

gboolean
mere_content_file_write (MereContentFile *self, guint32 block, const guint8 *content, gint64 *version, GError **error)
{
  randombytes_buf (version, sizeof *version);
  return mere_content_file_write_version (self, block, content, *version, error);
}

static gboolean
read_block (MereContentFile *self, guint32 block, gint64 version, guint8 *content, GError **error)
{
  guint8 mark[MERE_VERSION], ad[AD];

  if (!is_there (self))
    return fail_damaged (self, block, error);
  if (!open_file (self, FALSE, error) || !read_all (self, offset_of (block), error))
    return FALSE;
  memcpy (mark, &(guint64){ GUINT64_TO_BE ((guint64) version) }, MERE_VERSION);
  bind (self, ad, block, mark);
  return mere_page_cipher_open (self->cipher, 0, content, self->stored, MERE_BLOCK_SIZE, self->stored + MERE_BLOCK_SIZE, ad, sizeof ad) ||
         fail_damaged (self, block, error);
}

gboolean
mere_content_file_read (MereContentFile *self, guint32 block, gint64 version, guint8 *content, GError **error)
{
  gboolean done;

  g_mutex_lock (&self->lock);
  done = read_block (self, block, version, content, error);
  g_mutex_unlock (&self->lock);
  if (!done)
    memset (content, 0, MERE_BLOCK_SIZE);
  return done;
}

static gboolean
sync_file (MereContentFile *self, GError **error)
{
  if (!self->dirty)
    return TRUE;
  if (fdatasync (self->fd) != 0)
    return fail (self, error);
  if (!self->named && !mere_folder_sync (self->folder, error))
    return FALSE;
  self->named = TRUE;
  self->dirty = FALSE;
  return TRUE;
}

gboolean
mere_content_file_sync (MereContentFile *self, GError **error)
{
  gboolean done;

  g_mutex_lock (&self->lock);
  done = sync_file (self, error);
  g_mutex_unlock (&self->lock);
  return done;
}

gboolean
mere_content_file_is_dirty (MereContentFile *self)
{
  gboolean dirty;

  g_mutex_lock (&self->lock);
  dirty = self->dirty;
  g_mutex_unlock (&self->lock);
  return dirty;
}

/* Without nonce, tag and version nothing opens it. */
static gboolean
wipe_trailer (MereContentFile *self, guint32 block, GError **error)
{
  const guint8 zeros[STORED - MERE_BLOCK_SIZE] = { 0 };

  return write_all (self, zeros, sizeof zeros, offset_of (block) + MERE_BLOCK_SIZE, error);
}

static gboolean
punch (MereContentFile *self, guint32 block)
{
  return fallocate (self->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset_of (block), STRIDE) == 0;
}

gboolean
mere_content_file_empty (MereContentFile *self, guint32 block, GError **error)
{
  gboolean done = TRUE;

  g_mutex_lock (&self->lock);
  if (is_there (self))
    {
      done = open_file (self, FALSE, error) && (punch (self, block) || wipe_trailer (self, block, error));
      self->dirty = self->fd >= 0;
    }
  g_mutex_unlock (&self->lock);
  return done;
}

gboolean
mere_content_file_cut (MereContentFile *self, guint32 last, GError **error)
{
  const gint64 end = (gint64) last * STRIDE;
  GStatBuf     info;
  gboolean     done = TRUE;

  g_mutex_lock (&self->lock);
  if (g_stat (self->path, &info) == 0 && info.st_size > end)
    {
      done = open_file (self, FALSE, error) && (ftruncate (self->fd, end) == 0 || fail (self, error));
      self->dirty = self->fd >= 0;
    }
  g_mutex_unlock (&self->lock);
  return done;
}

void
mere_content_file_hold (MereContentFile *self)
{
  g_mutex_lock (&self->lock);
  self->holds++;
  g_mutex_unlock (&self->lock);
}

void
mere_content_file_release (MereContentFile *self)
{
  g_mutex_lock (&self->lock);
  self->holds--;
  g_mutex_unlock (&self->lock);
}

gboolean
mere_content_file_is_held (MereContentFile *self)
{
  gboolean held;

  g_mutex_lock (&self->lock);
  held = self->holds > 0;
  g_mutex_unlock (&self->lock);
  return held;
}

void
mere_content_file_forget_cached (MereContentFile *self)
{
  g_mutex_lock (&self->lock);
  if (self->fd >= 0)
    posix_fadvise (self->fd, 0, 0, POSIX_FADV_DONTNEED);
  g_mutex_unlock (&self->lock);
}
