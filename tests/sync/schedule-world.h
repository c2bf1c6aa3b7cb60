/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/hq/receive.h"
#include "tests/sync/road-fixture.h"

G_BEGIN_DECLS

/* Five laptops that are enrolled with one headquarters, and three sticks between them; everything in one folder, so that
 * it can be copied as a whole. */

#define MERE_TEST_N_LAPTOPS 5
#define MERE_TEST_N_STICKS 3

/**
 * MereTestWorld:
 * @laptops: (element-type MereTestLaptop): the five, then their clones
 * @devices: (element-type utf8): name of each of @laptops; a clone has the name of its original
 * @sticks: their folders
 */
typedef struct
{
  char        *folder;
  GPtrArray   *laptops;
  GPtrArray   *devices;
  char        *sticks[MERE_TEST_N_STICKS];
  MereStore   *hq;
  MereKeyring *keys;
} MereTestWorld;

/* Temporary folders lie in memory from now on, where the system has such a place: what a disk loses is tested elsewhere. */
void mere_test_use_memory (void);

/* Enrols everybody, once; worlds are copies of what lies in @folder then. */
void mere_test_world_prepare (const char *folder);

MereTestWorld *mere_test_world_new (const char *prepared, const char *folder);
void           mere_test_world_free (MereTestWorld *self); /* its folder, too */

/* Another laptop with the keys, records and sealed bundles of @original, as a copied disk has them: its number. */
guint mere_test_world_clone (MereTestWorld *self, guint original);

/* The disk of a laptop, kept and brought back. */
void     mere_test_world_back_up (MereTestWorld *self, guint laptop);
gboolean mere_test_world_restore (MereTestWorld *self, guint laptop); /* FALSE: it has no backup */

/* Everything on a stick into another folder, over what is there. */
void mere_test_copy_tree (const char *from, const char *to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MereTestWorld, mere_test_world_free)

G_END_DECLS
