/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two laptops and a stick in a hotel room: the leader sees what the team has, headquarters gets each record once. */

#include "config.h"

#include <string.h>

#include "app/capture/capture.h"
#include "app/capture/coverage.h"
#include "app/capture/intake.h"
#include "app/store/colleague.h"
#include "sync/dispatch.h"
#include "sync/hq/team.h"
#include "sync/team.h"
#include "team-fixture.h"

typedef struct
{
  MereTestTeam   *team;
  MereTestMember *leader;
  MereTestMember *member;
  MereTestMember *other; /* of no team */
} Room;

static void
read_pack (Room           *self,
           MereTestMember *laptop)
{
  g_autoptr (MereCourierRead) read = mere_test_team_read (self->team, laptop);

  g_assert_cmpuint (read->n_dispatches, ==, 1);
}

static void
set_team (Room       *self,
          const char *member)
{
  const char *const members[] = { member, NULL };
  g_autoptr (GError) error = NULL;

  mere_hq_team_set (self->team->hq->store, self->leader->device, members, &error);
  g_assert_no_error (error);
  mere_test_team_pack (self->team);
  read_pack (self, self->leader);
  read_pack (self, self->member);
  read_pack (self, self->other);
}

static void
set_up (Room         *self,
        gconstpointer data)
{
  self->team = mere_test_team_new ();
  self->leader = mere_test_team_add (self->team, "leader");
  self->member = mere_test_team_add (self->team, "member");
  self->other = mere_test_team_add (self->team, "other");
  set_team (self, self->member->device);
}

static void
tear_down (Room         *self,
           gconstpointer data)
{
  mere_test_team_free (self->team);
}

static void
write_record (Room           *self,
              MereTestMember *laptop,
              const char     *answer)
{
  g_free (mere_test_member_add_record (laptop, answer, NULL));
  mere_courier_written_free (mere_test_team_write (self->team, laptop));
}

/* --- Questionnaires at a crossing ---------------------------------------------------------------------------------- */

static const char form[] =
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:jr=\"http://openrosa.org/javarosa\""
  " xmlns:mere=\"https://merestone.org/xforms\"><h:head><h:title>Post</h:title><model><instance><data id=\"post\" version=\"1\">"
  "<law/><agencies/><chart/><minutes/><twice/><meta><instanceID/></meta></data></instance>"
  "<bind nodeset=\"/data/law\" mere:item=\"A1.1\"/><bind nodeset=\"/data/agencies\" mere:item=\"A1.2\"/>"
  "<bind nodeset=\"/data/chart\" mere:item=\"A1.3\"/><bind nodeset=\"/data/minutes\" mere:item=\"A1.4\"/>"
  "<bind nodeset=\"/data/twice\" mere:item=\"A1.5\"/>"
  "<bind nodeset=\"/data/meta/instanceID\" readonly=\"true()\" jr:preload=\"uid\"/></model></h:head><h:body>"
  "<select1 ref=\"/data/law\"><label>Is it named in law?</label><item><label>Yes</label><value>yes</value></item>"
  "<item><label>No</label><value>no</value></item></select1>"
  "<input ref=\"/data/agencies\"><label>How many?</label></input><input ref=\"/data/chart\"><label>Chart</label></input>"
  "<input ref=\"/data/minutes\"><label>Minutes</label></input><input ref=\"/data/twice\"><label>Twice</label></input></h:body></h:html>";

#define GATE "5b0c6a3e-0000-4000-8000-000000000001"

/* As a pack would bring them. */
static void
install (MereTestMember *laptop)
{
  g_autoptr (GBytes) xml = g_bytes_new_static (form, sizeof form - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_intake_instrument (laptop->store, xml, -1, NULL, &error);
  g_autoptr (MereCrossing) gate = mere_crossing_new ("Salt Gate", MERE_CROSSING_LAND, "");

  g_assert_no_error (error);
  g_free (gate->id);
  gate->id = g_strdup (GATE);
  g_assert_true (mere_crossing_save (laptop->store, gate, NULL));
}

/* Questions and answers take turns, NULL at the end; (transfer full): the record's id. */
static char *
fill (MereTestMember *laptop,
      const char     *question,
      ...)
{
  g_autoptr (MereInstrument) instrument = mere_instrument_load_latest (laptop->store, "post", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCapture) capture = mere_capture_new (laptop->store, instrument->row, GATE, &error);
  va_list answers;
  char   *id;

  g_assert_no_error (error);
  va_start (answers, question);
  for (; question != NULL; question = va_arg (answers, const char *))
    g_assert_true (mere_capture_set (capture, mere_form_session_find (mere_capture_get_session (capture), question), va_arg (answers, const char *), &error));
  va_end (answers);
  id = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);

  return id;
}

static MereCoverageItem *
load_item (MereTestMember *laptop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCoverage) coverage = mere_coverage_load (laptop->store, NULL, &error);
  MereCoverageItem *item;

  g_assert_no_error (error);
  item = mere_coverage_load_item (laptop->store, GATE, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((MereCoveragePlace *) coverage->places->pdata[0])->cells[0].state, ==, item->cell.state);

  return item;
}

/* The hotel room: what is covered, by whom, what is missing, and where two answers differ. */
static void
test_two_laptops_and_a_stick_show_the_whole_coverage (Room         *self,
                                                      gconstpointer data)
{
  g_autofree char *own = NULL;
  g_autofree char *theirs = NULL;
  g_autoptr (MereCoverageItem) before = NULL;
  g_autoptr (MereCoverageItem) after = NULL;
  const MereCoverageRecord *record;

  install (self->leader);
  install (self->member);
  own = fill (self->leader, "/data/law", "yes", "/data/agencies", "3", NULL);
  theirs = fill (self->member, "/data/law", "no", "/data/chart", "as drawn", "/data/minutes", "4", NULL);
  mere_courier_written_free (mere_test_team_write (self->team, self->member));
  before = load_item (self->leader);
  mere_courier_read_free (mere_test_team_read (self->team, self->leader));
  after = load_item (self->leader);

  g_assert_cmpuint (before->cell.n_answered, ==, 2);
  g_assert_cmpuint (before->cell.n_people, ==, 1);
  g_assert_cmpuint (after->cell.n_answered, ==, 4);
  g_assert_cmpuint (after->cell.n_people, ==, 2);
  g_assert_cmpuint (after->missing->len, ==, 1);
  g_assert_cmpuint (g_array_index (after->missing, guint, 0), ==, 4);
  g_assert_cmpuint (after->conflicts->len, ==, 1);
  record = after->records->pdata[1];
  g_assert_cmpstr (record->id, ==, theirs);
  g_assert_cmpstr (record->label, ==, "member");
  g_assert_true (record->readable);
}

/* To the byte, and to read: it is in no list of the leader's own, and nothing edits it. */
static void
test_the_leader_reads_a_colleagues_record (Room         *self,
                                           gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GBytes) sent = NULL;
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GPtrArray) listed = NULL;
  MereRecordFilter own = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) owned = NULL;
  g_autoptr (GError) error = NULL;

  install (self->leader);
  install (self->member);
  id = fill (self->member, "/data/law", "no", "/data/chart", "as drawn", NULL);
  mere_courier_written_free (mere_test_team_write (self->team, self->member));
  mere_courier_read_free (mere_test_team_read (self->team, self->leader));
  sent = mere_record_load_xml (self->member->store, id, NULL);
  kept = mere_colleague_load_xml (self->leader->store, id, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (sent, kept));
  session = mere_capture_load_colleague (self->leader->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_form_node_get_value (mere_form_session_find (session, "/data/chart")), ==, "as drawn");

  listed = mere_colleague_list (self->leader->store, 0, 10, &error);
  g_assert_cmpuint (listed->len, ==, 1);
  g_assert_cmpstr (((MereColleagueRecord *) listed->pdata[0])->label, ==, "member");
  g_assert_cmpstr (((MereColleagueRecord *) listed->pdata[0])->crossing_name, ==, "Salt Gate");
  owned = mere_record_list (self->leader->store, &own, &error);
  g_assert_cmpuint (owned->len, ==, 0);
  g_assert_null (mere_capture_edit (self->leader->store, id, NULL));
}

/* Theirs go whether headquarters has them or not, and do not come back from the stick. */
static void
test_erasing_takes_colleagues_records_too (Room         *self,
                                           gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (MereCourierRead) again = NULL;
  g_autoptr (MereCoverageItem) item = NULL;
  g_autoptr (GError) error = NULL;
  MereErasureResult result;

  install (self->leader);
  install (self->member);
  id = fill (self->member, "/data/law", "no", "/data/chart", "as drawn", NULL);
  mere_courier_written_free (mere_test_team_write (self->team, self->member));
  mere_courier_read_free (mere_test_team_read (self->team, self->leader));
  g_assert_true (mere_courier_erase (self->leader->store, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  again = mere_test_team_read (self->team, self->leader);

  g_assert_cmpint (mere_test_ask (self->leader->store, "SELECT count (*) FROM colleague_xml"), ==, 0);
  g_assert_cmpint (mere_test_ask (self->leader->store, "SELECT count (*) FROM evidence WHERE ref <> ''"), ==, 0);
  g_assert_null (mere_colleague_load_xml (self->leader->store, id, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  item = load_item (self->leader);
  g_assert_cmpint (item->cell.state, ==, MERE_COVERAGE_PARTLY);
  g_assert_false (((MereCoverageRecord *) item->records->pdata[0])->readable);
  /* The colleague's laptop has lost nothing. */
  g_assert_cmpint (mere_test_ask (self->member->store, "SELECT count (*) FROM record_xml"), ==, 1);
}

/* Sealed bundles of both, brought in each order, some twice, before or after the leader has read them. */
static void
test_headquarters_has_each_record_once_whichever_way (Room         *self,
                                                      gconstpointer data)
{
  for (guint way = 0; way < 8; way++)
    {
      write_record (self, way & 1 ? self->leader : self->member, "first");
      if (way & 2)
        mere_courier_read_free (mere_test_team_read (self->team, self->leader));
      if (way & 4)
        mere_test_team_receive (self->team);
      write_record (self, way & 1 ? self->member : self->leader, "second");
      mere_courier_read_free (mere_test_team_read (self->team, self->leader));
      if (way & 4)
        mere_test_team_wipe_stick (self->team);
      /* A stick that was lost is written anew, with all that no receipt names. */
      mere_courier_written_free (mere_test_team_write (self->team, self->leader));
      mere_courier_written_free (mere_test_team_write (self->team, self->member));
      mere_test_team_receive (self->team);
      mere_test_team_receive (self->team);

      g_assert_cmpint (mere_test_ask (self->team->hq->store, "SELECT count (*) FROM hq_record"), ==, 2 * (way + 1));
      g_assert_cmpint (mere_test_ask (self->team->hq->store, "SELECT count (*) FROM hq_rejection"), ==, 0);
      g_assert_cmpint (mere_test_ask (self->leader->store, "SELECT count (*) FROM record"), ==, way + 1);
    }
  /* Each is its maker's. */
  g_assert_cmpint (mere_test_ask (self->team->hq->store, "SELECT count (*) FROM hq_record GROUP BY device ORDER BY 1 LIMIT 1"), ==, 8);
}

static void
test_the_leader_counts_what_the_team_has (Room         *self,
                                          gconstpointer data)
{
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierRead) again = NULL;
  g_autoptr (GPtrArray) coverage = NULL;
  const MereTeamCount *own, *colleague;
  MereCourierLook      look;

  write_record (self, self->member, "one");
  write_record (self, self->member, "two");
  write_record (self, self->other, "not for the leader");
  g_free (mere_test_member_add_record (self->leader, "own", NULL));
  g_assert_true (mere_courier_look (self->leader->store, self->team->stick, &look, NULL, NULL));
  g_assert_cmpuint (look.n_team, >, 0);

  read = mere_test_team_read (self->team, self->leader);
  g_assert_cmpuint (read->n_team_records, ==, 2);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  coverage = mere_team_list_coverage (self->leader->store, NULL);
  g_assert_cmpuint (coverage->len, ==, 2);
  own = coverage->pdata[0];
  colleague = coverage->pdata[1];
  g_assert_null (own->label);
  g_assert_cmpuint (own->n_records, ==, 1);
  g_assert_cmpstr (colleague->label, ==, "member");
  g_assert_cmpuint (colleague->n_records, ==, 2);

  again = mere_test_team_read (self->team, self->leader);
  g_assert_cmpuint (again->n_team_records, ==, 0);
  g_assert_true (mere_courier_look (self->leader->store, self->team->stick, &look, NULL, NULL));
  g_assert_cmpuint (look.n_team, ==, 0);
}

/* They are not records of this laptop: nothing of them is packed here. */
static void
test_headquarters_gets_each_record_once (Room         *self,
                                         gconstpointer data)
{
  write_record (self, self->member, "one");
  mere_courier_read_free (mere_test_team_read (self->team, self->leader));
  write_record (self, self->leader, "own");
  mere_test_team_receive (self->team);
  g_assert_cmpint (mere_test_ask (self->team->hq->store, "SELECT count (*) FROM hq_record"), ==, 2);
  g_assert_cmpint (mere_test_ask (self->team->hq->store, "SELECT count (DISTINCT device) FROM hq_record"), ==, 2);
  g_assert_cmpint (mere_test_ask (self->leader->store, "SELECT count (*) FROM record"), ==, 1);
}

static void
test_a_colleague_reads_nothing (Room         *self,
                                gconstpointer data)
{
  g_autoptr (MereCourierRead) read = NULL;

  write_record (self, self->leader, "own");
  read = mere_test_team_read (self->team, self->member);
  g_assert_cmpuint (read->n_team_records, ==, 0);
  g_assert_cmpint (mere_test_ask (self->member->store, "SELECT count (*) FROM colleague_record"), ==, 0);
}

/* What was sealed before the pack is for headquarters alone; it is passed over, and no trouble. */
static void
test_what_was_sealed_before_is_not_for_the_leader (Room         *self,
                                                   gconstpointer data)
{
  g_autoptr (MereCourierRead) read = NULL;

  write_record (self, self->other, "before");
  set_team (self, self->other->device);
  read = mere_test_team_read (self->team, self->leader);
  g_assert_cmpuint (read->n_team_records, ==, 0);
  g_assert_cmpuint (read->refusals->len, ==, 0);

  write_record (self, self->other, "after");
  mere_courier_read_free (mere_test_team_read (self->team, self->leader));
  g_assert_cmpint (mere_test_ask (self->leader->store, "SELECT count (*) FROM colleague_record"), ==, 1);
}

static void
test_a_team_that_is_dissolved_is_read_no_more (Room         *self,
                                               gconstpointer data)
{
  g_autoptr (MereCourierRead) read = NULL;

  set_team (self, NULL);
  write_record (self, self->member, "one");
  read = mere_test_team_read (self->team, self->leader);
  g_assert_cmpuint (read->n_team_records, ==, 0);
  g_assert_cmpint (mere_test_ask (self->member->store, "SELECT count (*) FROM colleague"), ==, 0);
}

static void
test_a_changed_list_of_the_team_installs_nothing (void)
{
  static const char *const texts[] = {
    "",
    "{}",
    "[{}]",
    "[{\"device\":\"k7q2m9xd\",\"label\":\"\",\"sign_key\":\"RW\",\"box_key\":\"age1\"}]",
    "[1]",
    "[] []",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) text = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_team_parse (text, &error));
      g_assert_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_FORMAT);
    }
}

#define ADD(name, function) g_test_add ("/team/" name, Room, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("the-leader-counts-what-the-team-has", test_the_leader_counts_what_the_team_has);
  ADD ("headquarters-gets-each-record-once", test_headquarters_gets_each_record_once);
  ADD ("headquarters-has-each-record-once-whichever-way", test_headquarters_has_each_record_once_whichever_way);
  ADD ("two-laptops-and-a-stick-show-the-whole-coverage", test_two_laptops_and_a_stick_show_the_whole_coverage);
  ADD ("the-leader-reads-a-colleagues-record", test_the_leader_reads_a_colleagues_record);
  ADD ("erasing-takes-colleagues-records-too", test_erasing_takes_colleagues_records_too);
  ADD ("a-colleague-reads-nothing", test_a_colleague_reads_nothing);
  ADD ("what-was-sealed-before-is-not-for-the-leader", test_what_was_sealed_before_is_not_for_the_leader);
  ADD ("a-team-that-is-dissolved-is-read-no-more", test_a_team_that_is_dissolved_is_read_no_more);
  g_test_add_func ("/team/a-changed-list-of-the-team-installs-nothing", test_a_changed_list_of_the_team_installs_nothing);

  return g_test_run ();
}
