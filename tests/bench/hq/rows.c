/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rows.h"

#include "app/store/bulk.h"
#include "app/store/statement.h"

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

static MereStatement *
prepare (MereStore         *store,
         const char        *table,
         const char *const *columns)
{
  g_autofree char *names = g_strjoinv (", ", (char **) columns);
  g_autoptr (GString) sql = g_string_new (NULL);
  GError        *error = NULL;
  MereStatement *insert;

  g_string_printf (sql, "INSERT INTO %s (%s) VALUES (", table, names);
  for (guint i = 1; columns[i - 1] != NULL; i++)
    g_string_append_printf (sql, i == 1 ? "?%u" : ", ?%u", i);
  g_string_append_c (sql, ')');
  insert = mere_statement_new (store, sql->str, &error);
  check (insert != NULL, error);
  return insert;
}

static void
bind (MereStatement   *insert,
      int              parameter,
      const MereValue *value)
{
  if (value->kind == MERE_VALUE_INT)
    mere_statement_bind_int (insert, parameter, value->integer);
  else if (value->kind == MERE_VALUE_TEXT)
    mere_statement_bind_text (insert, parameter, value->data);
  else
    mere_statement_bind_lasting (insert, parameter, value->data, value->size);
}

static void
insert_one_by_one (MereStore  *store,
                   GPtrArray  *rows,
                   guint       table,
                   gint64      first,
                   gint64      bundle,
                   const char *device)
{
  g_autoptr (MereStatement) insert = prepare (store, tables[table].table, tables[table].columns);
  GError   *error = NULL;
  MereValue values[16] = { 0 };
  int       n_columns = (int) g_strv_length ((char **) tables[table].columns);

  for (guint i = 0; i < rows->len; i++)
    {
      tables[table].give (rows->pdata[i], first + i, bundle, device, values);
      for (int column = 0; column < n_columns; column++)
        bind (insert, column + 1, &values[column]);
      check (mere_statement_run (insert, &error), error);
    }
}

static void
insert_in_bulk (MereStore  *store,
                GPtrArray  *rows,
                guint       table,
                gint64      first,
                gint64      bundle,
                const char *device)
{
  GError   *error = NULL;
  MereValue values[16] = { 0 };

  check (mere_bulk_begin (store, tables[table].table, tables[table].columns, &error), error);
  for (guint i = 0; i < rows->len; i++)
    {
      tables[table].give (rows->pdata[i], first + i, bundle, device, values);
      check (mere_bulk_add (store, values, &error), error);
    }
  check (mere_bulk_end (store, &error), error);
}

void
rows_insert (MereStore  *store,
             GPtrArray  *rows,
             gint64      bundle,
             const char *device)
{
  static gint64 last = 0;
  GError       *error = NULL;

  check (mere_store_begin (store, &error), error);
  for (guint table = 0; table < G_N_ELEMENTS (tables); table++)
    (mere_store_is_shared (store) ? insert_in_bulk : insert_one_by_one) (store, rows, table, last + 1, bundle, device);
  check (mere_store_commit (store, &error), error);
  last += rows->len;
}
