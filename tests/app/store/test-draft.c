/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts: a snapshot, a journal, and a waste basket that loses nothing by itself. */

#include "config.h"

#include "tests/app/store/rows.h"

#include "app/store/study-event.h"

#include <string.h>

static gint64
append (MereStore  *store,
        gint64      draft,
        const char *value,
        GBytes     *before,
        GBytes     *after,
        GError    **error)
{
  MereStep step = { .op = MERE_STEP_SET, .ref = (char *) "/data/post", .value = (char *) value, .previous = (char *) "", .at = { .utc_us = 5, .boot_us = 6, .boot = 4294967295u } };

  return mere_draft_append (store, draft, &step, before, after, 1, 2, error) ? step.seq : 0;
}

static void
assert_bytes (GBytes     *bytes,
              const char *text)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
test_steps_are_read_in_order (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 draft = mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "lanes", "1"), "uuid:a");
  g_autoptr (GBytes) before = g_bytes_new_static ("before", 6);
  g_autoptr (GPtrArray) steps = NULL;
  g_autoptr (MereDraft) row = NULL;
  const MereStep *second;

  g_assert_cmpint (append (plain->store, draft, "one", NULL, NULL, NULL), ==, 1);
  g_assert_cmpint (append (plain->store, draft, "two", before, NULL, NULL), ==, 2);
  g_assert_cmpint (append (plain->store, draft, "three", NULL, NULL, NULL), ==, 3);
  mere_plain_store_reopen (plain);
  steps = mere_draft_load_steps (plain->store, draft, 1, NULL);
  g_assert_cmpuint (steps->len, ==, 2);
  second = steps->pdata[0];
  g_assert_cmpint (second->seq, ==, 2);
  g_assert_cmpint (second->op, ==, MERE_STEP_SET);
  g_assert_cmpstr (second->ref, ==, "/data/post");
  g_assert_cmpstr (second->value, ==, "two");
  g_assert_true (second->kept);
  g_assert_cmpuint (second->at.boot, ==, 4294967295u);
  g_assert_false (((MereStep *) steps->pdata[1])->kept);
  row = mere_draft_load (plain->store, draft, NULL);
  g_assert_cmpuint (row->n_answered, ==, 1);
  g_assert_cmpuint (row->n_asked, ==, 2);
}

static void
test_a_snapshot_stands_at_its_step (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 draft = mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "lanes", "1"), "uuid:a");
  g_autoptr (GBytes) before = g_bytes_new_static ("before", 6);
  g_autoptr (GBytes) after = g_bytes_new_static ("after", 5);
  g_autoptr (GBytes) snapshot = NULL;
  g_autoptr (GBytes) newer = NULL;
  g_autoptr (GBytes) kept = NULL;
  gint64 seq = -1;

  snapshot = mere_draft_load_snapshot (plain->store, draft, &seq, NULL);
  assert_bytes (snapshot, "<data/>");
  g_assert_cmpint (seq, ==, 0);
  append (plain->store, draft, "one", before, NULL, NULL);
  append (plain->store, draft, "two", NULL, after, NULL);
  append (plain->store, draft, "three", NULL, NULL, NULL);
  newer = mere_draft_load_snapshot (plain->store, draft, &seq, NULL);
  assert_bytes (newer, "after");
  g_assert_cmpint (seq, ==, 2);
  kept = mere_draft_load_before (plain->store, draft, 1, NULL);
  assert_bytes (kept, "before");
  g_assert_null (mere_draft_load_before (plain->store, draft, 2, NULL));
}

static void
test_the_waste_basket_loses_nothing (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64       draft = mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "lanes", "1"), "uuid:a");
  MereStudyRow event = { .seq = 1, .kind = (char *) "B", .passenger = 1 };
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) steps = NULL;
  g_autoptr (GError) error = NULL;

  append (plain->store, draft, "one", NULL, NULL, NULL);
  g_assert_true (mere_study_begin (plain->store, "uuid:a", 2, NULL));
  g_assert_true (mere_study_row_append (plain->store, "uuid:a", &event, NULL));
  g_assert_true (mere_draft_delete (plain->store, draft, NULL));
  g_assert_cmpint (mere_draft_count (plain->store, -1, NULL), ==, 0);
  g_assert_cmpint (append (plain->store, draft, "two", NULL, NULL, &error), ==, 0);
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  event.seq = 2;
  g_assert_false (mere_study_row_append (plain->store, "uuid:a", &event, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  /* what is younger than the day that is cleared stays */
  g_assert_true (mere_draft_purge (plain->store, g_get_real_time () - G_TIME_SPAN_DAY, NULL));
  g_assert_true (mere_draft_restore (plain->store, draft, NULL));
  steps = mere_draft_load_steps (plain->store, draft, 0, NULL);
  events = mere_study_row_list (plain->store, "uuid:a", 0, NULL);
  g_assert_cmpuint (steps->len, ==, 1);
  g_assert_cmpuint (events->len, ==, 1);
  g_assert_true (mere_draft_delete (plain->store, draft, NULL));
  g_assert_true (mere_draft_purge (plain->store, G_MAXINT64, NULL));
  g_assert_false (mere_draft_restore (plain->store, draft, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT (SELECT count (*) FROM draft_step) + (SELECT count (*) FROM draft_snapshot)"
                                                "     + (SELECT count (*) FROM study_event) + (SELECT count (*) FROM study)"),
                   ==, 0);
}

static void
test_lists_begin_with_the_last_one_worked_on (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 instrument = mere_rows_add_instrument (plain->store, "lanes", "1");
  gint64 first = mere_rows_add_draft (plain->store, instrument, "uuid:a");
  gint64 second = mere_rows_add_draft (plain->store, instrument, "uuid:b");
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) interviews = NULL;

  g_assert_true (mere_store_execute (plain->store, "UPDATE draft SET updated_us = row", NULL));
  g_assert_cmpint (append (plain->store, first, "one", NULL, NULL, NULL), ==, 1);
  list = mere_draft_list (plain->store, MERE_INSTRUMENT_CHECK, NULL, NULL);
  interviews = mere_draft_list (plain->store, MERE_INSTRUMENT_INTERVIEW, NULL, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (((MereDraft *) list->pdata[0])->id, ==, first);
  g_assert_cmpint (((MereDraft *) list->pdata[1])->id, ==, second);
  g_assert_cmpuint (interviews->len, ==, 0);
}

static void
test_one_draft_edits_a_record (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 instrument = mere_rows_add_instrument (plain->store, "lanes", "1");
  g_autoptr (GBytes) snapshot = g_bytes_new_static ("<data/>", 7);
  g_autoptr (GError) error = NULL;
  gint64 draft;

  mere_rows_add_record (plain->store, "uuid:a", NULL);
  draft = mere_draft_add (plain->store, "uuid:b", "uuid:a", instrument, NULL, NULL, snapshot, NULL);
  g_assert_cmpint (mere_draft_find_edit (plain->store, "uuid:a", NULL), ==, draft);
  g_assert_cmpint (mere_draft_find_edit (plain->store, "uuid:b", NULL), ==, 0);
  g_assert_cmpint (mere_draft_add (plain->store, "uuid:c", "uuid:a", instrument, NULL, NULL, snapshot, &error), ==, 0);
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static void
test_events_have_no_gap (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  MereStudyRow event = { .seq = 2, .kind = (char *) "B" };
  g_autoptr (GError) error = NULL;
  guint sight = 0;

  mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "lanes", "1"), "uuid:a");
  g_assert_false (mere_study_load_sight (plain->store, "uuid:a", &sight, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (mere_study_begin (plain->store, "uuid:a", 5, NULL));
  g_assert_true (mere_study_load_sight (plain->store, "uuid:a", &sight, NULL));
  g_assert_cmpuint (sight, ==, 5);
  g_assert_false (mere_study_row_append (plain->store, "uuid:a", &event, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  event.seq = 1;
  g_assert_true (mere_study_row_append (plain->store, "uuid:a", &event, NULL));
  g_assert_false (mere_study_row_append (plain->store, "uuid:a", &event, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (mere_study_row_append (plain->store, "uuid:nowhere", &event, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/steps-are-read-in-order", test_steps_are_read_in_order);
  g_test_add_func ("/draft/a-snapshot-stands-at-its-step", test_a_snapshot_stands_at_its_step);
  g_test_add_func ("/draft/the-waste-basket-loses-nothing", test_the_waste_basket_loses_nothing);
  g_test_add_func ("/draft/lists-begin-with-the-last-one-worked-on", test_lists_begin_with_the_last_one_worked_on);
  g_test_add_func ("/draft/one-draft-edits-a-record", test_one_draft_edits_a_record);
  g_test_add_func ("/draft/events-have-no-gap", test_events_have_no_gap);
  return g_test_run ();
}
