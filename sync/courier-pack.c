/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finals into sealed bundles. A record's attachments come before it, so that the bundle that holds the record is the last
 * of those that hold something of it. A bundle counts when its line is in the vault; what a crash leaves before that is
 * removed, and its number is used again, since nobody has seen it. */

#include "config.h"

#include "sync/courier-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/store/attachment.h"
#include "app/store/row-list.h"
#include "sync/bundle-writer.h"

#define PAGE 200         /* records that are listed at a time */
#define READ_SIZE 262144 /* bytes of an attachment in memory */
#define US_PER_S 1000000

/* One entry of the bundle, and where its bytes come from. */
typedef struct
{
  MereEntry entry;
  char     *attachment; /* b2 of the whole; NULL for a record's XML */
} Part;

static void
part_free (gpointer data)
{
  Part *self = data;

  mere_entry_clear (&self->entry);
  g_free (self->attachment);
  g_free (self);
}

/* One packing. The lower half is of the bundle that is being filled. */
typedef struct
{
  MereCourier     *courier;
  MereCourierSizes sizes;
  guint64          done; /* bytes in bundles that are sealed */
  guint64          total;
  guint           *n_sealed;

  MereManifest     *head;
  MereBundleWriter *writer;
  GPtrArray        *parts;
  GPtrArray        *records; /* instanceIDs */
  GHashTable       *paths;   /* entries that are in it, by the paths of their parts */
} Packing;

static void
packing_close_bundle (Packing *self)
{
  g_clear_pointer (&self->writer, mere_bundle_writer_free);
  g_clear_pointer (&self->head, mere_manifest_free);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->paths, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packing, packing_close_bundle)

static char *
format_time (gint64 utc_us,
             gint32 offset_s)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (offset_s);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (utc_us / US_PER_S);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%dT%H:%M:%S%:z") : NULL;
}

static gboolean
open_bundle (Packing *self,
             GError **error)
{
  self->head = mere_courier_make_head (self->courier, error);
  if (self->head == NULL)
    return FALSE;

  self->writer = mere_bundle_writer_new (self->head);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->records = g_ptr_array_new_with_free_func (g_free);
  self->paths = g_hash_table_new (g_str_hash, g_str_equal);

  return TRUE;
}

/* Gives the bytes of an attachment, or of a piece of it. */
static gboolean
read_attachment (MereStore    *store,
                 const char   *b2,
                 guint64       offset,
                 guint64       size,
                 MereWriteFunc write,
                 gpointer      sink,
                 GError      **error)
{
  g_autoptr (GInputStream) stream = mere_attachment_open (store, b2, (gint64) offset, error);
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);

  if (stream == NULL)
    return FALSE;
  while (size > 0)
    {
      gssize n = g_input_stream_read (stream, buffer, MIN (size, READ_SIZE), NULL, error);

      if (n < 0 || (n > 0 && !write (sink, buffer, n, error)))
        return FALSE;
      if (n == 0)
        return TRUE; /* the writer compares sizes */
      size -= n;
    }

  return TRUE;
}

/* A #MereBundleContentFunc. */
static gboolean
write_content (gpointer         user_data,
               guint            index,
               const MereEntry *entry,
               MereWriteFunc    write,
               gpointer         sink,
               GError         **error)
{
  Packing    *self = user_data;
  MereStore  *store = self->courier->store;
  const Part *part = self->parts->pdata[index];
  g_autoptr (GBytes) xml = NULL;

  if (part->attachment != NULL)
    return read_attachment (store, part->attachment, entry->offset, entry->size, write, sink, error);

  xml = mere_record_load_xml (store, entry->record, error);

  return xml != NULL && write (sink, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml), error);
}

static void
report (gpointer user_data,
        guint64  done,
        guint64  total)
{
  Packing          *self = user_data;
  MereCourierReport to = { self->courier, MERE_COURIER_PACKING };

  mere_courier_report (&to, MIN (self->done + done, self->total), self->total);
}

static gboolean
keep_bundle (Packing          *self,
             const MereSealed *sealed,
             GError          **error)
{
  MereBundle bundle = {
    .name = sealed->name,
    .chain = self->head->chain_id,
    .chain_no = self->head->chain_no,
    .seq = self->head->seq,
    .b2 = sealed->b2,
    .prev = self->head->prev,
    .size = (gint64) sealed->size,
  };
  g_autofree char *signature = g_strconcat (sealed->path, MERE_MINISIGN_SUFFIX, NULL);

  if (mere_bundle_add (self->courier->store, &bundle, self->records, error) != 0)
    return TRUE;
  g_unlink (signature);
  g_unlink (sealed->path);

  return FALSE;
}

/* Seals what is announced, if there is anything. */
static gboolean
seal_bundle (Packing *self,
             GError **error)
{
  g_autoptr (MereSealed) sealed = NULL;

  if (self->writer == NULL)
    return TRUE;
  sealed = mere_bundle_writer_seal (self->writer, self->courier->keys->sign, self->courier->outbox, write_content, self,
                                    report, self, self->courier->cancellable, error);
  if (sealed == NULL || !keep_bundle (self, sealed, error))
    return FALSE;

  self->done += mere_bundle_writer_get_content_size (self->writer);
  ++*self->n_sealed;
  packing_close_bundle (self);

  return TRUE;
}

static gboolean
is_full (Packing *self,
         guint64  size)
{
  return mere_bundle_writer_is_full (self->writer, size) ||
         (self->parts->len > 0 && mere_bundle_writer_get_content_size (self->writer) + size > self->sizes.bundle);
}

/* Takes @part. One that is in this bundle already is dropped. */
static gboolean
add_part (Packing *self,
          Part    *part,
          GError **error)
{
  g_autoptr (GPtrArray) holder = g_ptr_array_new_with_free_func (part_free);

  g_ptr_array_add (holder, part);
  if (self->writer != NULL && is_full (self, part->entry.size) && !seal_bundle (self, error))
    return FALSE;
  if (self->writer == NULL && !open_bundle (self, error))
    return FALSE;
  if (g_hash_table_contains (self->paths, part->entry.path))
    return TRUE;
  if (!mere_bundle_writer_add (self->writer, &part->entry, error))
    return FALSE;

  g_ptr_array_add (self->parts, g_ptr_array_steal_index (holder, 0));
  g_hash_table_add (self->paths, part->entry.path);

  return TRUE;
}

static Part *
blob_new (const MereAttachment *attachment)
{
  Part *part = g_new0 (Part, 1);

  part->attachment = g_strdup (attachment->b2);
  part->entry.type = MERE_ENTRY_BLOB;
  part->entry.path = mere_entry_path_of_blob (attachment->b2);
  part->entry.b2 = g_strdup (attachment->b2);
  part->entry.size = (guint64) attachment->size;
  part->entry.mime = g_strdup (attachment->mime);
  part->entry.name = g_strdup (attachment->name);

  return part;
}

static Part *
chunk_new (Packing              *self,
           const MereAttachment *attachment,
           guint                 piece,
           GError              **error)
{
  Part    *part = g_new0 (Part, 1);
  MereHash hash;

  part->attachment = g_strdup (attachment->b2);
  part->entry.type = MERE_ENTRY_CHUNK;
  part->entry.path = mere_entry_path_of_chunk (attachment->b2, piece);
  part->entry.of = g_strdup (attachment->b2);
  part->entry.offset = piece * self->sizes.chunk;
  part->entry.total = (guint64) attachment->size;
  part->entry.size = MIN (self->sizes.chunk, part->entry.total - part->entry.offset);
  part->entry.mime = g_strdup (attachment->mime);
  part->entry.name = g_strdup (attachment->name);

  mere_hash_init (&hash, MERE_CONTENT_SIZE);
  if (!read_attachment (self->courier->store, attachment->b2, part->entry.offset, part->entry.size, mere_hash_write, &hash, error))
    {
      part_free (part);
      return NULL;
    }
  part->entry.b2 = mere_hash_finish_hex (&hash);

  return part;
}

static gboolean
add_attachment (Packing              *self,
                const MereAttachment *attachment,
                GError              **error)
{
  if ((guint64) attachment->size <= self->sizes.chunk)
    return add_part (self, blob_new (attachment), error);

  for (guint piece = 0; piece * self->sizes.chunk < (guint64) attachment->size; piece++)
    {
      Part *part = chunk_new (self, attachment, piece, error);

      if (part == NULL || !add_part (self, part, error))
        return FALSE;
    }

  return TRUE;
}

/* Whether headquarters has it already, with a record that it has acknowledged. */
static gboolean
is_known_there (MereStore  *store,
                const char *b2,
                gboolean   *known,
                GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    store,
    "SELECT 1 FROM record_attachment AS a JOIN record AS r ON r.id = a.record"
    " WHERE a.b2 = ?1 AND r.state IN ('acknowledged', 'erased') LIMIT 1",
    error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, b2);

  return mere_statement_step (query, known, error);
}

static Part *
record_new (const MereRecord *record,
            GPtrArray        *attachments)
{
  g_autoptr (GStrvBuilder) blobs = g_strv_builder_new ();
  Part *part = g_new0 (Part, 1);

  for (guint i = 0; i < attachments->len; i++)
    g_strv_builder_add (blobs, ((const MereAttachment *) attachments->pdata[i])->b2);

  part->entry.type = MERE_ENTRY_RECORD;
  part->entry.path = mere_entry_path_of_record (record->id);
  part->entry.size = (guint64) record->size;
  part->entry.b2 = g_strdup (record->b2);
  part->entry.record = g_strdup (record->id);
  part->entry.form = g_strdup (record->form);
  part->entry.form_version = g_strdup (record->form_version);
  part->entry.form_b2 = g_strdup (record->form_b2);
  part->entry.supersedes = g_strdup (record->deprecated_id);
  part->entry.blobs = g_strv_builder_end (blobs);
  part->entry.assessment = g_strdup (record->assessment);
  part->entry.crossing = g_strdup (record->crossing);
  part->entry.finalised = format_time (record->finalised_us, record->finalised_offset_s);

  return part;
}

static gboolean
add_record (Packing          *self,
            const MereRecord *record,
            GError          **error)
{
  MereStore *store = self->courier->store;
  g_autoptr (GPtrArray) attachments = mere_attachment_list_of_record (store, record->id, error);

  if (attachments == NULL || g_cancellable_set_error_if_cancelled (self->courier->cancellable, error))
    return FALSE;
  for (guint i = 0; i < attachments->len; i++)
    {
      const MereAttachment *attachment = attachments->pdata[i];
      gboolean              known;

      if (!is_known_there (store, attachment->b2, &known, error))
        return FALSE;
      if (!known && !add_attachment (self, attachment, error))
        return FALSE;
    }
  if (!add_part (self, record_new (record, attachments), error))
    return FALSE;
  g_ptr_array_add (self->records, g_strdup (record->id));

  return TRUE;
}

static gboolean
add_unpacked (Packing *self,
              GError **error)
{
  gint64 after = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) page = mere_bundle_list_unpacked (self->courier->store, after, PAGE, error);

      if (page == NULL)
        return FALSE;
      if (page->len == 0)
        return TRUE;
      for (guint i = 0; i < page->len; i++)
        if (!add_record (self, page->pdata[i], error))
          return FALSE;
      after = ((const MereRecord *) page->pdata[page->len - 1])->row;
    }
}

static gboolean
add_again (Packing   *self,
           GPtrArray *again,
           GError   **error)
{
  for (guint i = 0; again != NULL && i < again->len; i++)
    {
      g_autoptr (MereRecord) record = mere_record_load (self->courier->store, again->pdata[i], error);

      if (record == NULL || !add_record (self, record, error))
        return FALSE;
    }

  return TRUE;
}

/* Bytes of all that is to be packed, for the progress. */
static gboolean
load_total (Packing *self,
            GError **error)
{
  gint64 total;

  if (!mere_store_load_number (self->courier->store,
                               "SELECT coalesce ((SELECT sum (size) FROM record WHERE state = 'final'), 0)"
                               "     + coalesce ((SELECT sum (t.size) FROM record AS r JOIN record_attachment AS a ON a.record = r.id"
                               "                    JOIN attachment AS t ON t.b2 = a.b2 WHERE r.state = 'final'), 0)",
                               &total,
                               error))
    return FALSE;
  self->total = (guint64) total;

  return TRUE;
}

gboolean
mere_courier_pack (MereCourier            *self,
                   const MereCourierSizes *sizes,
                   GPtrArray              *again,
                   guint                  *n_sealed,
                   GError                **error)
{
  g_auto (Packing) packing = { .courier = self, .n_sealed = n_sealed };

  packing.sizes = sizes != NULL ? *sizes : (MereCourierSizes){ MERE_BUNDLE_TARGET_SIZE, MERE_BUNDLE_CHUNK_SIZE };
  *n_sealed = 0;

  return load_total (&packing, error) &&
         add_again (&packing, again, error) &&
         add_unpacked (&packing, error) &&
         seal_bundle (&packing, error);
}
