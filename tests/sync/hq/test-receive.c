/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sticks: what lies on them comes in, what does not belong stays alone, and a receipt goes back that the laptop can open. */

#include "config.h"

#include "hq-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sync/hq/device.h"
#include "sync/hq/quarantine.h"
#include "sync/hq/receive.h"
#include "sync/receipt.h"
#include "sync/road.h"
#include "sync/stick.h"

#define UUID_A "0a000000-0000-4000-8000-000000000001"
#define UUID_B "0a000000-0000-4000-8000-000000000002"

static const MereTestFile gate[] = { { .uuid = UUID_A, .answer = "Zenith Gate" } };
static const MereTestFile harbour[] = { { .uuid = UUID_B, .answer = "Zenith Harbour" } };

static char *
new_stick (MereTestHq *hq)
{
  char *path = g_build_filename (hq->folder, "stick", NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
place (const char       *path,
       MereTestRoad     *laptop,
       const MereSealed *sealed,
       const char       *session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (path, &error);
  const char *const paths[] = { sealed->path, NULL };
  g_autofree char  *placed = NULL;

  mere_stick_publish (stick, MERE_STICK_TO_HQ, laptop->device, session, paths, NULL, NULL, NULL, &placed, &error);
  g_assert_no_error (error);
}

static MereReceived *
receive (MereTestHq *hq,
         const char *path,
         const char *answer_to)
{
  g_autoptr (GError) error = NULL;
  MereReceived *received = mere_received_new ();

  mere_receive_stick (hq->store, hq->keys, path, answer_to, received, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return received;
}

/* The .age files in TO-FIELD for a laptop: (element-type utf8). */
static GPtrArray *
list_answers (const char   *path,
              MereTestRoad *laptop)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStick) stick = mere_stick_open (path, &error);
  g_autoptr (GPtrArray) found = mere_stick_scan (stick, NULL, &error);

  for (guint i = 0; i < found->len; i++)
    {
      const MereStickFound *file = found->pdata[i];

      if (strstr (file->folder, "TO-FIELD") != NULL && strstr (file->folder, laptop->device) != NULL)
        g_ptr_array_add (list, g_build_filename (path, file->folder, file->name, NULL));
    }
  return list;
}

static gboolean
gather (gpointer      user_data,
        const guint8 *bytes,
        gsize         size,
        GError      **error)
{
  g_byte_array_append (user_data, bytes, (guint) size);
  return TRUE;
}

static gboolean
begin_entry (gpointer         user_data,
             guint            index,
             const MereEntry *entry,
             GError         **error)
{
  /* The receipt comes after the trust lists. */
  g_byte_array_set_size (user_data, 0);
  return TRUE;
}

/* As the laptop opens it, with its own key. */
static MereReceiptDocument *
open_receipt (MereTestHq   *hq,
              MereTestRoad *laptop,
              const char   *path)
{
  static const MereBundleHandler handler = { NULL, begin_entry, gather, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();
  g_autoptr (MereBundleReader) reader = NULL;
  g_autoptr (GBytes) text = NULL;
  GByteArray          *content = g_byte_array_new ();
  MereReceiptDocument *document;
  MereMinisignKey      key;

  mere_minisign_secret_get_key (hq->keys->sign, &key);
  reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &key, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mere_bundle_reader_get_comment (reader)->kind, ==, MERE_BUNDLE_RECEIPT);
  g_ptr_array_add (identities, laptop->box);
  mere_bundle_reader_read (reader, identities, &handler, content, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  text = g_byte_array_free_to_bytes (content);
  document = mere_receipt_document_parse (text, &error);
  g_assert_no_error (error);
  return document;
}

static void
test_a_stick_comes_in_and_a_receipt_goes_back (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autoptr (MereReceived) received = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (MereReceiptDocument) receipt = NULL;
  const MereReceiptChain *chain;
  const MereReceiptLine  *line;

  place (path, laptop, sealed, "s000001");
  received = receive (hq, path, NULL);
  g_assert_cmpuint (received->results->len, ==, 1);
  g_assert_cmpuint (received->failures->len, ==, 0);
  answers = list_answers (path, laptop);
  g_assert_cmpuint (answers->len, ==, 1);
  receipt = open_receipt (hq, laptop, answers->pdata[0]);
  g_assert_cmpstr (receipt->to, ==, laptop->device);
  g_assert_cmpstr (receipt->hq, ==, hq->keys->hq);
  g_assert_cmpint (receipt->counter, ==, 1);
  g_assert_cmpuint (receipt->n_records, ==, 1);
  chain = receipt->chains->pdata[0];
  line = chain->bundles->pdata[0];
  g_assert_cmpuint (chain->through, ==, 1);
  g_assert_cmpstr (line->b2, ==, sealed->b2);
  g_assert_cmpint (line->status, ==, MERE_RECEIPT_ACCEPTED);
}

static void
test_the_same_stick_again_changes_nothing (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (MereReceived) first = NULL;
  g_autoptr (MereReceived) second = NULL;
  g_autoptr (GPtrArray) answers = NULL;

  place (path, laptop, sealed, "s000001");
  first = receive (hq, path, NULL);
  before = mere_test_hq_dump_all (hq);
  second = receive (hq, path, NULL);
  after = mere_test_hq_dump_all (hq);
  g_assert_true (g_str_equal (before, after));
  g_assert_cmpint (((MereInboxResult *) second->results->pdata[0])->verdict, ==, MERE_INBOX_DUPLICATE);
  answers = list_answers (path, laptop);
  g_assert_cmpuint (answers->len, ==, 1);
}

/* The next receipt takes the place of the one before, and still says what that one said until the laptop has it. */
static void
test_a_receipt_is_cumulative_until_it_was_seen (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) one = mere_test_send (laptop, NULL, gate, 1);
  const MereTestPlace second = { .seq = 2, .prev = one->b2 };
  g_autoptr (MereSealed) two = mere_test_send (laptop, &second, harbour, 1);
  const MereTestPlace third = { .seq = 3, .prev = two->b2, .seen_receipt = 2 };
  g_autoptr (MereSealed) three = mere_test_send (laptop, &third, NULL, 0);
  const MereSealed *const  sealed[] = { one, two, three };
  static const guint       n_lines[] = { 1, 2, 1 };
  static const char *const sessions[] = { "s000001", "s000002", "s000003" };
  g_autofree char         *path = new_stick (hq);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (MereReceived) received = NULL;
      g_autoptr (GPtrArray) answers = NULL;
      g_autoptr (MereReceiptDocument) receipt = NULL;

      place (path, laptop, sealed[i], sessions[i]);
      received = receive (hq, path, NULL);
      answers = list_answers (path, laptop);
      g_assert_cmpuint (answers->len, ==, 1);
      receipt = open_receipt (hq, laptop, answers->pdata[0]);
      g_assert_cmpint (receipt->counter, ==, i + 1);
      g_assert_cmpuint (((MereReceiptChain *) receipt->chains->pdata[0])->bundles->len, ==, n_lines[i]);
      g_assert_cmpuint (((MereReceiptChain *) receipt->chains->pdata[0])->through, ==, i + 1);
    }
}

static void
test_what_is_not_ours_is_left_alone (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autofree char *letter = g_build_filename (path, "letter.txt", NULL);
  g_autofree char *cut = g_build_filename (path, "00000000-01-000007.age", NULL);
  g_autoptr (MereReceived) received = NULL;
  g_autoptr (GBytes) still = NULL;

  place (path, laptop, sealed, "s000001");
  mere_test_save (letter, "a letter", 8);
  mere_test_save (cut, "pulled", 6);
  received = receive (hq, path, NULL);
  g_assert_cmpuint (received->results->len, ==, 1);
  g_assert_cmpuint (received->n_unfinished, ==, 1);
  still = mere_test_load (letter);
  g_assert_cmpmem (g_bytes_get_data (still, NULL), g_bytes_get_size (still), "a letter", 8);
}

static void
test_a_stranger_waits_until_somebody_has_typed_its_digits (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) stranger = mere_test_hq_new_laptop (hq, NULL);
  g_autoptr (MereSealed) sealed = mere_test_send (stranger, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autoptr (MereReceived) first = NULL;
  g_autoptr (MereReceived) second = mere_received_new ();
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (GError) error = NULL;

  place (path, stranger, sealed, "s000001");
  first = receive (hq, path, NULL);
  g_assert_cmpstr (((MereInboxResult *) first->results->pdata[0])->code, ==, "E_SENDER_UNKNOWN");
  answers = list_answers (path, stranger);
  g_assert_cmpuint (answers->len, ==, 0);
  mere_test_hq_enrol (hq, stranger, "Third team");
  g_assert_true (mere_receive_quarantine (hq->store, hq->keys, second, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (((MereInboxResult *) second->results->pdata[0])->verdict, ==, MERE_INBOX_ACCEPTED);
  held = mere_quarantine_list (hq->store, &error);
  g_assert_cmpuint (held->len, ==, 0);
}

static void
test_a_revoked_laptop_gets_no_receipt (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autoptr (MereReceived) received = NULL;
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (GError) error = NULL;

  mere_device_set_revoked (hq->store, laptop->device, &error);
  g_assert_no_error (error);
  place (path, laptop, sealed, "s000001");
  received = receive (hq, path, NULL);
  g_assert_cmpstr (((MereInboxResult *) received->results->pdata[0])->code, ==, MERE_INBOX_CODE_REVOKED);
  held = mere_quarantine_list (hq->store, &error);
  g_assert_cmpuint (held->len, ==, 1);
  answers = list_answers (path, laptop);
  g_assert_cmpuint (answers->len, ==, 0);
}

static void
test_a_file_comes_in_by_itself_and_the_receipt_goes_elsewhere (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) sealed = mere_test_send (laptop, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autoptr (MereReceived) received = receive (hq, sealed->path, path);
  g_autoptr (GPtrArray) answers = list_answers (path, laptop);

  g_assert_cmpint (((MereInboxResult *) received->results->pdata[0])->verdict, ==, MERE_INBOX_ACCEPTED);
  g_assert_cmpuint (answers->len, ==, 1);
}

/* What lies where bundles are copied to. */
static guint
count_copies (MereTestHq *hq)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = mere_road_dup_folder (hq->store, MERE_ROAD_INCOMING, &error);
  g_autoptr (GDir) files = g_dir_open (folder, 0, &error);
  guint n = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (files) != NULL)
    n++;
  return n;
}

static MereInboxVerdict
verdict_of (const MereReceived *received,
            guint               i)
{
  return ((const MereInboxResult *) received->results->pdata[i])->verdict;
}

/* While one is taken, the next one is copied: of one name, too. */
static void
test_many_on_one_stick_come_in_one_after_the_other (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) stranger = mere_test_hq_new_laptop (hq, NULL);
  g_autoptr (MereSealed) one = mere_test_send (laptop, NULL, gate, 1);
  const MereTestPlace second = { .seq = 2, .prev = one->b2 };
  g_autoptr (MereSealed) two = mere_test_send (laptop, &second, harbour, 1);
  g_autoptr (MereSealed) other = mere_test_send (stranger, NULL, gate, 1);
  g_autofree char *path = new_stick (hq);
  g_autoptr (MereReceived) received = NULL;
  guint n[MERE_INBOX_REFUSED + 1] = { 0 };

  place (path, laptop, one, "s000001");
  place (path, laptop, one, "s000002");
  place (path, stranger, other, "s000001");
  place (path, laptop, two, "s000003");
  place (path, laptop, two, "s000004");
  place (path, laptop, one, "s000005");
  received = receive (hq, path, NULL);
  g_assert_cmpuint (received->results->len, ==, 6);
  for (guint i = 0; i < 6; i++)
    n[verdict_of (received, i)]++;
  g_assert_cmpuint (n[MERE_INBOX_ACCEPTED], ==, 2);
  g_assert_cmpuint (n[MERE_INBOX_DUPLICATE], ==, 3);
  g_assert_cmpuint (n[MERE_INBOX_QUARANTINED], ==, 1);
  g_assert_cmpuint (count_copies (hq), ==, 0);
}

static void
cancel (gpointer               cancellable,
        const MereInboxResult *result)
{
  g_cancellable_cancel (cancellable);
}

/* One was taken, and the next one was copied already. */
static void
test_who_cancels_leaves_no_copies (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) one = mere_test_send (laptop, NULL, gate, 1);
  const MereTestPlace second = { .seq = 2, .prev = one->b2 };
  g_autoptr (MereSealed) two = mere_test_send (laptop, &second, harbour, 1);
  g_autofree char *path = new_stick (hq);
  g_autoptr (MereReceived) received = mere_received_new ();
  g_autoptr (MereReceived) again = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  place (path, laptop, one, "s000001");
  place (path, laptop, two, "s000002");
  g_assert_false (mere_receive_stick (hq->store, hq->keys, path, NULL, received, cancel, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (received->results->len, ==, 1);
  g_assert_cmpuint (count_copies (hq), ==, 0);
  again = receive (hq, path, NULL);
  g_assert_cmpint (verdict_of (again, 0), ==, MERE_INBOX_DUPLICATE);
  g_assert_cmpint (verdict_of (again, 1), ==, MERE_INBOX_ACCEPTED);
}

static void
test_a_folder_that_is_not_there_is_said (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autofree char *nowhere = g_build_filename (hq->folder, "nowhere", NULL);
  g_autoptr (MereReceived) received = receive (hq, nowhere, NULL);

  g_assert_cmpuint (received->results->len, ==, 0);
  g_assert_cmpuint (received->failures->len, ==, 1);
}

/* A clock that was set back makes no negative days. */
static void
test_days_of_silence_are_counted (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (MereInboxResult) result = NULL;
  g_autoptr (MereDevice) never = mere_device_load (hq->store, laptop->device, NULL);
  g_autoptr (MereDevice) heard = NULL;
  gint64 before = g_get_real_time ();

  g_assert_cmpint (mere_device_count_silent_days (never, before), ==, -1);
  sealed = mere_test_send (laptop, NULL, gate, 1);
  result = mere_test_take (hq, sealed->path);
  heard = mere_device_load (hq->store, laptop->device, NULL);
  g_assert_cmpint (heard->heard_us, >=, before);
  g_assert_cmpint (mere_device_count_silent_days (heard, heard->heard_us), ==, 0);
  g_assert_cmpint (mere_device_count_silent_days (heard, heard->heard_us + G_TIME_SPAN_DAY - 1), ==, 0);
  g_assert_cmpint (mere_device_count_silent_days (heard, heard->heard_us + 3 * G_TIME_SPAN_DAY), ==, 3);
  g_assert_cmpint (mere_device_count_silent_days (heard, heard->heard_us - G_TIME_SPAN_DAY), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/receive/receipt", test_a_stick_comes_in_and_a_receipt_goes_back);
  g_test_add_func ("/hq/receive/again", test_the_same_stick_again_changes_nothing);
  g_test_add_func ("/hq/receive/cumulative", test_a_receipt_is_cumulative_until_it_was_seen);
  g_test_add_func ("/hq/receive/others", test_what_is_not_ours_is_left_alone);
  g_test_add_func ("/hq/receive/stranger", test_a_stranger_waits_until_somebody_has_typed_its_digits);
  g_test_add_func ("/hq/receive/revoked", test_a_revoked_laptop_gets_no_receipt);
  g_test_add_func ("/hq/receive/file", test_a_file_comes_in_by_itself_and_the_receipt_goes_elsewhere);
  g_test_add_func ("/hq/receive/many", test_many_on_one_stick_come_in_one_after_the_other);
  g_test_add_func ("/hq/receive/cancelled", test_who_cancels_leaves_no_copies);
  g_test_add_func ("/hq/receive/silence", test_days_of_silence_are_counted);
  g_test_add_func ("/hq/receive/nowhere", test_a_folder_that_is_not_there_is_said);
  return g_test_run ();
}
