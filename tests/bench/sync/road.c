/* SPDX-License-Identifier: GPL-3.0-or-later */

/* As a mission's bundle is: a fifth XForms instances of a few kilobytes, the rest pictures that do not shrink. */

#include "config.h"

#include "tests/bench/sync/road.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "sync/code.h"

#define RECORDS_SIZE (13 * 1048576)
#define PICTURES_SIZE (51 * 1048576)
#define RECORD_SIZE 4600
#define PICTURE_SIZE 1048576

static GBytes *
make_record (GRand *random)
{
  GString *xml = g_string_new ("<data id=\"passenger-processing\" version=\"2026071501\"><crossing>UTO-1</crossing>");

  while (xml->len < RECORD_SIZE)
    g_string_append_printf (xml, "<passenger><line>%d</line><service_start>%d</service_start><service_end>%d</service_end></passenger>",
                            g_rand_int_range (random, 0, 4), g_rand_int_range (random, 0, 86400), g_rand_int_range (random, 0, 86400));

  return g_string_free_to_bytes (g_string_append (xml, "</data>"));
}

static GBytes *
make_picture (void)
{
  guint8 *bytes = g_malloc (PICTURE_SIZE);

  randombytes_buf (bytes, PICTURE_SIZE);

  return g_bytes_new_take (bytes, PICTURE_SIZE);
}

static void
add (Road   *self,
     GBytes *content)
{
  g_ptr_array_add (self->contents, content);
  self->size += g_bytes_get_size (content);
}

static MereManifest *
make_head (Road *self)
{
  MereManifest     *head = mere_manifest_new ();
  MereMinisignKey   key;
  const char *const recipients[] = { self->recipient, NULL };

  mere_minisign_secret_get_key (self->sign, &key);
  head->kind = MERE_BUNDLE_RECORDS;
  head->device = mere_device_code_new (&key);
  head->box_key = g_strdup (self->recipient);
  head->recipients = g_strdupv ((char **) recipients);
  head->chain_id = g_strnfill (32, '0');
  head->chain_no = head->seq = head->trust = 1;

  return head;
}

static void
announce (Road             *self,
          MereBundleWriter *writer,
          guint             i)
{
  GBytes          *content = self->contents->pdata[i];
  MereHash         hash;
  g_autofree char *b2 = NULL;
  g_autofree char *record = g_strdup_printf ("uuid:00000000-0000-4000-8000-%012u", i);
  MereEntry        entry = { .type = MERE_ENTRY_BLOB, .size = g_bytes_get_size (content) };
  g_autoptr (GError) error = NULL;

  mere_hash_init (&hash, MERE_CONTENT_SIZE);
  mere_hash_update (&hash, g_bytes_get_data (content, NULL), entry.size);
  entry.b2 = b2 = mere_hash_finish_hex (&hash);
  if (i < self->n_records)
    {
      entry.type = MERE_ENTRY_RECORD;
      entry.record = record;
      entry.form = (char *) "passenger-processing";
      entry.form_version = (char *) "2026071501";
      entry.form_b2 = b2;
    }
  if (!mere_bundle_writer_add (writer, &entry, &error))
    g_error ("%s", error->message);
}

static void
announce_all (Road *self)
{
  g_autoptr (MereManifest) head = make_head (self);

  self->writer = mere_bundle_writer_new (head);
  for (guint i = 0; i < self->contents->len; i++)
    announce (self, self->writer, i);
}

Road *
road_new (void)
{
  Road *self = g_new0 (Road, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  self->folder = g_dir_make_tmp ("merestone-bench-XXXXXX", NULL);
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  while (self->size < RECORDS_SIZE)
    add (self, make_record (random));
  self->n_records = self->contents->len;
  while (self->size < RECORDS_SIZE + PICTURES_SIZE)
    add (self, make_picture ());
  self->sign = mere_minisign_secret_new ();
  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_secret_free);
  g_ptr_array_add (self->identities, mere_age_identity_new ());
  self->recipient = mere_age_identity_dup_recipient (self->identities->pdata[0]);
  announce_all (self);

  return self;
}

void
road_free (Road *self)
{
  const char *const argv[] = { "rm", "-rf", self->folder, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (self->folder);
  g_ptr_array_unref (self->contents);
  mere_secret_free (self->sign);
  g_ptr_array_unref (self->identities);
  g_free (self->recipient);
  mere_bundle_writer_free (self->writer);
  g_free (self);
}

static gboolean
give (gpointer         data,
      guint            index,
      const MereEntry *entry,
      MereWriteFunc    write,
      gpointer         sink,
      GError         **error)
{
  GBytes *content = ((Road *) data)->contents->pdata[index];

  return write (sink, g_bytes_get_data (content, NULL), g_bytes_get_size (content), error);
}

MereSealed *
road_seal (Road *self)
{
  g_autoptr (GError) error = NULL;
  MereSealed *sealed = mere_bundle_writer_seal (self->writer, self->sign, self->folder, give, self, NULL, NULL, NULL, &error);
  if (sealed == NULL)
    g_error ("%s", error->message);

  return sealed;
}

void
road_read (Road             *self,
           const MereSealed *sealed)
{
  MereMinisignKey key;
  g_autoptr (MereBundleReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  mere_minisign_secret_get_key (self->sign, &key);
  reader = mere_bundle_reader_open (sealed->path, mere_bundle_sender_is, &key, NULL, &error);
  if (reader == NULL || !mere_bundle_reader_read (reader, self->identities, NULL, NULL, NULL, NULL, NULL, &error))
    g_error ("%s", error->message);
}

void
road_save_files (Road *self)
{
  g_autofree char *folder = g_build_filename (self->folder, "plain", NULL);

  g_mkdir (folder, 0700);
  for (guint i = 0; i < self->contents->len; i++)
    {
      GBytes          *content = self->contents->pdata[i];
      g_autofree char *path = g_strdup_printf ("%s/%06u", folder, i);
      g_autoptr (GError) error = NULL;

      if (!g_file_set_contents_full (path, g_bytes_get_data (content, NULL), (gssize) g_bytes_get_size (content), G_FILE_SET_CONTENTS_NONE, 0600, &error))
        g_error ("%s", error->message);
    }
}
