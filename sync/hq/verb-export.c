/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `export`: records for the tools of analysts. */

#include "config.h"

#include "sync/hq/export.h"
#include "sync/hq/verb.h"

#include <glib/gi18n-lib.h>

static void
tell (MereHq     *hq,
      const char *folder,
      const MereExport *export)
{
  JsonObject *object;

  mere_hq_say (_ ("%s: %u records in %u tables, %u attachments. They are in the clear."),
               folder,
               export->n_records,
               export->n_tables,
               export->n_files);
  if (!mere_hq_wants_json (hq))
    return;
  object = json_object_new ();
  mere_hq_set_text (object, "folder", folder);
  json_object_set_int_member (object, "records", export->n_records);
  json_object_set_int_member (object, "tables", export->n_tables);
  json_object_set_int_member (object, "attachments", export->n_files);
  mere_hq_print_json (mere_hq_object_node (object));
}

int
mere_verb_export (MereHq *hq,
                  char ***args)
{
  g_autofree char *folder = NULL;
  g_autofree char *form = NULL;
  MereExport export = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("Write a CSV file for each form and each repeat into this folder"), N_ ("DIR") },
    { "form", 0, 0, G_OPTION_ARG_STRING, &form, N_ ("Only records of this form"), N_ ("ID") },
    { "all-versions", 0, 0, G_OPTION_ARG_NONE, &export.all_versions, N_ ("Also versions that have a newer one"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &export.replace, N_ ("Replace an earlier export"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  MereStore *store;
  int        status;

  if (!mere_hq_parse (hq, entries, 0, 0, args, &status))
    return status;
  if (folder == NULL)
    {
      mere_hq_say ("%s", _ ("Where to, and how? Give --csv DIR."));
      return MERE_HQ_USAGE;
    }
  export.form = form;
  if ((store = mere_hq_open (hq, &error)) == NULL || !mere_export_csv (store, folder, &export, &error))
    return mere_hq_fail (error);
  tell (hq, folder, &export);
  return MERE_HQ_DONE;
}
