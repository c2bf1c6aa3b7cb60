/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may unlock a vault: several passphrases, by name, and keys.json on a disk that has no room for the change. */

#include "config.h"

#include "app/vault/slots.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEADER "team leader"
#define LEADER_PASSPHRASE "Zenith 1234 Utopia"

static gboolean
add (MereTestVault *vault, const char *passphrase, const char *label, const char *text, GError **error)
{
  g_autoptr (MereSecret) known = mere_secret_new_from_text (passphrase);
  g_autoptr (MereSecret) added = mere_secret_new_from_text (text);

  return mere_vault_add_passphrase_with_cost (vault->vault, known, label, added, &mere_test_cost, error);
}

static gboolean
remove_slot (MereTestVault *vault, const char *passphrase, const char *label, GError **error)
{
  g_autoptr (MereSecret) known = mere_secret_new_from_text (passphrase);

  return mere_vault_remove_slot (vault->vault, known, label, error);
}

static void
assert_opens (MereTestVault *vault, const char *text, gboolean opens)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereVault) open = NULL;

  mere_test_vault_close (vault);
  open = mere_vault_open (vault->path, passphrase, &error);
  g_assert_true ((open != NULL) == opens);
  if (!opens)
    g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE);
}

static char *
list (MereTestVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) slots = mere_vault_list_slots (vault->vault, &error);
  GString *names = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < slots->len; i++)
    {
      const MereSlot *slot = g_ptr_array_index (slots, i);

      g_assert_cmpint (slot->kind, ==, MERE_SLOT_PASSPHRASE);
      g_string_append_printf (names, "%s;", slot->label != NULL ? slot->label : "-");
    }
  return g_string_free (names, FALSE);
}

static void
assert_listed (MereTestVault *vault, const char *names)
{
  g_autofree char *listed = list (vault);

  g_assert_cmpstr (listed, ==, names);
}

static void
test_each_passphrase_opens (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GError) error = NULL;

  assert_listed (vault, "-;");
  g_assert_true (add (vault, MERE_TEST_PASSPHRASE, LEADER, LEADER_PASSPHRASE, &error));
  g_assert_true (add (vault, LEADER_PASSPHRASE, "« HQ » \"2\"", "third", &error));
  assert_listed (vault, "-;" LEADER ";« HQ » \"2\";");
  assert_opens (vault, MERE_TEST_PASSPHRASE, TRUE);
  assert_opens (vault, LEADER_PASSPHRASE, TRUE);
  assert_opens (vault, "third", TRUE);
  assert_opens (vault, "fourth", FALSE);
}

static void
test_a_removed_one_does_not (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (add (vault, MERE_TEST_PASSPHRASE, LEADER, LEADER_PASSPHRASE, &error));
  g_assert_false (remove_slot (vault, "not it", LEADER, NULL));
  g_assert_true (remove_slot (vault, LEADER_PASSPHRASE, NULL, &error));
  assert_listed (vault, LEADER ";");
  g_assert_false (remove_slot (vault, LEADER_PASSPHRASE, LEADER, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED);
  assert_opens (vault, MERE_TEST_PASSPHRASE, FALSE);
  assert_opens (vault, LEADER_PASSPHRASE, TRUE);
}

static void
test_a_changed_one_keeps_its_name (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (MereSecret) from = mere_secret_new_from_text (LEADER_PASSPHRASE);
  g_autoptr (MereSecret) to = mere_secret_new_from_text ("changed");
  g_autoptr (GError) error = NULL;

  g_assert_true (add (vault, MERE_TEST_PASSPHRASE, LEADER, LEADER_PASSPHRASE, &error));
  g_assert_true (mere_vault_change_passphrase (vault->vault, from, to, &error));
  assert_listed (vault, "-;" LEADER ";");
  assert_opens (vault, MERE_TEST_PASSPHRASE, TRUE);
  assert_opens (vault, "changed", TRUE);
}

static void
test_names_are_bounded (void)
{
  g_autofree char  *longest = g_strnfill (MERE_SLOT_LONGEST_LABEL, 'a');
  g_autofree char  *longer = g_strnfill (MERE_SLOT_LONGEST_LABEL + 1, 'a');
  const char *const refused[] = { "", "a[", "a]", "{a", "a}", "\xff", longer };
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_false (add (vault, MERE_TEST_PASSPHRASE, refused[i], "x", NULL));
  g_assert_true (add (vault, MERE_TEST_PASSPHRASE, longest, "x", &error));
  g_assert_false (add (vault, MERE_TEST_PASSPHRASE, longest, "y", &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_EXISTS);
}

static void
test_eight_are_enough (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GError) error = NULL;

  for (char label[] = "2"; *label <= '8'; ++*label)
    g_assert_true (add (vault, MERE_TEST_PASSPHRASE, label, label, NULL));
  g_assert_false (add (vault, MERE_TEST_PASSPHRASE, "9", "9", &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_FAILED);
  assert_opens (vault, "8", TRUE);
  assert_opens (vault, "9", FALSE);
}

/* Cheaper parameters in the file do not make a cheaper guess: they are part of what the slot's seal covers. */
static void
test_a_cheaper_slot_does_not_open (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (1);
  const char *const files[] = { "keys.json", "keys-spare.json" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) keys = mere_test_read (vault, files[i]);
      g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (keys, NULL), (gssize) g_bytes_get_size (keys));
      g_autoptr (GBytes) changed = NULL;

      g_assert_cmpuint (g_string_replace (text, ": 8192", ": 9216", 0) + g_string_replace (text, ":8192", ":9216", 0), >, 0);
      changed = g_bytes_new (text->str, text->len);
      mere_test_write (vault, files[i], changed);
    }
  mere_test_vault_assert_refused (vault, MERE_VAULT_ERROR_PASSPHRASE, NULL);
}

/* A file may not grow beyond @bytes: what a full disk does, for a process. */
static void
limit_files (rlim_t bytes)
{
  const struct rlimit limit = { bytes, bytes };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_a_full_disk_keeps_the_old_keys (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (5);
  g_autoptr (GBytes) before = mere_test_read (vault, "keys.json");
  gsize size = g_bytes_get_size (before);

  for (rlim_t room = 0; room < size + 300; room += 97)
    {
      g_autoptr (GBytes) after = NULL;
      pid_t child = fork ();
      int   status;

      if (child == 0)
        {
          g_autoptr (GError) error = NULL;

          mere_test_vault_open (vault);
          limit_files (room);
          _exit (!add (vault, MERE_TEST_PASSPHRASE, LEADER, LEADER_PASSPHRASE, &error) &&
                     g_error_matches (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE)
                   ? 0
                   : 1);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
      after = mere_test_read (vault, "keys.json");
      g_assert_true (g_bytes_equal (before, after));
      g_assert_false (mere_test_exists (vault, "keys.json.new"));
    }
  assert_opens (vault, MERE_TEST_PASSPHRASE, TRUE);
  assert_opens (vault, LEADER_PASSPHRASE, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/slots/each-passphrase-opens", test_each_passphrase_opens);
  g_test_add_func ("/vault/slots/a-removed-one-does-not", test_a_removed_one_does_not);
  g_test_add_func ("/vault/slots/a-changed-one-keeps-its-name", test_a_changed_one_keeps_its_name);
  g_test_add_func ("/vault/slots/names-are-bounded", test_names_are_bounded);
  g_test_add_func ("/vault/slots/eight-are-enough", test_eight_are_enough);
  g_test_add_func ("/vault/slots/a-cheaper-slot-does-not-open", test_a_cheaper_slot_does_not_open);
  g_test_add_func ("/vault/slots/a-full-disk-keeps-the-old-keys", test_a_full_disk_keeps_the_old_keys);
  return g_test_run ();
}
