/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle whose outer signature holds is read as one stream: decryption, decompression, archive; the manifest and its
 * signature are the first two members, and every other member is exactly as the manifest says. */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "sync/bundle-reader-private.h"
#include "sync/bundle-relay.h"
#include "sync/code.h"
#include "sync/unzstd.h"
#include "sync/ustar.h"

/* One reading: the stages in the order in which bytes pass them. */
typedef struct
{
  MereBundleReader        *reader;
  GPtrArray               *identities;
  const MereBundleHandler *handler;
  gpointer                 handler_data;
  MereProgressFunc         progress;
  gpointer                 progress_data;
  GCancellable            *cancellable;
  guint64                  n_read;
  MereAgeReader           *age;
  MereUnzstd              *unzstd;
  MereUstarReader         *tar;
} Reading;

static void
reading_free (Reading *self)
{
  mere_ustar_reader_free (self->tar);
  mere_unzstd_free (self->unzstd);
  mere_age_reader_free (self->age);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static gssize
read_ciphertext (gpointer data,
                 guint8  *buffer,
                 gsize    size,
                 GError **error)
{
  Reading *self = data;
  guint64  before = self->n_read >> 20;
  gssize   n;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;

  n = pread (self->reader->fd, buffer, size, self->n_read);
  if (n < 0)
    {
      mere_bundle_refuse_reading (error, self->reader->comment.name, errno);
      return -1;
    }
  self->n_read += n;
  if (self->progress != NULL && self->n_read >> 20 != before)
    self->progress (self->progress_data, self->n_read, self->reader->size);

  return n;
}

/* What age says, in the words of a bundle. Always FALSE. */
static gboolean
translate (GError **error,
           GError  *failure)
{
  if (failure->domain != MERE_AGE_ERROR)
    g_propagate_error (error, failure);
  else if (failure->code == MERE_AGE_ERROR_NO_MATCH)
    {
      mere_bundle_refuse (error, MERE_BUNDLE_ERROR_NOT_FOR_US,
                          _ ("The bundle is encrypted to others; no key here opens it. Nothing was taken from it."));
      g_error_free (failure);
    }
  else
    {
      g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_CIPHER,
                   _ ("The bundle cannot be decrypted: %s Nothing was taken from it."), failure->message);
      g_error_free (failure);
    }

  return FALSE;
}

static gboolean
next_plaintext (gpointer       data,
                const guint8 **bytes,
                gsize         *size,
                GError       **error)
{
  GError *failure = NULL;

  return mere_age_reader_next (((Reading *) data)->age, bytes, size, &failure) || translate (error, failure);
}

static gboolean
open_stages (Reading *self,
             GError **error)
{
  GError *failure = NULL;
  guint64 limit = self->reader->comment.bytes;

  self->age = mere_age_reader_new (self->identities, read_ciphertext, self, &failure);
  if (self->age == NULL)
    return translate (error, failure);

  /* tar pads to whole records: a few zeros more than declared are no harm. */
  limit = (limit + MERE_USTAR_RECORD - 1) / MERE_USTAR_RECORD * MERE_USTAR_RECORD;
  self->unzstd = mere_unzstd_new (next_plaintext, self, limit);
  self->tar = mere_ustar_reader_new (mere_unzstd_next, self->unzstd);

  return TRUE;
}

/* One of the first two members, whole. */
static GBytes *
read_member (Reading    *self,
             const char *expected,
             guint64     most,
             GError    **error)
{
  g_autoptr (GByteArray) content = NULL;
  const char   *name;
  const guint8 *bytes;
  guint64       member_size = 0;
  gsize         size;

  if (!mere_ustar_reader_next (self->tar, &name, &member_size, error))
    return NULL;
  if (name == NULL || strcmp (name, expected) != 0 || member_size > most)
    {
      mere_bundle_refuse (error, MERE_BUNDLE_ERROR_MANIFEST_MISSING,
                          _ ("The bundle does not begin with its manifest and the manifest's signature. Nothing was taken from it."));
      return NULL;
    }

  content = g_byte_array_sized_new (member_size);
  do
    {
      if (!mere_ustar_reader_data (self->tar, &bytes, &size, error))
        return NULL;
      g_byte_array_append (content, bytes, size);
    }
  while (size > 0);

  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

static gboolean
refuse_resigned (GError **error)
{
  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_RESIGNED,
                             _ ("The bundle's content was signed by one key and the bundle by another: somebody has put his name on it. Nothing was taken from it."));
}

static gboolean
refuse_swapped (GError **error)
{
  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_SWAPPED,
                             _ ("The manifest in the bundle is that of another one. Nothing was taken from it."));
}

static gboolean
check_inner_signature (const MereBundleReader *self,
                       GBytes                 *text,
                       GBytes                 *signature_text,
                       GError                **error)
{
  g_autofree char *comment = g_strdup_printf ("merestone-manifest/1 b=%s", self->comment.name);
  g_autoptr (MereMinisign) signature = NULL;

  signature = mere_minisign_parse (g_bytes_get_data (signature_text, NULL), g_bytes_get_size (signature_text), NULL);
  if (signature != NULL && memcmp (signature->number, self->key.number, sizeof self->key.number) != 0)
    return refuse_resigned (error);
  if (signature == NULL ||
      !mere_minisign_verify_data (signature, &self->key, g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL))
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_INNER_SIGNATURE,
                               _ ("The manifest's own signature does not fit. Nothing was taken from the bundle."));
  if (strcmp (signature->trusted_comment, comment) != 0)
    return refuse_swapped (error);

  return TRUE;
}

/* A device is called after its key, so nobody sends records under the name of another. Headquarters keeps its name when its
 * signing key is replaced; there the trust list says who signs. */
static gboolean
is_own_name (const MereBundleReader *self,
             const MereManifest     *manifest)
{
  g_autofree char *name = mere_device_code_new (&self->key);

  return manifest->kind != MERE_BUNDLE_RECORDS || strcmp (name, manifest->device) == 0;
}

/* The equality rules: both signatures, manifest, file name and recipients tell one story. */
static gboolean
check_manifest (Reading            *self,
                const MereManifest *manifest,
                GError            **error)
{
  const MereBundleComment *comment = &self->reader->comment;
  g_autofree char         *key = mere_minisign_key_to_text (&self->reader->key);
  g_autofree char         *mine = NULL;

  if (strcmp (key, manifest->sign_key) != 0 || !is_own_name (self->reader, manifest))
    return refuse_resigned (error);
  if (strcmp (comment->name, manifest->bundle) != 0 || comment->kind != manifest->kind || comment->trust != manifest->trust ||
      comment->bytes != manifest->bytes || comment->entries != manifest->entries)
    return refuse_swapped (error);

  mine = mere_age_identity_dup_recipient (self->identities->pdata[mere_age_reader_get_identity (self->age)]);
  if (!g_strv_contains ((const char *const *) manifest->recipients, mine) ||
      g_strv_length (manifest->recipients) != mere_age_reader_get_n_recipients (self->age))
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_RECIPIENTS,
                               _ ("The bundle is encrypted to others than its sender meant: somebody has passed it on. Nothing was taken from it."));

  return TRUE;
}

static gboolean
read_manifest (Reading *self,
               GError **error)
{
  MereBundleReader *reader = self->reader;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) signature = NULL;

  text = read_member (self, "manifest.json", MERE_BUNDLE_MAX_MANIFEST, error);
  if (text == NULL)
    return FALSE;
  signature = read_member (self, "manifest.json.minisig", MERE_MINISIGN_MAX_SIZE, error);
  if (signature == NULL || !check_inner_signature (reader, text, signature, error))
    return FALSE;

  g_clear_pointer (&reader->manifest, mere_manifest_free);
  reader->manifest = mere_manifest_parse (text, error);
  if (reader->manifest == NULL || !check_manifest (self, reader->manifest, error))
    return FALSE;
  g_clear_pointer (&reader->manifest_signature, g_bytes_unref);
  reader->manifest_signature = g_steal_pointer (&signature);

  return self->handler == NULL || self->handler->begin == NULL ||
         self->handler->begin (self->handler_data, reader->manifest, error);
}

/* A member that should not be here: why. Always FALSE. */
static gboolean
refuse_member (Reading    *self,
               const char *name,
               guint       index,
               GError    **error)
{
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;

  if (!mere_entry_path_is (name))
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_NAME,
                               _ ("The bundle holds a file with a name that no bundle may hold. Nothing was taken from it."));

  mere_manifest_walk_init (&walk, self->reader->manifest);
  while (walk.index + 1 < index && mere_manifest_walk_next (&walk, &entry))
    if (strcmp (entry.path, name) == 0)
      return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_DUPLICATE, _ ("The bundle holds a file twice. Nothing was taken from it."));
  if (g_str_has_prefix (name, "manifest"))
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_DUPLICATE, _ ("The bundle holds a file twice. Nothing was taken from it."));

  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_ENTRIES,
                             _ ("The files in the bundle are not those that its manifest lists. Nothing was taken from it."));
}

static gboolean
refuse_content (GError **error)
{
  return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_CONTENT,
                             _ ("A file in the bundle is not what its manifest says. Nothing was taken from the bundle."));
}

static gboolean
read_content (Reading         *self,
              const MereEntry *entry,
              GError         **error)
{
  g_autofree char *b2 = NULL;
  const guint8    *bytes;
  gsize            size;
  MereHash         hash;

  mere_hash_init (&hash, MERE_CONTENT_SIZE);
  do
    {
      if (!mere_ustar_reader_data (self->tar, &bytes, &size, error))
        return FALSE;
      mere_hash_update (&hash, bytes, size);
      if (size > 0 && self->handler != NULL && self->handler->data != NULL &&
          !self->handler->data (self->handler_data, bytes, size, error))
        return FALSE;
    }
  while (size > 0);
  b2 = mere_hash_finish_hex (&hash);

  return strcmp (b2, entry->b2) == 0 || refuse_content (error);
}

static gboolean
read_entry (Reading         *self,
            guint            index,
            const MereEntry *entry,
            GError         **error)
{
  const MereBundleHandler *handler = self->handler;
  const char              *name;
  guint64                  size;

  if (!mere_ustar_reader_next (self->tar, &name, &size, error))
    return FALSE;
  if (name == NULL)
    return mere_bundle_refuse (error, MERE_BUNDLE_ERROR_ENTRIES, _ ("Files that the manifest lists are missing from the bundle. Nothing was taken from it."));
  if (strcmp (name, entry->path) != 0)
    return refuse_member (self, name, index, error);
  if (size != entry->size)
    return refuse_content (error);

  return (handler == NULL || handler->entry == NULL || handler->entry (self->handler_data, index, entry, error)) &&
         read_content (self, entry, error) &&
         (handler == NULL || handler->entry_done == NULL || handler->entry_done (self->handler_data, index, entry, error));
}

static gboolean
read_entries (Reading *self,
              GError **error)
{
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;
  const char      *name;
  guint64          size;

  mere_manifest_walk_init (&walk, self->reader->manifest);
  while (mere_manifest_walk_next (&walk, &entry))
    if (!read_entry (self, walk.index, &entry, error))
      return FALSE;

  if (!mere_ustar_reader_next (self->tar, &name, &size, error))
    return FALSE;
  if (name != NULL)
    return refuse_member (self, name, walk.index + 1, error);

  return mere_ustar_reader_finish (self->tar, error);
}

static gboolean
read_all (gpointer                 data,
          const MereBundleHandler *handler,
          gpointer                 handler_data,
          GError                 **error)
{
  Reading *self = data;

  self->handler = handler;
  self->handler_data = handler_data;

  return open_stages (self, error) && read_manifest (self, error) && read_entries (self, error);
}

gboolean
mere_bundle_reader_read (MereBundleReader        *self,
                         GPtrArray               *identities,
                         const MereBundleHandler *handler,
                         gpointer                 handler_data,
                         MereProgressFunc         progress,
                         gpointer                 progress_data,
                         GCancellable            *cancellable,
                         GError                 **error)
{
  g_autoptr (Reading) reading = g_new0 (Reading, 1);

  reading->reader = self;
  reading->identities = identities;
  reading->progress = progress;
  reading->progress_data = progress_data;
  reading->cancellable = cancellable;

  return handler != NULL ? mere_relay_run (read_all, reading, handler, handler_data, error) : read_all (reading, NULL, NULL, error);
}
