/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process still holds after its vault was locked: neither the passphrase, nor a key, nor an answer. While the vault is open
 * each of them is found. What forms leave: tests/app/capture/test-memory.c. */

#include "config.h"

#include "app/vault/sqlite-memory.h"
#include "app/vault/vfs-private.h"
#include "tests/app/vault/fixture.h"
#include "tests/support/memory-search.h"

#include <sodium.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  PASSPHRASE,
  ANSWER,
  DATA_KEY,
  SUBKEYS, /* MERE_SUBKEY_PAGES and on */
  N_NEEDLES = SUBKEYS + MERE_SUBKEY_SLOTS,
};

static MereSecret *
new_text (guint which)
{
  MereSecret *text = mere_secret_new (MERE_NEEDLE);
  char        letters[MERE_NEEDLE + 1];

  mere_needle_make_text (which, letters);
  memcpy (mere_secret_get_data (text), letters, MERE_NEEDLE);
  sodium_memzero (letters, sizeof letters);
  return text;
}

static void
mask_keys (const MereSecret *data_key)
{
  g_autoptr (MereSecret) subkey = mere_secret_new (MERE_SEAL_KEY);

  mere_needle_set (DATA_KEY, mere_secret_get_data (data_key));
  for (guint i = 0; i < MERE_SUBKEY_SLOTS; i++)
    {
      mere_subkey_derive (mere_secret_get_data (subkey), mere_secret_get_data (data_key), (MereSubkey) (i + 1));
      mere_needle_set (SUBKEYS + i, mere_secret_get_data (subkey));
    }
}

static void
bind_and_step (sqlite3 *database, const char *sql, const MereSecret *answer)
{
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_bind_text (statement, 1, (const char *) mere_secret_get_data (answer), MERE_NEEDLE, SQLITE_TRANSIENT), ==,
                   SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_assert_cmpint (sqlite3_column_bytes (statement, 0), >=, MERE_NEEDLE);
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
}

/* A day in small: answers are written, sorted, spilled, read from the database and from its log. */
static void
work (MereVault *vault, const MereSecret *answer)
{
  sqlite3 *database = mere_vault_get_database (vault);

  mere_test_execute (database, "CREATE TABLE IF NOT EXISTS answers (id INTEGER PRIMARY KEY, text TEXT); PRAGMA cache_size = 20");
  for (guint i = 0; i < 40; i++)
    bind_and_step (database, "INSERT INTO answers (text) VALUES (?1 || hex (zeroblob (900)))", answer);
  bind_and_step (database, "SELECT text || ?1 FROM answers ORDER BY text DESC, id", answer);
  mere_test_execute (database, "PRAGMA wal_checkpoint; UPDATE answers SET text = text || '.' WHERE id % 2 = 0");
  bind_and_step (database, "SELECT text FROM answers WHERE text > ?1", answer);
}

/* In a process of its own: the others' memory is of no interest. Returns: what is left, a bit for each needle; 1 << N_NEEDLES:
 * the search found nothing while the vault was open */
static int
use_and_lock (MereTestVault *place)
{
  guint found[MERE_MOST_NEEDLES];
  int   left = 0;

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (MereSecret) passphrase = new_text (PASSPHRASE);
      g_autoptr (MereSecret) answer = new_text (ANSWER);
      g_autoptr (GError) error = NULL;
      MereVault *vault = mere_vault_create_with_cost (place->path, passphrase, &mere_test_cost, &error);

      g_assert_no_error (error);
      mere_vault_close (vault);
      vault = mere_vault_open (place->path, passphrase, &error);
      g_assert_no_error (error);
      work (vault, answer);
      mask_keys (mere_vault_get_data_key (vault));
      mere_needles_count (found);
      if (found[PASSPHRASE] == 0 || found[ANSWER] < 2 || found[DATA_KEY] == 0 || found[SUBKEYS] == 0)
        left |= 1 << N_NEEDLES;
      mere_vault_close (vault);
      g_clear_pointer (&passphrase, mere_secret_free);
      g_clear_pointer (&answer, mere_secret_free);

      mere_needles_count (found);
      for (guint which = 0; which < N_NEEDLES; which++)
        left |= found[which] > 0 ? 1 << which : 0;
      g_assert_true (mere_vault_destroy (place->path, &error));
    }
  return left;
}

static void
test_nothing_is_left_after_locking (void)
{
  g_autoptr (MereTestVault) place = mere_test_vault_new ();
  int   left = -1, status;
  int   ends[2];
  pid_t child;

  mere_test_vault_close (place);
  g_assert_true (mere_vault_destroy (place->path, NULL));
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer maps terabytes, and keeps what was freed");
  return;
#endif
  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  if (child == 0)
    {
      left = use_and_lock (place);
      _exit (write (ends[1], &left, sizeof left) == sizeof left ? 0 : 1);
    }
  close (ends[1]);
  g_assert_cmpint (read (ends[0], &left, sizeof left), ==, sizeof left);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmphex ((guint) left, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mere_sqlite_memory_wipe ());
  g_test_add_func ("/vault/memory/nothing-is-left-after-locking", test_nothing_is_left_after_locking);
  return g_test_run ();
}
