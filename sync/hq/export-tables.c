/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records as tables: CSV files, or sheets of a workbook. */

#include "config.h"

#include "sync/hq/export-private.h"

#include "sync/hq/csv.h"
#include "sync/hq/table.h"
#include "sync/hq/xlsx.h"

/* What ODK Central puts after the answers, then what only a headquarters knows. */
static const char *const tail[] = {
  "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status",
  "ReviewState", "DeviceID", "Edits", "FormVersion", "Crossing", "CrossingName",
  "Assessment", "FinalisedDate"
};

/* One form that is being written. */
typedef struct
{
  MereExporter   *exporter;
  const char     *form;
  MereShape      *shape;
  MereWorkbook   *book; /* NULL: CSV */
  GPtrArray      *tables;
  GPtrArray      *sheets; /* MereSheet, as many as tables */
  const MereKept *kept;   /* of the row that is being written */
} Exporting;

static void
add_all (MereSheet         *sheet,
         const char *const *cells,
         guint              n)
{
  for (guint i = 0; i < n; i++)
    mere_sheet_add_text (sheet, cells[i]);
}

static gboolean
write_head (MereSheet       *sheet,
            const MereTable *table,
            GError         **error)
{
  if (!table->is_repeat)
    mere_sheet_add_text (sheet, "SubmissionDate");
  for (guint i = 0; i < table->columns->len; i++)
    mere_sheet_add_text (sheet, ((MereColumn *) table->columns->pdata[i])->name);
  if (table->is_repeat)
    mere_sheet_add_text (sheet, "PARENT_KEY");
  add_all (sheet, tail, table->is_repeat ? 1 : G_N_ELEMENTS (tail));
  return mere_sheet_end_row (sheet, error);
}

static MereSheet *
open_sheet (Exporting       *self,
            const MereTable *table,
            GError         **error)
{
  g_autofree char *path = NULL;

  if (self->book != NULL)
    return mere_workbook_add_sheet (self->book, table->name);
  path = mere_export_folder_dup_path (self->exporter->folder, NULL, table->name, ".csv");
  return mere_csv_new (path, error);
}

static gboolean
open_sheets (Exporting *self,
             GError   **error)
{
  for (guint i = 0; i < self->tables->len; i++)
    {
      const MereTable *table = self->tables->pdata[i];
      MereSheet       *sheet = open_sheet (self, table, error);

      if (sheet == NULL)
        return FALSE;
      g_ptr_array_add (self->sheets, sheet);
      if (!write_head (sheet, table, error))
        return FALSE;
      self->exporter->options->n_tables++;
    }
  return TRUE;
}

static void
add_number (MereSheet *sheet,
            guint      n)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", n);
  mere_sheet_add (sheet, MERE_SHAPE_INT, text);
}

static gboolean
add_tail (Exporting *self,
          MereSheet *sheet,
          GError   **error)
{
  const MereKept  *kept = self->kept;
  g_autofree char *finalised = mere_export_dup_time (kept->record->finalised_us);
  MereExportFacts  facts;

  if (!mere_exporter_load_facts (self->exporter, kept, &facts, error))
    return FALSE;
  mere_sheet_add_text (sheet, kept->record->id);
  mere_sheet_add_text (sheet, kept->device);
  mere_sheet_add_text (sheet, kept->label);
  add_number (sheet, facts.n_present);
  add_number (sheet, facts.n_expected);
  mere_sheet_add_text (sheet, kept->state != MERE_KEPT_COMPLETE ? mere_kept_state_to_string (kept->state) : NULL);
  mere_sheet_add_text (sheet, mere_export_review_state (kept->reviewed));
  mere_sheet_add_text (sheet, kept->device);
  add_number (sheet, facts.n_edits);
  mere_sheet_add_text (sheet, kept->record->form_version);
  mere_sheet_add_text (sheet, kept->record->crossing);
  mere_sheet_add_text (sheet, kept->record->crossing_name);
  mere_sheet_add_text (sheet, kept->record->assessment);
  mere_sheet_add_text (sheet, finalised);
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
  MereSheet       *sheet = self->sheets->pdata[index];
  g_autofree char *received = mere_export_dup_time (self->kept->received_us);

  if (!table->is_repeat)
    mere_sheet_add_text (sheet, received);
  for (guint i = 0; i < table->columns->len; i++)
    mere_sheet_add (sheet, mere_column_get_type (table->columns->pdata[i]), cells[i]);
  if (table->is_repeat)
    {
      mere_sheet_add_text (sheet, parent_key);
      mere_sheet_add_text (sheet, key);
    }
  else if (!add_tail (self, sheet, error))
    return FALSE;
  return mere_sheet_end_row (sheet, error);
}

static gboolean
write_record (gpointer              user_data,
              const MereKept       *kept,
              GBytes               *xml,
              const MereSubmission *submission,
              GError              **error)
{
  Exporting  *self = user_data;
  MereExport *options = self->exporter->options;

  self->kept = kept;
  options->n_records++;
  return mere_table_fill (self->tables, submission, write_row, self, error) &&
         mere_export_folder_add_media (self->exporter->folder, self->exporter->store, kept->record->id, &options->n_files, error);
}

static gboolean
finish_sheets (Exporting *self,
               GError   **error)
{
  for (guint i = 0; i < self->sheets->len; i++)
    if (!mere_sheet_finish (self->sheets->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void
sheet_free (gpointer sheet)
{
  mere_sheet_free (sheet);
}

/* Two walks over the records of a form: the first finds what columns there are, the second writes. */
static gboolean
write_form (MereExporter *exporter,
            const char   *form,
            MereWorkbook *book,
            GError      **error)
{
  const MereExport *options = exporter->options;
  MereTableFlags    flags = (options->labels ? MERE_TABLE_LABELS : 0) | (options->split ? MERE_TABLE_SPLIT : 0);
  g_autoptr (MereShape) shape = mere_shape_new (form);
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GPtrArray) sheets = g_ptr_array_new_with_free_func (sheet_free);
  Exporting self = { exporter, form, shape, book, NULL, sheets, NULL };
  guint     n_records;

  if (!mere_exporter_load_shape (exporter, form, shape, &n_records, error))
    return FALSE;
  if (options->incremental && n_records == 0)
    return TRUE;
  self.tables = tables = mere_table_list (shape, form, flags);
  return open_sheets (&self, error) && mere_exporter_walk (exporter, form, write_record, &self, error) && finish_sheets (&self, error);
}

gboolean
mere_export_write_csv (MereExporter *self,
                       const char   *form,
                       gpointer      state,
                       GError      **error)
{
  return write_form (self, form, NULL, error);
}

gboolean
mere_export_write_xlsx (MereExporter *self,
                        const char   *form,
                        gpointer      workbook,
                        GError      **error)
{
  return write_form (self, form, workbook, error);
}
