/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `export`: records for the tools of analysts. */

#include "config.h"

#include "sync/hq/export.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>

static void
tell_people (const char *folder,
             const MereExport *export)
{
  if (folder == NULL)
    {
      mere_hq_say ("%s", _ ("Nothing is new since the last export into this folder; nothing was written."));
      return;
    }
  mere_hq_say (_ ("%s: %u records in %u tables, %u attachments. They are in the clear."),
               folder,
               export->n_records,
               export->n_tables,
               export->n_files);
  if (export->n_cut > 0)
    mere_hq_say (ngettext ("%u text is longer than a cell of a sheet may be; it is cut, and ends with “…”. --csv has all of it.",
                           "%u texts are longer than a cell of a sheet may be; they are cut, and end with “…”. --csv has all of them.",
                           export->n_cut),
                 export->n_cut);
}

/* An incremental export lies in a numbered folder, or there is none. */
static char *
dup_folder (const char *folder,
            const MereExport *export)
{
  g_autofree char *number = g_strdup_printf ("%04u", export->run);

  if (!export->incremental)
    return g_strdup (folder);
  return export->run > 0 ? g_build_filename (folder, number, NULL) : NULL;
}

static void
tell (MereHq     *hq,
      const char *base,
      const MereExport *export)
{
  g_autofree char *folder = dup_folder (base, export);
  JsonObject      *object;

  tell_people (folder, export);
  if (!mere_hq_wants_json (hq))
    return;
  object = json_object_new ();
  mere_hq_set_text (object, "folder", folder);
  json_object_set_int_member (object, "records", export->n_records);
  json_object_set_int_member (object, "tables", export->n_tables);
  json_object_set_int_member (object, "attachments", export->n_files);
  json_object_set_int_member (object, "cut", export->n_cut);
  mere_hq_print_json (mere_hq_object_node (object));
}

typedef struct
{
  char *folders[MERE_EXPORT_N_FORMATS]; /* by format */
  char *form;
  char *language;
} Options;

static void
options_clear (Options *self)
{
  for (guint i = 0; i < MERE_EXPORT_N_FORMATS; i++)
    g_free (self->folders[i]);
  g_free (self->form);
  g_free (self->language);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Exactly one format, and nothing that it does not know. NULL: that was said. */
static const char *
choose (const Options *options,
        MereExport *export)
{
  const char *folder = NULL;
  guint       n = 0;

  for (guint i = 0; i < MERE_EXPORT_N_FORMATS; i++)
    if (options->folders[i] != NULL)
      {
        n++;
        export->format = (MereExportFormat) i;
        folder = options->folders[i];
      }
  if (n != 1)
    {
      mere_hq_say ("%s", _ ("Where to, and how? Give one of --csv, --xlsx, --jsonl, --geojson, --odk with a folder."));
      return NULL;
    }
  if ((export->labels || export->split) && export->format != MERE_EXPORT_CSV && export->format != MERE_EXPORT_XLSX)
    {
      mere_hq_say ("%s", _ ("--labels and --split are for --csv and --xlsx."));
      return NULL;
    }
  if (export->incremental && export->replace)
    {
      mere_hq_say ("%s", _ ("--incremental adds to what is there; it does not go with --force."));
      return NULL;
    }
  return folder;
}

int
mere_verb_export (MereHq *hq,
                  char ***args)
{
  g_auto (Options) options = { 0 };
  MereExport export = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &options.folders[MERE_EXPORT_CSV], N_ ("Write a CSV file for each form and each repeat into this folder"), N_ ("DIR") },
    { "xlsx", 0, 0, G_OPTION_ARG_FILENAME, &options.folders[MERE_EXPORT_XLSX], N_ ("Write the same as sheets of one workbook"), N_ ("DIR") },
    { "jsonl", 0, 0, G_OPTION_ARG_FILENAME, &options.folders[MERE_EXPORT_JSON_LINES], N_ ("Write a line of JSON for each record"), N_ ("DIR") },
    { "geojson", 0, 0, G_OPTION_ARG_FILENAME, &options.folders[MERE_EXPORT_GEOJSON], N_ ("Write the crossings as a map, with what was recorded there"), N_ ("DIR") },
    { "odk", 0, 0, G_OPTION_ARG_FILENAME, &options.folders[MERE_EXPORT_ODK], N_ ("Write submissions as files, for ODK Central or KoboToolbox"), N_ ("DIR") },
    { "form", 0, 0, G_OPTION_ARG_STRING, &options.form, N_ ("Only records of this form"), N_ ("ID") },
    { "labels", 0, 0, G_OPTION_ARG_NONE, &export.labels, N_ ("The questions and choices as they were read, instead of names and values"), NULL },
    { "language", 0, 0, G_OPTION_ARG_STRING, &options.language, N_ ("Language of labels, by its name in the form"), N_ ("NAME") },
    { "split", 0, 0, G_OPTION_ARG_NONE, &export.split, N_ ("A column for each choice, where several may be chosen"), NULL },
    { "all-versions", 0, 0, G_OPTION_ARG_NONE, &export.all_versions, N_ ("Also versions that have a newer one"), NULL },
    { "incremental", 0, 0, G_OPTION_ARG_NONE, &export.incremental, N_ ("Only what is new since the last export into this folder"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &export.replace, N_ ("Replace an earlier export"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  const char *folder;
  MereStore  *store;
  int         status;

  if (!mere_hq_parse (hq, entries, 0, 0, args, &status))
    return status;
  folder = choose (&options, &export);
  if (folder == NULL)
    return MERE_HQ_USAGE;
  export.form = options.form;
  export.language = options.language;
  if ((store = mere_hq_open (hq, &error)) == NULL || !mere_export_run (store, folder, &export, &error))
    return mere_hq_fail (error);
  tell (hq, folder, &export);
  return MERE_HQ_DONE;
}
