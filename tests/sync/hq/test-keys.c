/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Headquarters' keys change; laptops follow, however long they were away, and nothing that is under way is lost. */

#include "config.h"

#include <string.h>

#include "team-fixture.h"
#include "app/store/statement.h"
#include "sync/age.h"
#include "sync/bundle-reader.h"
#include "sync/enrol.h"
#include "sync/hq/answer.h"
#include "sync/hq/device.h"
#include "sync/hq/mission.h"

static void
change (MereTestTeam *team,
        MereKeyUse    use)
{
  g_autoptr (GError) error = NULL;

  mere_keyring_change (team->hq->keys, team->hq->store, use, FALSE, &error);
  g_assert_no_error (error);
}

static gint64
count_records (MereTestTeam *team)
{
  return mere_test_ask (team->hq->store, "SELECT count (*) FROM hq_record");
}

/* Once around: the laptop writes, headquarters receives, the laptop reads. */
static MereCourierRead *
go_round (MereTestTeam   *team,
          MereTestMember *laptop)
{
  mere_courier_written_free (mere_test_team_write (team, laptop));
  mere_test_team_receive (team);
  return mere_test_team_read (team, laptop);
}

static void
assert_follows (MereTestTeam   *team,
                MereTestMember *laptop)
{
  g_autoptr (MereEnrolStatus) status = mere_enrol_load_status (laptop->store, NULL);

  g_assert_cmpuint (status->trust, ==, team->hq->keys->trust->version);
  g_assert_cmpstr (status->hq, ==, team->hq->keys->hq);
  g_assert_cmpint (status->state, ==, MERE_ENROL_ACTIVE);
}

/* Every key, changed twice while the laptop was away with a record under way. */
static void
test_a_laptop_follows_over_two_changes (gconstpointer data)
{
  MereKeyUse use = GPOINTER_TO_INT (data);
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *first = mere_test_member_add_record (laptop, "one", NULL);
  g_autofree char *second = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (MereCourierRead) again = NULL;

  mere_courier_written_free (mere_test_team_write (team, laptop));
  change (team, use);
  change (team, use);
  mere_test_team_receive (team);
  g_assert_cmpint (count_records (team), ==, 1); /* sealed to the oldest key, and still opened */

  read = mere_test_team_read (team, laptop);
  g_assert_cmpuint (read->refusals->len, ==, 0);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  g_assert_cmpint (read->new_root, ==, use == MERE_KEY_ROOT);
  assert_follows (team, laptop);

  second = mere_test_member_add_record (laptop, "two", NULL);
  again = go_round (team, laptop);
  g_assert_cmpuint (again->n_acknowledged, ==, 1);
  g_assert_cmpint (count_records (team), ==, 2);
}

static void
test_all_keys_change_at_once (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *record = mere_test_member_add_record (laptop, "one", NULL);
  g_autoptr (MereCourierRead) read = NULL;

  change (team, MERE_KEY_ROOT);
  change (team, MERE_KEY_SIGN);
  change (team, MERE_KEY_BOX);
  change (team, MERE_KEY_ROOT);
  read = go_round (team, laptop);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  assert_follows (team, laptop);
}

static void
remove_cards (MereTestTeam *team)
{
  g_autofree char *cards = g_build_filename (team->stick, "MERESTONE", "ENROL", NULL);

  mere_test_remove_tree (cards);
}

/* A stick without the card, as a mail would bring it. */
static void
test_a_laptop_with_old_keys_is_told_what_to_do (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  g_autofree char *record = mere_test_member_add_record (laptop, "one", NULL);
  g_autoptr (MereCourierRead) read = NULL;
  const MereCourierRefusal *refusal;

  mere_courier_written_free (mere_test_team_write (team, laptop));
  change (team, MERE_KEY_SIGN);
  mere_test_team_receive (team);
  remove_cards (team);
  read = mere_test_team_read (team, laptop);
  g_assert_cmpuint (read->n_receipts, ==, 0);
  g_assert_cmpuint (read->refusals->len, ==, 1);
  refusal = read->refusals->pdata[0];
  g_assert_cmpstr (refusal->code, ==, "E_SENDER_UNKNOWN");
  g_assert_nonnull (strstr (refusal->message, "its card brings the new ones"));
}

static void
test_a_root_without_a_handover_is_strange (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  g_autoptr (MereTestTeam) others = mere_test_team_new ();
  MereTestMember  *laptop = mere_test_team_add (team, "north");
  MereTestMember  *stranger = mere_test_team_add (others, "south");
  g_autofree char *path = g_strdup (team->stick);
  g_autoptr (MereCourierRead) read = NULL;

  g_assert_nonnull (stranger);
  change (others, MERE_KEY_ROOT); /* it hands over, but not from ours */
  mere_test_team_pack (others);
  g_free (team->stick);
  team->stick = g_strdup (others->stick);
  read = mere_test_team_read (team, laptop);
  g_free (team->stick);
  team->stick = g_steal_pointer (&path);
  g_assert_cmpstr (read->strange_hq, ==, others->hq->keys->hq);
  g_assert_false (read->new_root);
  assert_follows (team, laptop);
}

static void
test_a_leaked_signing_key_is_believed_no_more (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember *laptop = mere_test_team_add (team, "north");
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;
  MereMinisignKey old, found;

  mere_minisign_secret_get_key (team->hq->keys->sign, &old);
  mere_keyring_change (team->hq->keys, team->hq->store, MERE_KEY_SIGN, TRUE, &error);
  g_assert_no_error (error);
  g_assert_false (mere_trust_find_signer (team->hq->keys->trust, old.number, &found));
  g_free (mere_test_member_add_record (laptop, "one", NULL));
  read = go_round (team, laptop);
  g_assert_cmpuint (read->n_acknowledged, ==, 1);
  assert_follows (team, laptop);
}

/* The newest .age of a laptop on the stick. */
static char *
find_bundle (MereTestTeam   *team,
             MereTestMember *laptop)
{
  g_autoptr (MereStick) stick = mere_stick_open (team->stick, NULL);
  g_autoptr (GPtrArray) found = mere_stick_scan (stick, NULL, NULL);
  char *path = NULL;

  for (guint i = 0; i < found->len; i++)
    {
      const MereStickFound *file = found->pdata[i];

      if (!g_str_has_prefix (file->name, laptop->device))
        continue;
      g_free (path);
      path = g_build_filename (team->stick, file->folder, file->name, NULL);
    }
  return path;
}

static gboolean
opens (MereTestTeam     *team,
       const char       *path,
       const MereSecret *identity)
{
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();
  g_autoptr (GPtrArray) devices = mere_device_list (team->hq->store, NULL);
  g_autoptr (MereBundleReader) reader = NULL;
  MereMinisignKey key;

  mere_minisign_key_parse (((MereDevice *) devices->pdata[0])->sign_key, &key, NULL);
  reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &key, NULL, NULL);
  g_ptr_array_add (identities, (gpointer) identity);
  return mere_bundle_reader_read (reader, identities, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
test_the_escrow_key_opens_what_laptops_send (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember *laptop = mere_test_team_add (team, "north");
  g_autoptr (MereSecret) holder = mere_age_identity_new ();
  g_autoptr (MereSecret) nobody = mere_age_identity_new ();
  g_autofree char *recipient = mere_age_identity_dup_recipient (holder);
  g_autofree char *bundle = NULL;
  g_autofree char *later = NULL;
  g_autoptr (GError) error = NULL;

  g_free (mere_test_member_add_record (laptop, "one", NULL));
  mere_courier_written_free (mere_test_team_write (team, laptop));
  bundle = find_bundle (team, laptop);
  g_assert_false (opens (team, bundle, holder));

  mere_keyring_set_escrow (team->hq->keys, team->hq->store, recipient, &error);
  g_assert_no_error (error);
  mere_test_team_receive (team);
  mere_courier_read_free (mere_test_team_read (team, laptop));
  g_free (mere_test_member_add_record (laptop, "two", NULL));
  mere_courier_written_free (mere_test_team_write (team, laptop));
  later = find_bundle (team, laptop);
  g_assert_true (opens (team, later, holder));
  g_assert_true (opens (team, later, team->hq->keys->box));
  g_assert_false (opens (team, later, nobody));
}

static gboolean
is_told (MereTestTeam *team)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (
    team->hq->store, "SELECT content FROM hq_sent WHERE kind = 'receipt' ORDER BY counter DESC LIMIT 1", &error);
  g_autoptr (GBytes) content = NULL;
  gboolean row = FALSE;

  g_assert_no_error (error);
  g_assert_true (mere_statement_step (query, &row, &error) && row);
  content = mere_statement_dup_bytes (query, 0);
  return g_strstr_len (g_bytes_get_data (content, NULL), (gssize) g_bytes_get_size (content), "E_KEY_OLD") != NULL;
}

/* A laptop that encrypts to the key before is told so, until it has followed. */
static void
test_an_old_box_key_is_named_in_the_receipt_and_can_be_forgotten (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember *laptop = mere_test_team_add (team, "north");
  g_autoptr (MereCourierRead) told = NULL;
  g_autoptr (MereCourierRead) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *old = g_strdup (team->hq->keys->trust->operational);

  change (team, MERE_KEY_BOX);
  change (team, MERE_KEY_SIGN); /* the one before still speaks, so the receipt is read without the card */
  g_free (mere_test_member_add_record (laptop, "one", NULL));
  mere_courier_written_free (mere_test_team_write (team, laptop));
  mere_test_team_receive (team);
  g_assert_true (is_told (team));
  read = mere_test_team_read (team, laptop);
  g_assert_false (read->key_old); /* the card on the stick was read first */
  assert_follows (team, laptop);

  mere_keyring_forget_box (team->hq->keys, team->hq->store, old, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (team->hq->keys->old_boxes->len, ==, 0);
  g_free (mere_test_member_add_record (laptop, "two", NULL));
  told = go_round (team, laptop);
  g_assert_cmpint (count_records (team), ==, 2);
  g_assert_false (is_told (team));
}

/* A list between the one that a laptop holds and the newest is gone from headquarters' store: neither a pack nor a receipt goes out
 * without it, and both say why. */
static void
test_a_missing_trust_list_is_said (void)
{
  g_autoptr (MereTestTeam) team = mere_test_team_new ();
  MereTestMember         *laptop = mere_test_team_add (team, "north");
  const MereMissionChange mission = { (char *) "Utopia 2026", (char *) "UTO", NULL, NULL, FALSE };
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n_sent;

  change (team, MERE_KEY_SIGN);
  change (team, MERE_KEY_SIGN);
  n_sent = mere_test_ask (team->hq->store, "SELECT count (*) FROM hq_sent");
  g_assert_true (mere_store_execute (team->hq->store, "DELETE FROM setting WHERE key IN ('trust.2', 'trust.2.minisig')", NULL));

  g_assert_true (mere_store_begin (team->hq->store, NULL));
  g_assert_true (mere_mission_change (team->hq->store, &mission, NULL));
  g_assert_false (mere_mission_dispatch (team->hq->store, team->hq->keys, &rows, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  mere_store_rollback (team->hq->store);
  g_assert_cmpint (mere_answer_make (team->hq->store, team->hq->keys, laptop->device, &error), <=, 0);
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
  g_assert_cmpint (mere_test_ask (team->hq->store, "SELECT count (*) FROM hq_sent"), ==, n_sent);
}

#define ADD_USE(name, use) g_test_add_data_func ("/keys/a-laptop-follows-over-two-changes/" name, GINT_TO_POINTER (use), test_a_laptop_follows_over_two_changes)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_USE ("sign", MERE_KEY_SIGN);
  ADD_USE ("box", MERE_KEY_BOX);
  ADD_USE ("root", MERE_KEY_ROOT);
  g_test_add_func ("/keys/all-keys-change-at-once", test_all_keys_change_at_once);
  g_test_add_func ("/keys/a-laptop-with-old-keys-is-told-what-to-do", test_a_laptop_with_old_keys_is_told_what_to_do);
  g_test_add_func ("/keys/a-root-without-a-handover-is-strange", test_a_root_without_a_handover_is_strange);
  g_test_add_func ("/keys/a-leaked-signing-key-is-believed-no-more", test_a_leaked_signing_key_is_believed_no_more);
  g_test_add_func ("/keys/the-escrow-key-opens-what-laptops-send", test_the_escrow_key_opens_what_laptops_send);
  g_test_add_func ("/keys/an-old-box-key-is-named-in-the-receipt-and-can-be-forgotten", test_an_old_box_key_is_named_in_the_receipt_and_can_be_forgotten);
  g_test_add_func ("/keys/a-missing-trust-list-is-said", test_a_missing_trust_list_is_said);

  return g_test_run ();
}
