/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates as forms write them. Day numbers after Howard Hinnant's public algorithms ("chrono-compatible low-level date
 * algorithms"): 400-year eras that begin on 1 March. */

#include "config.h"

#include "app/forms/dates.h"
#include "app/forms/date-names.h"

#include <math.h>
#include <string.h>

#define DAY_MS G_GINT64_CONSTANT (86400000)
#define MAX_DAYS 4000000.0 /* beyond the year 9999 either way */

gint64
mere_days_from_date (int year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

void
mere_date_from_days (gint64 days, int *year, int *month, int *day)
{
  gint64 z = days + 719468;
  gint64 era = (z >= 0 ? z : z - 146096) / 146097;
  gint64 day_of_era = z - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 mp = (5 * day_of_year + 2) / 153;

  *day = (int) (day_of_year - (153 * mp + 2) / 5 + 1);
  *month = (int) (mp < 10 ? mp + 3 : mp - 9);
  *year = (int) (year_of_era + era * 400 + (*month <= 2));
}

int
mere_day_of_week (gint64 days)
{
  return (int) (((days % 7) + 11) % 7);
}

static gboolean
read_digits (const char **at, guint n, int *number)
{
  *number = 0;
  for (guint i = 0; i < n; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }
  return TRUE;
}

static gboolean
read_char (const char **at, char c)
{
  if (**at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

static gboolean
read_date (const char **at, MereDateTime *result)
{
  if (!read_digits (at, 4, &result->year) || !read_char (at, '-') || !read_digits (at, 2, &result->month) || !read_char (at, '-') ||
      !read_digits (at, 2, &result->day))
    return FALSE;
  result->has_date = TRUE;
  return result->month >= 1 && result->month <= 12 && result->day >= 1 &&
         result->day <= g_date_get_days_in_month (result->month, MAX (result->year, 1));
}

static void
read_fraction (const char **at, MereDateTime *result)
{
  int scale = 100;

  for ((*at)++; g_ascii_isdigit (**at); (*at)++, scale /= 10)
    result->millisecond += (**at - '0') * scale;
}

static gboolean
read_offset (const char **at, MereDateTime *result)
{
  int sign, hours, minutes;

  if (**at == '\0')
    return TRUE;
  result->has_offset = TRUE;
  if (read_char (at, 'Z'))
    return TRUE;
  sign = **at == '-' ? -1 : 1;
  if (**at != '-' && **at != '+')
    return FALSE;
  (*at)++;
  if (!read_digits (at, 2, &hours) || !read_char (at, ':') || !read_digits (at, 2, &minutes) || hours > 14 || minutes > 59)
    return FALSE;
  result->offset_minutes = sign * (hours * 60 + minutes);
  return TRUE;
}

/* hh, hh:mm, hh:mm:ss or hh:mm:ss.fff, with or without an offset */
static gboolean
read_time (const char **at, MereDateTime *result)
{
  result->has_time = TRUE;
  if (!read_digits (at, 2, &result->hour))
    return FALSE;
  if (**at == ':' && (!read_char (at, ':') || !read_digits (at, 2, &result->minute)))
    return FALSE;
  result->has_seconds = **at == ':';
  if (**at == ':' && (!read_char (at, ':') || !read_digits (at, 2, &result->second)))
    return FALSE;
  if (**at == '.' && g_ascii_isdigit ((*at)[1]))
    read_fraction (at, result);
  return result->hour < 24 && result->minute < 60 && result->second < 60 && read_offset (at, result);
}

gboolean
mere_date_time_parse (const char *text, MereDateTime *result)
{
  memset (result, 0, sizeof *result);
  if (!read_date (&text, result))
    return FALSE;
  if (*text == 'T')
    {
      text++;
      if (!read_time (&text, result))
        return FALSE;
    }
  return *text == '\0';
}

gboolean
mere_time_parse (const char *text, MereDateTime *result)
{
  memset (result, 0, sizeof *result);
  return read_time (&text, result) && *text == '\0';
}

static int
local_offset_at (gint64 unix_seconds)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local (unix_seconds);

  return moment != NULL ? (int) (g_date_time_get_utc_offset (moment) / G_TIME_SPAN_MINUTE) : 0;
}

static int
local_offset_of (const MereDateTime *self)
{
  g_autoptr (GDateTime) moment = g_date_time_new_local (MAX (self->year, 1), self->month, self->day, self->hour, self->minute, self->second);

  return moment != NULL ? (int) (g_date_time_get_utc_offset (moment) / G_TIME_SPAN_MINUTE) : 0;
}

/* Milliseconds since 1970-01-01 UTC. */
static gint64
to_ms (const MereDateTime *self)
{
  gint64 days = mere_days_from_date (self->year, self->month, self->day);
  gint64 ms = ((self->hour * 60 + self->minute) * 60 + self->second) * G_GINT64_CONSTANT (1000) + self->millisecond;

  ms -= (self->has_offset ? self->offset_minutes : local_offset_of (self)) * G_GINT64_CONSTANT (60000);
  return days * DAY_MS + ms;
}

static gboolean
from_ms (gint64 ms, MereDateTime *result)
{
  gint64 day;

  memset (result, 0, sizeof *result);
  result->has_date = result->has_time = result->has_offset = TRUE;
  result->offset_minutes = local_offset_at ((ms - (ms < 0 ? 999 : 0)) / 1000);
  ms += result->offset_minutes * G_GINT64_CONSTANT (60000);
  day = ms / DAY_MS - (ms % DAY_MS < 0);
  ms -= day * DAY_MS;
  mere_date_from_days (day, &result->year, &result->month, &result->day);
  result->millisecond = (int) (ms % 1000);
  result->second = (int) (ms / 1000 % 60);
  result->minute = (int) (ms / 60000 % 60);
  result->hour = (int) (ms / 3600000);
  return result->year >= 0 && result->year <= 9999;
}

double
mere_date_time_to_days (const MereDateTime *self)
{
  if (!self->has_time)
    return (double) mere_days_from_date (self->year, self->month, self->day);
  return (double) to_ms (self) / DAY_MS;
}

gboolean
mere_date_time_from_days (double days, MereDateTime *result)
{
  if (isnan (days) || fabs (days) > MAX_DAYS)
    return FALSE;
  if (days != floor (days))
    return from_ms ((gint64) floor (days * DAY_MS + 0.5), result);
  /* a whole number is a date, wherever one is */
  memset (result, 0, sizeof *result);
  result->has_date = result->has_offset = TRUE;
  mere_date_from_days ((gint64) days, &result->year, &result->month, &result->day);
  return result->year >= 0 && result->year <= 9999;
}

void
mere_date_time_make_local (MereDateTime *self)
{
  MereDateTime local;

  if (self->has_time && self->has_offset && from_ms (to_ms (self), &local))
    *self = local;
}

char *
mere_date_time_format_full (const MereDateTime *self)
{
  int offset = self->has_offset ? self->offset_minutes : local_offset_of (self);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", self->year, self->month, self->day, self->hour, self->minute,
                          self->second, self->millisecond, offset < 0 ? '-' : '+', ABS (offset) / 60, ABS (offset) % 60);
}

char *
mere_date_time_format (const MereDateTime *self)
{
  if (!self->has_time || (self->hour | self->minute | self->second | self->millisecond) == 0)
    return g_strdup_printf ("%04d-%02d-%02d", self->year, self->month, self->day);
  return mere_date_time_format_full (self);
}

void
mere_date_time_now (MereDateTime *result)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  *result = (MereDateTime){
    .has_date = TRUE,
    .has_time = TRUE,
    .has_offset = TRUE,
    .year = g_date_time_get_year (now),
    .month = g_date_time_get_month (now),
    .day = g_date_time_get_day_of_month (now),
    .hour = g_date_time_get_hour (now),
    .minute = g_date_time_get_minute (now),
    .second = g_date_time_get_second (now),
    .millisecond = g_date_time_get_microsecond (now) / 1000,
    .offset_minutes = (int) (g_date_time_get_utc_offset (now) / G_TIME_SPAN_MINUTE),
  };
}

static gboolean
append_date (GString *out, const MereDateTime *self, const char *language, char letter)
{
  switch (letter)
    {
    case 'Y':
      g_string_append_printf (out, "%04d", self->year);
      return TRUE;
    case 'y':
      g_string_append_printf (out, "%02d", self->year % 100);
      return TRUE;
    case 'm':
      g_string_append_printf (out, "%02d", self->month);
      return TRUE;
    case 'n':
      g_string_append_printf (out, "%d", self->month);
      return TRUE;
    case 'b':
      g_string_append (out, mere_month_name (language, self->month));
      return TRUE;
    case 'd':
      g_string_append_printf (out, "%02d", self->day);
      return TRUE;
    case 'e':
      g_string_append_printf (out, "%d", self->day);
      return TRUE;
    case 'a':
      g_string_append (out, mere_day_name (language, mere_day_of_week (mere_days_from_date (self->year, self->month, self->day))));
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
append_time (GString *out, const MereDateTime *self, char letter)
{
  switch (letter)
    {
    case 'H':
      g_string_append_printf (out, "%02d", self->hour);
      return TRUE;
    case 'h':
      g_string_append_printf (out, "%d", self->hour);
      return TRUE;
    case 'M':
      g_string_append_printf (out, "%02d", self->minute);
      return TRUE;
    case 'S':
      g_string_append_printf (out, "%02d", self->second);
      return TRUE;
    case '3':
      g_string_append_printf (out, "%03d", self->millisecond);
      return TRUE;
    default:
      return FALSE;
    }
}

char *
mere_date_time_strftime (const MereDateTime *self, const char *format, const char *language)
{
  GString *out = g_string_new (NULL);

  for (const char *at = format; *at != '\0'; at++)
    {
      if (*at == '%' && at[1] != '\0' && (append_date (out, self, language, at[1]) || append_time (out, self, at[1])))
        at++;
      else
        g_string_append_c (out, *at);
    }
  return g_string_free (out, FALSE);
}
