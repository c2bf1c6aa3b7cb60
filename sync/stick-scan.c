/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking through a stick of anybody's: names only. What is called like one of ours is listed; whether it is, the copy's
 * signature will tell. */

#include "config.h"

#include <string.h>

#include "sync/stick-private.h"

typedef struct
{
  MereStick    *stick;
  GCancellable *cancellable;
  GPtrArray    *found;
  guint         n_names; /* seen on the whole stick */
  gboolean      passed_over;
} Scan;

/* One folder's names, gathered first: what they lead to is opened when the listing is over. */
typedef struct
{
  Scan       *scan;
  GPtrArray  *folders;
  GPtrArray  *files;
  GHashTable *signatures; /* names of the main files that have one */
} Listing;

static void
listing_clear (Listing *self)
{
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->signatures, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

void
mere_stick_found_free (MereStickFound *self)
{
  if (self == NULL)
    return;

  g_free (self->folder);
  g_free (self->name);
  g_free (self);
}

static void
note_file (Listing    *self,
           const char *name)
{
  MereStickName kind = mere_stick_name_kind (name);

  if (kind == MERE_STICK_NAME_SIGNATURE)
    g_hash_table_add (self->signatures, g_strndup (name, strlen (name) - strlen (MERE_MINISIGN_SUFFIX)));
  else if (kind != MERE_STICK_NAME_NONE)
    g_ptr_array_add (self->files, g_strdup (name));
}

static gboolean
note (gpointer       user_data,
      const char    *name,
      MereVolumeType type)
{
  Listing *self = user_data;

  if (type == MERE_VOLUME_FILE)
    note_file (self, name);
  else if (type == MERE_VOLUME_FOLDER)
    g_ptr_array_add (self->folders, g_strdup (name));

  return ++self->scan->n_names < MERE_STICK_MAX_NAMES;
}

/* One that cannot be opened as a plain file any more is passed over. */
static void
add_found (const Listing         *listing,
           const MereStickHandle *folder,
           const char            *path,
           const char            *name)
{
  MereStickFound *found;
  guint64         size;
  int             file = folder->volume->open_file (folder->volume, folder->number, name, &size);

  if (file < 0)
    {
      listing->scan->passed_over = TRUE;
      return;
    }
  folder->volume->close (folder->volume, file);

  found = g_new0 (MereStickFound, 1);
  found->folder = g_strdup (path);
  found->name = g_strdup (name);
  found->size = size;
  found->finished = g_hash_table_contains (listing->signatures, name);
  found->enrolment = mere_stick_name_kind (name) == MERE_STICK_NAME_ENROLMENT;
  g_ptr_array_add (listing->scan->found, found);
}

/* Goes down no further than MERE_STICK_MAX_DEPTH, which bounds the recursion and the open handles. */
static gboolean
look_into (Scan                  *scan,
           const MereStickHandle *folder,
           const char            *path,
           guint                  depth,
           GError               **error)
{
  g_auto (Listing) listing = { scan, g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free),
                               g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  int failure = folder->volume->list (folder->volume, folder->number, note, &listing);

  if (!mere_stick_check_cancelled (scan->cancellable, error))
    return FALSE;
  if (scan->n_names >= MERE_STICK_MAX_NAMES)
    return mere_stick_refuse (MERE_STICK_ERROR_CROWDED, NULL, error);
  if (failure != 0 && depth == 0)
    return mere_stick_fail (MERE_STICK_READING, failure, NULL, error);
  scan->passed_over |= failure != 0;

  for (guint i = 0; i < listing.files->len; i++)
    add_found (&listing, folder, path, listing.files->pdata[i]);
  for (guint i = 0; i < listing.folders->len && depth < MERE_STICK_MAX_DEPTH; i++)
    {
      const char      *name = listing.folders->pdata[i];
      g_autofree char *below = *path == '\0' ? g_strdup (name) : g_strconcat (path, "/", name, NULL);
      g_auto (MereStickHandle) child = { folder->volume, folder->volume->open_folder (folder->volume, folder->number, name) };

      scan->passed_over |= child.number < 0;
      if (child.number >= 0 && !look_into (scan, &child, below, depth + 1, error))
        return FALSE;
    }

  return TRUE;
}

static gint
compare_found (gconstpointer a,
               gconstpointer b)
{
  const MereStickFound *one = *(const MereStickFound *const *) a;
  const MereStickFound *other = *(const MereStickFound *const *) b;
  gint                  order = strcmp (one->folder, other->folder);

  return order != 0 ? order : strcmp (one->name, other->name);
}

static gboolean
pass (gpointer       user_data,
      const char    *name,
      MereVolumeType type)
{
  return TRUE;
}

GPtrArray *
mere_stick_scan (MereStick    *self,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_stick_found_free);
  const MereStickHandle root = { self->volume, 0 };
  Scan                  scan = { self, cancellable, found, 0, FALSE };

  if (!look_into (&scan, &root, "", 0, error))
    return NULL;
  if (scan.passed_over)
    {
      /* One bad folder, or the whole stick? The root tells. */
      int failure = self->volume->list (self->volume, 0, pass, NULL);

      if (failure != 0)
        {
          mere_stick_fail (MERE_STICK_READING, failure, NULL, error);
          return NULL;
        }
    }
  g_ptr_array_sort (found, compare_found);

  return g_steal_pointer (&found);
}
