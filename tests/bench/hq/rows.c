/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rows.h"

#include "app/store/bulk.h"

#define N_QUESTIONS 60
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

char *
crossing_id (guint number)
{
  return g_strdup_printf ("c0000000-0000-4000-8000-%012u", number % N_CROSSINGS);
}

Row *
row_new (guint number)
{
  static char     *crossings[N_CROSSINGS];
  Row             *self = g_new0 (Row, 1);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (GString) xml = g_string_new ("<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"officer\" version=\"1\">");

  if (crossings[number % N_CROSSINGS] == NULL)
    crossings[number % N_CROSSINGS] = crossing_id (number);
  for (guint i = 1; i <= N_QUESTIONS; i++)
    g_string_append_printf (xml, "<q%u>%s %u</q%u>", i, i % 3 == 0 ? "as the officer has said" : "yes", (number * 31 + i * 17) % 997, i);
  g_string_append_printf (xml, "<orx:meta><orx:instanceID>uuid:%s</orx:instanceID></orx:meta></data>", uuid);
  self->id = g_strconcat ("uuid:", uuid, NULL);
  self->crossing = crossings[number % N_CROSSINGS];
  self->xml = g_string_free_to_bytes (g_steal_pointer (&xml));
  return self;
}

void
row_free (gpointer data)
{
  Row *self = data;

  g_free (self->id);
  g_bytes_unref (self->xml);
  g_free (self);
}

typedef void (*Give) (const Row *row, gint64 number, gint64 bundle, const char *device, MereValue *values);

static void
give_record (const Row *row, gint64 number, gint64 bundle, const char *device, MereValue *values)
{
  const MereValue all[] = {
    mere_value_int (number),
    mere_value_text (row->id),
    mere_value_text (row->id),
    mere_value_text ("officer"),
    mere_value_text ("1"),
    mere_value_text (ZEROS),
    mere_value_text ("Officer"),
    mere_value_text ("other"),
    mere_value_text (row->crossing),
    mere_value_text (ZEROS),
    mere_value_int ((gint64) g_bytes_get_size (row->xml)),
    mere_value_int (number),
    mere_value_int (0),
    mere_value_int (number),
    mere_value_int (0),
  };

  memcpy (values, all, sizeof all);
}

static void
give_xml (const Row *row, gint64 number, gint64 bundle, const char *device, MereValue *values)
{
  values[0] = mere_value_int (number);
  values[1] = mere_value_bytes (row->xml);
}

static void
give_origin (const Row *row, gint64 number, gint64 bundle, const char *device, MereValue *values)
{
  values[0] = mere_value_int (number);
  values[1] = mere_value_int (bundle);
  values[2] = mere_value_text (device);
  values[3] = mere_value_int (number);
}

static void
give_line (const Row *row, gint64 number, gint64 bundle, const char *device, MereValue *values)
{
  values[0] = mere_value_int (number + 1); /* the first is that of the bundle */
  values[1] = mere_value_int (number);
  values[2] = mere_value_int (0);
  values[3] = mere_value_text ("record");
  values[4] = mere_value_text (row->id);
  values[5] = values[6] = mere_value_text (ZEROS);
}

static const struct
{
  const char *table;
  const char *columns[17];
  Give        give;
} tables[] = {
  { "record",
    { "row", "id", "first_id", "form", "form_version", "form_b2", "title", "kind", "crossing", "b2", "size", "created_us",
      "created_offset_s", "finalised_us", "finalised_offset_s" },
    give_record },
  { "record_xml", { "record", "xml" }, give_xml },
  { "hq_record", { "row", "bundle", "device", "received_us" }, give_origin },
  { "log", { "seq", "utc_us", "offset_s", "kind", "object", "b2", "hash" }, give_line },
};

static void
check (gboolean done,
       GError  *error)
{
  if (!done)
    g_error ("%s", error->message);
}

void
rows_insert (MereStore  *store,
             GPtrArray  *rows,
             gint64      bundle,
             const char *device)
{
  static gint64 last = 0;
  GError       *error = NULL;
  MereValue     values[16] = { 0 };

  check (mere_store_begin (store, &error), error);
  for (guint table = 0; table < G_N_ELEMENTS (tables); table++)
    {
      check (mere_bulk_begin (store, tables[table].table, tables[table].columns, &error), error);
      for (guint i = 0; i < rows->len; i++)
        {
          tables[table].give (rows->pdata[i], last + 1 + i, bundle, device, values);
          check (mere_bulk_add (store, values, &error), error);
        }
      check (mere_bulk_end (store, &error), error);
    }
  check (mere_store_commit (store, &error), error);
  last += rows->len;
}
