/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON and manifests. A manifest that is taken can be walked, and has as many files as it says. */

#include "config.h"

#include <sodium.h>

#include "fuzz.h"
#include "sync/ijson.h"
#include "sync/manifest.h"

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  return sodium_init () < 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (MereManifest) manifest = mere_manifest_parse (text, NULL);
  MereJson json;

  mere_json_init (&json, (const char *) data, size);
  if (mere_json_skip (&json))
    mere_json_end (&json);
  g_assert (json.at <= size && (manifest == NULL || json.problem == NULL));

  if (manifest != NULL)
    {
      g_auto (MereEntry) entry = { 0 };
      MereManifestWalk walk;
      guint            n = 0;

      mere_manifest_walk_init (&walk, manifest);
      for (; mere_manifest_walk_next (&walk, &entry); n++)
        g_assert (mere_entry_path_is (entry.path));
      g_assert (n + 2 == manifest->entries);
    }

  return 0;
}
