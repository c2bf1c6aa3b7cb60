/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file system in memory. Nodes know their parent; a handle is an index into a table, 0 the root. Content is kept twice: as
 * a cache would have it, and as it reached the medium. */

#include "config.h"

#include "tests/sync/memory-volume.h"

#include <errno.h>
#include <string.h>

typedef struct _Node Node;

struct _Node
{
  Node          *parent;
  char          *name;
  MereVolumeType type;
  GByteArray    *cached;
  GByteArray    *medium;
  gsize          flushed;      /* bytes of medium that are safe */
  gboolean       name_flushed; /* its folder was flushed since */
};

typedef struct
{
  Node    *node;
  gsize    at;
  gboolean fresh;
} Handle;

static void
node_free (gpointer data)
{
  Node *self = data;

  g_free (self->name);
  g_byte_array_unref (self->cached);
  g_byte_array_unref (self->medium);
  g_free (self);
}

static Node *
add_node (MereMemoryVolume *self,
          Node             *parent,
          const char       *name,
          MereVolumeType    type)
{
  Node *node = g_new0 (Node, 1);

  node->parent = parent;
  node->name = g_strdup (name);
  node->type = type;
  node->cached = g_byte_array_new ();
  node->medium = g_byte_array_new ();
  g_ptr_array_add (self->nodes, node);

  return node;
}

static Node *
find_node (MereMemoryVolume *self,
           const Node       *parent,
           const char       *name)
{
  for (guint i = 1; i < self->nodes->len; i++)
    {
      Node *node = self->nodes->pdata[i];

      if (node->parent == parent && g_ascii_strcasecmp (node->name, name) == 0)
        return node;
    }

  return NULL;
}

static int
add_handle (MereMemoryVolume *self,
            Node             *node)
{
  Handle handle = { node, 0, FALSE };

  g_array_append_val (self->handles, handle);

  return (int) self->handles->len - 1;
}

static Handle *
get_handle (MereMemoryVolume *self,
            int               number)
{
  return &g_array_index (self->handles, Handle, number);
}

static void
note (MereMemoryVolume *self,
      const char       *what,
      const Node       *node)
{
  if (self->calls != NULL)
    g_string_append_printf (self->calls, "%s %s\n", what, node->parent == NULL ? "." : node->name);
}

/* One move of those that are left. */
static gboolean
move (MereMemoryVolume *self)
{
  if (self->moves_left == 0)
    self->pulled = TRUE;
  else if (self->moves_left > 0)
    self->moves_left--;

  return !self->pulled;
}

static int
memory_open_folder (MereVolume *volume,
                    int         folder,
                    const char *name)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Node             *node = self->pulled ? NULL : find_node (self, get_handle (self, folder)->node, name);

  if (self->pulled)
    return -EIO;
  if (node == NULL)
    return -ENOENT;

  return node->type == MERE_VOLUME_FOLDER ? add_handle (self, node) : -ENOTDIR;
}

static int
make_node (MereMemoryVolume *self,
           int               folder,
           const char       *name,
           MereVolumeType    type,
           Node            **made)
{
  Node *parent = get_handle (self, folder)->node;

  if (self->pulled)
    return -EIO;
  if (find_node (self, parent, name) != NULL)
    return -EEXIST;
  if (self->fixed != 0)
    return -self->fixed;
  if (!move (self))
    return -EIO;
  *made = add_node (self, parent, name, type);
  note (self, type == MERE_VOLUME_FOLDER ? "folder" : "create", *made);

  return 0;
}

static int
memory_make_folder (MereVolume *volume,
                    int         folder,
                    const char *name)
{
  Node *made;

  return make_node ((MereMemoryVolume *) volume, folder, name, MERE_VOLUME_FOLDER, &made);
}

static int
memory_create_file (MereVolume *volume,
                    int         folder,
                    const char *name)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Node             *made;
  int               failure = make_node (self, folder, name, MERE_VOLUME_FILE, &made);

  return failure != 0 ? failure : add_handle (self, made);
}

static int
memory_open_file (MereVolume *volume,
                  int         folder,
                  const char *name,
                  guint64    *size)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Node             *node = self->pulled ? NULL : find_node (self, get_handle (self, folder)->node, name);

  if (self->pulled)
    return -EIO;
  if (node == NULL)
    return -ENOENT;
  if (node->type != MERE_VOLUME_FILE)
    return node->type == MERE_VOLUME_OTHER ? -ELOOP : -EINVAL;
  *size = node->cached->len;

  return add_handle (self, node);
}

static gssize
memory_read (MereVolume *volume,
             int         file,
             guint8     *buffer,
             gsize       size)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Handle           *handle = get_handle (self, file);
  const GByteArray *content = handle->fresh ? handle->node->medium : handle->node->cached;
  gsize             n = MIN (size, content->len - handle->at);

  if (self->pulled)
    return -EIO;
  if (n > 0)
    memcpy (buffer, content->data + handle->at, n);
  handle->at += n;

  return (gssize) n;
}

/* As many bytes as there is life and room for. */
static gssize
memory_write (MereVolume   *volume,
              int           file,
              const guint8 *bytes,
              gsize         size)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Node             *node = get_handle (self, file)->node;
  gsize             n = 0;

  for (; n < size && self->room != 0 && move (self); n++)
    {
      guint8 kept = self->true_room == 0 ? 0 : bytes[n];

      g_byte_array_append (node->cached, &bytes[n], 1);
      g_byte_array_append (node->medium, &kept, 1);
      self->room -= self->room > 0;
      self->true_room -= self->true_room > 0;
    }
  note (self, "write", node);
  if (self->pulled)
    return -EIO;

  return n > 0 ? (gssize) n : -self->full;
}

static int
memory_flush (MereVolume *volume,
              int         number)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Node             *node = get_handle (self, number)->node;

  if (!move (self))
    return -EIO;
  note (self, "flush", node);
  node->flushed = node->medium->len;
  for (guint i = 1; i < self->nodes->len && node->type == MERE_VOLUME_FOLDER; i++)
    {
      Node *child = self->nodes->pdata[i];

      child->name_flushed |= child->parent == node;
    }

  return 0;
}

static int
memory_drop_cache (MereVolume *volume,
                   int         file)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;

  if (self->pulled)
    return -EIO;
  get_handle (self, file)->fresh = TRUE;
  note (self, "read", get_handle (self, file)->node);

  return 0;
}

static gboolean
has_children (MereMemoryVolume *self,
              const Node       *node)
{
  for (guint i = 1; i < self->nodes->len; i++)
    if (((Node *) self->nodes->pdata[i])->parent == node)
      return TRUE;

  return FALSE;
}

static int
memory_remove (MereVolume    *volume,
               int            folder,
               const char    *name,
               MereVolumeType type)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  Node             *node = find_node (self, get_handle (self, folder)->node, name);

  if (!move (self))
    return -EIO;
  if (node == NULL)
    return -ENOENT;
  if (has_children (self, node))
    return -ENOTEMPTY;
  note (self, "remove", node);
  g_ptr_array_remove (self->nodes, node);

  return 0;
}

static int
memory_list (MereVolume        *volume,
             int                folder,
             MereVolumeListFunc each,
             gpointer           user_data)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;
  const Node       *parent = get_handle (self, folder)->node;
  gboolean          more = TRUE;

  if (self->pulled)
    return -EIO;
  for (guint i = 1; i < self->nodes->len && more; i++)
    {
      const Node *node = self->nodes->pdata[i];

      if (node->parent == parent)
        more = each (user_data, node->name, node->type);
    }

  return 0;
}

static void
memory_close (MereVolume *volume,
              int         handle)
{
}

static void
memory_free (MereVolume *volume)
{
  MereMemoryVolume *self = (MereMemoryVolume *) volume;

  g_ptr_array_unref (self->nodes);
  g_array_unref (self->handles);
  g_free (self);
}

static const MereVolume memory_volume = {
  .open_folder = memory_open_folder,
  .make_folder = memory_make_folder,
  .create_file = memory_create_file,
  .open_file = memory_open_file,
  .read = memory_read,
  .write = memory_write,
  .flush = memory_flush,
  .drop_cache = memory_drop_cache,
  .remove = memory_remove,
  .list = memory_list,
  .close = memory_close,
  .free = memory_free,
};

MereMemoryVolume *
mere_memory_volume_new (void)
{
  MereMemoryVolume *self = g_new0 (MereMemoryVolume, 1);

  self->base = memory_volume;
  self->moves_left = self->room = self->true_room = -1;
  self->full = ENOSPC;
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  self->handles = g_array_new (FALSE, FALSE, sizeof (Handle));
  add_handle (self, add_node (self, NULL, "", MERE_VOLUME_FOLDER));

  return self;
}

static Node *
make_path (MereMemoryVolume *self,
           const char       *path,
           MereVolumeType    type)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  Node *node = self->nodes->pdata[0];

  for (guint i = 0; names[i] != NULL; i++)
    {
      Node *child = find_node (self, node, names[i]);

      node = child != NULL ? child : add_node (self, node, names[i], names[i + 1] != NULL ? MERE_VOLUME_FOLDER : type);
      node->name_flushed = TRUE;
    }

  return node;
}

static char *
path_of (const Node *node)
{
  g_autofree char *above = NULL;

  if (node->parent == NULL)
    return g_strdup ("");
  above = path_of (node->parent);

  return *above == '\0' ? g_strdup (node->name) : g_strconcat (above, "/", node->name, NULL);
}

static gboolean
is_safe (const Node *node)
{
  return node->parent == NULL || (node->name_flushed && is_safe (node->parent));
}

MereMemoryVolume *
mere_memory_volume_remount (MereMemoryVolume *self,
                            gboolean          only_flushed)
{
  MereMemoryVolume *again = mere_memory_volume_new ();

  for (guint i = 1; i < self->nodes->len; i++)
    {
      const Node      *node = self->nodes->pdata[i];
      g_autofree char *path = path_of (node);
      gsize            size = only_flushed ? node->flushed : node->medium->len;
      Node            *copy;

      if (only_flushed && !is_safe (node))
        continue;
      copy = make_path (again, path, node->type);
      g_byte_array_append (copy->cached, node->medium->data, size);
      g_byte_array_append (copy->medium, node->medium->data, size);
      copy->flushed = size;
    }

  return again;
}

GBytes *
mere_memory_volume_load (MereMemoryVolume *self,
                         const char       *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  Node *node = self->nodes->pdata[0];

  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    node = find_node (self, node, names[i]);

  return node != NULL ? g_bytes_new (node->medium->data, node->medium->len) : NULL;
}

void
mere_memory_volume_put (MereMemoryVolume *self,
                        const char       *path,
                        const char       *content)
{
  Node *node = make_path (self, path, content != NULL ? MERE_VOLUME_FILE : MERE_VOLUME_OTHER);

  if (content == NULL)
    return;
  g_byte_array_append (node->cached, (const guint8 *) content, strlen (content));
  g_byte_array_append (node->medium, (const guint8 *) content, strlen (content));
  node->flushed = node->medium->len;
}

static gint
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
mere_memory_volume_list (MereMemoryVolume *self)
{
  GPtrArray *paths = g_ptr_array_new ();

  for (guint i = 1; i < self->nodes->len; i++)
    {
      const Node *node = self->nodes->pdata[i];
      char       *path = path_of (node);

      if (node->type == MERE_VOLUME_FOLDER)
        {
          char *folder = g_strconcat (path, "/", NULL);

          g_free (path);
          path = folder;
        }
      g_ptr_array_add (paths, path);
    }
  g_ptr_array_sort (paths, compare_paths);
  g_ptr_array_add (paths, NULL);

  return (char **) g_ptr_array_free (paths, FALSE);
}
