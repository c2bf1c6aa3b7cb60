/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tests/sync/bundle-fixture.h"

G_BEGIN_DECLS

/* Bundles made by hand, layer by layer, so that each layer can be spoilt by itself while all signatures hold. */

#define MERE_TEST_CRAFT_DECLARED 102400 /* bytes of the archive, as both manifest and comment say; filled up with zeros */

typedef struct
{
  MereTestRoad *road;
  MereManifest *head;
  GString      *files;    /* of the manifest */
  GByteArray   *members;  /* those after the manifest and its signature */
  gboolean      bare;     /* without manifest and signature */
  char         *manifest; /* instead of the one made from head and files */
  char         *inner_comment;
  char         *outer_comment;
  char         *name;  /* of the file */
  MereSecret   *inner; /* who signs; borrowed */
  MereSecret   *outer;
  const char   *recipients[4];
  int           window_log;
  guint64       filling; /* that many zeros after the archive instead of up to the declared size */
  const char   *after_tar, *after_zstd, *after_age;
} MereTestCraft;

/* A sound bundle of one file, "alpha", listed but not yet put in. */
void mere_test_craft_init (MereTestCraft *self);
void mere_test_craft_clear (MereTestCraft *self);

void mere_test_craft_list (MereTestCraft *self, const char *content); /* in the manifest */
void mere_test_craft_put (MereTestCraft *self, const char *content);  /* among the members */
void mere_test_add_member (GByteArray *tar, const char *name, gconstpointer content, gsize size);

char *mere_test_craft_make_manifest (const MereTestCraft *self);

/* The pair of files; (transfer full): path of the .age. */
char *mere_test_craft_make (const MereTestCraft *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereTestCraft, mere_test_craft_clear)

G_END_DECLS
