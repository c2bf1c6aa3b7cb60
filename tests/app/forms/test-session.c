/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fillings: what follows from an answer, repeats, actions, languages, drafts and what becomes of them. */

#include "config.h"

#include "tests/app/forms/sample.h"

#include "app/forms/audit.h"

#include <string.h>

#define INPUT(name) "<input ref=\"/data/" name "\"><label>" name "</label></input>"

static void
test_relevance_is_inherited_and_answers_wait (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><g><b/><h><c/></h></g><sum/>",
                         "<bind nodeset=\"/data/g\" relevant=\"/data/a = 'x'\"/><bind nodeset=\"/data/sum\" calculate=\"concat(/data/g/b, /data/g/h/c)\"/>",
                         INPUT ("a") "<group ref=\"/data/g\">" INPUT ("g/b") INPUT ("g/h/c") "</group>");
  g_autofree char *hidden = NULL;

  g_assert_false (mere_form_node_is_relevant (mere_sample_node (session, "/data/g/h/c")));
  mere_sample_set (session, "/data/a", "x");
  mere_sample_set (session, "/data/g/b", "1");
  mere_sample_set (session, "/data/g/h/c", "2");
  g_assert_cmpstr (mere_sample_value (session, "/data/sum"), ==, "12");
  mere_sample_set (session, "/data/a", "");
  g_assert_cmpstr (mere_sample_value (session, "/data/sum"), ==, "");
  hidden = mere_sample_dup_xml (session, TRUE);
  g_assert_cmpstr (hidden, ==, "<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"sample\" version=\"1\"><a/><sum/><orx:meta><orx:instanceID>uuid:#</orx:instanceID></orx:meta></data>");
  mere_sample_set (session, "/data/a", "x");
  g_assert_cmpstr (mere_sample_value (session, "/data/sum"), ==, "12");
}

static void
test_validity_has_a_message_in_the_language (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/>",
                         "<itext><translation lang=\"en\"><text id=\"m\"><value>Not <output value=\"/data/a\"/></value></text></translation>"
                         "<translation lang=\"fr\"><text id=\"m\"><value>Pas <output value=\"/data/a\"/></value></text></translation></itext>"
                         "<bind nodeset=\"/data/a\" required=\"true()\" jr:requiredMsg=\"Say it\" constraint=\". != 'no'\" jr:constraintMsg=\"jr:itext('m')\"/>",
                         INPUT ("a"));
  MereFormNode *a = mere_sample_node (session, "/data/a");
  g_autoptr (GPtrArray) invalid = NULL;

  g_assert_cmpint (mere_form_node_get_validity (a), ==, MERE_FORM_VIOLATES_REQUIRED);
  g_assert_cmpstr (mere_form_node_get_message (a), ==, "Say it");
  mere_sample_set (session, "/data/a", "no");
  g_assert_cmpint (mere_form_node_get_validity (a), ==, MERE_FORM_VIOLATES_CONSTRAINT);
  g_assert_cmpstr (mere_form_node_get_message (a), ==, "Not no");
  g_assert_true (mere_form_session_set_language (session, "fr", NULL));
  g_assert_cmpstr (mere_form_node_get_message (a), ==, "Pas no");
  g_assert_false (mere_form_session_validate (session, &invalid));
  g_assert_cmpuint (invalid->len, ==, 1);
  mere_sample_set (session, "/data/a", "yes");
  g_assert_null (mere_form_node_get_message (a));
  g_assert_true (mere_form_session_validate (session, NULL));
}

#define LANES "<lane jr:template=\"\"><name>new</name><no/></lane>"
#define LANE_BIND "<bind nodeset=\"/data/lane/no\" calculate=\"position(..)\"/><bind nodeset=\"/data/n\" type=\"int\"/>"
#define LANE_BODY(attributes) "<group ref=\"/data/lane\"><label>Lane</label><repeat nodeset=\"/data/lane\" " attributes ">" INPUT ("lane/name") "</repeat></group>"

static void
test_instances_come_from_the_template_and_go (void)
{
  g_autoptr (MereFormSession) session = mere_sample_session ("<n/>" LANES, LANE_BIND, LANE_BODY (""));
  MereFormNode *lanes = mere_sample_node (session, "/data/lane");

  g_assert_cmpuint (mere_form_node_get_n_children (lanes), ==, 0);
  mere_sample_add (session, "/data/lane");
  mere_sample_add (session, "/data/lane");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/name"), ==, "new");
  mere_sample_set (session, "/data/lane[2]/name", "second");
  mere_sample_remove (session, "/data/lane[1]");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[1]/name"), ==, "second");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[1]/no"), ==, "1");
  g_assert_true (mere_form_node_can_add_remove (lanes));
}

static void
test_a_count_makes_instances (void)
{
  g_autoptr (MereFormSession) session = mere_sample_session ("<n/>" LANES, LANE_BIND, INPUT ("n") LANE_BODY ("jr:count=\"/data/n\""));
  MereFormNode *lanes = mere_sample_node (session, "/data/lane");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (mere_form_node_get_n_children (lanes), ==, 0);
  mere_sample_set (session, "/data/n", "3");
  g_assert_cmpuint (mere_form_node_get_n_children (lanes), ==, 3);
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[3]/no"), ==, "3");
  mere_sample_set (session, "/data/n", "1");
  g_assert_cmpuint (mere_form_node_get_n_children (lanes), ==, 1);
  g_assert_false (mere_form_node_can_add_remove (lanes));
  g_assert_null (mere_form_session_add_instance (session, lanes, &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
}

#define BOXES_IN_LANES "<n>1</n><lane><box><colour>red</colour></box></lane>"
#define BOXES_IN_LANES_BODY \
  INPUT ("n")               \
  "<repeat nodeset=\"/data/lane\"><repeat nodeset=\"/data/lane/box\" jr:count=\"/data/n\">" INPUT ("lane/box/colour") "</repeat></repeat>"

static void
test_a_new_instance_is_empty_with_all_that_is_counted_in_it (void)
{
  g_autoptr (MereFormSession) session = mere_sample_session (BOXES_IN_LANES, "<bind nodeset=\"/data/n\" type=\"int\"/>", BOXES_IN_LANES_BODY);
  g_autoptr (MereFormSession) again = NULL;
  g_autofree char *draft = NULL;
  g_autoptr (GBytes) bytes = NULL;

  mere_sample_set (session, "/data/n", "0");
  mere_sample_add (session, "/data/lane");
  draft = mere_sample_dup_xml (session, FALSE);
  mere_sample_set (session, "/data/n", "1");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[1]/box[1]/colour"), ==, "red");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/box[1]/colour"), ==, "");
  bytes = g_bytes_new_static (draft, strlen (draft));
  again = mere_form_session_new_from_instance (mere_form_session_get_form (session), bytes, FALSE, NULL);
  mere_sample_set (again, "/data/n", "1");
  g_assert_cmpstr (mere_sample_value (again, "/data/lane[1]/box[1]/colour"), ==, "red");
  g_assert_cmpstr (mere_sample_value (again, "/data/lane[2]/box[1]/colour"), ==, "");
}

static void
test_a_fixed_repeat_keeps_its_instances (void)
{
  g_autoptr (MereFormSession) session = mere_sample_session ("<n/><lane><name>a</name><no/></lane><lane><name>b</name><no/></lane>", LANE_BIND, LANE_BODY ("jr:noAddRemove=\"true()\""));
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (mere_form_node_get_n_children (mere_sample_node (session, "/data/lane")), ==, 2);
  g_assert_false (mere_form_session_remove_instance (session, mere_sample_node (session, "/data/lane[1]"), &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
}

/* What questionnaires in the field rely on: docs/forms.md. */
static void
test_absolute_paths_mean_the_current_instance (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<lane><name/><said/></lane><lane><name/><said/></lane><all/>",
                         "<bind nodeset=\"/data/lane/said\" calculate=\"concat('lane ', /data/lane/name)\"/><bind nodeset=\"/data/all\" calculate=\"join(',', /data/lane/name)\"/>",
                         "<group ref=\"/data/lane\"><repeat nodeset=\"/data/lane\">" INPUT ("lane/name") "</repeat></group>");

  mere_sample_set (session, "/data/lane[1]/name", "a");
  mere_sample_set (session, "/data/lane[2]/name", "b");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/said"), ==, "lane b");
  g_assert_cmpstr (mere_sample_value (session, "/data/all"), ==, "a,b");
}

/* A form that says that it follows version 1.0.0 of the specification or a later one. */
static MereFormSession *
new_session_of_1_0 (const char *instance, const char *model, const char *body)
{
  g_autoptr (GBytes) xml = mere_sample_xml (instance, model, body);
  g_autofree char *text = g_strndup (g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  g_auto (GStrv) parts = g_strsplit (text, "<model>", 2);
  char *versioned = g_strjoinv ("<model odk:xforms-version=\"1.0.0\">", parts);
  g_autoptr (GBytes) bytes = g_bytes_new_take (versioned, strlen (versioned));
  g_autoptr (GError) error = NULL;
  g_autoptr (MereForm) form = mere_form_load (bytes, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return mere_form_session_new (form);
}

static void
test_absolute_paths_are_absolute_since_1_0 (void)
{
  g_autoptr (MereFormSession) session =
    new_session_of_1_0 ("<lane><name/><said/><kept/></lane><lane><name/><said/><kept/></lane>",
                        "<bind nodeset=\"/data/lane/said\" calculate=\"concat(/data/lane/name, ' and ', ../name)\"/>",
                        "<group ref=\"/data/lane\"><repeat nodeset=\"/data/lane\"><input ref=\"/data/lane/name\"><label>n</label>"
                        "<setvalue event=\"xforms-value-changed\" ref=\"/data/lane/kept\" value=\"../name\"/></input></repeat></group>");

  mere_sample_set (session, "/data/lane[1]/name", "a");
  mere_sample_set (session, "/data/lane[2]/name", "b");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/said"), ==, "ab and b");
  /* where an action stands says which instance it means */
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[1]/kept"), ==, "a");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/kept"), ==, "b");
}

static void
test_a_calculation_of_once_is_made_again_when_it_was_emptied (void)
{
  g_autoptr (MereFormSession) session = mere_sample_session ("<code/>", "<bind nodeset=\"/data/code\" calculate=\"once('first')\"/>", INPUT ("code"));

  mere_sample_set (session, "/data/code", "other");
  g_assert_cmpstr (mere_sample_value (session, "/data/code"), ==, "other");
  mere_sample_set (session, "/data/code", "");
  g_assert_cmpstr (mere_sample_value (session, "/data/code"), ==, "first");
}

static void
test_a_group_may_be_there_for_what_is_in_it (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<inputs><source>user</source></inputs>", "<bind nodeset=\"/data/inputs\" relevant=\"./source = 'user'\"/>",
                         "<group ref=\"/data/inputs\">" INPUT ("inputs/source") "</group>");

  g_assert_true (mere_form_node_is_relevant (mere_sample_node (session, "/data/inputs/source")));
  mere_sample_set (session, "/data/inputs/source", "device");
  g_assert_false (mere_form_node_is_relevant (mere_sample_node (session, "/data/inputs/source")));
}

/* Instances are counted whether they are relevant or not, so that is no circle. */
static void
test_relevance_may_count_what_it_hides (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<n>1</n><k/><g><lane><age/></lane></g>",
                         "<bind nodeset=\"/data/n\" type=\"int\"/><bind nodeset=\"/data/k\" relevant=\"count(/data/g/lane) &gt; 1\"/>"
                         "<bind nodeset=\"/data/g\" relevant=\"count(/data/g/lane) &gt;= /data/n\"/><bind nodeset=\"/data/g/lane\" relevant=\"/data/k = ''\"/>",
                         INPUT ("n") INPUT ("k") "<group ref=\"/data/g\"><repeat nodeset=\"/data/g/lane\">" INPUT ("g/lane/age") "</repeat></group>");

  g_assert_true (mere_form_node_is_relevant (mere_sample_node (session, "/data/g")));
  mere_sample_set (session, "/data/n", "2");
  g_assert_false (mere_form_node_is_relevant (mere_sample_node (session, "/data/g")));
  mere_sample_add (session, "/data/g/lane");
  g_assert_true (mere_form_node_is_relevant (mere_sample_node (session, "/data/g")));
  mere_sample_set (session, "/data/k", "x");
  g_assert_false (mere_form_node_is_relevant (mere_sample_node (session, "/data/g/lane[1]")));
  g_assert_true (mere_form_node_is_relevant (mere_sample_node (session, "/data/k")));
}

static void
test_a_calculation_wins_in_a_new_instance (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<lane><age/><next/></lane>", "<bind nodeset=\"/data/lane/next\" calculate=\"../age + 1\"/>",
                         "<repeat nodeset=\"/data/lane\"><setvalue event=\"odk-new-repeat\" ref=\"/data/lane/age\" value=\"7\"/>"
                         "<setvalue event=\"odk-new-repeat\" ref=\"/data/lane/next\" value=\"5\"/>" INPUT ("lane/age") "</repeat>");

  mere_sample_add (session, "/data/lane");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/next"), ==, "8");
}

static void
test_an_action_in_a_group_answers_all_its_events (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<lane><in><age/><changes/></in></lane>", "<bind nodeset=\"/data/lane/in/age\" type=\"int\"/>",
                         "<repeat nodeset=\"/data/lane\"><group ref=\"/data/lane/in\">"
                         "<setvalue event=\"odk-new-repeat odk-instance-first-load\" ref=\"/data/lane/in/age\" value=\"100\"/>"
                         "<input ref=\"/data/lane/in/age\"><label>a</label>"
                         "<setvalue event=\"xforms-value-changed\" ref=\"/data/lane/in/changes\" value=\"concat(., 'x')\"/></input></group></repeat>");

  g_assert_cmpstr (mere_sample_value (session, "/data/lane[1]/in/age"), ==, "100");
  mere_sample_add (session, "/data/lane");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/in/age"), ==, "100");
  /* what an instance begins with is no change */
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/in/changes"), ==, "");
  mere_sample_set (session, "/data/lane[2]/in/age", "7");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/in/changes"), ==, "x");
}

static void
test_a_record_shows_what_was_recorded (void)
{
  static const char instance[] = "<when/><loaded>0</loaded><open/><hidden/><n/><lane><name/></lane>";
  static const char model[] = "<bind nodeset=\"/data/when\" calculate=\"now()\"/><bind nodeset=\"/data/open\" relevant=\"today() &lt; date('2001-01-01')\"/>"
                              "<bind nodeset=\"/data/n\" calculate=\"count(/data/lane)\"/>"
                              "<setvalue event=\"odk-instance-load\" ref=\"/data/loaded\" value=\"/data/loaded + 1\"/>";
  static const char body[] = INPUT ("loaded") INPUT ("open") INPUT ("hidden") "<group ref=\"/data/lane\"><repeat nodeset=\"/data/lane\" jr:count=\"0\">" INPUT ("lane/name") "</repeat></group>";
  static const char record[] = "<data id=\"sample\" version=\"1\"><when>2000-12-31T10:00:00.000+00:00</when><loaded>1</loaded><open>yes</open><n>7</n>"
                               "<lane><name>a</name></lane><lane><name>b</name></lane><meta><instanceID>uuid:1</instanceID></meta></data>";
  g_autoptr (MereForm) form = mere_sample_form (instance, model, body, NULL, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (record, strlen (record));
  g_autoptr (GError) error = NULL;
  g_autoptr (MereFormSession) session = mere_form_session_new_from_record (form, bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mere_sample_value (session, "/data/when"), ==, "2000-12-31T10:00:00.000+00:00");
  g_assert_cmpstr (mere_sample_value (session, "/data/loaded"), ==, "1");
  g_assert_cmpstr (mere_sample_value (session, "/data/open"), ==, "yes");
  g_assert_cmpstr (mere_sample_value (session, "/data/n"), ==, "7");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/name"), ==, "b");
  g_assert_false (mere_form_node_is_relevant (mere_sample_node (session, "/data/hidden")));
  g_assert_false (mere_form_session_set_value (session, mere_sample_node (session, "/data/loaded"), "2", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_REFERENCE);
}

static void
test_a_date_is_no_int (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<n/><d/>", "<bind nodeset=\"/data/n\" type=\"int\" calculate=\"'2024-02-29'\"/><bind nodeset=\"/data/d\" type=\"decimal\" calculate=\"'2024-02-29' + 1\"/>", "");

  g_assert_cmpstr (mere_sample_value (session, "/data/n"), ==, "");
  g_assert_cmpstr (mere_sample_value (session, "/data/d"), ==, "19783.0");
}

static void
test_actions_answer_events (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><first/><load/><changed/><literal/><closed/><lane><age/></lane>",
                         "<bind nodeset=\"/data/closed\" relevant=\"/data/a = 'open'\"/><bind nodeset=\"/data/changed\" type=\"int\"/>"
                         "<setvalue event=\"odk-instance-first-load\" ref=\"/data/first\" value=\"1 + 1\"/>"
                         "<setvalue event=\"odk-instance-load\" ref=\"/data/load\" value=\"concat(/data/load, 'x')\"/>"
                         "<setvalue event=\"odk-instance-first-load\" ref=\"/data/closed\" value=\"'set'\"/>",
                         "<input ref=\"/data/a\"><label>a</label><setvalue event=\"xforms-value-changed\" ref=\"/data/changed\" value=\"coalesce(., 0) + 1\"/>"
                         "<setvalue ev:event=\"xforms-value-changed\" ref=\"/data/literal\">text</setvalue></input>" INPUT ("closed") "<group ref=\"/data/lane\"><repeat nodeset=\"/data/lane\"><setvalue event=\"odk-new-repeat\" ref=\"/data/lane/age\" value=\"18 + position(..)\"/>" INPUT ("lane/age") "</repeat></group>");
  g_autoptr (GBytes) draft = NULL;
  g_autoptr (MereFormSession) later = NULL;

  g_assert_cmpstr (mere_sample_value (session, "/data/first"), ==, "2");
  g_assert_cmpstr (mere_sample_value (session, "/data/load"), ==, "x");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[1]/age"), ==, "");
  mere_sample_add (session, "/data/lane");
  g_assert_cmpstr (mere_sample_value (session, "/data/lane[2]/age"), ==, "20");
  mere_sample_set (session, "/data/a", "1");
  mere_sample_set (session, "/data/a", "1");
  mere_sample_set (session, "/data/a", "open");
  g_assert_cmpstr (mere_sample_value (session, "/data/changed"), ==, "2");
  g_assert_cmpstr (mere_sample_value (session, "/data/literal"), ==, "text");
  g_assert_cmpstr (mere_sample_value (session, "/data/closed"), ==, "");
  draft = mere_form_session_serialize (session, FALSE);
  later = mere_form_session_new_from_instance (mere_form_session_get_form (session), draft, FALSE, NULL);
  g_assert_cmpstr (mere_sample_value (later, "/data/load"), ==, "xx");
  g_assert_cmpstr (mere_sample_value (later, "/data/lane[2]/age"), ==, "20");
}

static void
assert_wants (MereFormSession *session,
              guint            n)
{
  g_autoptr (GPtrArray) wanted = mere_form_session_list_wanted_places (session);

  g_assert_cmpuint (wanted->len, ==, n);
}

static void
test_a_place_is_given_by_hand (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><here/><there>1 2 0 0</there>",
                         "<bind nodeset=\"/data/here\" type=\"geopoint\"/><bind nodeset=\"/data/there\" type=\"geopoint\"/>"
                         "<odk:setgeopoint event=\"odk-instance-first-load\" ref=\"/data/here\"/>",
                         "<input ref=\"/data/a\"><label>a</label><odk:setgeopoint event=\"xforms-value-changed\" ref=\"/data/there\"/></input>");
  g_autoptr (GBytes) draft = NULL;
  g_autoptr (MereFormSession) later = NULL;
  g_autoptr (GError) error = NULL;

  assert_wants (session, 1);
  mere_sample_set (session, "/data/a", "moved");
  assert_wants (session, 2);
  g_assert_cmpstr (mere_sample_value (session, "/data/there"), ==, "");
  g_assert_false (mere_form_session_set_value (session, mere_sample_node (session, "/data/here"), "north", &error));
  g_assert_error (error, MERE_FORM_ERROR, MERE_FORM_ERROR_VALUE);
  mere_sample_set (session, "/data/here", "38.25 21.75 12 3");
  assert_wants (session, 1);
  draft = mere_form_session_serialize (session, FALSE);
  later = mere_form_session_new_from_instance (mere_form_session_get_form (session), draft, FALSE, NULL);
  assert_wants (later, 1);
  g_assert_true (mere_form_node_wants_place (mere_sample_node (later, "/data/there")));
  g_assert_cmpstr (mere_sample_value (later, "/data/here"), ==, "38.25 21.75 12.0 3.0");
  mere_sample_set (later, "/data/there", "");
  assert_wants (later, 0);
}

static void
test_what_xml_escapes_comes_through (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a kind=\"&lt;&amp;&quot;&gt;\">&lt;&amp;&gt;</a><b/>", "<bind nodeset=\"/data/b\" calculate=\"concat('&lt;&amp;&gt;&#233;', /data/a/@kind)\"/>", INPUT ("a"));
  g_autofree char *xml = NULL;

  g_assert_cmpstr (mere_sample_value (session, "/data/b"), ==, "<&>\303\251<&\">");
  mere_sample_set (session, "/data/a", "1 < 2 & \"3\"\n]]>");
  xml = mere_sample_dup_xml (session, TRUE);
  g_assert_nonnull (strstr (xml, "<a kind=\"&lt;&amp;&quot;&gt;\">1 &lt; 2 &amp; \"3\"\n]]&gt;</a><b>&lt;&amp;&gt;\303\251&lt;&amp;\"&gt;</b>"));
}

static void
test_preloads_know_the_client (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<day/><orx:meta><orx:instanceID/><orx:deviceID/><orx:userID/><orx:timeStart/><orx:timeEnd/></orx:meta>",
                         "<bind nodeset=\"/data/day\" jr:preload=\"date\" jr:preloadParams=\"today\"/>"
                         "<bind nodeset=\"/data/orx:meta/orx:instanceID\" jr:preload=\"uid\"/>"
                         "<bind nodeset=\"/data/orx:meta/orx:deviceID\" jr:preload=\"property\" jr:preloadParams=\"deviceid\"/>"
                         "<bind nodeset=\"/data/orx:meta/orx:userID\" jr:preload=\"property\" jr:preloadParams=\"username\"/>"
                         "<bind nodeset=\"/data/orx:meta/orx:timeStart\" type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"start\"/>"
                         "<bind nodeset=\"/data/orx:meta/orx:timeEnd\" type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"/>",
                         NULL);

  mere_form_session_set_property (session, "deviceid", "merestone:1");
  g_assert_true (g_str_has_prefix (mere_form_session_get_instance_id (session), "uuid:"));
  g_assert_cmpuint (strlen (mere_sample_value (session, "/data/day")), ==, 10);
  g_assert_cmpstr (mere_sample_value (session, "/data/meta/deviceID"), ==, "merestone:1");
  g_assert_cmpstr (mere_sample_value (session, "/data/meta/userID"), ==, "");
  g_assert_cmpuint (strlen (mere_sample_value (session, "/data/meta/timeStart")), ==, 29);
  g_assert_cmpstr (mere_sample_value (session, "/data/meta/timeEnd"), ==, "");
  mere_form_session_finish (session);
  g_assert_cmpuint (strlen (mere_sample_value (session, "/data/meta/timeEnd")), ==, 29);
}

static char *
edit (const char *meta)
{
  g_autoptr (MereFormSession) session = mere_sample_session (meta, NULL, NULL);
  g_autoptr (GBytes) final = NULL;
  g_autoptr (MereFormSession) edited = NULL;
  g_autofree char *id = NULL;

  mere_form_session_finish (session);
  id = g_strdup (mere_form_session_get_instance_id (session));
  final = mere_form_session_serialize (session, TRUE);
  edited = mere_form_session_new_from_instance (mere_form_session_get_form (session), final, TRUE, NULL);
  g_assert_cmpstr (mere_form_session_get_instance_id (edited), !=, id);
  g_clear_pointer (&final, g_bytes_unref);
  final = mere_form_session_serialize (edited, TRUE);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (final, NULL), (gssize) g_bytes_get_size (final), id));
  return mere_sample_dup_xml (edited, TRUE);
}

static void
test_an_edit_names_what_it_replaces (void)
{
  g_autofree char *with = edit ("<meta><deprecatedID/><instanceID/></meta>");
  g_autofree char *without = edit ("<a/>");

  g_assert_cmpstr (with, ==, "<data id=\"sample\" version=\"1\"><meta><deprecatedID>uuid:#</deprecatedID><instanceID>uuid:#</instanceID></meta></data>");
  g_assert_cmpstr (without, ==,
                   "<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"sample\" version=\"1\"><a/><orx:meta><orx:instanceID>uuid:#</orx:instanceID>"
                   "<orx:deprecatedID>uuid:#</orx:deprecatedID></orx:meta></data>");
}

static void
test_entities_are_in_the_submission (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<species/><meta><instanceID/><entity dataset=\"trees\" id=\"\" create=\"\" update=\"1\" baseVersion=\"\"><label/></entity></meta>",
                         "<bind nodeset=\"/data/species\" entities:saveto=\"species\"/><bind nodeset=\"/data/meta/instanceID\" jr:preload=\"uid\"/>"
                         "<bind nodeset=\"/data/meta/entity/@create\" calculate=\"/data/species != ''\"/>"
                         "<bind nodeset=\"/data/meta/entity/@baseVersion\" calculate=\"3 + 4\"/>"
                         "<setvalue event=\"odk-instance-first-load\" ref=\"/data/meta/entity/@id\" value=\"uuid()\"/>"
                         "<bind nodeset=\"/data/meta/entity/label\" calculate=\"/data/species\"/>",
                         INPUT ("species"));
  g_autofree char *xml = NULL;

  mere_sample_set (session, "/data/species", "oak");
  xml = mere_sample_dup_xml (session, TRUE);
  g_assert_cmpstr (xml, ==,
                   "<data id=\"sample\" version=\"1\"><species>oak</species><meta><instanceID>uuid:#</instanceID>"
                   "<entity dataset=\"trees\" id=\"#\" create=\"true\" update=\"1\" baseVersion=\"7\"><label>oak</label></entity></meta></data>");
}

/* Files that a form refers to, by name. */
static GBytes *
give_file (const char *name,
           gpointer    files)
{
  const char *const *at = files;

  for (; *at != NULL; at += 2)
    if (strcmp (at[0], name) == 0)
      return g_bytes_new_static (at[1], strlen (at[1]));
  return NULL;
}

static void
test_instances_come_from_files (void)
{
  static const char *const files[] = {
    "towns.csv",
    "\357\273\277name;label;\"long name\"\r\nu1;Bridge;\"Utopia \"\"old\"\" ; Bridge\"\r\nu2;Port;\r\n",
    "gates.xml",
    "<root><item><name>g1</name><label>Gate</label></item></root>",
    "posts.geojson",
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"p1\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[21.75,38.25]},\"properties\":{\"label\":\"Post\",\"n\":2.5,\"open\":true,\"none\":null}}]}",
    "last-saved",
    "<data id=\"sample\"><a>before</a></data>",
    NULL,
  };
  g_autoptr (MereForm) form =
    mere_sample_form ("<a/><b/><c/><d/><e/>",
                      "<instance id=\"towns\" src=\"jr://file-csv/towns.csv\"/><instance id=\"gates\" src=\"jr://file/gates.xml\"/>"
                      "<instance id=\"posts\" src=\"jr://file/posts.geojson\"/><instance id=\"last\" src=\"jr://instance/last-saved\"/>"
                      "<bind nodeset=\"/data/a\" calculate=\"instance('towns')/root/item[name = 'u2']/label\"/>"
                      "<bind nodeset=\"/data/b\" calculate=\"instance('gates')/root/item/label\"/>"
                      "<bind nodeset=\"/data/c\" calculate=\"concat(instance('posts')/root/item/geometry, '|', instance('posts')/root/item[id = 'p1']/n)\"/>"
                      "<bind nodeset=\"/data/d\" calculate=\"instance('last')/data/a\"/>"
                      "<bind nodeset=\"/data/e\" calculate=\"instance('towns')/root/item[1]/*[3]\"/>",
                      NULL, give_file, (gpointer) files);
  g_autoptr (MereFormSession) session = mere_form_session_new (form);

  g_assert_cmpstr (mere_sample_value (session, "/data/a"), ==, "Port");
  g_assert_cmpstr (mere_sample_value (session, "/data/b"), ==, "Gate");
  g_assert_cmpstr (mere_sample_value (session, "/data/c"), ==, "38.25 21.75 0 0|2.5");
  g_assert_cmpstr (mere_sample_value (session, "/data/d"), ==, "before");
  g_assert_cmpstr (mere_sample_value (session, "/data/e"), ==, "Utopia \"old\" ; Bridge");
}

static void
test_texts_have_pictures_and_markup (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a>x &lt; y</a>",
                         "<itext><translation lang=\"en\"><text id=\"t\"><value>**Say** <output value=\"/data/a\"/></value><value form=\"image\">jr://images/a.png</value>"
                         "<value form=\"big-image\">jr://images/b.png</value><value form=\"audio\">jr://audio/c.mp3</value><value form=\"video\">jr://video/d.mp4</value></text>"
                         "<text id=\"h\"><value>Hint</value><value form=\"guidance\">More</value></text></translation></itext>",
                         "<input ref=\"/data/a\"><label ref=\"jr:itext('t')\"/><hint ref=\"jr:itext('h')\"/></input>");
  MereFormNode            *a = mere_sample_node (session, "/data/a");
  static const char *const kinds[] = { "image", "a.png", "big-image", "b.png", "audio", "c.mp3", "video", "d.mp4", NULL };

  g_assert_cmpstr (mere_form_node_get_label (a), ==, "**Say** x < y");
  g_assert_cmpstr (mere_form_node_get_label_markup (a), ==, "<b>Say</b> x &lt; y");
  g_assert_cmpstr (mere_form_node_get_hint (a), ==, "Hint");
  g_assert_cmpstr (mere_form_node_get_guidance (a), ==, "More");
  for (guint i = 0; kinds[i] != NULL; i += 2)
    {
      g_autofree char *file = mere_form_node_dup_media (a, kinds[i]);

      g_assert_cmpstr (file, ==, kinds[i + 1]);
    }
}

static void
note_nodes (MereFormSession *session,
            GPtrArray       *nodes,
            gboolean         structure,
            GString         *told)
{
  for (guint i = 0; i < nodes->len; i++)
    g_string_append_printf (told, "%s ", mere_form_node_get_name (nodes->pdata[i]));
}

static void
test_one_change_is_told_once (void)
{
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><b/><c/><d/>", "<bind nodeset=\"/data/b\" calculate=\"/data/a\"/><bind nodeset=\"/data/c\" relevant=\"/data/b = 'x'\"/>",
                         INPUT ("a") INPUT ("c") "<input ref=\"/data/d\"><label>D <output value=\"/data/b\"/></label></input>");
  g_autoptr (GString) told = g_string_new (NULL);

  g_signal_connect (session, "changed", G_CALLBACK (note_nodes), told);
  mere_sample_set (session, "/data/a", "x");
  g_assert_cmpstr (told->str, ==, "a b d c ");
}

static void
test_the_log_is_quoted_as_specified (void)
{
  static const MereFormAuditEvent events[] = {
    { "form start", NULL, 1000, 0, NULL, NULL },
    { "question", "/data/a", 1000, 2000, "", "a,\"b\"" },
    { "question", "/data/a", 2000, 3000, "a \"b\"", "two\nlines" },
    { "question", "/data/a", 3000, 3500, "same", "same" },
  };
  g_autoptr (MereFormSession) session =
    mere_sample_session ("<a/><orx:meta><orx:instanceID/><orx:audit/></orx:meta>",
                         "<bind nodeset=\"/data/orx:meta/orx:audit\" type=\"binary\" odk:track-changes=\"true\" odk:identify-user=\"true\""
                         " odk:location-priority=\"balanced\" odk:location-min-interval=\"60\" odk:location-max-age=\"120\"/>",
                         INPUT ("a"));
  g_autoptr (MereFormAudit) audit = NULL;
  g_autoptr (GBytes) csv = NULL;
  g_autofree char *text = NULL;

  mere_form_session_set_property (session, "username", "officer, first line");
  audit = mere_form_audit_new (session, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    mere_form_audit_add (audit, &events[i]);
  csv = mere_form_audit_dup_csv (audit);
  text = g_strndup (g_bytes_get_data (csv, NULL), g_bytes_get_size (csv));
  g_assert_cmpstr (text, ==,
                   "event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user\n"
                   "form start,,1000,,,,,,,\"officer, first line\"\n"
                   "question,/data/a,1000,2000,,,,,\"a,\"\"b\"\"\",\"officer, first line\"\n"
                   "question,/data/a,2000,3000,,,,a \"b\",\"two\nlines\",\"officer, first line\"\n"
                   "question,/data/a,3000,3500,,,,,,\"officer, first line\"\n");
  g_assert_true (mere_form_wants_audit (mere_form_session_get_form (session)));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/session/relevance", test_relevance_is_inherited_and_answers_wait);
  g_test_add_func ("/forms/session/validity", test_validity_has_a_message_in_the_language);
  g_test_add_func ("/forms/session/template", test_instances_come_from_the_template_and_go);
  g_test_add_func ("/forms/session/count", test_a_count_makes_instances);
  g_test_add_func ("/forms/session/counted-in-new", test_a_new_instance_is_empty_with_all_that_is_counted_in_it);
  g_test_add_func ("/forms/session/fixed", test_a_fixed_repeat_keeps_its_instances);
  g_test_add_func ("/forms/session/absolute-paths", test_absolute_paths_mean_the_current_instance);
  g_test_add_func ("/forms/session/absolute-paths-since-1.0", test_absolute_paths_are_absolute_since_1_0);
  g_test_add_func ("/forms/session/once", test_a_calculation_of_once_is_made_again_when_it_was_emptied);
  g_test_add_func ("/forms/session/group-for-what-is-in-it", test_a_group_may_be_there_for_what_is_in_it);
  g_test_add_func ("/forms/session/relevance-counts", test_relevance_may_count_what_it_hides);
  g_test_add_func ("/forms/session/calculation-in-new", test_a_calculation_wins_in_a_new_instance);
  g_test_add_func ("/forms/session/actions-in-a-group", test_an_action_in_a_group_answers_all_its_events);
  g_test_add_func ("/forms/session/record", test_a_record_shows_what_was_recorded);
  g_test_add_func ("/forms/session/date-is-no-int", test_a_date_is_no_int);
  g_test_add_func ("/forms/session/actions", test_actions_answer_events);
  g_test_add_func ("/forms/session/place", test_a_place_is_given_by_hand);
  g_test_add_func ("/forms/session/escapes", test_what_xml_escapes_comes_through);
  g_test_add_func ("/forms/session/preloads", test_preloads_know_the_client);
  g_test_add_func ("/forms/session/edit", test_an_edit_names_what_it_replaces);
  g_test_add_func ("/forms/session/entities", test_entities_are_in_the_submission);
  g_test_add_func ("/forms/session/files", test_instances_come_from_files);
  g_test_add_func ("/forms/session/texts", test_texts_have_pictures_and_markup);
  g_test_add_func ("/forms/session/signal", test_one_change_is_told_once);
  g_test_add_func ("/forms/session/log", test_the_log_is_quoted_as_specified);

  return g_test_run ();
}
