/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sheet of BMIS checks: all 46, only what the workstation has, counted, and without unexplained holes. */

#include "tests/app/framework/filling.h"

#include <stdlib.h>
#include <string.h>

static MereFormSession *
begin_checks (const char *has)
{
  static const char *const answers[][2] = {
    { "/data/sheet/crossing", "Salt Gate" },
    { "/data/sheet/workstation", "W3" },
    { "/data/sheet/assessor", "A1" },
    { "/data/sheet/agreed_by", "commander" },
    { "/data/sheet/authorised", "yes" },
    { "/data/sheet/identities", "yes" },
  };
  MereFormSession *session = mere_filling_begin ("bmis-checks.xml");

  mere_filling_answer_all (session, answers, G_N_ELEMENTS (answers));
  mere_filling_answer (session, "/data/sheet/has", has);
  return session;
}

typedef struct
{
  guint n_results; /* that are relevant */
  guint seen[47];  /* by number of the check */
} Checks;

static void
count_check (MereFormNode *node, gpointer user_data)
{
  Checks     *self = user_data;
  const char *check = mere_form_node_get_attribute (node, "check");

  if (check == NULL || strcmp (mere_form_node_get_name (node), "result") != 0)
    return;
  g_assert_cmpint (*check, ==, 'B');
  g_assert_cmpint (atoi (check + 1), <, (int) G_N_ELEMENTS (self->seen));
  self->seen[atoi (check + 1)]++;
  self->n_results += mere_form_node_is_relevant (node);
}

static void
test_all_46_checks_are_there_once (void)
{
  g_autoptr (MereFormSession) session = begin_checks ("print chip light face alerts interpol visa network");
  Checks checks = { 0 };

  mere_filling_walk (session, mere_form_session_get_root (session), count_check, &checks);
  for (guint i = 1; i < G_N_ELEMENTS (checks.seen); i++)
    g_assert_cmpuint (checks.seen[i], ==, 1);
  g_assert_cmpuint (checks.n_results, ==, 46);
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_asked"), ==, "46");
}

static void
test_what_is_not_there_is_not_asked (void)
{
  static const char *const equipment[] = { "none", "chip", "alerts", "interpol", "face fingers", "print light visa network" };
  g_autoptr (MereFormSession) session = begin_checks ("none");

  g_assert_false (mere_form_node_is_relevant (mere_filling_find (session, "/data/chips/b08/result")));
  g_assert_false (mere_form_node_is_relevant (mere_filling_find (session, "/data/alerts/b18/result")));
  for (guint i = 0; i < G_N_ELEMENTS (equipment); i++)
    {
      Checks           checks = { 0 };
      g_autofree char *n = NULL;

      mere_filling_answer (session, "/data/sheet/has", equipment[i]);
      mere_filling_walk (session, mere_form_session_get_root (session), count_check, &checks);
      n = g_strdup_printf ("%u", checks.n_results);
      g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_asked"), ==, n);
    }
}

static void
test_a_sheet_counts_itself (void)
{
  g_autoptr (MereFormSession) session = begin_checks ("chip alerts");

  mere_filling_answer (session, "/data/reading/b01/result", "pass");
  mere_filling_answer (session, "/data/reading/b02/result", "partial");
  mere_filling_answer (session, "/data/chips/b08/result", "fail");
  mere_filling_answer (session, "/data/alerts/b15/result", "pass");
  mere_filling_answer (session, "/data/continuity/b30/result", "not-tested");
  mere_filling_answer (session, "/data/records/b46/result", "na");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_pass"), ==, "2");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_partial"), ==, "1");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_fail"), ==, "1");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_not_tested"), ==, "1");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_na"), ==, "1");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/share"), ==, "50");

  /* a result that is no longer asked for counts no longer */
  mere_filling_answer (session, "/data/sheet/has", "alerts");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/n_fail"), ==, "0");
  g_assert_cmpstr (mere_filling_get (session, "/data/summary/share"), ==, "67");
}

static void
test_a_sheet_explains_its_holes (void)
{
  g_autoptr (MereFormSession) session = begin_checks ("none");

  mere_filling_answer (session, "/data/reading/b01/result", "not-tested");
  mere_filling_answer (session, "/data/summary/removed", "yes");
  g_assert_true (mere_form_node_is_required (mere_filling_find (session, "/data/reading/b01/reason")));
  g_assert_true (mere_form_node_is_required (mere_filling_find (session, "/data/summary/open_reason")));
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/reading/b01/reason", "no-specimen");
  mere_filling_answer (session, "/data/summary/open_reason", "To be continued tomorrow.");
  mere_filling_assert_complete (session);
  mere_filling_answer (session, "/data/reading/b01/result", "fail");
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/reading/b01/evidence", "Three of ten were read.");
  mere_filling_assert_complete (session);
}

static void
test_nothing_is_tested_without_authorization (void)
{
  g_autoptr (MereFormSession) session = begin_checks ("none");

  mere_filling_answer (session, "/data/summary/removed", "yes");
  mere_filling_answer (session, "/data/summary/open_reason", "Only looked at.");
  mere_filling_assert_complete (session);
  mere_filling_answer (session, "/data/sheet/authorised", "no");
  g_assert_false (mere_form_session_validate (session, NULL));
  mere_filling_answer (session, "/data/sheet/authorised", "yes");
  mere_filling_answer (session, "/data/sheet/identities", "no");
  g_assert_false (mere_form_session_validate (session, NULL));
}

static void
test_measured_values_have_bounds (void)
{
  g_autoptr (MereFormSession) session = begin_checks ("alerts network");
  MereFormNode *correct = mere_filling_find (session, "/data/reading/b01/correct");
  MereFormNode *hit = mere_filling_find (session, "/data/alerts/b16/hit");

  g_assert_cmpstr (mere_filling_get (session, "/data/reading/b01/reads"), ==, "10");
  mere_filling_answer (session, "/data/reading/b01/correct", "11");
  g_assert_cmpint (mere_form_node_get_validity (correct), ==, MERE_FORM_VIOLATES_CONSTRAINT);
  g_assert_nonnull (mere_form_node_get_message (correct));
  mere_filling_answer (session, "/data/reading/b01/correct", "9");
  g_assert_cmpint (mere_form_node_get_validity (correct), ==, MERE_FORM_VALID);

  mere_filling_answer (session, "/data/alerts/b16/tried", "transposed double day");
  mere_filling_answer (session, "/data/alerts/b16/hit", "transposed swapped");
  g_assert_cmpint (mere_form_node_get_validity (hit), ==, MERE_FORM_VIOLATES_CONSTRAINT);
  mere_filling_answer (session, "/data/alerts/b16/hit", "transposed");
  g_assert_cmpint (mere_form_node_get_validity (hit), ==, MERE_FORM_VALID);
  g_assert_cmpstr (mere_filling_get (session, "/data/alerts/b16/missed"), ==, "2");

  mere_filling_answer (session, "/data/continuity/b29/queued", "12");
  mere_filling_answer (session, "/data/continuity/b29/arrived", "12");
  mere_filling_answer (session, "/data/continuity/b29/duplicates", "1");
  g_assert_cmpstr (mere_filling_get (session, "/data/continuity/b29/lost"), ==, "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bmis-checks/all-46-are-there-once", test_all_46_checks_are_there_once);
  g_test_add_func ("/bmis-checks/what-is-not-there-is-not-asked", test_what_is_not_there_is_not_asked);
  g_test_add_func ("/bmis-checks/a-sheet-counts-itself", test_a_sheet_counts_itself);
  g_test_add_func ("/bmis-checks/a-sheet-explains-its-holes", test_a_sheet_explains_its_holes);
  g_test_add_func ("/bmis-checks/nothing-is-tested-without-authorization", test_nothing_is_tested_without_authorization);
  g_test_add_func ("/bmis-checks/measured-values-have-bounds", test_measured_values_have_bounds);
  return g_test_run ();
}
