/* SPDX-License-Identifier: GPL-3.0-or-later */

/* CSV, written. */

#include "config.h"

#include "sync/hq/csv.h"

#include <string.h>

#include "sync/hq/out-file.h"

typedef struct
{
  MereSheet    sheet;
  MereOutFile *file;
  GString     *line;
  gboolean     begun; /* the line has a cell */
} Csv;

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

static void
add (MereSheet    *sheet,
     MereShapeType type,
     const char   *cell)
{
  Csv *self = (Csv *) sheet;

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

static gboolean
end_row (MereSheet *sheet,
         GError   **error)
{
  Csv     *self = (Csv *) sheet;
  gboolean written;

  g_string_append_c (self->line, '\n');
  written = mere_out_file_write (self->file, self->line->str, self->line->len, error);
  g_string_truncate (self->line, 0);
  self->begun = FALSE;
  return written;
}

static gboolean
finish (MereSheet *sheet,
        GError   **error)
{
  return mere_out_file_finish (((Csv *) sheet)->file, error);
}

static void
csv_free (MereSheet *sheet)
{
  Csv *self = (Csv *) sheet;

  mere_out_file_free (self->file);
  g_string_free (self->line, TRUE);
  g_free (self);
}

MereSheet *
mere_csv_new (const char *path,
              GError    **error)
{
  MereOutFile *file = mere_out_file_new (path, error);
  Csv         *self;

  if (file == NULL)
    return NULL;
  self = g_new0 (Csv, 1);
  self->sheet = (MereSheet){ add, end_row, finish, csv_free };
  self->file = file;
  self->line = g_string_new (NULL);
  return &self->sheet;
}
