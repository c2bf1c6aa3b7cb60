/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A forgotten passphrase: a challenge lies in the locked vault, its answer opens it, once. */

#include "config.h"

#include "app/vault/recovery.h"
#include "app/vault/slots.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#include <string.h>

#define CHALLENGE "ggps4rcy7k2m9qxd04fz"
#define ANSWER "1234567890123456789012345"
#define NEW_PASSPHRASE "Zenith 1234 Utopia"

static MereTestVault *
new_armed (void)
{
  MereTestVault *vault = mere_test_vault_new ();
  g_autoptr (MereSecret) answer = mere_secret_new_from_text (ANSWER);
  g_autoptr (GError) error = NULL;

  mere_test_add_rows (vault, 1, 3);
  g_assert_true (mere_vault_arm_recovery (vault->vault, CHALLENGE, answer, &error));
  g_assert_no_error (error);
  return vault;
}

static MereVault *
recover (MereTestVault *vault, const char *text, GError **error)
{
  g_autoptr (MereSecret) answer = mere_secret_new_from_text (text);
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (NEW_PASSPHRASE);

  return mere_vault_recover_with_cost (vault->path, answer, passphrase, &mere_test_cost, error);
}

static gboolean
is_answer (MereTestVault *vault, const char *text)
{
  g_autoptr (MereSecret) answer = mere_secret_new_from_text (text);

  return mere_recovery_check (vault->path, answer, NULL);
}

static gboolean
opens (MereTestVault *vault, const char *text)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text (text);
  g_autoptr (MereVault) open = mere_vault_open (vault->path, passphrase, NULL);

  return open != NULL;
}

static void
test_the_answer_opens_once (void)
{
  g_autoptr (MereTestVault) vault = new_armed ();
  g_autofree char *challenge = mere_recovery_dup_challenge (vault->path);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  MereVault *open;

  g_assert_cmpstr (challenge, ==, CHALLENGE);
  mere_test_vault_close (vault);
  g_assert_true (is_answer (vault, ANSWER));
  open = recover (vault, ANSWER, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mere_test_query (mere_vault_get_database (open), "SELECT count (*) FROM answers"), ==, 3);
  mere_vault_close (open);

  g_assert_false (is_answer (vault, ANSWER));
  g_assert_null (recover (vault, ANSWER, NULL));
  after = mere_recovery_dup_challenge (vault->path);
  g_assert_null (after);
  g_assert_true (opens (vault, NEW_PASSPHRASE));
  g_assert_false (opens (vault, MERE_TEST_PASSPHRASE));
}

static void
test_another_answer_does_not (void)
{
  g_autoptr (MereTestVault) vault = new_armed ();
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_vault_close (vault);
  before = mere_test_read (vault, "keys.json");
  g_assert_null (recover (vault, "1234567890123456789012346", &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_PASSPHRASE);
  g_assert_nonnull (strstr (error->message, "not the answer"));
  g_assert_false (is_answer (vault, MERE_TEST_PASSPHRASE));
  g_assert_false (opens (vault, ANSWER));
  after = mere_test_read (vault, "keys.json");
  g_assert_true (g_bytes_equal (before, after));
  g_assert_true (opens (vault, MERE_TEST_PASSPHRASE));
}

static void
test_a_new_challenge_ends_the_old_answer (void)
{
  g_autoptr (MereTestVault) vault = new_armed ();
  g_autoptr (MereSecret) answer = mere_secret_new_from_text ("5432109876543210987654321");
  g_autofree char *challenge = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_vault_arm_recovery (vault->vault, "ggps4rcyaaaaaaaabbbb", answer, &error));
  mere_test_vault_close (vault);
  challenge = mere_recovery_dup_challenge (vault->path);
  g_assert_cmpstr (challenge, ==, "ggps4rcyaaaaaaaabbbb");
  g_assert_false (is_answer (vault, ANSWER));
  g_assert_true (is_answer (vault, "5432109876543210987654321"));
}

static void
test_without_a_challenge_there_is_no_way_in (void)
{
  g_autoptr (MereTestVault) vault = new_armed ();
  g_autofree char *challenge = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_vault_disarm_recovery (vault->vault, &error));
  g_assert_true (mere_vault_disarm_recovery (vault->vault, &error));
  mere_test_vault_close (vault);
  challenge = mere_recovery_dup_challenge (vault->path);
  g_assert_null (challenge);
  g_assert_false (is_answer (vault, ANSWER));
  g_assert_true (opens (vault, MERE_TEST_PASSPHRASE));
}

/* What the file says to whoever has no key, may be of anybody; what opens by it, is not. */
static void
test_a_changed_challenge_is_noticed (void)
{
  g_autoptr (MereTestVault) vault = new_armed ();
  g_autoptr (GBytes) keys = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_vault_close (vault);
  keys = mere_test_read (vault, "keys.json");
  text = g_string_new_len (g_bytes_get_data (keys, NULL), (gssize) g_bytes_get_size (keys));
  g_assert_cmpuint (g_string_replace (text, CHALLENGE, "ggps4rcy7k2m9qxd04f0", 0), ==, 1);
  changed = g_bytes_new (text->str, text->len);
  mere_test_write (vault, "keys.json", changed);
  mere_test_remove (vault, "keys-spare.json");
  g_assert_null (recover (vault, ANSWER, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED);
}

static void
test_other_passphrases_stay (void)
{
  g_autoptr (MereTestVault) vault = new_armed ();
  g_autoptr (MereSecret) other = mere_secret_new_from_text ("third");
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_vault_add_passphrase_with_cost (vault->vault, vault->passphrase, "team leader", other, &mere_test_cost, &error));
  slots = mere_vault_list_slots (vault->vault, &error);
  g_assert_cmpuint (slots->len, ==, 3);
  g_assert_cmpint (((MereSlot *) slots->pdata[1])->kind, ==, MERE_SLOT_RECOVERY);
  g_assert_cmpuint (((MereSlot *) slots->pdata[1])->cost.memory, ==, mere_test_cost.memory);
  g_assert_cmpuint (strlen (((MereSlot *) slots->pdata[2])->made), ==, strlen ("2026-11-25"));
  mere_test_vault_close (vault);
  mere_vault_close (recover (vault, ANSWER, &error));
  g_assert_no_error (error);
  g_assert_true (opens (vault, "third"));
  g_assert_true (opens (vault, NEW_PASSPHRASE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/recovery/the-answer-opens-once", test_the_answer_opens_once);
  g_test_add_func ("/vault/recovery/another-answer-does-not", test_another_answer_does_not);
  g_test_add_func ("/vault/recovery/a-new-challenge-ends-the-old-answer", test_a_new_challenge_ends_the_old_answer);
  g_test_add_func ("/vault/recovery/without-a-challenge-there-is-no-way-in", test_without_a_challenge_there_is_no_way_in);
  g_test_add_func ("/vault/recovery/a-changed-challenge-is-noticed", test_a_changed_challenge_is_noticed);
  g_test_add_func ("/vault/recovery/other-passphrases-stay", test_other_passphrases_stay);
  return g_test_run ();
}
