/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "app/forms/session.h"

G_BEGIN_DECLS

/* What people type, and what an instance stores. Digits of any script are taken. Each parser answers the value as the
 * instance stores it (transfer full), "" for nothing typed, or NULL with @why, a sentence for under the field. */

char *mere_question_parse_integer (const char *typed, const char **why);
char *mere_question_parse_decimal (const char *typed, const char **why);

/* "2026-11-24", "24.11.2026", "24/11/26"; the order of day and month as in the locale; "2026-11" and "2026" where
 * @least says that month or year are enough (they become the first of it). */
typedef enum {
  MERE_QUESTION_DAY,
  MERE_QUESTION_MONTH,
  MERE_QUESTION_YEAR,
} MereQuestionGrain;

char *mere_question_parse_date (const char *typed, MereQuestionGrain least, const char **why);
/* "14:05", "1405", "9": "14:05:00.000+01:00", with the offset that holds here now. */
char *mere_question_parse_time (const char *typed, const char **why);
/* A date and a time of the parsers above: with the offset that holds here then; "" when one is empty. */
char *mere_question_join_date_time (const char *date, const char *time);

/* "14.5833 -90.5211", "14°35'0\"N 90°31'16\"W", "N 14 35 00 W 90 31 16", with altitude and accuracy in metres behind, or
 * not; "15P YS 67082 13693". */
char *mere_question_parse_point (const char *typed, const char **why);

/* The way back: (transfer full) what the field shows. */
char *mere_question_show_date (const char *value, MereQuestionGrain grain); /* of a date or dateTime */
char *mere_question_show_time (const char *value);                          /* of a time or dateTime */
char *mere_question_show_date_long (const char *value, MereQuestionGrain grain);
char *mere_question_show_decimal (const char *value); /* "2" of "2.0" */
char *mere_question_show_point (const char *value);   /* "14°35′00″ N 90°31′16″ W · 15P YS 67082 13693": to check it by */
char *mere_question_show_number (const char *value);  /* "1 234 567": groups of three */

G_END_DECLS
