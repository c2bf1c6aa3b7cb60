/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes into a bundle is announced first, and its manifest made of that: it comes first in the archive. Sealing, in
 * bundle-seal.c, only confirms sizes and hashes. */

#include "config.h"

#include "sync/bundle-writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/bundle-writer-private.h"
#include "sync/manifest-private.h"
#include "sync/ustar.h"

#define MANIFEST_END "\n]}\n"
#define HEAD_ROOM 65536                            /* bytes of a manifest besides its files */
#define MAX_MEMBERS (G_GUINT64_CONSTANT (1) << 30) /* of a tar: content that does not shrink stays below MERE_BUNDLE_MAX_SIZE */

MereBundleWriter *
mere_bundle_writer_new (const MereManifest *head)
{
  MereBundleWriter *self = g_new0 (MereBundleWriter, 1);

  self->head = mere_manifest_copy (head);
  g_free (self->head->bundle);
  self->head->bundle = mere_bundle_name_new (head->device, head->chain_no, head->seq);
  self->files = g_string_new (NULL);
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
mere_bundle_writer_free (MereBundleWriter *self)
{
  if (self == NULL)
    return;

  mere_manifest_free (self->head);
  g_string_free (self->files, TRUE);
  g_hash_table_unref (self->paths);
  g_free (self);
}

guint
mere_bundle_writer_get_n_entries (MereBundleWriter *self)
{
  return self->n_entries;
}

guint64
mere_bundle_writer_get_content_size (MereBundleWriter *self)
{
  return self->content_size;
}

gboolean
mere_bundle_writer_is_full (MereBundleWriter *self,
                            guint64           size)
{
  return self->n_entries > 0 && (self->content_size + size > MERE_BUNDLE_TARGET_SIZE ||
                                 self->n_entries + 2 == MERE_BUNDLE_MAX_ENTRIES ||
                                 self->files->len > MERE_BUNDLE_MAX_MANIFEST / 2);
}

static gboolean
check_room (MereBundleWriter *self,
            const MereEntry  *entry,
            GError          **error)
{
  if (self->n_entries + 2 < MERE_BUNDLE_MAX_ENTRIES && self->files->len < MERE_BUNDLE_MAX_MANIFEST - HEAD_ROOM &&
      entry->size <= MAX_MEMBERS && self->members_size + self->files->len + mere_ustar_member_size (entry->size) <= MAX_MEMBERS)
    return TRUE;

  g_set_error_literal (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_TOO_LARGE,
                       _ ("This does not fit into the bundle any more; it goes into the next one."));

  return FALSE;
}

gboolean
mere_bundle_writer_add (MereBundleWriter *self,
                        const MereEntry  *entry,
                        GError          **error)
{
  MereEntry        complete = *entry;
  g_autofree char *path = g_strdup (entry->path);
  const char      *problem;

  complete.path = g_steal_pointer (&path);
  problem = mere_entry_complete (&complete);
  path = complete.path;
  if (problem != NULL)
    {
      g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_NAME, _ ("This cannot go into a bundle: %s."), problem);
      return FALSE;
    }
  if (!check_room (self, entry, error))
    return FALSE;
  if (g_hash_table_contains (self->paths, path))
    {
      g_set_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_DUPLICATE, _ ("“%s” is in the bundle already."), path);
      return FALSE;
    }

  if (self->n_entries > 0)
    g_string_append (self->files, ",\n");
  mere_entry_append (self->files, &complete);
  g_hash_table_add (self->paths, g_steal_pointer (&path));
  self->n_entries++;
  self->content_size += entry->size;
  self->members_size += mere_ustar_member_size (entry->size);

  return TRUE;
}

/* The manifest names the size of the archive that it is in: its own length depends on the digits of that. */
MereManifest *
mere_bundle_writer_make_manifest (MereBundleWriter *self,
                                  gsize             signature_size,
                                  GError          **error)
{
  MereManifest *head = self->head;
  guint64       bytes = 0;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) content = NULL;

  head->entries = self->n_entries + 2;
  do
    {
      head->bytes = bytes;
      g_string_truncate (text, 0);
      mere_manifest_append_head (text, head);
      bytes = mere_ustar_archive_size (mere_ustar_member_size (text->len + self->files->len + strlen (MANIFEST_END)) +
                                       mere_ustar_member_size (signature_size) + self->members_size);
    }
  while (bytes != head->bytes);

  g_string_append_len (text, self->files->str, self->files->len);
  g_string_append (text, MANIFEST_END);
  content = g_string_free_to_bytes (g_steal_pointer (&text));

  return mere_manifest_parse (content, error);
}
