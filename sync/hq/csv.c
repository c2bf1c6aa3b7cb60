/* SPDX-License-Identifier: GPL-3.0-or-later */

/* CSV, written. */

#include "config.h"

#include "sync/hq/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct _MereCsv
{
  FILE    *file;
  char    *path;
  GString *line;
  gboolean begun; /* the line has a cell */
};

static gboolean
fail (MereCsv *self,
      GError **error)
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

MereCsv *
mere_csv_new (const char *path,
              GError    **error)
{
  g_autoptr (MereCsv) self = g_new0 (MereCsv, 1);
  int number = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  self->path = g_strdup (path);
  self->line = g_string_new (NULL);
  self->file = number >= 0 ? fdopen (number, "w") : NULL;
  if (self->file != NULL)
    return g_steal_pointer (&self);
  fail (self, error);
  if (number >= 0)
    close (number);
  return NULL;
}

void
mere_csv_free (MereCsv *self)
{
  if (self == NULL)
    return;
  if (self->file != NULL)
    fclose (self->file);
  g_string_free (self->line, TRUE);
  g_free (self->path);
  g_free (self);
}

static void
append_quoted (GString    *line,
               const char *cell)
{
  g_string_append_c (line, '"');
  for (; *cell != '\0'; cell++)
    {
      if (*cell == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *cell);
    }
  g_string_append_c (line, '"');
}

void
mere_csv_add (MereCsv    *self,
              const char *cell)
{
  if (self->begun)
    g_string_append_c (self->line, ',');
  self->begun = TRUE;
  if (cell == NULL)
    return;
  if (strpbrk (cell, ",\"\r\n") != NULL)
    append_quoted (self->line, cell);
  else
    g_string_append (self->line, cell);
}

void
mere_csv_add_all (MereCsv           *self,
                  const char *const *cells,
                  guint              n)
{
  for (guint i = 0; i < n; i++)
    mere_csv_add (self, cells[i]);
}

gboolean
mere_csv_end_line (MereCsv *self,
                   GError **error)
{
  gboolean written;

  g_string_append_c (self->line, '\n');
  written = fwrite (self->line->str, 1, self->line->len, self->file) == self->line->len;
  g_string_truncate (self->line, 0);
  self->begun = FALSE;
  return written || fail (self, error);
}

gboolean
mere_csv_finish (MereCsv *self,
                 GError **error)
{
  return (fflush (self->file) == 0 && fsync (fileno (self->file)) == 0) || fail (self, error);
}
