/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A change of keys: what was there is there, the old keys open nothing, and whatever cuts it off, the vault opens and it goes on. */

#include "config.h"

#include "app/vault/rekey.h"
#include "app/vault/slots.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROWS 2500 /* a few hundred pages: more than are synced at once */
#define LEADER "team leader"
#define LEADER_PASSPHRASE "Zenith 1234 Utopia"

typedef struct
{
  guint         calls;
  guint         first;
  guint         cancel_at; /* 0: not */
  guint         kill_at;   /* 0: not */
  GCancellable *cancellable;
} Watch;

static void
watch (guint done, guint all, gpointer data)
{
  Watch *self = data;

  g_assert_cmpuint (done, <=, all);
  if (self->calls++ == 0)
    self->first = done;
  if (self->calls == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  if (self->calls == self->kill_at)
    kill (getpid (), SIGKILL);
}

static MereTestVault *
new_vault (void)
{
  return mere_test_vault_new_with_rows (ROWS);
}

static gboolean
rekey (MereTestVault *vault, Watch *seen, GError **error)
{
  return mere_vault_rekey (vault->path, vault->passphrase, watch, seen, seen->cancellable, error);
}

static gboolean
resume (MereTestVault *vault, Watch *seen, GError **error)
{
  return mere_vault_rekey_resume (vault->path, vault->passphrase, watch, seen, NULL, error);
}

static void
assert_whole (MereTestVault *vault, gint64 rows)
{
  sqlite3 *database;

  mere_test_vault_open (vault);
  database = mere_vault_get_database (vault->vault);
  g_assert_cmpint (mere_test_query (database, "SELECT count (*) FROM answers WHERE text LIKE '" MERE_TEST_CANARY "%'"), ==, rows);
  g_assert_cmpint (mere_test_query (database, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  mere_test_vault_close (vault);
}

static void
assert_nothing_left (MereTestVault *vault)
{
  g_assert_false (mere_vault_rekey_is_pending (vault->path));
  g_assert_false (mere_test_exists (vault, "rekey"));
}

/* Whoever kept @keys has nothing. */
static void
assert_old_keys_are_dead (MereTestVault *vault, GBytes *keys)
{
  g_autoptr (MereTestVault) copy = mere_test_vault_copy (vault);

  mere_test_write (copy, "keys.json", keys);
  mere_test_write (copy, "keys-spare.json", keys);
  mere_test_vault_assert_refused (copy, MERE_VAULT_ERROR_DAMAGED, NULL);
}

static void
test_old_keys_open_nothing (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (GBytes) keys = mere_test_read (vault, "keys.json");
  g_autofree char *before = NULL;
  g_autoptr (GError) error = NULL;
  Watch seen = { 0 };

  mere_test_vault_open (vault);
  before = g_strdup (mere_vault_get_id (vault->vault));
  mere_test_vault_close (vault);
  rekey (vault, &seen, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen.calls, >, 2);
  assert_whole (vault, ROWS);
  assert_nothing_left (vault);
  assert_old_keys_are_dead (vault, keys);
  mere_test_vault_open (vault);
  g_assert_cmpstr (mere_vault_get_id (vault->vault), ==, before);
  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
}

static void
test_only_the_given_passphrase_stays (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (MereSecret) leader = mere_secret_new_from_text (LEADER_PASSPHRASE);
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  MereVault *open;

  mere_test_vault_open (vault);
  g_assert_true (mere_vault_add_passphrase_with_cost (vault->vault, vault->passphrase, LEADER, leader, &mere_test_cost, &error));
  mere_test_vault_close (vault);
  g_assert_true (mere_vault_rekey (vault->path, leader, NULL, NULL, NULL, &error));
  mere_test_vault_assert_refused (vault, MERE_VAULT_ERROR_PASSPHRASE, NULL);
  open = mere_vault_open (vault->path, leader, &error);
  slots = mere_vault_list_slots (open, &error);
  g_assert_cmpuint (slots->len, ==, 1);
  g_assert_cmpstr (((MereSlot *) slots->pdata[0])->label, ==, LEADER);
  mere_vault_close (open);
}

static void
test_a_wrong_passphrase_changes_nothing (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (MereSecret) wrong = mere_secret_new_from_text ("wrong");
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_vault_rekey (vault->path, wrong, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE);
  assert_nothing_left (vault);
  assert_whole (vault, ROWS);
}

static void
test_a_cancelled_one_leaves_all_as_it_was (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (GBytes) keys = mere_test_read (vault, "keys.json");

  for (guint at = 1;; at++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) after = NULL;
      Watch seen = { .cancel_at = at, .cancellable = cancellable };

      if (rekey (vault, &seen, &error))
        break;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_nothing_left (vault);
      after = mere_test_read (vault, "keys.json");
      g_assert_true (g_bytes_equal (keys, after));
      assert_whole (vault, ROWS);
    }
  assert_whole (vault, ROWS);
}

/* A child begins and dies. Returns: whether it died; else it came to its end */
static gboolean
die (MereTestVault *vault, MereTestFault fault, guint call, guint progress)
{
  pid_t child = fork ();
  int   status;

  if (child == 0)
    {
      Watch seen = { .kill_at = progress };

      mere_test_faults_start (fault, call);
      mere_test_faults_count_names ();
      _exit (rekey (vault, &seen, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL)
    return TRUE;
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  return FALSE;
}

static guint
die_at_every_call (MereTestFault fault)
{
  g_autoptr (MereTestVault) original = new_vault ();
  g_autoptr (GBytes) keys = mere_test_read (original, "keys.json");
  gboolean killed = TRUE;
  guint    call, pending = 0;

  for (call = 1; killed; call++)
    {
      g_autoptr (MereTestVault) vault = mere_test_vault_copy (original);
      g_autoptr (GError) error = NULL;
      Watch seen = { 0 };

      killed = die (vault, fault, call, 0);
      if (call % 2 == 0)
        assert_whole (vault, ROWS); /* used before it goes on, without a change */
      if (!mere_vault_rekey_is_pending (vault->path))
        {
          assert_whole (vault, ROWS);
          assert_nothing_left (vault);
          continue;
        }
      pending++;
      resume (vault, &seen, &error);
      g_assert_no_error (error);
      assert_nothing_left (vault);
      assert_whole (vault, ROWS);
      assert_old_keys_are_dead (vault, keys);
    }
  g_assert_cmpuint (pending, >, 20);
  g_test_message ("died at each of %u calls, went on after %u", call - 2, pending);
  return call - 2;
}

static void
test_kill_at_every_call (void)
{
  g_assert_cmpuint (die_at_every_call (MERE_TEST_FAULT_KILL), >, 60);
}

static void
test_power_cut_at_every_call (void)
{
  g_assert_cmpuint (die_at_every_call (MERE_TEST_FAULT_POWER), >, 60);
}

static void
test_it_goes_on_where_it_stopped (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (GError) error = NULL;
  Watch whole = { 0 }, rest = { 0 };

  g_assert_true (die (vault, MERE_TEST_FAULT_NONE, 0, 1));
  g_assert_true (mere_vault_rekey_is_pending (vault->path));
  g_assert_true (resume (vault, &rest, &error));
  g_assert_true (rekey (vault, &whole, &error));
  g_assert_cmpuint (rest.first, >, whole.first);
}

static void
test_a_vault_that_changed_meanwhile_begins_anew (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (GError) error = NULL;
  Watch seen = { 0 };

  g_assert_true (die (vault, MERE_TEST_FAULT_NONE, 0, 1));
  mere_test_vault_open (vault);
  mere_test_add_rows (vault, ROWS + 1, 4);
  mere_test_vault_close (vault);
  g_assert_true (resume (vault, &seen, &error));
  g_assert_no_error (error);
  assert_nothing_left (vault);
  assert_whole (vault, ROWS + 4);
}

static void
test_another_passphrase_leaves_it_alone (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (MereSecret) leader = mere_secret_new_from_text (LEADER_PASSPHRASE);
  g_autoptr (GError) error = NULL;
  MereVault *open;

  mere_test_vault_open (vault);
  g_assert_true (mere_vault_add_passphrase_with_cost (vault->vault, vault->passphrase, LEADER, leader, &mere_test_cost, &error));
  mere_test_vault_close (vault);
  g_assert_true (die (vault, MERE_TEST_FAULT_NONE, 0, 1));
  g_assert_true (mere_vault_rekey_resume (vault->path, leader, NULL, NULL, NULL, &error));
  g_assert_true (mere_vault_rekey_is_pending (vault->path));
  open = mere_vault_open (vault->path, leader, &error);
  g_assert_no_error (error);
  mere_vault_close (open);
}

static void
test_a_full_disk_leaves_all_as_it_was (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();

  for (guint call = 1; call < 12; call += 3)
    {
      pid_t child = fork ();
      int   status;

      if (child == 0)
        {
          g_autoptr (GError) error = NULL;
          Watch seen = { 0 };

          mere_test_faults_start (MERE_TEST_FAULT_FULL, call);
          _exit (!rekey (vault, &seen, &error) && g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE) ? 0 : 1);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
      assert_nothing_left (vault);
      assert_whole (vault, ROWS);
    }
}

static void
test_a_damaged_vault_keeps_its_keys (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (GBytes) keys = mere_test_read (vault, "keys.json");
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GError) error = NULL;
  Watch seen = { 0 };

  mere_test_flip (vault, "vault.db", 30 * 4096 + 7);
  g_assert_false (rekey (vault, &seen, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "page 31"));
  assert_nothing_left (vault);
  after = mere_test_read (vault, "keys.json");
  g_assert_true (g_bytes_equal (keys, after));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/rekey/old-keys-open-nothing", test_old_keys_open_nothing);
  g_test_add_func ("/vault/rekey/only-the-given-passphrase-stays", test_only_the_given_passphrase_stays);
  g_test_add_func ("/vault/rekey/a-wrong-passphrase-changes-nothing", test_a_wrong_passphrase_changes_nothing);
  g_test_add_func ("/vault/rekey/a-cancelled-one-leaves-all-as-it-was", test_a_cancelled_one_leaves_all_as_it_was);
  g_test_add_func ("/vault/rekey/kill-at-every-call", test_kill_at_every_call);
  g_test_add_func ("/vault/rekey/power-cut-at-every-call", test_power_cut_at_every_call);
  g_test_add_func ("/vault/rekey/it-goes-on-where-it-stopped", test_it_goes_on_where_it_stopped);
  g_test_add_func ("/vault/rekey/a-vault-that-changed-meanwhile-begins-anew", test_a_vault_that_changed_meanwhile_begins_anew);
  g_test_add_func ("/vault/rekey/another-passphrase-leaves-it-alone", test_another_passphrase_leaves_it_alone);
  g_test_add_func ("/vault/rekey/a-full-disk-leaves-all-as-it-was", test_a_full_disk_leaves_all_as_it_was);
  g_test_add_func ("/vault/rekey/a-damaged-vault-keeps-its-keys", test_a_damaged_vault_keeps_its_keys);
  return g_test_run ();
}
