/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets in memory, passphrase files, the strength of what is typed, and no core dumps. */

#include "config.h"

#include "app/vault/passphrase.h"
#include "app/vault/secret.h"
#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void
assert_text (MereSecret *secret, const char *text)
{
  g_assert_nonnull (secret);
  g_assert_cmpmem (mere_secret_get_data (secret), mere_secret_get_size (secret), text, strlen (text));
  g_assert_cmpint (mere_secret_get_data (secret)[strlen (text)], ==, 0);
}

static void
test_copies (void)
{
  g_autoptr (MereSecret) first = mere_secret_new_from_text ("Utopia");
  g_autoptr (MereSecret) second = mere_secret_copy (first);
  g_autoptr (MereSecret) empty = mere_secret_new_from_text ("");

  mere_secret_get_data (first)[0] = 'X';
  assert_text (first, "Xtopia");
  assert_text (second, "Utopia");
  assert_text (empty, "");
}

static MereSecret *
load (const char *contents, gssize size, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("merestone-secret-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "passphrase", NULL);
  MereSecret      *secret;

  g_assert_true (g_file_set_contents (path, contents, size, NULL));
  secret = mere_secret_load_file (path, error);
  mere_test_remove_tree (folder);
  return secret;
}

static void
test_a_passphrase_file_is_its_first_line (void)
{
  const char *const files[] = { "zwei Wörter", "zwei Wörter\n", "zwei Wörter\r\n", "zwei Wörter\nmore\n" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MereSecret) secret = load (files[i], -1, &error);

      g_assert_no_error (error);
      assert_text (secret, "zwei Wörter");
    }
}

static void
test_what_is_no_passphrase_file (void)
{
  g_autofree char *endless = g_strnfill (5000, 'a');
  g_autoptr (GError) too_long = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (MereSecret) secret = load (endless, -1, &too_long);

  g_assert_null (secret);
  g_assert_error (too_long, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_assert_null (mere_secret_load_file ("/nowhere/at/all", &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_strength (void)
{
  const char *const weak[] = { "", "a", "password", "12345678", "abcdefgh", "aaaaaaaaaaaaaaaa" };
  g_autofree char  *advice = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
    g_assert_cmpint (mere_passphrase_rate (weak[i], NULL), <, MERE_PASSPHRASE_MINIMUM);
  g_assert_cmpint (mere_passphrase_rate ("ferry cobalt eleven pudding", &advice), >=, MERE_PASSPHRASE_MINIMUM);
  g_assert_null (advice);
  mere_passphrase_rate ("password", &advice);
  g_assert_nonnull (advice);
}

/* Even where the person allows them: the child asks for a core dump of any size and then crashes. */
static void
test_no_core_dump (void)
{
  const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
  g_autofree char    *folder = g_dir_make_tmp ("merestone-core-XXXXXX", NULL);
  g_autoptr (GDir) files = NULL;
  pid_t child = fork ();
  int   status;

  if (child == 0)
    {
      signal (SIGABRT, SIG_DFL);
      setrlimit (RLIMIT_CORE, &any);
      mere_secret_forbid_dumps ();
      if (g_chdir (folder) != 0)
        _exit (1);
      abort ();
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_false (WCOREDUMP (status));
  files = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (files));
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/secret/copies", test_copies);
  g_test_add_func ("/vault/secret/a-passphrase-file-is-its-first-line", test_a_passphrase_file_is_its_first_line);
  g_test_add_func ("/vault/secret/what-is-no-passphrase-file", test_what_is_no_passphrase_file);
  g_test_add_func ("/vault/secret/strength", test_strength);
  g_test_add_func ("/vault/secret/no-core-dump", test_no_core_dump);
  return g_test_run ();
}
