/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One vault, two laptops: nothing is lost, headquarters sees it, and one of the two goes on as a laptop of its own. */

#include "config.h"

#include <glib/gstdio.h>

#include "app/store/record.h"
#include "sync/enrol.h"
#include "sync/hq/chain.h"
#include "sync/hq/device.h"
#include "team-fixture.h"

static void
go_round (MereTestTeam   *team,
          MereTestMember *laptop)
{
  mere_courier_written_free (mere_test_team_write (team, laptop));
  mere_test_team_receive (team);
  mere_courier_read_free (mere_test_team_read (team, laptop));
}

static gint64
count_records (MereTestTeam *team)
{
  return mere_test_ask (team->hq->store, "SELECT count (*) FROM hq_record");
}

/* The same vault goes two ways: each way writes to a stick of its own before it hears of the other. */
static char *
go_two_ways (MereTestTeam   *team,
             MereTestMember *laptop)
{
  g_autofree char *before = NULL;
  char            *here;

  g_free (mere_test_member_add_record (laptop, "both", NULL));
  go_round (team, laptop);
  before = mere_test_member_copy (laptop);
  g_free (mere_test_member_add_record (laptop, "here", NULL));
  go_round (team, laptop);
  here = mere_test_member_copy (laptop);

  mere_test_team_wipe_stick (team);
  mere_test_member_put_back (laptop, before);
  g_free (mere_test_member_add_record (laptop, "there", NULL));
  mere_courier_written_free (mere_test_team_write (team, laptop));
  mere_test_team_receive (team);
  return here;
}

static void
test_headquarters_sees_two_copies_and_keeps_both (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *here = go_two_ways (team, laptop);
  g_autoptr (GPtrArray) branches = mere_chain_list_branches (team->hq->store, laptop->device, NULL);
  g_autoptr (MereReceiptDocument) document = mere_chain_list (team->hq->store, laptop->device, -1, NULL);

  g_assert_cmpint (count_records (team), ==, 3);
  g_assert_cmpuint (((MereReceiptChain *) document->chains->pdata[0])->forks->len, ==, 1);
  g_assert_true (g_strv_contains ((const char *const *) document->notices, MERE_NOTICE_CLONE));
  g_assert_cmpuint (branches->len, ==, 1);
  g_assert_false (((MereChainBranch *) branches->pdata[0])->back);
}

static void
test_a_log_that_went_back_is_seen_over_chains (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *before = mere_test_member_copy (laptop);
  g_autoptr (GPtrArray) branches = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_free (mere_test_member_add_record (laptop, "lost", NULL));
      go_round (team, laptop);
    }
  /* It sees its own bundles on the stick, and begins a new chain; its log cannot be mended. */
  g_free (mere_test_member_add_record (laptop, "under way", NULL));
  mere_courier_written_free (mere_test_team_write (team, laptop));
  mere_test_member_put_back (laptop, before);
  g_free (mere_test_member_add_record (laptop, "after", NULL));
  go_round (team, laptop);
  branches = mere_chain_list_branches (team->hq->store, laptop->device, NULL);
  g_assert_cmpuint (branches->len, >=, 1);
  g_assert_true (((MereChainBranch *) branches->pdata[branches->len - 1])->back);
  g_assert_cmpint (count_records (team), ==, 6);
}

static void
enrol_again (MereTestTeam   *team,
             MereTestMember *laptop)
{
  g_autofree char *before = g_strdup (laptop->device);
  g_autoptr (MereDevice) device = NULL;

  mere_test_team_enrol (team, laptop);
  device = mere_device_load (team->hq->store, laptop->device, NULL);
  g_assert_cmpstr (device->replaces, ==, before);
}

/* What the receipt said is kept until somebody decides. */
static void
test_a_copy_goes_on_as_a_new_laptop (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *here = go_two_ways (team, laptop);
  g_autofree char *more = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;

  read = mere_test_team_read (team, laptop);
  g_assert_true (read->copied);
  g_assert_cmpint (mere_enrol_get_copied (laptop->store), ==, MERE_ENROL_COPIED_YES);
  more = mere_test_member_add_record (laptop, "more", NULL);
  mere_courier_written_free (mere_test_team_write (team, laptop)); /* sealed by the old keys, and never received */
  mere_test_team_wipe_stick (team);

  g_assert_true (mere_enrol_renew (laptop->store, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mere_enrol_get_state (laptop->store), ==, MERE_ENROL_TRUSTING);
  enrol_again (team, laptop);
  g_assert_cmpint (mere_enrol_get_copied (laptop->store), ==, MERE_ENROL_COPIED_NO);
  go_round (team, laptop);
  g_assert_cmpint (count_records (team), ==, 4); /* each once */
  g_assert_cmpint (mere_test_ask (laptop->store, "SELECT count (*) FROM record WHERE state <> 'acknowledged'"), ==, 0);
}

static void
test_one_that_is_the_only_copy_is_asked_no_more (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *here = go_two_ways (team, laptop);

  mere_courier_read_free (mere_test_team_read (team, laptop));
  g_assert_true (mere_enrol_settle_copied (laptop->store, NULL));
  g_free (mere_test_member_add_record (laptop, "more", NULL));
  go_round (team, laptop);
  g_assert_cmpint (mere_enrol_get_copied (laptop->store), ==, MERE_ENROL_COPIED_SETTLED);
}

/* A new vault on the old machine: headquarters knows what it was, and counts nothing twice. */
static void
test_a_laptop_that_was_installed_anew_is_known (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember *laptop = mere_test_team_add (team, "north");
  MereTestMember *again;
  g_autoptr (MereDevice) device = NULL;

  g_free (mere_test_member_add_record (laptop, "before", NULL));
  go_round (team, laptop);
  again = mere_test_team_add (team, "north again");
  g_assert_cmpstr (again->device, !=, laptop->device);
  g_free (mere_test_member_add_record (again, "after", NULL));
  go_round (team, again);
  g_assert_cmpint (count_records (team), ==, 2);
  g_assert_cmpint (mere_test_ask (team->hq->store, "SELECT count (DISTINCT device) FROM hq_record"), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/copies/headquarters-sees-two-copies-and-keeps-both", test_headquarters_sees_two_copies_and_keeps_both);
  g_test_add_func ("/copies/a-log-that-went-back-is-seen-over-chains", test_a_log_that_went_back_is_seen_over_chains);
  g_test_add_func ("/copies/a-copy-goes-on-as-a-new-laptop", test_a_copy_goes_on_as_a_new_laptop);
  g_test_add_func ("/copies/one-that-is-the-only-copy-is-asked-no-more", test_one_that_is_the_only_copy_is_asked_no_more);
  g_test_add_func ("/copies/a-laptop-that-was-installed-anew-is-known", test_a_laptop_that_was_installed_anew_is_known);

  return g_test_run ();
}
