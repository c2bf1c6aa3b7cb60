/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a node stores of a text, by its type: ODK XForms, section "Data Types". */

#include "config.h"

#include "app/forms/dates.h"
#include "app/forms/instance.h"

#include <math.h>
#include <string.h>

static char *
cast_int (const char *text)
{
  double number = trunc (mere_digits_to_number (text));

  if (!(number >= -2147483648.0 && number <= 2147483647.0))
    return NULL;
  return g_strdup_printf ("%d", (int) number);
}

/* A decimal shows that it is one: "3.0". */
static char *
format_decimal (double number)
{
  g_autofree char *text = mere_number_to_string (number);

  return strchr (text, '.') != NULL ? g_steal_pointer (&text) : g_strconcat (text, ".0", NULL);
}

static char *
cast_decimal (const char *text)
{
  double number = mere_digits_to_number (text);

  return isfinite (number) ? format_decimal (number) : NULL;
}

/* What has an offset is a moment: which day it is on depends on where one is. */
static char *
cast_date (const char *text)
{
  MereDateTime moment;

  return mere_date_time_parse (text, &moment) && !moment.has_offset ? g_strndup (text, 10) : NULL;
}

static char *
cast_time (const char *text)
{
  MereDateTime time;

  return mere_time_parse (text, &time) && time.has_seconds ? g_strdup (text) : NULL;
}

static char *
cast_date_time (const char *text)
{
  MereDateTime moment;

  return mere_date_time_parse (text, &moment) && moment.has_seconds ? g_strdup (text) : NULL;
}

/* "latitude longitude [altitude [accuracy]]"; 0 0 is what a device says that knows nothing. */
static char *
cast_point (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t\r\n", -1);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
  double numbers[4];
  guint  n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '\0')
        continue;
      if (n == G_N_ELEMENTS (numbers) || !isfinite (numbers[n] = mere_digits_to_number (parts[i])))
        return NULL;
      g_ptr_array_add (out, format_decimal (numbers[n++]));
    }
  if (n < 2 || fabs (numbers[0]) > 90 || fabs (numbers[1]) > 180 || (numbers[0] == 0 && numbers[1] == 0))
    return NULL;
  g_ptr_array_add (out, NULL);
  return g_strjoinv (" ", (char **) out->pdata);
}

/* Two points as cast_point() writes them: the same latitude and longitude. */
static gboolean
same_place (const char *a, const char *b)
{
  gsize latitude = strcspn (a, " ");
  gsize both = latitude + 1 + strcspn (a + latitude + 1, " ");

  return strncmp (a, b, both) == 0 && (b[both] == ' ' || b[both] == '\0');
}

static char *
cast_points (const char *text, gboolean closed)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
  guint n = g_strv_length (parts);

  if (n > 0 && *g_strstrip (parts[n - 1]) == '\0')
    n--;
  for (guint i = 0; i < n; i++)
    {
      char *point = cast_point (parts[i]);

      if (point == NULL)
        return NULL;
      g_ptr_array_add (out, point);
    }
  if (n < (closed ? 3 : 2) || same_place (out->pdata[0], out->pdata[n - 1]) != closed)
    return NULL;
  g_ptr_array_add (out, NULL);
  return g_strjoinv (";", (char **) out->pdata);
}

/* A list of values: single spaces, none around. */
static char *
cast_list (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (!mere_is_xml_space (*text))
        g_string_append_c (out, *text);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static char *
cast_type (MereFormType type, const char *text)
{
  switch (type)
    {
    case MERE_FORM_TYPE_INT:
      return cast_int (text);
    case MERE_FORM_TYPE_DECIMAL:
      return cast_decimal (text);
    case MERE_FORM_TYPE_DATE:
      return cast_date (text);
    case MERE_FORM_TYPE_TIME:
      return cast_time (text);
    case MERE_FORM_TYPE_DATETIME:
      return cast_date_time (text);
    case MERE_FORM_TYPE_GEOPOINT:
      return cast_point (text);
    case MERE_FORM_TYPE_GEOTRACE:
    case MERE_FORM_TYPE_GEOSHAPE:
      return cast_points (text, type == MERE_FORM_TYPE_GEOSHAPE);
    default:
      return g_strdup (text);
    }
}

static char *
cast_range (const MereDef *def, const char *text)
{
  double number = mere_digits_to_number (text);

  if (!(number >= MIN (def->body->range_start, def->body->range_end) && number <= MAX (def->body->range_start, def->body->range_end)))
    return NULL;
  return cast_type (def->type, text);
}

char *
mere_cast (const MereDef *def, const char *text)
{
  if (*text == '\0')
    return g_strdup ("");
  switch (def->body != NULL ? def->body->control : MERE_FORM_CONTROL_NONE)
    {
    case MERE_FORM_CONTROL_SELECT_ONE:
      return g_strdup (text);
    case MERE_FORM_CONTROL_SELECT_MANY:
    case MERE_FORM_CONTROL_RANK:
      return cast_list (text);
    case MERE_FORM_CONTROL_TRIGGER:
      return g_ascii_strcasecmp (text, "OK") == 0 ? g_strdup ("OK") : NULL;
    case MERE_FORM_CONTROL_RANGE:
      return cast_range (def, text);
    default:
      return cast_type (def->type, text);
    }
}
