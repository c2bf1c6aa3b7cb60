/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening, transactions, and who is told of changes. */

#include "config.h"

#include "tests/app/store/rows.h"

#include "app/store/migration.h"
#include "app/store/settings.h"

static void
test_migrations_apply_once (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GArray) numbers = mere_migration_list ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (numbers->len, >=, 7);
  for (guint i = 0; i < numbers->len; i++)
    g_assert_cmpuint (g_array_index (numbers, guint, i), ==, i + 1);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM migration"), ==, numbers->len);
  mere_migration_apply (plain->store, G_MAXUINT, &error);
  g_assert_no_error (error);
  mere_plain_store_reopen (plain);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM migration"), ==, numbers->len);
}

static void
test_a_newer_store_is_refused (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GError) error = NULL;
  sqlite3 *database = NULL;

  g_assert_true (mere_store_execute (plain->store, "INSERT INTO migration VALUES (999, '0999-future.sql', 0)", NULL));
  g_assert_cmpint (sqlite3_open (plain->path, &database), ==, SQLITE_OK);
  g_assert_null (mere_store_open_database (database, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NEWER);
}

static void
test_what_is_rolled_back_was_not (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autofree char *outer = NULL;
  g_autofree char *inner = NULL;
  g_autofree char *undone = NULL;

  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.outer", "kept", NULL));
  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.inner", "dropped", NULL));
  mere_store_rollback (plain->store);
  g_assert_true (mere_store_commit (plain->store, NULL));
  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.undone", "dropped", NULL));
  mere_store_rollback (plain->store);
  mere_plain_store_reopen (plain);
  outer = mere_settings_load_text (plain->store, "test.outer", NULL);
  inner = mere_settings_load_text (plain->store, "test.inner", NULL);
  undone = mere_settings_load_text (plain->store, "test.undone", NULL);
  g_assert_cmpstr (outer, ==, "kept");
  g_assert_null (inner);
  g_assert_null (undone);
}

static void
test_what_is_open_is_rolled_back_by_closing (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  MereStore       *held = mere_store_ref (plain->store);
  g_autofree char *value = NULL;

  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.open", "dropped", NULL));
  mere_plain_store_reopen (plain);
  g_assert_false (mere_store_commit (held, NULL));
  mere_store_unref (held);
  value = mere_settings_load_text (plain->store, "test.open", NULL);
  g_assert_null (value);
}

static void
test_a_closed_store_says_so (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  MereStore     *held = mere_store_ref (plain->store);
  MereStatement *query = mere_statement_new (held, "SELECT 1", NULL);
  g_autoptr (GError) error = NULL;
  gboolean row = FALSE;

  mere_plain_store_reopen (plain);
  g_assert_false (mere_store_is_open (held));
  g_assert_null (mere_store_get_database (held));
  g_assert_false (mere_statement_step (query, &row, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CLOSED);
  mere_statement_free (query);
  g_clear_error (&error);
  g_assert_null (mere_statement_new (held, "SELECT 2", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (mere_record_list (held, &(MereRecordFilter) MERE_RECORD_FILTER_INIT, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (mere_store_begin (held, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CLOSED);
  mere_store_unref (held);
}

static void
test_a_full_disk_undoes_the_change (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autofree char *large = g_strnfill (300000, 'x');
  g_autofree char *small = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_settings_save_text (plain->store, "test.before", "kept", NULL));
  mere_plain_store_limit (plain, 0);
  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.small", "dropped", NULL));
  g_assert_false (mere_settings_save_text (plain->store, "test.large", large, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FULL);
  g_clear_error (&error);
  g_assert_false (mere_store_commit (plain->store, &error) && mere_settings_load_text (plain->store, "test.large", NULL) != NULL);
  mere_plain_store_limit (plain, -1);
  kept = mere_settings_load_text (plain->store, "test.before", NULL);
  g_assert_cmpstr (kept, ==, "kept");
  g_assert_true (mere_settings_save_text (plain->store, "test.large", large, NULL));
}

/* As SQLite does where the disk is full in the middle of a transaction. */
static void
test_a_transaction_that_was_given_up_stays_so (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_text (plain->store, "test.first", "dropped", NULL));
  g_assert_cmpint (sqlite3_exec (mere_store_get_database (plain->store), "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (mere_settings_save_text (plain->store, "test.second", "alone", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (mere_store_commit (plain->store, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FAILED);
  first = mere_settings_load_text (plain->store, "test.first", NULL);
  second = mere_settings_load_text (plain->store, "test.second", NULL);
  g_assert_null (first);
  g_assert_null (second);
  g_assert_true (mere_settings_save_text (plain->store, "test.third", "kept", NULL));
}

static void
test_a_read_only_store_says_so (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_store_execute (plain->store, "PRAGMA query_only = ON", NULL));
  g_assert_false (mere_settings_save_text (plain->store, "test.key", "x", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_READ_ONLY);
}

typedef struct
{
  guint calls;
  guint topics;
} Heard;

static void
hear (MereStore *store,
      guint      topics,
      gpointer   user_data)
{
  Heard *heard = user_data;

  heard->calls++;
  heard->topics |= topics;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_a_burst_of_changes_is_told_once (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  Heard   heard = { 0 };
  guint   id = mere_store_watch (plain->store, MERE_STORE_SETTINGS | MERE_STORE_RECORDS, hear, &heard);
  guint64 before = mere_store_get_generation (plain->store, MERE_STORE_SETTINGS);

  for (gint64 i = 0; i < 10; i++)
    g_assert_true (mere_settings_save_int (plain->store, "test.n", i, NULL));
  g_assert_cmpuint (heard.calls, ==, 0);
  settle ();
  g_assert_cmpuint (heard.calls, ==, 1);
  g_assert_cmpuint (heard.topics, ==, MERE_STORE_SETTINGS);
  g_assert_cmpuint (mere_store_get_generation (plain->store, MERE_STORE_SETTINGS), ==, before + 10);
  mere_store_unwatch (plain->store, id);
  g_assert_true (mere_settings_save_int (plain->store, "test.n", 11, NULL));
  settle ();
  g_assert_cmpuint (heard.calls, ==, 1);
}

static void
test_what_is_rolled_back_is_not_told (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  Heard   heard = { 0 };
  guint64 before = mere_store_get_generation (plain->store, MERE_STORE_SETTINGS);

  mere_store_watch (plain->store, MERE_STORE_ALL, hear, &heard);
  g_assert_true (mere_store_begin (plain->store, NULL));
  g_assert_true (mere_settings_save_int (plain->store, "test.n", 1, NULL));
  settle ();
  g_assert_cmpuint (heard.calls, ==, 0);
  mere_store_rollback (plain->store);
  settle ();
  g_assert_cmpuint (heard.calls, ==, 0);
  g_assert_cmpuint (mere_store_get_generation (plain->store, MERE_STORE_SETTINGS), ==, before);
  /* a notice that is under way when the store closes is not delivered */
  g_assert_true (mere_settings_save_int (plain->store, "test.n", 1, NULL));
  mere_plain_store_reopen (plain);
  settle ();
  g_assert_cmpuint (heard.calls, ==, 0);
}

static gpointer
write_from_thread (gpointer data)
{
  MereStore *store = data;

  for (gint64 i = 0; i < 200; i++)
    {
      g_assert_true (mere_store_begin (store, NULL));
      g_assert_true (mere_settings_save_int (store, "test.sum", mere_settings_load_int (store, "test.sum", 0) + 1, NULL));
      g_assert_true (mere_store_commit (store, NULL));
    }
  return NULL;
}

static void
test_threads_wait_for_each_other (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  GThread *threads[3];

  g_assert_true (mere_store_execute (plain->store, "PRAGMA synchronous = OFF", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("writer", write_from_thread, plain->store);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (mere_settings_load_int (plain->store, "test.sum", 0), ==, 600);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/migrations-apply-once", test_migrations_apply_once);
  g_test_add_func ("/store/a-newer-store-is-refused", test_a_newer_store_is_refused);
  g_test_add_func ("/store/what-is-rolled-back-was-not", test_what_is_rolled_back_was_not);
  g_test_add_func ("/store/what-is-open-is-rolled-back-by-closing", test_what_is_open_is_rolled_back_by_closing);
  g_test_add_func ("/store/a-closed-store-says-so", test_a_closed_store_says_so);
  g_test_add_func ("/store/a-full-disk-undoes-the-change", test_a_full_disk_undoes_the_change);
  g_test_add_func ("/store/a-transaction-that-was-given-up-stays-so", test_a_transaction_that_was_given_up_stays_so);
  g_test_add_func ("/store/a-read-only-store-says-so", test_a_read_only_store_says_so);
  g_test_add_func ("/store/a-burst-of-changes-is-told-once", test_a_burst_of_changes_is_told_once);
  g_test_add_func ("/store/what-is-rolled-back-is-not-told", test_what_is_rolled_back_is_not_told);
  g_test_add_func ("/store/threads-wait-for-each-other", test_threads_wait_for_each_other);
  return g_test_run ();
}
