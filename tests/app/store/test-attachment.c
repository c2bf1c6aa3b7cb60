/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments: kept once by their content, in chunks, as long as something has them. */

#include "config.h"

#include "tests/app/store/rows.h"

#include <string.h>

static GBytes *
random_bytes (gsize size)
{
  guint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) g_test_rand_int_range (0, 256);
  return g_bytes_new_take (bytes, size);
}

static char *
add (MerePlainStore *plain,
     GBytes         *content)
{
  return mere_rows_add_content (plain->store, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
}

static void
assert_content (MerePlainStore *plain,
                const char     *b2,
                GBytes         *expected,
                gint64          offset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = mere_attachment_open (plain->store, b2, offset, &error);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) found = NULL;
  g_autoptr (GBytes) rest = g_bytes_new_from_bytes (expected, (gsize) offset, g_bytes_get_size (expected) - (gsize) offset);

  g_assert_no_error (error);
  g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  found = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  g_assert_true (g_bytes_equal (found, rest));
}

static void
test_content_of_any_size_comes_back (void)
{
  static const gsize sizes[] = { 0, 1, MERE_ATTACHMENT_CHUNK - 1, MERE_ATTACHMENT_CHUNK, MERE_ATTACHMENT_CHUNK + 1, 3 * MERE_ATTACHMENT_CHUNK + 77 };
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) content = random_bytes (sizes[i]);
      g_autofree char *b2 = add (plain, content);
      g_autoptr (MereAttachment) row = mere_attachment_load (plain->store, b2, NULL);

      g_assert_cmpint (row->size, ==, (gint64) sizes[i]);
      assert_content (plain, b2, content, 0);
      assert_content (plain, b2, content, (gint64) sizes[i] / 2);
      g_assert_true (mere_attachment_verify (plain->store, b2, NULL, NULL));
    }
}

static void
test_the_same_content_is_kept_once (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) content = random_bytes (300000);
  g_autofree char *first = add (plain, content);
  gint64           chunks = mere_plain_store_ask (plain, "SELECT count (*) FROM attachment_chunk");
  g_autofree char *second = add (plain, content);

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM attachment"), ==, 1);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM attachment_chunk"), ==, chunks);
}

static void
test_what_was_not_finished_is_gone (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) content = random_bytes (2 * MERE_ATTACHMENT_CHUNK);
  MereAttachmentWriter *writer = mere_attachment_writer_new (plain->store, "audio/ogg", NULL);

  g_assert_true (mere_attachment_writer_write (writer, g_bytes_get_data (content, NULL), g_bytes_get_size (content), NULL));
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM attachment_chunk"), ==, 2);
  mere_plain_store_reopen (plain);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM attachment_chunk"), ==, 0);
  mere_attachment_writer_free (writer);
  writer = mere_attachment_writer_new (plain->store, "audio/ogg", NULL);
  g_assert_true (mere_attachment_writer_write (writer, g_bytes_get_data (content, NULL), g_bytes_get_size (content), NULL));
  mere_attachment_writer_free (writer);
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM attachment"), ==, 0);
}

static void
test_a_changed_chunk_is_noticed (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) content = random_bytes (2 * MERE_ATTACHMENT_CHUNK);
  g_autofree char *b2 = add (plain, content);
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_store_execute (plain->store, "UPDATE attachment_chunk SET data = zeroblob (length (data)) WHERE number = 1", NULL));
  g_assert_false (mere_attachment_verify (plain->store, b2, NULL, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_true (mere_store_execute (plain->store, "DELETE FROM attachment_chunk WHERE number = 1", NULL));
  g_assert_false (mere_attachment_verify (plain->store, b2, NULL, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_DAMAGED);
}

static void
test_what_nothing_has_is_swept (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) one = random_bytes (10);
  g_autoptr (GBytes) two = random_bytes (20);
  g_autofree char *used = add (plain, one);
  g_autofree char *unused = add (plain, two);
  gint64           draft = mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "lanes", "1"), "uuid:a");
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_attachment_attach (plain->store, draft, "photo.jpeg", used, NULL));
  g_assert_true (mere_attachment_sweep (plain->store, NULL));
  assert_content (plain, used, one, 0);
  g_assert_null (mere_attachment_open (plain->store, unused, 0, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_NOT_FOUND);
  g_assert_true (mere_draft_delete (plain->store, draft, NULL));
  g_assert_true (mere_attachment_sweep (plain->store, NULL));
  assert_content (plain, used, one, 0);
  g_assert_true (mere_draft_purge (plain->store, G_MAXINT64, NULL));
  g_assert_cmpint (mere_plain_store_ask (plain, "SELECT count (*) FROM attachment"), ==, 0);
}

static void
test_a_record_takes_its_drafts_files (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) content = random_bytes (10);
  g_autoptr (GBytes) xml = g_bytes_new_static ("<data/>", 7);
  g_autofree char *b2 = add (plain, content);
  gint64           draft = mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "lanes", "1"), "uuid:a");
  MereRecordNew    record = { .id = "uuid:a", .form = "lanes", .form_version = "1", .form_b2 = "", .title = "", .xml = xml, .draft = draft };
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  g_assert_true (mere_attachment_attach (plain->store, draft, "old.jpeg", b2, NULL));
  g_assert_true (mere_attachment_detach (plain->store, draft, "old.jpeg", NULL));
  g_assert_true (mere_attachment_attach (plain->store, draft, "photo.jpeg", b2, NULL));
  g_assert_true (mere_record_add (plain->store, &record, NULL));
  g_assert_true (mere_draft_remove (plain->store, draft, NULL));
  files = mere_attachment_list_of_record (plain->store, "uuid:a", NULL);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (((MereAttachment *) files->pdata[0])->name, ==, "photo.jpeg");
  g_assert_cmpint (((MereAttachment *) files->pdata[0])->size, ==, 10);
  lines = mere_log_list (plain->store, 0, 10, NULL);
  g_assert_cmpstr (((MereLogLine *) lines->pdata[0])->kind, ==, "attachment");
  g_assert_cmpstr (((MereLogLine *) lines->pdata[0])->object, ==, "uuid:a/photo.jpeg");
  g_assert_cmpstr (((MereLogLine *) lines->pdata[0])->b2, ==, b2);
  g_assert_true (mere_log_verify (plain->store, NULL, NULL));
}

static void
test_erasing_spares_what_others_have (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GBytes) shared = random_bytes (10);
  g_autoptr (GBytes) alone = random_bytes (20);
  g_autoptr (GBytes) xml = g_bytes_new_static ("<data/>", 7);
  g_autofree char         *shared_b2 = add (plain, shared);
  g_autofree char         *alone_b2 = add (plain, alone);
  gint64                   instrument = mere_rows_add_instrument (plain->store, "lanes", "1");
  static const char *const ids[] = { "uuid:a", "uuid:b" };
  g_autoptr (GPtrArray) files = NULL;

  for (guint i = 0; i < 2; i++)
    {
      gint64        draft = mere_rows_add_draft (plain->store, instrument, ids[i]);
      MereRecordNew record = { .id = ids[i], .form = "lanes", .form_version = "1", .form_b2 = "", .title = "", .xml = xml, .draft = draft };

      g_assert_true (mere_attachment_attach (plain->store, draft, "shared", shared_b2, NULL));
      if (i == 0)
        g_assert_true (mere_attachment_attach (plain->store, draft, "alone", alone_b2, NULL));
      g_assert_true (mere_record_add (plain->store, &record, NULL));
      g_assert_true (mere_draft_remove (plain->store, draft, NULL));
    }
  mere_rows_add_bundle (plain->store, "uuid:a", "uuid:b");
  g_assert_true (mere_rows_add_receipt (plain->store, 1, 1, MERE_RECEIPT_ACCEPTED, NULL, NULL));
  g_assert_true (mere_record_erase (plain->store, "uuid:a", NULL));
  assert_content (plain, shared_b2, shared, 0);
  g_assert_null (mere_attachment_load (plain->store, alone_b2, NULL));
  files = mere_attachment_list_of_record (plain->store, "uuid:a", NULL);
  g_assert_cmpuint (files->len, ==, 2);
  g_assert_true (mere_record_erase (plain->store, "uuid:b", NULL));
  g_assert_null (mere_attachment_load (plain->store, shared_b2, NULL));
  g_assert_true (mere_log_verify (plain->store, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attachment/content-of-any-size-comes-back", test_content_of_any_size_comes_back);
  g_test_add_func ("/attachment/the-same-content-is-kept-once", test_the_same_content_is_kept_once);
  g_test_add_func ("/attachment/what-was-not-finished-is-gone", test_what_was_not_finished_is_gone);
  g_test_add_func ("/attachment/a-changed-chunk-is-noticed", test_a_changed_chunk_is_noticed);
  g_test_add_func ("/attachment/what-nothing-has-is-swept", test_what_nothing_has_is_swept);
  g_test_add_func ("/attachment/a-record-takes-its-drafts-files", test_a_record_takes_its_drafts_files);
  g_test_add_func ("/attachment/erasing-spares-what-others-have", test_erasing_spares_what_others_have);
  return g_test_run ();
}
