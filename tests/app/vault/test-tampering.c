/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Somebody has the folder and a hex editor, but not the passphrase: whatever is changed, moved or put back is noticed and
 * named. */

#include "config.h"

#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"
#include "tests/support/chance.h"

#include <string.h>

#define PAGE 4096
#define PAGE_AT(number) (((gsize) (number) -1) * PAGE)
#define FRAME (76 + PAGE)
#define FRAME_AT(number) (2 * 92 + ((gsize) (number) -1) * FRAME)

static guint
count_of (MereTestVault *vault, const char *name, gsize before, gsize each)
{
  g_autoptr (GBytes) bytes = mere_test_read (vault, name);

  return (guint) ((g_bytes_get_size (bytes) - before) / each);
}

static void
assert_flip_is_named (MereTestVault *vault, const char *name, gsize offset, const char *format, guint number)
{
  g_autofree char *words = g_strdup_printf ("%s %u ", format, number);

  mere_test_flip (vault, name, offset);
  mere_test_vault_assert_damaged (vault, words);
  mere_test_flip (vault, name, offset);
}

static void
test_flipped_page (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  guint pages = count_of (vault, "vault.db", 0, PAGE);

  g_assert_cmpuint (pages, >, 20);
  for (guint page = 1; page <= pages; page++)
    assert_flip_is_named (vault, "vault.db", PAGE_AT (page) + (gsize) g_test_rand_int_range (0, PAGE), "page", page);
  mere_test_vault_open (vault);
}

static void
test_swapped_pages (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);

  mere_test_move (vault, "vault.db", PAGE_AT (9), PAGE_AT (7), PAGE);
  mere_test_vault_assert_damaged (vault, "page 7 does not open");
}

static void
test_page_of_another_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  g_autoptr (MereTestVault) other = mere_test_vault_new_with_rows (300);
  g_autoptr (GBytes) theirs = mere_test_read (other, "vault.db");

  mere_test_write (vault, "vault.db", theirs);
  mere_test_vault_assert_damaged (vault, "page 1 does not open");
}

static void
change_all (MereTestVault *vault, const char *how)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE answers SET text = text || '%s'", how);

  mere_test_vault_open (vault);
  mere_test_execute (mere_vault_get_database (vault->vault), sql);
  mere_test_vault_close (vault);
}

/* A page as it truly was some time ago, in its place. */
static void
test_page_of_an_earlier_time (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  g_autoptr (GBytes) earlier = mere_test_read (vault, "vault.db");
  g_autoptr (GBytes) now = NULL;
  g_autoptr (GBytes) mixed = NULL;
  guint8 *copy;

  change_all (vault, "!");
  now = mere_test_read (vault, "vault.db");
  copy = g_memdup2 (g_bytes_get_data (now, NULL), g_bytes_get_size (now));
  mixed = g_bytes_new_take (copy, g_bytes_get_size (now));
  memcpy (copy + PAGE_AT (5), (const guint8 *) g_bytes_get_data (earlier, NULL) + PAGE_AT (5), PAGE);
  mere_test_write (vault, "vault.db", mixed);
  mere_test_vault_assert_damaged (vault, "page 5 is of an earlier time");
}

static void
test_database_of_an_earlier_time (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  g_autoptr (GBytes) earlier = mere_test_read (vault, "vault.db");

  change_all (vault, "!");
  mere_test_write (vault, "vault.db", earlier);
  mere_test_vault_assert_damaged (vault, "is of an earlier time");
}

static void
test_page_table_of_an_earlier_time (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  g_autoptr (GBytes) earlier = mere_test_read (vault, "vault.db-pages");

  change_all (vault, "!");
  mere_test_write (vault, "vault.db-pages", earlier);
  mere_test_vault_assert_damaged (vault, "is of an earlier time");
}

static void
test_page_table_gone (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);

  mere_test_remove (vault, "vault.db-pages");
  mere_test_vault_assert_damaged (vault, "the page table does not open");
}

#define PLACES 6 /* root, the first middle node, the first leaf: two each */

/* Half of the places hold what was before; in the others anything is noticed. */
static void
test_flipped_page_table (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  guint named = 0;

  change_all (vault, "!");
  for (guint place = 0; place < PLACES; place++)
    {
      g_autoptr (MereTestVault) copy = mere_test_vault_copy (vault);
      g_autofree char *damage = NULL;

      mere_test_flip (copy, "vault.db-pages", place * PAGE + (gsize) g_test_rand_int_range (0, PAGE));
      if (!mere_test_vault_reads_all (copy, &damage))
        named++;
      else
        g_assert_cmpint (mere_test_query (mere_vault_get_database (copy->vault), "SELECT count (*) FROM answers WHERE text LIKE '%!'"), ==, 300);
    }
  g_assert_cmpuint (named, ==, PLACES / 2);
}

static void
test_leaf_of_an_earlier_time (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  g_autoptr (GBytes) earlier = mere_test_read (vault, "vault.db-pages");
  g_autoptr (GBytes) now = NULL;
  g_autoptr (GBytes) mixed = NULL;
  guint8 *copy;

  change_all (vault, "!");
  change_all (vault, "?");
  now = mere_test_read (vault, "vault.db-pages");
  copy = g_memdup2 (g_bytes_get_data (now, NULL), g_bytes_get_size (now));
  mixed = g_bytes_new_take (copy, g_bytes_get_size (now));
  memcpy (copy + 4 * PAGE, (const guint8 *) g_bytes_get_data (earlier, NULL) + 4 * PAGE, 2 * PAGE);
  mere_test_write (vault, "vault.db-pages", mixed);
  mere_test_vault_assert_damaged (vault, "the page table does not open");
}

static void
test_shorter_database (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (300);
  g_autoptr (GBytes) whole = mere_test_read (vault, "vault.db");
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (whole, 0, PAGE_AT (15) + 100);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  mere_test_write (vault, "vault.db", half);
  mere_test_vault_assert_damaged (vault, "the database ends before page 15");
  mere_test_write (vault, "vault.db", nothing);
  mere_test_vault_assert_damaged (vault, "the database ends before page 1");
}

/* The log */

#define CHANGES 5

/* Frames of the log: what follows the last of them is zeros. */
static guint
count_frames (MereTestVault *vault)
{
  g_autoptr (GBytes) bytes = mere_test_read (vault, "vault.db-wal");
  gsize         size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  while (size > FRAME_AT (1) && data[size - 1] == 0)
    size--;
  return (guint) ((size - FRAME_AT (1) + FRAME - 1) / FRAME);
}

/* A transaction each, of one frame. */
static void
change_rows (MereTestVault *vault)
{
  for (int i = 1; i <= CHANGES; i++)
    {
      g_autofree char *sql = g_strdup_printf ("UPDATE answers SET text = replace (text, 'row', 'ROW') WHERE id = %d", 9 * i);

      mere_test_execute (mere_vault_get_database (vault->vault), sql);
    }
}

static gint64
count_changed (MereTestVault *vault)
{
  gint64 rows;

  mere_test_vault_open (vault);
  rows = mere_test_query (mere_vault_get_database (vault->vault), "SELECT count (*) FROM answers WHERE instr (text, 'ROW')");
  mere_test_vault_close (vault);
  return rows;
}

/* The changes lie in the log of a vault whose process was killed. */
static void
leave_log (MereTestVault *vault)
{
  mere_test_vault_do_and_die (vault, change_rows);
  g_assert_cmpuint (count_frames (vault), ==, CHANGES);
}

/* Of what the last transaction wrote, nobody can say whether it was changed or never got to the disk. */
static void
test_flipped_frame (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);
  g_autoptr (MereTestVault) torn = NULL;

  leave_log (vault);
  torn = mere_test_vault_copy (vault);
  for (guint frame = 1; frame < CHANGES; frame++)
    assert_flip_is_named (vault, "vault.db-wal", FRAME_AT (frame) + (gsize) g_test_rand_int_range (0, FRAME), "frame", frame);
  g_assert_cmpint (count_changed (vault), ==, CHANGES);

  mere_test_flip (torn, "vault.db-wal", FRAME_AT (CHANGES) + 100);
  g_assert_cmpint (count_changed (torn), ==, CHANGES - 1);
}

static void
test_moved_frame (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);

  leave_log (vault);
  mere_test_move (vault, "vault.db-wal", FRAME_AT (4), FRAME_AT (2), FRAME);
  mere_test_vault_assert_damaged (vault, "frame 2 of the log does not open");
}

/* A frame's sealed page, put under another frame's header. */
static void
test_moved_page_of_a_frame (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);

  leave_log (vault);
  mere_test_move (vault, "vault.db-wal", FRAME_AT (4) + 76, FRAME_AT (2) + 76, PAGE);
  mere_test_vault_assert_damaged (vault, "frame 2 of the log does not open");
}

static void
test_flipped_log_header (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);

  leave_log (vault);
  for (gsize offset = 0; offset < 92; offset += 7)
    {
      mere_test_flip (vault, "vault.db-wal", offset);
      mere_test_vault_assert_damaged (vault, "header does not open");
      mere_test_flip (vault, "vault.db-wal", offset);
    }
  g_assert_cmpint (count_changed (vault), ==, CHANGES);
}

static void
checkpoint (MereTestVault *vault)
{
  mere_test_execute (mere_vault_get_database (vault->vault), "PRAGMA wal_checkpoint");
}

/* The database has what the log had: a shorter log would take pages of it back. */
static void
test_shorter_log_after_a_checkpoint (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) shorter = NULL;

  leave_log (vault);
  mere_test_vault_do_and_die (vault, checkpoint);
  whole = mere_test_read (vault, "vault.db-wal");
  shorter = g_bytes_new_from_bytes (whole, 0, FRAME_AT (CHANGES));
  mere_test_write (vault, "vault.db-wal", shorter);
  mere_test_vault_assert_damaged (vault, "of the log does not open");
  mere_test_flip (vault, "vault.db-wal", FRAME_AT (1) + 500);
  mere_test_vault_assert_damaged (vault, "of the log does not open");
}

/* The log that made the database what it is changes nothing; any other is refused. */
static void
test_log_of_another_time (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);
  g_autoptr (GBytes) log = NULL;

  leave_log (vault);
  log = mere_test_read (vault, "vault.db-wal");
  g_assert_cmpint (count_changed (vault), ==, CHANGES);
  g_assert_false (mere_test_exists (vault, "vault.db-wal"));

  mere_test_write (vault, "vault.db-wal", log);
  g_assert_cmpint (count_changed (vault), ==, CHANGES);

  change_all (vault, "!");
  mere_test_write (vault, "vault.db-wal", log);
  mere_test_vault_assert_damaged (vault, "the log is of another time");
}

static void
test_log_of_another_vault (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);
  g_autoptr (MereTestVault) other = mere_test_vault_new_with_rows (50);
  g_autoptr (GBytes) log = NULL;

  leave_log (other);
  log = mere_test_read (other, "vault.db-wal");
  mere_test_write (vault, "vault.db-wal", log);
  mere_test_vault_assert_damaged (vault, "header does not open");
}

/* A failed opening leaves every byte as it was. */
static void
test_damage_is_not_made_worse (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new_with_rows (50);
  g_autoptr (GBytes) log = NULL;
  g_autoptr (GBytes) log_after = NULL;
  g_autoptr (GBytes) database = NULL;
  g_autoptr (GBytes) database_after = NULL;

  leave_log (vault);
  mere_test_flip (vault, "vault.db-wal", FRAME_AT (1));
  log = mere_test_read (vault, "vault.db-wal");
  database = mere_test_read (vault, "vault.db");
  mere_test_vault_assert_refused (vault, MERE_VAULT_ERROR_DAMAGED, "frame 1 ");
  log_after = mere_test_read (vault, "vault.db-wal");
  database_after = mere_test_read (vault, "vault.db");
  g_assert_true (g_bytes_equal (log, log_after));
  g_assert_true (g_bytes_equal (database, database_after));
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/tampering/flipped-page", test_flipped_page);
  g_test_add_func ("/vault/tampering/swapped-pages", test_swapped_pages);
  g_test_add_func ("/vault/tampering/page-of-another-vault", test_page_of_another_vault);
  g_test_add_func ("/vault/tampering/page-of-an-earlier-time", test_page_of_an_earlier_time);
  g_test_add_func ("/vault/tampering/database-of-an-earlier-time", test_database_of_an_earlier_time);
  g_test_add_func ("/vault/tampering/page-table-of-an-earlier-time", test_page_table_of_an_earlier_time);
  g_test_add_func ("/vault/tampering/page-table-gone", test_page_table_gone);
  g_test_add_func ("/vault/tampering/flipped-page-table", test_flipped_page_table);
  g_test_add_func ("/vault/tampering/leaf-of-an-earlier-time", test_leaf_of_an_earlier_time);
  g_test_add_func ("/vault/tampering/shorter-database", test_shorter_database);
  g_test_add_func ("/vault/tampering/flipped-frame", test_flipped_frame);
  g_test_add_func ("/vault/tampering/moved-frame", test_moved_frame);
  g_test_add_func ("/vault/tampering/moved-page-of-a-frame", test_moved_page_of_a_frame);
  g_test_add_func ("/vault/tampering/flipped-log-header", test_flipped_log_header);
  g_test_add_func ("/vault/tampering/shorter-log-after-a-checkpoint", test_shorter_log_after_a_checkpoint);
  g_test_add_func ("/vault/tampering/log-of-another-time", test_log_of_another_time);
  g_test_add_func ("/vault/tampering/log-of-another-vault", test_log_of_another_vault);
  g_test_add_func ("/vault/tampering/damage-is-not-made-worse", test_damage_is_not_made_worse);
  return g_test_run ();
}
