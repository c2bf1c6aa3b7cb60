/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"
#include "tests/ui/sample-road.h"
#include "tests/ui/sample.h"

#include "app/capture/capture.h"
#include "app/store/bundle.h"
#include "app/store/colleague.h"
#include "app/store/crossing.h"
#include "app/store/record.h"
#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/age.h"
#include "sync/enrol.h"
#include "sync/team.h"
#include "sync/trust.h"

void
mere_sample_enrol (MereStore *store)
{
  g_autoptr (MereSecret) root = mere_minisign_secret_new ();
  g_autoptr (MereSecret) box = mere_age_identity_new ();
  g_autoptr (MereTrust) head = mere_trust_new ();
  g_autoptr (MereTrust) trust = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *signer = NULL;
  MereMinisignKey  key;

  mere_minisign_secret_get_key (root, &key);
  signer = mere_minisign_key_to_text (&key);
  mere_trust_add_signer (head, signer, 1);
  head->operational = mere_age_identity_dup_recipient (box);
  head->issued = g_strdup ("2026-11-25T08:00:00Z");
  trust = mere_trust_seal (head, NULL, root, &error);
  g_assert_no_error (error);
  g_assert_true (mere_enrol_prepare (store, "Laptop 1", &error) && mere_trust_save (store, trust, &error));
  g_assert_true (mere_settings_save_int (store, "road.answered", 1, &error));
}

void
mere_sample_lead (MereStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereEnrolStatus) status = NULL;
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_team_member_free);

  g_assert_true (mere_enrol_prepare (store, "Laptop 1", &error));
  status = mere_enrol_load_status (store, &error);
  g_ptr_array_add (members, mere_team_member_new (status->device, "Laptop 1", "RW1", "age1", NULL));
  g_ptr_array_add (members, mere_team_member_new ("k7q2m9xd", "Laptop 2", "RW2", "age2", status->device));
  mere_store_execute (store,
                      "INSERT INTO colleague_record (record, device, form, form_version, b2, bundle, received_us)"
                      " VALUES ('uuid:a', 'k7q2m9xd', 'gate', '1', 'b2', 'k7q2m9xd-01-000001', 1)",
                      &error);
  g_assert_no_error (error);
  g_assert_true (mere_team_save (store, members, &error));
}

/* The first question of a list that is evidence on an item gets the choice of this number. */
static gboolean
choose_first (MereCapture  *capture,
              MereFormNode *node,
              guint         choice)
{
  if (mere_form_node_get_control (node) == MERE_FORM_CONTROL_SELECT_ONE && mere_form_node_is_relevant (node) &&
      mere_form_node_get_attribute (node, "item") != NULL && mere_form_node_get_attribute (node, "role") == NULL &&
      g_str_equal (mere_form_node_get_name (node), "result"))
    return mere_capture_set (capture, node, mere_form_node_get_choice (node, choice).value, NULL);
  for (guint i = 0; i < mere_form_node_get_n_children (node); i++)
    if (choose_first (capture, mere_form_node_get_child (node, i), choice))
      return TRUE;

  return FALSE;
}

static char *
add_sheet (MereStore  *store,
           const char *crossing,
           guint       choice)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCapture) capture = mere_capture_new (store, mere_sample_get_instrument (store, "bmis-checks"), crossing, &error);
  char *id;

  g_assert_no_error (error);
  mere_sample_answer (capture, G_MAXUINT);
  g_assert_true (choose_first (capture, mere_form_session_get_root (mere_capture_get_session (capture)), choice));
  mere_sample_answer (capture, G_MAXUINT);
  id = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);

  return id;
}

/* As the bundle of a colleague brings it. */
static void
bring (MereStore  *store,
       MereStore  *from,
       const char *id,
       const char *crossing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereRecord) record = mere_record_load (from, id, &error);
  g_autoptr (GBytes) xml = mere_record_load_xml (from, id, &error);
  const MereColleagueRecord copy = {
    .id = record->id,
    .device = (char *) "k7q2m9xd",
    .form = record->form,
    .form_version = record->form_version,
    .crossing = (char *) crossing,
    .b2 = record->b2,
    .bundle = (char *) "k7q2m9xd-01-000002",
    .finalised = (char *) "2026-11-24T17:30:00+01:00",
  };
  guint n_new = 0;

  mere_colleague_add (store, &copy, xml, &n_new, &error);
  g_assert_no_error (error);
}

char *
mere_sample_compare (MereStore *store)
{
  MereStore *away = mere_sample_store_new ();
  g_autoptr (GPtrArray) crossings = mere_crossing_list (store, FALSE, NULL);
  const char      *crossing = ((MereCrossing *) crossings->pdata[0])->id;
  g_autofree char *own = add_sheet (store, crossing, 0);
  char            *theirs;

  mere_sample_add_instruments (away, "bmis-checks");
  theirs = add_sheet (away, NULL, 1);
  bring (store, away, theirs, crossing);
  mere_store_close (away);

  return theirs;
}

void
mere_sample_acknowledge (MereStore *store,
                         guint      n)
{
  MereRecordFilter filter = MERE_RECORD_FILTER_INIT;
  g_autoptr (GPtrArray) records = mere_record_list (store, &filter, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autoptr (GBytes) content = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;
  MereBundle        bundle = { .name = (char *) "k7q2m9xd-01-000001", .chain = (char *) "00", .chain_no = 1, .seq = 1, .b2 = (char *) "ab", .size = 1000 };
  MereReceiptBundle line = { "00", 1, "ab", MERE_RECEIPT_ACCEPTED };
  MereReceipt       receipt = { .hq = (char *) "c7x4dtg3", .counter = 1, .trust = 1, .issued = (char *) "2026-11-25T08:00:00Z", .content = content };

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (ids, ((MereRecord *) records->pdata[i])->id);
  g_ptr_array_add (lines, &line);
  g_assert_cmpint (mere_bundle_add (store, &bundle, ids, &error), >, 0);
  g_assert_no_error (error);
  g_ptr_array_set_size (ids, 0);
  mere_receipt_add (store, &receipt, lines, ids, &error);
  g_assert_no_error (error);
}
