/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "ui/language.h"

#include <locale.h>

#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>

#include "ui/remembered.h"

void
mere_language_choose (void)
{
  g_autofree char *language = mere_remembered_dup_language ();
  const char      *catalogues = g_getenv ("MERESTONE_LOCALE_DIR");

  if (*language != '\0')
    g_setenv ("LANGUAGE", language, TRUE);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, catalogues != NULL ? catalogues : MERE_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

void
mere_language_set_direction (void)
{
  /* Translators: “rtl” for a language that is written from right to left, otherwise “ltr” */
  const char *direction = C_ ("direction", "ltr");

  gtk_widget_set_default_direction (g_str_equal (direction, "rtl") ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
}
