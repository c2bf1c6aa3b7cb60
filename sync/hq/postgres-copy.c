/* SPDX-License-Identifier: GPL-3.0-or-later */

/* COPY … FROM STDIN (FORMAT binary). PostgreSQL, "COPY", section "Binary Format". Every number of the schema is a bigint. */

#include "config.h"

#include "sync/hq/postgres-private.h"

#define PIECE 65536 /* bytes sent at once */

static void
append_number (GByteArray *to,
               guint64     number,
               int         size)
{
  guint8 bytes[8];

  for (int i = 0; i < size; i++)
    bytes[i] = (guint8) (number >> (8 * (size - 1 - i)));
  g_byte_array_append (to, bytes, (guint) size);
}

static void
append_value (GByteArray      *to,
              const MereValue *value)
{
  guint64 bits;

  switch (value->kind)
    {
    case MERE_VALUE_INT:
      append_number (to, sizeof value->integer, 4);
      append_number (to, (guint64) value->integer, sizeof value->integer);
      break;
    case MERE_VALUE_REAL:
      memcpy (&bits, &value->real, sizeof bits);
      append_number (to, sizeof bits, 4);
      append_number (to, bits, sizeof bits);
      break;
    case MERE_VALUE_TEXT:
    case MERE_VALUE_BYTES:
      append_number (to, value->size, 4);
      g_byte_array_append (to, value->data, (guint) value->size);
      break;
    case MERE_VALUE_NULL:
    default:
      append_number (to, (guint64) -1, 4);
    }
}

static gboolean
send_copy (MerePostgres *self,
           GError      **error)
{
  gboolean sent = PQputCopyData (self->connection, (const char *) self->copy->data, (int) self->copy->len) == 1;

  g_byte_array_set_size (self->copy, 0);
  return sent || mere_postgres_fail (self, NULL, error);
}

gboolean
mere_postgres_bulk_begin (MereDatabase      *database,
                          const char        *table,
                          const char *const *columns,
                          GError           **error)
{
  static const guint8 head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* then flags and the length of an extension, both 0 */
  MerePostgres       *self = (MerePostgres *) database;
  g_autofree char    *names = g_strjoinv (", ", (char **) columns);
  g_autofree char    *sql = g_strdup_printf ("COPY %s (%s) FROM STDIN (FORMAT binary)", table, names);
  PGresult           *result;
  gboolean            begun;

  mere_postgres_set_free (self);
  result = PQexec (self->connection, sql);
  begun = PQresultStatus (result) == PGRES_COPY_IN || mere_postgres_fail (self, result, error);
  PQclear (result);
  if (!begun)
    return FALSE;
  self->n_copy_columns = g_strv_length ((char **) columns);
  self->n_copied = 0;
  g_free (self->copy_table);
  self->copy_table = g_strdup (table);
  self->copy = g_byte_array_sized_new (PIECE);
  g_byte_array_append (self->copy, head, 11 + 4 + 4);
  return TRUE;
}

gboolean
mere_postgres_bulk_row (MereDatabase    *database,
                        const MereValue *values,
                        GError         **error)
{
  MerePostgres *self = (MerePostgres *) database;

  self->n_copied++;
  append_number (self->copy, self->n_copy_columns, 2);
  for (guint i = 0; i < self->n_copy_columns; i++)
    append_value (self->copy, &values[i]);
  return self->copy->len < PIECE || send_copy (self, error);
}

gboolean
mere_postgres_bulk_end (MereDatabase *database,
                        GError      **error)
{
  MerePostgres *self = (MerePostgres *) database;
  gboolean      done;
  PGresult     *result;

  append_number (self->copy, G_MAXUINT16, 2);
  done = send_copy (self, error) && (PQputCopyEnd (self->connection, NULL) == 1 || mere_postgres_fail (self, NULL, error));
  g_clear_pointer (&self->copy, g_byte_array_unref);
  while ((result = PQgetResult (self->connection)) != NULL)
    {
      if (done && PQresultStatus (result) != PGRES_COMMAND_OK)
        done = mere_postgres_fail (self, result, error);
      PQclear (result);
    }
  if (done)
    mere_postgres_note_rows (self, self->copy_table, self->n_copied);
  return done;
}
