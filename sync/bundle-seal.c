/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle is made in one pass over its content. This thread takes each entry's bytes, hashes them again and lays them out as
 * ustar; the second one compresses; the third one encrypts, hashes the ciphertext and writes it. */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "sync/age.h"
#include "sync/bundle-writer-private.h"
#include "sync/minisign.h"
#include "sync/pipe.h"
#include "sync/ustar.h"

#define COMPRESSION_LEVEL 3
#define SKIPPABLE_MAGIC 0x184d2a50 /* RFC 8878, "Skippable Frames" */
#define SKIPPABLE_HEADER_SIZE 8

void
mere_sealed_free (MereSealed *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->path);
  g_free (self->b2);
  g_free (self);
}

/* One sealing. The first part belongs to this thread, the second to the one behind the archive's pipe (and to this one once
 * that has ended), the third to the one behind the other pipe. */
typedef struct
{
  MereManifest    *manifest;
  GString         *signature; /* of the manifest */
  MerePipe        *archive;
  guint64          n_content;
  guint64          content_size;
  MereHash         entry_hash;
  MereProgressFunc progress;
  gpointer         progress_data;
  GCancellable    *cancellable;

  ZSTD_CCtx *compressor;
  guint64    n_compressed;
  gsize      buffer_size;
  guint8    *buffer;
  MerePipe  *compressed;

  int            fd;
  MereHash       hash;
  MereAgeWriter *age;
} Seal;

static void
seal_free (Seal *self)
{
  mere_pipe_free (self->archive); /* each joins its thread */
  mere_pipe_free (self->compressed);
  mere_age_writer_free (self->age);
  mere_manifest_free (self->manifest);
  if (self->signature != NULL)
    g_string_free (self->signature, TRUE);
  ZSTD_freeCCtx (self->compressor);
  g_free (self->buffer);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seal, seal_free)

/* The far end: ciphertext goes to the disk and into the hash that will be signed. */
static gboolean
write_ciphertext (gpointer      data,
                  const guint8 *bytes,
                  gsize         size,
                  GError      **error)
{
  Seal *self = data;
  g_autoptr (GError) failure = NULL;

  mere_hash_update (&self->hash, bytes, size);
  if (mere_write_to_fd (GINT_TO_POINTER (self->fd), bytes, size, &failure))
    return TRUE;

  g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_WRITE,
               _ ("%s. Nothing was sealed; everything is still in the vault. Make room and try again."), failure->message);

  return FALSE;
}

static gboolean
encrypt (gpointer      data,
         const guint8 *bytes,
         gsize         size,
         GError      **error)
{
  return mere_age_writer_write (((Seal *) data)->age, bytes, size, error);
}

static gboolean
compress (Seal             *self,
          const guint8     *bytes,
          gsize             size,
          ZSTD_EndDirective directive,
          GError          **error)
{
  ZSTD_inBuffer in = { bytes, size, 0 };
  gsize         left;

  do
    {
      ZSTD_outBuffer out = { self->buffer, self->buffer_size, 0 };

      left = ZSTD_compressStream2 (self->compressor, &out, &in, directive);
      if (ZSTD_isError (left))
        {
          g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_WRITE, "zstd: %s", ZSTD_getErrorName (left));
          return FALSE;
        }
      self->n_compressed += out.pos;
      if (!mere_pipe_write (self->compressed, self->buffer, out.pos, error))
        return FALSE;
    }
  while (directive == ZSTD_e_end ? left != 0 : in.pos < in.size);

  return TRUE;
}

static gboolean
compress_piece (gpointer      data,
                const guint8 *bytes,
                gsize         size,
                GError      **error)
{
  return compress (data, bytes, size, ZSTD_e_continue, error);
}

static gboolean
add_bytes (Seal         *self,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  return mere_pipe_write (self->archive, bytes, size, error);
}

static gboolean
add_zeros (Seal    *self,
           guint64  size,
           GError **error)
{
  static const guint8 zeros[MERE_USTAR_BLOCK];

  for (; size > 0; size -= MIN (size, sizeof zeros))
    if (!add_bytes (self, zeros, MIN (size, sizeof zeros), error))
      return FALSE;

  return TRUE;
}

static gboolean
add_header (Seal       *self,
            const char *name,
            guint64     size,
            GError    **error)
{
  guint8 block[MERE_USTAR_BLOCK];

  mere_ustar_write_header (block, name, size);

  return add_bytes (self, block, sizeof block, error);
}

static gboolean
add_padding (Seal    *self,
             guint64  size,
             GError **error)
{
  return add_zeros (self, mere_ustar_member_size (size) - MERE_USTAR_BLOCK - size, error);
}

static gboolean
add_text (Seal       *self,
          const char *name,
          const char *text,
          gsize       size,
          GError    **error)
{
  return add_header (self, name, size, error) &&
         add_bytes (self, (const guint8 *) text, size, error) &&
         add_padding (self, size, error);
}

/* A #MereWriteFunc: content of the current entry. */
static gboolean
add_content (gpointer      data,
             const guint8 *bytes,
             gsize         size,
             GError      **error)
{
  Seal   *self = data;
  guint64 before = self->n_content >> 20;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  mere_hash_update (&self->entry_hash, bytes, size);
  self->n_content += size;
  if (self->progress != NULL && self->n_content >> 20 != before)
    self->progress (self->progress_data, self->n_content, self->content_size);

  return add_bytes (self, bytes, size, error);
}

static gboolean
add_entry (Seal                 *self,
           guint                 index,
           const MereEntry      *entry,
           MereBundleContentFunc content,
           gpointer              content_data,
           GError              **error)
{
  g_autofree char *b2 = NULL;

  mere_hash_init (&self->entry_hash, MERE_CONTENT_SIZE);
  if (!add_header (self, entry->path, entry->size, error) ||
      !content (content_data, index, entry, add_content, self, error))
    return FALSE;

  b2 = mere_hash_finish_hex (&self->entry_hash);
  if (self->entry_hash.n_bytes != entry->size || strcmp (b2, entry->b2) != 0)
    {
      g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_SOURCE,
                   _ ("The content of “%s” is not what it was when it was finalised. Nothing was sealed."), entry->path);
      return FALSE;
    }

  return add_padding (self, entry->size, error);
}

/* Readers refuse what expands more than 200-fold. Content that does (a blank picture of many megabytes) is made bulkier
 * with a frame that decompressors pass over. */
static gboolean
add_bulk (Seal    *self,
          GError **error)
{
  guint64 wanted = self->manifest->bytes > MERE_BUNDLE_RATIO_SLACK ? (self->manifest->bytes - MERE_BUNDLE_RATIO_SLACK) / MERE_BUNDLE_MAX_RATIO + 1 : 0;
  guint64 size = wanted > self->n_compressed ? wanted - self->n_compressed : 0;
  guint32 header[2] = { GUINT32_TO_LE (SKIPPABLE_MAGIC), GUINT32_TO_LE ((guint32) size) };

  if (size == 0)
    return TRUE;

  G_STATIC_ASSERT (sizeof header == SKIPPABLE_HEADER_SIZE);
  if (!mere_pipe_write (self->compressed, (const guint8 *) header, sizeof header, error))
    return FALSE;
  memset (self->buffer, 0, self->buffer_size);
  for (; size > 0; size -= MIN (size, self->buffer_size))
    if (!mere_pipe_write (self->compressed, self->buffer, MIN (size, self->buffer_size), error))
      return FALSE;

  return TRUE;
}

static gboolean
add_archive (Seal                 *self,
             MereBundleContentFunc content,
             gpointer              content_data,
             GError              **error)
{
  GBytes *text = mere_manifest_get_text (self->manifest);
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;
  guint64          members;

  if (!add_text (self, "manifest.json", g_bytes_get_data (text, NULL), g_bytes_get_size (text), error) ||
      !add_text (self, "manifest.json.minisig", self->signature->str, self->signature->len, error))
    return FALSE;

  members = mere_ustar_member_size (g_bytes_get_size (text)) + mere_ustar_member_size (self->signature->len);
  mere_manifest_walk_init (&walk, self->manifest);
  while (mere_manifest_walk_next (&walk, &entry))
    {
      if (!add_entry (self, walk.index, &entry, content, content_data, error))
        return FALSE;
      members += mere_ustar_member_size (entry.size);
    }

  return add_zeros (self, self->manifest->bytes - members, error) &&
         mere_pipe_finish (self->archive, error) &&
         compress (self, NULL, 0, ZSTD_e_end, error) &&
         add_bulk (self, error);
}

static gboolean
prepare (Seal             *self,
         MereBundleWriter *writer,
         const MereSecret *secret,
         GError          **error)
{
  g_autofree char *comment = g_strdup_printf ("merestone-manifest/1 b=%s", writer->head->bundle);
  g_autofree char *sample = mere_minisign_sign_data (secret, "", 0, comment);
  g_autofree char *signature = NULL;
  MereMinisignKey  key;
  GBytes          *text;

  mere_minisign_secret_get_key (secret, &key);
  g_free (writer->head->sign_key);
  writer->head->sign_key = mere_minisign_key_to_text (&key);
  self->manifest = mere_bundle_writer_make_manifest (writer, strlen (sample), error);
  if (self->manifest == NULL)
    return FALSE;

  text = mere_manifest_get_text (self->manifest);
  signature = mere_minisign_sign_data (secret, g_bytes_get_data (text, NULL), g_bytes_get_size (text), comment);
  self->signature = g_string_new (signature);
  self->content_size = writer->content_size;

  self->compressor = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (self->compressor, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
  ZSTD_CCtx_setParameter (self->compressor, ZSTD_c_checksumFlag, 1);
  self->buffer_size = ZSTD_CStreamOutSize ();
  self->buffer = g_malloc (self->buffer_size);

  return TRUE;
}

static gboolean
write_age (Seal                 *self,
           MereBundleContentFunc content,
           gpointer              content_data,
           GError              **error)
{
  mere_hash_init (&self->hash, MERE_HASH_SIZE);
  self->age = mere_age_writer_new ((const char *const *) self->manifest->recipients, write_ciphertext, self, error);
  if (self->age == NULL)
    return FALSE;
  self->compressed = mere_pipe_new (encrypt, self);
  self->archive = mere_pipe_new (compress_piece, self);

  return add_archive (self, content, content_data, error) &&
         mere_pipe_finish (self->compressed, error) &&
         mere_age_writer_finish (self->age, error);
}

static char *
sign_outside (const MereManifest *manifest,
              const MereSecret   *secret,
              const guint8        hash[MERE_HASH_SIZE])
{
  g_autofree char  *text = NULL;
  MereBundleComment comment = {
    .kind = manifest->kind,
    .trust = manifest->trust,
    .bytes = manifest->bytes,
    .entries = manifest->entries,
  };

  g_strlcpy (comment.name, manifest->bundle, sizeof comment.name);
  text = mere_bundle_comment_to_text (&comment);

  return mere_minisign_sign (secret, hash, text);
}

MereSealed *
mere_bundle_writer_seal (MereBundleWriter     *self,
                         const MereSecret     *secret,
                         const char           *folder,
                         MereBundleContentFunc content,
                         gpointer              content_data,
                         MereProgressFunc      progress,
                         gpointer              progress_data,
                         GCancellable         *cancellable,
                         GError              **error)
{
  g_autoptr (Seal) seal = g_new0 (Seal, 1);
  g_autoptr (MereSealed) sealed = g_new0 (MereSealed, 1);
  g_auto (MereBundlePlace) place = { 0 };
  g_autofree char *signature = NULL;
  guint8           hash[MERE_HASH_SIZE];

  seal->fd = -1;
  seal->progress = progress;
  seal->progress_data = progress_data;
  seal->cancellable = cancellable;
  if (!prepare (seal, self, secret, error))
    return NULL;

  mere_bundle_place_init (&place, folder, seal->manifest->bundle);
  seal->fd = mere_bundle_place_create (&place, error);
  if (seal->fd < 0 || !write_age (seal, content, content_data, error))
    return NULL;
  sealed->size = seal->hash.n_bytes;
  mere_hash_finish (&seal->hash, hash);

  signature = sign_outside (seal->manifest, secret, hash);
  if (!mere_bundle_place_settle (&place, &seal->fd, signature, error))
    return NULL;

  sealed->name = g_strdup (seal->manifest->bundle);
  sealed->path = g_strdup (place.age);
  sealed->b2 = mere_hex_new (hash, sizeof hash);

  return g_steal_pointer (&sealed);
}
