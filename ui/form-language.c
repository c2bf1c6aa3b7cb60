/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/form-language.h"

#include <string.h>

/* Languages that are written from right to left, by ISO 639. */
static const char *const right_to_left[] = {
  "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi", NULL
};

/* "ar" of "العربية (ar)", of "ar" and of "ar-EG". */
static char *
dup_code (const char *language)
{
  const char *open = strrchr (language, '(');
  const char *code = open != NULL ? open + 1 : language;
  gsize       length = strcspn (code, "-_) ");

  return g_ascii_strdown (code, length);
}

GtkTextDirection
mere_form_language_get_direction (const char *language)
{
  g_autofree char *code = NULL;

  if (*language == '\0' || g_ascii_strcasecmp (language, "default") == 0)
    return gtk_widget_get_default_direction ();

  code = dup_code (language);

  return g_strv_contains (right_to_left, code) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR;
}

static const char *
find (const char *const *languages,
      const char        *code)
{
  for (guint i = 0; languages != NULL && languages[i] != NULL; i++)
    {
      g_autofree char *own = dup_code (languages[i]);

      if (g_str_equal (own, code))
        return languages[i];
    }

  return NULL;
}

const char *
mere_form_language_pick (const char *const *languages)
{
  const char *const *spoken = g_get_language_names ();

  for (guint i = 0; spoken[i] != NULL; i++)
    {
      g_autofree char *code = dup_code (spoken[i]);
      const char      *language = find (languages, code);

      if (language != NULL)
        return language;
    }

  return NULL;
}
