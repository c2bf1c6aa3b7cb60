/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window's program: `merestone [VAULT_FOLDER]`. */

#include "config.h"

#include "app/vault/secret.h"
#include "ui/application.h"
#include "ui/language.h"

/* Two thirds of a small GTK program's memory, and of its start, is the GL driver; lists and forms do not need it. Whoever
 * sets these in the environment keeps the last word. */
static void
prefer_drawing_without_gl (void)
{
  g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (MereApplication) application = NULL;

  mere_secret_forbid_dumps ();
  prefer_drawing_without_gl ();
  mere_language_choose ();

  application = mere_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
