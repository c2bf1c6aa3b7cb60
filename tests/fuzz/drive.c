/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A fuzzer without libFuzzer: every file of a corpus, then each of them cut and changed some hundred times, always the
 * same way. So that every run of the tests walks where the fuzzers have been. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "fuzz.h"

#define N_CHANGES 300
#define MOST_TO_CHANGE 65536 /* bytes; larger seeds are run as they are */

/* A cut, or a few bytes changed, doubled or swapped. */
static gsize
change (GRand  *random,
        guint8 *bytes,
        gsize   size)
{
  gint32 n = g_rand_int_range (random, 1, 5);

  if (g_rand_int_range (random, 0, 4) == 0)
    return (gsize) g_rand_int_range (random, 0, (gint32) size);

  for (gint32 i = 0; i < n; i++)
    {
      gint32 at = g_rand_int_range (random, 0, (gint32) size);
      gint32 from = g_rand_int_range (random, 0, (gint32) size);

      if (g_rand_boolean (random))
        bytes[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      else
        bytes[at] = g_rand_boolean (random) ? bytes[from] : (guint8) g_rand_int_range (random, 0, 256);
    }

  return size;
}

static void
test_seed (gconstpointer path)
{
  g_autofree char *seed = NULL;
  gsize            size;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &seed, &size, &error);
  g_assert_no_error (error);
  LLVMFuzzerTestOneInput ((const guint8 *) seed, size);
  for (int i = 0; i < N_CHANGES && size > 0 && size <= MOST_TO_CHANGE; i++)
    {
      /* Just as large as it is: so that a sanitizer sees a read beyond its end. */
      g_autofree guint8 *changed = g_memdup2 (seed, size);
      gsize              left = change (random, changed, size);
      g_autofree guint8 *exact = left > 0 ? g_memdup2 (changed, left) : g_malloc (1);

      LLVMFuzzerTestOneInput (exact, left);
    }
}

static void
test_nothing (void)
{
  LLVMFuzzerTestOneInput ((const guint8 *) "", 0);
}

/* drive FOLDER */
int
main (int   argc,
      char *argv[])
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  LLVMFuzzerInitialize (&argc, &argv);
  g_assert_cmpint (argc, ==, 2);
  folder = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);
  g_test_add_func ("/fuzz/nothing", test_nothing);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *test_path = g_strconcat ("/fuzz/", name, NULL);

      g_test_add_data_func_full (test_path, g_build_filename (argv[1], name, NULL), test_seed, g_free);
    }

  return g_test_run ();
}
