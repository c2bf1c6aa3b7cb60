/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window's program: `merestone [VAULT_FOLDER]`. */

#include "config.h"

#include <locale.h>

#include <glib/gi18n-lib.h>

#include "app/vault/secret.h"
#include "ui/application.h"
#include "ui/remembered.h"

/* Two thirds of a small GTK program's memory, and of its start, is the GL driver; lists and forms do not need it. Whoever
 * sets these in the environment keeps the last word. */
static void
prefer_drawing_without_gl (void)
{
  g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
}

static void
choose_language (void)
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

int
main (int   argc,
      char *argv[])
{
  g_autoptr (MereApplication) application = NULL;

  mere_secret_forbid_dumps ();
  prefer_drawing_without_gl ();
  choose_language ();

  application = mere_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
