/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A filling: what is typed is there after a crash, what was done is undone, and a record is what was typed. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/store/attachment.h"
#include "app/store/log.h"
#include "app/store/record.h"
#include "app/store/statement.h"

typedef struct
{
  MerePlainStore *plain;
  char           *crossing;
  MereCapture    *capture;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer form)
{
  g_autoptr (GError) error = NULL;

  self->plain = mere_plain_store_new ();
  self->crossing = mere_filling_crossing (self->plain->store);
  self->capture = mere_capture_new (self->plain->store, mere_filling_take_in (self->plain->store, form), self->crossing, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *self,
           gconstpointer form)
{
  g_clear_object (&self->capture);
  mere_plain_store_free (self->plain);
  g_free (self->crossing);
}

/* The process ends without a word, and the draft is opened again: the screen is the same. */
static void
crash (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gint64           draft = mere_capture_get_draft (self->capture);
  g_autofree char *before = mere_filling_dup_screen (self->capture);
  g_autofree char *after = NULL;

  g_clear_object (&self->capture);
  mere_plain_store_reopen (self->plain);
  self->capture = mere_capture_open (self->plain->store, draft, &error);
  g_assert_no_error (error);
  after = mere_filling_dup_screen (self->capture);
  g_assert_cmpstr (after, ==, before);
}

static MereDraft *
load_draft (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  MereDraft *draft = mere_draft_load (self->plain->store, mere_capture_get_draft (self->capture), &error);

  g_assert_no_error (error);
  return draft;
}

static void
fill_in (Fixture *self)
{
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/staff", "12");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[1]/name", "citizens");
}

static char *
finalise (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *record = mere_capture_finalise (self->capture, NULL, &error);

  g_assert_no_error (error);
  return record;
}

static void
set_language (Fixture    *self,
              const char *language)
{
  g_autoptr (GError) error = NULL;

  mere_capture_set_language (self->capture, language, &error);
  g_assert_no_error (error);
}

static void
compact (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  mere_capture_compact (self->capture, &error);
  g_assert_no_error (error);
}

static void
test_answers_outlive_a_crash (Fixture      *self,
                              gconstpointer form)
{
  crash (self);
  fill_in (self);
  mere_filling_comment (self->capture, "/data/lane[1]/name", "As the sign says: <Citoyens> & others");
  set_language (self, "Français (fr)");
  crash (self);
  compact (self);
  crash (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "12");
  g_assert_cmpstr (mere_form_node_get_label (mere_filling_node (self->capture, "/data/post")), ==, "Poste");
}

static void
test_undo_and_redo_outlive_a_crash (Fixture      *self,
                                    gconstpointer form)
{
  fill_in (self);
  mere_filling_set (self->capture, "/data/staff", "13");
  mere_filling_undo (self->capture, "/data/staff");
  mere_filling_undo (self->capture, "/data/lane[1]/name");
  crash (self);
  mere_filling_redo (self->capture, "/data/lane[1]/name");
  crash (self);
  compact (self);
  crash (self);
  mere_filling_redo (self->capture, "/data/staff");
  g_assert_false (mere_capture_can_redo (self->capture));
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "13");
  crash (self);
}

static void
test_undoing_all_gives_the_beginning (Fixture      *self,
                                      gconstpointer form)
{
  g_autofree char *beginning = mere_filling_dup_state (self->capture);
  g_autofree char *end = NULL;
  g_autofree char *begun_again = NULL;
  g_autofree char *ended_again = NULL;

  fill_in (self);
  mere_filling_comment (self->capture, "/data/post", "near the river");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_remove (self->capture, "/data/lane[1]");
  end = mere_filling_dup_state (self->capture);
  while (mere_capture_can_undo (self->capture))
    g_assert_true (mere_capture_undo (self->capture, NULL, NULL));
  begun_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (begun_again, ==, beginning);
  crash (self);
  while (mere_capture_can_redo (self->capture))
    g_assert_true (mere_capture_redo (self->capture, NULL, NULL));
  ended_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (ended_again, ==, end);
}

static void
count_call (guint *calls)
{
  (*calls)++;
}

static void
test_a_removed_instance_comes_back_whole (Fixture      *self,
                                          gconstpointer form)
{
  guint            replaced = 0;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  fill_in (self);
  mere_filling_set (self->capture, "/data/lane[1]/queue", "7");
  mere_filling_comment (self->capture, "/data/lane[1]/queue", "counted twice");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[2]/name", "others");
  mere_filling_comment (self->capture, "/data/lane[2]/name", "second");
  before = mere_filling_dup_state (self->capture);
  mere_filling_remove (self->capture, "/data/lane[1]");
  g_assert_cmpstr (mere_capture_get_comment (self->capture, mere_filling_node (self->capture, "/data/lane[1]/name")), ==, "second");
  crash (self);
  g_signal_connect_swapped (self->capture, "session-replaced", G_CALLBACK (count_call), &replaced);
  mere_filling_undo (self->capture, "/data/lane[1]");
  g_assert_cmpuint (replaced, ==, 1);
  after = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (after, ==, before);
  crash (self);
  mere_filling_redo (self->capture, "/data/lane");
  mere_filling_undo (self->capture, "/data/lane[1]");
  crash (self);
}

static void
test_what_is_there_is_no_step (Fixture      *self,
                               gconstpointer form)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_capture_undo (self->capture, NULL, &error));
  g_assert_error (error, MERE_CAPTURE_ERROR, MERE_CAPTURE_ERROR_NOTHING);
  mere_filling_set (self->capture, "/data/post", "");
  set_language (self, "English (en)");
  mere_filling_comment (self->capture, "/data/post", "");
  g_assert_false (mere_capture_can_undo (self->capture));
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/staff", "5");
  mere_filling_set (self->capture, "/data/staff", " 5");
  mere_filling_undo (self->capture, "/data/staff");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/staff"), ==, "");
}

static void
test_a_refused_answer_changes_nothing (Fixture      *self,
                                       gconstpointer form)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  fill_in (self);
  before = mere_filling_dup_screen (self->capture);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/staff"), "many", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_VALUE);
  g_clear_error (&error);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/end_note"), "x", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
  g_clear_error (&error);
  g_assert_false (mere_capture_set_language (self->capture, "Utopian", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
  after = mere_filling_dup_screen (self->capture);
  g_assert_cmpstr (after, ==, before);
  crash (self);
}

static void
test_an_answer_that_locks_its_question_is_undone (Fixture      *self,
                                                  gconstpointer form)
{
  mere_filling_set (self->capture, "/data/locked", "done");
  g_assert_true (mere_form_node_is_readonly (mere_filling_node (self->capture, "/data/locked")));
  crash (self);
  mere_filling_undo (self->capture, "/data/locked");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/locked"), ==, "");
  crash (self);
}

static void
test_an_answer_out_of_sight_is_not_lost (Fixture      *self,
                                         gconstpointer form)
{
  mere_filling_set (self->capture, "/data/region", "north");
  mere_filling_set (self->capture, "/data/town", "n2");
  mere_filling_set (self->capture, "/data/region", "south");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/town"), ==, "");
  mere_filling_set (self->capture, "/data/town", "s1");
  crash (self);
  mere_filling_undo (self->capture, "/data/town");
  crash (self);
  mere_filling_undo (self->capture, "/data/region");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/town"), ==, "n2");
}

static void
test_a_corrected_calculation_stands (Fixture      *self,
                                     gconstpointer form)
{
  fill_in (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "24");
  mere_filling_set (self->capture, "/data/double", "25");
  crash (self);
  compact (self);
  crash (self);
  mere_filling_set (self->capture, "/data/lane[1]/queue", "3");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "25");
  mere_filling_remove (self->capture, "/data/lane[1]");
  mere_filling_undo (self->capture, "/data/lane[1]");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "25");
}

/* The calculation comes to what was put in its place, and takes over again without a visible change. */
static void
test_a_correction_that_is_overtaken_comes_back (Fixture      *self,
                                                gconstpointer form)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/double", "24");
  before = mere_filling_dup_state (self->capture);
  mere_filling_set (self->capture, "/data/staff", "12");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/double"), ==, "24");
  mere_filling_undo (self->capture, "/data/staff");
  after = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (after, ==, before);
  crash (self);
}

static void
test_text_that_xml_cannot_say_does_no_harm (Fixture      *self,
                                            gconstpointer form)
{
  mere_filling_set (self->capture, "/data/post", "a\001b\357\277\277c\r\nd & <e> \360\237\233\202");
  mere_filling_comment (self->capture, "/data/post", "x\033y\357\277\276z");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "abc\r\nd & <e> \360\237\233\202");
  g_assert_cmpstr (mere_capture_get_comment (self->capture, mere_filling_node (self->capture, "/data/post")), ==, "xyz");
  crash (self);
  compact (self);
  crash (self);
}

static void
test_progress_follows_each_step (Fixture      *self,
                                 gconstpointer form)
{
  MereCaptureProgress progress;
  MereCaptureProgress measured;
  g_autoptr (MereDraft) draft = NULL;

  mere_capture_get_progress (self->capture, &progress);
  /* post, region, town, open, skip, locked, double, photo */
  g_assert_cmpuint (progress.asked, ==, 8);
  g_assert_cmpuint (progress.answered, ==, 0);
  g_assert_cmpuint (progress.missing, ==, 1);
  fill_in (self);
  mere_filling_set (self->capture, "/data/staff", "100");
  mere_filling_set (self->capture, "/data/open", "no");
  mere_capture_get_progress (self->capture, &progress);
  mere_capture_measure (self->capture, mere_form_session_get_root (mere_capture_get_session (self->capture)), &measured);
  g_assert_cmpmem (&progress, sizeof progress, &measured, sizeof measured);
  /* staff, reason, three of the lane more */
  g_assert_cmpuint (progress.asked, ==, 8 + 2 + 3);
  g_assert_cmpuint (progress.answered, ==, 6);
  g_assert_cmpuint (progress.missing, ==, 1);
  g_assert_cmpuint (progress.invalid, ==, 1);
  draft = load_draft (self);
  g_assert_cmpuint (draft->n_asked, ==, progress.asked);
  g_assert_cmpuint (draft->n_answered, ==, progress.answered);
  mere_capture_measure (self->capture, mere_filling_node (self->capture, "/data/lane"), &measured);
  g_assert_cmpuint (measured.asked, ==, 3);
  g_assert_cmpuint (measured.answered, ==, 2);
}

static void
test_a_draft_is_called_by_its_name (Fixture      *self,
                                    gconstpointer form)
{
  g_autoptr (MereDraft) fresh = load_draft (self);
  g_autoptr (MereDraft) named = NULL;
  g_autoptr (MereDraft) unnamed = NULL;

  g_assert_cmpstr (fresh->title, ==, "Lanes");
  g_assert_cmpstr (fresh->crossing_name, ==, "Utopia Bridge");
  mere_filling_set (self->capture, "/data/post", "North gate");
  named = load_draft (self);
  g_assert_cmpstr (named->title, ==, "North gate");
  crash (self);
  mere_filling_undo (self->capture, "/data/post");
  unnamed = load_draft (self);
  g_assert_cmpstr (unnamed->title, ==, "Lanes");
}

static void
test_long_fillings_are_compacted (Fixture      *self,
                                  gconstpointer form)
{
  g_assert_true (mere_store_execute (self->plain->store, "PRAGMA synchronous = OFF", NULL));
  for (guint i = 1; i <= 600; i++)
    {
      g_autofree char *name = g_strdup_printf ("gate %u", i);

      mere_filling_set (self->capture, "/data/post", name);
    }
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT snapshot_seq FROM draft"), >, 300);
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT last_seq FROM draft"), ==, 600);
  crash (self);
  for (guint i = 600; i > 0; i--)
    mere_filling_undo (self->capture, "/data/post");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "");
  crash (self);
}

typedef gboolean (*Attempt) (Fixture *self, GError **error);

static gboolean
try_set (Fixture *self,
         GError **error)
{
  return mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/post"), "South gate", error);
}

static gboolean
try_add (Fixture *self,
         GError **error)
{
  return mere_capture_add (self->capture, mere_filling_node (self->capture, "/data/lane"), error) != NULL;
}

static gboolean
try_remove (Fixture *self,
            GError **error)
{
  return mere_capture_remove (self->capture, mere_filling_node (self->capture, "/data/lane[1]"), error);
}

static gboolean
try_comment (Fixture *self,
             GError **error)
{
  return mere_capture_set_comment (self->capture, mere_filling_node (self->capture, "/data/post"), "no room", error);
}

static gboolean
try_language (Fixture *self,
              GError **error)
{
  return mere_capture_set_language (self->capture, "Français (fr)", error);
}

static gboolean
try_undo (Fixture *self,
          GError **error)
{
  return mere_capture_undo (self->capture, NULL, error);
}

static gboolean
try_redo (Fixture *self,
          GError **error)
{
  return mere_capture_redo (self->capture, NULL, error);
}

static gboolean
try_finalise (Fixture *self,
              GError **error)
{
  g_autofree char *record = mere_capture_finalise (self->capture, NULL, error);

  return record != NULL;
}

static void
test_a_step_that_is_not_committed_changes_nothing (Fixture      *self,
                                                   gconstpointer form)
{
  static const Attempt attempts[] = { try_set, try_add, try_remove, try_comment, try_language, try_undo, try_redo, try_finalise };

  fill_in (self);
  mere_filling_set (self->capture, "/data/staff", "13");
  mere_filling_undo (self->capture, "/data/staff");
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *before = mere_filling_dup_screen (self->capture);
      g_autofree char *after = NULL;

      mere_plain_store_refuse_commits (self->plain, TRUE);
      g_assert_false (attempts[i](self, &error));
      g_assert_cmpint (error->domain, ==, MERE_STORE_ERROR);
      mere_plain_store_refuse_commits (self->plain, FALSE);
      after = mere_filling_dup_screen (self->capture);
      g_assert_cmpstr (after, ==, before);
      crash (self);
    }
  g_assert_true (try_set (self, NULL));
}

static void
test_a_full_disk_is_told (Fixture      *self,
                          gconstpointer form)
{
  g_autofree char *long_answer = g_strnfill (200000, 'a');
  g_autoptr (GError) error = NULL;

  fill_in (self);
  mere_plain_store_limit (self->plain, 0);
  g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, "/data/post"), long_answer, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_FULL);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "Utopia Bridge");
  crash (self);
  mere_filling_set (self->capture, "/data/post", long_answer);
  crash (self);
}

static void
test_what_is_missing_is_listed (Fixture      *self,
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
  crash (self);
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_remove (self->capture, "/data/lane[1]");
  record = finalise (self);
}

static void
test_a_record_is_what_was_typed (Fixture      *self,
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

  fill_in (self);
  record = finalise (self);
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
test_comments_go_into_the_record (Fixture      *self,
                                  gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autoptr (GBytes) xml = NULL;
  const char *text;

  fill_in (self);
  mere_filling_comment (self->capture, "/data/lane[1]/queue", "out of sight");
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[2]/name", "e-gate");
  mere_filling_comment (self->capture, "/data/lane[2]/name", "two <of> them");
  mere_filling_comment (self->capture, "/data/lane[2]/booth/officer", "nobody");
  mere_filling_set (self->capture, "/data/skip", "1");
  record = finalise (self);
  xml = mere_record_load_xml (self->plain->store, record, NULL);
  text = g_bytes_get_data (xml, NULL);
  g_assert_nonnull (g_strstr_len (text, (gssize) g_bytes_get_size (xml),
                                  "<mere:comments xmlns:mere=\"https://merestone.org/xforms\">"
                                  "<mere:comment ref=\"/data/lane[1]/name\">two &lt;of&gt; them</mere:comment>"
                                  "</mere:comments></data>"));
}

static void
edit (Fixture    *self,
      const char *record)
{
  g_autoptr (GError) error = NULL;

  g_set_object (&self->capture, NULL);
  self->capture = mere_capture_edit (self->plain->store, record, &error);
  g_assert_no_error (error);
}

static void
test_an_edit_is_a_new_version (Fixture      *self,
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

  fill_in (self);
  mere_filling_comment (self->capture, "/data/lane[1]/name", "see the sign");
  g_assert_true (mere_capture_attach (self->capture, mere_filling_node (self->capture, "/data/photo"), "sign.jpeg", b2, NULL));
  first = finalise (self);
  edit (self, first);
  g_assert_cmpstr (mere_capture_get_edits (self->capture), ==, first);
  g_assert_cmpstr (mere_capture_get_comment (self->capture, mere_filling_node (self->capture, "/data/lane[1]/name")), ==, "see the sign");
  g_assert_false (mere_capture_can_undo (self->capture));
  mere_filling_set (self->capture, "/data/staff", "14");
  crash (self);
  draft = mere_capture_get_draft (self->capture);
  edit (self, first);
  g_assert_cmpint (mere_capture_get_draft (self->capture), ==, draft);
  second = finalise (self);
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
test_a_deleted_edit_is_taken_up_again (Fixture      *self,
                                       gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 draft;

  fill_in (self);
  record = finalise (self);
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
attach (Fixture    *self,
        const char *name,
        const char *b2)
{
  g_autoptr (GError) error = NULL;

  mere_capture_attach (self->capture, mere_filling_node (self->capture, "/data/photo"), name, b2, &error);
  g_assert_no_error (error);
}

static void
test_files_answer_questions (Fixture      *self,
                             gconstpointer form)
{
  g_autofree char *one = mere_filling_content (self->plain->store, "one");
  g_autofree char *two = mere_filling_content (self->plain->store, "two");
  g_autofree char *record = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;

  fill_in (self);
  attach (self, "sign.jpeg", one);
  attach (self, "sign.jpeg", two);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/photo"), ==, "sign-2.jpeg");
  crash (self);
  mere_filling_undo (self->capture, "/data/photo");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/photo"), ==, "sign.jpeg");
  mere_filling_redo (self->capture, "/data/photo");
  g_assert_false (mere_capture_attach (self->capture, mere_filling_node (self->capture, "/data/post"), "x", one, &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
  record = finalise (self);
  files = mere_attachment_list_of_record (self->plain->store, record, NULL);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (((MereAttachment *) files->pdata[0])->name, ==, "sign-2.jpeg");
  g_assert_cmpstr (((MereAttachment *) files->pdata[0])->b2, ==, two);
}

static void
test_a_record_can_be_looked_at (Fixture      *self,
                                gconstpointer form)
{
  g_autofree char *record = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GError) error = NULL;

  fill_in (self);
  record = finalise (self);
  session = mere_capture_load_record (self->plain->store, record, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_form_session_get_instance_id (session), ==, record);
  g_assert_cmpstr (mere_form_node_get_value (mere_form_session_find (session, "/data/lane[1]/name")), ==, "citizens");
  g_assert_null (mere_capture_load_record (self->plain->store, "uuid:nowhere", &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
}

static void
test_chance_is_the_same_after_a_crash (Fixture      *self,
                                       gconstpointer form)
{
  mere_filling_add (self->capture, "/data/ticket");
  crash (self);
  mere_filling_set (self->capture, "/data/answer", "yes");
  crash (self);
  mere_filling_set (self->capture, "/data/ticket[1]/what", "lunch");
  mere_filling_add (self->capture, "/data/ticket");
  mere_filling_remove (self->capture, "/data/ticket[1]");
  crash (self);
  mere_filling_undo (self->capture, "/data/ticket[1]");
  crash (self);
  mere_filling_undo (self->capture, "/data/ticket");
  mere_filling_redo (self->capture, "/data/ticket[2]");
  crash (self);
}

static void
test_side_effects_are_undone (Fixture      *self,
                              gconstpointer form)
{
  g_autofree char *beginning = mere_filling_dup_state (self->capture);
  g_autofree char *doors = NULL;
  g_autofree char *doors_again = NULL;
  g_autofree char *begun_again = NULL;

  mere_filling_set (self->capture, "/data/n", "3");
  mere_filling_set (self->capture, "/data/door[3]/name", "north");
  mere_filling_comment (self->capture, "/data/door[3]/name", "stuck");
  doors = mere_filling_dup_state (self->capture);
  mere_filling_set (self->capture, "/data/n", "1");
  crash (self);
  mere_filling_undo (self->capture, "/data/n");
  doors_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (doors_again, ==, doors);
  mere_filling_set (self->capture, "/data/answer", "yes");
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/answered_at"), !=, "");
  crash (self);
  while (mere_capture_can_undo (self->capture))
    g_assert_true (mere_capture_undo (self->capture, NULL, NULL));
  begun_again = mere_filling_dup_state (self->capture);
  g_assert_cmpstr (begun_again, ==, beginning);
}

static void
test_side_effects_that_are_not_committed (Fixture      *self,
                                          gconstpointer form)
{
  static const char *const answers[][2] = { { "/data/n", "1" }, { "/data/answer", "no" } };

  mere_filling_set (self->capture, "/data/n", "3");
  mere_filling_set (self->capture, "/data/door[3]/name", "north");
  mere_filling_comment (self->capture, "/data/door[3]/name", "stuck");
  mere_filling_set (self->capture, "/data/answer", "yes");
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *before = mere_filling_dup_screen (self->capture);
      g_autofree char *after = NULL;

      mere_plain_store_refuse_commits (self->plain, TRUE);
      g_assert_false (mere_capture_set (self->capture, mere_filling_node (self->capture, answers[i][0]), answers[i][1], NULL));
      mere_plain_store_refuse_commits (self->plain, FALSE);
      after = mere_filling_dup_screen (self->capture);
      g_assert_cmpstr (after, ==, before);
      crash (self);
    }
}

#define ADD(path, form, test) g_test_add (path, Fixture, form, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/capture/answers-outlive-a-crash", "lanes", test_answers_outlive_a_crash);
  ADD ("/capture/undo-and-redo-outlive-a-crash", "lanes", test_undo_and_redo_outlive_a_crash);
  ADD ("/capture/undoing-all-gives-the-beginning", "lanes", test_undoing_all_gives_the_beginning);
  ADD ("/capture/a-removed-instance-comes-back-whole", "lanes", test_a_removed_instance_comes_back_whole);
  ADD ("/capture/what-is-there-is-no-step", "lanes", test_what_is_there_is_no_step);
  ADD ("/capture/a-refused-answer-changes-nothing", "lanes", test_a_refused_answer_changes_nothing);
  ADD ("/capture/an-answer-that-locks-its-question-is-undone", "lanes", test_an_answer_that_locks_its_question_is_undone);
  ADD ("/capture/an-answer-out-of-sight-is-not-lost", "lanes", test_an_answer_out_of_sight_is_not_lost);
  ADD ("/capture/a-corrected-calculation-stands", "lanes", test_a_corrected_calculation_stands);
  ADD ("/capture/a-correction-that-is-overtaken-comes-back", "lanes", test_a_correction_that_is_overtaken_comes_back);
  ADD ("/capture/text-that-xml-cannot-say-does-no-harm", "lanes", test_text_that_xml_cannot_say_does_no_harm);
  ADD ("/capture/progress-follows-each-step", "lanes", test_progress_follows_each_step);
  ADD ("/capture/a-draft-is-called-by-its-name", "lanes", test_a_draft_is_called_by_its_name);
  ADD ("/capture/long-fillings-are-compacted", "lanes", test_long_fillings_are_compacted);
  ADD ("/capture/a-step-that-is-not-committed-changes-nothing", "lanes", test_a_step_that_is_not_committed_changes_nothing);
  ADD ("/capture/a-full-disk-is-told", "lanes", test_a_full_disk_is_told);
  ADD ("/capture/what-is-missing-is-listed", "lanes", test_what_is_missing_is_listed);
  ADD ("/capture/a-record-is-what-was-typed", "lanes", test_a_record_is_what_was_typed);
  ADD ("/capture/comments-go-into-the-record", "lanes", test_comments_go_into_the_record);
  ADD ("/capture/an-edit-is-a-new-version", "lanes", test_an_edit_is_a_new_version);
  ADD ("/capture/a-deleted-edit-is-taken-up-again", "lanes", test_a_deleted_edit_is_taken_up_again);
  ADD ("/capture/files-answer-questions", "lanes", test_files_answer_questions);
  ADD ("/capture/a-record-can-be-looked-at", "lanes", test_a_record_can_be_looked_at);
  ADD ("/capture/chance-is-the-same-after-a-crash", "chance", test_chance_is_the_same_after_a_crash);
  ADD ("/capture/a-step-with-side-effects-that-is-not-committed", "chance", test_side_effects_that_are_not_committed);
  ADD ("/capture/side-effects-are-undone", "chance", test_side_effects_are_undone);
  return g_test_run ();
}
