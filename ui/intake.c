/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/intake.h"

#include <string.h>

#include "app/store/attachment.h"
#include "ui/picture.h"

struct _MereIntake
{
  MereStore *store; /* while it runs */
  GFile     *file;  /* one of these two */
  GBytes    *bytes;
  char      *name;
  char      *mime;
  gboolean   picture; /* to be written anew */
  int        most_pixels;
};

MereIntake *
mere_intake_new_file (GFile *file)
{
  MereIntake      *self = g_new0 (MereIntake, 1);
  g_autofree char *type = NULL;

  self->file = g_object_ref (file);
  self->name = g_file_get_basename (file);
  type = g_content_type_guess (self->name, NULL, 0, NULL);
  self->mime = g_content_type_get_mime_type (type);
  if (self->mime == NULL)
    self->mime = g_strdup ("application/octet-stream");

  return self;
}

MereIntake *
mere_intake_new_bytes (GBytes     *bytes,
                       const char *name,
                       const char *mime)
{
  MereIntake *self = g_new0 (MereIntake, 1);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  self->mime = g_strdup (mime);

  return self;
}

void
mere_intake_free (MereIntake *self)
{
  g_clear_pointer (&self->store, mere_store_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  g_free (self->mime);
  g_free (self);
}

const char *
mere_intake_get_mime (MereIntake *self)
{
  return self->mime;
}

void
mere_intake_clean_picture (MereIntake *self,
                           int         most_pixels)
{
  self->picture = TRUE;
  self->most_pixels = most_pixels;
}

static GInputStream *
open_source (MereIntake   *self,
             GCancellable *cancellable,
             GError      **error)
{
  if (self->bytes != NULL)
    return g_memory_input_stream_new_from_bytes (self->bytes);

  return G_INPUT_STREAM (g_file_read (self->file, cancellable, error));
}

/* The name follows what was written: a picture is a JPEG or a PNG now. */
static void
rename_picture (MereIntake *self,
                const char *mime)
{
  const char      *ending = strcmp (mime, "image/png") == 0 ? ".png" : ".jpg";
  char            *dot = strrchr (self->name, '.');
  g_autofree char *stem = g_strndup (self->name, dot != NULL ? (gsize) (dot - self->name) : strlen (self->name));

  g_free (self->name);
  self->name = g_strconcat (stem, ending, NULL);
  g_free (self->mime);
  self->mime = g_strdup (mime);
}

static GInputStream *
clean (MereIntake   *self,
       GInputStream *stream,
       GCancellable *cancellable,
       GError      **error)
{
  const char *mime = NULL;
  g_autoptr (GBytes) bytes = mere_picture_clean (stream, self->most_pixels, &mime, cancellable, error);

  if (bytes == NULL)
    return NULL;

  rename_picture (self, mime);

  return g_memory_input_stream_new_from_bytes (bytes);
}

static void
run_thread (GTask        *task,
            gpointer      source,
            gpointer      task_data,
            GCancellable *cancellable)
{
  MereIntake *self = task_data;
  GError     *error = NULL;
  g_autoptr (GInputStream) given = open_source (self, cancellable, &error);
  g_autoptr (GInputStream) kept = NULL;
  char *b2 = NULL;

  if (given != NULL)
    kept = self->picture ? clean (self, given, cancellable, &error) : g_object_ref (given);
  if (kept != NULL)
    b2 = mere_attachment_add (self->store, kept, self->mime, cancellable, &error);

  if (b2 != NULL)
    g_task_return_pointer (task, b2, g_free);
  else
    g_task_return_error (task, error);
}

void
mere_intake_run_async (MereIntake         *self,
                       gpointer            source,
                       MereStore          *store,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  self->store = mere_store_ref (store);
  g_task_set_source_tag (task, mere_intake_run_async);
  g_task_set_task_data (task, self, (GDestroyNotify) mere_intake_free);
  g_task_run_in_thread (task, run_thread);
}

char *
mere_intake_run_finish (GAsyncResult *result,
                        const char  **name,
                        GError      **error)
{
  MereIntake *self = g_task_get_task_data (G_TASK (result));

  *name = self->name;

  return g_task_propagate_pointer (G_TASK (result), error);
}
