/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/bundle-reader.h"
#include "sync/bundle-writer.h"

G_BEGIN_DECLS

/* Two ends of a road and a folder between them. The contents are two records and a picture of the specimen state. */

typedef struct
{
  char           *folder; /* removed with the fixture */
  MereSecret     *sign;   /* the laptop's */
  MereMinisignKey key;
  MereSecret     *box; /* the laptop's */
  char           *box_recipient;
  char           *device;
  GPtrArray      *identities; /* headquarters' only one */
  char           *hq_recipient;
} MereTestRoad;

MereTestRoad *mere_test_road_new (void);
void          mere_test_road_free (MereTestRoad *self);

/* Head of the first bundle of the laptop's first chain. */
MereManifest *mere_test_road_new_head (MereTestRoad *self);

/* Adds a file to a writer; @content is known by its hash when sealed with mere_test_content(). */
typedef struct
{
  GPtrArray *contents; /* GBytes, in the order of adding */
} MereTestContents;

void     mere_test_contents_init (MereTestContents *self);
void     mere_test_contents_clear (MereTestContents *self);
void     mere_test_add_record (MereBundleWriter *writer, MereTestContents *contents, const char *uuid, const char *xml);
void     mere_test_add_blob (MereBundleWriter *writer, MereTestContents *contents, gconstpointer bytes, gsize size);
gboolean mere_test_content (gpointer contents, guint index, const MereEntry *entry, MereWriteFunc write, gpointer sink, GError **error);

/* Seals the three files above; (transfer full): path of the .age. */
char *mere_test_road_seal (MereTestRoad *self);

/* Opens and reads a bundle; FALSE with its refusal. */
gboolean mere_test_road_read (MereTestRoad *self, const char *path, GError **error);

/* Asserts that reading is refused with just this code. */
void mere_test_road_assert_refused (MereTestRoad *self, const char *path, MereBundleError code);

/* Small files, whole; failing the test where they cannot be read or written. */
GBytes *mere_test_load (const char *path);
void    mere_test_save (const char *path, gconstpointer bytes, gsize size);

/* Removes a folder and all that is in it. */
void mere_test_remove_tree (const char *path);

/* BLAKE2b-256 in hex. */
char *mere_test_b2 (gconstpointer bytes, gsize size);

#define MERE_TEST_UUID_1 "0c1f2e3d-4b5a-4697-8879-6a5b4c3d2e1f"
#define MERE_TEST_UUID_2 "7a1b2c3d-0000-4000-8000-00005f6a7b8c"
#define MERE_TEST_XML_1 "<data id=\"passenger-processing\"><crossing>UTO-1</crossing><seconds>41</seconds></data>"
#define MERE_TEST_XML_2 "<data id=\"bmis-checks\"><crossing>UTO-1</crossing><b01>passed</b01></data>"
#define MERE_TEST_PICTURE "\x89PNG\r\n\x1a\n a picture of the specimen passport"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestRoad, mere_test_road_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MereTestContents, mere_test_contents_clear)

G_END_DECLS
