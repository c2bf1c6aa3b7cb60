/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of the entries of a bundle. Nothing is refused here for what it says, only for not being what the manifest
 * says: a record whose form is not known is kept, to be read when the form comes. */

#include "config.h"

#include "sync/hq/intake.h"

#include "app/store/attachment.h"
#include "app/store/instrument.h"
#include "app/store/statement.h"
#include "sync/hq/glance.h"
#include "sync/hq/kept-batch.h"
#include "sync/hq/kept.h"
#include "sync/hq/piece.h"
#include "sync/hq/submission.h"

#include <glib/gi18n-lib.h>

struct _MereIntake
{
  MereStore            *store;
  const MereDevice     *device;
  MereBundleReader     *reader;
  MereInboxResult      *result;
  gint64                bundle;     /* its row */
  MereKeptBatch        *batch;      /* of its records */
  char                 *form;       /* of the record before, and its version */
  MereInstrument       *instrument; /* of that; NULL where it is not here */
  GByteArray           *record;     /* of the entry that is being read; NULL where it is none, or too large */
  MereAttachmentWriter *attachment; /* likewise */
};

MereIntake *
mere_intake_new (MereStore        *store,
                 const MereDevice *device,
                 MereBundleReader *reader,
                 MereInboxResult  *result)
{
  MereIntake *self = g_new0 (MereIntake, 1);

  self->store = store;
  self->device = device;
  self->reader = reader;
  self->result = result;
  return self;
}

void
mere_intake_free (MereIntake *self)
{
  if (self == NULL)
    return;
  mere_kept_batch_free (self->batch);
  g_clear_pointer (&self->instrument, mere_instrument_free);
  g_free (self->form);
  g_clear_pointer (&self->record, g_byte_array_unref);
  g_clear_pointer (&self->attachment, mere_attachment_writer_free);
  g_free (self);
}

static void
bind_manifest (MereStatement      *insert,
               const MereManifest *manifest)
{
  mere_statement_bind_text (insert, 2, manifest->bundle);
  mere_statement_bind_text (insert, 3, manifest->chain_id);
  mere_statement_bind_int (insert, 4, manifest->chain_no);
  mere_statement_bind_int (insert, 5, manifest->seq);
  mere_statement_bind_text (insert, 7, manifest->prev);
  mere_statement_bind_text (insert, 11, manifest->created);
  mere_statement_bind_int (insert, 12, manifest->log_seq);
  mere_statement_bind_text (insert, 13, manifest->log_hash);
  mere_statement_bind_bytes (insert, 15, mere_manifest_get_text (manifest));
}

gboolean
mere_intake_save_bundle (MereStore        *store,
                         const MereDevice *device,
                         MereBundleReader *reader,
                         const char       *status,
                         guint             n_records,
                         gint64           *row,
                         GError          **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    store,
    "INSERT INTO hq_bundle (device, name, chain, chain_no, seq, b2, prev, size, status, n_records, created, log_seq,"
    "                       log_hash, received_us, manifest, manifest_signature)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    " ON CONFLICT (device, chain, seq, b2) DO UPDATE SET status = excluded.status, n_records = excluded.n_records"
    " RETURNING row",
    error);
  gboolean found;

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, device->device);
  bind_manifest (insert, mere_bundle_reader_get_manifest (reader));
  mere_statement_bind_text (insert, 6, mere_bundle_reader_get_b2 (reader));
  mere_statement_bind_int (insert, 8, (gint64) mere_bundle_reader_get_size (reader));
  mere_statement_bind_text (insert, 9, status);
  mere_statement_bind_int (insert, 10, n_records);
  mere_statement_bind_int (insert, 14, g_get_real_time ());
  mere_statement_bind_bytes (insert, 16, mere_bundle_reader_get_manifest_signature (reader));
  if (!mere_statement_step (insert, &found, error))
    return FALSE;
  if (row != NULL)
    *row = mere_statement_get_int (insert, 0);
  return TRUE;
}

static gboolean
save_name (MereStore       *store,
           const MereEntry *entry,
           GError         **error)
{
  const char *b2 = entry->type == MERE_ENTRY_CHUNK ? entry->of : entry->b2;
  g_autoptr (MereStatement) insert = mere_statement_new (
    store, "INSERT INTO hq_blob_name (b2, name, mime) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", error);

  if (insert == NULL)
    return FALSE;
  mere_statement_bind_text (insert, 1, b2);
  mere_statement_bind_text (insert, 2, entry->name);
  mere_statement_bind_text (insert, 3, entry->mime);
  return mere_statement_run (insert, error) && mere_kept_name_attachment (store, b2, entry->name, error);
}

/* Records come before their attachments: what these are called is read ahead. */
static gboolean
save_names (MereStore          *store,
            const MereManifest *manifest,
            GError            **error)
{
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;

  mere_manifest_walk_init (&walk, manifest);
  while (mere_manifest_walk_next (&walk, &entry))
    if ((entry.type == MERE_ENTRY_BLOB || entry.type == MERE_ENTRY_CHUNK) && entry.name != NULL &&
        !save_name (store, &entry, error))
      return FALSE;
  return TRUE;
}

static gboolean
reject (MereIntake *self,
        const char *record,
        const char *b2,
        const char *code,
        GBytes     *xml,
        GError    **error)
{
  g_autoptr (MereStatement) insert = mere_statement_new (
    self->store,
    "INSERT INTO hq_rejection (bundle, record, code, b2, xml) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    error);
  MereInboxRejection *rejection = g_new0 (MereInboxRejection, 1);

  rejection->record = g_strdup (record);
  rejection->code = g_strdup (code);
  g_ptr_array_add (self->result->rejections, rejection);
  if (insert == NULL)
    return FALSE;
  mere_statement_bind_int (insert, 1, self->bundle);
  mere_statement_bind_text (insert, 2, record);
  mere_statement_bind_text (insert, 3, code);
  mere_statement_bind_text (insert, 4, b2);
  mere_statement_bind_bytes (insert, 5, xml);
  return mere_statement_run (insert, error);
}

static gboolean
count_record (gpointer       user_data,
              const char    *id,
              const char    *b2,
              GBytes        *xml,
              MereKeptResult result,
              GError       **error)
{
  MereIntake *self = user_data;

  self->result->n_new += result == MERE_KEPT_NEW;
  self->result->n_known += result == MERE_KEPT_SAME;
  return result != MERE_KEPT_OTHER || reject (self, id, b2, MERE_RECORD_CODE_CONFLICT, xml, error);
}

static gboolean
begin (gpointer            user_data,
       const MereManifest *manifest,
       GError            **error)
{
  MereIntake *self = user_data;

  if (g_strcmp0 (manifest->device, self->device->device) != 0)
    {
      g_set_error_literal (error,
                           MERE_BUNDLE_ERROR,
                           MERE_BUNDLE_ERROR_RESIGNED,
                           _ ("The bundle says that it comes from another laptop than the one that signed it. Nothing was taken from it."));
      return FALSE;
    }
  if (!mere_intake_save_bundle (self->store, self->device, self->reader, "accepted", 0, &self->bundle, error) ||
      !save_names (self->store, manifest, error))
    return FALSE;
  self->batch = mere_kept_batch_new (self->store, self->device->device, self->bundle, count_record, self);
  return TRUE;
}

static gboolean
has_attachment (MereStore  *store,
                const char *b2,
                gboolean   *found,
                GError    **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, "SELECT 1 FROM attachment WHERE b2 = ?1", error);

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, b2);
  return mere_statement_step (query, found, error);
}

static gboolean
begin_entry (gpointer         user_data,
             guint            index,
             const MereEntry *entry,
             GError         **error)
{
  MereIntake *self = user_data;
  gboolean    found = FALSE;

  if (entry->type == MERE_ENTRY_RECORD)
    {
      if (entry->size <= MERE_SUBMISSION_MAX_SIZE)
        self->record = g_byte_array_sized_new ((guint) entry->size);
      return TRUE;
    }
  if (!mere_kept_batch_flush (self->batch, error) || !has_attachment (self->store, entry->b2, &found, error))
    return FALSE;
  if (!found)
    self->attachment = mere_attachment_writer_new_known (self->store, entry->mime, entry->b2, error);
  return found || self->attachment != NULL;
}

static gboolean
take_data (gpointer      user_data,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  MereIntake *self = user_data;

  if (self->record != NULL)
    g_byte_array_append (self->record, bytes, (guint) size);
  return self->attachment == NULL || mere_attachment_writer_write (self->attachment, bytes, size, error);
}

/* Why a record is not what the manifest says, or NULL. */
static const char *
find_fault (const MereEntry *entry,
            GBytes          *xml,
            char           **name)
{
  g_auto (MereGlance) glance = { 0 };

  if (!mere_glance_read (&glance, xml))
    return MERE_RECORD_CODE_XML;
  if (g_strcmp0 (glance.id, entry->record) != 0 || g_strcmp0 (glance.deprecated_id, entry->supersedes) != 0)
    return MERE_RECORD_CODE_ID;
  if (g_strcmp0 (glance.form, entry->form) != 0)
    return MERE_RECORD_CODE_FORM;
  *name = g_steal_pointer (&glance.name);
  return NULL;
}

static MereMoment
read_moment (const MereEntry    *entry,
             const MereManifest *manifest)
{
  const char *text = entry->finalised != NULL ? entry->finalised : manifest->created;
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  MereMoment moment = { .utc_us = g_get_real_time () };

  if (time == NULL)
    return moment;
  moment.utc_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  moment.offset_s = (gint32) (g_date_time_get_utc_offset (time) / G_USEC_PER_SEC);
  return moment;
}

/* Of one form there are many records in a row. */
static const MereInstrument *
find_instrument (MereIntake      *self,
                 const MereEntry *entry)
{
  g_autofree char *form = g_strconcat (entry->form, "\n", entry->form_version, NULL);

  if (g_strcmp0 (self->form, form) == 0)
    return self->instrument;
  g_clear_pointer (&self->instrument, mere_instrument_free);
  g_free (self->form);
  self->form = g_steal_pointer (&form);
  self->instrument = mere_instrument_load (self->store, entry->form, entry->form_version, NULL);
  return self->instrument;
}

static gboolean
keep_record (MereIntake      *self,
             const MereEntry *entry,
             GBytes          *xml,
             const char      *name,
             GError         **error)
{
  const MereInstrument *instrument = find_instrument (self, entry);
  MereKeptNew           record = { .b2 = entry->b2, .blobs = (const char *const *) entry->blobs };

  record.record.id = entry->record;
  record.record.deprecated_id = entry->supersedes;
  record.record.form = entry->form;
  record.record.form_version = entry->form_version;
  record.record.form_b2 = entry->form_b2;
  record.record.title = name != NULL ? name : (instrument != NULL ? instrument->title : entry->form);
  record.record.assessment = entry->assessment;
  record.record.crossing = entry->crossing;
  record.record.kind = instrument != NULL ? instrument->kind : MERE_INSTRUMENT_OTHER;
  record.record.created = read_moment (entry, mere_bundle_reader_get_manifest (self->reader));
  record.record.xml = xml;
  return mere_kept_batch_add (self->batch, &record, error);
}

static gboolean
finish_record (MereIntake      *self,
               const MereEntry *entry,
               GError         **error)
{
  g_autoptr (GBytes) xml = g_byte_array_free_to_bytes (g_steal_pointer (&self->record));
  g_autofree char *name = NULL;
  const char      *fault = find_fault (entry, xml, &name);

  return fault != NULL ? reject (self, entry->record, entry->b2, fault, xml, error) : keep_record (self, entry, xml, name, error);
}

static gboolean
finish_attachment (MereIntake      *self,
                   const MereEntry *entry,
                   GError         **error)
{
  g_autofree char *b2 = NULL;

  if (self->attachment != NULL)
    {
      b2 = mere_attachment_writer_finish (self->attachment, error);
      g_clear_pointer (&self->attachment, mere_attachment_writer_free);
      if (b2 == NULL)
        return FALSE;
    }
  return entry->type != MERE_ENTRY_CHUNK || mere_piece_add (self->store, self->device->device, entry, error);
}

static gboolean
finish_entry (gpointer         user_data,
              guint            index,
              const MereEntry *entry,
              GError         **error)
{
  MereIntake *self = user_data;

  if (entry->type != MERE_ENTRY_RECORD)
    return finish_attachment (self, entry, error);
  if (self->record == NULL)
    return reject (self, entry->record, entry->b2, MERE_RECORD_CODE_SIZE, NULL, error);
  return finish_record (self, entry, error);
}

const MereBundleHandler *
mere_intake_get_handler (void)
{
  static const MereBundleHandler handler = { begin, begin_entry, take_data, finish_entry };

  return &handler;
}

/* What is known of the bundle only now; its row, with the manifest, is there. */
static gboolean
settle_bundle (MereIntake *self,
               GError    **error)
{
  g_autoptr (MereStatement) update = mere_statement_new (
    self->store, "UPDATE hq_bundle SET status = ?2, n_records = ?3 WHERE row = ?1", error);

  if (update == NULL)
    return FALSE;
  mere_statement_bind_int (update, 1, self->bundle);
  mere_statement_bind_text (update, 2, self->result->rejections->len > 0 ? "partial" : "accepted");
  mere_statement_bind_int (update, 3, self->result->n_new + self->result->n_known);
  return mere_statement_run (update, error);
}

gboolean
mere_intake_finish (MereIntake *self,
                    GError    **error)
{
  const MereManifest *manifest = mere_bundle_reader_get_manifest (self->reader);

  return mere_kept_batch_finish (self->batch, error) && settle_bundle (self, error) &&
         mere_device_count (self->store, self->device->device, self->result->n_new, error) &&
         mere_device_hear (
           self->store, self->device->device, manifest->seen_trust, manifest->seen_receipt, manifest->seen_dispatch, error);
}
