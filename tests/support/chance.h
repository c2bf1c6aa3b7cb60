/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tests that take steps by chance: the same steps in every run, so that a run says what the change did and not what luck
 * did; new ones with MERESTONE_TEST_DEEP, which is there to look further. A failure prints its seed, and --seed takes it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MERE_TEST_SEED "--seed=R02S6d65726573746f6e6500000000000001"

/* In the place of g_test_init(). */
static inline void
mere_test_init_chance (int *argc, char ***argv)
{
  static char  seed[] = MERE_TEST_SEED;
  static char *arguments[32];

  if (g_getenv ("MERESTONE_TEST_DEEP") == NULL && *argc < (int) G_N_ELEMENTS (arguments) - 1)
    {
      /* GTest takes the last one, so that of the caller goes before ours */
      arguments[0] = (*argv)[0];
      arguments[1] = seed;
      for (int i = 1; i < *argc; i++)
        arguments[i + 1] = (*argv)[i];
      *argv = arguments;
      *argc += 1;
    }
  g_test_init (argc, argv, NULL);
}

G_END_DECLS
