/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a sealed bundle comes to lie on the laptop's own disk: temporary names, sync, rename, the signature last. After a
 * crash at any point there is either a whole bundle or none. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sync/bundle-writer-private.h"
#include "sync/minisign.h"

#define TEMPORARY_PREFIX ".tmp-"

static gboolean
fail_writing (GError    **error,
              const char *path,
              int         failure)
{
  g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_WRITE,
               _ ("“%s” could not be written: %s. Nothing was sealed; everything is still in the vault. Make room and try again."),
               path, g_strerror (failure));

  return FALSE;
}

/* Files that a crash left behind. */
static void
remove_leftovers (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, TEMPORARY_PREFIX))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
      }
}

void
mere_bundle_place_init (MereBundlePlace *self,
                        const char      *folder,
                        const char      *name)
{
  remove_leftovers (folder);
  self->folder = folder;
  self->age = g_strdup_printf ("%s/%s" MERE_BUNDLE_SUFFIX, folder, name);
  self->signature = g_strconcat (self->age, MERE_MINISIGN_SUFFIX, NULL);
  self->temporary_age = g_strdup_printf ("%s/" TEMPORARY_PREFIX "%s" MERE_BUNDLE_SUFFIX, folder, name);
  self->temporary_signature = g_strconcat (self->temporary_age, MERE_MINISIGN_SUFFIX, NULL);
}

void
mere_bundle_place_clear (MereBundlePlace *self)
{
  if (self->temporary_age != NULL)
    {
      g_unlink (self->temporary_age);
      g_unlink (self->temporary_signature);
    }
  g_free (self->age);
  g_free (self->signature);
  g_free (self->temporary_age);
  g_free (self->temporary_signature);
}

static int
create (const char *path,
        GError    **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    fail_writing (error, path, errno);

  return fd;
}

static gboolean
sync_and_close (int        *fd,
                const char *path,
                GError    **error)
{
  int failure = fsync (*fd) != 0 ? errno : 0;

  if (close (*fd) != 0 && failure == 0)
    failure = errno;
  *fd = -1;

  return failure == 0 || fail_writing (error, path, failure);
}

static gboolean
sync_folder (const char *folder,
             GError    **error)
{
  int      fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced = fd >= 0 && fsync (fd) == 0;
  int      failure = errno;

  if (fd >= 0)
    close (fd);

  return synced || fail_writing (error, folder, failure);
}

int
mere_bundle_place_create (MereBundlePlace *self,
                          GError         **error)
{
  return create (self->temporary_age, error);
}

static gboolean
write_signature (const MereBundlePlace *self,
                 const char            *text,
                 GError               **error)
{
  int fd = create (self->temporary_signature, error);

  if (fd < 0)
    return FALSE;
  if (!mere_write_to_fd (GINT_TO_POINTER (fd), (const guint8 *) text, strlen (text), NULL))
    {
      int failure = errno;

      close (fd);
      return fail_writing (error, self->temporary_signature, failure);
    }

  return sync_and_close (&fd, self->temporary_signature, error);
}

/* A bundle of this name from before the crash that its number was not yet taken in: without its signature it is none. */
static gboolean
retire_predecessor (const MereBundlePlace *self,
                    GError               **error)
{
  return g_unlink (self->signature) != 0 || sync_folder (self->folder, error);
}

/* The signature last: it says that the rest is there. */
static gboolean
put_in_place (const MereBundlePlace *self,
              GError               **error)
{
  if (!retire_predecessor (self, error))
    return FALSE;
  if (g_rename (self->temporary_age, self->age) != 0)
    return fail_writing (error, self->age, errno);
  if (g_rename (self->temporary_signature, self->signature) != 0)
    return fail_writing (error, self->signature, errno);

  return sync_folder (self->folder, error);
}

gboolean
mere_bundle_place_settle (MereBundlePlace *self,
                          int             *fd,
                          const char      *signature,
                          GError         **error)
{
  if (!sync_and_close (fd, self->temporary_age, error) || !write_signature (self, signature, error))
    return FALSE;
  if (put_in_place (self, error))
    return TRUE;

  g_unlink (self->signature);
  g_unlink (self->age);

  return FALSE;
}
