/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A reviewer's word, from headquarters to the question it is about and back as a new version. */

#include "config.h"

#include "field-fixture.h"

#include "app/capture/capture.h"
#include "app/capture/remarks.h"
#include "app/store/record.h"
#include "app/store/returned.h"
#include "sync/hq/kept.h"
#include "sync/hq/review.h"

#define FORM                                                                                                    \
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\""                    \
  " xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Gate</h:title><model>"                           \
  "<instance><data id=\"gate\" version=\"1\"><lanes/><lane jr:template=\"\"><name/></lane>"                     \
  "<meta><instanceID/></meta></data></instance>"                                                                \
  "<bind nodeset=\"/data/lanes\" type=\"int\"/><bind nodeset=\"/data/lane/name\" type=\"string\"/>"             \
  "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>"            \
  "</model></h:head><h:body><input ref=\"/data/lanes\"><label>Lanes</label></input>"                            \
  "<group ref=\"/data/lane\"><label>Lane</label><repeat nodeset=\"/data/lane\"><input ref=\"/data/lane/name\">" \
  "<label>Name</label></input></repeat></group></h:body></h:html>"

static MereTestField *
new_field (void)
{
  const char *const forms[] = { FORM, NULL };

  return mere_test_field_new (forms);
}

/* One question, or none with NULL. */
static gboolean
try_say (MereTestField    *field,
         const char       *record,
         MereReviewVerdict verdict,
         const char       *comment,
         const char       *ref,
         const char       *remark,
         GError          **error)
{
  g_autoptr (GPtrArray) questions = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_review_question_free);

  if (ref != NULL)
    g_ptr_array_add (questions, mere_review_question_new (ref, remark));
  return mere_review_say (field->hq->store, record, verdict, "Reviewer 1", comment, questions, error);
}

static void
say (MereTestField    *field,
     const char       *record,
     MereReviewVerdict verdict,
     const char       *comment,
     const char       *ref,
     const char       *remark)
{
  g_autoptr (GError) error = NULL;

  try_say (field, record, verdict, comment, ref, remark, &error);
  g_assert_no_error (error);
}

static void
assert_reviewed (MereTestField *field,
                 const char    *record,
                 MereReviewed   wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereKept) kept = mere_kept_load (field->hq->store, record, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mere_reviewed_to_string (kept->reviewed), ==, mere_reviewed_to_string (wanted));
}

static gboolean
is_returned (MereTestField *field,
             const char    *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereRecord) row = mere_record_load (field->store, record, &error);

  g_assert_no_error (error);
  return row->returned;
}

/* The only thing that is said of it. */
static void
assert_word (MereTestField *field,
             const char    *record,
             const char    *word)
{
  g_autoptr (GPtrArray) list = mere_returned_list (field->store, record, NULL);

  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((MereReturned *) list->pdata[0])->comment, ==, word);
}

static guint
count_returned (MereTestField *field)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) list = NULL;

  filter.returned = TRUE;
  list = mere_record_list (field->store, &filter, NULL);
  return list->len;
}

/* Headquarters writes a pack, the laptop reads it: how many records are newly sent back. */
static guint
bring (MereTestField *field)
{
  g_autoptr (MerePacked) packed = mere_test_field_pack (field, NULL);
  g_autoptr (MereCourierRead) read = mere_test_field_read (field);

  return read->n_returned;
}

static void
test_a_record_comes_back_with_the_comment_on_its_question (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", "/data/lane[1]/name", "A", NULL);
  g_autofree char *other = mere_test_field_fill (field, "gate", "/data/lanes", "5", NULL);
  g_autoptr (GPtrArray) returned = NULL;
  g_autofree char *summary = NULL;
  g_autoptr (MereCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  MereFormSession *session;

  mere_test_field_exchange (field);
  assert_reviewed (field, record, MERE_REVIEWED_NEW);
  say (field, record, MERE_REVIEW_COMMENT, "", "/data/lanes", "Is the closed one among them?");
  say (field, record, MERE_REVIEW_RETURN, "Please look again.", "/data/lane/name", "As the sign says.");
  assert_reviewed (field, record, MERE_REVIEWED_RETURNED);
  g_assert_cmpuint (bring (field), ==, 1);

  g_assert_true (is_returned (field, record));
  g_assert_false (is_returned (field, other));
  returned = mere_returned_list (field->store, record, &error);
  g_assert_cmpuint (returned->len, ==, 3);
  capture = mere_capture_edit (field->store, record, &error);
  g_assert_no_error (error);
  session = mere_capture_get_session (capture);
  summary = mere_remarks_dup_summary (mere_capture_get_returned (capture), session);
  g_assert_cmpstr (summary, ==, "Please look again.");
  g_assert_cmpstr (mere_capture_get_remark (capture, mere_form_session_find (session, "/data/lanes")), ==, "Is the closed one among them?");
  g_assert_cmpstr (mere_capture_get_remark (capture, mere_form_session_find (session, "/data/lane[1]/name")), ==, "As the sign says.");
}

static void
test_the_new_version_answers_and_the_return_is_over (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  g_autofree char *answer = NULL;
  g_autoptr (MereKept) kept = NULL;
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GBytes) xml = NULL;

  mere_test_field_exchange (field);
  say (field, record, MERE_REVIEW_RETURN, "", "/data/lanes", "Count them again.");
  bring (field);
  answer = mere_test_field_edit (field, record, "/data/lanes", "5", NULL);
  g_assert_false (is_returned (field, record));
  g_assert_cmpuint (count_returned (field), ==, 0);
  xml = mere_record_load_xml (field->store, answer, NULL);
  g_assert_null (g_strstr_len (g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml), "Count them again"));

  mere_test_field_exchange (field);
  kept = mere_kept_load (field->hq->store, answer, NULL);
  g_assert_cmpstr (kept->supersedes, ==, record);
  assert_reviewed (field, answer, MERE_REVIEWED_ANSWERED);
  history = mere_review_list_history (field->hq->store, answer, NULL);
  g_assert_cmpuint (history->len, ==, 2);
  say (field, answer, MERE_REVIEW_ACCEPT, "", NULL, NULL);
  assert_reviewed (field, answer, MERE_REVIEWED_ACCEPTED);
  g_assert_cmpuint (bring (field), ==, 0);
  g_assert_cmpuint (count_returned (field), ==, 0);
}

/* An older receipt changes nothing, a newer one says all again; the same stick may be read as often as anybody likes. */
static void
test_receipts_in_any_order_and_twice (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  g_autofree char *first_stick = g_strdup (field->stick);
  g_autofree char *second_stick = g_build_filename (field->folder, "stick-2", NULL);
  g_autoptr (MerePacked) early = NULL;
  g_autoptr (MerePacked) late = NULL;
  g_autoptr (MereCourierRead) second = NULL;
  g_autoptr (MereCourierRead) first = NULL;
  g_autoptr (MereCourierRead) again = NULL;

  mere_test_field_exchange (field);
  say (field, record, MERE_REVIEW_RETURN, "Please look again.", NULL, NULL);
  early = mere_test_field_pack (field, NULL);
  say (field, record, MERE_REVIEW_RETURN, "Lanes and booths, please.", NULL, NULL);
  g_assert_cmpint (g_mkdir_with_parents (second_stick, 0700), ==, 0);
  g_free (field->stick);
  field->stick = g_strdup (second_stick);
  late = mere_test_field_pack (field, NULL);
  second = mere_test_field_read (field);
  g_assert_cmpuint (second->n_returned, ==, 1);
  g_free (field->stick);
  field->stick = g_strdup (first_stick);
  first = mere_test_field_read (field);
  again = mere_test_field_read (field);
  g_assert_cmpuint (first->n_returned + again->n_returned, ==, 0);
  assert_word (field, record, "Lanes and booths, please.");
}

/* Headquarters sends a version back that the laptop has replaced in the meantime. */
static void
test_a_return_of_what_was_replaced_asks_for_nothing (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  g_autofree char *newer = NULL;

  mere_test_field_exchange (field);
  newer = mere_test_field_edit (field, record, "/data/lanes", "5", NULL);
  say (field, record, MERE_REVIEW_RETURN, "Please look again.", NULL, NULL);
  g_assert_cmpuint (bring (field), ==, 0);
  g_assert_cmpuint (count_returned (field), ==, 0);
  mere_test_field_exchange (field);
  assert_reviewed (field, newer, MERE_REVIEWED_ANSWERED);
}

static void
test_a_verdict_can_be_changed (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);

  mere_test_field_exchange (field);
  say (field, record, MERE_REVIEW_RETURN, "Please look again.", NULL, NULL);
  g_assert_cmpuint (bring (field), ==, 1);
  say (field, record, MERE_REVIEW_ACCEPT, "It was right.", NULL, NULL);
  g_assert_cmpuint (bring (field), ==, 0);
  g_assert_false (is_returned (field, record));
  say (field, record, MERE_REVIEW_RETURN, "No, it was not.", NULL, NULL);
  g_assert_cmpuint (bring (field), ==, 1);
  g_assert_true (is_returned (field, record));
}

/* What is corrected must not be erased before it is. */
static void
test_what_is_sent_back_is_not_erased (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  g_autoptr (GError) error = NULL;

  mere_test_field_exchange (field);
  say (field, record, MERE_REVIEW_RETURN, "Please look again.", NULL, NULL);
  bring (field);
  g_assert_false (mere_record_erase (field->store, record, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

/* Entries of a repeat go, the page is left and opened again: what is said of an entry stays with it. */
static void
test_a_remark_stays_with_its_entry (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lane[1]/name", "A", "/data/lane[2]/name", "B",
                                                  "/data/lane[3]/name", "C", NULL);
  g_autoptr (MereCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  gint64 draft;

  mere_test_field_exchange (field);
  say (field, record, MERE_REVIEW_RETURN, "", "/data/lane[2]/name", "As the sign says.");
  bring (field);
  capture = mere_capture_edit (field->store, record, &error);
  mere_capture_remove (capture, mere_form_session_find (mere_capture_get_session (capture), "/data/lane[1]"), &error);
  mere_capture_compact (capture, &error);
  g_assert_no_error (error);
  draft = mere_capture_get_draft (capture);
  g_clear_object (&capture);
  capture = mere_capture_open (field->store, draft, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_capture_get_remark (capture, mere_form_session_find (mere_capture_get_session (capture), "/data/lane[1]/name")), ==, "As the sign says.");
  g_assert_null (mere_capture_get_remark (capture, mere_form_session_find (mere_capture_get_session (capture), "/data/lane[2]/name")));
}

static void
test_what_makes_no_sense_is_refused (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *record = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  g_autofree char *newer = NULL;
  g_autofree char *endless = g_strnfill (MERE_REVIEW_MAX_COMMENT + 1, 'x');
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) empty = NULL;
  g_autoptr (GError) large = NULL;
  g_autoptr (GError) old = NULL;
  g_autoptr (GPtrArray) said = NULL;

  mere_test_field_exchange (field);
  g_assert_false (try_say (field, record, MERE_REVIEW_COMMENT, "", "/data/booths", "Which?", &unknown));
  g_assert_error (unknown, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_assert_false (try_say (field, record, MERE_REVIEW_RETURN, "", NULL, NULL, &empty));
  g_assert_error (empty, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_false (try_say (field, record, MERE_REVIEW_RETURN, endless, NULL, NULL, &large));
  g_assert_error (large, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  newer = mere_test_field_edit (field, record, "/data/lanes", "5", NULL);
  mere_test_field_exchange (field);
  g_assert_false (try_say (field, record, MERE_REVIEW_ACCEPT, "", NULL, NULL, &old));
  g_assert_error (old, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
  said = mere_review_list_history (field->hq->store, newer, NULL);
  g_assert_cmpuint (said->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/review/a-record-comes-back-with-the-comment-on-its-question", test_a_record_comes_back_with_the_comment_on_its_question);
  g_test_add_func ("/hq/review/the-new-version-answers-and-the-return-is-over", test_the_new_version_answers_and_the_return_is_over);
  g_test_add_func ("/hq/review/receipts-in-any-order-and-twice", test_receipts_in_any_order_and_twice);
  g_test_add_func ("/hq/review/a-return-of-what-was-replaced-asks-for-nothing", test_a_return_of_what_was_replaced_asks_for_nothing);
  g_test_add_func ("/hq/review/a-verdict-can-be-changed", test_a_verdict_can_be_changed);
  g_test_add_func ("/hq/review/what-is-sent-back-is-not-erased", test_what_is_sent_back_is_not_erased);
  g_test_add_func ("/hq/review/a-remark-stays-with-its-entry", test_a_remark_stays_with_its_entry);
  g_test_add_func ("/hq/review/what-makes-no-sense-is-refused", test_what_makes_no_sense_is_refused);
  return g_test_run ();
}
