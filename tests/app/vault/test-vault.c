/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The folder's life: made, opened, locked, its passphrase changed, in use elsewhere, on a full or a read-only disk, erased. */

#include "config.h"

#include "app/vault/key-copies.h"
#include "app/vault/slots.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static gint64
count_rows (MereTestVault *vault)
{
  return mere_test_query (mere_vault_get_database (vault->vault), "SELECT count (*) FROM answers");
}

static void
test_what_was_saved_is_there_again (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autofree char *id = g_strdup (mere_vault_get_id (vault->vault));

  g_assert_cmpuint (strlen (id), ==, 32);
  g_assert_cmpstr (mere_vault_get_path (vault->vault), ==, vault->path);
  g_assert_true (mere_vault_is_vault (vault->path));
  mere_test_add_rows (vault, 1, 20);
  for (int round = 0; round < 3; round++)
    {
      mere_test_vault_close (vault);
      mere_test_vault_open (vault);
      g_assert_cmpint (count_rows (vault), ==, 20);
      g_assert_cmpstr (mere_vault_get_id (vault->vault), ==, id);
    }
}

/* At the real cost, as people make theirs. */
static void
test_a_real_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GError) error = NULL;

  mere_test_vault_close (vault);
  g_assert_true (mere_vault_destroy (vault->path, &error));
  vault->vault = mere_vault_create (vault->path, vault->passphrase, &error);
  g_assert_no_error (error);
  mere_test_execute (mere_vault_get_database (vault->vault), "CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)");
  mere_test_vault_close (vault);
  mere_test_vault_open (vault);
  g_assert_cmpint (count_rows (vault), ==, 0);
}

static void
assert_passphrase (MereTestVault *vault, const char *text, gboolean opens)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereVault) open = mere_vault_open (vault->path, passphrase, &error);

  g_assert_true ((open != NULL) == opens);
  if (!opens)
    g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* All that lies in the vault's folder, names and bytes. */
static char *
checksum (MereTestVault *vault)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GDir) files = g_dir_open (vault->path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (files)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GBytes) bytes = mere_test_read (vault, g_ptr_array_index (names, i));

      g_checksum_update (sum, g_ptr_array_index (names, i), -1);
      g_checksum_update (sum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_a_wrong_passphrase_changes_nothing (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autofree char *before = checksum (vault);
  g_autofree char *after = NULL;

  assert_passphrase (vault, "Utopia", FALSE);
  assert_passphrase (vault, "", FALSE);
  assert_passphrase (vault, MERE_TEST_PASSPHRASE " ", FALSE);
  after = checksum (vault);
  g_assert_cmpstr (before, ==, after);
}

static void
change_passphrase (MereTestVault *vault, const char *from, const char *to, int code)
{
  g_autoptr (MereSecret) old_passphrase = mere_secret_new_from_text (from);
  g_autoptr (MereSecret) new_passphrase = mere_secret_new_from_text (to);
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_vault_change_passphrase (vault->vault, old_passphrase, new_passphrase, &error) == (code == 0));
  if (code != 0)
    g_assert_error (error, MERE_VAULT_ERROR, code);
}

static void
test_the_new_passphrase_opens_and_the_old_does_not (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();

  mere_test_add_rows (vault, 1, 5);
  change_passphrase (vault, "not it", "new", MERE_VAULT_ERROR_PASSPHRASE);
  change_passphrase (vault, MERE_TEST_PASSPHRASE, "new", 0);
  mere_test_vault_close (vault);
  assert_passphrase (vault, MERE_TEST_PASSPHRASE, FALSE);
  assert_passphrase (vault, "new", TRUE);
}

/* keys.json as a change of the passphrase would have written it, at the tests' cost. */
static void
change_first_copy (MereTestVault *vault, const char *to)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (to);
  g_autoptr (MereSecret) key = NULL;
  guint index;
  g_autoptr (MereKeyFile) file = mere_key_copies_unlock (vault->path, MERE_KEY_SLOT_PASSPHRASE, vault->passphrase, &key, &index, NULL);
  g_autoptr (JsonObject) slot = mere_key_slot_new (MERE_KEY_SLOT_PASSPHRASE, mere_key_file_get_id (file), key, passphrase, &mere_test_cost, NULL);
  g_autoptr (GBytes) text = NULL;

  mere_key_file_replace_slot (file, index, slot);
  text = mere_key_file_seal (file, key);
  mere_test_write (vault, "keys.json", text);
}

/* Crashed between the two copies, a change is whole for whoever opens next, by either passphrase. */
static void
test_a_change_that_a_crash_cut_short (void)
{
  const char *const used[] = { MERE_TEST_PASSPHRASE, "new" };

  for (guint i = 0; i < G_N_ELEMENTS (used); i++)
    {
      g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);

      change_first_copy (vault, "new");
      assert_passphrase (vault, used[i], TRUE);
      assert_passphrase (vault, used[1 - i], FALSE);
      assert_passphrase (vault, used[i], TRUE);
    }
}

static void
test_a_lost_copy_of_the_keys_comes_back (void)
{
  const char *const names[] = { "keys.json", "keys-spare.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
      g_autofree char *before = checksum (vault);
      g_autofree char *after = NULL;

      mere_test_remove (vault, names[i]);
      g_assert_true (mere_vault_is_vault (vault->path));
      mere_test_vault_open (vault);
      mere_test_vault_close (vault);
      after = checksum (vault);
      g_assert_cmpstr (before, ==, after);
    }
}

/* Both copies alike, byte by byte: an answer for a person each time, and never open. */
static void
test_changed_keys_open_nothing (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autoptr (GBytes) keys = mere_test_read (vault, "keys.json");

  for (gsize i = 0; i < g_bytes_get_size (keys); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MereVault) open = NULL;

      mere_test_flip (vault, "keys.json", i);
      mere_test_flip (vault, "keys-spare.json", i);
      open = mere_vault_open (vault->path, vault->passphrase, &error);
      g_assert_null (open);
      g_assert_nonnull (error);
      mere_test_write (vault, "keys.json", keys);
      mere_test_write (vault, "keys-spare.json", keys);
    }
}

/* Runs @check in another process; it ends with 0 if all is as expected. */
static void
in_another_process (MereTestVault *vault, gboolean (*check) (MereTestVault *vault))
{
  int   status;
  pid_t child = fork ();

  if (child == 0)
    _exit (check (vault) ? 0 : 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static gboolean
open_fails_with (MereTestVault *vault, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereVault) open = mere_vault_open (vault->path, vault->passphrase, &error);

  return open == NULL && g_error_matches (error, MERE_VAULT_ERROR, code);
}

static gboolean
is_in_use (MereTestVault *vault)
{
  g_autoptr (GError) error = NULL;

  return open_fails_with (vault, MERE_VAULT_ERROR_IN_USE) && !mere_vault_destroy (vault->path, &error) &&
         g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_IN_USE);
}

static gboolean
is_free (MereTestVault *vault)
{
  g_autoptr (MereVault) open = mere_vault_open (vault->path, vault->passphrase, NULL);

  return open != NULL;
}

static void
test_one_process_at_a_time (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();

  in_another_process (vault, is_in_use);
  g_assert_true (is_in_use (vault));
  mere_test_vault_close (vault);
  in_another_process (vault, is_free);
}

static void
assert_not_created (MereTestVault *vault, const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereVault) made = mere_vault_create_with_cost (path, vault->passphrase, &mere_test_cost, &error);

  g_assert_null (made);
  g_assert_error (error, MERE_VAULT_ERROR, code);
}

static void
test_no_vault_is_made_over_anything (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autofree char *before = checksum (vault);
  g_autofree char *after = NULL;

  assert_not_created (vault, vault->path, MERE_VAULT_ERROR_EXISTS);
  assert_not_created (vault, vault->folder, MERE_VAULT_ERROR_EXISTS);
  after = checksum (vault);
  g_assert_cmpstr (before, ==, after);
}

static void
test_an_empty_folder_becomes_a_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autofree char *path = g_build_filename (vault->folder, "two", "deep", NULL);
  g_autoptr (MereVault) made = NULL;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  made = mere_vault_create_with_cost (path, vault->passphrase, &mere_test_cost, NULL);
  g_assert_nonnull (made);
}

static void
test_what_is_no_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);

  mere_test_remove (vault, "vault.db");
  g_assert_true (open_fails_with (vault, MERE_VAULT_ERROR_DAMAGED));
  mere_test_remove (vault, "keys.json");
  mere_test_remove (vault, "keys-spare.json");
  g_assert_true (open_fails_with (vault, MERE_VAULT_ERROR_NOT_A_VAULT));
  g_assert_false (mere_vault_is_vault (vault->path));
  mere_test_remove_tree (vault->path);
  g_assert_true (open_fails_with (vault, MERE_VAULT_ERROR_NOT_A_VAULT));
  g_assert_false (mere_vault_is_vault (vault->path));
}

static void
test_an_erased_vault_is_gone (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_vault_destroy (vault->path, &error));
  g_assert_false (g_file_test (vault->path, G_FILE_TEST_EXISTS));
}

/* Bundles and cards name the laptop, and say that there was one. */
static void
test_nothing_tells_of_an_erased_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  const char *const folders[] = { "outbox", "card/s000001", "incoming", "quarantine/ggps4rcy", "rekey" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (vault->path, folders[i], NULL);
      g_autofree char *file = g_build_filename (folder, "source", NULL);
      g_autofree char *link = g_build_filename (folder, "link", NULL);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents (file, "ggps4rcy-01-000001", -1, NULL));
      if (!g_str_equal (folders[i], "rekey"))
        g_assert_cmpint (symlink (vault->folder, link), ==, 0);
    }
  g_assert_true (mere_vault_destroy (vault->path, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (vault->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (vault->folder, G_FILE_TEST_IS_DIR));
}

/* Somebody's own file in the folder stays. */
static void
test_erasing_takes_only_the_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autofree char *theirs = g_build_filename (vault->path, "theirs.txt", NULL);

  g_assert_true (g_file_set_contents (theirs, "kept", -1, NULL));
  g_assert_true (mere_vault_destroy (vault->path, NULL));
  g_assert_false (mere_vault_is_vault (vault->path));
  g_assert_true (g_file_test (theirs, G_FILE_TEST_EXISTS));
}

/* Adds rows until one fails. Returns: how many went in; @status: what stopped it, or SQLITE_OK after @most */
static int
fill (MereTestVault *vault, int most, int *status)
{
  sqlite3 *database = mere_vault_get_database (vault->vault);

  sqlite3_exec (database, "PRAGMA wal_autocheckpoint = 10", NULL, NULL, NULL);
  for (int rows = 0; rows < most; rows++)
    {
      *status = sqlite3_exec (database, "INSERT INTO answers (text) VALUES (hex (zeroblob (3000)))", NULL, NULL, NULL);
      if (*status != SQLITE_OK)
        return rows;
    }
  return most;
}

/* From any moment on: what was saved stays, what was not is not half there, and all goes on once there is room. */
static void
test_a_full_disk_loses_nothing (void)
{
  guint call = 1, calls;

  do
    {
      g_autoptr (MereTestVault) vault = mere_test_vault_new ();
      int status, rows;

      mere_test_faults_start (MERE_TEST_FAULT_FULL, call);
      rows = fill (vault, 20, &status);
      calls = mere_test_faults_get_calls ();
      g_assert_true (status == SQLITE_OK || status == SQLITE_FULL);
      g_assert_cmpint (count_rows (vault), ==, rows);
      if (call % 2 == 0)
        mere_test_vault_close (vault); /* while it is full */
      mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
      if (vault->vault == NULL)
        mere_test_vault_open (vault);
      g_assert_cmpint (count_rows (vault), ==, rows);
      fill (vault, 20, &status);
      g_assert_cmpint (status, ==, SQLITE_OK);
      mere_test_vault_close (vault);
      mere_test_vault_open (vault);
      g_assert_cmpint (count_rows (vault), ==, rows + 20);
    }
  while (call++ < calls);
}

static void
test_no_room_for_a_new_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autofree char *path = g_build_filename (vault->folder, "another.vault", NULL);

  mere_test_faults_start (MERE_TEST_FAULT_FULL, 1);
  assert_not_created (vault, path, MERE_VAULT_ERROR_SPACE);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Killed at each write while it is made: a vault that opens, or a folder that the next try takes. */
static void
test_a_vault_whose_making_was_cut_off (void)
{
  gboolean killed = TRUE;

  for (guint call = 1; killed; call++)
    {
      g_autoptr (MereTestVault) vault = mere_test_vault_new ();
      pid_t child;
      int   status;

      mere_test_vault_close (vault);
      g_assert_true (mere_vault_destroy (vault->path, NULL));
      child = fork ();
      if (child == 0)
        {
          mere_test_faults_start (MERE_TEST_FAULT_KILL, call);
          mere_vault_close (mere_vault_create_with_cost (vault->path, vault->passphrase, &mere_test_cost, NULL));
          _exit (0);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      killed = WIFSIGNALED (status);
      if (!mere_vault_is_vault (vault->path))
        mere_vault_close (mere_vault_create_with_cost (vault->path, vault->passphrase, &mere_test_cost, NULL));
      mere_test_vault_open (vault);
      g_assert_false (mere_test_exists (vault, "unfinished"));
    }
}

/* The folder is its owner's alone; so are the files, wherever they are copied to. */
static void
test_only_the_owner_reads_its_files (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GDir) files = g_dir_open (vault->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (vault->path, name, NULL);
      GStatBuf         info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmphex (info.st_mode & 0777, ==, 0600);
    }
}

static gboolean
is_refused_as_read_only (MereTestVault *vault)
{
  g_autofree char *path = g_build_filename (vault->path, "inside.vault", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereVault) made = NULL;

  if (geteuid () == 0 && seteuid (65534) != 0) /* nobody: root may write everywhere */
    return FALSE;
  made = mere_vault_create_with_cost (path, vault->passphrase, &mere_test_cost, &error);
  return made == NULL && g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE) &&
         open_fails_with (vault, MERE_VAULT_ERROR_SPACE);
}

static void
set_modes (MereTestVault *vault, mode_t folder, mode_t file)
{
  g_autoptr (GDir) files = g_dir_open (vault->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (vault->path, name, NULL);

      g_assert_cmpint (g_chmod (path, file), ==, 0);
    }
  g_assert_cmpint (g_chmod (vault->folder, folder), ==, 0);
  g_assert_cmpint (g_chmod (vault->path, folder), ==, 0);
}

static void
test_a_read_only_folder (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autofree char *before = checksum (vault);
  g_autofree char *after = NULL;

  set_modes (vault, 0555, 0444);
  in_another_process (vault, is_refused_as_read_only);
  set_modes (vault, 0755, 0644);
  after = checksum (vault);
  g_assert_cmpstr (before, ==, after);
}

static void
hold_open (MereTestVault *vault)
{
  mere_test_add_rows (vault, (guint) count_rows (vault) + 1, 20);
  g_assert_true (mere_test_exists (vault, "vault.db-wal"));
  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
  g_assert_false (mere_test_folder_holds (vault->folder, "answers"));
  g_assert_false (mere_test_folder_holds (vault->folder, "SQLite"));
}

static void
test_nothing_is_found_in_any_file (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);

  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
  mere_test_vault_do_and_die (vault, hold_open);
  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
  mere_test_vault_open (vault);
  hold_open (vault);
  mere_test_vault_close (vault);
  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/what-was-saved-is-there-again", test_what_was_saved_is_there_again);
  g_test_add_func ("/vault/a-real-vault", test_a_real_vault);
  g_test_add_func ("/vault/a-wrong-passphrase-changes-nothing", test_a_wrong_passphrase_changes_nothing);
  g_test_add_func ("/vault/the-new-passphrase-opens-and-the-old-does-not", test_the_new_passphrase_opens_and_the_old_does_not);
  g_test_add_func ("/vault/a-change-that-a-crash-cut-short", test_a_change_that_a_crash_cut_short);
  g_test_add_func ("/vault/a-lost-copy-of-the-keys-comes-back", test_a_lost_copy_of_the_keys_comes_back);
  g_test_add_func ("/vault/changed-keys-open-nothing", test_changed_keys_open_nothing);
  g_test_add_func ("/vault/one-process-at-a-time", test_one_process_at_a_time);
  g_test_add_func ("/vault/no-vault-is-made-over-anything", test_no_vault_is_made_over_anything);
  g_test_add_func ("/vault/an-empty-folder-becomes-a-vault", test_an_empty_folder_becomes_a_vault);
  g_test_add_func ("/vault/what-is-no-vault", test_what_is_no_vault);
  g_test_add_func ("/vault/an-erased-vault-is-gone", test_an_erased_vault_is_gone);
  g_test_add_func ("/vault/erasing-takes-only-the-vault", test_erasing_takes_only_the_vault);
  g_test_add_func ("/vault/nothing-tells-of-an-erased-vault", test_nothing_tells_of_an_erased_vault);
  g_test_add_func ("/vault/a-full-disk-loses-nothing", test_a_full_disk_loses_nothing);
  g_test_add_func ("/vault/no-room-for-a-new-vault", test_no_room_for_a_new_vault);
  g_test_add_func ("/vault/a-vault-whose-making-was-cut-off", test_a_vault_whose_making_was_cut_off);
  g_test_add_func ("/vault/only-the-owner-reads-its-files", test_only_the_owner_reads_its_files);
  g_test_add_func ("/vault/a-read-only-folder", test_a_read_only_folder);
  g_test_add_func ("/vault/nothing-is-found-in-any-file", test_nothing_is_found_in_any_file);
  return g_test_run ();
}
