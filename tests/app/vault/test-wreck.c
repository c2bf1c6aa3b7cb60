/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read of a vault whose page table, log or file is damaged: every page that opens by itself, and it is told of which nobody can
 * say whether they are the newest. */

#include "config.h"

#include "app/vault/rescue.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"

#define ROWS 3000 /* on more than the 507 pages that a leaf of the page table covers */
#define PAGE 4096
#define LEAF_0 2 /* nodes of the page table: docs/formats.md */
#define FRAME_AT(k) (184 + ((k) -1) * 4172)

typedef struct
{
  MereTestVault *vault;
  MereTestVault *fresh;
  MereRescue     rescue;
} Fixture;

static void
fixture_set_up (Fixture *self, guint rows)
{
  g_autofree char *sql = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u) "
                                          "INSERT INTO answers SELECT i, 'answer ' || i || hex (zeroblob (400)) FROM n",
                                          rows);

  self->vault = mere_test_vault_new ();
  mere_test_execute (mere_vault_get_database (self->vault->vault), sql);
  mere_test_vault_close (self->vault);
}

static void
fixture_tear_down (Fixture *self)
{
  mere_rescue_clear (&self->rescue);
  g_clear_pointer (&self->fresh, mere_test_vault_free);
  g_clear_pointer (&self->vault, mere_test_vault_free);
}

static void
rescue (Fixture *self)
{
  g_autoptr (GBytes) before = mere_test_read (self->vault, "vault.db");
  g_autoptr (GBytes) after = NULL;
  g_autoptr (MereWreck) wreck = NULL;
  g_autoptr (GError) error = NULL;

  mere_rescue_clear (&self->rescue);
  g_clear_pointer (&self->fresh, mere_test_vault_free);
  self->fresh = mere_test_vault_new ();
  mere_test_execute (mere_vault_get_database (self->fresh->vault), "DROP TABLE answers");
  wreck = mere_wreck_open (self->vault->path, self->vault->passphrase, &error);
  g_assert_no_error (error);
  g_assert_true (mere_rescue_rows (wreck, mere_vault_get_database (self->fresh->vault), NULL, &self->rescue, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  after = mere_test_read (self->vault, "vault.db");
  g_assert_true (g_bytes_equal (before, after));
  g_test_message ("%d rows, %d lost, %d holes, %d unchecked, %d lost frames: %s", (int) self->rescue.rows, (int) self->rescue.lost,
                  (int) self->rescue.holes, (int) self->rescue.unchecked, (int) self->rescue.lost_frames, self->rescue.damage);
}

static gint64
query (Fixture *self, const char *sql)
{
  return mere_test_query (mere_vault_get_database (self->fresh->vault), sql);
}

static gint64
count_pages (Fixture *self)
{
  g_autoptr (GBytes) database = mere_test_read (self->vault, "vault.db");

  return (gint64) g_bytes_get_size (database) / PAGE;
}

static void
assert_whole (Fixture *self, guint rows)
{
  g_assert_cmpint (query (self, "SELECT count (*) FROM answers WHERE text LIKE 'answer ' || id || '0000%'"), ==, rows);
  g_assert_cmpint (self->rescue.lost, ==, 0);
  g_assert_cmpint (self->rescue.holes, ==, 0);
  g_assert_cmpint (self->rescue.unplaced, ==, 0);
}

static void
flip_node (Fixture *self, guint node)
{
  for (guint place = 0; place < 2; place++)
    mere_test_flip (self->vault, "vault.db-pages", (gsize) (2 * node + place) * PAGE + 55);
}

static void
test_a_leaf_of_the_page_table (void)
{
  Fixture self = { NULL };

  fixture_set_up (&self, ROWS);
  g_assert_cmpint (count_pages (&self), >, 600);
  flip_node (&self, LEAF_0);
  rescue (&self);
  assert_whole (&self, ROWS);
  g_assert_cmpint (self.rescue.unchecked, ==, 507);
  g_assert_nonnull (self.rescue.damage);
  fixture_tear_down (&self);
}

/* Its nodes above, and the file itself. */
static void
test_the_page_table (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) whole = NULL;

  fixture_set_up (&self, ROWS);
  whole = mere_test_read (self.vault, "vault.db-pages");
  for (guint node = 0; node < LEAF_0; node++)
    {
      flip_node (&self, node);
      rescue (&self);
      assert_whole (&self, ROWS);
      g_assert_cmpint (self.rescue.unchecked, ==, count_pages (&self));
      mere_test_write (self.vault, "vault.db-pages", whole);
    }
  mere_test_remove (self.vault, "vault.db-pages");
  rescue (&self);
  assert_whole (&self, ROWS);
  g_assert_cmpint (self.rescue.unchecked, ==, count_pages (&self));
  g_assert_false (mere_test_exists (self.vault, "vault.db-pages"));
  fixture_tear_down (&self);
}

static void
change_some (MereTestVault *vault)
{
  mere_test_execute (mere_vault_get_database (vault->vault), "UPDATE answers SET text = text || 'changed' WHERE id % 50 = 0");
}

/* The newer of the two roots: the older one tells of the pages that were written since what is not true any more. */
static void
test_the_newer_root (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) whole = NULL;

  fixture_set_up (&self, 200);
  mere_test_vault_open (self.vault);
  change_some (self.vault);
  mere_test_vault_close (self.vault);
  whole = mere_test_read (self.vault, "vault.db-pages");
  for (guint place = 0; place < 2; place++)
    {
      mere_test_flip (self.vault, "vault.db-pages", (gsize) place * PAGE + 55);
      rescue (&self);
      assert_whole (&self, 200);
      g_assert_cmpint (query (&self, "SELECT count (*) FROM answers WHERE text LIKE '%changed'"), ==, 4);
      mere_test_write (self.vault, "vault.db-pages", whole);
    }
  fixture_tear_down (&self);
}

/* With its table whole, a genuine page of an earlier time is damage here too. */
static void
test_an_old_page_is_not_believed (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GByteArray) mixed = g_byte_array_new ();
  guint differ = 0;

  fixture_set_up (&self, 200);
  before = mere_test_read (self.vault, "vault.db");
  mere_test_vault_open (self.vault);
  change_some (self.vault);
  mere_test_vault_close (self.vault);
  after = mere_test_read (self.vault, "vault.db");
  g_byte_array_append (mixed, g_bytes_get_data (after, NULL), (guint) g_bytes_get_size (after));
  for (gsize at = PAGE; at < g_bytes_get_size (before); at += PAGE)
    {
      const guint8 *old = (const guint8 *) g_bytes_get_data (before, NULL) + at;

      if (memcmp (old, mixed->data + at, PAGE) == 0)
        continue;
      memcpy (mixed->data + at, old, PAGE);
      differ++;
    }
  g_assert_cmpuint (differ, >, 3);
  {
    g_autoptr (GBytes) bytes = g_bytes_new (mixed->data, mixed->len);

    mere_test_write (self.vault, "vault.db", bytes);
  }
  rescue (&self);
  g_assert_cmpint (self.rescue.holes, ==, differ);
  g_assert_cmpint (self.rescue.unchecked, ==, 0);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers WHERE id % 50 = 0"), ==, 0);
  fixture_tear_down (&self);
}

static void
test_a_short_file (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) half = NULL;

  fixture_set_up (&self, 200);
  whole = mere_test_read (self.vault, "vault.db");
  half = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) - 10 * PAGE);
  mere_test_write (self.vault, "vault.db", half);
  rescue (&self);
  g_assert_cmpint (self.rescue.holes, ==, 10);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers"), >, 100);
  fixture_tear_down (&self);
}

/* The log that a crash left */

static void
write_on (MereTestVault *vault)
{
  mere_test_execute (mere_vault_get_database (vault->vault), "PRAGMA wal_autocheckpoint = 0");
  for (guint i = 1; i <= 30; i++)
    {
      g_autofree char *sql = g_strdup_printf ("UPDATE answers SET text = text || 'changed' WHERE id = %u; INSERT INTO answers SELECT %u, 'answer %u' || hex (zeroblob (400))",
                                              i * 5, 1000 + i, 1000 + i);

      mere_test_execute (mere_vault_get_database (vault->vault), sql);
    }
}

static void
test_a_log_comes_over (void)
{
  Fixture self = { NULL };

  fixture_set_up (&self, 200);
  mere_test_vault_do_and_die (self.vault, write_on);
  rescue (&self);
  assert_whole (&self, 230);
  g_assert_cmpint (self.rescue.unchecked, ==, 0);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers WHERE text LIKE '%changed'"), ==, 30);
  g_assert_true (mere_test_exists (self.vault, "vault.db-wal"));
  fixture_tear_down (&self);
}

/* Behind a frame that does not open the log goes on, as long as later frames say that they were committed. */
static void
test_a_frame_of_the_log (void)
{
  Fixture self = { NULL };

  fixture_set_up (&self, 200);
  mere_test_vault_do_and_die (self.vault, write_on);
  mere_test_flip (self.vault, "vault.db-wal", FRAME_AT (3) + 300);
  mere_test_flip (self.vault, "vault.db-wal", FRAME_AT (7) + 300);
  rescue (&self);
  g_assert_cmpint (self.rescue.lost_frames, ==, 2);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers WHERE id < 1000"), ==, 200);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers WHERE text LIKE '%changed'"), >=, 28);
  fixture_tear_down (&self);
}

static void
test_a_log_without_its_page_table (void)
{
  Fixture self = { NULL };

  fixture_set_up (&self, 200);
  mere_test_vault_do_and_die (self.vault, write_on);
  mere_test_remove (self.vault, "vault.db-pages");
  rescue (&self);
  assert_whole (&self, 230);
  g_assert_cmpint (self.rescue.unchecked, >, 20);
  fixture_tear_down (&self);
}

/* A log of another time is left out where the page table can tell. */
static void
test_a_log_of_another_time (void)
{
  Fixture self = { NULL };
  g_autoptr (GBytes) log = NULL;

  fixture_set_up (&self, 200);
  mere_test_vault_do_and_die (self.vault, write_on);
  log = mere_test_read (self.vault, "vault.db-wal");
  mere_test_vault_open (self.vault);
  mere_test_execute (mere_vault_get_database (self.vault->vault), "DELETE FROM answers WHERE id >= 1000");
  mere_test_vault_close (self.vault);
  mere_test_vault_open (self.vault);
  mere_test_execute (mere_vault_get_database (self.vault->vault), "UPDATE answers SET text = text || 'last' WHERE id = 1");
  mere_test_vault_close (self.vault);
  mere_test_write (self.vault, "vault.db-wal", log);
  rescue (&self);
  assert_whole (&self, 200);
  g_assert_cmpint (query (&self, "SELECT count (*) FROM answers WHERE text LIKE '%last'"), ==, 1);
  g_assert_nonnull (strstr (self.rescue.damage, "another time"));
  fixture_tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/wreck/a-leaf-of-the-page-table", test_a_leaf_of_the_page_table);
  g_test_add_func ("/vault/wreck/the-page-table", test_the_page_table);
  g_test_add_func ("/vault/wreck/the-newer-root", test_the_newer_root);
  g_test_add_func ("/vault/wreck/an-old-page-is-not-believed", test_an_old_page_is_not_believed);
  g_test_add_func ("/vault/wreck/a-short-file", test_a_short_file);
  g_test_add_func ("/vault/wreck/a-log-comes-over", test_a_log_comes_over);
  g_test_add_func ("/vault/wreck/a-frame-of-the-log", test_a_frame_of_the_log);
  g_test_add_func ("/vault/wreck/a-log-without-its-page-table", test_a_log_without_its_page_table);
  g_test_add_func ("/vault/wreck/a-log-of-another-time", test_a_log_of_another_time);
  return g_test_run ();
}
