/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bundles that our writer makes: read back whole, and refused after any change on the way. */

#include "config.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "tests/sync/bundle-fixture.h"

typedef struct
{
  GString *told; /* what the handler was told, in order */
  guint64  n_bytes;
} Listener;

static gboolean
hear_begin (gpointer            data,
            const MereManifest *manifest,
            GError            **error)
{
  g_string_append_printf (((Listener *) data)->told, "begin %u\n", manifest->seq);

  return TRUE;
}

static gboolean
hear_entry (gpointer         data,
            guint            index,
            const MereEntry *entry,
            GError         **error)
{
  g_string_append_printf (((Listener *) data)->told, "entry %u %s\n", index, mere_entry_type_to_string (entry->type));

  return TRUE;
}

static gboolean
hear_data (gpointer      data,
           const guint8 *bytes,
           gsize         size,
           GError      **error)
{
  ((Listener *) data)->n_bytes += size;

  return TRUE;
}

static gboolean
hear_done (gpointer         data,
           guint            index,
           const MereEntry *entry,
           GError         **error)
{
  g_string_append_printf (((Listener *) data)->told, "done %u\n", index);

  return TRUE;
}

static const MereBundleHandler listening = { hear_begin, hear_entry, hear_data, hear_done };

static void
test_what_was_packed_comes_out (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autoptr (GString) told = g_string_new (NULL);
  Listener listener = { told, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MereBundleReader) reader = NULL;
  const MereManifest *manifest;

  reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &road->key, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (mere_bundle_reader_read (reader, road->identities, &listening, &listener, NULL, NULL, NULL, &error));
  g_assert_cmpstr (told->str, ==,
                   "begin 1\nentry 0 record\ndone 0\nentry 1 record\ndone 1\nentry 2 blob\ndone 2\n");
  g_assert_cmpuint (listener.n_bytes, ==, strlen (MERE_TEST_XML_1) + strlen (MERE_TEST_XML_2) + strlen (MERE_TEST_PICTURE));

  manifest = mere_bundle_reader_get_manifest (reader);
  g_assert_cmpstr (manifest->device, ==, road->device);
  g_assert_cmpstr (manifest->created, ==, "2026-07-31T09:12:44Z");
  g_assert_cmpint (manifest->log_seq, ==, 12);
  g_assert_cmpuint (manifest->entries, ==, 5);
  g_assert_true (mere_minisign_key_equal (mere_bundle_reader_get_key (reader), &road->key));
}

/* The manifest's signature is kept as proof: it holds on its own, without the bundle. */
static void
test_authorship_survives_decryption (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereBundleReader) reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &road->key, NULL, &error);
  g_autoptr (MereMinisign) signature = NULL;
  GBytes *text, *proof;

  g_assert_true (mere_bundle_reader_read (reader, road->identities, NULL, NULL, NULL, NULL, NULL, &error));
  text = mere_manifest_get_text (mere_bundle_reader_get_manifest (reader));
  proof = mere_bundle_reader_get_manifest_signature (reader);
  signature = mere_minisign_parse (g_bytes_get_data (proof, NULL), g_bytes_get_size (proof), &error);
  g_assert_no_error (error);
  g_assert_true (mere_minisign_verify_data (signature, &road->key, g_bytes_get_data (text, NULL), g_bytes_get_size (text), &error));
}

static void
test_an_empty_bundle_is_a_bundle (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_contents_init (&contents);
  sealed = mere_bundle_writer_seal (writer, road->sign, road->folder, mere_test_content, &contents, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (mere_test_road_read (road, sealed->path, &error));
}

static void
test_large_content_passes_and_leaves_no_more_than_two_files (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = NULL;
  gsize              size = 5 * 1048576 + 3;
  g_autofree guint8 *noise = g_malloc (size);
  guint              n_files = 0;

  mere_test_contents_init (&contents);
  randombytes_buf (noise, size);
  mere_test_add_blob (writer, &contents, noise, size);
  mere_test_add_blob (writer, &contents, "", 0);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *uuid = g_strdup_printf ("00000000-0000-4000-8000-%012u", i);

      mere_test_add_record (writer, &contents, uuid, MERE_TEST_XML_1);
    }
  sealed = mere_bundle_writer_seal (writer, road->sign, road->folder, mere_test_content, &contents, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (mere_test_road_read (road, sealed->path, &error));

  folder = g_dir_open (road->folder, 0, NULL);
  while (g_dir_read_name (folder) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, 2);
}

/* A blank picture shrinks a thousandfold; the bundle must still pass the reader's bound against bombs. */
static void
test_blank_content_is_no_bomb (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (GError) error = NULL;
  gsize              size = 24 * 1048576;
  g_autofree guint8 *blank = g_malloc0 (size);

  mere_test_contents_init (&contents);
  mere_test_add_blob (writer, &contents, blank, size);
  sealed = mere_bundle_writer_seal (writer, road->sign, road->folder, mere_test_content, &contents, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (mere_test_road_read (road, sealed->path, &error));
}

/* The content of a record that was changed behind the vault's back. */
static void
test_a_source_that_changed_is_not_sealed (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = NULL;

  mere_test_contents_init (&contents);
  mere_test_add_record (writer, &contents, MERE_TEST_UUID_1, MERE_TEST_XML_1);
  g_ptr_array_set_size (contents.contents, 0);
  g_ptr_array_add (contents.contents, g_bytes_new_static (MERE_TEST_XML_2, strlen (MERE_TEST_XML_2)));
  g_assert_null (mere_bundle_writer_seal (writer, road->sign, road->folder, mere_test_content, &contents, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_SOURCE);
  folder = g_dir_open (road->folder, 0, NULL);
  g_assert_null (g_dir_read_name (folder));
}

static void
test_a_folder_that_is_gone_seals_nothing (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autofree char *nowhere = g_build_filename (road->folder, "nowhere", NULL);
  g_autoptr (GError) error = NULL;

  mere_test_contents_init (&contents);
  mere_test_add_record (writer, &contents, MERE_TEST_UUID_1, MERE_TEST_XML_1);
  g_assert_null (mere_bundle_writer_seal (writer, road->sign, nowhere, mere_test_content, &contents, NULL, NULL, NULL, &error));
  g_assert_error (error, MERE_BUNDLE_ERROR, MERE_BUNDLE_ERROR_WRITE);
}

static void
test_leftovers_of_a_crash_are_cleared_and_names_used_again (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *first = mere_test_road_seal (road);
  g_autofree char *leftover = g_build_filename (road->folder, ".tmp-old.age", NULL);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_save (leftover, "half", 4);
  again = mere_test_road_seal (road);
  g_assert_cmpstr (first, ==, again);
  g_assert_false (g_file_test (leftover, G_FILE_TEST_EXISTS));
  g_assert_true (mere_test_road_read (road, again, &error));
}

static void
test_the_writer_refuses_what_no_bundle_may_hold (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autoptr (MereManifest) head = mere_test_road_new_head (road);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autofree char *b2 = mere_test_b2 ("x", 1);
  MereEntry        outside = { .type = MERE_ENTRY_BLOB, .path = (char *) "../blobs/x", .b2 = b2, .size = 1 };
  MereEntry        nameless = { .type = MERE_ENTRY_RECORD, .record = (char *) "uuid:../../etc/passwd", .b2 = b2, .size = 1 };
  MereEntry        twice = { .type = MERE_ENTRY_BLOB, .b2 = b2, .size = 1 };
  MereEntry        huge = { .type = MERE_ENTRY_BLOB, .b2 = head->log_hash, .size = G_GUINT64_CONSTANT (2) << 30 };
  const struct
  {
    MereEntry *entry;
    int        code;
  } cases[] = { { &outside, MERE_BUNDLE_ERROR_NAME },
                { &nameless, MERE_BUNDLE_ERROR_NAME },
                { &twice, MERE_BUNDLE_ERROR_DUPLICATE },
                { &huge, MERE_BUNDLE_ERROR_TOO_LARGE } };

  mere_test_contents_init (&contents);
  mere_test_add_blob (writer, &contents, "x", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (mere_bundle_writer_add (writer, cases[i].entry, &error));
      g_assert_error (error, MERE_BUNDLE_ERROR, cases[i].code);
    }
  g_assert_cmpuint (mere_bundle_writer_get_n_entries (writer), ==, 1);
}

/* H3: the bundle with one byte changed, every byte in turn, one bit each. */
static void
test_every_changed_byte_of_the_file_is_noticed (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autoptr (GBytes) whole = mere_test_load (path);
  gsize              size = g_bytes_get_size (whole);
  g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (whole, NULL), size);

  for (gsize i = 0; i < size; i++)
    {
      changed[i] ^= 1u << i % 8;
      mere_test_save (path, changed, size);
      mere_test_road_assert_refused (road, path, MERE_BUNDLE_ERROR_SIGNATURE);
      changed[i] ^= 1u << i % 8;
    }
}

static void
test_every_cut_of_the_file_is_noticed (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autoptr (GBytes) whole = mere_test_load (path);

  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      mere_test_save (path, g_bytes_get_data (whole, NULL), size);
      mere_test_road_assert_refused (road, path, MERE_BUNDLE_ERROR_SIGNATURE);
    }
}

static gboolean
is_one_of (int        code,
           const int *codes)
{
  while (*codes != 0 && *codes != code)
    codes++;

  return *codes != 0;
}

/* Lines 2 to 4, every bit: the signature, its comment, the signature over both. */
static void
test_every_changed_bit_of_the_signature_is_noticed (void)
{
  static const int refusals[] = { MERE_BUNDLE_ERROR_SIGNATURE_FORM, MERE_BUNDLE_ERROR_COMMENT, MERE_BUNDLE_ERROR_RENAMED,
                                  MERE_BUNDLE_ERROR_SENDER_UNKNOWN, MERE_BUNDLE_ERROR_TOO_LARGE, MERE_BUNDLE_ERROR_SIGNATURE, 0 };
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) whole = mere_test_load (signature_path);
  gsize            size = g_bytes_get_size (whole);
  g_autofree char *changed = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  gsize            start = strchr (changed, '\n') - changed + 1;

  for (gsize bit = 8 * start; bit < 8 * (size - 1); bit++)
    {
      g_autoptr (GError) error = NULL;

      changed[bit / 8] ^= 1 << bit % 8;
      mere_test_save (signature_path, changed, size);
      g_assert_false (mere_test_road_read (road, path, &error));
      g_assert_true (error->domain == MERE_BUNDLE_ERROR && is_one_of (error->code, refusals));
      changed[bit / 8] ^= 1 << bit % 8;
    }
}

static void
test_an_unfinished_pair_is_left_alone (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autofree char *signature_path = g_strconcat (path, MERE_MINISIGN_SUFFIX, NULL);
  g_autoptr (GBytes) whole = mere_test_load (signature_path);

  for (gsize size = 0; size < g_bytes_get_size (whole) - 1; size++)
    {
      mere_test_save (signature_path, g_bytes_get_data (whole, NULL), size);
      mere_test_road_assert_refused (road, path, MERE_BUNDLE_ERROR_SIGNATURE_FORM);
    }
  g_unlink (signature_path);
  mere_test_road_assert_refused (road, path, MERE_BUNDLE_ERROR_UNFINISHED);
}

static void
test_a_link_is_not_opened (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autofree char *elsewhere = g_build_filename (road->folder, "elsewhere", NULL);

  g_assert_cmpint (g_rename (path, elsewhere), ==, 0);
  g_assert_cmpint (symlink ("elsewhere", path), ==, 0);
  mere_test_road_assert_refused (road, path, MERE_BUNDLE_ERROR_READ);
}

static void
test_a_request_to_stop_is_heard (void)
{
  g_autoptr (MereTestRoad) road = mere_test_road_new ();
  g_autofree char *path = mere_test_road_seal (road);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) opening = NULL;
  g_autoptr (GError) reading = NULL;
  g_autoptr (MereBundleReader) reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &road->key, NULL, NULL);

  g_cancellable_cancel (cancellable);
  g_assert_null (mere_bundle_reader_open (path, mere_bundle_sender_is, &road->key, cancellable, &opening));
  g_assert_error (opening, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (mere_bundle_reader_read (reader, road->identities, NULL, NULL, NULL, NULL, cancellable, &reading));
  g_assert_error (reading, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/bundle/what-was-packed-comes-out", test_what_was_packed_comes_out);
  g_test_add_func ("/bundle/authorship-survives-decryption", test_authorship_survives_decryption);
  g_test_add_func ("/bundle/an-empty-bundle-is-a-bundle", test_an_empty_bundle_is_a_bundle);
  g_test_add_func ("/bundle/large-content-passes-and-leaves-no-more-than-two-files", test_large_content_passes_and_leaves_no_more_than_two_files);
  g_test_add_func ("/bundle/blank-content-is-no-bomb", test_blank_content_is_no_bomb);
  g_test_add_func ("/bundle/a-source-that-changed-is-not-sealed", test_a_source_that_changed_is_not_sealed);
  g_test_add_func ("/bundle/a-folder-that-is-gone-seals-nothing", test_a_folder_that_is_gone_seals_nothing);
  g_test_add_func ("/bundle/leftovers-of-a-crash-are-cleared-and-names-used-again", test_leftovers_of_a_crash_are_cleared_and_names_used_again);
  g_test_add_func ("/bundle/the-writer-refuses-what-no-bundle-may-hold", test_the_writer_refuses_what_no_bundle_may_hold);
  g_test_add_func ("/bundle/every-changed-byte-of-the-file-is-noticed", test_every_changed_byte_of_the_file_is_noticed);
  g_test_add_func ("/bundle/every-cut-of-the-file-is-noticed", test_every_cut_of_the_file_is_noticed);
  g_test_add_func ("/bundle/every-changed-bit-of-the-signature-is-noticed", test_every_changed_bit_of_the_signature_is_noticed);
  g_test_add_func ("/bundle/an-unfinished-pair-is-left-alone", test_an_unfinished_pair_is_left_alone);
  g_test_add_func ("/bundle/a-link-is-not-opened", test_a_link_is_not_opened);
  g_test_add_func ("/bundle/a-request-to-stop-is-heard", test_a_request_to_stop_is_heard);

  return g_test_run ();
}
