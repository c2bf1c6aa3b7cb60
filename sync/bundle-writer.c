/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle is made in one pass over its content. This thread takes each entry's bytes, hashes them again, lays them out as
 * ustar and compresses; the second one encrypts, hashes the ciphertext and writes it. The manifest comes first in the
 * archive, so sizes and hashes are announced before and only confirmed here. */

#include "config.h"

#include "sync/bundle-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "sync/age.h"
#include "sync/manifest-private.h"
#include "sync/minisign.h"
#include "sync/pipe.h"
#include "sync/ustar.h"

#define TEMPORARY_PREFIX ".tmp-"
#define COMPRESSION_LEVEL 3
#define SKIPPABLE_MAGIC 0x184d2a50 /* RFC 8878, "Skippable Frames" */
#define SKIPPABLE_HEADER_SIZE 8
#define MANIFEST_END "\n]}\n"

struct _MereBundleWriter
{
  MereManifest *head;
  GString      *files; /* the manifest's entries as text */
  GHashTable   *paths; /* those announced */
  guint         n_entries;
  guint64       content_size;
  guint64       members_size; /* as tar lays them out */
};

MereBundleWriter *
mere_bundle_writer_new (const MereManifest *head)
{
  MereBundleWriter *self = g_new0 (MereBundleWriter, 1);

  self->head = mere_manifest_copy (head);
  g_free (self->head->bundle);
  self->head->bundle = mere_bundle_name_new (head->device, head->chain_no, head->seq);
  self->files = g_string_new (NULL);
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
mere_bundle_writer_free (MereBundleWriter *self)
{
  if (self == NULL)
    return;

  mere_manifest_free (self->head);
  g_string_free (self->files, TRUE);
  g_hash_table_unref (self->paths);
  g_free (self);
}

guint
mere_bundle_writer_get_n_entries (MereBundleWriter *self)
{
  return self->n_entries;
}

guint64
mere_bundle_writer_get_content_size (MereBundleWriter *self)
{
  return self->content_size;
}

gboolean
mere_bundle_writer_is_full (MereBundleWriter *self,
                            guint64           size)
{
  return self->n_entries > 0 && (self->content_size + size > MERE_BUNDLE_TARGET_SIZE ||
                                 self->n_entries + 2 == MERE_BUNDLE_MAX_ENTRIES ||
                                 self->files->len > MERE_BUNDLE_MAX_MANIFEST / 2);
}

static gboolean
check_room (MereBundleWriter *self,
            const MereEntry  *entry,
            GError          **error)
{
  if (self->n_entries + 2 < MERE_BUNDLE_MAX_ENTRIES && self->files->len < MERE_BUNDLE_MAX_MANIFEST - 65536 &&
      entry->size <= MERE_BUNDLE_MAX_TAR / 2 && self->members_size + mere_ustar_member_size (entry->size) <= MERE_BUNDLE_MAX_TAR / 2)
    return TRUE;

  g_set_error_literal (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_TOO_LARGE,
                       _ ("This does not fit into the bundle any more; it goes into the next one."));

  return FALSE;
}

gboolean
mere_bundle_writer_add (MereBundleWriter *self,
                        const MereEntry  *entry,
                        GError          **error)
{
  MereEntry        complete = *entry;
  g_autofree char *path = g_strdup (entry->path);
  const char      *problem;

  complete.path = g_steal_pointer (&path);
  problem = mere_entry_complete (&complete);
  path = complete.path;
  if (problem != NULL)
    {
      g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_NAME, _ ("This cannot go into a bundle: %s."), problem);
      return FALSE;
    }
  if (!check_room (self, entry, error))
    return FALSE;
  if (g_hash_table_contains (self->paths, path))
    {
      g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_DUPLICATE, _ ("“%s” is in the bundle already."), path);
      return FALSE;
    }

  if (self->n_entries > 0)
    g_string_append (self->files, ",\n");
  mere_entry_append (self->files, &complete);
  g_hash_table_add (self->paths, g_steal_pointer (&path));
  self->n_entries++;
  self->content_size += entry->size;
  self->members_size += mere_ustar_member_size (entry->size);

  return TRUE;
}

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

/* One sealing. The upper half belongs to this thread, the lower one to the thread behind the pipe. */
typedef struct
{
  MereManifest    *manifest;
  GString         *signature; /* of the manifest */
  ZSTD_CCtx       *compressor;
  MerePipe        *pipe;
  guint64          n_compressed;
  guint64          n_content;
  guint64          content_size;
  MereHash         entry_hash;
  MereProgressFunc progress;
  gpointer         progress_data;
  GCancellable    *cancellable;
  gsize            buffer_size;
  guint8          *buffer;

  int            fd;
  MereHash       hash;
  MereAgeWriter *age;
} Seal;

static void
seal_free (Seal *self)
{
  mere_pipe_free (self->pipe); /* joins the other thread first */
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
      if (!mere_pipe_write (self->pipe, self->buffer, out.pos, error))
        return FALSE;
    }
  while (directive == ZSTD_e_end ? left != 0 : in.pos < in.size);

  return TRUE;
}

static gboolean
add_bytes (Seal         *self,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  return compress (self, bytes, size, ZSTD_e_continue, error);
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
  if (!mere_pipe_write (self->pipe, (const guint8 *) header, sizeof header, error))
    return FALSE;
  memset (self->buffer, 0, self->buffer_size);
  for (; size > 0; size -= MIN (size, self->buffer_size))
    if (!mere_pipe_write (self->pipe, self->buffer, MIN (size, self->buffer_size), error))
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
         compress (self, NULL, 0, ZSTD_e_end, error) &&
         add_bulk (self, error);
}

/* The manifest names the size of the archive that it is in: its own length depends on the digits of that. */
static MereManifest *
make_manifest (MereBundleWriter *self,
               gsize             signature_size,
               GError          **error)
{
  MereManifest *head = self->head;
  guint64       bytes = 0;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) content = NULL;

  head->entries = self->n_entries + 2;
  do
    {
      head->bytes = bytes;
      g_string_truncate (text, 0);
      mere_manifest_append_head (text, head);
      bytes = mere_ustar_archive_size (mere_ustar_member_size (text->len + self->files->len + strlen (MANIFEST_END)) +
                                       mere_ustar_member_size (signature_size) + self->members_size);
    }
  while (bytes != head->bytes);

  g_string_append_len (text, self->files->str, self->files->len);
  g_string_append (text, MANIFEST_END);
  content = g_string_free_to_bytes (g_steal_pointer (&text));

  return mere_manifest_parse (content, error);
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
  self->manifest = make_manifest (writer, strlen (sample), error);
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
  self->pipe = mere_pipe_new (encrypt, self);

  return add_archive (self, content, content_data, error) &&
         mere_pipe_finish (self->pipe, error) &&
         mere_age_writer_finish (self->age, error);
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

/* The files of one bundle: first under temporary names. */
typedef struct
{
  char *age, *signature, *temporary_age, *temporary_signature;
} Paths;

static void
paths_clear (Paths *self)
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

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paths, paths_clear)

static void
paths_init (Paths      *self,
            const char *folder,
            const char *name)
{
  self->age = g_strdup_printf ("%s/%s" MERE_BUNDLE_SUFFIX, folder, name);
  self->signature = g_strconcat (self->age, MERE_MINISIGN_SUFFIX, NULL);
  self->temporary_age = g_strdup_printf ("%s/" TEMPORARY_PREFIX "%s" MERE_BUNDLE_SUFFIX, folder, name);
  self->temporary_signature = g_strconcat (self->temporary_age, MERE_MINISIGN_SUFFIX, NULL);
}

static gboolean
write_signature (const Paths *paths,
                 const char  *text,
                 GError     **error)
{
  int fd = create (paths->temporary_signature, error);

  if (fd < 0)
    return FALSE;
  if (!mere_write_to_fd (GINT_TO_POINTER (fd), (const guint8 *) text, strlen (text), NULL))
    {
      int failure = errno;

      close (fd);
      return fail_writing (error, paths->temporary_signature, failure);
    }

  return sync_and_close (&fd, paths->temporary_signature, error);
}

/* The signature last: it says that the rest is there. */
static gboolean
put_in_place (const Paths *paths,
              const char  *folder,
              GError     **error)
{
  if (g_rename (paths->temporary_age, paths->age) != 0)
    return fail_writing (error, paths->age, errno);
  if (g_rename (paths->temporary_signature, paths->signature) != 0)
    {
      int failure = errno;

      g_unlink (paths->age);
      return fail_writing (error, paths->signature, failure);
    }

  return sync_folder (folder, error);
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
  g_auto (Paths) paths = { 0 };
  g_autofree char  *comment = NULL;
  g_autofree char  *signature = NULL;
  guint8            hash[MERE_HASH_SIZE];
  MereBundleComment outer = { 0 };

  seal->fd = -1;
  seal->progress = progress;
  seal->progress_data = progress_data;
  seal->cancellable = cancellable;
  if (!prepare (seal, self, secret, error))
    return NULL;

  remove_leftovers (folder);
  paths_init (&paths, folder, seal->manifest->bundle);
  seal->fd = create (paths.temporary_age, error);
  if (seal->fd < 0 || !write_age (seal, content, content_data, error))
    return NULL;
  sealed->size = seal->hash.n_bytes;
  mere_hash_finish (&seal->hash, hash);

  outer.kind = seal->manifest->kind;
  outer.trust = seal->manifest->trust;
  outer.bytes = seal->manifest->bytes;
  outer.entries = seal->manifest->entries;
  g_strlcpy (outer.name, seal->manifest->bundle, sizeof outer.name);
  comment = mere_bundle_comment_to_text (&outer);
  signature = mere_minisign_sign (secret, hash, comment);
  if (!sync_and_close (&seal->fd, paths.temporary_age, error) ||
      !write_signature (&paths, signature, error) ||
      !put_in_place (&paths, folder, error))
    return NULL;

  sealed->name = g_strdup (outer.name);
  sealed->path = g_strdup (paths.age);
  sealed->b2 = mere_hex_new (hash, sizeof hash);

  return g_steal_pointer (&sealed);
}
