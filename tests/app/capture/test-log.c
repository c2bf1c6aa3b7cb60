/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a form gets to know of fillings: the log of its own, and the one that was saved last. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include "app/store/attachment.h"

#include <string.h>

typedef struct
{
  MerePlainStore *plain;
  gint64          instrument;
  MereCapture    *capture;
} Fixture;

static void
begin (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->capture);
  self->capture = mere_capture_new (self->plain->store, self->instrument, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture      *self,
        gconstpointer form)
{
  self->plain = mere_plain_store_new ();
  self->instrument = mere_filling_take_in (self->plain->store, form);
  begin (self);
}

static void
tear_down (Fixture      *self,
           gconstpointer form)
{
  g_clear_object (&self->capture);
  mere_plain_store_free (self->plain);
}

static void
crash (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gint64 draft = mere_capture_get_draft (self->capture);

  g_clear_object (&self->capture);
  mere_plain_store_reopen (self->plain);
  self->capture = mere_capture_open (self->plain->store, draft, &error);
  g_assert_no_error (error);
}

static char *
finalise (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *record = mere_capture_finalise (self->capture, NULL, &error);

  g_assert_no_error (error);
  return record;
}

/* The lines of a record's log. */
static char **
load_log (Fixture    *self,
          const char *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = mere_attachment_list_of_record (self->plain->store, record, &error);
  g_autoptr (GInputStream) content = NULL;
  char  text[4096];
  gsize length;

  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (((MereAttachment *) files->pdata[0])->name, ==, "audit.csv");
  content = mere_attachment_open (self->plain->store, ((MereAttachment *) files->pdata[0])->b2, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_input_stream_read_all (content, text, sizeof text - 1, &length, NULL, NULL));
  text[length] = '\0';
  return g_strsplit (text, "\n", -1);
}

/* Event, node, old and new value of a line, without its times. */
static void
assert_line (const char *line,
             const char *expected,
             gint64     *at_ms)
{
  g_auto (GStrv) cells = g_strsplit (line, ",", -1);
  g_autofree char *told = NULL;

  g_assert_cmpuint (g_strv_length (cells), ==, 6);
  told = g_strjoin (",", cells[0], cells[1], cells[4], cells[5], NULL);
  g_assert_cmpstr (told, ==, expected);
  g_assert_cmpint (g_ascii_strtoll (cells[2], NULL, 10), >=, *at_ms);
  *at_ms = g_ascii_strtoll (cells[*cells[3] != '\0' ? 3 : 2], NULL, 10);
}

static void
assert_lines (char             **lines,
              const char *const *expected)
{
  gint64 at_ms = 0;
  guint  n = g_strv_length ((char **) expected);

  g_assert_cmpstr (lines[0], ==, "event,node,start,end,old-value,new-value");
  for (guint i = 0; i < n; i++)
    {
      g_assert_nonnull (lines[i + 1]);
      assert_line (lines[i + 1], expected[i], &at_ms);
    }
  g_assert_cmpstr (lines[n + 1], ==, "");
}

static void
test_the_log_tells_what_was_done (Fixture      *self,
                                  gconstpointer form)
{
  static const char *const expected[] = {
    "form start,,,",
    "question,/data/post,,Utopia Bridge",
    "question,/data/post,Utopia Bridge,Utopia Port",
    "question,/data/post,Utopia Port,Utopia Bridge",
    "add repeat,/data/lane[2],,",
    "question,/data/lane[2]/name,,citizens",
    "delete repeat,/data/lane[1],,",
    "add repeat,/data/lane[1],,",
    "form save,,,",
    "form exit,,,",
    "form finalize,,,",
    NULL,
  };
  g_autofree char *record = NULL;
  g_autofree char *named = NULL;
  g_auto (GStrv) lines = NULL;

  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  mere_filling_set (self->capture, "/data/post", "Utopia Port");
  mere_filling_undo (self->capture, "/data/post");
  crash (self);
  mere_filling_add (self->capture, "/data/lane");
  mere_filling_set (self->capture, "/data/lane[2]/name", "citizens");
  mere_filling_remove (self->capture, "/data/lane[1]");
  mere_filling_undo (self->capture, "/data/lane[1]");
  record = finalise (self);
  lines = load_log (self, record);
  assert_lines (lines, expected);
  named = mere_filling_dup_answer (self->plain->store, record, "meta/audit");
  g_assert_cmpstr (named, ==, "audit.csv");
}

static void
test_an_edit_goes_on_with_the_log (Fixture      *self,
                                   gconstpointer form)
{
  static const char *const expected[] = {
    "form start,,,",
    "question,/data/post,,A",
    "form save,,,",
    "form exit,,,",
    "form finalize,,,",
    "form resume,,,",
    "question,/data/post,A,B",
    "form save,,,",
    "form exit,,,",
    "form finalize,,,",
    NULL,
  };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  mere_filling_set (self->capture, "/data/post", "A");
  first = finalise (self);
  g_clear_object (&self->capture);
  self->capture = mere_capture_edit (self->plain->store, first, &error);
  g_assert_no_error (error);
  mere_filling_set (self->capture, "/data/post", "B");
  second = finalise (self);
  lines = load_log (self, second);
  assert_lines (lines, expected);
}

static void
test_the_last_saved_is_seen (Fixture      *self,
                             gconstpointer form)
{
  g_autofree char *record = NULL;

  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "");
  mere_filling_set (self->capture, "/data/post", "Utopia Bridge");
  record = finalise (self);
  begin (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "Utopia Bridge");
  mere_filling_set (self->capture, "/data/post", "Utopia Port");
  g_assert_true (mere_capture_compact (self->capture, NULL));
  crash (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "Utopia Port");
  begin (self);
  g_assert_cmpstr (mere_filling_value (self->capture, "/data/post"), ==, "Utopia Port");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/capture/log/what-was-done", Fixture, "logged", set_up, test_the_log_tells_what_was_done, tear_down);
  g_test_add ("/capture/log/an-edit-goes-on", Fixture, "logged", set_up, test_an_edit_goes_on_with_the_log, tear_down);
  g_test_add ("/capture/log/the-last-saved-is-seen", Fixture, "logged", set_up, test_the_last_saved_is_seen, tear_down);

  return g_test_run ();
}
