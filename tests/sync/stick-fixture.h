/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sync/stick.h"
#include "tests/sync/bundle-fixture.h"

G_BEGIN_DECLS

/* A laptop with one bundle, and a folder that is its stick. */

typedef struct
{
  MereTestRoad *road;
  char         *bundle; /* path of an .age on the laptop */
  char         *name;
  char         *mount;
  char         *inbox;
  MereStick    *stick;
  char         *placed;
} MereTestStick;

/* For g_test_add(). The second sees to it that nothing stays open. */
void mere_test_stick_set_up (MereTestStick *self, gconstpointer data);
void mere_test_stick_tear_down (MereTestStick *self, gconstpointer data);

/* Into session "s000001", or the next letter of it; @placed tells. */
gboolean mere_test_stick_publish (MereTestStick *self, GError **error);
void     mere_test_stick_publish_well (MereTestStick *self);

/* (transfer full): of the pair's main file in "s000001", with a suffix. */
char *mere_test_stick_path (MereTestStick *self, const char *suffix);

/* A small file, its folders made. */
void mere_test_stick_put (MereTestStick *self, const char *path);

/* A #MereProgressFunc that only ever goes up. */
typedef struct
{
  guint64 done, total;
  guint   n;
} MereTestSeen;

void mere_test_stick_see (gpointer seen, guint64 done, guint64 total);

G_END_DECLS
