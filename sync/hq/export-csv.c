/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records as CSV. Two walks over the records of a form: the first finds what columns there are, the second writes; one
 * record is in memory at a time. */

#include "config.h"

#include "sync/hq/export.h"

#include "app/store/attachment.h"
#include "app/store/instrument.h"
#include "sync/hq/csv.h"
#include "sync/hq/export-folder.h"
#include "sync/hq/kept.h"
#include "sync/hq/table.h"

/* What ODK Central puts after the answers, then what only a headquarters knows. */
static const char *const tail[] = {
  "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status",
  "ReviewState", "DeviceID", "Edits", "FormVersion", "Crossing", "CrossingName",
  "Assessment", "FinalisedDate"
};

typedef struct
{
  MereStore        *store;
  MereExport       *options;
  MereExportFolder *folder;
  const char       *form;
  MereShape        *shape;
  GPtrArray        *tables;
  GPtrArray        *files; /* MereCsv, as many as tables */
  const MereKept   *kept;  /* of the row that is being written */
} Exporting;

typedef gboolean (*Visit) (Exporting *self, const MereKept *kept, const MereSubmission *submission, GError **error);

static gboolean
visit_one (Exporting      *self,
           const MereKept *kept,
           Visit           visit,
           GError        **error)
{
  g_autoptr (GBytes) xml = mere_record_load_xml (self->store, kept->record->id, error);
  g_autoptr (MereSubmission) submission = xml != NULL ? mere_submission_parse (xml, error) : NULL;

  return submission != NULL && visit (self, kept, submission, error);
}

static gboolean
visit_all (Exporting *self,
           Visit      visit,
           GError   **error)
{
  MereKeptFilter filter = MERE_KEPT_FILTER_INIT;

  filter.form = self->form;
  filter.older_versions = self->options->all_versions;
  for (;;)
    {
      g_autoptr (GPtrArray) page = mere_kept_list (self->store, &filter, error);

      if (page == NULL)
        return FALSE;
      if (page->len == 0)
        return TRUE;
      for (guint i = 0; i < page->len; i++)
        if (!visit_one (self, page->pdata[i], visit, error))
          return FALSE;
      filter.before_row = ((MereKept *) page->pdata[page->len - 1])->record->row;
    }
}

static gboolean
add_shape (Exporting            *self,
           const MereKept       *kept,
           const MereSubmission *submission,
           GError              **error)
{
  mere_shape_add_instance (self->shape, submission->root);
  return TRUE;
}

static gboolean
add_forms (Exporting *self,
           GError   **error)
{
  g_autoptr (GPtrArray) instruments = mere_instrument_list (self->store, error);

  for (guint i = 0; instruments != NULL && i < instruments->len; i++)
    {
      const MereInstrument *instrument = instruments->pdata[i];
      g_autoptr (GBytes) xml = NULL;

      if (!g_str_equal (instrument->form, self->form))
        continue;
      xml = mere_instrument_load_xml (self->store, instrument->row, error);
      if (xml == NULL || !mere_shape_add_form (self->shape, xml, error))
        return FALSE;
    }
  return instruments != NULL;
}

static gboolean
write_head (MereCsv         *file,
            const MereTable *table,
            GError         **error)
{
  if (!table->is_repeat)
    mere_csv_add (file, "SubmissionDate");
  for (guint i = 0; i < table->columns->len; i++)
    mere_csv_add (file, ((MereColumn *) table->columns->pdata[i])->name);
  if (table->is_repeat)
    mere_csv_add (file, "PARENT_KEY");
  mere_csv_add_all (file, tail, table->is_repeat ? 1 : G_N_ELEMENTS (tail));
  return mere_csv_end_line (file, error);
}

static gboolean
open_files (Exporting *self,
            GError   **error)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      const MereTable *table = self->tables->pdata[i];
      g_autofree char *path = mere_export_folder_dup_path (self->folder, NULL, table->name, ".csv");
      MereCsv         *file = mere_csv_new (path, error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (self->files, file);
      if (!write_head (file, table, error))
        return FALSE;
      self->options->n_tables++;
    }
  return TRUE;
}

/* ISO 8601 in UTC with milliseconds, as ODK Central writes it. */
static char *
utc_text (gint64 utc_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, (int) (utc_us % G_USEC_PER_SEC / 1000));
}

static void
add_number (MereCsv *file,
            guint    n)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", n);
  mere_csv_add (file, text);
}

/* In ODK Central's words. */
static const char *
review_state (MereReviewed reviewed)
{
  static const char *const words[MERE_REVIEWED_N_STATES] = { NULL, "approved", "hasIssues", "edited" };

  return words[reviewed];
}

/* How many versions of the record came before this one, as far as they are here. */
static gboolean
count_edits (Exporting *self,
             guint     *n,
             GError   **error)
{
  g_autoptr (GPtrArray) versions = mere_record_list_versions (self->store, self->kept->record->id, error);

  *n = versions != NULL ? versions->len - 1 : 0;
  return versions != NULL;
}

static gboolean
add_tail (Exporting *self,
          MereCsv   *file,
          GError   **error)
{
  const MereKept *kept = self->kept;
  g_autoptr (GPtrArray) attachments = mere_attachment_list_of_record (self->store, kept->record->id, error);
  g_autofree char *finalised = utc_text (kept->record->finalised_us);
  guint            n_edits = 0;
  guint            n_present = 0;

  if (attachments == NULL || !count_edits (self, &n_edits, error))
    return FALSE;
  for (guint i = 0; i < attachments->len; i++)
    n_present += ((MereAttachment *) attachments->pdata[i])->mime != NULL;
  mere_csv_add (file, kept->record->id);
  mere_csv_add (file, kept->device);
  mere_csv_add (file, kept->label);
  add_number (file, n_present);
  add_number (file, attachments->len);
  mere_csv_add (file, kept->state != MERE_KEPT_COMPLETE ? mere_kept_state_to_string (kept->state) : NULL);
  mere_csv_add (file, review_state (kept->reviewed));
  mere_csv_add (file, kept->device);
  add_number (file, n_edits);
  mere_csv_add (file, kept->record->form_version);
  mere_csv_add (file, kept->record->crossing);
  mere_csv_add (file, kept->record->crossing_name);
  mere_csv_add (file, kept->record->assessment);
  mere_csv_add (file, finalised);
  return TRUE;
}

static gboolean
write_row (gpointer           user_data,
           guint              index,
           const char *const *cells,
           const char        *key,
           const char        *parent_key,
           GError           **error)
{
  Exporting       *self = user_data;
  const MereTable *table = self->tables->pdata[index];
  MereCsv         *file = self->files->pdata[index];
  g_autofree char *received = utc_text (self->kept->received_us);

  if (!table->is_repeat)
    mere_csv_add (file, received);
  mere_csv_add_all (file, cells, table->columns->len);
  if (table->is_repeat)
    {
      mere_csv_add (file, parent_key);
      mere_csv_add (file, key);
    }
  else if (!add_tail (self, file, error))
    return FALSE;
  return mere_csv_end_line (file, error);
}

static gboolean
write_record (Exporting            *self,
              const MereKept       *kept,
              const MereSubmission *submission,
              GError              **error)
{
  self->kept = kept;
  self->options->n_records++;
  return mere_table_fill (self->tables, submission, write_row, self, error) &&
         mere_export_folder_add_media (self->folder, self->store, kept->record->id, &self->options->n_files, error);
}

static gboolean
finish_files (Exporting *self,
              GError   **error)
{
  for (guint i = 0; i < self->files->len; i++)
    if (!mere_csv_finish (self->files->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
export_form (MereStore        *store,
             MereExport       *options,
             MereExportFolder *folder,
             const char       *form,
             GError          **error)
{
  g_autoptr (MereShape) shape = mere_shape_new (form);
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_csv_free);
  Exporting self = { store, options, folder, form, shape, NULL, files, NULL };

  if (!add_forms (&self, error) || !visit_all (&self, add_shape, error))
    return FALSE;
  self.tables = tables = mere_table_list (shape, form);
  return open_files (&self, error) && visit_all (&self, write_record, error) && finish_files (&self, error);
}

gboolean
mere_export_csv (MereStore  *store,
                 const char *path,
                 MereExport *options,
                 GError    **error)
{
  g_autoptr (GPtrArray) forms = mere_kept_list_forms (store, error);
  g_autoptr (MereExportFolder) folder = forms != NULL ? mere_export_folder_new (path, options->replace, error) : NULL;

  if (folder == NULL)
    return FALSE;
  for (guint i = 0; i < forms->len; i++)
    if ((options->form == NULL || g_str_equal (options->form, forms->pdata[i])) &&
        !export_form (store, options, folder, forms->pdata[i], error))
      return FALSE;
  return mere_export_folder_finish (folder, error);
}
