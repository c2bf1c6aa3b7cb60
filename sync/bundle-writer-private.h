/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-writer.h"

G_BEGIN_DECLS

/* Between announcing (bundle-writer.c), sealing (bundle-seal.c) and the files (bundle-place.c). */

struct _MereBundleWriter
{
  MereManifest *head;
  GString      *files; /* the manifest's entries as text */
  GHashTable   *paths; /* those announced */
  guint         n_entries;
  guint64       content_size;
  guint64       members_size; /* as tar lays them out */
};

/* The manifest of what was announced, with room in the archive for a signature of so many bytes. */
MereManifest *mere_bundle_writer_make_manifest (MereBundleWriter *self, gsize signature_size, GError **error);

/* The two files of one bundle: first under temporary names. */
typedef struct
{
  const char *folder;
  char       *age, *signature, *temporary_age, *temporary_signature;
} MereBundlePlace;

/* Removes what a crash has left in @folder. */
void mere_bundle_place_init (MereBundlePlace *self, const char *folder, const char *name);

/* A descriptor to write the .age to; -1 with WRITE. */
int mere_bundle_place_create (MereBundlePlace *self, GError **error);

/* Syncs and closes @fd, writes the signature, and gives both their names, the signature's last. WRITE. */
gboolean mere_bundle_place_settle (MereBundlePlace *self, int *fd, const char *signature, GError **error);

/* Removes what was not settled. */
void mere_bundle_place_clear (MereBundlePlace *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereBundlePlace, mere_bundle_place_clear)

G_END_DECLS
