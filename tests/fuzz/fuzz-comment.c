/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The trusted comment of a bundle: what is taken is written the same again. */

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "sync/bundle-format.h"

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
  g_autofree char  *text = g_strndup ((const char *) data, size);
  MereBundleComment comment;

  if (mere_bundle_comment_parse (text, &comment, NULL))
    {
      g_autofree char *again = mere_bundle_comment_to_text (&comment);

      g_assert (strcmp (text, again) == 0);
      g_assert (comment.bytes <= MERE_BUNDLE_MAX_TAR && comment.entries <= MERE_BUNDLE_MAX_ENTRIES);
    }

  return 0;
}
