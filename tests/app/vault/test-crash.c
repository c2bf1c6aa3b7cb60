/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was committed survives: a process that is killed at any moment, and a machine that loses its power. A child does the
 * work and says each commit through a pipe; when it is gone, all that it said has to be there, and nothing may be half there. */

#include "config.h"

#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"
#include "tests/app/vault/steps.h"
#include "tests/support/chance.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROW_BYTES 8000
#define STEPS 9 /* enough for a few checkpoints, few enough to die at each call */

/* Works until @steps are done, and says so after each. */
static void
work (MereTestVault *self, int pipe, gint64 steps)
{
  sqlite3 *database;
  gint64   done;

  mere_test_vault_open (self);
  database = mere_vault_get_database (self->vault);
  mere_test_steps_prepare (database);
  for (done = mere_test_steps_count (database) + 1; steps > 0; done++, steps--)
    {
      mere_test_steps_do (database, done, ROW_BYTES);
      if (write (pipe, &done, sizeof done) != sizeof done)
        _exit (1);
    }
}

static MereTestVault *
new_vault (void)
{
  MereTestVault *self = mere_test_vault_new ();

  mere_test_steps_start (mere_vault_get_database (self->vault));
  mere_test_vault_close (self);
  return self;
}

/* @said: the last commit that the dead process told of */
static void
assert_kept (MereTestVault *self, gint64 said)
{
  sqlite3 *database;
  gint64   there;

  mere_test_vault_open (self);
  database = mere_vault_get_database (self->vault);
  mere_test_steps_prepare (database);
  there = mere_test_steps_assert_kept (database, said);
  mere_test_steps_do (database, there + 1, ROW_BYTES);
  mere_test_vault_close (self);
}

/* Starts a child; returns the end of the pipe from which its commits are read. */
static int
start (MereTestVault *self, MereTestFault fault, guint call, gint64 steps, pid_t *child)
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_random_set_seed ((guint32) g_test_rand_int ());
  *child = fork ();
  if (*child == 0)
    {
      close (ends[0]);
      mere_test_faults_start (fault, call);
      work (self, ends[1], steps);
      mere_test_vault_close (self);
      _exit (0);
    }
  close (ends[1]);
  return ends[0];
}

/* Returns: the last commit that came, or @said if none did; reads no more than @most */
static gint64
listen (int end, gint64 said, guint most)
{
  gint64 step;

  for (; most > 0 && read (end, &step, sizeof step) == sizeof step; most--)
    said = step;
  return said;
}

/* Returns: whether the child was killed; else it came to its end */
static gboolean
bury (pid_t child)
{
  int status;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL)
    return TRUE;
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  return FALSE;
}

static void
test_kill_at_random_moments (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  gint64 said = 0;

  for (int round = 0; round < 30; round++)
    {
      pid_t child;
      int   end = start (vault, MERE_TEST_FAULT_NONE, 0, G_MAXINT64, &child);

      said = listen (end, said, (guint) g_test_rand_int_range (1, 25));
      kill (child, SIGKILL);
      g_assert_true (bury (child));
      said = listen (end, said, G_MAXUINT);
      close (end);
      assert_kept (vault, said);
      mere_test_vault_open (vault);
      said = mere_test_steps_count (mere_vault_get_database (vault->vault));
      mere_test_vault_close (vault);
    }
}

/* A copy of @original and a child that dies at @call. Returns: whether it came so far */
static gboolean
die_at (MereTestVault *original, MereTestFault fault, guint call)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_copy (original);
  pid_t    child;
  int      end = start (vault, fault, call, STEPS, &child);
  gint64   said = listen (end, 0, G_MAXUINT);
  gboolean killed = bury (child);

  close (end);
  assert_kept (vault, said);
  return killed;
}

static void
test_kill_at_every_call (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  guint call = 1;

  while (die_at (vault, MERE_TEST_FAULT_KILL, call))
    call++;
  g_assert_cmpuint (call, >, 100);
  g_test_message ("killed at each of %u calls", call - 1);
}

static void
test_power_cut_at_every_call (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  guint call = 1;

  while (die_at (vault, MERE_TEST_FAULT_POWER, call))
    call++;
  g_assert_cmpuint (call, >, 100);
  g_test_message ("cut at each of %u calls", call - 1);
}

/* Crash, and crash again while the first one is being repaired, and again. */
static void
test_crashes_on_crashes (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  gint64 said = 0;

  for (int round = 0; round < 60; round++)
    {
      pid_t child;
      int   end = start (vault, MERE_TEST_FAULT_POWER, (guint) g_test_rand_int_range (1, 60), STEPS, &child);

      said = listen (end, said, G_MAXUINT);
      close (end);
      bury (child);
    }
  mere_test_vault_open (vault);
  g_assert_cmpint (mere_test_steps_count (mere_vault_get_database (vault->vault)), >=, said);
  said = mere_test_steps_count (mere_vault_get_database (vault->vault));
  mere_test_vault_close (vault);
  assert_kept (vault, said);
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/crash/kill-at-random-moments", test_kill_at_random_moments);
  g_test_add_func ("/vault/crash/kill-at-every-call", test_kill_at_every_call);
  g_test_add_func ("/vault/crash/power-cut-at-every-call", test_power_cut_at_every_call);
  g_test_add_func ("/vault/crash/crashes-on-crashes", test_crashes_on_crashes);
  return g_test_run ();
}
