/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Short names of months and days: abbreviated, for use in a date, of the Unicode CLDR. What a form stores must not hang
 * on the locales that a machine has, so they stand here. ODK XForms, format-date(): the form's locale if it can be
 * determined, else the client's. */

#include "config.h"

#include "app/forms/date-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *code; /* ISO 639 */
  const char *months[12];
  const char *days[7];
} languages[] = {
  { "ar",
    { "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر" },
    { "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت" } },
  { "en",
    { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
    { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" } },
  { "es",
    { "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic" },
    { "dom", "lun", "mar", "mié", "jue", "vie", "sáb" } },
  { "fr",
    { "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc." },
    { "dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam." } },
  { "pt",
    { "jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez." },
    { "dom.", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb." } },
  { "ru",
    { "янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек." },
    { "вс", "пн", "вт", "ср", "чт", "пт", "сб" } },
};

/* Names in the client's language. */
static const char *const client_months[] = { N_ ("Jan"), N_ ("Feb"), N_ ("Mar"), N_ ("Apr"), N_ ("May"), N_ ("Jun"), N_ ("Jul"), N_ ("Aug"), N_ ("Sep"), N_ ("Oct"), N_ ("Nov"), N_ ("Dec") };
static const char *const client_days[] = { N_ ("Sun"), N_ ("Mon"), N_ ("Tue"), N_ ("Wed"), N_ ("Thu"), N_ ("Fri"), N_ ("Sat") };

/* The row of a language, or -1. */
static int
find (const char *language)
{
  const char *open = language != NULL ? strrchr (language, '(') : NULL;
  const char *code = open != NULL ? open + 1 : language;
  gsize       length = code != NULL ? strcspn (code, "-_) ") : 0;

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (strlen (languages[i].code) == length && g_ascii_strncasecmp (languages[i].code, code, length) == 0)
      return (int) i;
  return -1;
}

const char *
mere_month_name (const char *language, int month)
{
  int row = find (language);

  return row >= 0 ? languages[row].months[month - 1] : _ (client_months[month - 1]);
}

const char *
mere_day_name (const char *language, int day_of_week)
{
  int row = find (language);

  return row >= 0 ? languages[row].days[day_of_week] : _ (client_days[day_of_week]);
}
