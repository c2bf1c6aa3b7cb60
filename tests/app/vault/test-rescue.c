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
                     "CREATE TABLE counted (row INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT CHECK (text = 'x'));"
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
rescue_with (Fixture *self, sqlite3 *known, GError **error)
{
  g_autoptr (MereWreck) wreck = NULL;

  mere_rescue_clear (&self->rescue);
  g_clear_pointer (&self->fresh, mere_test_vault_free);
  self->fresh = mere_test_vault_new ();
  mere_test_execute (mere_vault_get_database (self->fresh->vault), "DROP TABLE answers");
  wreck = mere_wreck_open (self->vault->path, self->vault->passphrase, error);
  return wreck != NULL && mere_rescue_rows (wreck, mere_vault_get_database (self->fresh->vault), known, &self->rescue, NULL, NULL, NULL, error);
}

static void
rescue (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (rescue_with (self, NULL, &error));
  g_assert_no_error (error);
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

/* What SQLite itself said of each page when nothing was damaged. */
typedef struct
{
  char *tree;
  char *type; /* "internal", "leaf", "overflow"; NULL: a page that is free */
  char *path;
  guint cells;
} Truth;

static void
clear_truth (gpointer data)
{
  g_free (((Truth *) data)->tree);
  g_free (((Truth *) data)->type);
  g_free (((Truth *) data)->path);
}

/* (transfer full) (nullable) (element-type Truth): of the pages from 1; NULL where this SQLite does not say. */
static GArray *
read_truth (MereTestVault *vault)
{
  GArray       *pages = g_array_new (FALSE, TRUE, sizeof (Truth));
  sqlite3_stmt *statement;

  g_array_set_clear_func (pages, clear_truth);
  mere_test_vault_open (vault);
  g_array_set_size (pages, (guint) mere_test_query (mere_vault_get_database (vault->vault), "PRAGMA page_count"));
  if (sqlite3_prepare_v2 (mere_vault_get_database (vault->vault), "SELECT pageno, name, pagetype, ncell, path FROM dbstat", -1, &statement, NULL) != SQLITE_OK)
    {
      g_test_skip ("this SQLite has no dbstat");
      g_clear_pointer (&pages, g_array_unref);
    }
  while (pages != NULL && sqlite3_step (statement) == SQLITE_ROW)
    g_array_index (pages, Truth, sqlite3_column_int (statement, 0) - 1) =
      (Truth){ g_strdup ((const char *) sqlite3_column_text (statement, 1)), g_strdup ((const char *) sqlite3_column_text (statement, 2)),
               g_strdup ((const char *) sqlite3_column_text (statement, 4)), (guint) sqlite3_column_int (statement, 3) };
  sqlite3_finalize (statement);
  mere_test_vault_close (vault);
  return pages;
}

static void
damage_page (Fixture *self, guint page)
{
  mere_test_flip (self->vault, "vault.db", (gsize) (page - 1) * PAGE + 77);
}

static void
assert_told (Fixture *self, gint64 lost, gint64 holes)
{
  g_assert_cmpint (self->rescue.lost, ==, lost);
  g_assert_cmpint (self->rescue.holes, ==, holes);
  g_assert_cmpint (self->rescue.unplaced, ==, 0);
}

static void
test_a_sound_vault_comes_over_whole (void)
{
  Fixture self = { NULL };

  fixture_set_up (&self);
  rescue (&self);
  assert_sound (&self);
  assert_told (&self, 0, 0);
  g_assert_null (self.rescue.damage);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers"), ==, ROWS);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM pair"), ==, ROWS);
  g_assert_cmpint (query (&self, "SELECT seq FROM sqlite_sequence WHERE name = 'counted'"), ==, 50);
  g_assert_cmpint (query (&self, "SELECT n FROM told"), ==, 50);
  g_assert_cmpint (query (&self, "PRAGMA user_version"), ==, 7);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM sqlite_schema WHERE name IN ('by_text', 'comes')"), ==, 2);
  fixture_tear_down (&self);
}

static gint64
count_rows (Fixture *self, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);

  return query (self, sql);
}

static gboolean
is_table_without_numbers (const char *tree)
{
  return g_str_equal (tree, "pair");
}

/* How many rows of tables a page held. */
static guint
count_held (const Truth *page)
{
  if (page->type == NULL || g_str_equal (page->tree, "by_text") || g_str_has_prefix (page->tree, "sqlite_"))
    return 0;
  if (g_str_equal (page->type, "overflow"))
    return 1;
  return g_str_equal (page->type, "leaf") || is_table_without_numbers (page->tree) ? page->cells : 0;
}

/* Whether nothing else tells how many these were. */
static gboolean
is_hole (const Truth *page)
{
  return page->type != NULL && g_str_equal (page->type, "leaf") && !g_str_equal (page->tree, "by_text") && !g_str_equal (page->tree, "answers");
}

static void
assert_only_this_is_missing (Fixture *self, const Truth *page)
{
  static const struct
  {
    const char *name;
    guint       rows;
  } tables[] = { { "answers", ROWS }, { "pair", ROWS }, { "counted", 40 }, { "told", 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      guint held = g_strcmp0 (page->tree, tables[i].name) == 0 ? count_held (page) : 0;

      g_assert_cmpint (count_rows (self, tables[i].name), ==, tables[i].rows - held);
    }
  assert_told (self, is_hole (page) ? 0 : count_held (page), is_hole (page));
}

/* Each page in turn, but for the one that has the descriptions of all tables. */
static void
test_one_damaged_page_costs_what_it_held (void)
{
  Fixture self = { NULL };
  g_autoptr (GArray) truth = NULL;
  g_autoptr (GBytes) whole = NULL;
  guint kinds[3] = { 0 };

  fixture_set_up (&self);
  whole = mere_test_read (self.vault, "vault.db");
  truth = read_truth (self.vault);
  for (guint page = 2; truth != NULL && page <= truth->len; page++)
    {
      const Truth *what = &g_array_index (truth, Truth, page - 1);

      damage_page (&self, page);
      rescue (&self);
      g_test_message ("page %u, %s %s, held %u: %d lost, %d holes, %d without a table", page, what->type, what->tree, count_held (what),
                      (int) self.rescue.lost, (int) self.rescue.holes, (int) self.rescue.unplaced);
      assert_sound (&self);
      assert_only_this_is_missing (&self, what);
      mere_test_write (self.vault, "vault.db", whole);
      kinds[is_hole (what) ? 0 : count_held (what) > 0] += 1;
      kinds[2] += g_strcmp0 (what->type, "internal") == 0;
    }
  g_test_message ("%u leaves, %u other pages that held rows, %u inner pages", kinds[0], kinds[1], kinds[2]);
  g_assert_true (truth == NULL || (kinds[0] > 20 && kinds[1] > 20 && kinds[2] > 3));
  fixture_tear_down (&self);
}

/* Any of them at once: all that lies in pages that open comes over, and nothing else. */
static void
test_many_damaged_pages (void)
{
  Fixture self = { NULL };
  g_autoptr (GArray) truth = NULL;
  g_autoptr (GBytes) whole = NULL;

  fixture_set_up (&self);
  whole = mere_test_read (self.vault, "vault.db");
  truth = read_truth (self.vault);
  for (guint first = 2; truth != NULL && first < 12; first++)
    {
      gint64 answers = 0, pairs = 0, lost;

      for (guint page = first; page <= truth->len; page += 10)
        {
          const Truth *what = &g_array_index (truth, Truth, page - 1);

          damage_page (&self, page);
          answers += g_strcmp0 (what->tree, "answers") == 0 ? count_held (what) : 0;
          pairs += g_strcmp0 (what->tree, "pair") == 0 ? count_held (what) : 0;
        }
      rescue (&self);
      assert_sound (&self);
      g_test_message ("%d of %d rows of the one, %d of the other; told: %d rows, %d pages, %d without a table", (int) count_rows (&self, "answers"),
                      ROWS, (int) count_rows (&self, "pair"), (int) self.rescue.lost, (int) self.rescue.holes, (int) self.rescue.unplaced);
      g_assert_cmpint (count_rows (&self, "answers"), >=, ROWS - answers); /* a row has two pages more at times */
      g_assert_cmpint (count_rows (&self, "pair"), ==, ROWS - pairs);
      lost = 2 * ROWS - count_rows (&self, "answers") - count_rows (&self, "pair");
      g_assert_cmpint (self.rescue.lost, <=, lost);
      g_assert_true (self.rescue.lost == lost || self.rescue.holes > 0);
      g_assert_nonnull (self.rescue.damage);
      mere_test_write (self.vault, "vault.db", whole);
    }
  fixture_tear_down (&self);
}

/* Descriptions of tables on more than one page: the first one is an inner page then. */
static void
add_tables (Fixture *self)
{
  mere_test_vault_open (self->vault);
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *sql = g_strdup_printf ("CREATE TABLE crossing_%u (row INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT CHECK (kind = 'k%u'));"
                                              "INSERT INTO crossing_%u (name, kind) VALUES ('Zenith Gate', 'k%u')",
                                              i, i, i, i);

      mere_test_execute (mere_vault_get_database (self->vault->vault), sql);
    }
  mere_test_vault_close (self->vault);
}

/* A database that has the same tables, and no rows. */
static sqlite3 *
new_known (Fixture *self)
{
  sqlite3      *known;
  sqlite3_stmt *lines;

  g_assert_cmpint (sqlite3_open (":memory:", &known), ==, SQLITE_OK);
  mere_test_vault_open (self->vault);
  g_assert_cmpint (sqlite3_prepare_v2 (mere_vault_get_database (self->vault->vault),
                                       "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid", -1, &lines, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (lines) == SQLITE_ROW)
    mere_test_execute (known, (const char *) sqlite3_column_text (lines, 0));
  sqlite3_finalize (lines);
  mere_test_vault_close (self->vault);
  return known;
}

static void
assert_all_is_there (Fixture *self)
{
  assert_sound (self);
  g_assert_cmpint (count_rows (self, "answers"), ==, ROWS);
  g_assert_cmpint (count_rows (self, "pair"), ==, ROWS);
  g_assert_cmpint (count_rows (self, "counted"), ==, 40);
  g_assert_cmpint (query (self, "SELECT count (*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'crossing%'"), ==, 40);
  g_assert_cmpint (query (self, "SELECT count (*) FROM sqlite_schema WHERE name IN ('by_text', 'comes')"), ==, 2);
}

/* The root of the list of tables is the first page; nothing leads anywhere without it. */
static void
test_the_first_page (void)
{
  Fixture self = { NULL };
  g_autoptr (GArray) truth = NULL;

  fixture_set_up (&self);
  add_tables (&self);
  truth = read_truth (self.vault);
  g_assert_true (truth == NULL || g_str_equal (g_array_index (truth, Truth, 0).type, "internal"));
  damage_page (&self, 1);
  rescue (&self);
  assert_all_is_there (&self);
  assert_told (&self, 0, 0);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM crossing_17"), ==, 1);
  g_assert_cmpint (query (&self, "PRAGMA user_version"), ==, 0); /* it was nowhere else */
  fixture_tear_down (&self);
}

/* Each leaf of the list of tables: known tables take their rows back, where rows fit one table alone. */
static void
test_descriptions_of_tables (void)
{
  Fixture self = { NULL };
  g_autoptr (GArray) truth = NULL;
  g_autoptr (GBytes) whole = NULL;
  sqlite3 *known;

  fixture_set_up (&self);
  add_tables (&self);
  whole = mere_test_read (self.vault, "vault.db");
  truth = read_truth (self.vault);
  known = new_known (&self);
  for (guint page = 1; truth != NULL && page <= truth->len; page++)
    {
      const Truth *what = &g_array_index (truth, Truth, page - 1);
      g_autoptr (GError) error = NULL;

      if (g_strcmp0 (what->tree, "sqlite_schema") != 0 && g_strcmp0 (what->tree, "sqlite_master") != 0)
        continue;
      damage_page (&self, page);
      g_assert_true (rescue_with (&self, known, &error));
      g_assert_no_error (error);
      assert_all_is_there (&self);
      assert_told (&self, 0, 0);
      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM crossing_%u WHERE kind = 'k%u'", i, i);

          g_assert_cmpint (query (&self, sql), ==, 1);
        }
      mere_test_write (self.vault, "vault.db", whole);
    }
  sqlite3_close (known);
  fixture_tear_down (&self);
}

/* Tables of one page each, without a description: nobody guesses whose these are. */
static void
test_without_any_description (void)
{
  Fixture self = { NULL };
  g_autoptr (GArray) truth = NULL;

  fixture_set_up (&self);
  damage_page (&self, 1);
  rescue (&self);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM sqlite_schema"), ==, 0);
  g_assert_cmpint (self.rescue.rows, ==, 0);
  g_assert_cmpint (self.rescue.holes, ==, 1);
  g_assert_cmpint (self.rescue.unplaced, >, 100);
  fixture_tear_down (&self);
}

static void
test_a_cancelled_one_leaves_nothing (void)
{
  Fixture self = { NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (MereWreck) wreck = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self);
  self.fresh = mere_test_vault_new ();
  wreck = mere_wreck_open (self.vault->path, self.vault->passphrase, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (mere_rescue_rows (wreck, mere_vault_get_database (self.fresh->vault), NULL, &self.rescue, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM sqlite_schema"), ==, 1);
  fixture_tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/rescue/a-sound-vault-comes-over-whole", test_a_sound_vault_comes_over_whole);
  g_test_add_func ("/vault/rescue/one-damaged-page-costs-what-it-held", test_one_damaged_page_costs_what_it_held);
  g_test_add_func ("/vault/rescue/many-damaged-pages", test_many_damaged_pages);
  g_test_add_func ("/vault/rescue/the-first-page", test_the_first_page);
  g_test_add_func ("/vault/rescue/descriptions-of-tables", test_descriptions_of_tables);
  g_test_add_func ("/vault/rescue/without-any-description", test_without_any_description);
  g_test_add_func ("/vault/rescue/a-cancelled-one-leaves-nothing", test_a_cancelled_one_leaves_nothing);
  return g_test_run ();
}
