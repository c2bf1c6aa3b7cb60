/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/vault/key-copies.h"

#include "app/vault/folder.h"
#include "app/vault/vault-error.h"
#include "app/vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <unistd.h>

#define COPIES 2

static const char *const names[COPIES] = { "keys.json", "keys-spare.json" };
static const char *const new_names[COPIES] = { "keys.json.new", "keys-spare.json.new" };

gboolean
mere_key_copies_exist (const char *folder)
{
  for (int i = 0; i < COPIES; i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }
  return FALSE;
}

/* Reading */

/* At most a byte more than a key file may have. */
static GBytes *
read_bounded (int fd)
{
  g_autofree char *bytes = g_malloc (MERE_KEY_FILE_MOST_BYTES + 1);
  gsize            size = 0;

  while (size <= MERE_KEY_FILE_MOST_BYTES)
    {
      gssize got = read (fd, bytes + size, MERE_KEY_FILE_MOST_BYTES + 1 - size);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return NULL;
      if (got == 0)
        break;
      size += (gsize) got;
    }
  return g_bytes_new (bytes, size);
}

/* Returns: %FALSE if it is there and cannot be read; @text stays %NULL if it is not there */
static gboolean
load (const char *folder, int which, GBytes **text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, names[which], NULL);
  int              fd = g_open (path, O_RDONLY | O_CLOEXEC, 0), code;

  *text = NULL;
  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd >= 0)
    *text = read_bounded (fd);
  code = errno;
  if (fd >= 0)
    close (fd);
  if (*text != NULL)
    return TRUE;

  g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED, _ ("“%s” cannot be read: %s"), path, g_strerror (code));
  return FALSE;
}

static MereKeyFile *
unlock_one (GBytes *text, MereKeySlotKind kind, const MereSecret *secret, MereSecret **data_key, guint *slot, GError **error)
{
  gsize       size;
  const char *bytes = g_bytes_get_data (text, &size);
  g_autoptr (MereKeyFile) file = mere_key_file_parse (bytes, size, error);

  if (file != NULL)
    *data_key = mere_key_file_unlock (file, kind, secret, slot, error);
  return file != NULL && *data_key != NULL ? g_steal_pointer (&file) : NULL;
}

/* Of what the two copies say: that the passphrase is wrong comes from a whole file, the rest from a broken one. */
static void
keep_graver (GError **kept, GError *error)
{
  if (*kept == NULL || g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE))
    {
      g_clear_error (kept);
      *kept = error;
    }
  else
    g_error_free (error);
}

MereKeyFile *
mere_key_copies_unlock (const char       *folder,
                        MereKeySlotKind   kind,
                        const MereSecret *secret,
                        MereSecret      **data_key,
                        guint            *slot,
                        GError          **error)
{
  g_autoptr (GError) kept = NULL;
  g_autoptr (GBytes) before = NULL;

  *data_key = NULL;
  for (int i = 0; i < COPIES; i++)
    {
      g_autoptr (GBytes) text = NULL;
      GError      *refused = NULL;
      MereKeyFile *file;

      if (!load (folder, i, &text, error))
        return NULL;
      if (text == NULL || (before != NULL && g_bytes_equal (before, text)))
        continue;
      file = unlock_one (text, kind, secret, data_key, slot, &refused);
      if (file != NULL)
        return file;
      keep_graver (&kept, refused);
      g_clear_pointer (&before, g_bytes_unref);
      before = g_steal_pointer (&text);
    }
  if (kept != NULL)
    g_propagate_error (error, g_steal_pointer (&kept));
  else
    g_set_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_NOT_A_VAULT, _ ("There is no vault in “%s”."), folder);
  return NULL;
}

MereKeyFile *
mere_key_copies_peek (const char *folder)
{
  for (int i = 0; i < COPIES; i++)
    {
      g_autoptr (GBytes) text = NULL;
      MereKeyFile *file = NULL;

      if (load (folder, i, &text, NULL) && text != NULL)
        file = mere_key_file_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL);
      if (file != NULL)
        return file;
    }
  return NULL;
}

MereKeyFile *
mere_key_copies_load (const char *folder, const MereSecret *data_key, GError **error)
{
  for (int i = 0; i < COPIES; i++)
    {
      g_autoptr (GBytes) text = NULL;
      g_autoptr (MereKeyFile) file = NULL;

      if (!load (folder, i, &text, error))
        return NULL;
      if (text != NULL)
        file = mere_key_file_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL);
      if (file != NULL && mere_key_file_is_authentic (file, data_key))
        return g_steal_pointer (&file);
    }
  g_set_error_literal (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED,
                       _ ("The keys of this vault are damaged or were changed. Put back keys.json from a copy of the vault."));
  return NULL;
}

/* Writing */

static gboolean
write_all (int fd, const guint8 *bytes, gsize size)
{
  while (size > 0)
    {
      gssize done = write (fd, bytes, size);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return FALSE;
      bytes += done;
      size -= (gsize) done;
    }
  return fsync (fd) == 0;
}

static gboolean
write_new (const char *path, GBytes *text, GError **error)
{
  gsize         size;
  const guint8 *bytes = g_bytes_get_data (text, &size);
  int           fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean      done = fd >= 0 && write_all (fd, bytes, size);
  int           code = errno;

  if (fd >= 0 && close (fd) != 0 && done)
    {
      done = FALSE;
      code = errno;
    }
  if (done)
    return TRUE;

  mere_vault_error_set_errno (error, code, path);
  g_unlink (path);
  return FALSE;
}

/* Best effort: a file system that copies on writing, and a flash disk, keep the old bytes somewhere for a while. */
static gboolean
overwrite (int fd)
{
  guint8 zeros[512] = { 0 };
  off_t  left = lseek (fd, 0, SEEK_END);

  if (left < 0 || lseek (fd, 0, SEEK_SET) < 0)
    return FALSE;
  for (; left > 0; left -= (off_t) sizeof zeros)
    if (!write_all (fd, zeros, (gsize) MIN (left, (off_t) sizeof zeros)))
      return FALSE;
  return TRUE;
}

/* Puts a new copy in the old one's place, and then wipes the old one, which had another passphrase's slot, or another key. */
static gboolean
replace (const char *folder, int which, const char *new_path, GError **error)
{
  g_autofree char *path = g_build_filename (folder, names[which], NULL);
  int              old = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  gboolean         done = g_rename (new_path, path) == 0;

  if (!done)
    mere_vault_error_set_errno (error, errno, path);
  done = done && mere_folder_sync (folder, error);
  if (done && old >= 0)
    overwrite (old);
  if (old >= 0)
    close (old);
  return done;
}

static gboolean
says_already (const char *folder, int which, GBytes *text)
{
  g_autoptr (GBytes) there = NULL;

  return load (folder, which, &there, NULL) && there != NULL && g_bytes_equal (there, text);
}

char *
mere_key_copies_dup_stale (const char *folder, GBytes *text)
{
  for (int i = 0; i < COPIES; i++)
    if (!says_already (folder, i, text))
      return g_strdup (names[i]);
  return NULL;
}

gboolean
mere_key_copies_save (const char *folder, GBytes *text, GError **error)
{
  gboolean stale[COPIES];

  for (int i = 0; i < COPIES; i++)
    {
      g_autofree char *new_path = g_build_filename (folder, new_names[i], NULL);

      stale[i] = !says_already (folder, i, text);
      if (stale[i] && !write_new (new_path, text, error))
        return FALSE;
    }
  for (int i = 0; i < COPIES; i++)
    {
      g_autofree char *new_path = g_build_filename (folder, new_names[i], NULL);

      if (stale[i] && !replace (folder, i, new_path, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mere_key_copies_take (const char *folder, const char *from, GError **error)
{
  for (int i = 0; i < COPIES; i++)
    {
      g_autofree char *new_path = g_build_filename (from, names[i], NULL);

      if (g_file_test (new_path, G_FILE_TEST_IS_REGULAR) && !replace (folder, i, new_path, error))
        return FALSE;
    }
  return TRUE;
}

/* Shredding */

static gboolean
shred (const char *path, GError **error)
{
  int      fd = g_open (path, O_WRONLY | O_CLOEXEC, 0), code;
  gboolean done;

  if (fd < 0 && errno == ENOENT)
    return TRUE;
  done = fd >= 0 && overwrite (fd) && g_unlink (path) == 0;
  code = errno;
  if (fd >= 0)
    close (fd);
  if (!done)
    mere_vault_error_set_errno (error, code, path);
  return done;
}

gboolean
mere_key_copies_shred (const char *folder, GError **error)
{
  for (int i = 0; i < COPIES; i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autofree char *new_path = g_build_filename (folder, new_names[i], NULL);

      if (!shred (path, error) || !shred (new_path, error))
        return FALSE;
    }
  return mere_folder_sync (folder, error);
}
