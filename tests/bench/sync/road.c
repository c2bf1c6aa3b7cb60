/* SPDX-License-Identifier: GPL-3.0-or-later */

/* As a mission's bundles are: a fifth XForms instances of a few kilobytes, the rest pictures of 0.3 to 6 MB that do not shrink. */

#include "config.h"

#include "tests/bench/sync/road.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "sync/code.h"

#define RECORD_SIZE 4600
#define PICTURE_MIN 300000
#define PICTURE_MAX 6000000
#define RECORDS_IN_ALL 5 /* a fifth */
#define PIECE_SIZE (256 * 1024)
#define RECORD "uuid:00000000-0000-4000-8000-%012u"
#define FORM "passenger-processing"

static char *
make_record (GRand *random,
             guint  number,
             gsize *size)
{
  GString *xml = g_string_new (NULL);

  g_string_append_printf (xml, "<data id=\"" FORM "\" version=\"1\"><meta><instanceID>" RECORD "</instanceID></meta>", number);
  while (xml->len < RECORD_SIZE)
    g_string_append_printf (xml, "<passenger><line>%d</line><service_start>%d</service_start><service_end>%d</service_end></passenger>",
                            g_rand_int_range (random, 0, 4), g_rand_int_range (random, 0, 86400), g_rand_int_range (random, 0, 86400));
  g_string_append (xml, "</data>");
  *size = xml->len;

  return g_string_free (xml, FALSE);
}

static char *
make_picture (GRand *random,
              gsize *size)
{
  char *bytes;

  *size = (gsize) g_rand_int_range (random, PICTURE_MIN, PICTURE_MAX);
  bytes = g_malloc (*size);
  randombytes_buf (bytes, *size);

  return bytes;
}

static gboolean
is_record (const char *path)
{
  return g_str_has_suffix (path, ".xml");
}

static void
add_file (Road    *self,
          GRand   *random,
          gboolean record)
{
  guint            number = self->paths->len;
  g_autofree char *name = g_strdup_printf ("%06u.%s", number, record ? "xml" : "jpg");
  char            *path = g_build_filename (self->folder, "plain", name, NULL);
  gsize            size;
  g_autofree char *bytes = record ? make_record (random, number, &size) : make_picture (random, &size);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    g_error ("%s", error->message);
  g_ptr_array_add (self->paths, path);
  self->n_records += record;
  self->size += size;
}

static MereManifest *
make_head (Road *self,
           guint seq)
{
  MereManifest   *head = mere_manifest_new ();
  MereMinisignKey key;

  mere_minisign_secret_get_key (self->sign, &key);
  head->kind = MERE_BUNDLE_RECORDS;
  head->device = mere_device_code_new (&key);
  head->box_key = g_strdup (self->recipients[0]);
  head->recipients = g_strdupv (self->recipients);
  head->chain_id = g_strnfill (32, '0');
  head->chain_no = head->trust = 1;
  head->seq = seq;
  head->prev = seq > 1 ? g_strnfill (128, '0') : NULL;

  return head;
}

/* Content in pieces, as the store gives it. */
static gboolean
give_file (const char   *path,
           MereWriteFunc write,
           gpointer      sink,
           GError      **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  int                fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize             n;

  while ((n = read (fd, piece, PIECE_SIZE)) > 0)
    if (!write (sink, piece, (gsize) n, error))
      break;
  close (fd);

  return n == 0;
}

static void
announce (MereBundleWriter *writer,
          const char       *path,
          guint             number)
{
  MereHash         hash;
  g_autofree char *b2 = NULL;
  g_autofree char *record = g_strdup_printf (RECORD, number);
  MereEntry        entry = { .type = is_record (path) ? MERE_ENTRY_RECORD : MERE_ENTRY_BLOB };
  g_autoptr (GError) error = NULL;

  mere_hash_init (&hash, MERE_CONTENT_SIZE);
  give_file (path, mere_hash_write, &hash, NULL);
  entry.size = hash.n_bytes;
  entry.b2 = b2 = mere_hash_finish_hex (&hash);
  if (entry.type == MERE_ENTRY_RECORD)
    {
      entry.record = record;
      entry.form = (char *) FORM;
      entry.form_version = (char *) "1";
      entry.form_b2 = b2;
    }
  if (!mere_bundle_writer_add (writer, &entry, &error))
    g_error ("%s", error->message);
}

static guint64
size_of (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (guint64) status.st_size : 0;
}

static void
announce_all (Road *self)
{
  MereBundleWriter *writer = NULL;

  for (guint i = 0; i < self->paths->len; i++)
    {
      if (writer == NULL || mere_bundle_writer_is_full (writer, size_of (self->paths->pdata[i])))
        {
          g_autoptr (MereManifest) head = make_head (self, self->writers->len + 1);

          writer = mere_bundle_writer_new (head);
          g_ptr_array_add (self->writers, writer);
          g_array_append_val (self->firsts, i);
        }
      announce (writer, self->paths->pdata[i], i);
    }
}

static Road *
road_alloc (const char *folder)
{
  Road *self = g_new0 (Road, 1);

  self->folder = g_strdup (folder);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->writers = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_bundle_writer_free);
  self->firsts = g_array_new (FALSE, FALSE, sizeof (guint));
  self->sign = mere_minisign_secret_new ();

  return self;
}

Road *
road_new (const char        *folder,
          guint64            size,
          const char *const *recipients)
{
  g_autofree char *plain = g_build_filename (folder, "plain", NULL);
  g_autofree char *stick = g_build_filename (folder, "stick", NULL);
  Road            *self = road_alloc (folder);
  guint64          records = 0;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  g_mkdir (plain, 0700);
  g_mkdir (stick, 0700);
  while (self->size < size)
    {
      gboolean record = records * RECORDS_IN_ALL <= self->size;
      guint64  before = self->size;

      add_file (self, random, record);
      records += record ? self->size - before : 0;
    }
  self->recipients = g_strdupv ((char **) recipients);
  announce_all (self);

  return self;
}

static gint
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

Road *
road_open (const char        *folder,
           const char *const *recipients)
{
  Road            *self = road_alloc (folder);
  g_autofree char *plain = g_build_filename (folder, "plain", NULL);
  g_autoptr (GDir) dir = g_dir_open (plain, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (self->paths, g_build_filename (plain, name, NULL));
  g_ptr_array_sort (self->paths, compare_paths);
  self->recipients = g_strdupv ((char **) recipients);
  announce_all (self);

  return self;
}

void
road_free (Road *self)
{
  g_free (self->folder);
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->writers);
  g_array_unref (self->firsts);
  mere_secret_free (self->sign);
  g_strfreev (self->recipients);
  g_free (self);
}

typedef struct
{
  Road *road;
  guint first;
} Sealing;

static gboolean
give (gpointer         data,
      guint            index,
      const MereEntry *entry,
      MereWriteFunc    write,
      gpointer         sink,
      GError         **error)
{
  Sealing *self = data;

  return give_file (self->road->paths->pdata[self->first + index], write, sink, error);
}

GPtrArray *
road_seal (Road *self)
{
  GPtrArray       *all = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_sealed_free);
  g_autofree char *stick = g_build_filename (self->folder, "stick", NULL);

  for (guint i = 0; i < self->writers->len; i++)
    {
      Sealing sealing = { self, g_array_index (self->firsts, guint, i) };
      g_autoptr (GError) error = NULL;
      MereSealed *sealed = mere_bundle_writer_seal (self->writers->pdata[i], self->sign, stick, give, &sealing, NULL, NULL, NULL, &error);

      if (sealed == NULL)
        g_error ("%s", error->message);
      g_ptr_array_add (all, sealed);
    }

  return all;
}

void
road_read (Road             *self,
           const MereSecret *identity,
           GPtrArray        *all)
{
  g_autoptr (GPtrArray) identities = g_ptr_array_new ();
  MereMinisignKey key;

  g_ptr_array_add (identities, (gpointer) identity);
  mere_minisign_secret_get_key (self->sign, &key);
  for (guint i = 0; i < all->len; i++)
    {
      const MereSealed *sealed = all->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (MereBundleReader) reader = mere_bundle_reader_open (sealed->path, mere_bundle_sender_is, &key, NULL, &error);

      if (reader == NULL || !mere_bundle_reader_read (reader, identities, NULL, NULL, NULL, NULL, NULL, &error))
        g_error ("%s", error->message);
    }
}
