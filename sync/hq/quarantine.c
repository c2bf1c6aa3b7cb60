/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is held back. */

#include "config.h"

#include "sync/hq/quarantine.h"

#include "sync/bundle-format.h"
#include "sync/minisign.h"
#include "sync/road.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "quarantine"
#define PLACE_LENGTH 32 /* digits of the hash that name a place */

static gboolean
fail (const char *path,
      GError    **error)
{
  int failure = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), _ ("“%s” was not written: %s"), path, g_strerror (failure));
  return FALSE;
}

/* Every .age in every place. */
static GPtrArray *
list_below (const char *folder)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) places = g_dir_open (folder, 0, NULL);
  const char *place;

  while (places != NULL && (place = g_dir_read_name (places)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, place, NULL);
      g_autoptr (GDir) files = g_dir_open (path, 0, NULL);
      const char *file;

      while (files != NULL && (file = g_dir_read_name (files)) != NULL)
        if (g_str_has_suffix (file, MERE_BUNDLE_SUFFIX))
          g_ptr_array_add (list, g_build_filename (path, file, NULL));
    }
  return list;
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
mere_quarantine_list (MereStore *store,
                      GError   **error)
{
  g_autofree char *folder = mere_road_dup_folder (store, FOLDER, error);
  GPtrArray       *list;

  if (folder == NULL)
    return NULL;
  list = list_below (folder);
  g_ptr_array_sort (list, compare_paths);
  return list;
}

static guint64
measure (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (guint64) status.st_size : 0;
}

static gboolean
has_room (GPtrArray *list,
          guint64    size)
{
  for (guint i = 0; i < list->len; i++)
    size += measure (list->pdata[i]);
  return size <= MERE_QUARANTINE_MAX_SIZE;
}

/* Copies on their way in are not flushed. */
static gboolean
flush (const char *path,
       GError    **error)
{
  int      file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean done = file >= 0 && fsync (file) == 0;

  if (!done)
    fail (path, error);
  if (file >= 0)
    close (file);
  return done;
}

/* The signature first: a .age that is listed has it. */
static gboolean
move_pair (const char *path,
           const char *place,
           GError    **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *target = g_build_filename (place, name, NULL);
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autofree char *target_signature = g_strconcat (target, MERE_MINISIGN_SUFFIX, NULL);

  if (!flush (signature, error) || !flush (path, error))
    return FALSE;
  if (g_mkdir_with_parents (place, 0700) != 0 || g_rename (signature, target_signature) != 0 || g_rename (path, target) != 0)
    return fail (target, error);
  return flush (place, error);
}

static void
remove_pair (const char *path)
{
  g_autofree char *signature = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);

  g_unlink (path);
  g_unlink (signature);
}

gboolean
mere_quarantine_keep (MereStore  *store,
                      const char *path,
                      const char *b2,
                      gboolean   *kept,
                      GError    **error)
{
  g_autofree char *folder = mere_road_dup_folder (store, FOLDER, error);
  g_autofree char *digits = g_strndup (b2, PLACE_LENGTH);
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *place = NULL;

  if (folder == NULL)
    return FALSE;
  list = list_below (folder);
  *kept = has_room (list, measure (path));
  place = g_build_filename (folder, digits, NULL);
  if (*kept)
    return move_pair (path, place, error);
  remove_pair (path);
  return TRUE;
}

void
mere_quarantine_remove (const char *path)
{
  g_autofree char *place = g_path_get_dirname (path);

  remove_pair (path);
  g_rmdir (place);
}
