/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A real disk that is full, at each write of a day's work: a small file system in memory, in a mount namespace of this process's
 * own, on which a file leaves so many pages free. The work is told that there is no room, what was committed is there, and it
 * goes on in the same connection as soon as there is room again. */

#include "config.h"

#include "app/vault/vault-error.h"
#include "tests/app/vault/fixture.h"
#include "tests/app/vault/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DISK "/mnt" /* a folder that every system has; what else may be mounted there is hidden from this process alone */
#define BALLAST DISK "/ballast"
#define PAGE 4096
#define ROW_BYTES 8000
#define STEPS 6 /* in a full disk's round: several checkpoints */
#define FEWEST_ROUNDS 40

/* As root of its own, where a user may be that. */
static gboolean
become_root (void)
{
  const struct
  {
    const char *file;
    int         id; /* of ours; -1: none */
  } maps[] = { { "/proc/self/setgroups", -1 }, { "/proc/self/uid_map", (int) getuid () }, { "/proc/self/gid_map", (int) getgid () } };

  if (geteuid () == 0)
    return TRUE;
  if (unshare (CLONE_NEWUSER) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    {
      g_autofree char *text = maps[i].id < 0 ? g_strdup ("deny") : g_strdup_printf ("0 %d 1", maps[i].id);
      int              fd = g_open (maps[i].file, O_WRONLY | O_CLOEXEC, 0);
      gboolean         done = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

      if (fd >= 0)
        close (fd);
      if (!done)
        return FALSE;
    }
  return TRUE;
}

static gboolean
mount_disk (void)
{
  return become_root () && unshare (CLONE_NEWNS) == 0 && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("merestone-test", DISK, "tmpfs", 0, "size=8m,mode=0700") == 0;
}

/* Leaves so many pages. */
static void
fill_disk (guint pages)
{
  struct statvfs info;
  int            fd = g_open (BALLAST, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstatvfs (fd, &info), ==, 0);
  g_assert_cmpuint (info.f_bfree, >, pages);
  g_assert_cmpint (posix_fallocate (fd, 0, (off_t) (info.f_bfree - pages) * PAGE), ==, 0);
  close (fd);
}

static void
assert_says_there_is_no_room (MereTestVault *vault, int status)
{
  g_autoptr (GError) error = NULL;

  mere_vault_error_set_sqlite (&error, mere_vault_get_database (vault->vault), status, "", vault->path);
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE);
  g_assert_nonnull (strstr (error->message, vault->path));
  g_assert_nonnull (strstr (error->message, "What was saved before is kept"));
}

/* Steps from @next on while there is room. Returns: the first that found none, or the one after the last */
static gint64
work_until_full (MereTestVault *vault, gint64 next, gboolean *full)
{
  sqlite3 *database = mere_vault_get_database (vault->vault);
  gint64   last = next + STEPS;
  int      status = SQLITE_OK;

  for (; next < last && status == SQLITE_OK; next++)
    {
      status = mere_test_steps_try (database, next, ROW_BYTES);
      if (status != SQLITE_OK)
        break;
    }
  *full = status != SQLITE_OK;
  if (*full)
    assert_says_there_is_no_room (vault, status);
  return next;
}

/* Returns: whether the disk was full at some time */
static gboolean
run_round (MereTestVault *original, guint pages)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_copy (original);
  gint64   next;
  gboolean full, again;

  mere_test_vault_open (vault);
  mere_test_steps_prepare (mere_vault_get_database (vault->vault));
  fill_disk (pages);
  next = work_until_full (vault, 1, &full);
  g_assert_cmpint (mere_test_steps_assert_kept (mere_vault_get_database (vault->vault), next - 1), ==, next - 1);
  g_assert_cmpint (g_unlink (BALLAST), ==, 0);
  next = work_until_full (vault, next, &again);
  g_assert_false (again);
  mere_test_vault_close (vault);

  mere_test_vault_open (vault);
  g_assert_cmpint (mere_test_steps_assert_kept (mere_vault_get_database (vault->vault), next - 1), ==, next - 1);
  mere_test_vault_close (vault);
  return full;
}

static void
test_full_at_any_write (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  guint pages = 0;

  mere_test_steps_start (mere_vault_get_database (vault->vault));
  mere_test_vault_close (vault);
  while (run_round (vault, pages))
    pages++;
  g_test_message ("full with 0 to %u pages left", pages - 1);
  g_assert_cmpuint (pages, >, FEWEST_ROUNDS);
}

/* What is there can be read, and the vault can be locked and opened. */
static void
test_a_full_disk_opens (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  gboolean full;
  gint64   next;

  mere_test_steps_start (mere_vault_get_database (vault->vault));
  mere_test_steps_do (mere_vault_get_database (vault->vault), 1, ROW_BYTES);
  fill_disk (0);
  mere_test_vault_close (vault);
  mere_test_vault_open (vault);
  g_assert_cmpint (mere_test_steps_assert_kept (mere_vault_get_database (vault->vault), 1), ==, 1);
  next = work_until_full (vault, 2, &full); /* as far as the room goes that the log had laid out */
  g_assert_true (full);
  g_assert_cmpint (mere_test_steps_assert_kept (mere_vault_get_database (vault->vault), next - 1), ==, next - 1);
  mere_test_vault_close (vault);
  g_assert_cmpint (g_unlink (BALLAST), ==, 0);
  mere_test_vault_open (vault);
  g_assert_cmpint (work_until_full (vault, next, &full), ==, next + STEPS);
}

static void
skip (void)
{
  g_test_skip ("no file system can be mounted here: not root, and no namespaces for users");
}

int
main (int argc, char **argv)
{
  gboolean mounted = mount_disk ();

  g_setenv ("TMPDIR", DISK, TRUE); /* before GLib looks */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/full/at-any-write", mounted ? test_full_at_any_write : skip);
  g_test_add_func ("/vault/full/a-full-disk-opens", mounted ? test_a_full_disk_opens : skip);
  return g_test_run ();
}
