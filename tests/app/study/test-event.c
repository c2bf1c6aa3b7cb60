/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events as lines of a file: what is written is read back, and what is no event is refused. */

#include "config.h"

#include "tests/support/chance.h"

#include "app/study/event.h"

#include <string.h>

static void
assert_same (const MereStudyEvent *a,
             const MereStudyEvent *b)
{
  g_autofree char *one = mere_study_event_to_csv (a);
  g_autofree char *other = mere_study_event_to_csv (b);

  g_assert_cmpstr (one, ==, other);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->value, ==, b->value);
  g_assert_cmpmem (&a->moment, sizeof a->moment, &b->moment, sizeof b->moment);
}

static const MereMoment moment = { .utc_us = G_GINT64_CONSTANT (1795532709123456), .offset_s = -12600, .boot_us = 77, .boot = 4294967295u };

static void
test_lines_are_read_back (void)
{
  g_autofree char *longest = g_strnfill (2000 * 4, 0);
  MereStudyEvent   events[] = {
      { .sequence = 1, .kind = MERE_STUDY_BOOTH, .passenger = 1, .moment = moment },
      { .sequence = 2, .kind = MERE_STUDY_NOTE, .passenger = 1, .target = 1, .moment = moment, .value = (char *) "a, \"quoted\"\r\nnote; é 界" },
      { .sequence = 3, .kind = MERE_STUDY_SHIFT, .passenger = 1, .target = 1, .shift_us = -10000000, .moment = moment },
      { .sequence = 4, .kind = MERE_STUDY_ATTRIBUTE, .moment = moment, .name = (char *) "lane", .value = (char *) "foreign" },
      { .sequence = 5, .kind = MERE_STUDY_SECOND_START, .passenger = 1, .moment = moment },
      { .sequence = 6, .kind = MERE_STUDY_UNDO, .target = 5, .moment = moment },
      { .sequence = 7, .kind = MERE_STUDY_NOTE, .passenger = 1, .target = 1, .moment = moment, .value = longest },
  };
  g_autoptr (GString) file = g_string_new (MERE_STUDY_EVENT_COLUMNS "\r\n");
  g_autoptr (GPtrArray) read = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2000; i++)
    memcpy (longest + 4 * i, "\360\237\233\202", 4);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autofree char *line = mere_study_event_to_csv (&events[i]);

      g_string_append_printf (file, "%s\n", line);
    }
  read = mere_study_events_from_csv (file->str, file->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, G_N_ELEMENTS (events));
  for (guint i = 0; i < read->len; i++)
    assert_same (read->pdata[i], &events[i]);
}

static void
test_details_are_read_back (void)
{
  MereStudyEvent   event = { .sequence = 9, .kind = MERE_STUDY_NOTE, .passenger = 3, .target = 8, .moment = moment, .value = (char *) "\"é\n" };
  g_autofree char *details = mere_study_event_dup_details (&event);
  g_auto (MereStudyEvent) read = MERE_STUDY_EVENT_INIT;
  g_autoptr (GError) error = NULL;

  mere_study_event_init_from_row (&read, 9, "note", 0, details, &moment, &error);
  g_assert_no_error (error);
  assert_same (&read, &event);
}

static void
test_what_is_no_event_is_refused (void)
{
  static const char *const files[] = {
    "hello\n",
    "1,B,1,0,0,0,0,0,0,\n",                     /* a column short */
    "1,B,1,0,0,0,0,0,0,,,\n",                   /* one too many */
    "1,B?,1,0,0,0,0,0,0,,\n",                   /* no such event */
    "-1,B,1,0,0,0,0,0,0,,\n",                   /* numbers */
    "1,B,1,0,0,99999999999999999999,0,0,0,,\n", /* out of bounds */
    "1,B,1,0,0,0,0,0,0,,\"open\n",              /* quotes */
    "1,T,1,1,0,0,0,0,0,,\377\n",                /* UTF-8 */
    "1,B,1,0,0,0,0,0,0,,\nsequence,kind,passenger,target,shift_us,utc_us,offset_s,boot_us,boot,name,value\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_study_events_from_csv (files[i], strlen (files[i]), &error));
      g_assert_error (error, MERE_STUDY_ERROR, MERE_STUDY_ERROR_FORMAT);
    }
}

static void
test_any_bytes_are_read_or_refused (void)
{
  const char alphabet[] = "1,B\"\r\n0S-\377";

  for (guint i = 0; i < 5000; i++)
    {
      char  bytes[64];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof bytes);
      g_autoptr (GPtrArray) read = NULL;

      for (gsize k = 0; k < length; k++)
        bytes[k] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      read = mere_study_events_from_csv (bytes, length, NULL);
    }
}

static void
test_every_kind_has_a_code (void)
{
  static const char kinds[] = "QBPDS12XLOCWINUKVTAZ";

  for (const char *kind = kinds; *kind != '\0'; kind++)
    {
      MereStudyKind read;

      g_assert_true (mere_study_kind_from_code (mere_study_kind_get_code ((MereStudyKind) *kind), &read));
      g_assert_cmpint (read, ==, *kind);
      g_assert_cmpstr (mere_study_kind_get_label (read), !=, "");
    }
}

static void
test_attributes_name_nobody (void)
{
  static const struct
  {
    const char *name;
    const char *value;
    gboolean    allowed;
  } cases[] = {
    { "document", "card", TRUE },
    { "size", "4", TRUE },
    { "size", "1000", FALSE },
    { "batch", "FL-12.b", TRUE },
    { "batch", "Anna Maria Eriksson", FALSE },
    { "batch", "", FALSE },
    { "document", "passport of L898902C3", FALSE },
    { "nationality", "UTO", FALSE },
    { "document", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (mere_study_attribute_check (cases[i].name, cases[i].value, NULL), ==, cases[i].allowed);
  for (const char *const *name = mere_study_attribute_list (); *name != NULL; name++)
    for (const char *const *code = mere_study_attribute_get_codes (*name); code != NULL && *code != NULL; code++)
      g_assert_true (mere_study_attribute_check (*name, *code, NULL));
}

static void
test_moments_keep_local_time (void)
{
  MereMoment       early = { .utc_us = -1500000, .offset_s = 0 };
  g_autofree char *text = mere_moment_to_iso8601 (&moment);
  g_autofree char *before_1970 = mere_moment_to_iso8601 (&early);
  MereMoment       now = mere_moment_now ();
  MereMoment       later = mere_moment_now ();

  g_assert_cmpstr (text, ==, "2026-11-24T11:35:09.123-03:30");
  g_assert_cmpstr (before_1970, ==, "1969-12-31T23:59:58.500+00:00");
  g_assert_cmpint (mere_moment_between (&now, &later, NULL), >=, 0);
}

int
main (int argc, char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/event/lines-are-read-back", test_lines_are_read_back);
  g_test_add_func ("/event/details-are-read-back", test_details_are_read_back);
  g_test_add_func ("/event/what-is-no-event-is-refused", test_what_is_no_event_is_refused);
  g_test_add_func ("/event/any-bytes-are-read-or-refused", test_any_bytes_are_read_or_refused);
  g_test_add_func ("/event/every-kind-has-a-code", test_every_kind_has_a_code);
  g_test_add_func ("/event/attributes-name-nobody", test_attributes_name_nobody);
  g_test_add_func ("/event/moments-keep-local-time", test_moments_keep_local_time);
  return g_test_run ();
}
