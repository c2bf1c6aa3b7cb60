/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-reader.h"

G_BEGIN_DECLS

/* Between the gate (bundle-reader.c) and what is behind it (bundle-content.c). */

struct _MereBundleReader
{
  int               fd;
  guint64           size;
  guint8            hash[MERE_HASH_SIZE];
  char             *b2;
  MereMinisignKey   key;
  MereBundleComment comment;
  MereManifest     *manifest;
  GBytes           *manifest_signature;
};

/* READ; always FALSE. */
gboolean mere_bundle_refuse_reading (GError **error, const char *path, int failure);

G_END_DECLS
