/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a damaged vault still gives up: every row whose pages open, into a new vault. */

#include "config.h"

#include "app/vault/rescue.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#define ROWS 600
#define PAGE 4096

typedef struct
{
  MereTestVault *vault; /* damaged */
  MereTestVault *fresh;
  MereRescue     rescue;
} Fixture;

/* Short rows, a few longer than a page, and a table without numbers. */
static void
fixture_set_up (Fixture *self)
{
  sqlite3 *database;

  self->vault = mere_test_vault_new ();
  database = mere_vault_get_database (self->vault->vault);
  mere_test_execute (database,
                     "CREATE TABLE pair (a TEXT, b INTEGER, note TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                     "CREATE TABLE counted (row INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT);"
                     "CREATE INDEX by_text ON answers (text);"
                     "CREATE TABLE told (n INTEGER); INSERT INTO told VALUES (0);"
                     "CREATE TRIGGER comes AFTER INSERT ON counted BEGIN UPDATE told SET n = n + 1; END;"
                     "PRAGMA user_version = 7");
  mere_test_execute (database, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " G_STRINGIFY (ROWS) ") "
                                                                                                                               "INSERT INTO answers SELECT i, 'answer ' || i || hex (zeroblob (CASE WHEN i % 50 = 0 THEN 9000 ELSE 100 END)) FROM n");
  mere_test_execute (database, "INSERT INTO pair SELECT 'key ' || (id % 10), id, hex (zeroblob (80)) FROM answers;"
                               "INSERT INTO counted SELECT NULL, 'x' FROM answers LIMIT 50; DELETE FROM counted WHERE row > 40");
  mere_test_vault_close (self->vault);
}

static void
fixture_tear_down (Fixture *self)
{
  mere_rescue_clear (&self->rescue);
  g_clear_pointer (&self->fresh, mere_test_vault_free);
  g_clear_pointer (&self->vault, mere_test_vault_free);
}

static gboolean
rescue (Fixture *self, GError **error)
{
  mere_test_vault_open (self->vault);
  self->fresh = mere_test_vault_new ();
  mere_test_execute (mere_vault_get_database (self->fresh->vault), "DROP TABLE answers");
  return mere_rescue_rows (self->vault->vault, self->fresh->vault, &self->rescue, NULL, NULL, NULL, error);
}

static gint64
query (Fixture *self, const char *sql)
{
  return mere_test_query (mere_vault_get_database (self->fresh->vault), sql);
}

static void
assert_sound (Fixture *self)
{
  g_assert_cmpint (query (self, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  g_assert_cmpint (query (self, "SELECT count (*) FROM answers WHERE text NOT LIKE 'answer ' || id || '0000%'"), ==, 0);
}

static void
test_a_sound_vault_comes_over_whole (void)
{
  Fixture self = { NULL };
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self);
  g_assert_true (rescue (&self, &error));
  g_assert_no_error (error);
  assert_sound (&self);
  g_assert_cmpint (self.rescue.lost + self.rescue.holes, ==, 0);
  g_assert_null (self.rescue.damage);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers"), ==, ROWS);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM pair"), ==, ROWS);
  g_assert_cmpint (query (&self, "SELECT seq FROM sqlite_sequence WHERE name = 'counted'"), ==, 50);
  g_assert_cmpint (query (&self, "SELECT n FROM told"), ==, 50);
  g_assert_cmpint (query (&self, "PRAGMA user_version"), ==, 7);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM sqlite_schema WHERE name IN ('by_text', 'comes')"), ==, 2);
  fixture_tear_down (&self);
}

/* Each page in turn: what does not come over is no more than what that page held. */
static void
test_one_damaged_page_costs_no_more_than_itself (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) whole = NULL;
  gint64 pages, refused = 0, whole_anyway = 0;

  fixture_set_up (&self);
  whole = mere_test_read (self.vault, "vault.db");
  pages = (gint64) g_bytes_get_size (whole) / PAGE;
  for (gint64 page = 2; page <= pages; page += 3)
    {
      g_autoptr (GError) error = NULL;
      gint64 answers, pairs;

      mere_test_write (self.vault, "vault.db", whole);
      mere_test_flip (self.vault, "vault.db", (gsize) (page - 1) * PAGE + 99);
      if (!rescue (&self, &error))
        g_error ("page %d: %s", (int) page, error->message);
      assert_sound (&self);
      answers = query (&self, "SELECT count (*) FROM answers");
      pairs = query (&self, "SELECT count (*) FROM pair");
      refused += self.rescue.lost + self.rescue.holes > 0;
      whole_anyway += answers == ROWS && pairs == ROWS;
      g_assert_true ((answers == ROWS && pairs == ROWS) || self.rescue.lost + self.rescue.holes > 0);
      mere_rescue_clear (&self.rescue);
      g_clear_pointer (&self.fresh, mere_test_vault_free);
      mere_test_vault_close (self.vault);
      g_assert_cmpint (answers, >=, page < 8 ? 0 : ROWS - 20);
    }
  g_test_message ("%d pages, %d cost something, %d nothing", (int) pages, (int) refused, (int) whole_anyway);
  g_assert_cmpint (refused, >, 20);
  g_assert_cmpint (whole_anyway, >, 10);
  fixture_tear_down (&self);
}

static void
test_many_damaged_pages (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GError) error = NULL;
  gint64 pages, answers;

  fixture_set_up (&self);
  whole = mere_test_read (self.vault, "vault.db");
  pages = (gint64) g_bytes_get_size (whole) / PAGE;
  for (gint64 page = 12; page <= pages; page += 11)
    mere_test_flip (self.vault, "vault.db", (gsize) (page - 1) * PAGE + 99);
  g_assert_true (rescue (&self, &error));
  g_assert_no_error (error);
  assert_sound (&self);
  answers = query (&self, "SELECT count (*) FROM answers");
  g_test_message ("%d of %d rows, %d lost, %d holes", (int) answers, ROWS, (int) self.rescue.lost, (int) self.rescue.holes);
  g_assert_cmpint (answers, >, ROWS / 2);
  g_assert_cmpint (answers, <, ROWS);
  g_assert_cmpint (self.rescue.holes, >, 0);
  g_assert_nonnull (self.rescue.damage);
  fixture_tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/rescue/a-sound-vault-comes-over-whole", test_a_sound_vault_comes_over_whole);
  g_test_add_func ("/vault/rescue/one-damaged-page-costs-no-more-than-itself", test_one_damaged_page_costs_no_more_than_itself);
  g_test_add_func ("/vault/rescue/many-damaged-pages", test_many_damaged_pages);
  return g_test_run ();
}
