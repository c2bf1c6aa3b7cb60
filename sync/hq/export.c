/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an export is about, and the walk over it; one record is in memory at a time. How it is written: export-tables.c,
 * export-json.c, export-odk.c, export-geojson.c. */

#include "config.h"

#include "sync/hq/export-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "app/store/attachment.h"
#include "app/store/instrument.h"
#include "app/store/row-list.h"
#include "sync/hq/inbox.h"
#include "sync/hq/keyring.h"
#include "sync/hq/xlsx.h"

static const char *const kinds[MERE_EXPORT_N_FORMATS] = { "csv", "xlsx", "jsonl", "geojson", "odk" };

static gboolean
visit_one (MereExporter   *self,
           const MereKept *kept,
           MereExportVisit visit,
           gpointer        user_data,
           GError        **error)
{
  g_autoptr (GBytes) xml = mere_record_load_xml (self->store, kept->record->id, error);
  g_autoptr (MereSubmission) submission = xml != NULL ? mere_submission_parse (xml, error) : NULL;

  return submission != NULL && visit (user_data, kept, xml, submission, error);
}

/* Records that an earlier run has written without their attachments, and that have them now. */
static gboolean
visit_late (MereExporter   *self,
            const char     *form,
            MereExportVisit visit,
            gpointer        user_data,
            GError        **error)
{
  for (char **id = self->state->waiting; id != NULL && *id != NULL; id++)
    {
      g_autoptr (MereKept) kept = mere_kept_load (self->store, *id, error);

      if (kept == NULL)
        return FALSE;
      if (g_str_equal (kept->record->form, form) && kept->state != MERE_KEPT_WAITING &&
          (kept->record->latest || self->options->all_versions) && !visit_one (self, kept, visit, user_data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mere_exporter_walk (MereExporter   *self,
                    const char     *form,
                    MereExportVisit visit,
                    gpointer        user_data,
                    GError        **error)
{
  MereKeptFilter filter = MERE_KEPT_FILTER_INIT;

  filter.form = form;
  filter.older_versions = self->options->all_versions;
  filter.after_row = self->state->through;
  filter.before_row = self->through + 1;
  for (;;)
    {
      g_autoptr (GPtrArray) page = mere_kept_list (self->store, &filter, error);

      if (page == NULL)
        return FALSE;
      if (page->len == 0)
        return visit_late (self, form, visit, user_data, error);
      for (guint i = 0; i < page->len; i++)
        if (!visit_one (self, page->pdata[i], visit, user_data, error))
          return FALSE;
      filter.before_row = ((MereKept *) page->pdata[page->len - 1])->record->row;
    }
}

/* Versions come in their order, so the newest one's words count. */
static gboolean
add_forms (MereExporter *self,
           const char   *form,
           MereShape    *shape,
           GError      **error)
{
  g_autoptr (GPtrArray) instruments = mere_instrument_list (self->store, error);

  for (guint i = 0; instruments != NULL && i < instruments->len; i++)
    {
      const MereInstrument *instrument = instruments->pdata[i];
      g_autoptr (GBytes) xml = NULL;

      if (!g_str_equal (instrument->form, form))
        continue;
      xml = mere_instrument_load_xml (self->store, instrument->row, error);
      if (xml == NULL || !mere_shape_add_form (shape, xml, self->options->language, error))
        return FALSE;
    }
  return instruments != NULL;
}

typedef struct
{
  MereShape *shape;
  guint      n_records;
} Shaping;

static gboolean
add_record (gpointer              user_data,
            const MereKept       *kept,
            GBytes               *xml,
            const MereSubmission *submission,
            GError              **error)
{
  Shaping *self = user_data;

  self->n_records++;
  mere_shape_add_instance (self->shape, submission->root);
  return TRUE;
}

gboolean
mere_exporter_load_shape (MereExporter *self,
                          const char   *form,
                          MereShape    *shape,
                          guint        *n_records,
                          GError      **error)
{
  Shaping shaping = { shape, 0 };

  if (!add_forms (self, form, shape, error) || !mere_exporter_walk (self, form, add_record, &shaping, error))
    return FALSE;
  *n_records = shaping.n_records;
  return TRUE;
}

gboolean
mere_exporter_load_facts (MereExporter    *self,
                          const MereKept  *kept,
                          MereExportFacts *facts,
                          GError         **error)
{
  g_autoptr (GPtrArray) attachments = mere_attachment_list_of_record (self->store, kept->record->id, error);
  g_autoptr (GPtrArray) versions = attachments != NULL ? mere_record_list_versions (self->store, kept->record->id, error) : NULL;

  if (versions == NULL)
    return FALSE;
  *facts = (MereExportFacts){ 0, attachments->len, versions->len - 1 };
  for (guint i = 0; i < attachments->len; i++)
    facts->n_present += ((MereAttachment *) attachments->pdata[i])->mime != NULL;
  return TRUE;
}

char *
mere_export_dup_time (gint64 utc_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, (int) (utc_us % G_USEC_PER_SEC / 1000));
}

const char *
mere_export_review_state (MereReviewed reviewed)
{
  static const char *const words[MERE_REVIEWED_N_STATES] = { NULL, "approved", "hasIssues", "edited" };

  return words[reviewed];
}

static gboolean
write_forms (MereExporter   *self,
             MereExportWrite write,
             gpointer        state,
             GError        **error)
{
  g_autoptr (GPtrArray) forms = mere_kept_list_forms (self->store, error);

  for (guint i = 0; forms != NULL && i < forms->len; i++)
    if ((self->options->form == NULL || g_str_equal (self->options->form, forms->pdata[i])) &&
        !write (self, forms->pdata[i], state, error))
      return FALSE;
  return forms != NULL;
}

/* The workbook says that it was made when the newest record in it came in. */
static gboolean
write_workbook (MereExporter *self,
                GError      **error)
{
  g_autofree char *path = mere_export_folder_dup_path (self->folder, NULL, "records", ".xlsx");
  g_autoptr (MereWorkbook) book = NULL;
  gint64 made_us = 0;

  if (!mere_store_load_number (self->store, "SELECT coalesce (max (received_us), 0) FROM hq_record", &made_us, error))
    return FALSE;
  book = mere_workbook_new (path, mere_export_folder_get_work (self->folder), made_us);
  if (!write_forms (self, mere_export_write_xlsx, book, error))
    return FALSE;
  self->options->n_cut = mere_workbook_get_n_cut (book);
  return mere_workbook_finish (book, error);
}

static gboolean
write_all (MereExporter *self,
           GError      **error)
{
  switch (self->options->format)
    {
    case MERE_EXPORT_XLSX:
      return write_workbook (self, error);
    case MERE_EXPORT_JSON_LINES:
      return write_forms (self, mere_export_write_json, NULL, error);
    case MERE_EXPORT_GEOJSON:
      return mere_export_write_geojson (self, error);
    case MERE_EXPORT_ODK:
      return write_forms (self, mere_export_write_odk, NULL, error);
    case MERE_EXPORT_CSV:
    default:
      return write_forms (self, mere_export_write_csv, NULL, error);
    }
}

static gboolean
write_into (MereExporter *self,
            const char   *folder,
            gboolean      replace,
            GError      **error)
{
  g_autoptr (MereExportFolder) made = mere_export_folder_new (folder, replace, error);

  self->folder = made;
  return made != NULL && write_all (self, error) && mere_export_folder_finish (made, error);
}

/* Records of this run whose attachments are not all here. */
static gboolean
list_waiting (MereExporter *self,
              GError      **error)
{
  g_autoptr (GStrvBuilder) waiting = g_strv_builder_new ();
  g_autoptr (MereStatement) query = mere_statement_new (
    self->store,
    "SELECT d.id FROM record AS d JOIN hq_record_state AS s ON s.row = d.row"
    " WHERE d.id IN (SELECT record FROM hq_record_blob) AND d.row <= ?1 AND s.state = 'waiting' ORDER BY d.id",
    error);
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_int (query, 1, self->through);
  for (;;)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        break;
      g_strv_builder_add (waiting, mere_statement_get_text (query, 0));
    }
  g_strfreev (self->state->waiting);
  self->state->waiting = g_strv_builder_end (waiting);
  return TRUE;
}

/* Whether a record of the run before is complete by now. */
static gboolean
has_late (MereExporter *self)
{
  for (char **id = self->state->waiting; id != NULL && *id != NULL; id++)
    {
      g_autoptr (MereKept) kept = mere_kept_load (self->store, *id, NULL);

      if (kept != NULL && kept->state != MERE_KEPT_WAITING)
        return TRUE;
    }
  return FALSE;
}

static gboolean
make_base (const char *folder,
           GError    **error)
{
  int failure;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  failure = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), _ ("“%s” was not written: %s"), folder, g_strerror (failure));
  return FALSE;
}

/* A run that was cut off before its number was kept is written anew. */
static gboolean
run_incremental (MereExporter *self,
                 const char   *folder,
                 GError      **error)
{
  g_autofree char *number = NULL;
  g_autofree char *place = NULL;

  if (self->through == self->state->through && !has_late (self))
    return TRUE;
  number = g_strdup_printf ("%04u", self->state->runs + 1);
  place = g_build_filename (folder, number, NULL);
  if (!make_base (folder, error) || !write_into (self, place, TRUE, error) || !list_waiting (self, error))
    return FALSE;
  self->options->run = ++self->state->runs;
  self->state->through = self->through;
  return mere_export_state_save (self->state, folder, error);
}

/* Rows get their numbers when they are written, and are seen when they are committed: what others have begun to take in is waited for, so
 * that nothing comes later with a number that this run has passed. */
static gboolean
load_through (MereStore *store,
              gint64    *through,
              GError   **error)
{
  g_autoptr (MereTransaction) work = mere_transaction_begin (store, error);

  return work != NULL && mere_store_lock (store, MERE_INBOX_LOCK, error) &&
         mere_store_load_number (store, "SELECT coalesce (max (row), 0) FROM record", through, error) &&
         mere_transaction_commit (g_steal_pointer (&work), error);
}

gboolean
mere_export_run (MereStore  *store,
                 const char *folder,
                 MereExport *options,
                 GError    **error)
{
  g_autoptr (MereKeyring) keys = mere_keyring_load (store, error);
  g_autoptr (MereExportState) state = NULL;
  g_autofree char *clean = g_canonicalize_filename (folder, NULL);
  MereExporter     self = { store, options, NULL, NULL, 0 };

  if (keys == NULL || !load_through (store, &self.through, error))
    return FALSE;
  state = options->incremental ? mere_export_state_load (clean, kinds[options->format], keys->hq, error) : g_new0 (MereExportState, 1);
  self.state = state;
  if (state == NULL)
    return FALSE;
  return options->incremental ? run_incremental (&self, clean, error) : write_into (&self, clean, options->replace, error);
}
