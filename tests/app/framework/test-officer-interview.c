/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The interview with a first-line officer: nothing without consent, no names, and no more asked than one wishes to answer. */

#include "tests/app/framework/filling.h"

#include <string.h>

static void
collect_asked (MereFormNode *node, gpointer user_data)
{
  if (mere_filling_is_asked (node) && mere_form_node_is_relevant (node))
    g_ptr_array_add (user_data, mere_form_node_dup_ref (node));
}

static void
assert_only_consent_is_asked (MereFormSession *session)
{
  g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func (g_free);

  mere_filling_walk (session, mere_form_session_get_root (session), collect_asked, asked);
  g_assert_cmpuint (asked->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (asked, 0), ==, "/data/consent/agreed");
}

static void
test_without_consent_nothing_is_asked (void)
{
  g_autoptr (MereFormSession) session = mere_filling_begin ("officer-interview.xml");
  g_autofree char *submission = NULL;

  assert_only_consent_is_asked (session);
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/consent/agreed", "no");
  assert_only_consent_is_asked (session);
  mere_filling_assert_complete (session);
  g_assert_cmpstr (mere_filling_get (session, "/data/status"), ==, "refused");
  submission = mere_filling_dup_submission (session);
  g_assert_nonnull (strstr (submission, "<status>refused</status>"));
  g_assert_null (strstr (submission, "<about>"));
  g_assert_null (strstr (submission, "<shift>"));
  g_assert_null (strstr (submission, "<closing>"));
}

static void
test_withdrawn_consent_keeps_no_answer (void)
{
  g_autoptr (MereFormSession) session = mere_filling_begin ("officer-interview.xml");
  g_autofree char *submission = NULL;

  mere_filling_answer (session, "/data/consent/agreed", "yes");
  mere_filling_answer (session, "/data/shift/notes", "Three of us, at night two.");
  mere_filling_answer (session, "/data/consent/agreed", "no");
  submission = mere_filling_dup_submission (session);
  g_assert_null (strstr (submission, "at night two"));
}

static MereFormSession *
begin_interview (void)
{
  static const char *const answers[][2] = {
    { "/data/consent/agreed", "yes" },
    { "/data/consent/card", "OK" },
    { "/data/consent/language", "fr" },
    { "/data/consent/witness", "A2" },
    { "/data/about/code", "INT-07" },
    { "/data/about/assessor", "A1" },
    { "/data/about/respondent", "first-line" },
    { "/data/about/few", "no" },
    { "/data/about/crossing", "Salt Gate" },
    { "/data/about/interpreter", "no" },
    { "/data/about/others", "no" },
    { "/data/closing/ended", "complete" },
    { "/data/closing/duration", "30" },
  };
  MereFormSession *session = mere_filling_begin ("officer-interview.xml");

  mere_filling_answer_all (session, answers, G_N_ELEMENTS (answers));
  return session;
}

static void
test_an_interview_needs_consent_codes_and_closing (void)
{
  g_autoptr (MereFormSession) session = begin_interview ();

  mere_filling_assert_complete (session);
  g_assert_cmpstr (mere_filling_get (session, "/data/status"), ==, "complete");
  g_assert_cmpstr (mere_filling_get (session, "/data/closing/sensitivity"), ==, "restricted");
  g_assert_true (g_str_has_prefix (mere_filling_get (session, "/data/meta/instanceName"), "INT-07 "));
}

static void
test_codes_are_no_names (void)
{
  static const char *const refused[] = { "Anna Maria Eriksson", "Eriksson", "A", "A1 A2", "+261 20", "ANNA-MARIA-ERIKSSON" };
  g_autoptr (MereFormSession) session = begin_interview ();

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      mere_filling_answer (session, "/data/about/code", refused[i]);
      g_assert_cmpint (mere_form_node_get_validity (mere_filling_find (session, "/data/about/code")), ==, MERE_FORM_VIOLATES_CONSTRAINT);
    }
}

static void
test_a_small_post_is_not_named (void)
{
  g_autoptr (MereFormSession) session = begin_interview ();
  g_autofree char *submission = NULL;

  mere_filling_answer (session, "/data/about/few", "yes");
  g_assert_false (mere_form_node_is_relevant (mere_filling_find (session, "/data/about/crossing")));
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/about/cluster", "EAST-2");
  mere_filling_assert_complete (session);
  submission = mere_filling_dup_submission (session);
  g_assert_null (strstr (submission, "Salt Gate"));
}

static void
test_tools_that_fail_are_a_repeat (void)
{
  g_autoptr (MereFormSession) session = begin_interview ();
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_form_node_is_relevant (mere_filling_find (session, "/data/tools/tool[1]/which")));
  mere_filling_answer (session, "/data/tools/any", "yes");
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/tools/tool[1]/which", "reader");
  mere_filling_answer (session, "/data/tools/tool[1]/rate", "daily");
  mere_filling_answer (session, "/data/tools/tool[1]/instead", "ledger");
  mere_form_session_add_instance (session, mere_filling_find (session, "/data/tools/tool"), &error);
  g_assert_no_error (error);
  mere_filling_answer (session, "/data/tools/tool[2]/which", "other");
  mere_filling_answer (session, "/data/tools/tool[2]/rate", "rarer");
  mere_filling_answer (session, "/data/tools/tool[2]/instead", "wait");
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/tools/tool[2]/which_other", "Weighbridge");
  g_assert_false (mere_form_node_is_relevant (mere_filling_find (session, "/data/tools/tool[1]/which_other")));
  mere_filling_assert_complete (session);
  g_assert_cmpstr (mere_filling_get (session, "/data/closing/n_tools"), ==, "2");
}

static void
test_only_words_that_were_said_can_be_quoted (void)
{
  g_autoptr (MereFormSession) session = begin_interview ();

  g_assert_false (mere_form_node_is_relevant (mere_filling_find (session, "/data/change/notes_quote")));
  mere_filling_answer (session, "/data/change/notes", "A second reader.");
  g_assert_true (mere_form_node_is_relevant (mere_filling_find (session, "/data/change/notes_quote")));
  g_assert_cmpstr (mere_filling_get (session, "/data/change/notes_quote"), ==, "no");
}

static void
check_pressure (MereFormNode *node, gpointer user_data)
{
  if (mere_filling_is_asked (node))
    g_assert_cmpstr (mere_form_node_get_attribute (node, "sensitivity"), ==, "protected");
}

static void
test_pressure_is_protected (void)
{
  g_autoptr (MereFormSession) session = begin_interview ();

  mere_filling_walk (session, mere_filling_find (session, "/data/pressure"), check_pressure, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/officer-interview/without-consent-nothing-is-asked", test_without_consent_nothing_is_asked);
  g_test_add_func ("/officer-interview/withdrawn-consent-keeps-no-answer", test_withdrawn_consent_keeps_no_answer);
  g_test_add_func ("/officer-interview/needs-consent-codes-and-closing", test_an_interview_needs_consent_codes_and_closing);
  g_test_add_func ("/officer-interview/codes-are-no-names", test_codes_are_no_names);
  g_test_add_func ("/officer-interview/a-small-post-is-not-named", test_a_small_post_is_not_named);
  g_test_add_func ("/officer-interview/tools-that-fail-are-a-repeat", test_tools_that_fail_are_a_repeat);
  g_test_add_func ("/officer-interview/only-words-that-were-said-can-be-quoted", test_only_words_that_were_said_can_be_quoted);
  g_test_add_func ("/officer-interview/pressure-is-protected", test_pressure_is_protected);
  return g_test_run ();
}
