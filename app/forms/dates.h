/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Dates and times as forms write them: ISO 8601, "2026-11-24", "14:05:00.000+01:00", "2026-11-24T14:05:00.000+01:00".
 * Proleptic Gregorian calendar, years 0000 to 9999. */
typedef struct
{
  int      year, month, day;
  int      hour, minute, second, millisecond;
  gboolean has_date, has_time, has_seconds, has_offset;
  int      offset_minutes;
} MereDateTime;

gboolean mere_date_time_parse (const char *text, MereDateTime *result); /* a date, or a date with a time */
gboolean mere_time_parse (const char *text, MereDateTime *result);
gint64   mere_days_from_date (int year, int month, int day);
void     mere_date_from_days (gint64 days, int *year, int *month, int *day);
int      mere_day_of_week (gint64 days); /* 0 is Sunday */

/* Days since 1970-01-01 UTC. A date alone is a whole number wherever one is; a time without offset is local. */
double mere_date_time_to_days (const MereDateTime *self);
/* The local date and time with the local offset at that moment. */
gboolean mere_date_time_from_days (double days, MereDateTime *result);
char    *mere_date_time_format (const MereDateTime *self); /* "…T…+…"; midnight alone is the date */
char    *mere_date_time_format_full (const MereDateTime *self);

void mere_date_time_now (MereDateTime *result);
/* Writes by the letters of format-date-time(); @language picks names of months and days: date-names.h. */
char *mere_date_time_strftime (const MereDateTime *self, const char *format, const char *language);
/* The same moment as the local clock shows it; unchanged where it says no offset. */
void mere_date_time_make_local (MereDateTime *self);

G_END_DECLS
