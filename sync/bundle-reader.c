/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The gate before a bundle: the four lines of its outer signature, whom they name, and the hash of the whole file against
 * them. What is behind the gate is read in bundle-content.c. */

#include "config.h"

#include "sync/bundle-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sync/bundle-reader-private.h"

#define BUFFER_SIZE (256 * 1024)

gboolean
mere_bundle_sender_is (gpointer                 user_data,
                       const MereBundleComment *comment,
                       const guint8             number[8],
                       MereMinisignKey         *found,
                       GError                 **error)
{
  const MereMinisignKey *key = user_data;

  if (memcmp (key->number, number, sizeof key->number) != 0)
    return FALSE;
  *found = *key;

  return TRUE;
}

/* A plain file, not a link; its descriptor, or -1. */
static int
open_file (const char *path,
           guint64    *size)
{
  struct stat status;
  int         fd = g_open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    {
      close (fd);
      errno = EINVAL;
      return -1;
    }
  *size = status.st_size;

  return fd;
}

gboolean
mere_bundle_refuse_reading (GError    **error,
                            const char *path,
                            int         failure)
{
  g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_READ,
               _ ("“%s” cannot be read: %s. Nothing was taken from it."), path, g_strerror (failure));

  return FALSE;
}

static MereMinisign *
load_signature (const char *path,
                GError    **error)
{
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autofree char *text = g_malloc (MERE_MINISIGN_MAX_SIZE + 1);
  guint64          size;
  gssize           n;
  MereMinisign    *signature;
  int              fd = open_file (signature_path, &size);

  if (fd < 0 && errno == ENOENT)
    {
      mere_bundle_refuse (error, MERE_BUNDLE_ERROR_UNFINISHED,
                          _ ("The bundle has no signature beside it: it was not written to its end. It was left alone; the laptop still has everything."));
      return NULL;
    }
  if (fd < 0)
    {
      mere_bundle_refuse_reading (error, signature_path, errno);
      return NULL;
    }

  n = mere_read_fully (mere_read_from_fd, GINT_TO_POINTER (fd), (guint8 *) text, MERE_MINISIGN_MAX_SIZE + 1, NULL);
  close (fd);
  signature = n >= 0 ? mere_minisign_parse (text, n, NULL) : NULL;
  if (signature == NULL)
    mere_bundle_refuse (error, MERE_BUNDLE_ERROR_SIGNATURE_FORM,
                        _ ("The bundle's signature is not one: it was cut or changed. Nothing was taken from it; ask for the bundle again."));

  return signature;
}

/* The trusted comment is not yet trusted; it only says what to check against. */
static gboolean
check_name (const char              *path,
            const MereBundleComment *comment,
            GError                 **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *expected = g_strconcat (comment->name, MERE_BUNDLE_SUFFIX, NULL);

  if (strcmp (name, expected) == 0)
    return TRUE;

  g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_RENAMED,
               _ ("“%s” was signed as “%s”: somebody renamed it. Nothing was taken from it."), name, expected);

  return FALSE;
}

static gboolean
find_sender (MereBundleReader   *self,
             const MereMinisign *signature,
             MereBundleSender    sender,
             gpointer            sender_data,
             GError            **error)
{
  GError *failure = NULL;

  if (sender (sender_data, &self->comment, signature->number, &self->key, &failure) &&
      memcmp (self->key.number, signature->number, sizeof self->key.number) == 0)
    return TRUE;
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_SENDER_UNKNOWN,
                             _ ("The bundle is signed with a key that is not known here. It was not opened; enrol the sender first if you know who it is."));
}

static gboolean
check_size (const MereBundleReader *self,
            GError                **error)
{
  if (self->size <= MERE_BUNDLE_MAX_SIZE && self->comment.bytes <= MERE_BUNDLE_MAX_RATIO * self->size + MERE_BUNDLE_RATIO_SLACK)
    return TRUE;

  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_TOO_LARGE,
                             _ ("The bundle is larger than any bundle may be, or claims to expand beyond measure. Nothing was taken from it."));
}

static gboolean
hash_file (MereBundleReader *self,
           const char       *path,
           GCancellable     *cancellable,
           GError          **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  MereHash           hash;
  gssize             n;

  mere_hash_init (&hash, MERE_HASH_SIZE);
  while ((n = mere_read_from_fd (GINT_TO_POINTER (self->fd), buffer, BUFFER_SIZE, NULL)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      mere_hash_update (&hash, buffer, n);
      if (hash.n_bytes > self->size)
        break;
    }
  if (n < 0 || hash.n_bytes != self->size)
    return mere_bundle_refuse_reading (error, path, n < 0 ? errno : EBUSY);
  mere_hash_finish (&hash, self->hash);

  return TRUE;
}

static gboolean
take_hash (MereBundleReader *self,
           const char       *path,
           const guint8     *known,
           GCancellable     *cancellable,
           GError          **error)
{
  if (known != NULL)
    memcpy (self->hash, known, sizeof self->hash);
  else if (!hash_file (self, path, cancellable, error))
    return FALSE;
  self->b2 = mere_hex_new (self->hash, sizeof self->hash);

  return TRUE;
}

MereBundleReader *
mere_bundle_reader_open_hashed (const char      *path,
                                const guint8    *hash,
                                MereBundleSender sender,
                                gpointer         sender_data,
                                GCancellable    *cancellable,
                                GError         **error)
{
  g_autoptr (MereBundleReader) self = g_new0 (MereBundleReader, 1);
  g_autoptr (MereMinisign) signature = NULL;

  self->fd = open_file (path, &self->size);
  if (self->fd < 0)
    {
      mere_bundle_refuse_reading (error, path, errno);
      return NULL;
    }
  signature = load_signature (path, error);
  if (signature == NULL ||
      !mere_bundle_comment_parse (signature->trusted_comment, &self->comment, error) ||
      !check_name (path, &self->comment, error) ||
      !find_sender (self, signature, sender, sender_data, error) ||
      !check_size (self, error) ||
      !take_hash (self, path, hash, cancellable, error))
    return NULL;
  if (!mere_minisign_verify (signature, &self->key, self->hash, NULL))
    {
      mere_bundle_refuse (error, MERE_BUNDLE_ERROR_SIGNATURE,
                          _ ("The bundle was changed or cut on its way: its signature does not fit. Nothing was taken from it; ask for the bundle again."));
      return NULL;
    }

  return g_steal_pointer (&self);
}

MereBundleReader *
mere_bundle_reader_open (const char      *path,
                         MereBundleSender sender,
                         gpointer         sender_data,
                         GCancellable    *cancellable,
                         GError         **error)
{
  return mere_bundle_reader_open_hashed (path, NULL, sender, sender_data, cancellable, error);
}

const MereBundleComment *
mere_bundle_reader_get_comment (MereBundleReader *self)
{
  return &self->comment;
}

const MereMinisignKey *
mere_bundle_reader_get_key (MereBundleReader *self)
{
  return &self->key;
}

const char *
mere_bundle_reader_get_b2 (MereBundleReader *self)
{
  return self->b2;
}

guint64
mere_bundle_reader_get_size (MereBundleReader *self)
{
  return self->size;
}

const MereManifest *
mere_bundle_reader_get_manifest (MereBundleReader *self)
{
  return self->manifest;
}

GBytes *
mere_bundle_reader_get_manifest_signature (MereBundleReader *self)
{
  return self->manifest_signature;
}

void
mere_bundle_reader_free (MereBundleReader *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->b2);
  mere_manifest_free (self->manifest);
  g_clear_pointer (&self->manifest_signature, g_bytes_unref);
  g_free (self);
}
