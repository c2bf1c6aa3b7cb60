/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was erased is not even in the pages under the seal: whoever has the passphrase later does not find it. */

#include "config.h"

#include "app/vault/page-gap.h"
#include "app/vault/rekey.h"
#include "app/vault/sealed-file.h"
#include "tests/app/vault/faults.h"
#include "tests/app/vault/fixture.h"
#include "tests/support/chance.h"

#include <string.h>

#define ROWS 400
#define ERASED "Anna Maria Eriksson said"
#define KEPT "Zenith Gate is open"

/* Short answers, and some longer than a page. */
static MereTestVault *
new_vault (void)
{
  MereTestVault *vault = mere_test_vault_new ();

  mere_test_execute (mere_vault_get_database (vault->vault),
                     "CREATE INDEX by_text ON answers (text);"
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " G_STRINGIFY (ROWS) ") "
                                                                                                                     "INSERT INTO answers SELECT i, replace (hex (zeroblob (CASE WHEN i % 7 = 0 THEN 400 ELSE 3 END)), '00', "
                                                                                                                     "CASE WHEN i % 4 = 0 THEN '" KEPT "' ELSE '" ERASED "' END) || i FROM n");
  return vault;
}

typedef struct
{
  MereSealedFile *file;
  guint           pages;
  guint           free;
  guint           erased; /* pages that hold what was erased */
  guint           kept;
  guint           free_erased; /* those of them that are free */
} Look;

static guint32
number_at (const guint8 *page, gsize offset)
{
  return (guint32) page[offset] << 24 | (guint32) page[offset + 1] << 16 | (guint32) page[offset + 2] << 8 | page[offset + 3];
}

static void
read_page (Look *self, guint32 number, guint8 *page)
{
  g_autoptr (GError) error = NULL;

  mere_sealed_file_read (self->file, number, page, &error);
  g_assert_no_error (error);
}

static gboolean
holds (const guint8 *page, const char *text)
{
  return memmem (page, MERE_SEALED_PAGE, text, strlen (text)) != NULL;
}

/* "Database File Format", 1.5: trunks that point to each other, and to leaves. */
static void
look_at_free_pages (Look *self)
{
  guint8  page[MERE_SEALED_PAGE], leaf[MERE_SEALED_PAGE];
  guint32 trunk;

  read_page (self, 1, page);
  for (trunk = number_at (page, 32); trunk != 0; trunk = number_at (page, 0))
    {
      read_page (self, trunk, page);
      self->free++;
      self->free_erased += holds (page, ERASED);
      for (guint32 i = 0; i < number_at (page, 4); i++)
        {
          read_page (self, number_at (page, 8 + 4 * i), leaf);
          self->free++;
          self->free_erased += holds (leaf, ERASED);
        }
    }
}

/* Through every page as it lies there, opened. */
static Look
look (MereTestVault *vault)
{
  g_autofree char *path = g_build_filename (vault->path, "vault.db", NULL);
  g_autofree char *id = NULL;
  g_autoptr (MereSecret) key = NULL;
  g_autoptr (MereSealedFile) file = NULL;
  guint8 page[MERE_SEALED_PAGE];
  Look   self = { 0 };

  mere_test_vault_close (vault);
  mere_test_vault_open (vault);
  key = mere_secret_copy (mere_vault_get_data_key (vault->vault));
  id = g_strdup (mere_vault_get_id (vault->vault));
  mere_test_vault_close (vault);
  self.file = file = mere_sealed_file_open (path, key, id, NULL);
  self.pages = mere_sealed_file_get_pages (file);
  for (guint number = 1; number <= self.pages; number++)
    {
      read_page (&self, number, page);
      self.erased += holds (page, ERASED);
      self.kept += holds (page, KEPT);
    }
  look_at_free_pages (&self);
  return self;
}

static void
erase (MereTestVault *vault)
{
  mere_test_execute (mere_vault_get_database (vault->vault), "DELETE FROM answers WHERE id % 4 <> 0");
}

static void
test_free_pages_hold_nothing (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  Look before, after;

  before = look (vault);
  g_assert_cmpuint (before.erased, >, 100);
  g_assert_cmpuint (before.free, ==, 0);
  mere_test_vault_open (vault);
  erase (vault);
  after = look (vault);
  g_assert_cmpuint (after.pages, ==, before.pages);
  g_assert_cmpuint (after.free, >, 50);
  g_assert_cmpuint (after.free_erased, ==, 0);
  g_assert_cmpuint (after.kept, >, 10);
}

static void
test_dropped_tables_leave_nothing (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  Look after;

  mere_test_execute (mere_vault_get_database (vault->vault), "DROP TABLE answers; CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT)");
  after = look (vault);
  g_assert_cmpuint (after.free, >, 100);
  g_assert_cmpuint (after.erased + after.kept, ==, 0);
}

/* Where SQLite moves cells from page to page, it may leave something behind in a page that stays in use. */
static void
test_a_change_of_keys_leaves_nothing_at_all (void)
{
  g_autoptr (MereTestVault) vault = new_vault ();
  g_autoptr (GError) error = NULL;
  Look after;

  erase (vault);
  mere_test_vault_close (vault);
  g_assert_true (mere_vault_rekey (vault->path, vault->passphrase, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  after = look (vault);
  g_assert_cmpuint (after.erased, ==, 0);
  g_assert_cmpuint (after.kept, >, 10);
  mere_test_vault_open (vault);
  g_assert_cmpint (mere_test_query (mere_vault_get_database (vault->vault), "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  g_assert_cmpint (mere_test_query (mere_vault_get_database (vault->vault), "SELECT count (*) FROM answers"), ==, ROWS / 4);
}

/* Single rows, one after the other */

#define TOKEN "{row %04u}"
#define TOKEN_BYTES 10
#define STEPS 1500
#define MOST_ROWS 10000

/* Texts of their own token alone, so that any piece of 20 bytes tells whose it is. */
static char *
dup_change (GRand *luck, guint8 *gone, guint *next)
{
  guint       row = (guint) g_rand_int_range (luck, 1, (gint32) *next), bytes = TOKEN_BYTES * (guint) g_rand_int_range (luck, 1, 40);
  const char *table = row % 2 == 0 ? "answers" : "step";

  switch (g_rand_int_range (luck, 0, 3))
    {
    case 0:
      gone[row] = 1;
      return g_strdup_printf ("DELETE FROM %s WHERE id = %u", table, row);
    case 1:
      if (g_rand_int_range (luck, 0, 20) == 0)
        bytes *= 40;
      row = (*next)++;
      table = row % 2 == 0 ? "answers" : "step";
      return g_strdup_printf ("INSERT INTO %s (id, text) VALUES (%u, replace (hex (zeroblob (%u)), '00000000000000000000', '" TOKEN "'))", table, row,
                              bytes, row);
    default:
      return g_strdup_printf ("UPDATE %s SET text = replace (hex (zeroblob (%u)), '00000000000000000000', '" TOKEN "') WHERE id = %u", table,
                              bytes, row, row);
    }
}

/* Returns: the row whose token lies there; 0: none */
static guint
read_token (const guint8 *at)
{
  guint row = 0;

  if (memcmp (at, "{row ", 5) != 0 || at[TOKEN_BYTES - 1] != '}')
    return 0;
  for (guint i = 5; i < TOKEN_BYTES - 1; i++)
    row = 10 * row + (guint) g_ascii_digit_value ((char) at[i]);
  return row < MOST_ROWS ? row : 0;
}

/* Every page, for what is gone. Returns: how many pieces there are */
static guint
count_left (MereTestVault *vault, const guint8 *gone)
{
  g_autofree char *path = g_build_filename (vault->path, "vault.db", NULL);
  g_autofree char *id = NULL;
  g_autoptr (MereSecret) key = NULL;
  g_autoptr (MereSealedFile) file = NULL;
  guint8 page[MERE_SEALED_PAGE];
  Look   self = { 0 };
  guint  left = 0;

  mere_test_vault_open (vault);
  key = mere_secret_copy (mere_vault_get_data_key (vault->vault));
  id = g_strdup (mere_vault_get_id (vault->vault));
  mere_test_vault_close (vault);
  self.file = file = mere_sealed_file_open (path, key, id, NULL);
  for (guint number = 1; number <= mere_sealed_file_get_pages (file); number++)
    {
      read_page (&self, number, page);
      for (gsize at = 0; at + TOKEN_BYTES <= sizeof page; at++)
        if (gone[read_token (page + at)])
          {
            g_test_message ("page %u of kind %u: row %u at %u of %u cells, which begin at %u", number, page[0], read_token (page + at), (guint) at,
                            (guint) page[3] << 8 | page[4], (guint) page[5] << 8 | page[6]);
            left++;
          }
    }
  return left;
}

static void
test_single_rows_leave_nothing (void)
{
  g_autoptr (MereTestVault) vault = mere_test_vault_new ();
  g_autoptr (GRand) luck = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint8 gone[MOST_ROWS] = { 0 };
  guint  next = 2, n = 0;

  mere_test_execute (mere_vault_get_database (vault->vault),
                     "CREATE INDEX by_text ON answers (text); CREATE TABLE step (id INTEGER PRIMARY KEY, text TEXT) WITHOUT ROWID;"
                     "PRAGMA wal_autocheckpoint = 50");
  for (guint i = 0; i < STEPS; i++)
    {
      g_autofree char *sql = dup_change (luck, gone, &next);

      mere_test_execute (mere_vault_get_database (vault->vault), sql);
      if (i % 300 != 299)
        continue;
      mere_test_vault_close (vault);
      g_assert_cmpuint (count_left (vault, gone), ==, 0);
      mere_test_vault_open (vault);
    }
  for (guint i = 0; i < MOST_ROWS; i++)
    n += gone[i];
  g_assert_cmpuint (n, >, 200);
}

/* Where the number of a page, with which an overflow page begins, could be taken for the type of a tree's page. */
static void
test_nothing_is_cleared_in_a_database_too_large (void)
{
  guint8 first[100] = { 0 };

  memcpy (first + 28, (const guint8[]){ 1, 255, 255, 255 }, 4);
  g_assert_true (mere_page_gap_is_safe (first));
  memcpy (first + 28, (const guint8[]){ 2, 0, 0, 0 }, 4);
  g_assert_false (mere_page_gap_is_safe (first));
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  mere_test_faults_start (MERE_TEST_FAULT_NONE, 0);
  g_test_add_func ("/vault/secure-delete/free-pages-hold-nothing", test_free_pages_hold_nothing);
  g_test_add_func ("/vault/secure-delete/a-change-of-keys-leaves-nothing-at-all", test_a_change_of_keys_leaves_nothing_at_all);
  g_test_add_func ("/vault/secure-delete/dropped-tables-leave-nothing", test_dropped_tables_leave_nothing);
  g_test_add_func ("/vault/secure-delete/single-rows-leave-nothing", test_single_rows_leave_nothing);
  g_test_add_func ("/vault/secure-delete/nothing-is-cleared-in-a-database-too-large", test_nothing_is_cleared_in_a_database_too_large);
  return g_test_run ();
}
