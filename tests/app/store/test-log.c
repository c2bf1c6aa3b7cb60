/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The log: each line is bound to the one before it, and to what it names. */

#include "config.h"

#include "tests/app/store/rows.h"

#include <string.h>

/* Three records, a bundle and its receipt. */
static MerePlainStore *
new_with_history (void)
{
  MerePlainStore *plain = mere_plain_store_new ();

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_record (plain->store, "uuid:b", NULL);
  mere_rows_add_record (plain->store, "uuid:c", "uuid:b");
  mere_rows_add_bundle (plain->store, "uuid:a", "uuid:b");
  g_assert_true (mere_rows_add_receipt (plain->store, 1, 1, MERE_RECEIPT_ACCEPTED, NULL, NULL));
  return plain;
}

static void
assert_damaged (const char *sql,
                const char *where)
{
  g_autoptr (MerePlainStore) plain = new_with_history ();
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_log_verify (plain->store, NULL, NULL));
  /* as somebody would who has the keys: the guards go first */
  g_assert_true (mere_store_execute (plain->store, "DROP TRIGGER log_is_not_changed; DROP TRIGGER log_is_not_shortened;", NULL));
  g_assert_true (mere_store_execute (plain->store, "PRAGMA foreign_keys = OFF", NULL));
  g_assert_true (mere_store_execute (plain->store, sql, NULL));
  g_assert_false (mere_log_verify (plain->store, NULL, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, where));
}

static void
test_a_change_is_noticed (void)
{
  assert_damaged ("UPDATE log SET utc_us = utc_us + 1 WHERE seq = 2", "Line 2 ");
  assert_damaged ("UPDATE log SET offset_s = offset_s + 60 WHERE seq = 1", "Line 1 ");
  assert_damaged ("UPDATE log SET object = 'uuid:x' WHERE seq = 3", "Line 3 ");
  assert_damaged ("UPDATE log SET b2 = (SELECT b2 FROM log WHERE seq = 1) WHERE seq = 2", "Line 2 ");
  assert_damaged ("UPDATE log SET hash = replace (hash, 'a', 'b') WHERE seq = 4", "Line 4 ");
  assert_damaged ("DELETE FROM log WHERE seq = 2", "Line 2 ");
}

static void
test_what_a_line_names_is_looked_at (void)
{
  assert_damaged ("UPDATE record_xml SET xml = CAST ('<data>changed</data>' AS BLOB) WHERE record = 1", "Line 1 ");
  assert_damaged ("UPDATE record SET b2 = 'x' WHERE id = 'uuid:b'", "Line 2 ");
  assert_damaged ("DELETE FROM record_xml WHERE record = 3", "Line 3 ");
  assert_damaged ("DELETE FROM record WHERE id = 'uuid:c'", "Line 3 ");
  assert_damaged ("UPDATE bundle SET b2 = 'x'", "Line 4 ");
  assert_damaged ("UPDATE receipt SET content = CAST ('x' AS BLOB)", "Line 5 ");
  assert_damaged ("INSERT INTO record (id, first_id, form, form_version, form_b2, title, kind, b2, size, created_us,"
                  " created_offset_s, finalised_us, finalised_offset_s)"
                  " VALUES ('uuid:z', 'uuid:z', 'lanes', '1', '', '', 'check', '', 0, 0, 0, 0, 0)",
                  "log does not know");
}

static void
test_the_database_guards_the_log (void)
{
  g_autoptr (MerePlainStore) plain = new_with_history ();

  g_assert_false (mere_store_execute (plain->store, "UPDATE log SET utc_us = 0", NULL));
  g_assert_false (mere_store_execute (plain->store, "DELETE FROM log", NULL));
}

/* The recipe of docs/formats-store.md, by the tool that it names. */
static void
test_stock_tools_check_a_line (void)
{
  g_autoptr (MerePlainStore) plain = new_with_history ();
  g_autoptr (GPtrArray) lines = mere_log_list (plain->store, 0, 2, NULL);
  const MereLogLine *first = lines->pdata[0];
  const MereLogLine *second = lines->pdata[1];
  g_autofree char   *command = g_strdup_printf ("sh -c \"printf 'merestone-log/1\\n%" G_GINT64_FORMAT "\\n%" G_GINT64_FORMAT "\\n%d\\n%s\\n%s\\n%s\\n%s\\n' | b2sum -l 256\"",
                                                second->seq, second->utc_us, second->offset_s, second->kind, second->object,
                                                second->b2, first->hash);
  g_autofree char   *output = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_command_line_sync (command, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (output, second->hash));
}

static void
test_a_line_is_one_line (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (mere_log_load_head (plain->store, &error));
  g_assert_no_error (error);
  g_assert_true (mere_log_verify (plain->store, NULL, NULL));
  g_assert_false (mere_log_append (plain->store, "record", "a\nb", "00", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static void
test_a_line_goes_with_its_transaction (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();

  g_assert_true (mere_store_begin (plain->store, NULL));
  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_store_rollback (plain->store);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM log"), ==, 0);
  mere_rows_add_record (plain->store, "uuid:a", NULL);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT max (seq) FROM log"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/a-change-is-noticed", test_a_change_is_noticed);
  g_test_add_func ("/log/what-a-line-names-is-looked-at", test_what_a_line_names_is_looked_at);
  g_test_add_func ("/log/the-database-guards-the-log", test_the_database_guards_the_log);
  g_test_add_func ("/log/stock-tools-check-a-line", test_stock_tools_check_a_line);
  g_test_add_func ("/log/a-line-is-one-line", test_a_line_is_one_line);
  g_test_add_func ("/log/a-line-goes-with-its-transaction", test_a_line_goes_with_its_transaction);
  return g_test_run ();
}
