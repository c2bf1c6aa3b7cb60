/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process that takes bundles in can still reach. Each case is a process of its own: there is no way out again. */

#include "config.h"

#include "sync/hq/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sync/bundle-fixture.h"

typedef struct
{
  char *folder; /* not allowed */
  char *secret; /* a file in it */
  char *read;
  char *readable;
  char *write;
  char *writable;
} Place;

static char *
make_folder (const char *base,
             const char *name)
{
  char *path = g_build_filename (base, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static char *
make_file (const char *folder)
{
  char *path = g_build_filename (folder, "file", NULL);

  mere_test_save (path, "words", 5);
  return path;
}

static void
place_init (Place *self)
{
  self->folder = g_dir_make_tmp ("merestone-sandbox-XXXXXX", NULL);
  self->secret = make_file (self->folder);
  self->read = make_folder (self->folder, "read");
  self->readable = make_file (self->read);
  self->write = make_folder (self->folder, "write");
  self->writable = make_file (self->write);
}

static void
place_clear (Place *self)
{
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->secret);
  g_free (self->read);
  g_free (self->readable);
  g_free (self->write);
  g_free (self->writable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

#define SKIPPED 77

/* In the child: 0 where each step says TRUE, which it does by not aborting. */
typedef void (*Inside) (const Place *place);

static void
enter (const Place *place)
{
  const char *const read[] = { place->read, "/usr", "/lib", "/lib64", "/nowhere", NULL };
  const char *const write[] = { place->write, NULL };
  g_autoptr (GError) error = NULL;

  if (!mere_sandbox_enter (read, write, &error))
    _exit (SKIPPED);
}

static void
run_inside (gconstpointer data)
{
  g_auto (Place) place = { NULL };
  Inside inside = data;
  int    status = 0;
  pid_t  child;

  place_init (&place);
  child = fork ();
  if (child == 0)
    {
      enter (&place);
      inside (&place);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFEXITED (status) && WEXITSTATUS (status) == SKIPPED)
    g_test_skip ("this kernel has no Landlock or no seccomp, or there is no libseccomp");
  else
    g_assert_cmpint (status, ==, 0);
}

static void
assert_refused (int result,
                int failure)
{
  g_assert_cmpint (result, ==, -1);
  g_assert_cmpint (errno, ==, failure);
}

static void
other_files_are_not_opened (const Place *place)
{
  g_autofree char *around = g_build_filename (place->write, "..", "file", NULL);
  g_autofree char *link = g_build_filename (place->write, "link", NULL);

  assert_refused (open (place->secret, O_RDONLY), EACCES);
  assert_refused (open (around, O_RDONLY), EACCES);
  assert_refused (open ("/etc/passwd", O_RDONLY), EACCES);
  assert_refused (open (place->folder, O_RDONLY | O_DIRECTORY), EACCES);
  assert_refused (symlink (place->secret, link), EACCES);
  assert_refused (mknod (link, S_IFIFO | 0600, 0), EACCES);
  assert_refused (unlink (place->secret), EACCES);
}

static void
what_may_be_read_is_not_changed (const Place *place)
{
  int fd = open (place->readable, O_RDONLY);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  assert_refused (open (place->readable, O_WRONLY), EACCES);
  assert_refused (unlink (place->readable), EACCES);
}

static void
its_own_folder_is_at_hand (const Place *place)
{
  g_autofree char *deep = g_build_filename (place->write, "a", "b", NULL);
  g_autofree char *file = g_build_filename (deep, "new", NULL);
  g_autofree char *moved = g_build_filename (place->write, "moved", NULL);

  g_assert_cmpint (g_mkdir_with_parents (deep, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (file, "words", 5, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL));
  g_assert_cmpint (truncate (file, 2), ==, 0);
  g_assert_cmpint (rename (file, moved), ==, 0);
  g_assert_cmpint (unlink (moved), ==, 0);
  g_assert_cmpint (rmdir (deep), ==, 0);
}

static void
no_program_and_no_process_begins (const Place *place)
{
  char *argv[] = { (char *) "/bin/true", NULL };

  assert_refused (execv (argv[0], argv), EPERM);
#ifndef __SANITIZE_ADDRESS__
  assert_refused (fork (), EPERM);
#endif
  assert_refused (kill (getppid (), 0), EPERM);
}

static void
no_socket_is_made (const Place *place)
{
  int ends[2];

  assert_refused (socket (AF_INET, SOCK_STREAM, 0), EPERM);
  assert_refused (socket (AF_UNIX, SOCK_STREAM, 0), EPERM);
  assert_refused (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), EPERM);
}

static gpointer
try_in_thread (gpointer place)
{
  no_socket_is_made (place);
  other_files_are_not_opened (place);
  return place;
}

static void
threads_begin_and_are_inside (const Place *place)
{
  GThread *thread = g_thread_new ("inside", try_in_thread, (gpointer) place);

  g_assert_true (g_thread_join (thread) == place);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/hq/sandbox/files", other_files_are_not_opened, run_inside);
  g_test_add_data_func ("/hq/sandbox/read-only", what_may_be_read_is_not_changed, run_inside);
  g_test_add_data_func ("/hq/sandbox/own", its_own_folder_is_at_hand, run_inside);
  g_test_add_data_func ("/hq/sandbox/programs", no_program_and_no_process_begins, run_inside);
  g_test_add_data_func ("/hq/sandbox/network", no_socket_is_made, run_inside);
  g_test_add_data_func ("/hq/sandbox/threads", threads_begin_and_are_inside, run_inside);
  return g_test_run ();
}
