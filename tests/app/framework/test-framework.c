/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The framework that comes with the program, and what is refused in its place. */

#include "app/framework/framework.h"

#include <string.h>

#define QUESTION                                                                                                         \
  "{\"id\": \"A1.1\", \"text\": {\"en\": \"Who leads?\", \"fr\": \"Qui dirige ?\"}, \"answers\": [\"text\", \"count\"]," \
  " \"each\": true, \"methods\": [\"O\", \"D\"], \"posts\": [\"*\", \"HQ\"], \"trace\": \"GCM 11\"}"
#define ITEM "{\"id\": \"A1\", \"title\": {\"en\": \"Structure\", \"fr\": \"Structures\"}, \"evidence\": {\"en\": \"Decree\"}, \"questions\": [" QUESTION "]}"
#define PILLAR "{\"id\": \"A\", \"title\": {\"en\": \"Administration\"}, \"items\": [" ITEM "]}"
#define FRAMEWORK "{\"format\": \"merestone-framework\", \"version\": 1, \"pillars\": [" PILLAR "]}"

static MereFramework *
load (const char *text, GError **error)
{
  g_autoptr (GBytes) json = g_bytes_new (text, strlen (text));

  return mere_framework_load (json, error);
}

static void
test_has_28_items_in_four_pillars (void)
{
  static const struct
  {
    const char *id;
    const char *title;
    guint       n_items;
  } expected[] = {
    { "A", "Administration", 6 },
    { "O", "Operations", 9 },
    { "R", "Regulatory framework", 6 },
    { "I", "Information management", 7 },
  };
  MereFramework *framework = mere_framework_get_default ();

  g_assert_cmpuint (mere_framework_get_n_pillars (framework), ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (mere_framework_get_n_items (framework), ==, 28);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      MereFrameworkPillar pillar;

      g_assert_true (mere_framework_get_pillar (framework, i, "en", &pillar));
      g_assert_cmpstr (pillar.id, ==, expected[i].id);
      g_assert_cmpstr (pillar.title, ==, expected[i].title);
      g_assert_cmpuint (pillar.n_items, ==, expected[i].n_items);
    }
}

static void
assert_said (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), >, 0);
}

static void
assert_question (MereFramework *framework, guint item, guint index, GHashTable *ids)
{
  MereFrameworkQuestion english, french;
  guint                 found;
  int                   place;

  g_assert_true (mere_framework_get_question (framework, item, index, "en", &english));
  g_assert_true (mere_framework_get_question (framework, item, index, "fr", &french));
  assert_said (english.text);
  assert_said (french.text);
  g_assert_cmpstr (english.text, !=, french.text);
  g_assert_cmpuint (english.n_answers, >=, 1);
  g_assert_cmpuint (english.methods, !=, 0);
  g_assert_cmpuint (english.posts, !=, 0);
  g_assert_nonnull (english.trace);
  g_assert_true (g_hash_table_add (ids, (gpointer) english.id));
  g_assert_true (mere_framework_find (framework, english.id, &found, &place));
  g_assert_cmpuint (found, ==, item);
  g_assert_cmpint (place, ==, index);
}

static void
test_everything_is_found_by_its_id_and_said_twice (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  MereFramework *framework = mere_framework_get_default ();

  for (guint i = 0; i < mere_framework_get_n_items (framework); i++)
    {
      MereFrameworkItem english, french;
      guint             found;
      int               question;

      g_assert_true (mere_framework_get_item (framework, i, "en", &english));
      g_assert_true (mere_framework_get_item (framework, i, "fr", &french));
      assert_said (english.title);
      assert_said (french.title);
      g_assert_cmpstr (english.evidence, !=, french.evidence);
      g_assert_true (g_str_has_prefix (english.id, english.pillar));
      g_assert_true (g_hash_table_add (ids, (gpointer) english.id));
      g_assert_true (mere_framework_find (framework, english.id, &found, &question));
      g_assert_cmpuint (found, ==, i);
      g_assert_cmpint (question, ==, -1);
      for (guint n = 0; n < english.n_questions; n++)
        assert_question (framework, i, n, ids);
    }
  g_assert_cmpuint (g_hash_table_size (ids), ==, 28 + 149);
}

static void
test_gives_a_question_as_the_catalogue_has_it (void)
{
  MereFramework        *framework = mere_framework_get_default ();
  MereFrameworkQuestion question;
  MereFrameworkItem     item;
  guint                 at;
  int                   index;

  g_assert_true (mere_framework_find (framework, "I2.3", &at, &index));
  g_assert_true (mere_framework_get_item (framework, at, "en", &item));
  g_assert_cmpstr (item.title, ==, "Alert lists");
  g_assert_cmpstr (item.pillar, ==, "I");
  g_assert_true (mere_framework_get_question (framework, at, (guint) index, "en", &question));
  g_assert_cmpuint (question.n_answers, ==, 3);
  g_assert_cmpint (question.answers[0], ==, MERE_ANSWER_YES_PARTIAL_NO);
  g_assert_cmpint (question.answers[1], ==, MERE_ANSWER_DURATION);
  g_assert_cmpint (question.answers[2], ==, MERE_ANSWER_PERCENT);
  g_assert_cmpint (question.methods, ==, MERE_METHOD_SYSTEM);
  g_assert_cmpint (question.posts, ==, MERE_POST_LAND | MERE_POST_AIR | MERE_POST_SEA | MERE_POST_RAIL);
  g_assert_false (question.each);
}

static void
test_knows_nothing_else (void)
{
  static const char *const unknown[] = { "", "A", "A7", "B1", "A1.", "A1.6", "a1", "O2.1 ", "O10" };
  MereFramework           *framework = mere_framework_get_default ();
  MereFrameworkPillar      pillar;
  MereFrameworkItem        item;
  MereFrameworkQuestion    question;

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_false (mere_framework_find (framework, unknown[i], NULL, NULL));
  g_assert_false (mere_framework_get_pillar (framework, 4, NULL, &pillar));
  g_assert_false (mere_framework_get_item (framework, 28, NULL, &item));
  g_assert_false (mere_framework_get_question (framework, 28, 0, NULL, &question));
  g_assert_false (mere_framework_get_question (framework, 0, 5, NULL, &question));
}

static void
test_falls_back_to_english (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereFramework) framework = load (FRAMEWORK, &error);
  MereFrameworkItem item;

  g_assert_no_error (error);
  g_assert_true (mere_framework_get_item (framework, 0, "fr_CA.UTF-8", &item));
  g_assert_cmpstr (item.title, ==, "Structures");
  g_assert_cmpstr (item.evidence, ==, "Decree");
  g_assert_true (mere_framework_get_item (framework, 0, "ar", &item));
  g_assert_cmpstr (item.title, ==, "Structure");
  g_assert_true (mere_framework_get_item (framework, 0, "", &item));
  g_assert_cmpstr (item.title, ==, "Structure");
}

static void
test_speaks_the_language_of_the_locale (void)
{
  if (g_test_subprocess ())
    {
      MereFrameworkPillar pillar;

      g_assert_true (mere_framework_get_pillar (mere_framework_get_default (), 3, NULL, &pillar));
      g_assert_cmpstr (pillar.title, ==, "Gestion de l’information");
      return;
    }
  g_setenv ("LANGUAGE", "fr_BE", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_reads_all_that_a_question_says (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereFramework) framework = load (FRAMEWORK, &error);
  MereFrameworkQuestion question;

  g_assert_no_error (error);
  g_assert_true (mere_framework_get_question (framework, 0, 0, "fr", &question));
  g_assert_cmpstr (question.id, ==, "A1.1");
  g_assert_cmpstr (question.text, ==, "Qui dirige ?");
  g_assert_cmpuint (question.n_answers, ==, 2);
  g_assert_cmpint (question.answers[0], ==, MERE_ANSWER_TEXT);
  g_assert_cmpint (question.answers[1], ==, MERE_ANSWER_COUNT);
  g_assert_true (question.each);
  g_assert_cmpint (question.methods, ==, MERE_METHOD_OBSERVE | MERE_METHOD_DOCUMENT);
  g_assert_cmpint (question.posts, ==, MERE_POST_LAND | MERE_POST_AIR | MERE_POST_SEA | MERE_POST_RAIL | MERE_POST_CAPITAL);
  g_assert_cmpstr (question.trace, ==, "GCM 11");
}

static void
assert_refused (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereFramework) framework = load (text, &error);
  g_autofree char *shown = g_strescape (text, NULL);

  g_test_message ("%.60s", shown);
  g_assert_error (error, MERE_FRAMEWORK_ERROR, MERE_FRAMEWORK_ERROR_FORMAT);
  g_assert_null (framework);
}

/* FRAMEWORK with one thing in it replaced; it must be there. */
static void
assert_refused_with (const char *what, const char *by)
{
  g_autoptr (GString) text = g_string_new (FRAMEWORK);

  g_assert_cmpuint (g_string_replace (text, what, by, 1), ==, 1);
  assert_refused (text->str);
}

static void
test_refuses_what_is_no_framework (void)
{
  static const char *const texts[] = {
    "", " ", "null", "1", "\"merestone-framework\"", "[]", "{}", "{", "{\"format\": \"merestone-framework\"",
    "/* [ */ {}", "{'format': 'merestone-framework'}", "\xff\xfe", "{\"format\": \"merestone-framework\", \"version\": 1, \"pillars\": []}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i]);
}

static void
test_refuses_wrong_members (void)
{
  static const struct
  {
    const char *what;
    const char *by;
  } changes[] = {
    { "merestone-framework", "framework" },
    { "\"version\": 1", "\"version\": 2" },
    { "\"version\": 1", "\"version\": \"1\"" },
    { "\"version\": 1", "\"version\": null" },
    { "\"id\": \"A\"", "\"id\": \"AA\"" },
    { "\"id\": \"A\"", "\"id\": \"B\"" },
    { "\"id\": \"A\"", "\"id\": 1" },
    { "\"id\": \"A1\"", "\"id\": \"A01\"" },
    { "\"id\": \"A1\"", "\"id\": \"A\"" },
    { "\"id\": \"A1.1\"", "\"id\": \"A2.1\"" },
    { "\"id\": \"A1.1\"", "\"id\": \"A1.1000\"" },
    { "\"id\": \"A1.1\"", "\"id\": [\"A1.1\"]" },
    { "{\"en\": \"Administration\"}", "\"Administration\"" },
    { "{\"en\": \"Administration\"}", "{\"fr\": \"Administration\"}" },
    { "{\"en\": \"Decree\"}", "{\"en\": \"\"}" },
    { "{\"en\": \"Decree\"}", "{\"en\": \"Decree\", \"fr\": 7}" },
    { "\"evidence\"", "\"proof\"" },
    { "[\"text\", \"count\"]", "[]" },
    { "[\"text\", \"count\"]", "[\"words\"]" },
    { "[\"text\", \"count\"]", "\"text\"" },
    { "[\"text\", \"count\"]", "[null]" },
    { "\"each\": true", "\"each\": 1" },
    { "[\"O\", \"D\"]", "[\"O\", \"X\"]" },
    { "[\"O\", \"D\"]", "[]" },
    { "[\"*\", \"HQ\"]", "{\"L\": true}" },
    { "\"trace\": \"GCM 11\"", "\"trace\": {}" },
    { "[" QUESTION "]", "[]" },
    { "[" QUESTION "]", "[" QUESTION ", " QUESTION "]" },
    { "[" QUESTION "]", "[[" QUESTION "]]" },
    { "[" ITEM "]", "[" ITEM ", " ITEM "]" },
    { "[" PILLAR "]", "[" PILLAR ", " PILLAR "]" },
    { "[" PILLAR "]", "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    assert_refused_with (changes[i].what, changes[i].by);
}

static void
test_refuses_what_costs_too_much (void)
{
  g_autofree char *deep = g_strnfill (500000, '[');
  g_autofree char *spaces = g_strnfill (2 * 1024 * 1024, ' ');
  g_autofree char *large = g_strconcat (FRAMEWORK, spaces, NULL);
  g_autofree char *hidden = g_strconcat ("{\"a\": '\"', \"b\": ", deep, NULL);

  assert_refused (deep);
  assert_refused (large);
  assert_refused (hidden);
}

static void
test_a_cut_file_is_refused (void)
{
  for (gsize length = 0; length < strlen (FRAMEWORK); length++)
    {
      g_autofree char *text = g_strndup (FRAMEWORK, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (MereFramework) framework = load (text, &error);

      g_assert_error (error, MERE_FRAMEWORK_ERROR, MERE_FRAMEWORK_ERROR_FORMAT);
      g_assert_null (framework);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/framework/has-28-items-in-four-pillars", test_has_28_items_in_four_pillars);
  g_test_add_func ("/framework/everything-is-found-by-its-id-and-said-twice", test_everything_is_found_by_its_id_and_said_twice);
  g_test_add_func ("/framework/gives-a-question-as-the-catalogue-has-it", test_gives_a_question_as_the_catalogue_has_it);
  g_test_add_func ("/framework/knows-nothing-else", test_knows_nothing_else);
  g_test_add_func ("/framework/falls-back-to-english", test_falls_back_to_english);
  g_test_add_func ("/framework/speaks-the-language-of-the-locale", test_speaks_the_language_of_the_locale);
  g_test_add_func ("/framework/reads-all-that-a-question-says", test_reads_all_that_a_question_says);
  g_test_add_func ("/framework/refuses-what-is-no-framework", test_refuses_what_is_no_framework);
  g_test_add_func ("/framework/refuses-wrong-members", test_refuses_wrong_members);
  g_test_add_func ("/framework/refuses-what-costs-too-much", test_refuses_what_costs_too_much);
  g_test_add_func ("/framework/a-cut-file-is-refused", test_a_cut_file_is_refused);
  return g_test_run ();
}
