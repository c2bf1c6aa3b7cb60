/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the stick onto an own disk. A hostile stick may answer two reads differently, so it is read once: the copy is what is
 * hashed, checked and worked on. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sync/pipe.h"
#include "sync/stick-private.h"

/* A copy that is being made beside its final name. */
typedef struct
{
  char *temporary;
  char *path;
  int   fd;
} Copy;

static void
copy_clear (Copy *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_clear_pointer (&self->temporary, g_free);
  g_clear_pointer (&self->path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

static gboolean
enter_found (MereStick            *self,
             const MereStickFound *found,
             MereStickHandle      *folder,
             GError              **error)
{
  g_auto (GStrv) names = g_strsplit (found->folder, "/", MERE_STICK_MAX_DEPTH + 1);
  int failure = 0;

  *folder = (MereStickHandle){ self->volume, 0 };
  for (char **name = names; *name != NULL && failure == 0; name++)
    failure = mere_stick_enter (folder, *name);

  return failure == 0 || mere_stick_fail (MERE_STICK_READING, failure, found->folder, error);
}

static char *
signature_name (const MereStickFound *found)
{
  return g_strconcat (found->name, MERE_MINISIGN_SUFFIX, NULL);
}

GBytes *
mere_stick_load_signature (MereStick            *self,
                           const MereStickFound *found,
                           GError              **error)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree char      *name = signature_name (found);
  const MereStickTaking taking = { .sink = mere_write_to_bytes, .sink_data = text };
  guint8                hash[MERE_HASH_SIZE];
  guint64               size;
  g_auto (MereStickHandle) folder = { NULL, -1 };

  if (!enter_found (self, found, &folder, error) ||
      !mere_stick_read_file (self, folder.number, name, &taking, hash, &size, error))
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&text));
}

/* Hashed here, written in another thread. */
static gboolean
copy_file (MereStick             *self,
           int                    folder,
           const char            *name,
           const MereStickTaking *how,
           const char            *target,
           Copy                  *copy,
           guint8                 hash[MERE_HASH_SIZE],
           GError               **error)
{
  MereStickTaking taking = *how;
  guint64         size;
  g_autoptr (MerePipe) pipe = NULL;

  copy->path = g_build_filename (target, name, NULL);
  copy->temporary = g_strdup_printf ("%s%s.%s-XXXXXX", target, G_DIR_SEPARATOR_S, name);
  copy->fd = g_mkstemp (copy->temporary);
  if (copy->fd < 0)
    {
      g_clear_pointer (&copy->temporary, g_free);
      return mere_stick_refuse (MERE_STICK_ERROR_LOCAL, target, error);
    }
  pipe = mere_pipe_new (mere_write_to_fd, GINT_TO_POINTER (copy->fd));
  taking.sink = mere_pipe_write;
  taking.sink_data = pipe;
  if (!mere_stick_read_file (self, folder, name, &taking, hash, &size, error))
    return FALSE;

  return mere_pipe_finish (pipe, NULL) || mere_stick_refuse (MERE_STICK_ERROR_LOCAL, copy->path, error);
}

static gboolean
settle (Copy    *copy,
        GError **error)
{
  if (g_rename (copy->temporary, copy->path) != 0)
    return mere_stick_refuse (MERE_STICK_ERROR_LOCAL, copy->path, error);
  g_clear_pointer (&copy->temporary, g_free);

  return TRUE;
}

char *
mere_stick_copy_in (MereStick            *self,
                    const MereStickFound *found,
                    const char           *folder,
                    guint8               *hash,
                    MereProgressFunc      progress,
                    gpointer              progress_data,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_autofree char      *second = signature_name (found);
  guint8                main_hash[MERE_HASH_SIZE], second_hash[MERE_HASH_SIZE];
  MereStickProgress     counted = { progress, progress_data, 0, 0, found->size };
  const MereStickTaking main_how = { .progress = &counted, .cancellable = cancellable };
  const MereStickTaking second_how = { .cancellable = cancellable };
  g_auto (MereStickHandle) from = { NULL, -1 };
  g_auto (Copy) main_copy = { NULL, NULL, -1 };
  g_auto (Copy) signature = { NULL, NULL, -1 };

  if (!enter_found (self, found, &from, error) ||
      !copy_file (self, from.number, found->name, &main_how, folder, &main_copy, main_hash, error) ||
      !copy_file (self, from.number, second, &second_how, folder, &signature, second_hash, error) ||
      !settle (&main_copy, error) || !settle (&signature, error))
    return NULL;

  if (hash != NULL)
    memcpy (hash, main_hash, sizeof main_hash);

  return g_strdup (main_copy.path);
}
