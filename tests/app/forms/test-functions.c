/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, section "XPath Functions", in its order, and the operators and casting rules before it: what each
 * expression comes to when it is calculated into a node without a type. */

#include "config.h"

#include "tests/app/forms/sample.h"

#include <sodium.h>
#include <string.h>

#define INSTANCE                                                                                               \
  "<one>1</one><two>2.5</two><neg>-5</neg><none/><word>hello</word><list>a b  c</list><date>2012-07-23</date>" \
  "<moment>2012-07-23T10:30:45.123+02:00</moment><pad>  x  y </pad>"                                           \
  "<rep><v>3</v><w>x</w></rep><rep><v>1</v><w>y</w></rep><rep><v>2</v><w/></rep>"                              \
  "<a>38.253094 21.756382 0 0</a><b>38.250212 21.756382 0 0</b><c>38.250078 21.763893 0 0</c><pick>b</pick>"
#define MODEL                                                                                                     \
  "<instance id=\"towns\"><root>"                                                                                 \
  "<item><name>a</name><label>Alpha</label><n>1</n></item><item><name>b</name><label>Beta</label><n>2</n></item>" \
  "<item><name>c</name><label>Gamma</label><n>5</n></item></root></instance>"
#define BODY                                                                                         \
  "<select1 ref=\"/data/pick\"><label>Pick</label><itemset nodeset=\"instance('towns')/root/item\">" \
  "<value ref=\"name\"/><label ref=\"label\"/></itemset></select1>"                                  \
  "<group ref=\"/data/rep\"><label>Rep</label><repeat nodeset=\"/data/rep\"><input ref=\"v\"><label>V</label></input></repeat></group>"

typedef struct
{
  const char *expression;
  const char *value;
} Row;

static const Row operators[] = {
  { "1 + 2 * 3 - 4 div 2", "5" },
  { "-7 mod 3", "-1" },
  { "5 mod -2", "1" },
  { "- /data/one", "-1" },
  { "1 div 3", "0.3333333333333333" },
  { "0.1 + 0.2", "0.30000000000000004" },
  { "1 div 0", "Infinity" },
  { "/data/word + 1", "" },
  { "/data/none + 1", "" },
  { "1000000 * 1000000 * 1000000 * 1000000", "1000000000000000000000000" },
  { "/data/one = '1'", "true" },
  { "/data/one = '1.0'", "false" },
  { "/data/one = 1.0", "true" },
  { "/data/rep/v = 2", "true" },
  { "/data/rep/v != 2", "true" },
  { "/data/none = ''", "true" },
  { "/data/rep/v > /data/rep/v", "true" },
  { "'2012-07-23' < '2013-01-01'", "true" },
  { "/data/date + 1", "15545" },
  { "'2012-07-23T10:00:00Z' > '2012-07-23T09:00:00Z'", "true" },
  { "true() < 3", "true" },
  { "'' < true()", "false" },
  { "true() = 'true'", "true" },
  { "false() = ''", "true" },
  { "1 = 1 and 0", "false" },
  { "'' or 'a'", "true" },
  { "count(/data/one | /data/rep/v | /data/one)", "4" },
  { "/data/rep[2]/v", "1" },
  { "/data/rep[v = 2]/v", "2" },
  { "/data/rep[position() = last()]/v", "2" },
  { "../one", "1" },
  { "current()/../one", "1" },
  { "//word", "hello" },
  { "/data/one[. = '2']", "" },
  { "/data/@id", "sample" },
  { "count(/data/rep/*)", "6" },
  { NULL, NULL },
};

static const Row strings[] = {
  { "string(1.0)", "1" },
  { "string(0.00001)", "0.00001" },
  { "string(1 = 1)", "true" },
  { "string(/data/rep)", "3x" },
  { "concat('a', 1, true(), /data/rep/v)", "a1true312" },
  { "concat(/data/word)", "hello" },
  { "join(', ', 'x', /data/rep/v)", "x, 3, 1, 2" },
  { "join('-')", "" },
  { "substr('hello', 1, 3)", "el" },
  { "substr('hello', -2)", "lo" },
  { "substr('hello', 3, 1)", "" },
  { "substr('hello', 'x')", "" },
  { "substr('h\303\251llo', 1, 2)", "\303\251" },
  { "substring-before('1999/04/01', '/')", "1999" },
  { "substring-after('1999/04/01', '/')", "04/01" },
  { "substring-after('1999', 'x')", "" },
  { "translate('--aaa--', 'abc-', 'ABC')", "AAA" },
  { "string-length('h\303\251llo')", "5" },
  { "normalize-space(/data/pad)", "x y" },
  { "contains('abc', 'b')", "true" },
  { "contains('abc', '')", "true" },
  { "starts-with('abc', 'ab')", "true" },
  { "ends-with('abc', 'bc')", "true" },
  { "ends-with('abc', 'ab')", "false" },
  { "string-length(uuid())", "36" },
  { "string-length(uuid(10))", "10" },
  { "uuid() = uuid()", "false" },
  { "digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72" },
  { "digest('abc', 'SHA-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d" },
  { "digest('abc', 'SHA-256')", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=" },
  { "base64-decode('SGVsbG8=')", "Hello" },
  { "base64-decode('!!')", "" },
  { "pulldata('towns', 'label', 'name', 'b')", "Beta" },
  { "pulldata('towns', 'label', 'name', 'z')", "" },
  { NULL, NULL },
};

static const Row booleans[] = {
  { "if(true(), 'a', 'b')", "a" },
  { "if('', 1, 2)", "2" },
  { "if(/data/none, 1, 2)", "1" },
  { "coalesce(/data/none, /data/one)", "1" },
  { "coalesce('', '')", "" },
  { "once(1 + 1)", "2" },
  { "boolean('false')", "true" },
  { "boolean(0)", "false" },
  { "boolean(/data/none)", "true" },
  { "boolean-from-string('true')", "true" },
  { "boolean-from-string('1')", "true" },
  { "boolean-from-string('yes')", "false" },
  { "not('')", "true" },
  { "regex('abc123', '[0-9]+')", "true" },
  { "regex('abc123', '^[0-9]+$')", "false" },
  { "regex('2012-01', '^\\d{4}-\\d{2}$')", "true" },
  { "regex('\331\243', '\\d')", "false" },
  { "regex('abc', '[')", "false" },
  { "checklist(-1, 2, '1', '0', '1')", "true" },
  { "checklist(2, -1, '1', '0', 'yes')", "false" },
  { "checklist(1, 2, /data/rep/v)", "false" },
  { "weighted-checklist(4, 5, '1', 2, '1', 3)", "true" },
  { "weighted-checklist(-1, 4, '1', 2, '1', 3)", "false" },
  { NULL, NULL },
};

static const Row numbers[] = {
  { "number(' 12 ')", "12" },
  { "number('1,5')", "" },
  { "number('')", "" },
  { "number(true())", "1" },
  { "number(/data/date)", "15544" },
  { "number(/data/moment)", "15544" },
  { "random() < 1", "true" },
  { "int(-2.7)", "-2" },
  { "sum(/data/rep/v)", "6" },
  { "sum(/data/none)", "" },
  { "max(/data/rep/v)", "3" },
  { "max(1, '2', /data/rep/v)", "3" },
  { "min(/data/rep/v)", "1" },
  { "min(/data/none, 1)", "" },
  { "max()", "" },
  { "round(2.5)", "3" },
  { "round(-2.5)", "-3" },
  { "round(1234.567, -2)", "1200" },
  { "round(2.345, 1)", "2.3" },
  { "pow(2, 10)", "1024" },
  { "log(1)", "0" },
  { "log10(100)", "2" },
  { "abs('-3')", "3" },
  { "sin(0)", "0" },
  { "cos(0)", "1" },
  { "tan(0)", "0" },
  { "asin(0)", "0" },
  { "acos(1)", "0" },
  { "atan(0)", "0" },
  { "round(atan2(1, 1), 4)", "0.7854" },
  { "sqrt(9)", "3" },
  { "exp(0)", "1" },
  { "exp10(2)", "100" },
  { "round(pi(), 4)", "3.1416" },
  { NULL, NULL },
};

static const Row node_sets[] = {
  { "count(/data/rep)", "3" },
  { "count(/data/rep[v > 1])", "2" },
  { "count-non-empty(/data/rep/w)", "2" },
  { "position(/data/rep[2])", "2" },
  { "instance('towns')/root/item[name = 'b']/label", "Beta" },
  { "instance('towns')/root/item[name = current()/../pick]/label", "Beta" },
  { "instance('towns')/root/item[n = /data/two * 2]/name", "c" },
  { "count(instance('towns')/root/item[n > 1])", "2" },
  { "join(' ', randomize(instance('towns')/root/item/name, 3))", "c a b" },
  { "join(' ', randomize(instance('towns')/root/item/name, 'abc'))", "a c b" },
  { "count(randomize(/data/rep))", "3" },
  { "indexed-repeat(/data/rep/v, /data/rep, 2)", "1" },
  { "indexed-repeat(/data/rep/v, /data/rep, 9)", "" },
  { NULL, NULL },
};

static const Row dates[] = {
  { "string-length(today())", "10" },
  { "string-length(now())", "29" },
  { "now() > today()", "true" },
  { "format-date(/data/date, '%Y %y %m %n %b %d %e %a')", "2012 12 07 7 Jul 23 23 Mon" },
  { "format-date('2012-01-05', '%m %n %d %e')", "01 1 05 5" },
  { "format-date-time(/data/moment, '%Y-%m-%d %H:%M:%S.%3 %h')", "2012-07-23 08:30:45.123 8" },
  { "format-date('abc', '%Y')", "" },
  { "format-date(15544, '%Y-%m-%d')", "2012-07-23" },
  { "format-date(/data/date, '%Q 100%')", "%Q 100%" },
  { "date('2012-07-23')", "2012-07-23" },
  { "date(15544)", "2012-07-23" },
  { "date(15544.5)", "2012-07-23T12:00:00.000+00:00" },
  { "date(/data/moment)", "2012-07-23T08:30:45.123+00:00" },
  { "date('2012-02-30')", "" },
  { "date('abc')", "" },
  { "decimal-date-time('1970-01-02T12:00:00Z')", "1.5" },
  { "decimal-date-time('abc')", "" },
  { "date(' 2012-07-23')", "" },
  { "number(' 2012-07-23')", "" },
  { "' 2012-07-23' < '2012-07-24'", "false" },
  { "date('2012-7-3')", "2012-07-03" },
  { "decimal-time('06:00')", "0.25" },
  { "decimal-time('18:00:00.000+02:00')", "0.6666666666666666" },
  { NULL, NULL },
};

static const Row selects[] = {
  { "selected(/data/list, 'b')", "true" },
  { "selected(/data/list, 'a b')", "false" },
  { "selected('', '')", "true" },
  { "selected('a', '')", "false" },
  { "selected-at(/data/list, 2)", "c" },
  { "selected-at(/data/list, -1)", "" },
  { "selected-at(/data/list, 9)", "" },
  { "count-selected(/data/list)", "3" },
  { "count-selected('')", "0" },
  { "jr:choice-name(/data/pick, '/data/pick')", "Beta" },
  { "jr:choice-name('c', '/data/pick')", "Gamma" },
  { "jr:choice-name('z', '/data/pick')", "" },
  { NULL, NULL },
};

static const Row places[] = {
  { "area(concat(/data/a, ';', /data/b, ';', /data/c, ';', /data/a))", "105325.66" },
  { "distance(concat(/data/a, ';', /data/b))", "320.82" },
  { "distance(/data/a, /data/b)", "320.82" },
  { "distance('abc')", "" },
  { "geofence('38.2505 21.757 0 0', concat(/data/a, ';', /data/b, ';', /data/c, ';', /data/a))", "true" },
  { NULL, NULL },
};

static void
append_escaped (GString    *out,
                const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
}

static void
test_values (gconstpointer data)
{
  const Row *rows = data;
  g_autoptr (GString) instance = g_string_new (INSTANCE);
  g_autoptr (GString) model = g_string_new (MODEL);
  g_autoptr (MereFormSession) session = NULL;

  for (guint i = 0; rows[i].expression != NULL; i++)
    {
      g_string_append_printf (instance, "<e%u/>", i);
      g_string_append_printf (model, "<bind nodeset=\"/data/e%u\" calculate=\"", i);
      append_escaped (model, rows[i].expression);
      g_string_append (model, "\"/>");
    }
  session = mere_sample_session (instance->str, model->str, BODY);
  for (guint i = 0; rows[i].expression != NULL; i++)
    {
      g_autofree char *ref = g_strdup_printf ("/data/e%u", i);

      if (strcmp (mere_sample_value (session, ref), rows[i].value) == 0)
        continue;
      g_test_message ("%s is “%s”, expected “%s”", rows[i].expression, mere_sample_value (session, ref), rows[i].value);
      g_test_fail ();
    }
}

#define ITEXT                                                                                          \
  "<itext><translation lang=\"English (en)\"><text id=\"t\"><value>day</value></text></translation>"   \
  "<translation lang=\"Fran\303\247ais (fr)\"><text id=\"t\"><value>jour</value></text></translation>" \
  "<translation lang=\"\330\247\331\204\330\271\330\261\330\250\331\212\330\251 (ar)\"><text id=\"t\"><value>\331\212\331\210\331\205</value></text></translation></itext>"

static void
test_texts_are_in_the_language_of_the_form (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<d>2012-08-23</d><said/><named/>",
                         ITEXT "<bind nodeset=\"/data/said\" calculate=\"jr:itext('t')\"/>"
                               "<bind nodeset=\"/data/named\" calculate=\"format-date(/data/d, '%a %e %b')\"/>",
                         "<input ref=\"/data/d\"><label>D</label></input>");

  g_assert_cmpstr (mere_sample_value (session, "/data/named"), ==, "Thu 23 Aug");
  g_assert_true (mere_form_session_set_language (session, "Fran\303\247ais (fr)", NULL));
  g_assert_cmpstr (mere_sample_value (session, "/data/said"), ==, "jour");
  g_assert_cmpstr (mere_sample_value (session, "/data/named"), ==, "jeu. 23 ao\303\273t");
  g_assert_true (mere_form_session_set_language (session, "\330\247\331\204\330\271\330\261\330\250\331\212\330\251 (ar)", NULL));
  g_assert_cmpstr (mere_sample_value (session, "/data/named"), ==, "\330\247\331\204\330\256\331\205\331\212\330\263 23 \330\243\330\272\330\263\330\267\330\263");
}

static void
test_only_what_the_key_signed_is_extracted (void)
{
  static const char message[] = "Utopia Bridge";
  guint8            seed[crypto_sign_SEEDBYTES] = { 1 };
  guint8            key[crypto_sign_PUBLICKEYBYTES];
  guint8            secret[crypto_sign_SECRETKEYBYTES];
  guint8            code[crypto_sign_BYTES + sizeof message - 1];
  g_autofree char  *key_text = NULL;
  g_autofree char  *code_text = NULL;
  g_autofree char  *bind = NULL;
  g_autoptr (MereFormSession) session = NULL;

  crypto_sign_seed_keypair (key, secret, seed);
  crypto_sign (code, NULL, (const guint8 *) message, sizeof message - 1, secret);
  key_text = g_base64_encode (key, sizeof key);
  code_text = g_base64_encode (code, sizeof code);
  bind = g_strdup_printf ("<bind nodeset=\"/data/told\" calculate=\"extract-signed(/data/code, '%s')\"/>", key_text);
  session = mere_sample_session ("<code/><told/>", bind, "<input ref=\"/data/code\"><label>Code</label></input>");
  mere_sample_set (session, "/data/code", code_text);
  g_assert_cmpstr (mere_sample_value (session, "/data/told"), ==, message);
  code_text[40] = code_text[40] == 'A' ? 'B' : 'A';
  mere_sample_set (session, "/data/code", code_text);
  g_assert_cmpstr (mere_sample_value (session, "/data/told"), ==, "");
  mere_sample_set (session, "/data/code", "abc");
  g_assert_cmpstr (mere_sample_value (session, "/data/told"), ==, "");
}

static void
test_once_keeps_what_it_gave (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><kept/>", "<bind nodeset=\"/data/kept\" calculate=\"once(concat('first ', /data/a))\"/>",
                         "<input ref=\"/data/a\"><label>A</label></input>");

  mere_sample_set (session, "/data/a", "x");
  g_assert_cmpstr (mere_sample_value (session, "/data/kept"), ==, "first ");
}

/* boolean() of a set of nodes asks whether there are any; of anything else, what it is worth. */
static void
test_a_boolean_follows_the_value_it_is_made_of (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><b>old</b><pick/><named/><equal/>",
                         "<bind nodeset=\"/data/b\" calculate=\"/data/a\" required=\"boolean(once(''))\"/>"
                         "<bind nodeset=\"/data/named\" calculate=\"boolean(jr:choice-name(/data/pick, '/data/pick'))\"/>"
                         "<bind nodeset=\"/data/equal\" calculate=\"boolean(/data/a = 'x')\"/>",
                         "<input ref=\"/data/a\"><label>A</label></input><input ref=\"/data/b\"><label>B</label></input>"
                         "<select1 ref=\"/data/pick\"><label>P</label><item><label>One</label><value>1</value></item></select1>");

  g_assert_false (mere_form_node_is_required (mere_sample_node (session, "/data/b")));
  mere_sample_set (session, "/data/a", "x");
  g_assert_true (mere_form_node_is_required (mere_sample_node (session, "/data/b")));
  g_assert_cmpstr (mere_sample_value (session, "/data/equal"), ==, "true");
  g_assert_cmpstr (mere_sample_value (session, "/data/named"), ==, "false");
  mere_sample_set (session, "/data/pick", "1");
  g_assert_cmpstr (mere_sample_value (session, "/data/named"), ==, "true");
}

/* Its choices depend on nodes beside it, not on what is below where the path begins. */
static void
test_a_path_may_climb_after_it_went_down (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><d/><e/>", "<bind nodeset=\"/data/d\" calculate=\"concat('d', /data/a)\"/>",
                         "<input ref=\"/data/a\"><label>A</label></input><select1 ref=\"/data/e\"><label>E</label>"
                         "<itemset nodeset=\".//..\"><value ref=\"d\"/><label ref=\"d\"/></itemset></select1>");

  g_assert_cmpstr (mere_form_node_get_choice (mere_sample_node (session, "/data/e"), 0).value, ==, "d");
  mere_sample_set (session, "/data/a", "1");
  g_assert_cmpstr (mere_sample_value (session, "/data/d"), ==, "d1");
  g_assert_cmpstr (mere_form_node_get_choice (mere_sample_node (session, "/data/e"), 0).value, ==, "d1");
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/forms/functions/operators", operators, test_values);
  g_test_add_data_func ("/forms/functions/string", strings, test_values);
  g_test_add_data_func ("/forms/functions/boolean", booleans, test_values);
  g_test_add_data_func ("/forms/functions/number", numbers, test_values);
  g_test_add_data_func ("/forms/functions/node-set", node_sets, test_values);
  g_test_add_data_func ("/forms/functions/date", dates, test_values);
  g_test_add_data_func ("/forms/functions/select", selects, test_values);
  g_test_add_data_func ("/forms/functions/geographic", places, test_values);
  g_test_add_func ("/forms/functions/translation", test_texts_are_in_the_language_of_the_form);
  g_test_add_func ("/forms/functions/extract-signed", test_only_what_the_key_signed_is_extracted);
  g_test_add_func ("/forms/functions/once", test_once_keeps_what_it_gave);
  g_test_add_func ("/forms/functions/boolean-of-a-value", test_a_boolean_follows_the_value_it_is_made_of);
  g_test_add_func ("/forms/functions/climbing-path", test_a_path_may_climb_after_it_went_down);

  return g_test_run ();
}
