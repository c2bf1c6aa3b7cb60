/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two laptops and a stick in a hotel room: the leader sees what the team has, headquarters gets each record once. */

#include "config.h"

#include <string.h>

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
  ADD ("a-colleague-reads-nothing", test_a_colleague_reads_nothing);
  ADD ("what-was-sealed-before-is-not-for-the-leader", test_what_was_sealed_before_is_not_for_the_leader);
  ADD ("a-team-that-is-dissolved-is-read-no-more", test_a_team_that_is_dissolved_is_read_no_more);
  g_test_add_func ("/team/a-changed-list-of-the-team-installs-nothing", test_a_changed_list_of_the_team_installs_nothing);

  return g_test_run ();
}
