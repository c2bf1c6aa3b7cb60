/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Submissions as files, in the layout of ODK Briefcase, which ODK Central and KoboToolbox are fed from:
 *
 *     forms/FORM/FORM.xml                                the newest version; others as FORM-VERSION.xml
 *     forms/FORM/instances/uuid0c1f2e3d-…/submission.xml  as the laptop sent it, byte for byte
 *     forms/FORM/instances/uuid0c1f2e3d-…/NAME            its attachments */

#include "config.h"

#include "sync/hq/export-private.h"

#include "app/store/attachment.h"
#include "app/store/instrument.h"
#include "sync/hq/file-name.h"
#include "sync/hq/out-file.h"

#include <string.h>

#define SUBMISSION "submission.xml"
#define MAX_NAME 120 /* bytes of a file's name */

typedef struct
{
  MereExporter *exporter;
  char         *folder; /* forms/FORM; NULL before the first record */
} Exporting;

static gboolean
write_bytes (const char *folder,
             const char *name,
             GBytes     *bytes,
             GError    **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (MereOutFile) file = mere_out_file_new (path, error);

  return file != NULL && mere_out_file_write (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error) &&
         mere_out_file_finish (file, error);
}

static gboolean
write_attachments (MereExporter *self,
                   const char   *folder,
                   const char   *record,
                   GError      **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_record (self->store, record, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];
      g_autofree char      *name = mere_file_name_clean (attachment->name, MAX_NAME);
      g_autofree char      *path = g_build_filename (folder, strcmp (name, SUBMISSION) != 0 ? name : attachment->b2, NULL);

      if (attachment->mime == NULL)
        continue;
      if (!mere_export_copy_attachment (self->store, attachment->b2, path, error))
        return FALSE;
      self->options->n_files++;
    }
  return list != NULL;
}

static gboolean
begin (Exporting  *self,
       const char *form,
       GError    **error)
{
  MereExportFolder *folder = self->exporter->folder;

  if (self->folder != NULL)
    return TRUE;
  self->folder = mere_export_folder_dup_path (folder, MERE_EXPORT_FORMS, form, "");
  self->exporter->options->n_tables++;
  return mere_export_folder_make (self->folder, error);
}

static gboolean
write_record (gpointer              user_data,
              const MereKept       *kept,
              GBytes               *xml,
              const MereSubmission *submission,
              GError              **error)
{
  Exporting       *self = user_data;
  const char      *id = kept->record->id;
  g_autofree char *name = g_strconcat ("uuid", g_str_has_prefix (id, "uuid:") ? id + strlen ("uuid:") : id, NULL);
  g_autofree char *folder = NULL;

  if (!begin (self, kept->record->form, error))
    return FALSE;
  folder = g_build_filename (self->folder, "instances", name, NULL);
  self->exporter->options->n_records++;
  return mere_export_folder_make (folder, error) && write_bytes (folder, SUBMISSION, xml, error) &&
         write_attachments (self->exporter, folder, id, error);
}

static gboolean
write_version (Exporting            *self,
               const MereInstrument *instrument,
               gboolean              newest,
               GError              **error)
{
  g_autofree char *base = g_path_get_basename (self->folder);
  g_autofree char *stem = newest ? g_strdup (base) : g_strdup_printf ("%s-%s", base, instrument->version);
  g_autofree char *clean = mere_file_name_clean (stem, MAX_NAME);
  g_autofree char *name = g_strconcat (clean, ".xml", NULL);
  g_autoptr (GBytes) xml = mere_instrument_load_xml (self->exporter->store, instrument->row, error);

  return xml != NULL && write_bytes (self->folder, name, xml, error);
}

static gboolean
write_versions (Exporting  *self,
                const char *form,
                GError    **error)
{
  g_autoptr (GPtrArray) list = mere_instrument_list (self->exporter->store, error);
  gint64 newest = 0;

  for (guint i = 0; list != NULL && i < list->len; i++)
    if (g_str_equal (((MereInstrument *) list->pdata[i])->form, form))
      newest = MAX (newest, ((MereInstrument *) list->pdata[i])->row);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereInstrument *instrument = list->pdata[i];

      if (g_str_equal (instrument->form, form) && !write_version (self, instrument, instrument->row == newest, error))
        return FALSE;
    }
  return list != NULL;
}

gboolean
mere_export_write_odk (MereExporter *exporter,
                       const char   *form,
                       gpointer      state,
                       GError      **error)
{
  Exporting self = { exporter, NULL };
  gboolean  written = mere_exporter_walk (exporter, form, write_record, &self, error) &&
                     (self.folder == NULL || write_versions (&self, form, error));

  g_free (self.folder);
  return written;
}
