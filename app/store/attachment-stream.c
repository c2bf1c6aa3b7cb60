/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A GInputStream over the chunks of an attachment: declared in attachment.h. Holds no statement between two reads, so
 * that a slow reader keeps nobody waiting. */

#include "config.h"

#include "app/store/attachment.h"

#include "app/store/block.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MERE_TYPE_ATTACHMENT_STREAM (mere_attachment_stream_get_type ())
G_DECLARE_FINAL_TYPE (MereAttachmentStream, mere_attachment_stream, MERE, ATTACHMENT_STREAM, GInputStream)

struct _MereAttachmentStream
{
  GInputStream parent_instance;

  MereStore *store;
  gint64     row;
  gint64     size;
  gint64     position;
  gint64     number; /* of @chunk */
  GBytes    *chunk;
};

G_DEFINE_FINAL_TYPE (MereAttachmentStream, mere_attachment_stream, G_TYPE_INPUT_STREAM)

static gsize
length_of_chunk (MereAttachmentStream *self,
                 gint64                number)
{
  return (gsize) MIN (MERE_ATTACHMENT_CHUNK, self->size - number * MERE_ATTACHMENT_CHUNK);
}

static GBytes *
read_chunk (MereAttachmentStream *self,
            gint64                number,
            GError              **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    self->store, "SELECT data FROM attachment_chunk WHERE attachment = ?1 AND number = ?2", error);
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, self->row);
  mere_statement_bind_int (query, 2, number);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  return row ? mere_statement_dup_bytes (query, 0) : NULL;
}

static gboolean
load_chunk (MereAttachmentStream *self,
            gint64                number,
            GError              **error)
{
  GError *failure = NULL;

  if (self->chunk != NULL && self->number == number)
    return TRUE;
  g_clear_pointer (&self->chunk, g_bytes_unref);
  if (mere_block_is_kept (self->store) && length_of_chunk (self, number) == MERE_BLOCK_SIZE)
    self->chunk = mere_block_read (self->store, self->row, number, &failure);
  if (self->chunk == NULL && failure == NULL) /* a short one, or of an older version */
    self->chunk = read_chunk (self, number, &failure);
  self->number = number;
  if (self->chunk != NULL && g_bytes_get_size (self->chunk) == length_of_chunk (self, number))
    return TRUE;
  g_clear_pointer (&self->chunk, g_bytes_unref);
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    g_set_error_literal (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("A piece of an attachment is missing."));
  return FALSE;
}

static gssize
mere_attachment_stream_read (GInputStream *stream,
                             void         *buffer,
                             gsize         count,
                             GCancellable *cancellable,
                             GError      **error)
{
  MereAttachmentStream *self = MERE_ATTACHMENT_STREAM (stream);
  gsize                 offset = (gsize) (self->position % MERE_ATTACHMENT_CHUNK);
  gsize                 size;

  if (self->position >= self->size || count == 0)
    return 0;
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !load_chunk (self, self->position / MERE_ATTACHMENT_CHUNK, error))
    return -1;
  size = MIN (count, g_bytes_get_size (self->chunk) - offset);
  memcpy (buffer, (const guint8 *) g_bytes_get_data (self->chunk, NULL) + offset, size);
  self->position += (gint64) size;
  return (gssize) size;
}

static gssize
mere_attachment_stream_skip (GInputStream *stream,
                             gsize         count,
                             GCancellable *cancellable,
                             GError      **error)
{
  MereAttachmentStream *self = MERE_ATTACHMENT_STREAM (stream);
  gint64                step = MIN ((gint64) MIN (count, G_MAXSSIZE), self->size - self->position);

  self->position += step;
  return (gssize) step;
}

static void
mere_attachment_stream_finalize (GObject *object)
{
  MereAttachmentStream *self = MERE_ATTACHMENT_STREAM (object);

  g_clear_pointer (&self->chunk, g_bytes_unref);
  g_clear_pointer (&self->store, mere_store_unref);
  G_OBJECT_CLASS (mere_attachment_stream_parent_class)->finalize (object);
}

static void
mere_attachment_stream_class_init (MereAttachmentStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mere_attachment_stream_finalize;
  stream_class->read_fn = mere_attachment_stream_read;
  stream_class->skip = mere_attachment_stream_skip;
}

static void
mere_attachment_stream_init (MereAttachmentStream *self)
{
}

GInputStream *
mere_attachment_open (MereStore  *store,
                      const char *b2,
                      gint64      offset,
                      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT row, size FROM attachment WHERE b2 = ?1", error);
  MereAttachmentStream *self;
  gboolean              row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, b2);
  if (!mere_statement_step (query, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND, _ ("The attachment %s is not here."), b2);
      return NULL;
    }
  self = g_object_new (MERE_TYPE_ATTACHMENT_STREAM, NULL);
  self->store = mere_store_ref (store);
  self->row = mere_statement_get_int (query, 0);
  self->size = mere_statement_get_int (query, 1);
  self->position = CLAMP (offset, 0, self->size);
  return G_INPUT_STREAM (self);
}
