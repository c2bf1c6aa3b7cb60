/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may become an instrument, and what is said of what may not. */

#include "config.h"

#include "tests/app/capture/filling.h"

#include <string.h>

#define FORM(root, instance, binds)                                                                           \
  "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'"                      \
  " xmlns:jr='http://openrosa.org/javarosa' xmlns:x='urn:x'><h:head><h:title>Gate</h:title><model><instance>" \
  "<data " root "><gate/>" instance "</data></instance><bind nodeset='/data/gate' type='string'/>" binds      \
  "</model></h:head><h:body><input ref='/data/gate'><label>Gate</label></input></h:body></h:html>"
#define META "<meta><instanceID/></meta>"
#define UID "<bind nodeset='/data/meta/instanceID' jr:preload='uid'/>"

static MereInstrument *
take_in (MerePlainStore *plain,
         const char     *xml,
         int             kind,
         GPtrArray     **problems,
         GError        **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (xml, strlen (xml));

  return mere_intake_instrument (plain->store, bytes, kind, problems, error);
}

static void
test_a_form_says_what_it_is (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (MereInstrument) said = take_in (plain, FORM ("id='gate' version='7' x:kind='interview'", META, UID), -1, NULL, NULL);
  g_autoptr (MereInstrument) silent = take_in (plain, FORM ("id='other'", META, UID), -1, NULL, NULL);
  g_autoptr (MereInstrument) bare = take_in (plain, FORM ("id='bare'", "", ""), -1, NULL, NULL);
  g_autoptr (MereInstrument) told = take_in (plain, FORM ("id='told'", META, UID), MERE_INSTRUMENT_CHECK, NULL, NULL);

  g_assert_cmpstr (said->form, ==, "gate");
  g_assert_cmpstr (said->version, ==, "7");
  g_assert_cmpstr (said->title, ==, "Gate");
  g_assert_cmpint (said->kind, ==, MERE_INSTRUMENT_INTERVIEW);
  g_assert_cmpstr (silent->version, ==, "");
  g_assert_cmpint (silent->kind, ==, MERE_INSTRUMENT_OTHER);
  g_assert_nonnull (bare);
  g_assert_cmpint (told->kind, ==, MERE_INSTRUMENT_CHECK);
}

static void
test_the_same_again_changes_nothing (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  gint64 first = mere_filling_take_in (plain->store, "passenger-processing");
  gint64 second = mere_filling_take_in (plain->store, "passenger-processing");
  g_autoptr (MereInstrument) held = mere_instrument_load_row (plain->store, first, NULL);

  g_assert_cmpint (first, ==, second);
  g_assert_cmpint (held->kind, ==, MERE_INSTRUMENT_OBSERVATION);
  g_assert_cmpstr (held->languages[0], ==, "English (en)");
  g_assert_cmpstr (held->languages[1], ==, "Français (fr)");
}

static void
test_a_version_never_changes (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (MereInstrument) first = take_in (plain, FORM ("id='gate' version='7'", META, UID), -1, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (take_in (plain, FORM ("id='gate' version='7'", "<more/>" META, UID), -1, NULL, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static void
test_what_is_no_form_is_refused (void)
{
  static const struct
  {
    const char *xml;
    int         code;
  } cases[] = {
    { "", MERE_FORM_ERROR_NOT_XML },
    { "gate,post\n1,2\n", MERE_FORM_ERROR_NOT_XML },
    { "<h:html", MERE_FORM_ERROR_NOT_XML },
    { "<gate/>", MERE_FORM_ERROR_NOT_A_FORM },
    { FORM ("id='gate'", META, "<bind nodeset='/data/gate' calculate='frobnicate(1)'/>"), MERE_FORM_ERROR_INVALID },
    { FORM ("id='gate'", META, "<bind nodeset='/data/gate' relevant='1 +'/>"), MERE_FORM_ERROR_INVALID },
    { FORM ("id='gate'", META, "<bind nodeset='/data/gate' relevant='/data/gate = 1'/>"), MERE_FORM_ERROR_INVALID },
    { FORM ("id='gate'", META, ""), MERE_FORM_ERROR_INVALID },
    { FORM ("", META, UID), MERE_FORM_ERROR_INVALID },
    { FORM ("id=''", META, UID), MERE_FORM_ERROR_INVALID },
  };
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].xml);
      g_assert_null (take_in (plain, cases[i].xml, -1, NULL, &error));
      g_assert_error (error, MERE_FORM_ERROR, cases[i].code);
    }
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM instrument"), ==, 0);
}

static void
test_problems_name_the_place (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  const MereFormProblem *first;

  g_assert_null (take_in (plain, FORM ("id='gate'", META, "<bind nodeset='/data/gate' calculate='frobnicate(1)'/>"), -1, &problems, &error));
  first = problems->pdata[0];
  g_assert_false (first->warning);
  g_assert_cmpstr (first->bind, ==, "/data/gate");
  g_assert_cmpstr (first->expression, ==, "frobnicate(1)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake/a-form-says-what-it-is", test_a_form_says_what_it_is);
  g_test_add_func ("/intake/the-same-again-changes-nothing", test_the_same_again_changes_nothing);
  g_test_add_func ("/intake/a-version-never-changes", test_a_version_never_changes);
  g_test_add_func ("/intake/what-is-no-form-is-refused", test_what_is_no_form_is_refused);
  g_test_add_func ("/intake/problems-name-the-place", test_problems_name_the_place);
  return g_test_run ();
}
