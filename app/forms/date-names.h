/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Short names of months and days for format-date(): in the language of the form where we have its names, else in the
 * client's. @language is as the form calls it: "Français (fr)", "fr" or "fr-FR"; NULL or "" without one. */
const char *mere_month_name (const char *language, int month);     /* 1 is January */
const char *mere_day_name (const char *language, int day_of_week); /* 0 is Sunday */

G_END_DECLS
