/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tests/sync/bundle-fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "sync/code.h"

/* Links are removed, not followed. */
static void
remove_entry (GFile *file)
{
  g_autoptr (GFileEnumerator) children = NULL;
  g_autoptr (GError) error = NULL;
  GFileInfo *info;
  GFile     *child;

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL) == G_FILE_TYPE_DIRECTORY)
    children = g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  while (children != NULL && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && child != NULL)
    remove_entry (child);
  g_file_delete (file, NULL, &error);
  g_assert_no_error (error);
}

void
mere_test_remove_tree (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  remove_entry (file);
}

MereTestRoad *
mere_test_road_new (void)
{
  MereTestRoad *self = g_new0 (MereTestRoad, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("merestone-XXXXXX", &error);
  g_assert_no_error (error);
  self->sign = mere_minisign_secret_new ();
  mere_minisign_secret_get_key (self->sign, &self->key);
  self->box = mere_age_identity_new ();
  self->box_recipient = mere_age_identity_dup_recipient (self->box);
  self->device = mere_device_code_new (&self->key);
  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_secret_free);
  g_ptr_array_add (self->identities, mere_age_identity_new ());
  self->hq_recipient = mere_age_identity_dup_recipient (self->identities->pdata[0]);

  return self;
}

void
mere_test_road_free (MereTestRoad *self)
{
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  mere_secret_free (self->sign);
  mere_secret_free (self->box);
  g_free (self->box_recipient);
  g_free (self->device);
  g_ptr_array_unref (self->identities);
  g_free (self->hq_recipient);
  g_free (self);
}

MereManifest *
mere_test_road_new_head (MereTestRoad *self)
{
  MereManifest     *head = mere_manifest_new ();
  const char *const recipients[] = { self->hq_recipient, NULL };

  head->kind = MERE_BUNDLE_RECORDS;
  head->device = g_strdup (self->device);
  head->box_key = g_strdup (self->box_recipient);
  head->recipients = g_strdupv ((char **) recipients);
  head->trust = 7;
  head->chain_id = g_strdup ("00112233445566778899aabbccddeeff");
  head->chain_no = 1;
  head->seq = 1;
  head->created = g_strdup ("2026-07-31T09:12:44Z");
  head->clock_trusted = TRUE;
  head->boots = 3;
  head->seen_trust = 7;
  head->log_seq = 12;
  head->log_hash = mere_test_b2 ("", 0);
  head->app_name = g_strdup ("Merestone");
  head->app_version = g_strdup ("0.1.0");

  return head;
}

char *
mere_test_b2 (gconstpointer bytes,
              gsize         size)
{
  MereHash hash;

  mere_hash_init (&hash, MERE_CONTENT_SIZE);
  mere_hash_update (&hash, bytes, size);

  return mere_hash_finish_hex (&hash);
}

void
mere_test_contents_init (MereTestContents *self)
{
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

void
mere_test_contents_clear (MereTestContents *self)
{
  g_clear_pointer (&self->contents, g_ptr_array_unref);
}

static void
add (MereBundleWriter *writer,
     MereTestContents *contents,
     MereEntry        *entry,
     gconstpointer     bytes,
     gsize             size)
{
  g_autofree char *b2 = mere_test_b2 (bytes, size);
  g_autoptr (GError) error = NULL;

  entry->b2 = b2;
  entry->size = size;
  mere_bundle_writer_add (writer, entry, &error);
  g_assert_no_error (error);
  g_ptr_array_add (contents->contents, g_bytes_new (bytes, size));
}

void
mere_test_add_record (MereBundleWriter *writer,
                      MereTestContents *contents,
                      const char       *uuid,
                      const char       *xml)
{
  g_autofree char *form_b2 = mere_test_b2 ("form", 4);
  g_autofree char *record = g_strconcat ("uuid:", uuid, NULL);
  MereEntry        entry = {
           .type = MERE_ENTRY_RECORD,
           .record = record,
           .form = (char *) "passenger-processing",
           .form_version = (char *) "2026071501",
           .form_b2 = form_b2,
           .crossing = (char *) "UTO-1",
           .finalised = (char *) "2026-07-31T11:12:44+02:00",
  };

  add (writer, contents, &entry, xml, strlen (xml));
}

void
mere_test_add_blob (MereBundleWriter *writer,
                    MereTestContents *contents,
                    gconstpointer     bytes,
                    gsize             size)
{
  MereEntry entry = { .type = MERE_ENTRY_BLOB, .mime = (char *) "image/png", .name = (char *) "passport.png" };

  add (writer, contents, &entry, bytes, size);
}

gboolean
mere_test_content (gpointer         contents,
                   guint            index,
                   const MereEntry *entry,
                   MereWriteFunc    write,
                   gpointer         sink,
                   GError         **error)
{
  GBytes *bytes = ((MereTestContents *) contents)->contents->pdata[index];

  return write (sink, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

char *
mere_test_road_seal (MereTestRoad *self)
{
  g_autoptr (MereManifest) head = mere_test_road_new_head (self);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (GError) error = NULL;

  mere_test_contents_init (&contents);
  mere_test_add_record (writer, &contents, MERE_TEST_UUID_1, MERE_TEST_XML_1);
  mere_test_add_record (writer, &contents, MERE_TEST_UUID_2, MERE_TEST_XML_2);
  mere_test_add_blob (writer, &contents, MERE_TEST_PICTURE, strlen (MERE_TEST_PICTURE));
  sealed = mere_bundle_writer_seal (writer, self->sign, self->folder, mere_test_content, &contents, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  return g_strdup (sealed->path);
}

gboolean
mere_test_road_read (MereTestRoad *self,
                     const char   *path,
                     GError      **error)
{
  g_autoptr (MereBundleReader) reader = mere_bundle_reader_open (path, mere_bundle_sender_is, &self->key, NULL, error);

  return reader != NULL && mere_bundle_reader_read (reader, self->identities, NULL, NULL, NULL, NULL, NULL, error);
}

void
mere_test_road_assert_refused (MereTestRoad   *self,
                               const char     *path,
                               MereBundleError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_test_road_read (self, path, &error));
  g_assert_true (error->domain == MERE_BUNDLE_ERROR);
  g_assert_cmpstr (mere_bundle_error_get_name (error->code), ==, mere_bundle_error_get_name (code));
  g_assert_cmpuint (strlen (error->message), >, 20);
}

GBytes *
mere_test_load (const char *path)
{
  char *content;
  gsize size;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (content, size);
}

void
mere_test_save (const char   *path,
                gconstpointer bytes,
                gsize         size)
{
  FILE *file = g_fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
}
