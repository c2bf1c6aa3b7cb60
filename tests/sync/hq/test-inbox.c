/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What headquarters promises of bundles: all or nothing, any order, any number of times, both sides of a fork, and that
 * what is refused changes nothing. */

#include "config.h"

#include "tests/support/chance.h"

#include "hq-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app/store/attachment.h"
#include "app/store/log.h"
#include "app/store/statement.h"
#include "sync/hq/chain.h"
#include "sync/hq/device.h"
#include "sync/hq/kept.h"

#define UUID_A "0a000000-0000-4000-8000-000000000001"
#define UUID_B "0a000000-0000-4000-8000-000000000002"
#define UUID_C "0a000000-0000-4000-8000-000000000003"
#define UUID_D "0a000000-0000-4000-8000-000000000004"

static const char *const picture[] = { "a picture of the gate", NULL };
static const char *const recording[] = { "a recording in two pieces", NULL };

static void
assert_verdict (MereTestHq      *hq,
                const char      *path,
                MereInboxVerdict verdict,
                const char      *code)
{
  g_autoptr (MereInboxResult) result = mere_test_take (hq, path);

  g_assert_cmpstr (result->code, ==, code);
  g_assert_cmpint (result->verdict, ==, verdict);
}

static void
test_a_bundle_is_taken_once (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .blob = picture[0], .name = "gate.jpg" }, { .uuid = UUID_A, .answer = "Zenith Gate", .blobs = picture } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 2);
  g_autoptr (MereInboxResult) result = mere_test_take (hq, sealed->path);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (result->verdict, ==, MERE_INBOX_ACCEPTED);
  g_assert_cmpuint (result->n_new, ==, 1);
  g_assert_cmpstr (result->label, ==, "First team");
  before = mere_test_hq_dump_all (hq);
  assert_verdict (hq, sealed->path, MERE_INBOX_DUPLICATE, NULL);
  after = mere_test_hq_dump_all (hq);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (mere_log_verify (hq->store, NULL, &error));
  g_assert_no_error (error);
}

static void
test_a_record_is_kept_as_it_was_sent (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .blob = picture[0], .name = "gate.jpg" }, { .uuid = UUID_A, .answer = "Zenith Gate", .blobs = picture } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 2);
  g_autofree char *xml = mere_test_record_xml (UUID_A, NULL, NULL, "Zenith Gate");
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (MereKept) record = NULL;
  g_autoptr (GPtrArray) attachments = NULL;
  g_autoptr (GError) error = NULL;

  assert_verdict (hq, sealed->path, MERE_INBOX_ACCEPTED, NULL);
  kept = mere_record_load_xml (hq->store, "uuid:" UUID_A, &error);
  g_assert_cmpmem (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept), xml, strlen (xml));
  record = mere_kept_load (hq->store, "uuid:" UUID_A, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record->device, ==, laptop->device);
  g_assert_cmpint (record->record->finalised_us, ==, G_GINT64_CONSTANT (1785489164000000));
  g_assert_cmpint (record->record->finalised_offset_s, ==, 7200);
  g_assert_cmpint (record->state, ==, MERE_KEPT_UNKNOWN_FORM);
  attachments = mere_attachment_list_of_record (hq->store, "uuid:" UUID_A, &error);
  g_assert_cmpuint (attachments->len, ==, 1);
  g_assert_cmpstr (((MereAttachment *) attachments->pdata[0])->name, ==, "gate.jpg");
  g_assert_true (mere_attachment_verify (hq->store, ((MereAttachment *) attachments->pdata[0])->b2, NULL, &error));
}

/* Versions out of order, two that replace one, an attachment in pieces over two bundles, a fork, a record twice. */
static GPtrArray *
send_tangle (MereTestRoad *laptop,
             MereTestRoad *other)
{
  GPtrArray         *sent = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_sealed_free);
  const MereTestFile first[] = { { .uuid = UUID_A, .answer = "first" }, { .blob = "a recording ", .name = "talk.ogg", .whole = recording[0] } };
  const MereTestFile second[] = { { .uuid = UUID_B, .answer = "second", .supersedes = UUID_A },
                                  { .blob = "in two pieces", .name = "talk.ogg", .whole = recording[0], .offset = 12 } };
  const MereTestFile fork[] = { { .uuid = UUID_C, .answer = "other second", .supersedes = UUID_A, .blobs = recording } };
  const MereTestFile third[] = { { .uuid = UUID_D, .answer = "third", .supersedes = UUID_B }, { .uuid = UUID_A, .answer = "first" } };
  MereTestPlace      place = { 0 };
  g_autofree char   *apart = g_build_filename (laptop->folder, "fork", NULL);

  g_assert_cmpint (g_mkdir (apart, 0700), ==, 0);
  g_ptr_array_add (sent, mere_test_send (laptop, NULL, first, 2));
  place.seq = 2;
  place.prev = ((MereSealed *) sent->pdata[0])->b2;
  g_ptr_array_add (sent, mere_test_send (laptop, &place, second, 2));
  place.folder = apart;
  g_ptr_array_add (sent, mere_test_send (laptop, &place, fork, 1));
  place.folder = NULL;
  place.seq = 3;
  place.prev = ((MereSealed *) sent->pdata[1])->b2;
  g_ptr_array_add (sent, mere_test_send (laptop, &place, third, 2));
  g_ptr_array_add (sent, mere_test_send (other, NULL, third + 1, 1));
  return sent;
}

static void
shuffle (GPtrArray *sent,
         GRand     *random,
         GPtrArray *order)
{
  g_ptr_array_set_size (order, 0);
  for (guint i = 0; i < sent->len; i++)
    g_ptr_array_insert (order, g_rand_int_range (random, 0, (int) order->len + 1), sent->pdata[i]);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_insert (order, g_rand_int_range (random, 0, (int) order->len + 1), sent->pdata[g_rand_int_range (random, 0, (int) sent->len)]);
}

/* Empties what came in, so that a permutation begins anew. */
static void
forget_all (MereTestHq *hq)
{
  g_autoptr (GError) error = NULL;

  mere_store_execute (hq->store,
                      "DELETE FROM hq_rejection; DELETE FROM hq_record_blob; DELETE FROM hq_blob_name; DELETE FROM hq_piece;"
                      "DELETE FROM hq_record; DELETE FROM hq_bundle; DELETE FROM record_attachment; DELETE FROM record_xml;"
                      "DELETE FROM record; DELETE FROM attachment_chunk; DELETE FROM attachment;",
                      &error);
  g_assert_no_error (error);
}

static void
test_order_and_repetition_do_not_matter (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) other = mere_test_hq_new_laptop (hq, "Second team");
  g_autoptr (GPtrArray) sent = send_tangle (laptop, other);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autofree char *expected = NULL;
  guint32          seed = g_test_rand_int ();
  GRand           *random = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 40; round++)
    {
      g_autofree char *found = NULL;

      shuffle (sent, random, order);
      for (guint i = 0; i < order->len; i++)
        {
          g_autoptr (MereInboxResult) result = mere_test_take (hq, ((MereSealed *) order->pdata[i])->path);

          g_assert_cmpint (result->verdict, <=, MERE_INBOX_DUPLICATE);
        }
      found = mere_test_hq_dump_records (hq);
      /* Where a record lies in two laptops' bundles, it is said to come from the first that came. */
      for (char *at = found; (at = strstr (at, other->device)) != NULL;)
        memcpy (at, laptop->device, strlen (laptop->device));
      if (expected == NULL)
        expected = g_strdup (found);
      g_assert_true (g_str_equal (expected, found));
      forget_all (hq);
    }
  g_rand_free (random);
}

static void
test_versions_are_tied_together (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) other = mere_test_hq_new_laptop (hq, "Second team");
  g_autoptr (GPtrArray) sent = send_tangle (laptop, other);
  g_autoptr (GPtrArray) latest = NULL;
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GError) error = NULL;
  MereKeptFilter filter = MERE_KEPT_FILTER_INIT;

  for (guint i = sent->len; i > 0; i--)
    assert_verdict (hq, ((MereSealed *) sent->pdata[i - 1])->path, MERE_INBOX_ACCEPTED, NULL);
  latest = mere_kept_list (hq->store, &filter, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (latest->len, ==, 2);
  versions = mere_record_list_versions (hq->store, "uuid:" UUID_D, &error);
  g_assert_cmpuint (versions->len, ==, 4);
  filter.older_versions = TRUE;
  filter.state = MERE_KEPT_CONFLICT;
  g_clear_pointer (&latest, g_ptr_array_unref);
  latest = mere_kept_list (hq->store, &filter, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (latest->len, ==, 0); /* the form is not known, which is said first */
  g_assert_true (mere_log_verify (hq->store, NULL, &error));
  g_assert_no_error (error);
}

static MereReceiptDocument *
list_chains (MereTestHq   *hq,
             MereTestRoad *laptop)
{
  g_autoptr (GError) error = NULL;
  MereReceiptDocument *document = mere_chain_list (hq->store, laptop->device, 0, &error);

  g_assert_no_error (error);
  return document;
}

static void
test_both_sides_of_a_fork_are_kept_and_told (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) other = mere_test_hq_new_laptop (hq, "Second team");
  g_autoptr (GPtrArray) sent = send_tangle (laptop, other);
  g_autoptr (MereReceiptDocument) document = NULL;
  const MereReceiptChain *chain;
  const MereReceiptFork  *fork;

  for (guint i = 0; i < 3; i++)
    assert_verdict (hq, ((MereSealed *) sent->pdata[i])->path, MERE_INBOX_ACCEPTED, NULL);
  document = list_chains (hq, laptop);
  g_assert_cmpuint (document->n_records, ==, 3);
  g_assert_true (g_strv_contains ((const char *const *) document->notices, MERE_NOTICE_CLONE));
  chain = document->chains->pdata[0];
  g_assert_cmpuint (chain->through, ==, 2);
  g_assert_cmpuint (chain->forks->len, ==, 1);
  fork = chain->forks->pdata[0];
  g_assert_cmpuint (fork->seq, ==, 2);
  g_assert_true (g_strv_contains ((const char *const *) fork->b2, ((MereSealed *) sent->pdata[1])->b2));
  g_assert_true (g_strv_contains ((const char *const *) fork->b2, ((MereSealed *) sent->pdata[2])->b2));
}

static void
test_a_gap_is_told_until_it_is_filled (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) other = mere_test_hq_new_laptop (hq, "Second team");
  g_autoptr (GPtrArray) sent = send_tangle (laptop, other);
  g_autoptr (MereReceiptDocument) gap = NULL;
  g_autoptr (MereReceiptDocument) filled = NULL;
  const MereReceiptChain *chain;

  assert_verdict (hq, ((MereSealed *) sent->pdata[0])->path, MERE_INBOX_ACCEPTED, NULL);
  assert_verdict (hq, ((MereSealed *) sent->pdata[3])->path, MERE_INBOX_ACCEPTED, NULL);
  gap = list_chains (hq, laptop);
  chain = gap->chains->pdata[0];
  g_assert_cmpuint (chain->through, ==, 1);
  g_assert_cmpuint (chain->missing->len, ==, 1);
  g_assert_cmpuint (g_array_index (chain->missing, guint, 0), ==, 2);
  g_assert_cmpuint (g_array_index (chain->beyond, guint, 0), ==, 3);
  g_assert_cmpuint (gap->resend->len, ==, 1);
  assert_verdict (hq, ((MereSealed *) sent->pdata[1])->path, MERE_INBOX_ACCEPTED, NULL);
  filled = list_chains (hq, laptop);
  chain = filled->chains->pdata[0];
  g_assert_cmpuint (chain->through, ==, 3);
  g_assert_cmpstr (chain->head, ==, ((MereSealed *) sent->pdata[3])->b2);
  g_assert_cmpuint (chain->missing->len, ==, 0);
}

/* The chain has gone on from a bundle that never came: another copy of the laptop has made it. */
static void
test_a_bundle_that_continues_another_one_is_told (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) other = mere_test_hq_new_laptop (hq, "Second team");
  g_autoptr (GPtrArray) sent = send_tangle (laptop, other);
  g_autoptr (MereReceiptDocument) document = NULL;

  assert_verdict (hq, ((MereSealed *) sent->pdata[0])->path, MERE_INBOX_ACCEPTED, NULL);
  assert_verdict (hq, ((MereSealed *) sent->pdata[2])->path, MERE_INBOX_ACCEPTED, NULL);
  assert_verdict (hq, ((MereSealed *) sent->pdata[3])->path, MERE_INBOX_ACCEPTED, NULL);
  document = list_chains (hq, laptop);
  g_assert_true (g_strv_contains ((const char *const *) document->notices, MERE_NOTICE_CLONE));
}

static void
assert_refused_changes_nothing (MereTestHq      *hq,
                                const char      *path,
                                MereInboxVerdict verdict,
                                const char      *code)
{
  g_autofree char *before = mere_test_hq_dump_all (hq);
  g_autofree char *after = NULL;

  assert_verdict (hq, path, verdict, code);
  after = mere_test_hq_dump_all (hq);
  g_assert_cmpstr (before, ==, after);
}

static void
test_a_stranger_and_a_revoked_laptop_are_held_back (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) stranger = mere_test_hq_new_laptop (hq, NULL);
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "Zenith Gate" } };
  g_autoptr (MereSealed) sealed = mere_test_send (stranger, NULL, files, 1);
  g_autoptr (GError) error = NULL;

  assert_refused_changes_nothing (hq, sealed->path, MERE_INBOX_QUARANTINED, "E_SENDER_UNKNOWN");
  mere_test_hq_enrol (hq, stranger, "Third team");
  g_assert_true (mere_device_set_revoked (hq->store, stranger->device, &error));
  assert_refused_changes_nothing (hq, sealed->path, MERE_INBOX_QUARANTINED, MERE_INBOX_CODE_REVOKED);
}

/* Every byte of the bundle and of its signature's lines, one bit each. */
static void
test_one_flipped_bit_is_refused_and_changes_nothing (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "Zenith Gate" } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 1);
  g_autoptr (GBytes) whole = mere_test_load (sealed->path);
  g_autofree char *before = mere_test_hq_dump_all (hq);
  g_autofree char *after = NULL;
  gsize            size = g_bytes_get_size (whole);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (whole, NULL), size);
      g_autoptr (MereInboxResult) result = NULL;

      changed[i] ^= (guint8) (1u << (i % 8));
      mere_test_save (sealed->path, changed, size);
      result = mere_test_take (hq, sealed->path);
      g_assert_cmpstr (result->code, ==, "E_SIGNATURE");
    }
  after = mere_test_hq_dump_all (hq);
  g_assert_cmpstr (before, ==, after);
}

/* An enrolled laptop puts its own name on what another one has sent. */
static void
test_a_bundle_under_another_name_is_refused (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) thief = mere_test_hq_new_laptop (hq, "Second team");
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "Zenith Gate" } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 1);
  g_autoptr (GBytes) age = mere_test_load (sealed->path);
  g_autofree char *signature_path = g_strconcat (sealed->path, ".minisig", NULL);
  g_autoptr (GBytes) old = mere_test_load (signature_path);
  g_autoptr (MereMinisign) signature = mere_minisign_parse (g_bytes_get_data (old, NULL), g_bytes_get_size (old), NULL);
  g_auto (GStrv) parts = g_strsplit (signature->trusted_comment, laptop->device, 2);
  g_autofree char *comment = g_strjoinv (thief->device, parts);
  g_autofree char *name = g_strconcat (thief->device, "-01-000001.age", NULL);
  g_autofree char *path = g_build_filename (thief->folder, name, NULL);
  g_autofree char *path_signature = g_strconcat (path, ".minisig", NULL);
  g_autofree char *forged = mere_minisign_sign_data (thief->sign, g_bytes_get_data (age, NULL), g_bytes_get_size (age), comment);

  mere_test_save (path, g_bytes_get_data (age, NULL), g_bytes_get_size (age));
  mere_test_save (path_signature, forged, strlen (forged));
  assert_refused_changes_nothing (hq, path, MERE_INBOX_REFUSED, "E_RESIGNED");
}

/* Signed by an enrolled laptop, with a sound manifest, and then not what it says: the pieces do not make the whole. */
static void
test_unsound_content_is_not_taken_and_the_laptop_is_told (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "Zenith Gate" },
                                 { .blob = "a recording ", .name = "talk.ogg", .whole = recording[0] },
                                 { .blob = "in no pieces!", .name = "talk.ogg", .whole = recording[0], .offset = 12 } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 3);
  g_autofree char *before = mere_test_hq_dump_records (hq);
  g_autofree char *after = NULL;
  g_autoptr (MereReceiptDocument) document = NULL;
  const MereReceiptChain *chain;

  assert_verdict (hq, sealed->path, MERE_INBOX_REFUSED, "E_CONTENT");
  document = list_chains (hq, laptop);
  chain = document->chains->pdata[0];
  g_assert_cmpuint (chain->through, ==, 0);
  g_assert_cmpint (((MereReceiptLine *) chain->bundles->pdata[0])->status, ==, MERE_RECEIPT_QUARANTINED);
  mere_store_execute (hq->store, "DELETE FROM hq_bundle", NULL);
  after = mere_test_hq_dump_records (hq);
  g_assert_cmpstr (before, ==, after);
}

static void
test_a_renamed_or_cut_bundle_is_refused (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "Zenith Gate" } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 1);
  g_autoptr (GBytes) age = mere_test_load (sealed->path);
  g_autofree char *signature_path = g_strconcat (sealed->path, ".minisig", NULL);
  g_autoptr (GBytes) signature = mere_test_load (signature_path);
  g_autofree char *name = g_strconcat (laptop->device, "-01-000002.age", NULL);
  g_autofree char *renamed = g_build_filename (laptop->folder, name, NULL);
  g_autofree char *renamed_signature = g_strconcat (renamed, ".minisig", NULL);

  mere_test_save (renamed, g_bytes_get_data (age, NULL), g_bytes_get_size (age));
  mere_test_save (renamed_signature, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  assert_refused_changes_nothing (hq, renamed, MERE_INBOX_REFUSED, "E_RENAMED");
  mere_test_save (sealed->path, g_bytes_get_data (age, NULL), g_bytes_get_size (age) - 1);
  assert_refused_changes_nothing (hq, sealed->path, MERE_INBOX_REFUSED, "E_SIGNATURE");
}

typedef struct
{
  const char *name;
  const char *xml;
  const char *code;
} BadRecord;

static const BadRecord bad_records[] = {
  { "no XML", "this is no XML", MERE_RECORD_CODE_XML },
  { "another id",
    "<data id=\"gate\"><meta><instanceID>uuid:" UUID_D "</instanceID></meta></data>",
    MERE_RECORD_CODE_ID },
  { "no id", "<data id=\"gate\"><meta/></data>", MERE_RECORD_CODE_ID },
  { "replaces what it does not say",
    "<data id=\"gate\"><meta><instanceID>uuid:" UUID_B "</instanceID><deprecatedID>uuid:" UUID_A "</deprecatedID></meta></data>",
    MERE_RECORD_CODE_ID },
  { "another form", "<data id=\"fence\"><meta><instanceID>uuid:" UUID_B "</instanceID></meta></data>", MERE_RECORD_CODE_FORM },
  { "an entity",
    "<!DOCTYPE data [<!ENTITY a \"b\">]><data id=\"gate\"><meta><instanceID>uuid:" UUID_B "</instanceID></meta></data>",
    MERE_RECORD_CODE_XML },
};

/* The others of the bundle are kept, and the receipt says which was not. */
static void
test_a_bad_record_does_not_keep_others_out (gconstpointer data)
{
  const BadRecord *bad = data;
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile files[] = { { .uuid = UUID_A, .answer = "Zenith Gate" }, { .uuid = UUID_B, .xml = bad->xml } };
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, files, 2);
  g_autoptr (MereInboxResult) result = mere_test_take (hq, sealed->path);
  g_autoptr (MereReceiptDocument) document = list_chains (hq, laptop);
  const MereReceiptLine *line = ((MereReceiptChain *) document->chains->pdata[0])->bundles->pdata[0];

  g_assert_cmpint (result->verdict, ==, MERE_INBOX_PARTIAL);
  g_assert_cmpuint (result->n_new, ==, 1);
  g_assert_cmpuint (result->rejections->len, ==, 1);
  g_assert_cmpstr (((MereInboxRejection *) result->rejections->pdata[0])->code, ==, bad->code);
  g_assert_cmpint (line->status, ==, MERE_RECEIPT_PARTIAL);
  g_assert_cmpuint (line->n_records, ==, 1);
  g_assert_cmpstr (((MereReceiptRejection *) line->rejected->pdata[0])->record, ==, "uuid:" UUID_B);
  assert_verdict (hq, sealed->path, MERE_INBOX_DUPLICATE, NULL);
}

/* Two copies of a laptop have finished one draft in two ways. */
static void
test_an_id_with_two_contents_is_told_and_neither_is_lost (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  const MereTestFile one[] = { { .uuid = UUID_A, .answer = "Zenith Gate" } };
  const MereTestFile two[] = { { .uuid = UUID_A, .answer = "Zenith Harbour" } };
  g_autoptr (MereSealed) first = mere_test_send (laptop, NULL, one, 1);
  const MereTestPlace place = { .seq = 2, .prev = first->b2 };
  g_autoptr (MereSealed) second = mere_test_send (laptop, &place, two, 1);
  g_autoptr (MereInboxResult) result = NULL;

  assert_verdict (hq, first->path, MERE_INBOX_ACCEPTED, NULL);
  result = mere_test_take (hq, second->path);
  g_assert_cmpint (result->verdict, ==, MERE_INBOX_PARTIAL);
  g_assert_cmpstr (((MereInboxRejection *) result->rejections->pdata[0])->code, ==, MERE_RECORD_CODE_CONFLICT);
}

int
main (int    argc,
      char **argv)
{
  mere_test_init_chance (&argc, &argv);
  g_test_add_func ("/hq/inbox/once", test_a_bundle_is_taken_once);
  g_test_add_func ("/hq/inbox/as-sent", test_a_record_is_kept_as_it_was_sent);
  g_test_add_func ("/hq/inbox/any-order", test_order_and_repetition_do_not_matter);
  g_test_add_func ("/hq/inbox/versions", test_versions_are_tied_together);
  g_test_add_func ("/hq/inbox/fork", test_both_sides_of_a_fork_are_kept_and_told);
  g_test_add_func ("/hq/inbox/gap", test_a_gap_is_told_until_it_is_filled);
  g_test_add_func ("/hq/inbox/other-parent", test_a_bundle_that_continues_another_one_is_told);
  g_test_add_func ("/hq/inbox/held-back", test_a_stranger_and_a_revoked_laptop_are_held_back);
  g_test_add_func ("/hq/inbox/flipped-bit", test_one_flipped_bit_is_refused_and_changes_nothing);
  g_test_add_func ("/hq/inbox/another-name", test_a_bundle_under_another_name_is_refused);
  g_test_add_func ("/hq/inbox/unsound", test_unsound_content_is_not_taken_and_the_laptop_is_told);
  g_test_add_func ("/hq/inbox/renamed", test_a_renamed_or_cut_bundle_is_refused);
  g_test_add_func ("/hq/inbox/two-contents", test_an_id_with_two_contents_is_told_and_neither_is_lost);
  for (guint i = 0; i < G_N_ELEMENTS (bad_records); i++)
    {
      g_autofree char *path = g_strdup_printf ("/hq/inbox/bad-record/%s", bad_records[i].name);

      g_test_add_data_func (path, &bad_records[i], test_a_bad_record_does_not_keep_others_out);
    }
  return g_test_run ();
}
