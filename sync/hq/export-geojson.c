/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Crossings as GeoJSON (RFC 7946): a feature for each, with what was recorded there. One without a place has none. */

#include "config.h"

#include "sync/hq/export-private.h"

#include "app/store/crossing.h"
#include "app/store/statement.h"
#include "sync/hq/out-file.h"
#include "sync/ijson.h"

#include <math.h>

static void
append_real (GString *text,
             double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));
}

static void
append_place (GString            *text,
              const MereCrossing *crossing)
{
  mere_json_append_key (text, "geometry");
  if (isnan (crossing->latitude) || isnan (crossing->longitude))
    {
      g_string_append (text, "null");
      return;
    }
  g_string_append (text, "{\"type\":\"Point\",\"coordinates\":[");
  append_real (text, crossing->longitude);
  g_string_append_c (text, ',');
  append_real (text, crossing->latitude);
  g_string_append (text, "]}");
}

/* Records of the crossing by form, as many as this run is about. */
static gboolean
append_counts (MereExporter *self,
               const char   *crossing,
               GString      *text,
               GError      **error)
{
  g_autoptr (MereStatement) query = mere_statement_new (
    self->store,
    "SELECT d.form, count (*), max (d.finalised_us) FROM record AS d"
    " WHERE d.crossing = ?1 AND (d.superseded = 0 OR ?2 = 1) AND d.row > ?3 AND d.row <= ?4"
    " GROUP BY d.form ORDER BY d.form",
    error);
  gint64   n = 0;
  gint64   newest_us = 0;
  gboolean row;

  if (query == NULL)
    return FALSE;
  mere_statement_bind_text (query, 1, crossing);
  mere_statement_bind_int (query, 2, self->options->all_versions);
  mere_statement_bind_int (query, 3, self->state->through);
  mere_statement_bind_int (query, 4, self->through);
  mere_json_append_key (text, "forms");
  g_string_append_c (text, '{');
  for (;;)
    {
      if (!mere_statement_step (query, &row, error))
        return FALSE;
      if (!row)
        break;
      mere_json_append_int (text, mere_statement_get_text (query, 0), mere_statement_get_int (query, 1));
      n += mere_statement_get_int (query, 1);
      newest_us = MAX (newest_us, mere_statement_get_int (query, 2));
    }
  g_string_append_c (text, '}');
  mere_json_append_int (text, "records", n);
  self->options->n_records += (guint) n;
  if (newest_us > 0)
    {
      g_autofree char *newest = mere_export_dup_time (newest_us);

      mere_json_append_text (text, "newest", newest);
    }
  return TRUE;
}

static gboolean
append_feature (MereExporter       *self,
                const MereCrossing *crossing,
                GString            *text,
                GError            **error)
{
  mere_json_append_text (text, "type", "Feature");
  mere_json_append_text (text, "id", crossing->id);
  append_place (text, crossing);
  mere_json_append_key (text, "properties");
  g_string_append_c (text, '{');
  mere_json_append_text (text, "name", crossing->name);
  mere_json_append_text (text, "kind", mere_crossing_kind_to_string (crossing->kind));
  mere_json_append_text (text, "note", crossing->note);
  mere_json_append_text (text, "assessment", crossing->assessment);
  mere_json_append_key (text, "active");
  g_string_append (text, crossing->active ? "true" : "false");
  if (!append_counts (self, crossing->id, text, error))
    return FALSE;
  g_string_append (text, "}}");
  return TRUE;
}

gboolean
mere_export_write_geojson (MereExporter *self,
                           GError      **error)
{
  g_autoptr (GPtrArray) crossings = mere_crossing_list (self->store, TRUE, error);
  g_autofree char *path = mere_export_folder_dup_path (self->folder, NULL, "crossings", ".geojson");
  g_autoptr (MereOutFile) file = crossings != NULL ? mere_out_file_new (path, error) : NULL;
  g_autoptr (GString) text = g_string_new ("{\"type\":\"FeatureCollection\",\"features\":[");

  if (file == NULL)
    return FALSE;
  for (guint i = 0; i < crossings->len; i++)
    {
      g_string_append (text, i > 0 ? ",\n{" : "\n{");
      if (!append_feature (self, crossings->pdata[i], text, error))
        return FALSE;
    }
  g_string_append (text, "\n]}\n");
  self->options->n_tables = 1;
  return mere_out_file_write (file, text->str, text->len, error) && mere_out_file_finish (file, error);
}
