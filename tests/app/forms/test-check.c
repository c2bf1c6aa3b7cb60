/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with a form is told in one run: where, about which node, in which expression, errors apart from
 * warnings. */

#include "config.h"

#include "tests/app/forms/sample.h"

#include <string.h>

/* One small form, and the one thing that is wrong with it. Texts are parts of what is told. */
typedef struct
{
  const char *name;
  const char *instance;
  const char *model;
  const char *body;
  gboolean    warning;
  const char *bind;
  const char *expression;
  const char *message;
} Broken;

static const Broken broken[] = {
  { "cycle", "<a/><b/>", "<bind nodeset='/data/a' calculate='/data/b + 1'/><bind nodeset='/data/b' calculate='/data/a + 1'/>", NULL,
    FALSE, "/data/a", "/data/b + 1", "circle" },
  { "cycle-of-relevance", "<a/><g><b/></g>", "<bind nodeset='/data/g' relevant=\"/data/a = ''\"/><bind nodeset='/data/a' calculate='/data/g/b'/>", NULL,
    FALSE, "/data/", "/data/", "circle" },
  { "function", "<a/>", "<bind nodeset='/data/a' relevant='nosuch(1)'/>", NULL, FALSE, "/data/a", "nosuch(1)", "nosuch()" },
  { "arguments", "<a/>", "<bind nodeset='/data/a' calculate=\"substr('a')\"/>", NULL, FALSE, "/data/a", "substr('a')", "number of arguments" },
  { "pairs", "<a/>", "<bind nodeset='/data/a' calculate='weighted-checklist(1, 2, 3)'/>", NULL, FALSE, "/data/a", "weighted-checklist", "number of arguments" },
  { "syntax", "<a/>", "<bind nodeset='/data/a' constraint='(. > 1'/>", NULL, FALSE, "/data/a", "(. > 1", "Syntax error at character 7" },
  { "variable", "<a/>", "<bind nodeset='/data/a' calculate='$x'/>", NULL, FALSE, "/data/a", "$x", "" },
  { "reference", "<a/>", "<bind nodeset='/data/a' relevant='/data/nope = 1'/>", NULL, TRUE, "/data/a", "/data/nope = 1", "leads to no node" },
  { "bind", "<a/>", "<bind nodeset='/data/nope' type='int'/>", NULL, TRUE, "/data/nope", NULL, "names no node" },
  { "bound-twice", "<a/>", "<bind nodeset='/data/a' type='int'/><bind nodeset='/data/a' type='date'/>", NULL, TRUE, "/data/a", NULL, "bound twice" },
  { "type", "<a/>", "<bind nodeset='/data/a' type='bogus'/>", NULL, TRUE, "/data/a", "bogus", "type" },
  { "preload", "<a/>", "<bind nodeset='/data/a' jr:preload='bogus'/>", NULL, TRUE, "/data/a", NULL, "preload" },
  { "pattern", "<a/>", "<bind nodeset='/data/a' constraint=\"regex(., '[')\"/>", NULL, TRUE, "/data/a", "regex(., '[')", "pattern" },
  { "control", "<a/>", NULL, "<input ref='/data/nope'><label>A</label></input>", TRUE, "/data/nope", NULL, "names no node" },
  { "control-twice", "<a/>", NULL, "<input ref='/data/a'/><input ref='/data/a'/>", FALSE, "/data/a", NULL, "same node" },
  { "control-of-a-group", "<a><b/></a>", NULL, "<input ref='/data/a'/>", FALSE, "/data/a", NULL, "names a group" },
  { "element", "<a/>", NULL, "<slider ref='/data/a'/>", TRUE, "/data/a", NULL, "<slider>" },
  { "repeat", "<a/>", NULL, "<repeat nodeset='/data/nope'/>", FALSE, "/data/nope", NULL, "<repeat>" },
  { "node-twice", "<a/><a/>", NULL, "<input ref='/data/a'/>", FALSE, "/data/a", NULL, "more than once" },
  { "choice", "<a/>", NULL, "<select1 ref='/data/a'><item><label>x</label></item></select1>", FALSE, "/data/a", NULL, "no value" },
  { "itemset", "<a/>", NULL, "<select1 ref='/data/a'><itemset nodeset=\"instance('x')/root/item\"><value ref='name'/></itemset></select1>", TRUE, "/data/a", "instance('x')", "secondary instance" },
  { "range", "<a/>", NULL, "<range ref='/data/a' start='1' end='x' step='1'/>", FALSE, "/data/a", NULL, "range" },
  { "output", "<a/>", NULL, "<input ref='/data/a'><label><output value='1 +'/></label></input>", FALSE, "/data/a", "1 +", "Syntax error" },
  { "itext-id", "<a/>", "<itext><translation lang='en'><text id='x'><value>X</value></text></translation></itext>", "<input ref='/data/a'><label ref=\"jr:itext('y')\"/></input>", TRUE, "/data/a", NULL, "“y”" },
  { "itext-id-of-a-message", "<a/>", "<itext><translation lang='en'/></itext><bind nodeset='/data/a' constraint='. > 1' jr:constraintMsg=\"jr:itext('y')\"/>", NULL, TRUE, "/data/a", "jr:itext('y')", "“y”" },
  { "itext-language", "<a/>", "<itext><translation lang='en'/><translation lang='fr'><text id='x'><value>X</value></text></translation></itext>", NULL, TRUE, NULL, NULL, "missing in the language “en”" },
  { "instance-id", "<a/>", "<instance/>", NULL, FALSE, NULL, NULL, "id of its own" },
  { "instance-file", "<a/>", "<instance id='x' src='jr://file/x.xml'/>", NULL, TRUE, NULL, NULL, "“x.xml”" },
  { "event", "<a/>", "<setvalue event='bogus' ref='/data/a'/>", NULL, FALSE, "/data/a", NULL, "“bogus”" },
  { "action", "<a/>", "<setvalue event='odk-instance-load' ref='/data'/>", NULL, FALSE, "/data", NULL, "<setvalue>" },
  { "action-for-repeats", "<a/>", "<setvalue event='odk-new-repeat' ref='/data/a'/>", NULL, FALSE, "/data/a", NULL, "must stand in the repeat" },
  { "choice-name", "<a/>", "<bind nodeset='/data/a' calculate=\"jr:choice-name('x', '/data/[')\"/>", NULL, FALSE, "/data/a", "jr:choice-name", "jr:choice-name()" },
  { "entity-version", "<a/>", NULL, NULL, FALSE, NULL, "2030.1.0", "newer" },
  { "entity-dataset", "<meta><instanceID/><entity dataset='__x' id='' create='1'><label/></entity></meta>", NULL, NULL, TRUE, "/data/meta/entity", "__x", "dataset" },
  { "entity-label", "<meta><instanceID/><entity dataset='x' id='' create='1'/></meta>", NULL, NULL, TRUE, "/data/meta/entity", NULL, "label" },
  { "entity-base", "<meta><instanceID/><entity dataset='x' id='' update='1'/></meta>", NULL, NULL, TRUE, "/data/meta/entity", NULL, "baseVersion" },
  { "entity-property", "<a/>", "<bind nodeset='/data/a' entities:saveto='name'/>", NULL, TRUE, "/data/a", "name", "property" },
  { "recording", "<a/>", "<odk:recordaudio event='odk-instance-load' ref='/data/a'/>", NULL, TRUE, "/data/a", NULL, "recorded" },
  { "encryption", "<a/>", "<submission base64RsaPublicKey='AAAA'/>", NULL, TRUE, NULL, NULL, "encrypted" },
  { "sending", "<a/>", "<submission action='https://example.org' method='post'/>", NULL, TRUE, NULL, NULL, "bundles" },
  { "application", "<a/>", NULL, "<input ref='/data/a' appearance='ex:org.example.app'/>", TRUE, "/data/a", NULL, "application" },
  { "audit-places", "<meta><instanceID/><audit/></meta>", "<bind nodeset='/data/meta/audit' type='binary' odk:location-priority='balanced'/>", NULL, TRUE, "/data/meta/audit", NULL, "places" },
  { "audit-reasons", "<meta><instanceID/><audit/></meta>", "<bind nodeset='/data/meta/audit' type='binary' odk:track-changes-reasons='on-form-edit'/>", NULL, TRUE, "/data/meta/audit", NULL, "reason" },
};

static GPtrArray *
check (GBytes   *xml,
       gboolean *usable)
{
  GPtrArray *problems = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereForm) form = mere_form_load (xml, NULL, NULL, &problems, &error);

  g_assert_true ((form == NULL) == (error != NULL));
  *usable = form != NULL;
  return problems;
}

static void
assert_contains (const char *text,
                 const char *part)
{
  if (part == NULL)
    return;
  g_assert_nonnull (text);
  if (strstr (text, part) == NULL)
    g_error ("“%s” does not say “%s”", text, part);
}

static GBytes *
with_new_entities (GBytes *xml)
{
  g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (xml, NULL), (gssize) g_bytes_get_size (xml));

  g_string_replace (text, "<model>", "<model entities:entities-version=\"2030.1.0\">", 1);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static void
test_one_problem (gconstpointer data)
{
  const Broken *row = data;
  g_autoptr (GBytes) plain = mere_sample_xml (row->instance, row->model, row->body);
  g_autoptr (GBytes) xml = strcmp (row->name, "entity-version") == 0 ? with_new_entities (plain) : g_bytes_ref (plain);
  gboolean usable;
  g_autoptr (GPtrArray) problems = check (xml, &usable);
  const MereFormProblem *problem;

  g_assert_cmpuint (problems->len, ==, 1);
  problem = problems->pdata[0];
  g_assert_cmpint (problem->warning, ==, row->warning);
  g_assert_cmpint (usable, ==, row->warning);
  g_assert_cmpint (problem->line, >=, 2);
  assert_contains (problem->bind, row->bind);
  assert_contains (problem->expression, row->expression);
  assert_contains (problem->message, row->message);
}

static void
test_all_problems_in_one_run (void)
{
  static const char form[] =
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:jr='http://openrosa.org/javarosa'>\n"
    "<h:head><h:title>t</h:title><model>\n"
    "<itext><translation lang='en'/></itext>\n"
    "<instance><data id='t'><a/><b/><c/><d/>\n"
    "<e/>\n"
    "<e/><meta><instanceID/></meta></data></instance>\n"
    "<bind nodeset='/data/a'\n  calculate='/data/b'/>\n"
    "<bind nodeset='/data/b' calculate='/data/a'/>\n"
    "<bind nodeset='/data/c' relevant='nosuch()'/>\n"
    "<bind nodeset='/data/d' relevant='/data/nope'/>\n"
    "</model></h:head><h:body>\n"
    "<input ref='/data/a'>\n"
    "<label ref=\"jr:itext('y')\"/></input>\n"
    "</h:body></h:html>";
  static const struct
  {
    gboolean    warning;
    int         line;
    const char *bind;
  } expected[] = {
    { FALSE, 5, "/data/e" },
    { FALSE, 7, "/data/a" },
    { FALSE, 10, "/data/c" },
    { TRUE, 11, "/data/d" },
    { TRUE, 14, "/data/a" },
  };
  g_autoptr (GBytes) xml = g_bytes_new_static (form, strlen (form));
  gboolean usable;
  g_autoptr (GPtrArray) problems = check (xml, &usable);

  g_assert_false (usable);
  g_assert_cmpuint (problems->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < problems->len; i++)
    {
      const MereFormProblem *problem = problems->pdata[i];

      g_assert_cmpint (problem->warning, ==, expected[i].warning);
      g_assert_cmpint (problem->line, ==, expected[i].line);
      g_assert_cmpstr (problem->bind, ==, expected[i].bind);
    }
}

static void
assert_refused (const char *text,
                int         code,
                int         line)
{
  g_autoptr (GBytes) xml = g_bytes_new_static (text, strlen (text));
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MereForm) form = mere_form_load (xml, NULL, NULL, &problems, &error);

  g_assert_null (form);
  g_assert_error (error, MERE_FORM_ERROR, code);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (((MereFormProblem *) problems->pdata[0])->line, ==, line);
}

static void
test_what_is_no_form_is_refused (void)
{
  assert_refused ("", MERE_FORM_ERROR_NOT_XML, 0);
  assert_refused ("form", MERE_FORM_ERROR_NOT_XML, 1);
  assert_refused ("<a>\n<b></a>", MERE_FORM_ERROR_NOT_XML, 2);
  assert_refused ("<a>\n\n<b c='1' c='2'/></a>", MERE_FORM_ERROR_NOT_XML, 3);
  assert_refused ("<a/>", MERE_FORM_ERROR_NOT_A_FORM, 1);
  assert_refused ("<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head>\n<model xmlns='http://www.w3.org/2002/xforms'/></h:head><h:body/></h:html>", MERE_FORM_ERROR_NOT_A_FORM, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *path = g_strconcat ("/forms/check/", broken[i].name, NULL);

      g_test_add_data_func (path, &broken[i], test_one_problem);
    }
  g_test_add_func ("/forms/check/all-in-one-run", test_all_problems_in_one_run);
  g_test_add_func ("/forms/check/no-form", test_what_is_no_form_is_refused);

  return g_test_run ();
}
