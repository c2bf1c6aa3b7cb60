/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records do not change: an edit is a new version, and the state follows from the road that they took. */

#include "config.h"

#include "tests/app/store/rows.h"
#include "tests/support/chance.h"

#include <string.h>

static void
test_an_id_is_used_once (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) other = g_bytes_new_static ("<other/>", 8);
  g_autoptr (GBytes) held = NULL;
  g_autoptr (GError) error = NULL;
  MereRecordNew again = { .id = "uuid:a", .form = "lanes", .form_version = "1", .form_b2 = "", .title = "x", .xml = other };

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  g_assert_false (mere_record_add (plain->store, &again, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  held = mere_record_load_xml (plain->store, "uuid:a", NULL);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (held, NULL), (gssize) g_bytes_get_size (held), "uuid:a"));
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM log"), ==, 1);
}

static void
test_versions_are_a_row (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) xml = g_bytes_new_static ("<data/>", 7);
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GPtrArray) latest = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  MereRecordNew    fork = { .id = "uuid:d", .deprecated_id = "uuid:a", .form = "lanes", .form_version = "1", .form_b2 = "", .title = "x", .xml = xml };
  MereRecordNew    orphan = { .id = "uuid:e", .deprecated_id = "uuid:nowhere", .form = "lanes", .form_version = "1", .form_b2 = "", .title = "x", .xml = xml };

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_record (plain->store, "uuid:b", "uuid:a");
  mere_rows_add_record (plain->store, "uuid:c", "uuid:b");
  versions = mere_record_list_versions (plain->store, "uuid:b", NULL);
  g_assert_cmpuint (versions->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const MereRecord *version = versions->pdata[i];

      g_assert_cmpstr (version->first_id, ==, "uuid:a");
      g_assert_cmpint (version->latest, ==, i == 2);
    }
  g_assert_false (mere_record_add (plain->store, &fork, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (mere_record_add (plain->store, &orphan, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  latest = mere_record_list (plain->store, &filter, NULL);
  filter.older_versions = TRUE;
  all = mere_record_list (plain->store, &filter, NULL);
  g_assert_cmpuint (latest->len, ==, 1);
  g_assert_cmpuint (all->len, ==, 3);
  g_assert_null (mere_record_list_versions (plain->store, "uuid:nowhere", NULL));
}

static void
assert_list (MereStore              *store,
             const MereRecordFilter *filter,
             const char             *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = mere_record_list (store, filter, &error);
  g_autoptr (GString) ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    g_string_append (ids, ((MereRecord *) list->pdata[i])->id + strlen ("uuid:"));
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
test_lists_are_read_by_page (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;

  for (char c = 'a'; c <= 'g'; c++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:%c", c);

      mere_rows_add_record (plain->store, id, NULL);
    }
  mere_rows_add_bundle (plain->store, "uuid:b", "uuid:d");
  filter.limit = 3;
  assert_list (plain->store, &filter, "gfe");
  filter.before_row = 5;
  assert_list (plain->store, &filter, "dcb");
  filter.before_row = 2;
  assert_list (plain->store, &filter, "a");
  filter.before_row = 0;
  filter.states = 1 << MERE_RECORD_PACKED;
  assert_list (plain->store, &filter, "db");
  filter.states |= 1 << MERE_RECORD_FINAL;
  assert_list (plain->store, &filter, "gfe");
  filter.states = 0;
  filter.form = "lanes";
  filter.kind = MERE_INSTRUMENT_INTERVIEW;
  assert_list (plain->store, &filter, "");
  filter.kind = MERE_INSTRUMENT_CHECK;
  filter.limit = 0;
  assert_list (plain->store, &filter, "gfedcba");
  filter.crossing = "nowhere";
  assert_list (plain->store, &filter, "");
}

static void
test_the_state_follows_the_road (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autofree char *code = NULL;
  gint64           counts[MERE_RECORD_N_STATES];
  gint64           bundle;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_record (plain->store, "uuid:b", NULL);
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_FINAL);
  bundle = mere_rows_add_bundle (plain->store, "uuid:a", "uuid:b");
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_PACKED);
  g_assert_true (mere_placement_add (plain->store, bundle, "stick", "session", NULL));
  g_assert_true (mere_placement_add (plain->store, bundle, "stick", "session", NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_DELIVERED);
  g_assert_true (mere_rows_add_receipt (plain->store, 1, 1, MERE_RECEIPT_QUARANTINED, NULL, NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_DELIVERED);
  g_assert_true (mere_rows_add_receipt (plain->store, 2, 1, MERE_RECEIPT_PARTIAL, "uuid:b", NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_ACKNOWLEDGED);
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:b"), ==, MERE_RECORD_REFUSED);
  code = mere_receipt_load_refusal (plain->store, "uuid:b", NULL);
  g_assert_cmpstr (code, ==, "E_FORM_UNKNOWN");
  g_assert_true (mere_record_erase (plain->store, "uuid:a", NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_ERASED);
  g_assert_true (mere_record_count (plain->store, counts, NULL));
  g_assert_cmpint (counts[MERE_RECORD_ERASED], ==, 1);
  g_assert_cmpint (counts[MERE_RECORD_REFUSED], ==, 1);
  g_assert_cmpint (counts[MERE_RECORD_FINAL], ==, 0);
}

static void
test_an_old_receipt_changes_nothing (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GError) error = NULL;
  gint64 lines;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_assert_true (mere_rows_add_receipt (plain->store, 5, 1, MERE_RECEIPT_ACCEPTED, NULL, NULL));
  lines = mere_plain_store_ask (plain, "SELECT count (*) FROM log");
  /* again */
  g_assert_true (mere_rows_add_receipt (plain->store, 5, 1, MERE_RECEIPT_ACCEPTED, NULL, NULL));
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM log"), ==, lines);
  /* one of before, which did not know of it or held it back */
  g_assert_true (mere_rows_add_receipt (plain->store, 4, 1, MERE_RECEIPT_QUARANTINED, NULL, NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_ACKNOWLEDGED);
  /* one that refuses what another took: what was acknowledged stays so */
  g_assert_true (mere_rows_add_receipt (plain->store, 6, 1, MERE_RECEIPT_PARTIAL, "uuid:a", NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_ACKNOWLEDGED);
  /* the same counter with other bytes */
  g_assert_false (mere_rows_add_receipt (plain->store, 5, 1, MERE_RECEIPT_PARTIAL, NULL, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static void
test_a_receipt_counts_for_its_own_bundle (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) content = g_bytes_new_static ("x", 1);
  g_autoptr (GPtrArray) bundles = g_ptr_array_new ();
  MereReceipt       receipt = { .hq = (char *) "hq", .counter = 1, .issued = (char *) "2026-11-24T12:00:00Z", .content = content };
  MereReceiptBundle other = { "c0", 1, "of a copy of this laptop", MERE_RECEIPT_ACCEPTED };
  MereReceiptBundle unknown = { "c9", 1, "of another one", MERE_RECEIPT_ACCEPTED };

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_ptr_array_add (bundles, &other);
  g_ptr_array_add (bundles, &unknown);
  g_assert_true (mere_receipt_add (plain->store, &receipt, bundles, NULL, NULL));
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_PACKED);
}

static void
test_a_new_version_is_packed_again (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) unpacked = NULL;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_assert_true (mere_rows_add_receipt (plain->store, 1, 1, MERE_RECEIPT_PARTIAL, "uuid:a", NULL));
  mere_rows_add_record (plain->store, "uuid:b", "uuid:a");
  unpacked = mere_bundle_list_unpacked (plain->store, 0, 10, NULL);
  g_assert_cmpuint (unpacked->len, ==, 1);
  g_assert_cmpstr (((MereRecord *) unpacked->pdata[0])->id, ==, "uuid:b");
}

static void
test_a_void_bundle_frees_its_records (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) open = NULL;
  g_autoptr (GError) error = NULL;
  gint64 first, second;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  first = mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  mere_bundle_void (plain->store, first, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_FINAL);
  second = mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_assert_true (mere_placement_add (plain->store, second, "stick", "session", NULL));
  g_assert_false (mere_bundle_void (plain->store, second, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  open = mere_bundle_list (plain->store, TRUE, NULL);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_cmpint (((MereBundle *) open->pdata[0])->seq, ==, 2);
  g_assert_cmpuint (((MereBundle *) open->pdata[0])->n_placements, ==, 1);
  g_assert_cmpuint (((MereBundle *) open->pdata[0])->n_records, ==, 1);
}

static void
test_a_chain_has_no_gap (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  MereBundle gap = { .name = (char *) "dev-1-3", .chain = (char *) "c0", .chain_no = 1, .seq = 3, .b2 = (char *) "x" };
  MereBundle fork = { .name = (char *) "dev-1-2", .chain = (char *) "c0", .chain_no = 1, .seq = 2, .b2 = (char *) "x", .prev = (char *) "y" };
  g_autoptr (GError) error = NULL;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_assert_cmpint (mere_bundle_add (plain->store, &gap, NULL, &error), ==, 0);
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_cmpint (mere_bundle_add (plain->store, &fork, NULL, &error), ==, 0);
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static void
test_only_what_is_acknowledged_is_erased (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereLogLine) head = NULL;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_assert_false (mere_record_erase (plain->store, "uuid:a", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (mere_rows_add_receipt (plain->store, 1, 1, MERE_RECEIPT_ACCEPTED, NULL, NULL));
  g_assert_true (mere_record_erase (plain->store, "uuid:a", &error));
  head = mere_log_load_head (plain->store, NULL);
  g_assert_cmpstr (head->kind, ==, "erase");
  g_assert_null (mere_record_load_xml (plain->store, "uuid:a", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (mere_record_erase (plain->store, "uuid:a", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_assert_true (mere_log_verify (plain->store, NULL, NULL));
}

static void
test_states_that_were_changed_are_repaired (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 changed = -1;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  mere_rows_add_record (plain->store, "uuid:b", NULL);
  mere_rows_add_bundle (plain->store, "uuid:a", NULL);
  g_assert_true (mere_record_derive_states (plain->store, &changed, NULL));
  g_assert_cmpint (changed, ==, 0);
  g_assert_true (mere_store_execute (plain->store, "UPDATE record SET state = 'acknowledged'", NULL));
  g_assert_true (mere_record_derive_states (plain->store, &changed, NULL));
  g_assert_cmpint (changed, ==, 2);
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:a"), ==, MERE_RECORD_PACKED);
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:b"), ==, MERE_RECORD_FINAL);
}

/* The triggers come to what the views say, whatever happens in whatever order. */
static void
test_states_are_kept_up_in_any_order (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 changed = -1;
  gint64 counter = 0;

  g_assert_true (mere_store_execute (plain->store, "PRAGMA synchronous = OFF", NULL));
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *id = g_strdup_printf ("uuid:%u", i);

      mere_rows_add_record (plain->store, id, NULL);
    }
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *one = g_strdup_printf ("uuid:%d", g_test_rand_int_range (0, 20));
      g_autofree char *other = g_strdup_printf ("uuid:%d", g_test_rand_int_range (20, 40));
      gint64           seq = g_test_rand_int_range (1, 30);

      switch (g_test_rand_int_range (0, 5))
        {
        case 0:
          mere_rows_add_bundle (plain->store, one, other);
          break;
        case 1:
          mere_placement_add (plain->store, seq, "stick", one, NULL);
          break;
        case 2:
          mere_rows_add_receipt (plain->store, ++counter, seq, (MereReceiptStatus) g_test_rand_int_range (0, 3), g_test_rand_bit () ? one : NULL, NULL);
          break;
        case 3:
          mere_bundle_void (plain->store, seq, NULL);
          break;
        default:
          mere_record_erase (plain->store, other, NULL);
        }
      g_assert_true (mere_record_derive_states (plain->store, &changed, NULL));
      g_assert_cmpint (changed, ==, 0);
    }
  g_assert_true (mere_log_verify (plain->store, NULL, NULL));
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/record/an-id-is-used-once", test_an_id_is_used_once);
  g_test_add_func ("/record/versions-are-a-row", test_versions_are_a_row);
  g_test_add_func ("/record/lists-are-read-by-page", test_lists_are_read_by_page);
  g_test_add_func ("/record/the-state-follows-the-road", test_the_state_follows_the_road);
  g_test_add_func ("/record/an-old-receipt-changes-nothing", test_an_old_receipt_changes_nothing);
  g_test_add_func ("/record/a-receipt-counts-for-its-own-bundle", test_a_receipt_counts_for_its_own_bundle);
  g_test_add_func ("/record/a-new-version-is-packed-again", test_a_new_version_is_packed_again);
  g_test_add_func ("/record/a-void-bundle-frees-its-records", test_a_void_bundle_frees_its_records);
  g_test_add_func ("/record/a-chain-has-no-gap", test_a_chain_has_no_gap);
  g_test_add_func ("/record/only-what-is-acknowledged-is-erased", test_only_what_is_acknowledged_is_erased);
  g_test_add_func ("/record/states-that-were-changed-are-repaired", test_states_that_were_changed_are_repaired);
  g_test_add_func ("/record/states-are-kept-up-in-any-order", test_states_are_kept_up_in_any_order);
  return g_test_run ();
}
