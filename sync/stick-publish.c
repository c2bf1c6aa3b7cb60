/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing to a stick. The order is the guarantee: a fresh folder; the main file, synced, read back past the cache; only then
 * its signature, the same way, as the mark that the pair is whole; at the end everything once more. Nothing is renamed and
 * nothing that was there before is touched, so a pull at any moment leaves earlier sessions as they were and at worst a
 * file without signature. */

#include "config.h"

#include <errno.h>
#include <string.h>

#include "sync/code.h"
#include "sync/stick-private.h"

#define FLUSH_EVERY 33554432 /* bytes: progress stays honest, and a pull is noticed early */
#define PASSES 3             /* written, read back, read back at the end */

/* One file of a pair: where it lies on the laptop, and what it holds. */
typedef struct
{
  char       *path;
  const char *name; /* within path */
  guint64     size;
  guint8      hash[MERE_HASH_SIZE];
} Piece;

typedef struct
{
  MereStick        *stick;
  GCancellable     *cancellable;
  MereStickProgress progress;
  GPtrArray        *pieces;
} Work;

static void
piece_free (gpointer data)
{
  Piece *self = data;

  g_free (self->path);
  g_free (self);
}

static void
work_clear (Work *self)
{
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static GInputStream *
open_local (const Piece *piece,
            GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (piece->path);
  GFileInputStream *stream = g_file_read (file, NULL, NULL);

  if (stream == NULL)
    mere_stick_refuse (MERE_STICK_ERROR_LOCAL, piece->path, error);

  return G_INPUT_STREAM (stream);
}

/* Bytes of @block that were filled; less than all only at the end; -1 where the laptop's disk fails. */
static gssize
read_local (const Piece  *piece,
            GInputStream *stream,
            guint8       *block,
            GError      **error)
{
  gsize n;

  if (!g_input_stream_read_all (stream, block, mere_stick_get_block (piece->size), &n, NULL, NULL))
    {
      mere_stick_refuse (MERE_STICK_ERROR_LOCAL, piece->path, error);
      return -1;
    }

  return (gssize) n;
}

/* A file of the laptop: called as it may be on a stick, and no larger. */
static gboolean
add_piece (Work    *work,
           char    *path,
           GError **error)
{
  Piece      *piece = g_new0 (Piece, 1);
  const char *slash = strrchr (path, '/');
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  piece->path = path;
  piece->name = slash != NULL ? slash + 1 : path;
  g_ptr_array_add (work->pieces, piece);
  if (info == NULL || mere_stick_name_kind (piece->name) == MERE_STICK_NAME_NONE)
    return mere_stick_refuse (MERE_STICK_ERROR_LOCAL, path, error);

  piece->size = g_file_info_get_size (info);
  work->progress.total += piece->size * PASSES;

  return piece->size <= mere_stick_name_get_limit (piece->name) ||
         mere_stick_refuse (MERE_STICK_ERROR_TOO_LARGE, path, error);
}

static gboolean
add_pairs (Work              *work,
           const char *const *paths,
           GError           **error)
{
  work->pieces = g_ptr_array_new_with_free_func (piece_free);
  for (; *paths != NULL; paths++)
    if (!add_piece (work, g_strdup (*paths), error) ||
        !add_piece (work, g_strconcat (*paths, MERE_MINISIGN_SUFFIX, NULL), error))
      return FALSE;

  return TRUE;
}

static int
write_fully (const MereStickHandle *file,
             const guint8          *bytes,
             gsize                  size)
{
  while (size > 0)
    {
      gssize n = file->volume->write (file->volume, file->number, bytes, size);

      if (n <= 0)
        return n < 0 ? (int) n : -EIO;
      bytes += n;
      size -= n;
    }

  return 0;
}

static gboolean
copy_content (Work                  *work,
              const MereStickHandle *file,
              Piece                 *piece,
              GError               **error)
{
  g_autoptr (GInputStream) stream = open_local (piece, error);
  g_autofree guint8 *block = g_malloc (mere_stick_get_block (piece->size));
  MereHash           hash;
  gssize             n = 0;

  mere_hash_init (&hash, MERE_HASH_SIZE);
  while (stream != NULL && (n = read_local (piece, stream, block, error)) > 0)
    {
      int failure = write_fully (file, block, n);

      mere_hash_update (&hash, block, n);
      if (failure == 0 && hash.n_bytes % FLUSH_EVERY == 0)
        failure = file->volume->flush (file->volume, file->number);
      if (failure != 0)
        return mere_stick_fail (MERE_STICK_WRITING, failure, piece->name, error);
      mere_stick_progress_add (&work->progress, n);
      if (!mere_stick_check_cancelled (work->cancellable, error))
        return FALSE;
    }
  if (stream == NULL || n < 0)
    return FALSE;
  mere_hash_finish (&hash, piece->hash);

  return hash.n_bytes == piece->size || mere_stick_refuse (MERE_STICK_ERROR_LOCAL, piece->path, error);
}

/* The name is on the medium before the content, and both before the file counts as written. */
static gboolean
write_piece (Work    *work,
             int      folder,
             Piece   *piece,
             GError **error)
{
  MereVolume *volume = work->stick->volume;
  int         failure = 0;
  g_auto (MereStickHandle) file = { volume, volume->create_file (volume, folder, piece->name) };

  if (file.number < 0)
    return mere_stick_fail (MERE_STICK_WRITING, file.number, piece->name, error);
  if ((failure = volume->flush (volume, file.number)) != 0 || (failure = volume->flush (volume, folder)) != 0)
    return mere_stick_fail (MERE_STICK_WRITING, failure, piece->name, error);
  if (!copy_content (work, &file, piece, error))
    return FALSE;
  if ((failure = volume->flush (volume, file.number)) != 0)
    return mere_stick_fail (MERE_STICK_WRITING, failure, piece->name, error);
  mere_stick_handle_close (&file);
  failure = volume->flush (volume, folder);

  return failure == 0 || mere_stick_fail (MERE_STICK_WRITING, failure, piece->name, error);
}

static gboolean
read_back (Work        *work,
           int          folder,
           const Piece *piece,
           GError     **error)
{
  const MereStickTaking taking = { .fresh = TRUE, .progress = &work->progress, .cancellable = work->cancellable };
  guint8                hash[MERE_HASH_SIZE];
  guint64               size;

  if (!mere_stick_read_file (work->stick, folder, piece->name, &taking, hash, &size, error))
    return FALSE;

  return (size == piece->size && memcmp (hash, piece->hash, sizeof hash) == 0) ||
         mere_stick_refuse (MERE_STICK_ERROR_DIFFERS, piece->name, error);
}

/* What was just written and is not there, or has grown, is a stick that lies. */
static gboolean
confirm (Work        *work,
         int          folder,
         const Piece *piece,
         GError     **error)
{
  g_autoptr (GError) failure = NULL;

  if (read_back (work, folder, piece, &failure))
    return TRUE;
  if (g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_NOT_FOUND) ||
      g_error_matches (failure, MERE_STICK_ERROR, MERE_STICK_ERROR_TOO_LARGE))
    return mere_stick_refuse (MERE_STICK_ERROR_DIFFERS, piece->name, error);

  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static gboolean
write_pairs (Work    *work,
             int      folder,
             GError **error)
{
  for (guint i = 0; i < work->pieces->len; i++)
    if (!write_piece (work, folder, work->pieces->pdata[i], error) ||
        !confirm (work, folder, work->pieces->pdata[i], error))
      return FALSE;

  for (guint i = 0; i < work->pieces->len; i++)
    if (!confirm (work, folder, work->pieces->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* A small text beside the lanes, where there is none yet. One that is there stays, whatever it says. */
static gboolean
leave_text (MereStick  *self,
            int         folder,
            const char *name,
            const char *text,
            GError    **error)
{
  int failure;
  g_auto (MereStickHandle) file = { self->volume, self->volume->create_file (self->volume, folder, name) };

  if (file.number == -EEXIST)
    return TRUE;
  failure = MIN (file.number, 0);
  if (failure == 0)
    failure = write_fully (&file, (const guint8 *) text, strlen (text));
  if (failure == 0)
    failure = self->volume->flush (self->volume, file.number);
  if (failure == 0)
    failure = self->volume->flush (self->volume, folder);

  return failure == 0 || mere_stick_fail (MERE_STICK_WRITING, failure, name, error);
}

static gboolean
leave_texts (MereStick *self,
             int        folder,
             GError   **error)
{
  g_autofree char *identity = mere_stick_make_identity ();

  return leave_text (self, folder, MERE_STICK_README, mere_stick_get_readme (), error) &&
         leave_text (self, folder, MERE_STICK_IDENTITY, identity, error);
}

/* Into the folder of a device in a lane, making what is missing on the way. */
static gboolean
make_way (MereStick       *self,
          MereStickHandle *folder,
          MereStickLane    lane,
          const char      *device,
          GError         **error)
{
  const char *const names[] = { self->root_name, mere_stick_lane_get_name (lane), device };

  *folder = (MereStickHandle){ self->volume, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      int made = self->volume->make_folder (self->volume, folder->number, names[i]);
      int failure = made == 0 ? self->volume->flush (self->volume, folder->number) : 0;

      if (failure == 0)
        failure = mere_stick_enter (folder, names[i]);
      if (failure == -ENOENT && made != -EEXIST)
        failure = made; /* why it is not there */
      if (failure != 0)
        return mere_stick_fail (MERE_STICK_MAKING, failure, names[i], error);
      if (i == 0 && !leave_texts (self, folder->number, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
mere_stick_publish (MereStick         *self,
                    MereStickLane      lane,
                    const char        *device,
                    const char        *session,
                    const char *const *paths,
                    MereProgressFunc   progress,
                    gpointer           progress_data,
                    GCancellable      *cancellable,
                    char             **placed,
                    GError           **error)
{
  g_autofree char *taken = NULL;
  g_auto (Work) work = { self, cancellable, { progress, progress_data, 0, 0, 0 }, NULL };
  g_auto (MereStickHandle) folder = { NULL, -1 };

  g_return_val_if_fail (mere_device_code_is (device) || strcmp (device, MERE_STICK_ALL) == 0, FALSE);
  g_return_val_if_fail (mere_stick_session_is (session), FALSE);

  if (!add_pairs (&work, paths, error) || !mere_stick_check_cancelled (cancellable, error) ||
      !make_way (self, &folder, lane, device, error))
    return FALSE;

  taken = mere_stick_begin_session (&folder, session, error);
  if (taken == NULL || !write_pairs (&work, folder.number, error))
    return FALSE;
  *placed = g_steal_pointer (&taken);

  return TRUE;
}

static gboolean
hash_local (Piece   *piece,
            GError **error)
{
  g_autoptr (GInputStream) stream = open_local (piece, error);
  g_autofree guint8 *block = g_malloc (mere_stick_get_block (piece->size));
  MereHash           hash;
  gssize             n = 0;

  mere_hash_init (&hash, MERE_HASH_SIZE);
  while (stream != NULL && (n = read_local (piece, stream, block, error)) > 0)
    mere_hash_update (&hash, block, n);
  mere_hash_finish (&hash, piece->hash);

  return stream != NULL && n == 0;
}

gboolean
mere_stick_check (MereStick         *self,
                  MereStickLane      lane,
                  const char        *device,
                  const char        *placed,
                  const char *const *paths,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_auto (Work) work = { self, cancellable, { NULL, NULL, 0, 0, 0 }, NULL };
  g_auto (MereStickHandle) folder = { NULL, -1 };
  int failure;

  if (!add_pairs (&work, paths, error))
    return FALSE;
  failure = mere_stick_enter_lane (self, &folder, lane, device, placed);
  if (failure != 0)
    return mere_stick_fail (MERE_STICK_READING, failure, placed, error);

  for (guint i = 0; i < work.pieces->len; i++)
    if (!hash_local (work.pieces->pdata[i], error) || !read_back (&work, folder.number, work.pieces->pdata[i], error))
      return FALSE;

  return TRUE;
}
