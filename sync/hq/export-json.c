/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records as JSON lines: a file for each form, a line for each record. Names and nesting are those of ODK Central's OData
 * with repeats expanded: groups are objects, repeats are lists with an __id each, a geopoint is a GeoJSON point, numbers are
 * numbers, and what is not answered is null. */

#include "config.h"

#include "sync/hq/export-private.h"

#include "sync/hq/out-file.h"
#include "sync/ijson.h"

#include <math.h>
#include <string.h>

typedef struct
{
  MereExporter *exporter;
  MereShape    *shape;
  MereOutFile  *file;
} Exporting;

/* A number as JSON has it, and as it was answered: no zeros in front, no plus. */
static gboolean
is_json_number (const char *text)
{
  const char *at = *text == '-' ? text + 1 : text;
  char       *end;

  if (!g_ascii_isdigit (*at) || (*at == '0' && g_ascii_isdigit (at[1])))
    return FALSE;
  return isfinite (g_ascii_strtod (text, &end)) && *end == '\0' && strspn (text, "-0123456789.") == strlen (text) &&
         g_ascii_isdigit (text[strlen (text) - 1]);
}

static gboolean
append_place (GString    *text,
              const char *value)
{
  g_auto (GStrv) all = g_strsplit_set (value, " \t\r\n", -1);
  const char *parts[4] = { NULL };
  guint       n = 0;

  for (char **word = all; *word != NULL && n < G_N_ELEMENTS (parts); word++)
    if (**word != '\0')
      parts[n++] = *word;
  for (guint i = 0; i < n; i++)
    if (!is_json_number (parts[i]))
      return FALSE;
  if (n < 2)
    return FALSE;
  g_string_append_printf (text, "{\"type\":\"Point\",\"coordinates\":[%s,%s", parts[1], parts[0]);
  if (n > 2)
    g_string_append_printf (text, ",%s", parts[2]);
  g_string_append (text, "]");
  if (n > 3)
    g_string_append_printf (text, ",\"properties\":{\"accuracy\":%s}", parts[3]);
  g_string_append_c (text, '}');
  return TRUE;
}

static void
append_value (GString         *text,
              const MereShape *shape,
              const char      *value)
{
  if (value == NULL || *value == '\0')
    g_string_append (text, "null");
  else if ((shape->type == MERE_SHAPE_INT || shape->type == MERE_SHAPE_DECIMAL) && is_json_number (value))
    g_string_append (text, value);
  else if (shape->type != MERE_SHAPE_PLACE || !append_place (text, value))
    mere_json_append_string (text, value);
}

static const MereXmlNode *
find_child (const MereXmlNode *node,
            const char        *name)
{
  return node != NULL ? mere_xml_node_find_child (node, name) : NULL;
}

/* Recursion is bounded by the parser's limit of depth. @node: (nullable). */
static void append_children (GString *text, const MereShape *shape, const MereXmlNode *node, const char *key);

static void
append_repeat (GString           *text,
               const MereShape   *shape,
               const MereXmlNode *node,
               const char        *key)
{
  const MereXmlNode *child = node != NULL ? mere_xml_node_first_child (node) : NULL;
  guint              n = 0;

  g_string_append_c (text, '[');
  for (; child != NULL; child = mere_xml_node_next_element (child))
    {
      g_autofree char *own = NULL;

      if (!g_str_equal (child->name->local, shape->name))
        continue;
      own = g_strdup_printf ("%s/%s[%u]", key, shape->name, ++n);
      g_string_append (text, n > 1 ? ",{" : "{");
      mere_json_append_text (text, "__id", own);
      append_children (text, shape, child, own);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_child (GString           *text,
              const MereShape   *shape,
              const MereXmlNode *node,
              const char        *key)
{
  const MereXmlNode *child = find_child (node, shape->name);
  g_autofree char   *path = NULL;

  mere_json_append_key (text, shape->name);
  if (shape->is_repeat)
    append_repeat (text, shape, node, key);
  else if (shape->children == NULL)
    append_value (text, shape, child != NULL ? child->text : NULL);
  else
    {
      path = g_strdup_printf ("%s/%s", key, shape->name);
      g_string_append_c (text, '{');
      append_children (text, shape, child, path);
      g_string_append_c (text, '}');
    }
}

static void
append_children (GString           *text,
                 const MereShape   *shape,
                 const MereXmlNode *node,
                 const char        *key)
{
  for (guint i = 0; shape->children != NULL && i < shape->children->len; i++)
    append_child (text, shape->children->pdata[i], node, key);
  if (shape->is_repeat && shape->children == NULL)
    {
      mere_json_append_key (text, shape->name);
      append_value (text, shape, node->text);
    }
}

static void
append_or_null (GString    *text,
                const char *key,
                const char *value)
{
  mere_json_append_key (text, key);
  mere_json_append_string (text, value);
}

static void
append_system (GString               *text,
               const MereKept        *kept,
               const MereExportFacts *facts)
{
  g_autofree char *received = mere_export_dup_time (kept->received_us);
  g_autofree char *finalised = mere_export_dup_time (kept->record->finalised_us);

  mere_json_append_key (text, "__system");
  g_string_append_c (text, '{');
  mere_json_append_text (text, "submissionDate", received);
  append_or_null (text, "submitterId", kept->device);
  append_or_null (text, "submitterName", kept->label);
  mere_json_append_int (text, "attachmentsPresent", facts->n_present);
  mere_json_append_int (text, "attachmentsExpected", facts->n_expected);
  append_or_null (text, "status", kept->state != MERE_KEPT_COMPLETE ? mere_kept_state_to_string (kept->state) : NULL);
  append_or_null (text, "reviewState", mere_export_review_state (kept->reviewed));
  append_or_null (text, "deviceId", kept->device);
  mere_json_append_int (text, "edits", facts->n_edits);
  append_or_null (text, "formVersion", kept->record->form_version);
  append_or_null (text, "crossing", kept->record->crossing);
  append_or_null (text, "crossingName", kept->record->crossing_name);
  append_or_null (text, "assessment", kept->record->assessment);
  mere_json_append_text (text, "finalisedDate", finalised);
  g_string_append_c (text, '}');
}

static gboolean
write_record (gpointer              user_data,
              const MereKept       *kept,
              GBytes               *xml,
              const MereSubmission *submission,
              GError              **error)
{
  Exporting      *self = user_data;
  MereExport     *options = self->exporter->options;
  MereExportFacts facts;
  g_autoptr (GString) text = g_string_new ("{");

  if (!mere_exporter_load_facts (self->exporter, kept, &facts, error))
    return FALSE;
  mere_json_append_text (text, "__id", kept->record->id);
  append_children (text, self->shape, submission->root, kept->record->id);
  append_system (text, kept, &facts);
  g_string_append (text, "}\n");
  options->n_records++;
  return mere_out_file_write (self->file, text->str, text->len, error) &&
         mere_export_folder_add_media (self->exporter->folder, self->exporter->store, kept->record->id, &options->n_files, error);
}

gboolean
mere_export_write_json (MereExporter *exporter,
                        const char   *form,
                        gpointer      state,
                        GError      **error)
{
  g_autoptr (MereShape) shape = mere_shape_new (form);
  g_autoptr (MereOutFile) file = NULL;
  g_autofree char *path = NULL;
  Exporting        self = { exporter, shape, NULL };
  guint            n_records;

  if (!mere_exporter_load_shape (exporter, form, shape, &n_records, error))
    return FALSE;
  if (exporter->options->incremental && n_records == 0)
    return TRUE;
  path = mere_export_folder_dup_path (exporter->folder, NULL, form, ".jsonl");
  self.file = file = mere_out_file_new (path, error);
  exporter->options->n_tables++;
  return file != NULL && mere_exporter_walk (exporter, form, write_record, &self, error) && mere_out_file_finish (file, error);
}
