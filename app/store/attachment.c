/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments by the hash of their content, in chunks: written and read piece by piece. The stream that reads them is
 * in attachment-stream.c. */

#include "config.h"

#include "app/store/attachment.h"

#include "app/store/block.h"
#include "app/store/digest.h"
#include "app/store/row-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

MereAttachment *
mere_attachment_copy (const MereAttachment *self)
{
  MereAttachment *copy = g_new (MereAttachment, 1);

  copy->b2 = g_strdup (self->b2);
  copy->name = g_strdup (self->name);
  copy->mime = g_strdup (self->mime);
  copy->size = self->size;
  return copy;
}

void
mere_attachment_free (MereAttachment *self)
{
  if (self == NULL)
    return;
  g_free (self->b2);
  g_free (self->name);
  g_free (self->mime);
  g_free (self);
}

struct _MereAttachmentWriter
{
  MereStore  *store;
  MereDigest *digest; /* NULL where the hash is known */
  char       *b2;     /* then */
  gint64      row;
  gint64      number; /* of the next chunk */
  gint64      size;
  gsize       filled;
  guint8      chunk[MERE_ATTACHMENT_CHUNK];
};

MereAttachmentWriter *
mere_attachment_writer_new (MereStore  *store,
                            const char *mime,
                            GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO attachment (mime) VALUES (?1) RETURNING row", error);
  MereAttachmentWriter *self;
  gboolean              row;
  gint64                number;

  if (insert == NULL)
    return NULL;
  mere_statement_bind_text (insert, 1, mime != NULL ? mime : "application/octet-stream");
  if (!mere_statement_step (insert, &row, error))
    return NULL;
  number = mere_statement_get_int (insert, 0);
  /* it is committed at its end */
  if (!mere_statement_step (insert, &row, error))
    return NULL;
  self = g_new0 (MereAttachmentWriter, 1);
  self->store = mere_store_ref (store);
  self->digest = mere_digest_new ();
  self->row = number;
  return self;
}

MereAttachmentWriter *
mere_attachment_writer_new_known (MereStore  *store,
                                  const char *mime,
                                  const char *b2,
                                  GError    **error)
{
  MereAttachmentWriter *self = mere_attachment_writer_new (store, mime, error);

  if (self == NULL)
    return NULL;
  g_clear_pointer (&self->digest, mere_digest_free);
  self->b2 = g_strdup (b2);
  return self;
}

static gboolean
insert_chunk (MereAttachmentWriter *self,
              const guint8         *bytes,
              gsize                 size,
              GError              **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    self->store, "INSERT INTO attachment_chunk (attachment, number, data) VALUES (?1, ?2, ?3)", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, self->row);
  mere_statement_bind_int (insert, 2, self->number);
  mere_statement_bind_lasting (insert, 3, bytes, size);
  return mere_statement_run (insert, error);
}

/* Whole ones beside the database, where it has a place for them; what is left over at the end within. */
static gboolean
add_piece (MereAttachmentWriter *self,
           const guint8         *bytes,
           gsize                 size,
           GError              **error)
{
  gboolean whole = size == MERE_BLOCK_SIZE && mere_block_is_kept (self->store);

  if (!(whole ? mere_block_write (self->store, self->row, self->number, bytes, error) : insert_chunk (self, bytes, size, error)))
    return FALSE;
  if (self->digest != NULL)
    mere_digest_update (self->digest, bytes, size);
  self->number++;
  self->size += (gint64) size;
  self->filled = 0;
  return TRUE;
}

gboolean
mere_attachment_writer_write (MereAttachmentWriter *self,
                              const void           *data,
                              gsize                 size,
                              GError              **error)
{
  const guint8 *from = data;

  while (size > 0)
    {
      gsize    piece = MIN (size, MERE_ATTACHMENT_CHUNK - self->filled);
      gboolean whole = piece == MERE_ATTACHMENT_CHUNK;

      if (!whole)
        memcpy (self->chunk + self->filled, from, piece);
      self->filled += piece;
      if (self->filled == MERE_ATTACHMENT_CHUNK && !add_piece (self, whole ? from : self->chunk, MERE_ATTACHMENT_CHUNK, error))
        return FALSE;
      from += piece;
      size -= piece;
    }
  return TRUE;
}

static gboolean
drop_row (MereAttachmentWriter *self,
          GError              **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (
    self->store, "DELETE FROM attachment WHERE row = ?1 AND b2 IS NULL", error);

  if (delete == NULL)
    return FALSE;
  mere_statement_bind_int (delete, 1, self->row);
  return mere_statement_run (delete, error);
}

static gboolean
update_row (MereAttachmentWriter *self,
            const char           *b2,
            GError              **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    self->store,
    "UPDATE attachment SET b2 = ?2, size = ?3 WHERE row = ?1 AND NOT EXISTS (SELECT 1 FROM attachment WHERE b2 = ?2)",
    error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, self->row);
  mere_statement_bind_text (update, 2, b2);
  mere_statement_bind_int (update, 3, self->size);
  return mere_statement_run (update, error);
}

/* The same content may be here already: then it keeps its row, and the new one goes. So it does where another process was about to
 * commit it: the unique key waits for that. No lock by name, which would be kept for each until the transaction ends. */
static gboolean
name_row (MereAttachmentWriter *self,
          const char           *b2,
          GError              **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);
  GError *failure = NULL;

  if (work == NULL)
    return FALSE;
  if (update_row (self, b2, &failure))
    return mere_transaction_commit (g_steal_pointer (&work), error);
  if (g_error_matches (failure, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT))
    {
      g_error_free (failure);
      return TRUE; /* and the attempt is undone */
    }
  g_propagate_error (error, failure);
  return FALSE;
}

char *
mere_attachment_writer_finish (MereAttachmentWriter *self,
                               GError              **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (self->store, error);
  g_autofree char *b2 = NULL;

  if (work == NULL || (self->filled > 0 && !add_piece (self, self->chunk, self->filled, error)))
    return NULL;
  b2 = self->digest != NULL ? mere_digest_finish (self->digest) : g_strdup (self->b2);
  if (!name_row (self, b2, error) || !drop_row (self, error) ||
      !mere_transaction_commit (g_steal_pointer (&work), error))
    return NULL;
  self->row = 0;
  return g_steal_pointer (&b2);
}

void
mere_attachment_writer_free (MereAttachmentWriter *self)
{
  if (self == NULL)
    return;
  if (self->row != 0 && mere_store_is_open (self->store))
    drop_row (self, NULL);
  mere_digest_free (self->digest);
  g_free (self->b2);
  mere_store_unref (self->store);
  g_free (self);
}

char *
mere_attachment_add (MereStore    *store,
                     GInputStream *source,
                     const char   *mime,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr (MereAttachmentWriter) writer = mere_attachment_writer_new (store, mime, error);
  g_autofree guint8 *piece = g_malloc (MERE_ATTACHMENT_CHUNK);

  while (writer != NULL)
    {
      gssize size = g_input_stream_read (source, piece, MERE_ATTACHMENT_CHUNK, cancellable, error);

      if (size < 0)
        return NULL;
      if (size == 0)
        return mere_attachment_writer_finish (writer, error);
      if (!mere_attachment_writer_write (writer, piece, (gsize) size, error))
        return NULL;
    }
  return NULL;
}

MereAttachment *
mere_attachment_load (MereStore  *store,
                      const char *b2,
                      GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT mime, size FROM attachment WHERE b2 = ?1", error);
  MereAttachment *self;
  gboolean        row;

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
  self = g_new0 (MereAttachment, 1);
  self->b2 = g_strdup (b2);
  self->mime = mere_statement_dup_text (query, 0);
  self->size = mere_statement_get_int (query, 1);
  return self;
}

static char *
hash_stream (GInputStream *stream,
             GCancellable *cancellable,
             GError      **error)
{
  g_autoptr (MereDigest) digest = mere_digest_new ();
  g_autofree guint8 *piece = g_malloc (MERE_ATTACHMENT_CHUNK);

  for (;;)
    {
      gssize size = g_input_stream_read (stream, piece, MERE_ATTACHMENT_CHUNK, cancellable, error);

      if (size < 0)
        return NULL;
      if (size == 0)
        return mere_digest_finish (digest);
      mere_digest_update (digest, piece, (gsize) size);
    }
}

gboolean
mere_attachment_verify (MereStore    *store,
                        const char   *b2,
                        GCancellable *cancellable,
                        GError      **error)
{
  g_autoptr (GInputStream) stream = mere_attachment_open (store, b2, 0, error);
  g_autofree char *found = stream != NULL ? hash_stream (stream, cancellable, error) : NULL;

  if (found == NULL)
    return FALSE;
  if (g_str_equal (found, b2))
    return TRUE;
  g_set_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED, _ ("The attachment %s was changed."), b2);
  return FALSE;
}

gboolean
mere_attachment_attach (MereStore  *store,
                        gint64      draft,
                        const char *name,
                        const char *b2,
                        GError    **error)
{
  g_autoptr (MereStatement) save = mere_statement_new (
    store,
    "INSERT INTO draft_attachment (draft, name, b2) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (draft, name) DO UPDATE SET b2 = excluded.b2",
    error);

  if (save == NULL)
    return FALSE;
  mere_statement_bind_int (save, 1, draft);
  mere_statement_bind_text (save, 2, name);
  mere_statement_bind_text (save, 3, b2);
  return mere_statement_run (save, error);
}

gboolean
mere_attachment_detach (MereStore  *store,
                        gint64      draft,
                        const char *name,
                        GError    **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (
    store, "DELETE FROM draft_attachment WHERE draft = ?1 AND name = ?2", error);

  if (delete == NULL)
    return FALSE;
  mere_statement_bind_int (delete, 1, draft);
  mere_statement_bind_text (delete, 2, name);
  return mere_statement_run (delete, error);
}

static gpointer
read_row (MereStatement *query)
{
  MereAttachment *attachment = g_new0 (MereAttachment, 1);

  attachment->name = mere_statement_dup_text (query, 0);
  attachment->b2 = mere_statement_dup_text (query, 1);
  attachment->mime = mere_statement_dup_text (query, 2);
  attachment->size = mere_statement_get_int (query, 3);
  return attachment;
}

GPtrArray *
mere_attachment_list_of_draft (MereStore *store,
                               gint64     draft,
                               GError   **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT l.name, l.b2, a.mime, a.size FROM draft_attachment AS l JOIN attachment AS a ON a.b2 = l.b2"
    " WHERE l.draft = ?1 ORDER BY l.name",
    error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_int (query, 1, draft);
  return mere_statement_read_all (query, read_row, (GDestroyNotify) mere_attachment_free, error);
}

GPtrArray *
mere_attachment_list_of_record (MereStore  *store,
                                const char *record,
                                GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT l.name, l.b2, a.mime, a.size FROM record_attachment AS l LEFT JOIN attachment AS a ON a.b2 = l.b2"
    " WHERE l.record = ?1 ORDER BY l.name",
    error);

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, record);
  return mere_statement_read_all (query, read_row, (GDestroyNotify) mere_attachment_free, error);
}

gboolean
mere_attachment_sweep (MereStore *store,
                       GError   **error)
{
  g_autoptr (MereStatement) delete = mere_statement_new (
    store,
    "DELETE FROM attachment WHERE b2 IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM draft_attachment AS l WHERE l.b2 = attachment.b2)"
    " AND NOT EXISTS (SELECT 1 FROM record_attachment AS l JOIN record AS d ON d.id = l.record"
    "                  WHERE l.b2 = attachment.b2 AND d.erased_us IS NULL)",
    error);

  return delete != NULL && mere_statement_run (delete, error);
}
