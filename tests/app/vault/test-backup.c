/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A copy of a vault that is in use, and what a damaged or a crashed one says when it is opened or copied. */

#include "config.h"

#include "app/vault/backup.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define ROWS 3000

typedef struct
{
  MereTestVault *vault;
  GCancellable  *cancellable;
  guint          calls;
  guint          cancel_at; /* 0: not */
  guint          last;
  gboolean       write; /* meanwhile */
} Watch;

static void
watch (guint done, guint all, gpointer data)
{
  Watch *self = data;

  g_assert_cmpuint (done, <=, all);
  g_assert_cmpuint (done, >=, self->last);
  self->last = done;
  if (++self->calls == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
  if (self->write && self->calls == 1)
    mere_test_add_rows (self->vault, ROWS + 1, 5);
}

static char *
dup_place (MereTestVault *vault)
{
  return g_build_filename (vault->folder, "copy.vault", NULL);
}

static gint64
count_copy (MereTestVault *vault, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereVault) copy = mere_vault_open (place, vault->passphrase, &error);

  g_assert_no_error (error);
  return mere_test_query (mere_vault_get_database (copy), "SELECT count (*) FROM answers");
}

static void
test_a_copy_of_a_vault_in_use (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (ROWS);
  g_autofree char *place = dup_place (vault);
  g_autoptr (GError) error = NULL;
  Watch seen = { .vault = vault, .write = TRUE };

  mere_test_vault_open (vault);
  g_assert_true (mere_vault_backup (vault->vault, place, watch, &seen, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.calls, >, 2);
  g_assert_cmpint (count_copy (vault, place), ==, ROWS + 5);
  g_assert_false (mere_test_folder_holds (vault->folder, MERE_TEST_CANARY));
}

/* Out of the copy, where the vault was. */
static void
test_restoring (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);
  g_autofree char *place = dup_place (vault);
  g_autoptr (GError) error = NULL;
  MereVault *copy;

  mere_test_vault_open (vault);
  g_assert_true (mere_vault_backup (vault->vault, place, NULL, NULL, NULL, &error));
  mere_test_vault_close (vault);
  g_assert_true (mere_vault_destroy (vault->path, &error));
  copy = mere_vault_open (place, vault->passphrase, &error);
  g_assert_no_error (error);
  g_assert_true (mere_vault_backup (copy, vault->path, NULL, NULL, NULL, &error));
  mere_vault_close (copy);
  mere_test_vault_open (vault);
  g_assert_cmpint (mere_test_query (mere_vault_get_database (vault->vault), "SELECT count (*) FROM answers"), ==, 50);
}

static void
test_cancelled_leaves_nothing (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (ROWS);
  g_autofree char *place = dup_place (vault);

  mere_test_vault_open (vault);
  for (guint at = 1; at <= 3; at++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      Watch seen = { .vault = vault, .cancellable = cancellable, .cancel_at = at };

      g_assert_false (mere_vault_backup (vault->vault, place, watch, &seen, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (g_file_test (place, G_FILE_TEST_EXISTS));
    }
}

static void
test_nothing_is_written_over (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_vault_backup (vault->vault, vault->folder, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_EXISTS);
}

static void
test_a_full_stick (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (500);
  g_autofree char *place = dup_place (vault);
  g_autoptr (GError) error = NULL;

  mere_test_vault_open (vault);
  mere_test_faults_start (MERE_TEST_FAULT_FULL, 5);
  g_assert_false (mere_vault_backup (vault->vault, place, NULL, NULL, NULL, &error));
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_SPACE);
  g_assert_false (g_file_test (place, G_FILE_TEST_EXISTS));
  g_assert_true (mere_vault_backup (vault->vault, place, NULL, NULL, NULL, NULL));
  g_assert_cmpint (count_copy (vault, place), ==, 500);
}

static void
test_a_damaged_vault_is_not_copied_as_a_whole_one (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (500);
  g_autofree char *place = dup_place (vault);
  g_autoptr (GError) error = NULL;

  mere_test_flip (vault, "vault.db", 20 * 4096 + 7);
  mere_test_vault_open (vault);
  g_assert_false (mere_vault_backup (vault->vault, place, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_VAULT_ERROR, MERE_VAULT_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "page 21"));
  g_assert_false (g_file_test (place, G_FILE_TEST_EXISTS));
}

static void
crash (MereTestVault *vault)
{
  mere_test_add_rows (vault, 1000, 5);
}

/* A log that was left is the sign of a crash: then all is looked at, and damage is known before anybody meets it. */
static void
test_all_is_checked_after_a_crash (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (500);
  g_autofree char *after_crash = NULL;
  g_autofree char *after_closing = NULL;

  mere_test_vault_do_and_die (vault, crash);
  mere_test_flip (vault, "vault.db", 20 * 4096 + 7);
  mere_test_vault_open (vault);
  after_crash = mere_vault_dup_damage (vault->vault);
  g_assert_nonnull (after_crash);
  g_assert_nonnull (strstr (after_crash, "page 21"));
  mere_test_vault_close (vault);
  mere_test_vault_open (vault);
  after_closing = mere_vault_dup_damage (vault->vault);
  g_assert_null (after_closing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/backup/a-copy-of-a-vault-in-use", test_a_copy_of_a_vault_in_use);
  g_test_add_func ("/vault/backup/restoring", test_restoring);
  g_test_add_func ("/vault/backup/cancelled-leaves-nothing", test_cancelled_leaves_nothing);
  g_test_add_func ("/vault/backup/nothing-is-written-over", test_nothing_is_written_over);
  g_test_add_func ("/vault/backup/a-full-stick", test_a_full_stick);
  g_test_add_func ("/vault/backup/a-damaged-vault-is-not-copied-as-a-whole-one", test_a_damaged_vault_is_not_copied_as_a_whole_one);
  g_test_add_func ("/vault/backup/all-is-checked-after-a-crash", test_all_is_checked_after_a_crash);
  return g_test_run ();
}
