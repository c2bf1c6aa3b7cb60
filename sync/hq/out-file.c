/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of exports. */

#include "config.h"

#include "sync/hq/out-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

struct _MereOutFile
{
  FILE *file;
  char *path;
};

static gboolean
fail (MereOutFile *self,
      GError     **error)
{
  int failure = errno;

  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (failure),
               _ ("“%s” was not written: %s"),
               self->path,
               g_strerror (failure));
  return FALSE;
}

MereOutFile *
mere_out_file_new (const char *path,
                   GError    **error)
{
  g_autoptr (MereOutFile) self = g_new0 (MereOutFile, 1);
  int number = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  self->path = g_strdup (path);
  self->file = number >= 0 ? fdopen (number, "w") : NULL;
  if (self->file != NULL)
    return g_steal_pointer (&self);
  fail (self, error);
  if (number >= 0)
    close (number);
  return NULL;
}

void
mere_out_file_free (MereOutFile *self)
{
  if (self == NULL)
    return;
  if (self->file != NULL)
    fclose (self->file);
  g_free (self->path);
  g_free (self);
}

gboolean
mere_out_file_write (MereOutFile *self,
                     const char  *text,
                     gsize        length,
                     GError     **error)
{
  return fwrite (text, 1, length, self->file) == length || fail (self, error);
}

gboolean
mere_out_file_finish (MereOutFile *self,
                      GError     **error)
{
  return (fflush (self->file) == 0 && fsync (fileno (self->file)) == 0) || fail (self, error);
}
