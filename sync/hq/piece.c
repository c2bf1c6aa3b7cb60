/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pieces of large attachments. */

#include "config.h"

#include "sync/hq/piece.h"

#include "app/store/attachment.h"
#include "app/store/statement.h"

#include <glib/gi18n-lib.h>

static gboolean
insert (MereStore       *store,
        const char      *device,
        const MereEntry *entry,
        GError         **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (
    store, "INSERT INTO hq_piece (device, of, start, size, total, b2) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING", error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_text (statement, 1, device);
  mere_statement_bind_text (statement, 2, entry->of);
  mere_statement_bind_int (statement, 3, (gint64) entry->offset);
  mere_statement_bind_int (statement, 4, (gint64) entry->size);
  mere_statement_bind_int (statement, 5, (gint64) entry->total);
  mere_statement_bind_text (statement, 6, entry->b2);
  return mere_statement_run (statement, error);
}

/* The hashes of the pieces in their order, or NULL: without an error where some are still missing. */
static GPtrArray *
list_pieces (MereStore  *store,
             const char *device,
             const char *of,
             GError    **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MereStatement) query = mere_statement_new (
    store, "SELECT start, size, total, b2 FROM hq_piece WHERE device = ?1 AND of = ?2 ORDER BY start", error);
  gint64   end = 0;
  gint64   total = 0;
  gboolean row;

  if (query == NULL)
    return NULL;
  mere_statement_bind_text (query, 1, device);
  mere_statement_bind_text (query, 2, of);
  while (mere_statement_step (query, &row, error))
    {
      if (!row)
        return end == total ? g_steal_pointer (&list) : NULL;
      if (mere_statement_get_int (query, 0) != end)
        return NULL;
      end += mere_statement_get_int (query, 1);
      total = mere_statement_get_int (query, 2);
      g_ptr_array_add (list, mere_statement_dup_text (query, 3));
    }
  return NULL;
}

static gboolean
copy_piece (MereStore            *store,
            const char           *b2,
            MereAttachmentWriter *writer,
            GError              **error)
{
  g_autoptr (GInputStream) stream = mere_attachment_open (store, b2, 0, error);
  g_autofree guint8 *buffer = g_malloc (MERE_ATTACHMENT_CHUNK);
  gssize             size = -1;

  while (stream != NULL && (size = g_input_stream_read (stream, buffer, MERE_ATTACHMENT_CHUNK, NULL, error)) > 0)
    if (!mere_attachment_writer_write (writer, buffer, (gsize) size, error))
      return FALSE;
  return size == 0;
}

static char *
put_together (MereStore *store,
              GPtrArray *pieces,
              GError   **error)
{
  g_autoptr (MereAttachmentWriter) writer = mere_attachment_writer_new (store, NULL, error);

  for (guint i = 0; writer != NULL && i < pieces->len; i++)
    if (!copy_piece (store, pieces->pdata[i], writer, error))
      return NULL;
  return writer != NULL ? mere_attachment_writer_finish (writer, error) : NULL;
}

static gboolean
drop (MereStore  *store,
      const char *sql,
      const char *b2,
      GError    **error)
{
  g_autoptr (MereStatement) statement = mere_statement_new (store, sql, error);

  if (statement == NULL)
    return FALSE;
  mere_statement_bind_text (statement, 1, b2);
  return mere_statement_run (statement, error);
}

#define DROP_CONTENT                                                                        \
  "DELETE FROM attachment WHERE b2 IN (SELECT b2 FROM hq_piece WHERE of = ?1) AND b2 <> ?1" \
  " AND NOT EXISTS (SELECT 1 FROM hq_record_blob AS l WHERE l.b2 = attachment.b2)"          \
  " AND NOT EXISTS (SELECT 1 FROM hq_piece AS p WHERE p.b2 = attachment.b2 AND p.of <> ?1)"

gboolean
mere_piece_add (MereStore       *store,
                const char      *device,
                const MereEntry *entry,
                GError         **error)
{
  g_autoptr (GPtrArray) pieces = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *whole = NULL;

  if (!insert (store, device, entry, error))
    return FALSE;
  pieces = list_pieces (store, device, entry->of, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (pieces == NULL)
    return TRUE;
  whole = put_together (store, pieces, error);
  if (whole == NULL)
    return FALSE;
  if (g_strcmp0 (whole, entry->of) != 0)
    {
      g_set_error_literal (error,
                           MERE_BUNDLE_ERROR,
                           MERE_BUNDLE_ERROR_CONTENT,
                           _ ("The pieces of a large attachment do not make the whole that they are said to be of. Nothing was taken from the bundle."));
      return FALSE;
    }
  return drop (store, DROP_CONTENT, entry->of, error) && drop (store, "DELETE FROM hq_piece WHERE of = ?1", entry->of, error);
}
