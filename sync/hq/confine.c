/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What taking bundles in needs of the machine: headquarters' own folder, the sticks, and what libraries load while they run. */

#include "config.h"

#include "sync/hq/confine.h"

#include "sync/hq/sandbox.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Modules of GIO and of iconv, translations, time zones, chance. */
static const char *const libraries[] = { "/usr", "/lib", "/lib64", "/etc/localtime", "/etc/ld.so.cache", "/dev/null", "/dev/urandom",
                                         "/proc/self", MERE_LOCALE_DIR, NULL };

/* A file by itself lies beside its signature. */
static char *
dup_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_strdup (path) : g_path_get_dirname (path);
}

void
mere_hq_confine (MereHq      *hq,
                 char *const *sticks,
                 const char  *answer_to)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *own = mere_place_dup_folder (mere_hq_get_place (hq));
  g_auto (GStrv) write = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (own, 0700); /* leave is given to what is there */
  g_strv_builder_add (builder, own);
  if (answer_to != NULL)
    g_strv_builder_add (builder, answer_to);
  for (; *sticks != NULL; sticks++)
    {
      g_autofree char *folder = dup_folder (*sticks);

      g_strv_builder_add (builder, folder);
    }
  write = g_strv_builder_end (builder);
  if (!mere_sandbox_enter (libraries, (const char *const *) write, &error))
    mere_hq_say (_ ("Taking bundles in without all of the sandbox: %s."), error->message);
}
