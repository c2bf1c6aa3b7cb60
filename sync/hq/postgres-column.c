/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of a row in PostgreSQL's binary format: numbers big-endian, text and bytea as they are. As with SQLite, text can be
 * asked for as a number, and a number as text. */

#include "config.h"

#include "sync/hq/postgres-private.h"

#include <math.h>

gboolean
mere_postgres_is_null (MerePrepared *prepared,
                       int           column)
{
  return PQgetisnull (mere_postgres_statement_get_row (prepared), 0, column);
}

static guint64
read_number (const char *from,
             int         size)
{
  guint64 number = 0;

  for (int i = 0; i < size; i++)
    number = number << 8 | (guint8) from[i];
  return number;
}

static double
read_real (const char *from,
           int         size)
{
  guint64 bits = read_number (from, size);
  guint32 bits32 = (guint32) bits;
  double  real;
  float   real32;

  if (size == sizeof real32)
    {
      memcpy (&real32, &bits32, sizeof real32);
      return real32;
    }
  memcpy (&real, &bits, sizeof real);
  return real;
}

/* Of sums: numeric.c, numeric_send(): number of digits, weight of the first, sign, scale; then digits of base 10,000. */
static gint64
read_numeric (const char *from,
              int         size)
{
  int     n_digits = size >= 8 ? (int) read_number (from, 2) : 0;
  int     weight = size >= 8 ? (gint16) read_number (from + 2, 2) : -1;
  guint64 number = 0;

  for (int i = 0; i <= weight; i++)
    number = number * 10000 + (i < n_digits ? read_number (from + 8 + 2 * i, 2) : 0);
  return size >= 8 && read_number (from + 4, 2) == 0x4000 ? (gint64) (0 - number) : (gint64) number;
}

gint64
mere_postgres_get_int (MerePrepared *prepared,
                       int           column)
{
  PGresult   *row = mere_postgres_statement_get_row (prepared);
  const char *value = PQgetvalue (row, 0, column);
  int         size = PQgetlength (row, 0, column);

  if (PQgetisnull (row, 0, column))
    return 0;
  switch (PQftype (row, column))
    {
    case MERE_POSTGRES_BOOL:
    case MERE_POSTGRES_INT8:
      return (gint64) read_number (value, size);
    case MERE_POSTGRES_INT4:
      return (gint32) read_number (value, size);
    case MERE_POSTGRES_INT2:
      return (gint16) read_number (value, size);
    case MERE_POSTGRES_FLOAT4:
    case MERE_POSTGRES_FLOAT8:
      return (gint64) read_real (value, size);
    case MERE_POSTGRES_NUMERIC:
      return read_numeric (value, size);
    default:
      return (gint64) g_ascii_strtoll (value, NULL, 10);
    }
}

double
mere_postgres_get_real (MerePrepared *prepared,
                        int           column)
{
  PGresult   *row = mere_postgres_statement_get_row (prepared);
  const char *value = PQgetvalue (row, 0, column);

  if (PQgetisnull (row, 0, column))
    return NAN;
  switch (PQftype (row, column))
    {
    case MERE_POSTGRES_FLOAT4:
    case MERE_POSTGRES_FLOAT8:
      return read_real (value, PQgetlength (row, 0, column));
    case MERE_POSTGRES_TEXT:
    case MERE_POSTGRES_BYTEA:
      return g_ascii_strtod (value, NULL);
    default:
      return (double) mere_postgres_get_int (prepared, column);
    }
}

static gboolean
is_number (Oid type)
{
  return type == MERE_POSTGRES_BOOL || type == MERE_POSTGRES_INT8 || type == MERE_POSTGRES_INT4 || type == MERE_POSTGRES_INT2 ||
         type == MERE_POSTGRES_FLOAT4 || type == MERE_POSTGRES_FLOAT8 || type == MERE_POSTGRES_NUMERIC;
}

static const char *
number_text (MerePrepared *prepared,
             int           column,
             Oid           type)
{
  char **place = mere_postgres_statement_get_text_place (prepared, column);
  char   digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (*place != NULL)
    return *place;
  if (type == MERE_POSTGRES_FLOAT4 || type == MERE_POSTGRES_FLOAT8)
    *place = g_strdup (g_ascii_dtostr (digits, sizeof digits, mere_postgres_get_real (prepared, column)));
  else
    *place = g_strdup_printf ("%" G_GINT64_FORMAT, mere_postgres_get_int (prepared, column));
  return *place;
}

/* libpq puts a NUL after every value. */
const char *
mere_postgres_get_text (MerePrepared *prepared,
                        int           column)
{
  PGresult *row = mere_postgres_statement_get_row (prepared);

  if (PQgetisnull (row, 0, column))
    return NULL;
  if (is_number (PQftype (row, column)))
    return number_text (prepared, column, PQftype (row, column));
  return PQgetvalue (row, 0, column);
}

const void *
mere_postgres_get_data (MerePrepared *prepared,
                        int           column,
                        gsize        *size)
{
  const char *text = mere_postgres_get_text (prepared, column);
  PGresult   *row = mere_postgres_statement_get_row (prepared);

  *size = text == NULL ? 0 : is_number (PQftype (row, column)) ? strlen (text)
                                                               : (gsize) PQgetlength (row, 0, column);
  return text;
}
