/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a filling to a record: what is missing is listed, a record is what was typed, and an edit is a new version. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/store/attachment.h"
#include "app/store/log.h"
#include "app/store/record.h"

static void
test_what_is_missing_is_listed (MereFilling  *self,
                                gconstpointer form)
{
  g_autoptr (GPtrArray) invalid = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *record = NULL;

  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[1]/queue", "500");
  g_assert_null (mere_capture_finalise (self->capture, &invalid, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_INVALID);
  g_assert_cmpuint (invalid->len, ==, 3);
  g_assert_true (invalid->pdata[0] == mere_filling_node (self->capture, "/data/post"));
  g_assert_true (invalid->pdata[1] == mere_filling_node (self->capture, "/data/lane[1]/name"));
  g_assert_true (invalid->pdata[2] == mere_filling_node (self->capture, "/data/lane[1]/queue"));
  mere_filling_crash (self);
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_remove (self->capture, "/data/lane[1]");
  record = mere_filling_finalise (self);
}

static void
test_a_record_is_what_was_typed (MereFilling  *self,
                                 gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autofree char *staff = NULL;
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autofree char *end = NULL;
  g_autoptr (MereRecord) row = NULL;
  g_autoptr (MereLogLine) head = NULL;
  g_autoptr (GError) error = NULL;

  mere_filling_fill_in (self);
  record = mere_filling_finalise (self);
  row = mere_record_load (self->plain->store, record, NULL);
  g_assert_cmpstr (row->title, ==, "Utopia Bridge");
  g_assert_cmpint (row->kind, ==, MERE_INSTRUMENT_CHECK);
  g_assert_cmpstr (row->crossing, ==, self->crossing);
  g_assert_cmpint (row->state, ==, MERE_RECORD_FINAL);
  g_assert_null (row->deprecated_id);
  staff = mere_filling_dup_answer (self->plain->store, record, "staff");
  name = mere_filling_dup_answer (self->plain->store, record, "lane/name");
  id = mere_filling_dup_answer (self->plain->store, record, "meta/instanceID");
  end = mere_filling_dup_answer (self->plain->store, record, "meta/timeEnd");
  g_assert_cmpstr (staff, ==, "12");
  g_assert_cmpstr (name, ==, "citizens");
  g_assert_cmpstr (id, ==, record);
  g_assert_true (g_str_has_prefix (end, "2"));
  head = mere_log_load_head (self->plain->store, NULL);
  g_assert_cmpstr (head->kind, ==, "record");
  g_assert_cmpstr (head->object, ==, record);
  g_assert_cmpstr (head->b2, ==, row->b2);
  g_assert_cmpint (mere_draft_count (self->plain->store, -1, NULL), ==, 0);
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT count (*) FROM draft_step"), ==, 0);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/post"), "x", &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED);
  g_clear_error (&error);
  g_assert_null (mere_capture_finalise (self->capture, NULL, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED);
  g_assert_false (mere_capture_can_undo (self->capture));
  g_assert_true (mere_log_verify (self->plain->store, NULL, NULL));
}

static void
test_comments_go_into_the_record (MereFilling  *self,
                                  gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autoptr (GBytes) xml = NULL;
  const char *text;

  mere_filling_fill_in (self);
  mere_filling_comment (self->capture, "/data/lane[1]/queue", "out of sight");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[2]/name", "e-gate");
  mere_filling_comment (self->capture, "/data/lane[2]/name", "two <of> them");
  mere_filling_comment (self->capture, "/data/lane[2]/booth/officer", "nobody");
  mere_filling_set (self->capture, "/data/skip", "1");
  record = mere_filling_finalise (self);
  xml = mere_record_load_xml (self->plain->store, record, NULL);
  text = g_bytes_get_data (xml, NULL);
  g_assert_nonnull (g_strstr_len (text, (gssize) g_bytes_get_size (xml),
                                  "<mere:comments xmlns:mere=\"https://merestone.org/xforms\">"
                                  "<mere:comment ref=\"/data/lane[1]/name\">two &lt;of&gt; them</mere:comment>"
                                  "</mere:comments></data>"));
}

static void
edit (MereFilling *self,
      const char  *record)
{
  g_autoptr (GError) error = NULL;

  g_set_object (&self->capture, NULL);
  self->capture = mere_capture_edit (self->plain->store, record, &error);
  g_assert_no_error (error);
}

static void
test_an_edit_is_a_new_version (MereFilling  *self,
                               gconstpointer form)
{
  g_autofree char *b2 = mere_filling_content (self->plain->store, "a photo");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *deprecated = NULL;
  g_autofree char *staff = NULL;
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;
  gint64 draft;

  mere_filling_fill_in (self);
  mere_filling_comment (self->capture, "/data/lane[1]/name", "see the sign");
  g_assert_true (mere_capture_attach (self->capture, mere_filling_node (self->capture, "/data/photo"), "sign.jpeg", b2, NULL));
  first = mere_filling_finalise (self);
  edit (self, first);
  g_assert_cmpstr (mere_capture_get_edits (self->capture), ==, first);
  g_assert_cmpstr (mere_capture_get_comment (self->capture, mere_filling_node (self->capture, "/data/lane[1]/name")), ==, "see the sign");
  g_assert_false (mere_capture_can_undo (self->capture));
  mere_filling_set (self->capture, "/data/staff", "14");
  mere_filling_crash (self);
  draft = mere_capture_get_draft (self->capture);
  edit (self, first);
  g_assert_cmpint (mere_capture_get_draft (self->capture), ==, draft);
  second = mere_filling_finalise (self);
  g_assert_cmpstr (second, !=, first);
  deprecated = mere_filling_dup_answer (self->plain->store, second, "meta/deprecatedID");
  staff = mere_filling_dup_answer (self->plain->store, second, "staff");
  g_assert_cmpstr (deprecated, ==, first);
  g_assert_cmpstr (staff, ==, "14");
  versions = mere_record_list_versions (self->plain->store, first, NULL);
  g_assert_cmpuint (versions->len, ==, 2);
  g_assert_false (((MereRecord *) versions->pdata[0])->latest);
  g_assert_true (((MereRecord *) versions->pdata[1])->latest);
  files = mere_attachment_list_of_record (self->plain->store, second, NULL);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_null (mere_capture_edit (self->plain->store, first, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static void
test_a_deleted_edit_is_taken_up_again (MereFilling  *self,
                                       gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 draft;

  mere_filling_fill_in (self);
  record = mere_filling_finalise (self);
  edit (self, record);
  mere_filling_set (self->capture, "/data/staff", "14");
  draft = mere_capture_get_draft (self->capture);
  g_assert_true (mere_draft_delete (self->plain->store, draft, NULL));
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/staff"), "15", &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED);
  g_clear_error (&error);
  g_assert_null (mere_capture_finalise (self->capture, NULL, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED);
  g_clear_error (&error);
  g_assert_null (mere_capture_open (self->plain->store, draft, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_FINISHED);
  edit (self, record);
  g_assert_cmpint (mere_capture_get_draft (self->capture), ==, draft);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "14");
}

static void
attach (MereFilling *self,
        const char  *name,
        const char  *b2)
{
  g_autoptr (GError) error = NULL;

  mere_capture_attach (self->capture, mere_filling_node (self->capture, "/data/photo"), name, b2, &error);
  g_assert_no_error (error);
}

static void
test_files_answer_questions (MereFilling  *self,
                             gconstpointer form)
{
  g_autofree char *one = mere_filling_content (self->plain->store, "one");
  g_autofree char *two = mere_filling_content (self->plain->store, "two");
  g_autofree char *record = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;

  mere_filling_fill_in (self);
  attach (self, "sign.jpeg", one);
  attach (self, "sign.jpeg", two);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/photo"), ==, "sign-2.jpeg");
  mere_filling_crash (self);
  mere_filling_undo (self->capture, "/data/photo");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/photo"), ==, "sign.jpeg");
  mere_filling_redo (self->capture, "/data/photo");
  g_assert_false (mere_capture_attach (self->capture, mere_filling_node (self->capture, "/data/post"), "x", one, &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
  record = mere_filling_finalise (self);
  files = mere_attachment_list_of_record (self->plain->store, record, NULL);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (((MereAttachment *) files->pdata[0])->name, ==, "sign-2.jpeg");
  g_assert_cmpstr (((MereAttachment *) files->pdata[0])->b2, ==, two);
}

static void
test_a_record_can_be_looked_at (MereFilling  *self,
                                gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GError) error = NULL;

  mere_filling_fill_in (self);
  record = mere_filling_finalise (self);
  session = mere_capture_load_record (self->plain->store, record, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_form_session_get_instance_id (session), ==, record);
  g_assert_cmpstr (mere_form_node_get_value (mere_form_session_find (session, "/data/lane[1]/name")), ==, "citizens");
  g_assert_null (mere_capture_load_record (self->plain->store, "uuid:nowhere", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
}

#define ADD(path, form, test) g_test_add (path, MereFilling, form, mere_filling_set_up, test, mere_filling_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/capture/what-is-missing-is-listed", "lanes", test_what_is_missing_is_listed);
  ADD ("/capture/a-record-is-what-was-typed", "lanes", test_a_record_is_what_was_typed);
  ADD ("/capture/comments-go-into-the-record", "lanes", test_comments_go_into_the_record);
  ADD ("/capture/an-edit-is-a-new-version", "lanes", test_an_edit_is_a_new_version);
  ADD ("/capture/a-deleted-edit-is-taken-up-again", "lanes", test_a_deleted_edit_is_taken_up_again);
  ADD ("/capture/files-answer-questions", "lanes", test_files_answer_questions);
  ADD ("/capture/a-record-can-be-looked-at", "lanes", test_a_record_can_be_looked_at);
  return g_test_run ();
}
