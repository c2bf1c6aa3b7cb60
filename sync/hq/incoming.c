/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where copies of bundles lie while they are taken in. */

#include "config.h"

#include "sync/hq/incoming.h"

#include "sync/road.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* "incoming/HOST-PID": the folder may be shared by several machines. */
static char *
name_of (int process)
{
  return g_strdup_printf ("%s-%d", g_get_host_name (), process);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) files = g_dir_open (path, 0, NULL);
  const char *file;

  while (files != NULL && (file = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *target = g_build_filename (path, file, NULL);

      g_unlink (target);
    }
  g_rmdir (path);
}

/* Whether a folder is that of a process of this machine that is no more. */
static gboolean
is_left (const char *name)
{
  const char      *dash = strrchr (name, '-');
  int              process = dash != NULL ? atoi (dash + 1) : 0;
  g_autofree char *own = name_of (process);
  g_autofree char *alive = g_strdup_printf ("/proc/%d", process);

  return process > 0 && g_str_equal (own, name) && !g_file_test (alive, G_FILE_TEST_EXISTS);
}

static void
remove_left (const char *folder)
{
  g_autoptr (GDir) names = g_dir_open (folder, 0, NULL);
  const char *name;

  while (names != NULL && (name = g_dir_read_name (names)) != NULL)
    {
      g_autofree char *path = is_left (name) ? g_build_filename (folder, name, NULL) : NULL;

      if (path != NULL)
        remove_folder (path);
    }
}

char *
mere_incoming_open (MereStore *store,
                    GError   **error)
{
  g_autofree char *folder = mere_road_dup_folder (store, MERE_ROAD_INCOMING, error);
  g_autofree char *own = NULL;
  g_autofree char *name = NULL;

  if (folder == NULL || !mere_store_is_shared (store))
    return g_steal_pointer (&folder);
  remove_left (folder);
  own = name_of (getpid ());
  name = g_build_filename (MERE_ROAD_INCOMING, own, NULL);
  return mere_road_dup_folder (store, name, error);
}

void
mere_incoming_close (MereStore  *store,
                     const char *folder)
{
  if (mere_store_is_shared (store))
    remove_folder (folder);
}
