/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any order, any number of times: random weeks of five laptops and three sticks. Bundles come twice, late, in another order, on
 * another stick, damaged, or never; receipts get lost; laptops are brought back from a backup, and copied. After each step
 * headquarters must have just what came, and in the end all that there is.
 *
 * A schedule follows from its seed, which is printed before it begins: MERESTONE_TEST_SEED=N runs that one alone. */

#include "config.h"

#include <glib/gstdio.h>

#include "tests/sync/schedule-truth.h"
#include "tests/support/chance.h"

#ifdef __SANITIZE_ADDRESS__
#define N_SCHEDULES 80 /* each costs some ten times as much */
#else
#define N_SCHEDULES 1000
#endif
#define N_SCHEDULES_DEEP 20000
#define N_STEPS 24
#define N_PARTS 4 /* test cases that share the schedules */
#define MAX_LAPTOPS (MERE_TEST_N_LAPTOPS + 2)
#define N_ASIDE 2
#define N_UNLUCKY 2 /* laptops that are brought back and copied: few, so that much happens to them */

/**
 * Week:
 * @aside: what lay on a stick once, to come back later
 * @acknowledged: of each laptop, as last seen
 * @straight: no laptop was copied or brought back
 * @with_copies: they may be
 */
typedef struct
{
  GRand         *random;
  MereTestWorld *world;
  MereTestTruth *truth;
  char          *aside[N_ASIDE];
  gint64         acknowledged[MAX_LAPTOPS];
  gboolean       straight;
  gboolean       with_copies;
} Week;

static guint
pick (Week *self,
      guint n)
{
  return (guint) g_rand_int_range (self->random, 0, (gint32) n);
}

static guint
pick_laptop (Week *self)
{
  if (self->with_copies && pick (self, 2) == 0)
    return pick (self, N_UNLUCKY);

  return pick (self, self->world->laptops->len);
}

static const char *
pick_stick (Week *self)
{
  return self->world->sticks[pick (self, MERE_TEST_N_STICKS)];
}

static MereTestLaptop *
get_laptop (Week *self,
            guint laptop)
{
  return self->world->laptops->pdata[laptop];
}

static void
finalise (Week *self)
{
  MereTestLaptop *laptop = get_laptop (self, pick_laptop (self));
  guint           n = 1 + pick (self, 3);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) picture = g_bytes_new_static (MERE_TEST_PICTURE, sizeof MERE_TEST_PICTURE - pick (self, 8));
      g_autofree char *record = pick (self, 4) == 0 ? mere_test_laptop_add_record_with (laptop, "with a picture", picture)
                                                    : mere_test_laptop_add_record (laptop, "an answer");
    }
}

static void
write_to (Week       *self,
          guint       laptop,
          const char *stick)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierWritten) written = mere_courier_write (get_laptop (self, laptop)->store, stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  mere_test_truth_note_sealed (self->truth, self->world, laptop);
}

static void
write_somewhere (Week *self)
{
  write_to (self, pick_laptop (self), pick_stick (self));
}

static void
read_from (Week       *self,
           guint       laptop,
           const char *stick)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCourierRead) read = mere_courier_read (get_laptop (self, laptop)->store, stick, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  mere_test_truth_check_laptop (self->truth, self->world, laptop, &self->acknowledged[laptop]);
}

static void
read_somewhere (Week *self)
{
  read_from (self, pick_laptop (self), pick_stick (self));
}

static void
receive (Week       *self,
         const char *stick)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereReceived) received = mere_received_new ();

  mere_test_truth_note_received (self->truth, stick);
  g_assert_true (mere_receive_stick (self->world->hq, self->world->keys, stick, NULL, received, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (received->failures->len, ==, 0);
  mere_test_truth_check_hq (self->truth, self->world);
}

static void
receive_some (Week *self)
{
  receive (self, pick_stick (self));
}

static void
stop (gpointer               cancellable,
      const MereInboxResult *result)
{
  g_cancellable_cancel (cancellable);
}

/* Stopped after the first bundle; then all of it after all. */
static void
receive_halfway (Week *self)
{
  const char *stick = pick_stick (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (MereReceived) received = mere_received_new ();

  if (!mere_receive_stick (self->world->hq, self->world->keys, stick, NULL, received, stop, cancellable, cancellable, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  receive (self, stick);
}

static void
mix (Week *self)
{
  mere_test_copy_tree (pick_stick (self), pick_stick (self));
}

static void
wipe (const char *path)
{
  mere_test_remove_tree (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static void
lose (Week *self)
{
  wipe (pick_stick (self));
}

static void
set_aside (Week *self)
{
  const char *aside = self->aside[pick (self, N_ASIDE)];

  wipe (aside);
  mere_test_copy_tree (pick_stick (self), aside);
}

static void
bring_back (Week *self)
{
  mere_test_copy_tree (self->aside[pick (self, N_ASIDE)], pick_stick (self));
}

static void
lose_receipts (Week *self)
{
  g_autofree char *lane = g_build_filename (pick_stick (self), MERE_STICK_ROOT, "TO-FIELD", NULL);

  if (g_file_test (lane, G_FILE_TEST_IS_DIR))
    mere_test_remove_tree (lane);
}

/* One file on a stick gets another byte, its end cut off, or is gone. */
static void
damage (Week *self)
{
  g_autofree char *lane = g_build_filename (pick_stick (self), MERE_STICK_ROOT, "TO-HQ", NULL);
  g_auto (GStrv) paths = mere_test_list_files (lane, "");
  guint            n = g_strv_length (paths);
  const char      *path = n > 0 ? paths[pick (self, n)] : NULL;
  g_autofree char *content = NULL;
  gsize            size;

  if (path == NULL || !g_file_get_contents (path, &content, &size, NULL) || size == 0)
    return;
  /* A signature's first line is nobody's promise: those bytes may change. */
  if (g_str_has_suffix (path, MERE_MINISIGN_SUFFIX) || pick (self, 3) == 0)
    {
      g_assert_cmpint (g_unlink (path), ==, 0);
      return;
    }
  content[pick (self, (guint) size)] ^= (char) (1 << pick (self, 8));
  mere_test_save (path, content, pick (self, 2) == 0 ? size : pick (self, (guint) size));
}

static void
back_up (Week *self)
{
  mere_test_world_back_up (self->world, pick (self, N_UNLUCKY));
}

static void
restore (Week *self)
{
  guint laptop = pick (self, N_UNLUCKY);

  if (mere_test_world_restore (self->world, laptop))
    {
      self->straight = FALSE;
      self->acknowledged[laptop] = 0;
    }
}

static void
copy_laptop (Week *self)
{
  if (self->world->laptops->len == MAX_LAPTOPS)
    return;
  mere_test_world_clone (self->world, pick (self, N_UNLUCKY));
  self->straight = FALSE;
}

/* How often each comes. Those from @back_up on are of every third week only. */
static const struct
{
  guint weight;
  void (*step) (Week *self);
} steps[] = {
  { 20, finalise },
  { 22, write_somewhere },
  { 14, receive_some },
  { 14, read_somewhere },
  { 3, receive_halfway },
  { 4, mix },
  { 4, lose },
  { 4, set_aside },
  { 4, bring_back },
  { 3, lose_receipts },
  { 3, damage },
  { 7, back_up },
  { 7, restore },
  { 3, copy_laptop },
};

static void
take_step (Week *self)
{
  gsize n = G_N_ELEMENTS (steps) - (self->with_copies ? 0 : 3);
  guint all = 0, at;

  for (gsize i = 0; i < n; i++)
    all += steps[i].weight;
  at = pick (self, all);
  for (gsize i = 0; i < n; i++)
    {
      if (at < steps[i].weight)
        {
          steps[i].step (self);
          return;
        }
      at -= steps[i].weight;
    }
}

/* Every laptop comes home twice with an empty stick. */
static void
come_home (Week *self)
{
  const char *stick = self->world->sticks[0];

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < self->world->laptops->len; i++)
      {
        wipe (stick);
        write_to (self, i, stick);
        receive (self, stick);
        read_from (self, i, stick);
      }
  mere_test_truth_check_healed (self->truth, self->world, self->straight);
}

static void
week_set_up (Week       *self,
             const char *prepared,
             const char *folder)
{
  self->world = mere_test_world_new (prepared, folder);
  self->truth = mere_test_truth_new ();
  self->straight = TRUE;
  for (guint i = 0; i < N_ASIDE; i++)
    {
      g_autofree char *name = g_strdup_printf ("aside-%u", i);

      self->aside[i] = g_build_filename (folder, name, NULL);
      g_assert_cmpint (g_mkdir (self->aside[i], 0700), ==, 0);
    }
}

static void
week_tear_down (Week *self)
{
  for (guint i = 0; i < N_ASIDE; i++)
    g_free (self->aside[i]);
  mere_test_truth_free (self->truth);
  mere_test_world_free (self->world);
}

static void
run_schedule (guint32     seed,
              const char *prepared,
              const char *folder)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  Week week = { .random = random, .with_copies = seed % 3 == 0 };

  g_test_message ("schedule %u", seed);
  week_set_up (&week, prepared, folder);
  for (guint i = 0; i < N_STEPS; i++)
    take_step (&week);
  come_home (&week);
  week_tear_down (&week);
}

static void
test_headquarters_has_just_what_came_and_in_the_end_all (gconstpointer part)
{
  g_autofree char *home = g_dir_make_tmp ("merestone-weeks-XXXXXX", NULL);
  g_autofree char *prepared = g_build_filename (home, "prepared", NULL);
  g_autofree char *folder = g_build_filename (home, "week", NULL);
  const char      *only = g_getenv ("MERESTONE_TEST_SEED");
  guint32          first = only != NULL ? (guint32) g_ascii_strtoull (only, NULL, 10) : (guint32) g_test_rand_int ();
  guint            n = (g_getenv ("MERESTONE_TEST_DEEP") != NULL ? N_SCHEDULES_DEEP : N_SCHEDULES) / N_PARTS;

  /* Every test case is given the same random number. */
  first += only != NULL ? 0 : GPOINTER_TO_UINT (part) * n;
  g_assert_cmpint (g_mkdir (prepared, 0700), ==, 0);
  mere_test_world_prepare (prepared);
  for (guint32 i = 0; i < (only != NULL ? 1 : n); i++)
    run_schedule (first + i, prepared, folder);
  mere_test_remove_tree (home);
}

/* What a receipt said that the laptop has read before its disk went back is said again. */
static void
test_a_laptop_from_a_backup_is_told_again (void)
{
  g_autofree char *home = g_dir_make_tmp ("merestone-weeks-XXXXXX", NULL);
  g_autofree char *prepared = g_build_filename (home, "prepared", NULL);
  g_autofree char *folder = g_build_filename (home, "week", NULL);
  Week             week = { 0 };
  const char      *stick;

  g_assert_cmpint (g_mkdir (prepared, 0700), ==, 0);
  mere_test_world_prepare (prepared);
  week_set_up (&week, prepared, folder);
  stick = week.world->sticks[0];
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *record = mere_test_laptop_add_record (get_laptop (&week, 0), "an answer");

      write_to (&week, 0, stick);
      if (i == 0)
        mere_test_world_back_up (week.world, 0);
      receive (&week, stick);
      read_from (&week, 0, stick);
    }
  g_assert_true (mere_test_world_restore (week.world, 0));
  week.acknowledged[0] = 0;
  week.straight = FALSE;
  come_home (&week);
  week_tear_down (&week);
  mere_test_remove_tree (home);
}

int
main (int   argc,
      char *argv[])
{
  mere_test_use_memory ();
  mere_test_init_chance (&argc, &argv);
  for (guint i = 0; i < N_PARTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/schedules/any-order-any-number-of-times/%u", i + 1);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_headquarters_has_just_what_came_and_in_the_end_all);
    }

  g_test_add_func ("/schedules/a-laptop-from-a-backup-is-told-again", test_a_laptop_from_a_backup_is_told_again);

  return g_test_run ();
}
