/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON of unknown origin, and the manifest that is written in it. */

#include "config.h"

#include <malloc.h>
#include <sodium.h>
#include <string.h>

#include "sync/manifest-private.h"
#include "tests/sync/bundle-fixture.h"

/* NULL, or what is wrong with a whole text of one value. */
static const char *
judge (const char *text,
       gsize       size)
{
  MereJson json;

  mere_json_init (&json, text, size);
  if (mere_json_skip (&json))
    mere_json_end (&json);

  return json.problem;
}

static void
test_json_is_taken_as_the_standard_has_it (void)
{
  static const char *const sound[] = {
    "0",
    " -1.5e+10 ",
    "true",
    "null",
    "\"\"",
    "\"\\u0041\\n\\ud83d\\ude00 \xd8\xb9\"",
    "[]",
    "{}",
    "[1,[2,[3]],{\"a\":{\"b\":[null,false]}}]",
    "\t{ \"a\" : 1 ,\r\n \"b\" : [ ] }",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sound); i++)
    g_assert_cmpstr (judge (sound[i], strlen (sound[i])), ==, NULL);
}

static void
test_json_that_is_none_is_refused (void)
{
  static const char *const broken[] = {
    "",
    " ",
    "nul",
    "tru",
    "+1",
    "01",
    "1.",
    ".5",
    "1e",
    "-",
    "--1",
    "NaN",
    "Infinity",
    "0x10",
    "1 2",
    "\"",
    "\"a",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\u0041\"",
    "\"\\u0000\"",
    "\"a\nb\"",
    "'a'",
    "[",
    "]",
    "[1",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1}",
    "{",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{1:1}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "// comment\n1",
    "[1] x",
    "\xef\xbb\xbf{}",
    "\"\xff\"",
    "\"\xc0\xaf\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xe2\x82\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      if (judge (broken[i], strlen (broken[i])) == NULL)
        g_error ("taken: %s", broken[i]);
    }
  g_assert_nonnull (judge ("\"a\0b\"", 5));
  g_assert_nonnull (judge ("1\0", 2));
}

static void
test_json_cannot_nest_without_end (void)
{
  g_autofree char *arrays = g_strnfill (1000000, '[');
  g_autoptr (GString) objects = g_string_new (NULL);
  g_autoptr (GString) deepest = g_string_new (NULL);

  for (int i = 0; i < 100000; i++)
    g_string_append (objects, "{\"a\":");
  for (int i = 0; i < MERE_JSON_MAX_DEPTH; i++)
    {
      g_string_prepend_c (deepest, '[');
      g_string_append_c (deepest, ']');
    }
  g_assert_cmpstr (judge (arrays, 1000000), ==, "nested too deeply");
  g_assert_cmpstr (judge (objects->str, objects->len), ==, "nested too deeply");
  g_assert_null (judge (deepest->str, deepest->len));
}

static void
test_whole_numbers_have_one_form_and_a_bound (void)
{
  static const struct
  {
    const char *text;
    gint64      value; /* G_MININT64: refused */
  } cases[] = {
    { "0", 0 },
    { "-1", -1 },
    { "9007199254740991", MERE_JSON_MAX_INT },
    { "-9007199254740991", -MERE_JSON_MAX_INT },
    { "9007199254740992", G_MININT64 },
    { "99999999999999999999999999999999999999999999", G_MININT64 },
    { "1.0", G_MININT64 },
    { "1e3", G_MININT64 },
    { "-0", G_MININT64 },
    { "007", G_MININT64 },
    { "- 1", G_MININT64 },
    { "\"1\"", G_MININT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MereJson json;
      gint64   value = G_MININT64;

      mere_json_init (&json, cases[i].text, strlen (cases[i].text));
      mere_json_read_int (&json, &value);
      g_assert_cmpint (value, ==, cases[i].value);
      g_assert_true ((json.problem == NULL) == (value != G_MININT64));
    }
}

static void
test_texts_survive_being_written (void)
{
  static const char *const texts[] = { "", "Eriksson", "\"\\/\b\f\n\r\t\x01\x1f\x7f", "\xd8\xb9\xd8\xa8\xd9\x88\xd8\xb1 \xf0\x9f\x9b\x82" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) written = g_string_new (NULL);
      g_autofree char *read = NULL;
      MereJson         json;

      mere_json_append_string (written, texts[i]);
      mere_json_init (&json, written->str, written->len);
      g_assert_true (mere_json_read_string (&json, &read));
      g_assert_true (mere_json_end (&json));
      g_assert_cmpstr (read, ==, texts[i]);
    }
}

/* The manifest of a sound bundle with one blob. */
static char *
make_text (MereTestRoad *road)
{
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *b2 = mere_test_b2 ("alpha", 5);
  MereEntry        entry = { .type = MERE_ENTRY_BLOB, .size = 5, .b2 = b2 };

  head->bundle = mere_bundle_name_new (road->device, 1, 1);
  head->sign_key = mere_minisign_key_to_text (&road->key);
  head->entries = 3;
  head->bytes = 10240;
  mere_manifest_append_head (text, head);
  g_assert_null (mere_entry_complete (&entry));
  mere_entry_append (text, &entry);
  g_free (entry.path);
  g_string_append (text, "\n]}\n");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* 0, or the code with which a manifest is refused. */
static int
judge_manifest (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (MereManifest) manifest = mere_manifest_parse (bytes, &error);

  g_assert_true (manifest != NULL || error->domain == MERE_BUNDLE_ERROR);

  return manifest != NULL ? 0 : error->code;
}

/* @text with the first @before replaced. */
static char *
replace (const char *text,
         const char *before,
         const char *after)
{
  const char *at = strstr (text, before);

  g_assert_nonnull (at);

  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, after, at + strlen (before));
}

static void
test_every_rule_of_the_manifest_is_kept (void)
{
  static const struct
  {
    const char *before, *after;
    int         code;
  } cases[] = {
    { "\"merestone-bundle\"", "\"other\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"version\":1", "\"version\":0", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"version\":1", "\"version\":2", MERE_BUNDLE_ERROR_NEWER },
    { "\"critical\":[]", "\"critical\":[\"delta\"]", MERE_BUNDLE_ERROR_NEWER },
    { "\"critical\":[]", "\"critical\":[],\"critical\":[]", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"critical\":[]", "\"critical\":[],\"colour\":{\"of\":[1,2.5,null]}", 0 },
    { "\"records\"", "\"rumours\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "-01-000001\"", "-01-000002\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "-01-000001\"", "-02-000001\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "-01-000001\"", "-1-1\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"recipients\":[", "\"recipients\":[\"age1qqqq\",", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"recipients\":[\"", "\"recipients\":[],\"others\":[\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"trust\":7", "\"trust\":-1", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"trust\":7", "\"trust\":\"7\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"no\":1", "\"no\":0", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"no\":1", "\"no\":100", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"seq\":1", "\"seq\":2", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"prev\":null", "\"prev\":\"00\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "00112233445566778899aabbccddeeff", "00112233445566778899AABBCCDDEEFF", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"unacked\":[]", "\"unacked\":[[1,2],[99,999999]]", 0 },
    { "\"unacked\":[]", "\"unacked\":[[1]]", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"unacked\":[]", "\"unacked\":[[1,2,3]]", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"unacked\":[]", "\"unacked\":[[100,1]]", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"entries\":3", "\"entries\":4", MERE_BUNDLE_ERROR_ENTRIES },
    { "\"entries\":3", "\"entries\":200001", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"bytes\":10240", "\"bytes\":8589934593", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"type\":\"blob\"", "\"type\":\"program\"", MERE_BUNDLE_ERROR_MANIFEST },
    { "\"size\":5", "\"size\":-5", MERE_BUNDLE_ERROR_MANIFEST },
    { "blobs/", "blobs/../", MERE_BUNDLE_ERROR_MANIFEST },
    { "blobs/", "/blobs/", MERE_BUNDLE_ERROR_MANIFEST },
    { "blobs/", "chunks/", MERE_BUNDLE_ERROR_MANIFEST },
    { "\n]}\n", "\n]}\n{}", MERE_BUNDLE_ERROR_MANIFEST },
    { "\n]}\n", "\n]", MERE_BUNDLE_ERROR_MANIFEST },
  };
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *text = make_text (road);

  g_assert_cmpint (judge_manifest (text), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *changed = replace (text, cases[i].before, cases[i].after);
      int              code = judge_manifest (changed);

      if (code != cases[i].code)
        g_error ("%s -> %s: %s", cases[i].before, cases[i].after, code == 0 ? "taken" : mere_bundle_error_get_name (code));
    }
}

static void
test_a_cut_manifest_is_refused_wherever_it_was_cut (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *text = make_text (road);

  for (gsize i = strlen (text) - 1; i > 0; i--)
    {
      text[i - 1] = '\0';
      g_assert_cmpint (judge_manifest (text), ==, MERE_BUNDLE_ERROR_MANIFEST);
    }
}

static void
test_what_was_written_is_read (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereManifest) read = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  MereChainPlace place = { 1, 41 };

  head->bundle = mere_bundle_name_new (road->device, 2, 42);
  head->sign_key = mere_minisign_key_to_text (&road->key);
  head->chain_no = 2;
  head->seq = 42;
  head->prev = g_strnfill (128, 'a');
  head->parent_id = g_strnfill (32, 'b');
  head->parent_seq = 41;
  head->parent_b2 = g_strnfill (128, 'c');
  head->unacked = g_array_new (FALSE, FALSE, sizeof place);
  g_array_append_val (head->unacked, place);
  head->seen_receipt = 19;
  head->seen_dispatch = 31;
  head->entries = 2;
  mere_manifest_append_head (text, head);
  g_string_append (text, "]}");
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  read = mere_manifest_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->bundle, ==, head->bundle);
  g_assert_cmpstr (read->prev, ==, head->prev);
  g_assert_cmpstr (read->parent_id, ==, head->parent_id);
  g_assert_cmpuint (read->parent_seq, ==, 41);
  g_assert_cmpuint (read->unacked->len, ==, 1);
  g_assert_cmpuint (g_array_index (read->unacked, MereChainPlace, 0).seq, ==, 41);
  g_assert_cmpint (read->seen_receipt, ==, 19);
  g_assert_cmpint (read->seen_dispatch, ==, 31);
  g_assert_cmpint (read->log_seq, ==, 12);
  g_assert_cmpstr (read->log_hash, ==, head->log_hash);
  g_assert_true (read->clock_trusted);
  g_assert_cmpuint (read->boots, ==, 3);
}

/* One file of each kind, with all that may stand beside it. */
static void
test_every_kind_of_file_survives_its_text (void)
{
  g_autofree char *b2 = mere_test_b2 ("x", 1);
  g_autofree char *of = mere_test_b2 ("whole", 5);
  g_autofree char *chunk_path = mere_entry_path_of_chunk (of, 12);
  char            *blobs[] = { b2, of, NULL };
  MereEntry        entries[] = {
           { .type = MERE_ENTRY_RECORD, .size = 1, .b2 = b2, .record = (char *) "uuid:" MERE_TEST_UUID_1, .form = (char *) "f", .form_version = (char *) "", .form_b2 = of, .supersedes = (char *) "uuid:" MERE_TEST_UUID_2, .blobs = blobs, .assessment = (char *) "uto-2026", .crossing = (char *) "UTO-1", .finalised = (char *) "2026-07-31T11:12:44+02:00" },
           { .type = MERE_ENTRY_BLOB, .size = 1, .b2 = b2, .mime = (char *) "image/png", .name = (char *) "a \"quoted\" name" },
           { .type = MERE_ENTRY_CHUNK, .size = 10, .b2 = b2, .path = chunk_path, .of = of, .offset = 20, .total = 30 },
           { .type = MERE_ENTRY_RECEIPT, .size = 1, .b2 = of },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) again = g_string_new (NULL);
      g_autofree char *path = NULL;
      g_auto (MereEntry) read = { 0 };
      MereJson json;

      g_assert_null (mere_entry_complete (&entries[i]));
      path = entries[i].path != chunk_path ? entries[i].path : NULL;
      mere_entry_append (text, &entries[i]);
      mere_json_init (&json, text->str, text->len);
      g_assert_true (mere_entry_read (&json, &read));
      mere_entry_append (again, &read);
      g_assert_cmpstr (again->str, ==, text->str);
    }
}

static void
test_a_chunk_stays_within_its_whole (void)
{
  g_autofree char *b2 = mere_test_b2 ("x", 1);
  g_autofree char *path = mere_entry_path_of_chunk (b2, 0);
  MereEntry        beyond = { .type = MERE_ENTRY_CHUNK, .size = 11, .b2 = b2, .path = path, .of = b2, .offset = 20, .total = 30 };
  MereEntry        wraps = { .type = MERE_ENTRY_CHUNK, .size = 2, .b2 = b2, .path = path, .of = b2, .offset = G_MAXUINT64, .total = 30 };

  g_assert_nonnull (mere_entry_complete (&beyond));
  g_assert_nonnull (mere_entry_complete (&wraps));
}

/* As many files as a bundle may have: the manifest is held as its own text and eight bytes a file, not as a tree. */
static void
test_a_manifest_of_200000_files_costs_little_memory (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereManifest) manifest = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (MereEntry) entry = { 0 };
  MereManifestWalk walk;
  guint            n = 0;
  gsize            before, after;

  head->bundle = mere_bundle_name_new (road->device, 1, 1);
  head->sign_key = mere_minisign_key_to_text (&road->key);
  head->entries = MERE_BUNDLE_MAX_ENTRIES;
  mere_manifest_append_head (text, head);
  for (guint i = 0; i < MERE_BUNDLE_MAX_ENTRIES - 2; i++)
    g_string_append_printf (text, "%s{\"path\":\"blobs/%064x\",\"size\":1,\"b2\":\"%064x\",\"type\":\"blob\"}", i > 0 ? ",\n" : "", i, i);
  g_string_append (text, "]}");
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));

  before = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
  manifest = mere_manifest_parse (bytes, &error);
  after = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
  g_assert_no_error (error);
  g_assert_cmpuint (after, <, before + 1048576);

  mere_manifest_walk_init (&walk, manifest);
  while (mere_manifest_walk_next (&walk, &entry))
    n++;
  g_assert_cmpuint (n, ==, MERE_BUNDLE_MAX_ENTRIES - 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/json/is-taken-as-the-standard-has-it", test_json_is_taken_as_the_standard_has_it);
  g_test_add_func ("/json/that-is-none-is-refused", test_json_that_is_none_is_refused);
  g_test_add_func ("/json/cannot-nest-without-end", test_json_cannot_nest_without_end);
  g_test_add_func ("/json/whole-numbers-have-one-form-and-a-bound", test_whole_numbers_have_one_form_and_a_bound);
  g_test_add_func ("/json/texts-survive-being-written", test_texts_survive_being_written);
  g_test_add_func ("/manifest/every-rule-is-kept", test_every_rule_of_the_manifest_is_kept);
  g_test_add_func ("/manifest/a-cut-one-is-refused-wherever-it-was-cut", test_a_cut_manifest_is_refused_wherever_it_was_cut);
  g_test_add_func ("/manifest/what-was-written-is-read", test_what_was_written_is_read);
  g_test_add_func ("/manifest/every-kind-of-file-survives-its-text", test_every_kind_of_file_survives_its_text);
  g_test_add_func ("/manifest/a-chunk-stays-within-its-whole", test_a_chunk_stays_within_its_whole);
  g_test_add_func ("/manifest/one-of-200000-files-costs-little-memory", test_a_manifest_of_200000_files_costs_little_memory);

  return g_test_run ();
}
