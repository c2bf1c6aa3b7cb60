/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "Date and Time Functions". */

#include "config.h"

#include "app/forms/dates.h"
#include "app/forms/instance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

static void
fn_today (CALL_ARGS)
{
  MereDateTime now;

  mere_date_time_now (&now);
  now.has_time = FALSE;
  mere_value_take_date (result, mere_date_time_to_days (&now), mere_date_time_format (&now));
}

static void
fn_now (CALL_ARGS)
{
  MereDateTime now;

  mere_date_time_now (&now);
  mere_value_take_date (result, mere_date_time_to_days (&now), mere_date_time_format_full (&now));
}

/* "2026-1-5", which some forms put together by hand. */
static char *
pad (const char *text)
{
  int year, month, day, used = 0;

  if (!g_ascii_isdigit (*text) || sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used == 0)
    return NULL;
  return g_strdup_printf ("%04d-%02d-%02d%s", year, month, day, text + used);
}

/* As the local clock shows it. */
static gboolean
read_moment (const MereValue *value, MereDateTime *moment)
{
  g_autofree char *owned = NULL, *padded = NULL;
  const char      *text;

  if (value->kind == MERE_VALUE_NUMBER)
    return mere_date_time_from_days (value->number, moment);
  if (value->kind == MERE_VALUE_BOOLEAN)
    return FALSE;
  text = mere_value_to_string (value, &owned);
  if (!mere_date_time_parse (text, moment))
    {
      padded = pad (text);
      if (padded == NULL || !mere_date_time_parse (padded, moment))
        return FALSE;
    }
  mere_date_time_make_local (moment);
  return TRUE;
}

static void
fn_date (CALL_ARGS)
{
  MereValue    value;
  MereDateTime moment;

  mere_evaluate (evaluation, args[0], &value);
  if (read_moment (&value, &moment))
    mere_value_take_date (result, mere_date_time_to_days (&moment), mere_date_time_format (&moment));
  else
    mere_value_borrow (result, "");
  mere_value_clear (&value);
}

static void
fn_decimal_date_time (CALL_ARGS)
{
  MereValue    value;
  MereDateTime moment;
  double       days = NAN;

  mere_evaluate (evaluation, args[0], &value);
  if (read_moment (&value, &moment))
    days = mere_date_time_to_days (&moment);
  mere_value_clear (&value);
  mere_value_number (result, days);
}

static void
fn_decimal_time (CALL_ARGS)
{
  g_autofree char *text = mere_evaluate_string (evaluation, args[0]);
  MereDateTime     time, local;

  if (!mere_time_parse (text, &time))
    {
      mere_value_number (result, NAN);
      return;
    }
  if (time.has_offset)
    {
      time.year = 1970;
      time.month = time.day = 1;
      if (mere_date_time_from_days (mere_date_time_to_days (&time), &local) && local.has_time)
        time = local;
      else
        time.hour = time.minute = time.second = time.millisecond = 0;
    }
  mere_value_number (result, (((time.hour * 60 + time.minute) * 60 + time.second) * 1000.0 + time.millisecond) / 86400000.0);
}

/* ODK's clients know the letters of times in format-date(), too. */
static void
fn_format_date (CALL_ARGS)
{
  g_autofree char *pattern = mere_evaluate_string (evaluation, args[1]);
  MereValue        value;
  MereDateTime     moment;

  mere_evaluate (evaluation, args[0], &value);
  if (read_moment (&value, &moment))
    mere_value_take (result, mere_date_time_strftime (&moment, pattern, mere_form_session_get_language (evaluation->session)));
  else
    mere_value_borrow (result, "");
  mere_value_clear (&value);
}

const MereFunction mere_functions_date[] = {
  { "today", 0, 0, fn_today, MERE_FUNCTION_VOLATILE },
  { "now", 0, 0, fn_now, MERE_FUNCTION_VOLATILE },
  { "format-date", 2, 2, fn_format_date, MERE_FUNCTION_LANGUAGE },
  { "format-date-time", 2, 2, fn_format_date, MERE_FUNCTION_LANGUAGE },
  { "date", 1, 1, fn_date, 0 },
  { "date-time", 1, 1, fn_date, 0 },
  { "decimal-date-time", 1, 1, fn_decimal_date_time, 0 },
  { "decimal-time", 1, 1, fn_decimal_time, 0 },
  { NULL },
};
