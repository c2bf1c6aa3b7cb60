/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hq-fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "app/store/settings.h"
#include "app/store/statement.h"
#include "sync/hq/device.h"
#include "sync/hq/postgres.h"

static MereStore *
open_sqlite (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  sqlite3         *database = NULL;
  MereStore       *store;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  store = mere_store_open_database (database, &error);
  g_assert_no_error (error);
  /* What a crash leaves is the store's own matter, and tested there. */
  mere_store_execute (store, "PRAGMA synchronous = OFF", &error);
  g_assert_no_error (error);
  return store;
}

#if HAVE_LIBPQ
static void
run_sql (MereDatabase *database,
         const char   *format,
         const char   *name)
{
  g_autoptr (GString) sql = g_string_new (format);
  g_autoptr (GError) error = NULL;

  g_string_replace (sql, "NAME", name, 0);
  database->engine->execute (database, sql->str, &error);
  g_assert_no_error (error);
}

static MereStore *
connect_store (const char *address,
               const char *schema)
{
  g_autoptr (GError) error = NULL;
  MereDatabase *database = mere_postgres_connect (address, &error);
  MereSecret   *seal = mere_secret_new (32);
  MereStore    *store;

  g_assert_no_error (error);
  run_sql (database, "CREATE SCHEMA IF NOT EXISTS NAME; SET search_path TO NAME", schema);
  store = mere_store_open_engine (database, &error);
  g_assert_no_error (error);
  memset (mere_secret_get_data (seal), 7, mere_secret_get_size (seal));
  mere_store_set_seal (store, seal);
  return store;
}

/* Each headquarters has a schema of its own in the cluster of the test. */
static MereStore *
open_store (MereTestHq *self)
{
  static guint n_schemas = 0;
  const char  *address = g_getenv ("MERESTONE_TEST_STORE");

  if (address == NULL)
    return open_sqlite (self->folder);
  if (self->schema == NULL)
    self->schema = g_strdup_printf ("hq_%u", ++n_schemas);
  return connect_store (address, self->schema);
}
#else
static MereStore *
open_store (MereTestHq *self)
{
  return open_sqlite (self->folder);
}
#endif

MereStore *
mere_test_hq_open_again (MereTestHq *self)
{
  return open_store (self);
}

MereTestHq *
mere_test_hq_new (void)
{
  MereTestHq *self = g_new0 (MereTestHq, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("merestone-hq-XXXXXX", &error);
  g_assert_no_error (error);
  self->store = open_store (self);
  mere_settings_save_text (self->store, "road.folder", self->folder, &error);
  g_assert_no_error (error);
  mere_keyring_make (self->store, "Headquarters", NULL, &error);
  g_assert_no_error (error);
  self->keys = mere_keyring_load (self->store, &error);
  g_assert_no_error (error);
  return self;
}

void
mere_test_hq_free (MereTestHq *self)
{
  mere_keyring_free (self->keys);
  mere_store_close (self->store);
  mere_test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->schema);
  g_free (self);
}

void
mere_test_hq_enrol (MereTestHq   *self,
                    MereTestRoad *laptop,
                    const char   *label)
{
  g_autoptr (MereCard) card = mere_card_new_device (&laptop->key, laptop->box_recipient, label);
  g_autoptr (GError) error = NULL;

  mere_device_approve (self->store, card, NULL, NULL, &error);
  g_assert_no_error (error);
}

MereTestRoad *
mere_test_hq_new_laptop (MereTestHq *self,
                         const char *label)
{
  MereTestRoad *laptop = mere_test_road_new ();

  g_free (laptop->hq_recipient);
  laptop->hq_recipient = g_strdup (self->keys->trust->operational);
  if (label != NULL)
    mere_test_hq_enrol (self, laptop, label);
  return laptop;
}

char *
mere_test_record_xml (const char *uuid,
                      const char *supersedes,
                      const char *form,
                      const char *answer)
{
  g_autofree char *older = supersedes != NULL ? g_strdup_printf ("<orx:deprecatedID>uuid:%s</orx:deprecatedID>", supersedes) : g_strdup ("");

  return g_strdup_printf ("<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"%s\" version=\"1\">"
                          "<name>%s</name>"
                          "<orx:meta><orx:instanceID>uuid:%s</orx:instanceID>%s</orx:meta></data>",
                          form != NULL ? form : "gate",
                          answer,
                          uuid,
                          older);
}

static void
announce (MereBundleWriter *writer,
          MereTestContents *contents,
          MereEntry        *entry,
          const char       *content)
{
  g_autofree char *b2 = mere_test_b2 (content, strlen (content));
  g_autoptr (GError) error = NULL;

  entry->b2 = b2;
  entry->size = strlen (content);
  mere_bundle_writer_add (writer, entry, &error);
  g_assert_no_error (error);
  g_ptr_array_add (contents->contents, g_bytes_new (content, strlen (content)));
}

static char **
hashes_of (const char *const *blobs)
{
  g_autoptr (GStrvBuilder) hashes = g_strv_builder_new ();

  for (; blobs != NULL && *blobs != NULL; blobs++)
    {
      g_autofree char *b2 = mere_test_b2 (*blobs, strlen (*blobs));

      g_strv_builder_add (hashes, b2);
    }
  return g_strv_builder_end (hashes);
}

static void
announce_record (MereBundleWriter   *writer,
                 MereTestContents   *contents,
                 const MereTestFile *file)
{
  g_autofree char *xml = file->xml != NULL ? g_strdup (file->xml) : mere_test_record_xml (file->uuid, file->supersedes, file->form, file->answer);
  g_autofree char *form_b2 = mere_test_b2 ("form", 4);
  g_autofree char *record = g_strconcat ("uuid:", file->uuid, NULL);
  g_autofree char *supersedes = file->supersedes != NULL ? g_strconcat ("uuid:", file->supersedes, NULL) : NULL;
  g_auto (GStrv) blobs = hashes_of (file->blobs);
  MereEntry entry = {
    .type = MERE_ENTRY_RECORD,
    .record = record,
    .form = (char *) (file->form != NULL ? file->form : "gate"),
    .form_version = (char *) "1",
    .form_b2 = form_b2,
    .supersedes = supersedes,
    .blobs = blobs,
    .crossing = (char *) file->crossing,
    .finalised = (char *) (file->finalised != NULL ? file->finalised : "2026-07-31T11:12:44+02:00"),
  };

  announce (writer, contents, &entry, xml);
}

static void
announce_blob (MereBundleWriter   *writer,
               MereTestContents   *contents,
               const MereTestFile *file)
{
  g_autofree char *whole = file->whole != NULL ? mere_test_b2 (file->whole, strlen (file->whole)) : NULL;
  g_autofree char *path = whole != NULL ? mere_entry_path_of_chunk (whole, file->offset > 0) : NULL;
  MereEntry        entry = { .type = MERE_ENTRY_BLOB, .mime = (char *) "text/plain", .name = (char *) file->name };

  if (whole != NULL)
    {
      entry.type = MERE_ENTRY_CHUNK;
      entry.path = path;
      entry.of = whole;
      entry.offset = file->offset;
      entry.total = strlen (file->whole);
    }
  announce (writer, contents, &entry, file->blob);
}

static MereManifest *
new_head (MereTestRoad        *laptop,
          const MereTestPlace *place)
{
  MereManifest *head = mere_test_road_new_head (laptop);

  head->trust = 1;
  head->seen_trust = 1;
  head->seen_receipt = place->seen_receipt;
  if (place->chain != NULL)
    {
      g_free (head->chain_id);
      head->chain_id = g_strdup (place->chain);
      head->chain_no = 2;
    }
  head->seq = place->seq > 0 ? place->seq : 1;
  head->prev = g_strdup (place->prev);
  return head;
}

MereSealed *
mere_test_send (MereTestRoad        *laptop,
                const MereTestPlace *place,
                const MereTestFile  *files,
                guint                n)
{
  const MereTestPlace first = { 0 };
  g_autoptr (MereManifest) head = new_head (laptop, place != NULL ? place : &first);
  g_autoptr (MereBundleWriter) writer = mere_bundle_writer_new (head);
  g_auto (MereTestContents) contents = { NULL };
  g_autoptr (GError) error = NULL;
  MereSealed *sealed;

  mere_test_contents_init (&contents);
  for (guint i = 0; i < n; i++)
    if (files[i].uuid != NULL)
      announce_record (writer, &contents, &files[i]);
    else
      announce_blob (writer, &contents, &files[i]);
  sealed = mere_bundle_writer_seal (writer,
                                    laptop->sign,
                                    place != NULL && place->folder != NULL ? place->folder : laptop->folder,
                                    mere_test_content,
                                    &contents,
                                    NULL,
                                    NULL,
                                    NULL,
                                    &error);
  g_assert_no_error (error);
  return sealed;
}

MereInboxResult *
mere_test_take (MereTestHq *self,
                const char *path)
{
  g_autoptr (GError) error = NULL;
  MereInboxResult *result = mere_inbox_take (self->store, self->keys, path, NULL, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return result;
}

/* Every value of every row, in hexadecimal digits where it is no plain text. */
static void
dump (MereTestHq *self,
      GString    *text,
      int         n_columns,
      const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereStatement) query = mere_statement_new (self->store, sql, &error);
  gboolean row = TRUE;

  g_assert_no_error (error);
  while (mere_statement_step (query, &row, &error) && row)
    {
      for (int i = 0; i < n_columns; i++)
        {
          gsize            size;
          gconstpointer    data = mere_statement_get_data (query, i, &size);
          g_autofree char *plain = mere_statement_is_null (query, i) ? g_strdup ("–") : g_utf8_make_valid (data, (gssize) size);

          g_string_append_printf (text, i == 0 ? "%s" : " | %s", plain);
        }
      g_string_append_c (text, '\n');
    }
  g_assert_no_error (error);
}

char *
mere_test_hq_dump_records (MereTestHq *self)
{
  GString *text = g_string_new (NULL);

  dump (self,
        text,
        12,
        "SELECT d.id, d.deprecated_id, d.first_id, d.superseded, d.form, d.title, d.b2, d.finalised_us,"
        "       x.xml, h.device, h.supersedes, s.state"
        " FROM record AS d JOIN record_xml AS x ON x.record = d.row JOIN hq_record AS h ON h.row = d.row"
        " JOIN hq_record_state AS s ON s.row = d.row ORDER BY d.id");
  dump (self, text, 3, "SELECT record, name, b2 FROM record_attachment ORDER BY record, b2");
  dump (self, text, 2, "SELECT b2, size FROM attachment ORDER BY b2");
  dump (self, text, 5, "SELECT device, chain, seq, b2, status FROM hq_bundle ORDER BY device, chain, seq, b2");
  return g_string_free (text, FALSE);
}

static char **
list_names (MereTestHq *self,
            const char *sqlite,
            const char *postgres)
{
  g_autoptr (GString) names = g_string_new (NULL);

  dump (self, names, 1, mere_store_is_shared (self->store) ? postgres : sqlite);
  return g_strsplit (g_strchomp (names->str), "\n", -1);
}

static void
dump_table (MereTestHq *self,
            GString    *text,
            const char *table)
{
  g_autofree char *sqlite = g_strdup_printf ("SELECT name FROM pragma_table_info ('%s') ORDER BY cid", table);
  g_autofree char *postgres = g_strdup_printf ("SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema ()"
                                               " AND table_name = '%s' AND column_name <> 'assessment_id' ORDER BY ordinal_position",
                                               table);
  g_auto (GStrv) columns = list_names (self, sqlite, postgres);
  g_autofree char *list = g_strjoinv ("\", \"", columns);
  g_autofree char *sql = g_strdup_printf ("SELECT \"%s\" FROM \"%s\" ORDER BY %s", list, table, g_strv_length (columns) > 1 ? "1, 2" : "1");

  g_string_append_printf (text, "%s: %s\n", table, list);
  dump (self, text, (int) g_strv_length (columns), sql);
}

char *
mere_test_hq_dump_all (MereTestHq *self)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) tables = list_names (
    self,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('hq_refusal', 'sqlite_sequence') ORDER BY name",
    "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema () AND tablename <> 'hq_refusal' ORDER BY tablename");

  for (char **table = tables; *table != NULL; table++)
    dump_table (self, text, *table);
  return g_string_free (text, FALSE);
}
