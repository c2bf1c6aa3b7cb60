/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PostgreSQL as an engine: what the shared tests of headquarters would not show. */

#include "config.h"

#include "hq-fixture.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "app/store/bulk.h"
#include "app/store/statement.h"
#include "sync/hq/kept.h"
#include "sync/hq/seal.h"

static MereStatement *
prepare (MereStore  *store,
         const char *sql)
{
  g_autoptr (GError) error = NULL;
  MereStatement *statement = mere_statement_new (store, sql, &error);

  g_assert_no_error (error);
  return statement;
}

static gboolean
step (MereStatement *statement)
{
  g_autoptr (GError) error = NULL;
  gboolean row;

  mere_statement_step (statement, &row, &error);
  g_assert_no_error (error);
  return row;
}

static void
execute (MereStore  *store,
         const char *sql)
{
  g_autoptr (GError) error = NULL;

  mere_store_execute (store, sql, &error);
  g_assert_no_error (error);
}

static void
assert_empty (MereStore *store)
{
  g_autoptr (MereStatement) query = prepare (store, "SELECT n FROM thing");

  g_assert_false (step (query));
}

static void
test_values_come_back_as_they_went_in (MereTestHq *hq)
{
  const guint8 bytes[] = { 0, '\\', 0xff, '\'', 0 };
  g_autoptr (MereStatement) insert = NULL;
  g_autoptr (MereStatement) query = NULL;
  gsize size;

  execute (hq->store, "CREATE TABLE thing (n BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA, nothing TEXT)");
  insert = prepare (hq->store, "INSERT INTO thing VALUES (?1, ?2, ?3, ?4, ?5)");
  mere_statement_bind_int (insert, 1, G_MININT64);
  mere_statement_bind_real (insert, 2, -0.1);
  mere_statement_bind_text (insert, 3, "a \\ ' ? “ü”");
  mere_statement_bind_data (insert, 4, bytes, sizeof bytes);
  mere_statement_bind_null (insert, 5);
  g_assert_false (step (insert));
  g_assert_cmpint (mere_store_get_changes (hq->store), ==, 1);
  query = prepare (hq->store, "SELECT n, r, t, b, nothing, '?1', sum (n) OVER (), n < 0 FROM thing");
  g_assert_true (step (query));
  g_assert_cmpint (mere_statement_get_int (query, 0), ==, G_MININT64);
  g_assert_cmpstr (mere_statement_get_text (query, 0), ==, "-9223372036854775808");
  g_assert_cmpfloat (mere_statement_get_real (query, 1), ==, -0.1);
  g_assert_cmpstr (mere_statement_get_text (query, 2), ==, "a \\ ' ? “ü”");
  g_assert_cmpmem (mere_statement_get_data (query, 3, &size), sizeof bytes, bytes, sizeof bytes);
  g_assert_cmpuint (size, ==, sizeof bytes);
  g_assert_true (mere_statement_is_null (query, 4));
  g_assert_null (mere_statement_get_text (query, 4));
  g_assert_true (isnan (mere_statement_get_real (query, 4)));
  g_assert_cmpstr (mere_statement_get_text (query, 5), ==, "?1");
  g_assert_cmpint (mere_statement_get_int (query, 6), ==, G_MININT64);
  g_assert_cmpint (mere_statement_get_int (query, 7), ==, 1);
  g_assert_false (step (query));
}

/* A connection has one answer under way: what another statement interrupts goes on all the same. */
static void
test_statements_may_be_walked_side_by_side (MereTestHq *hq)
{
  g_autoptr (MereStatement) outer = prepare (hq->store, "SELECT n FROM generate_series (1, 300) AS n ORDER BY n");

  for (gint64 n = 1; n <= 300; n++)
    {
      g_autoptr (MereStatement) inner = prepare (hq->store, "SELECT ?1 + m FROM generate_series (1, 3) AS m ORDER BY m");

      g_assert_true (step (outer));
      mere_statement_bind_int (inner, 1, n);
      g_assert_true (step (inner));
      g_assert_cmpint (mere_statement_get_int (inner, 0), ==, n + 1);
      g_assert_cmpint (mere_statement_get_int (outer, 0), ==, n);
    }
  g_assert_false (step (outer));
}

static void
test_a_failed_change_is_given_up_as_a_whole (MereTestHq *hq)
{
  g_autoptr (GError) error = NULL;

  execute (hq->store, "CREATE TABLE thing (n BIGINT PRIMARY KEY)");
  g_assert_true (mere_store_begin (hq->store, NULL));
  execute (hq->store, "INSERT INTO thing VALUES (1)");
  g_assert_false (mere_store_execute (hq->store, "INSERT INTO thing VALUES (1)", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (mere_store_commit (hq->store, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED);
  assert_empty (hq->store);
}

static void
test_a_level_within_can_be_taken_back (MereTestHq *hq)
{
  g_autoptr (MereStatement) query = NULL;

  execute (hq->store, "CREATE TABLE thing (n BIGINT PRIMARY KEY)");
  g_assert_true (mere_store_begin (hq->store, NULL));
  execute (hq->store, "INSERT INTO thing VALUES (1)");
  g_assert_true (mere_store_begin (hq->store, NULL));
  g_assert_false (mere_store_execute (hq->store, "INSERT INTO thing VALUES (1)", NULL));
  mere_store_rollback (hq->store);
  execute (hq->store, "INSERT INTO thing VALUES (2)");
  g_assert_true (mere_store_commit (hq->store, NULL));
  query = prepare (hq->store, "SELECT count (*) FROM thing");
  g_assert_true (step (query));
  g_assert_cmpint (mere_statement_get_int (query, 0), ==, 2);
}

#define ASKED 64
#define ADDED 20000

/* Many keys at once: over an empty table the server reads all of it. */
static void
look_up (MereStore *store)
{
  g_autoptr (GString) sql = g_string_new ("SELECT t FROM thing WHERE n IN (NULL");
  g_autoptr (MereStatement) query = NULL;

  for (int i = 1; i <= ASKED; i++)
    g_string_append_printf (sql, ", ?%d", i);
  g_string_append_c (sql, ')');
  query = prepare (store, sql->str);
  for (int i = 1; i <= ASKED; i++)
    mere_statement_bind_int (query, i, i * 100);
  while (step (query))
    ;
}

static void
add_things (MereStore *store)
{
  static const char *const columns[] = { "n", "t", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_store_begin (store, NULL));
  g_assert_true (mere_bulk_begin (store, "thing", columns, &error));
  for (gint64 n = 0; n < ADDED; n++)
    {
      const MereValue values[] = { mere_value_int (n), mere_value_text ("a thing") };

      g_assert_true (mere_bulk_add (store, values, &error));
    }
  g_assert_true (mere_bulk_end (store, &error));
  g_assert_true (mere_store_commit (store, &error));
}

/* A plan that was made for the empty table is not kept for the full one. */
static void
test_a_table_that_has_grown_is_asked_by_its_keys (MereTestHq *hq)
{
  g_autoptr (MereStatement) query = NULL;

  execute (hq->store, "CREATE TABLE thing (n BIGINT PRIMARY KEY, t TEXT, a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT, h TEXT)");
  for (guint i = 0; i < 10; i++)
    look_up (hq->store);
  add_things (hq->store);
  g_assert_true (mere_store_begin (hq->store, NULL));
  look_up (hq->store);
  query = prepare (hq->store, "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relid = 'thing'::regclass");
  g_assert_true (step (query));
  g_assert_cmpint (mere_statement_get_int (query, 0), ==, 0);
  g_clear_pointer (&query, mere_statement_free);
  mere_store_rollback (hq->store);
}

/* Twenty crossings, one after the other. */
static void
add_records (MereStore *store)
{
  execute (store,
           "INSERT INTO hq_device (device, sign_key, box_key, state, approved_us) VALUES ('laptop', 'RW', 'age1', 'active', 0);"
           "INSERT INTO hq_bundle (row, device, name, chain, chain_no, seq, b2, size, status, n_records, log_seq, received_us,"
           "                       manifest, manifest_signature)"
           " VALUES (1, 'laptop', 'b', 'c', 1, 1, 'x', 1, 'accepted', 20000, 0, 0, '', '');"
           "INSERT INTO record (row, id, first_id, form, form_version, form_b2, title, kind, crossing, b2, size,"
           "                    created_us, created_offset_s, finalised_us, finalised_offset_s)"
           " SELECT n, 'uuid:' || n, 'uuid:' || n, 'gate', '1', '', 'Gate', 'check', 'crossing ' || n / 1000, '', 1, 0, 0, 0, 0"
           "   FROM generate_series (1, 20000) AS n;"
           "INSERT INTO hq_record (row, bundle, device, received_us) SELECT row, 1, 'laptop', 0 FROM record; ANALYZE");
}

/* However long ago it was that records of a crossing came in. */
static void
test_a_page_reads_no_more_than_it_shows (MereTestHq *hq)
{
  MereKeptFilter filter = MERE_KEPT_FILTER_INIT;
  g_autoptr (GPtrArray) page = NULL;
  g_autoptr (MereStatement) query = NULL;

  filter.crossing = "crossing 3";
  filter.limit = 20;
  add_records (hq->store);
  g_assert_true (mere_store_begin (hq->store, NULL));
  page = mere_kept_list (hq->store, &filter, NULL);
  g_assert_cmpuint (page->len, ==, 20);
  query = prepare (hq->store,
                   "SELECT sum (coalesce (seq_tup_read, 0) + coalesce (idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
                   " WHERE relid IN ('record'::regclass, 'hq_record'::regclass)");
  g_assert_true (step (query));
  g_assert_cmpint (mere_statement_get_int (query, 0), <, 10 * 20);
  g_clear_pointer (&query, mere_statement_free);
  mere_store_rollback (hq->store);
}

static void
test_a_bulk_with_a_row_twice_adds_none (MereTestHq *hq)
{
  static const char *const columns[] = { "n", "t", NULL };
  const MereValue          values[] = { mere_value_int (7), mere_value_text ("seven") };
  g_autoptr (GError) error = NULL;

  execute (hq->store, "CREATE TABLE thing (n BIGINT PRIMARY KEY, t TEXT)");
  g_assert_true (mere_store_begin (hq->store, NULL));
  g_assert_true (mere_bulk_begin (hq->store, "thing", columns, NULL));
  g_assert_true (mere_bulk_add (hq->store, values, NULL));
  g_assert_true (mere_bulk_add (hq->store, values, NULL));
  g_assert_false (mere_bulk_end (hq->store, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  mere_store_rollback (hq->store);
  assert_empty (hq->store);
}

static void
test_no_secret_lies_in_the_clear (MereTestHq *hq)
{
  g_autoptr (MereStatement) query = prepare (hq->store, "SELECT secret FROM hq_key ORDER BY use");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) secret = NULL;

      g_assert_true (step (query));
      secret = mere_statement_dup_bytes (query, 0);
      g_assert_cmpuint (g_bytes_get_size (secret), >, 40);
      g_assert_null (memmem (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret),
                             mere_secret_get_data (hq->keys->box), mere_secret_get_size (hq->keys->box)));
    }
}

static void
test_a_secret_that_was_exchanged_is_noticed (MereTestHq *hq)
{
  g_autoptr (GError) error = NULL;

  execute (hq->store, "UPDATE hq_key SET secret = (SELECT secret FROM hq_key WHERE use = 'root') WHERE use = 'sign'");
  g_assert_null (mere_keyring_load (hq->store, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
}

static char *
list_columns (MereStore  *store,
              const char *sql)
{
  g_autoptr (MereStatement) query = prepare (store, sql);
  GString *text = g_string_new (NULL);

  while (step (query))
    g_string_append_printf (text, "%s.%s\n", mere_statement_get_text (query, 0), mere_statement_get_text (query, 1));
  return g_string_free (text, FALSE);
}

/* Each line of one text must be in the other. */
static void
assert_has_lines (const char *text,
                  const char *wanted)
{
  g_auto (GStrv) lines = g_strsplit (wanted, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (strstr (text, *line) == NULL)
      g_error ("only one of the two stores has %s", *line);
}

/* A migration for one store needs its counterpart for the other, but for what only laptops have, a leader's colleagues and
 * coverage; and what only a vault has, blocks beside the database. */
static void
test_both_stores_have_the_same_columns (MereTestHq *hq)
{
  g_autoptr (GError) error = NULL;
  sqlite3         *database = NULL;
  MereStore       *vault;
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &database), ==, SQLITE_OK);
  vault = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  expected = list_columns (vault,
                           "SELECT t.name, c.name FROM sqlite_schema AS t JOIN pragma_table_info (t.name) AS c"
                           " WHERE t.type IN ('table', 'view') AND t.name NOT IN ('sqlite_sequence', 'colleague', 'colleague_record',"
                           "  'colleague_xml', 'evidence', 'evidence_read', 'team_record',"
                           "  'attachment_block', 'free_block') ORDER BY t.name, c.name");
  found = list_columns (hq->store,
                        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema ()"
                        " AND column_name <> 'assessment_id' ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\"");
  assert_has_lines (found, expected);
  assert_has_lines (expected, found);
  mere_store_close (vault);
}

typedef void (*Test) (MereTestHq *hq);

static void
run (gconstpointer test)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();

  if (mere_store_is_shared (hq->store))
    ((Test) test) (hq);
  else
    g_test_skip ("this is about PostgreSQL");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/hq/postgresql/values", test_values_come_back_as_they_went_in, run);
  g_test_add_data_func ("/hq/postgresql/side-by-side", test_statements_may_be_walked_side_by_side, run);
  g_test_add_data_func ("/hq/postgresql/given-up", test_a_failed_change_is_given_up_as_a_whole, run);
  g_test_add_data_func ("/hq/postgresql/level", test_a_level_within_can_be_taken_back, run);
  g_test_add_data_func ("/hq/postgresql/bulk", test_a_bulk_with_a_row_twice_adds_none, run);
  g_test_add_data_func ("/hq/postgresql/grown", test_a_table_that_has_grown_is_asked_by_its_keys, run);
  g_test_add_data_func ("/hq/postgresql/page", test_a_page_reads_no_more_than_it_shows, run);
  g_test_add_data_func ("/hq/postgresql/sealed", test_no_secret_lies_in_the_clear, run);
  g_test_add_data_func ("/hq/postgresql/exchanged", test_a_secret_that_was_exchanged_is_noticed, run);
  g_test_add_data_func ("/hq/postgresql/columns", test_both_stores_have_the_same_columns, run);
  return g_test_run ();
}
