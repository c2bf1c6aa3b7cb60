/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/question-parse.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "ui/grid-reference.h"

#define NO_BREAK_SPACE 0x00a0
#define NARROW_NO_BREAK_SPACE 0x202f
#define MINUS 0x2212
#define ARABIC_DECIMAL 0x066b
#define ARABIC_THOUSANDS 0x066c

/* ASCII digits and signs for those of all scripts; outer blanks go. */
static char *
dup_plain (const char *typed)
{
  GString *plain = g_string_new (NULL);

  for (const char *p = typed; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (g_unichar_isdigit (letter))
        g_string_append_c (plain, '0' + g_unichar_digit_value (letter));
      else if (letter == NO_BREAK_SPACE || letter == NARROW_NO_BREAK_SPACE)
        g_string_append_c (plain, ' ');
      else if (letter == MINUS)
        g_string_append_c (plain, '-');
      else if (letter == ARABIC_DECIMAL)
        g_string_append_c (plain, '.');
      else if (letter != ARABIC_THOUSANDS)
        g_string_append_unichar (plain, letter);
    }

  return g_strstrip (g_string_free (plain, FALSE));
}

static void
drop (char       *text,
      const char *letters)
{
  char *to = text;

  for (const char *from = text; *from != '\0'; from++)
    {
      if (strchr (letters, *from) == NULL)
        *to++ = *from;
    }
  *to = '\0';
}

static gboolean
is_digits (const char *text)
{
  return *text != '\0' && text[strspn (text, "0123456789")] == '\0';
}

static char *
refuse (const char **why,
        const char  *sentence)
{
  *why = sentence;

  return NULL;
}

char *
mere_question_parse_integer (const char  *typed,
                             const char **why)
{
  g_autofree char *plain = dup_plain (typed);
  const char      *digits = plain;
  gboolean         minus;

  drop (plain, " '");
  minus = *digits == '-';
  if (*digits == '-' || *digits == '+')
    digits++;

  if (*plain == '\0')
    return g_strdup ("");
  if (!is_digits (digits))
    return refuse (why, _ ("This is not a whole number, so it is not saved."));

  digits += strspn (digits, "0");
  if (*digits == '\0')
    return g_strdup ("0");
  if (strlen (digits) > 10 || (strlen (digits) == 10 && strcmp (digits, "2147483647") > 0))
    return refuse (why, _ ("This number is too large, so it is not saved."));

  return g_strconcat (minus ? "-" : "", digits, NULL);
}

/* A comma is a decimal point when it is the only one and no point is there; else commas separate thousands. */
static void
settle_separators (char *plain)
{
  char *comma = strchr (plain, ',');

  drop (plain, " '");
  comma = strchr (plain, ',');
  if (comma == NULL)
    return;

  if (strchr (plain, '.') == NULL && strchr (comma + 1, ',') == NULL)
    *comma = '.';
  else
    drop (plain, ",");
}

char *
mere_question_parse_decimal (const char  *typed,
                             const char **why)
{
  g_autofree char *plain = dup_plain (typed);
  const char      *digits = plain;
  gsize            whole;
  gsize            part = 0;

  settle_separators (plain);
  if (*plain == '\0')
    return g_strdup ("");

  if (*digits == '-' || *digits == '+')
    digits++;
  whole = strspn (digits, "0123456789");
  if (digits[whole] == '.')
    part = strspn (digits + whole + 1, "0123456789");
  if (whole + part == 0 || digits[whole + (digits[whole] == '.') + part] != '\0')
    return refuse (why, _ ("This is not a number, so it is not saved."));
  if (whole + part > 18)
    return refuse (why, _ ("This number is too long, so it is not saved."));

  return g_strdup_printf ("%s%s%.*s%s%.*s", *plain == '-' ? "-" : "", whole == 0 ? "0" : "", (int) whole, digits,
                          part > 0 ? "." : "", (int) part, part > 0 ? digits + whole + 1 : "");
}

/* Whether the locale writes the month before the day. */
static gboolean
is_month_first (void)
{
  const char *format = nl_langinfo (D_FMT);
  const char *month = strstr (format, "%m");
  const char *day = strstr (format, "%d");

  return g_str_has_prefix (setlocale (LC_TIME, NULL), "en_US") && month != NULL && day != NULL && month < day;
}

/* Up to three numbers with anything but letters between them. */
static guint
split_numbers (const char *plain,
               int         numbers[3],
               int         lengths[3])
{
  guint n = 0;

  while (*plain != '\0' && n < 3)
    {
      gsize length = strspn (plain, "0123456789");

      if (length == 0 || length > 4)
        return 0;
      numbers[n] = atoi (plain);
      lengths[n++] = (int) length;
      plain += length;
      plain += strspn (plain, "-./ ");
    }

  return *plain == '\0' ? n : 0;
}

static int
complete_year (int year,
               int length)
{
  if (length > 2)
    return year;

  return year < 70 ? 2000 + year : 1900 + year;
}

char *
mere_question_parse_date (const char       *typed,
                          MereQuestionGrain least,
                          const char      **why)
{
  g_autofree char *plain = dup_plain (typed);
  int              number[3] = { 0 };
  int              length[3] = { 0 };
  guint            n;
  int              year = 0, month = 1, day = 1;

  if (*plain == '\0')
    return g_strdup ("");
  if (strlen (plain) == 8 && is_digits (plain) && least == MERE_QUESTION_DAY)
    {
      g_autofree char *apart = g_strdup_printf ("%.4s-%.2s-%.2s", plain, plain + 4, plain + 6);

      return mere_question_parse_date (apart, least, why);
    }

  n = split_numbers (plain, number, length);
  if (n == 3 && length[0] == 4)
    {
      year = number[0];
      month = number[1];
      day = number[2];
    }
  else if (n == 3)
    {
      gboolean month_first = is_month_first ();

      year = complete_year (number[2], length[2]);
      month = number[month_first ? 0 : 1];
      day = number[month_first ? 1 : 0];
    }
  else if (n == 2 && least >= MERE_QUESTION_MONTH)
    {
      year = number[length[0] == 4 ? 0 : 1];
      month = number[length[0] == 4 ? 1 : 0];
    }
  else if (n == 1 && least == MERE_QUESTION_YEAR)
    year = number[0];

  if (year < 1000 || month < 1 || month > 12 || day < 1 || !g_date_valid_dmy (day, month, year))
    {
      if (least == MERE_QUESTION_YEAR)
        return refuse (why, _ ("Write the year, as 2026. This is not saved."));
      if (least == MERE_QUESTION_MONTH)
        return refuse (why, _ ("Write year and month, as 2026-11. This is not saved."));

      return refuse (why, _ ("Write a date, as 2026-11-24. This is not saved."));
    }

  return g_strdup_printf ("%04d-%02d-%02d", year, least == MERE_QUESTION_YEAR ? 1 : month, least == MERE_QUESTION_DAY ? day : 1);
}

static char *
dup_offset (GDateTime *moment)
{
  return g_date_time_format (moment, "%:z");
}

char *
mere_question_parse_time (const char  *typed,
                          const char **why)
{
  g_autofree char *plain = dup_plain (typed);
  g_autofree char *offset = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int   number[3] = { 0 };
  int   length[3] = { 0 };
  guint n;

  if (*plain == '\0')
    return g_strdup ("");

  g_strdelimit (plain, ":hH", ' ');
  n = split_numbers (g_strstrip (plain), number, length);
  if (n == 1 && length[0] >= 3)
    {
      number[1] = number[0] % 100;
      number[0] = number[0] / 100;
    }
  if (n == 0 || number[0] > 23 || number[1] > 59 || number[2] > 59)
    return refuse (why, _ ("Write a time, as 14:05. This is not saved."));

  offset = dup_offset (now);

  return g_strdup_printf ("%02d:%02d:%02d.000%s", number[0], number[1], number[2], offset);
}

char *
mere_question_join_date_time (const char *date,
                              const char *time)
{
  int year, month, day, hour, minute, second;
  g_autoptr (GDateTime) moment = NULL;
  g_autofree char *offset = NULL;

  if (sscanf (date, "%4d-%2d-%2d", &year, &month, &day) != 3 || sscanf (time, "%2d:%2d:%2d", &hour, &minute, &second) != 3)
    return g_strdup ("");

  moment = g_date_time_new_local (year, month, day, hour, minute, second);
  if (moment == NULL)
    return g_strdup ("");

  offset = dup_offset (moment);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.000%s", year, month, day, hour, minute, second, offset);
}

static gboolean
is_mark (const char *text)
{
  return g_str_has_prefix (text, "°") || g_str_has_prefix (text, "º") || g_str_has_prefix (text, "′") || g_str_has_prefix (text, "″") ||
         g_str_has_prefix (text, "’") || g_str_has_prefix (text, "”") || *text == '\'' || *text == '"';
}

static gboolean
take_hemisphere (const char **text,
                 const char  *letters,
                 double      *sign)
{
  if (**text == '\0' || strchr (letters, g_ascii_toupper (**text)) == NULL)
    return FALSE;

  *sign = g_ascii_toupper (**text) == letters[0] ? 1 : -1;
  (*text)++;

  return TRUE;
}

/* Degrees, or degrees with minutes and seconds; NaN where it is none. Numbers that only spaces part belong together
 * where letters say which coordinate is which. */
static double
take_degrees (const char **text,
              gboolean     lettered)
{
  double sum = 0;
  double unit = 1;
  guint  n = 0;

  while (n < 3 && g_ascii_isdigit (**text))
    {
      char    *end;
      double   number = g_ascii_strtod (*text, &end);
      gboolean marked = is_mark (end);

      if (n > 0 && number >= 60)
        return NAN;
      sum += number * unit;
      unit /= 60;
      n++;
      *text = end;
      while (is_mark (*text))
        *text = g_utf8_next_char (*text);
      if (!marked && !lettered)
        break;
      *text += strspn (*text, " ");
    }

  return n > 0 ? sum : NAN;
}

/* @letters: positive and negative, before or behind; "" for a plain number. Moves @text behind it. */
static double
take_coordinate (const char **text,
                 const char  *letters,
                 gboolean     lettered)
{
  double   sign = 1;
  double   sum;
  gboolean minus;
  gboolean named;

  *text += strspn (*text, " ,;");
  named = take_hemisphere (text, letters, &sign);
  *text += strspn (*text, " ");
  minus = **text == '-';
  *text += minus;
  sum = take_degrees (text, lettered && *letters != '\0');
  *text += strspn (*text, " ");
  if (!named)
    take_hemisphere (text, letters, &sign);

  return minus ? -sum : sign * sum;
}

static char *
format_point (double latitude,
              double longitude,
              double altitude,
              double accuracy)
{
  char latitude_text[32], longitude_text[32], altitude_text[32], accuracy_text[32];

  g_ascii_formatd (latitude_text, sizeof latitude_text, "%.9g", latitude);
  g_ascii_formatd (longitude_text, sizeof longitude_text, "%.9g", longitude);
  g_ascii_formatd (altitude_text, sizeof altitude_text, "%.6g", isnan (altitude) ? 0 : altitude);
  g_ascii_formatd (accuracy_text, sizeof accuracy_text, "%.6g", isnan (accuracy) ? 0 : accuracy);

  return g_strdup_printf ("%s %s %s %s", latitude_text, longitude_text, altitude_text, accuracy_text);
}

char *
mere_question_parse_point (const char  *typed,
                           const char **why)
{
  g_autofree char *plain = dup_plain (typed);
  const char      *rest = plain;
  gboolean         lettered = strpbrk (plain, "NSns") != NULL;
  double           latitude, longitude, altitude, accuracy;

  if (*plain == '\0')
    return g_strdup ("");
  if (mere_grid_reference_parse (plain, &latitude, &longitude))
    return format_point (latitude, longitude, 0, 0);

  latitude = take_coordinate (&rest, "NS", lettered);
  longitude = take_coordinate (&rest, "EW", lettered);
  altitude = take_coordinate (&rest, "", FALSE);
  accuracy = take_coordinate (&rest, "", FALSE);
  if (isnan (latitude) || isnan (longitude) || fabs (latitude) > 90 || fabs (longitude) > 180 || *rest != '\0')
    return refuse (why, _ ("Write latitude and longitude, as 14.5833 -90.5211 or 14°35'0\"N 90°31'16\"W, or a grid reference, as 15P YS 67082 13693. This is not saved."));

  return format_point (latitude, longitude, altitude, accuracy);
}

static char *
dup_degrees (double degrees,
             char   letter)
{
  int seconds = (int) lround (fabs (degrees) * 3600);

  return g_strdup_printf ("%d°%02d′%02d″ %c", seconds / 3600, seconds / 60 % 60, seconds % 60, letter);
}

char *
mere_question_show_point (const char *value)
{
  char            *end;
  double           latitude = g_ascii_strtod (value, &end);
  double           longitude = g_ascii_strtod (end, NULL);
  g_autofree char *north = dup_degrees (latitude, latitude < 0 ? 'S' : 'N');
  g_autofree char *east = dup_degrees (longitude, longitude < 0 ? 'W' : 'E');
  g_autofree char *reference = mere_grid_reference_format (latitude, longitude);

  if (*value == '\0')
    return g_strdup ("");

  return g_strdup_printf ("%s %s%s%s", north, east, reference != NULL ? " · " : "", reference != NULL ? reference : "");
}

char *
mere_question_show_date (const char       *value,
                         MereQuestionGrain grain)
{
  int year, month, day;

  if (sscanf (value, "%4d-%2d-%2d", &year, &month, &day) != 3)
    return g_strdup (value);

  if (grain == MERE_QUESTION_YEAR)
    return g_strdup_printf ("%04d", year);
  if (grain == MERE_QUESTION_MONTH)
    return g_strdup_printf ("%04d-%02d", year, month);

  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

char *
mere_question_show_time (const char *value)
{
  const char *t = strchr (value, 'T');
  const char *time = t != NULL ? t + 1 : value;
  int         hour, minute, second = 0;

  if (sscanf (time, "%2d:%2d:%2d", &hour, &minute, &second) < 2)
    return g_strdup ("");
  if (second == 0)
    return g_strdup_printf ("%02d:%02d", hour, minute);

  return g_strdup_printf ("%02d:%02d:%02d", hour, minute, second);
}

char *
mere_question_show_date_long (const char       *value,
                              MereQuestionGrain grain)
{
  int year, month, day;
  g_autoptr (GDateTime) date = NULL;

  if (grain == MERE_QUESTION_YEAR || sscanf (value, "%4d-%2d-%2d", &year, &month, &day) != 3)
    return g_strdup ("");

  date = g_date_time_new_local (year, month, day, 12, 0, 0);
  if (date == NULL)
    return g_strdup ("");

  /* Translators: a date in full, to check what was typed: “Tuesday, 24 November 2026”; and a month: “November 2026”. */
  return g_date_time_format (date, grain == MERE_QUESTION_DAY ? _ ("%A, %-d %B %Y") : _ ("%B %Y"));
}

char *
mere_question_show_decimal (const char *value)
{
  gsize length = strlen (value);

  return g_strndup (value, g_str_has_suffix (value, ".0") ? length - strlen (".0") : length);
}

char *
mere_question_show_number (const char *value)
{
  GString    *shown = g_string_new (NULL);
  const char *digits = value + (*value == '-');
  gsize       whole = strspn (digits, "0123456789");

  if (*value == '-')
    g_string_append_c (shown, '-');
  for (gsize i = 0; i < whole; i++)
    {
      if (i > 0 && (whole - i) % 3 == 0)
        g_string_append_unichar (shown, NARROW_NO_BREAK_SPACE);
      g_string_append_c (shown, digits[i]);
    }
  g_string_append (shown, digits + whole);

  return g_string_free (shown, FALSE);
}
