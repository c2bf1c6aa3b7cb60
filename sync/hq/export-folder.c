/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folder of an export: made aside, then put in its place. */

#include "config.h"

#include "sync/hq/export-folder.h"

#include "app/store/attachment.h"
#include "sync/hq/csv.h"
#include "sync/hq/file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MEDIA "media"
#define FORMS MERE_EXPORT_FORMS
#define DEPTH 4      /* folders: forms/FORM/instances/uuid… */
#define MAX_NAME 200 /* bytes of a file's name before its suffix */

struct _MereExportFolder
{
  char       *path;
  char       *work;
  gboolean    replace;
  GHashTable *names; /* that were given out, folded */
  GHashTable *media; /* b2 → file name */
  MereSheet  *index; /* of media; NULL while there is none */
};

static gboolean
fail (const char *path,
      int         failure,
      GError    **error)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failure), _ ("“%s” was not written: %s"), path, g_strerror (failure));
  return FALSE;
}

/* What an export has below it, and no more: folders within folders as deep as the layout of ODK goes. A link is removed, not
 * followed. */
static void
remove_tree (const char *path,
             guint       depth)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_unlink (file) != 0 && depth > 0 && !g_file_test (file, G_FILE_TEST_IS_SYMLINK))
        remove_tree (file, depth - 1);
    }
  g_rmdir (path);
}

/* Whether a folder holds nothing but what exports write. */
static gboolean
is_export (const char *path)
{
  static const char *const suffixes[] = { ".csv", ".xlsx", ".jsonl", ".geojson" };
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      gboolean known = g_str_equal (name, MEDIA) || g_str_equal (name, FORMS);

      for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
        known = known || g_str_has_suffix (name, suffixes[i]);
      if (!known)
        return FALSE;
    }
  return folder != NULL;
}

static gboolean
is_empty (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  return folder != NULL && g_dir_read_name (folder) == NULL;
}

static gboolean
check_place (const char *path,
             gboolean    replace,
             GError    **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) || is_empty (path) || (replace && is_export (path)))
    return TRUE;
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_EXIST,
               replace ? _ ("“%s” holds more than an export. Nothing was written; name another folder.")
                       : _ ("“%s” is there already. Nothing was written; name another folder, or give --force to replace an earlier export."),
               path);
  return FALSE;
}

MereExportFolder *
mere_export_folder_new (const char *path,
                        gboolean    replace,
                        GError    **error)
{
  g_autoptr (MereExportFolder) self = g_new0 (MereExportFolder, 1);
  g_autofree char *clean = g_canonicalize_filename (path, NULL);
  g_autofree char *parent = g_path_get_dirname (clean);
  g_autofree char *work = g_strconcat (clean, ".XXXXXX", NULL);

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->media = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->replace = replace;
  if (!check_place (clean, replace, error))
    return NULL;
  if (g_mkdir_with_parents (parent, 0700) != 0 || g_mkdtemp (work) == NULL)
    {
      fail (clean, errno, error);
      return NULL;
    }
  self->path = g_steal_pointer (&clean);
  self->work = g_steal_pointer (&work);
  return g_steal_pointer (&self);
}

void
mere_export_folder_free (MereExportFolder *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->index, mere_sheet_free);
  if (self->work != NULL)
    remove_tree (self->work, DEPTH);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->media);
  g_free (self->path);
  g_free (self->work);
  g_free (self);
}

/* Names that differ in case only are one name on some systems. */
char *
mere_export_folder_dup_path (MereExportFolder *self,
                             const char       *below,
                             const char       *name,
                             const char       *suffix)
{
  g_autofree char *clean = mere_file_name_clean (name, MAX_NAME);
  const char      *folder = below != NULL ? below : "";

  for (guint n = 1;; n++)
    {
      g_autofree char *file = n == 1 ? g_strconcat (clean, suffix, NULL) : g_strdup_printf ("%s~%u%s", clean, n, suffix);
      g_autofree char *place = g_build_filename (folder, file, NULL);

      if (g_hash_table_add (self->names, g_utf8_casefold (place, -1)))
        return g_build_filename (self->work, place, NULL);
    }
}

const char *
mere_export_folder_get_work (MereExportFolder *self)
{
  return self->work;
}

gboolean
mere_export_folder_make (const char *path,
                         GError    **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 || fail (path, errno, error);
}

static void
add_line (MereSheet         *sheet,
          const char *const *cells,
          guint              n)
{
  for (guint i = 0; i < n; i++)
    mere_sheet_add_text (sheet, cells[i]);
}

static gboolean
begin_media (MereExportFolder *self,
             GError          **error)
{
  static const char *const head[] = { "KEY", "name", "file", "type", "size", "b2" };
  g_autofree char         *folder = g_build_filename (self->work, MEDIA, NULL);
  g_autofree char         *index = NULL;

  if (self->index != NULL)
    return TRUE;
  if (g_mkdir (folder, 0700) != 0)
    return fail (folder, errno, error);
  index = mere_export_folder_dup_path (self, MEDIA, "index", ".csv");
  self->index = mere_csv_new (index, error);
  if (self->index == NULL)
    return FALSE;
  add_line (self->index, head, G_N_ELEMENTS (head));
  return mere_sheet_end_row (self->index, error);
}

gboolean
mere_export_copy_attachment (MereStore  *store,
                             const char *b2,
                             const char *path,
                             GError    **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GInputStream) from = mere_attachment_open (store, b2, 0, error);
  g_autoptr (GFileOutputStream) to = from != NULL ? g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, error) : NULL;

  return to != NULL && g_output_stream_splice (G_OUTPUT_STREAM (to),
                                               from,
                                               G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                               NULL,
                                               error) >= 0;
}

/* The name of the file in "media" that has the content; written where it is not there yet. */
static const char *
take_file (MereExportFolder     *self,
           MereStore            *store,
           const MereAttachment *attachment,
           guint                *n_files,
           GError              **error)
{
  const char      *known = g_hash_table_lookup (self->media, attachment->b2);
  const char      *dot = strrchr (attachment->name, '.');
  g_autofree char *stem = g_strndup (attachment->name, dot != NULL ? (gsize) (dot - attachment->name) : strlen (attachment->name));
  g_autofree char *path = NULL;
  char            *name;

  if (known != NULL)
    return known;
  path = mere_export_folder_dup_path (self, MEDIA, stem, dot != NULL ? dot : "");
  if (!mere_export_copy_attachment (store, attachment->b2, path, error))
    return NULL;
  (*n_files)++;
  name = g_path_get_basename (path);
  g_hash_table_insert (self->media, g_strdup (attachment->b2), name);
  return name;
}

static gboolean
add_file (MereExportFolder     *self,
          MereStore            *store,
          const char           *record,
          const MereAttachment *attachment,
          guint                *n_files,
          GError              **error)
{
  const char       *file = begin_media (self, error) ? take_file (self, store, attachment, n_files, error) : NULL;
  g_autofree char  *size = g_strdup_printf ("%" G_GINT64_FORMAT, attachment->size);
  const char *const cells[] = { record, attachment->name, file, attachment->mime, size, attachment->b2 };

  if (file == NULL)
    return FALSE;
  add_line (self->index, cells, G_N_ELEMENTS (cells));
  return mere_sheet_end_row (self->index, error);
}

gboolean
mere_export_folder_add_media (MereExportFolder *self,
                              MereStore        *store,
                              const char       *record,
                              guint            *n_files,
                              GError          **error)
{
  g_autoptr (GPtrArray) list = mere_attachment_list_of_record (store, record, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MereAttachment *attachment = list->pdata[i];

      /* One that is still on its way has a name, but no type. */
      if (attachment->mime != NULL && !add_file (self, store, record, attachment, n_files, error))
        return FALSE;
    }
  return list != NULL;
}

/* The earlier export steps aside, and comes back if the new one cannot take its place. */
static gboolean
put_in_place (MereExportFolder *self,
              GError          **error)
{
  g_autofree char *aside = g_strconcat (self->work, ".old", NULL);
  gboolean         moved = FALSE;

  if (self->replace && g_file_test (self->path, G_FILE_TEST_EXISTS))
    {
      if (g_rename (self->path, aside) != 0)
        return fail (self->path, errno, error);
      moved = TRUE;
    }
  if (g_rename (self->work, self->path) != 0)
    {
      int failure = errno;

      if (moved)
        g_rename (aside, self->path);
      return fail (self->path, failure, error);
    }
  if (moved)
    remove_tree (aside, DEPTH);
  g_clear_pointer (&self->work, g_free);
  return TRUE;
}

gboolean
mere_export_folder_finish (MereExportFolder *self,
                           GError          **error)
{
  if (self->index != NULL && !mere_sheet_finish (self->index, error))
    return FALSE;
  return put_in_place (self, error);
}
