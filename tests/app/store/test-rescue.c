/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A damaged vault gives up every record that still opens, and says which did not. */

#include "config.h"

#include "app/store/draft.h"
#include "app/store/instrument.h"
#include "app/store/rescue.h"
#include "tests/app/store/rows.h"

#include "app/vault/vault-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define RECORDS 40
#define PAGE 4096
#define PASSPHRASE "Utopia Eriksson L898902C3"

static const MereKeyCost cost = { 1, 8192 };

typedef struct
{
  char       *folder;
  char       *path;
  char       *fresh;
  MereSecret *passphrase;
} Fixture;

/* Long enough that a damaged page lies in one record alone. */
static void
add_version (MereStore *store, guint number, const char *deprecated_id)
{
  g_autofree char *id = g_strdup_printf ("uuid:0c1f2e3d-4b5a-4697-8879-6a5b4c3d%04x", number);
  g_autofree char *deprecated = g_markup_printf_escaped ("<orx:deprecatedID>%s</orx:deprecatedID>", deprecated_id != NULL ? deprecated_id : "");
  g_autofree char *filler = g_strnfill (9000, 'x');
  g_autofree char *text = g_strdup_printf ("<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"officer-interview\" version=\"1\"><note>%s</note>"
                                           "<orx:meta><orx:instanceID>%s</orx:instanceID>%s<orx:instanceName>Salt &amp; Zenith</orx:instanceName></orx:meta></data>",
                                           filler, id, deprecated_id != NULL ? deprecated : "");
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  MereRecordNew record = { .id = id, .deprecated_id = deprecated_id, .form = "officer-interview", .form_version = "1", .form_b2 = "00", .title = "Utopia Bridge", .kind = MERE_INSTRUMENT_INTERVIEW, .xml = xml };

  mere_record_add (store, &record, &error);
  g_assert_no_error (error);
}

static void
add_record (MereStore *store, guint number)
{
  add_version (store, number, NULL);
}

#define DRAFT "uuid:0c1f2e3d-4b5a-4697-8879-6a5b4c3dffff"

static void
add_draft (MereStore *store)
{
  static const char form[] = "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/2002/xforms\"><h:head><h:title>Interview</h:title>"
                             "<model><instance><data id=\"officer-interview\" version=\"1\"><a/></data></instance></model></h:head></h:html>";
  static const char snapshot[] = "<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"officer-interview\" version=\"1\"><a>UTO</a>"
                                 "<orx:meta><orx:instanceID>" DRAFT "</orx:instanceID></orx:meta></data>";
  g_autoptr (GBytes) form_xml = g_bytes_new_static (form, sizeof form - 1);
  g_autoptr (GBytes) snapshot_xml = g_bytes_new_static (snapshot, sizeof snapshot - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_add (store, "officer-interview", "1", "Interview", MERE_INSTRUMENT_INTERVIEW, NULL, form_xml, &error);

  g_assert_no_error (error);
  mere_draft_add (store, DRAFT, NULL, instrument->row, NULL, NULL, snapshot_xml, &error);
  g_assert_no_error (error);
}

static void
make_records (MereStore *store)
{
  add_draft (store);
  for (guint i = 0; i < RECORDS; i++)
    add_record (store, i);
}

static void
fixture_set_up (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  MereStore *store;

  self->folder = g_dir_make_tmp ("merestone-rescue-XXXXXX", &error);
  self->path = g_build_filename (self->folder, "old.vault", NULL);
  self->fresh = g_build_filename (self->folder, "new.vault", NULL);
  self->passphrase = mere_secret_new_from_text (PASSPHRASE);
  store = mere_store_open (mere_vault_create_with_cost (self->path, self->passphrase, &cost, &error), &error);
  g_assert_no_error (error);
  make_records (store);
  mere_store_close (store);
}

static void
fixture_tear_down (Fixture *self)
{
  mere_vault_destroy (self->path, NULL);
  mere_vault_destroy (self->fresh, NULL);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->fresh);
  mere_secret_free (self->passphrase);
}

static gint64
ask (Fixture *self, const char *path, const char *sql)
{
  g_autoptr (GError) error = NULL;
  MereStore    *store = mere_store_open (mere_vault_open (path, self->passphrase, &error), &error);
  sqlite3_stmt *statement;
  gint64        value;

  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_prepare_v2 (mere_store_get_database (store), sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  mere_store_close (store);
  return value;
}

static void
damage (Fixture *self, gint64 page)
{
  g_autofree char *path = g_build_filename (self->path, "vault.db", NULL);
  g_autofree char *bytes = NULL;
  gsize            size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpint (page * PAGE, <=, (gint64) size);
  bytes[(page - 1) * PAGE + 77] ^= 1;
  g_assert_true (g_file_set_contents_full (path, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static MereSalvage *
run (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  MereSalvage *salvage = mere_salvage_run (self->path, self->passphrase, self->fresh, &cost, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return salvage;
}

static void
test_a_sound_vault_loses_nothing (void)
{
  Fixture self = { NULL };
  g_autoptr (MereSalvage) salvage = NULL;

  fixture_set_up (&self);
  salvage = run (&self);
  g_assert_cmpint (salvage->n_records, ==, RECORDS);
  g_assert_cmpint (salvage->n_drafts, ==, 1);
  g_assert_cmpuint (salvage->losses->len, ==, 0);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM log WHERE kind = 'record'"), ==, RECORDS);
  fixture_tear_down (&self);
}

static void
test_a_lost_answer_is_named (void)
{
  Fixture self = { NULL };
  g_autoptr (MereSalvage) salvage = NULL;
  const MereLoss *loss;
  gint64          pages;

  fixture_set_up (&self);
  pages = ask (&self, self.path, "PRAGMA page_count");
  damage (&self, pages - 1);
  salvage = run (&self);
  g_assert_cmpint (salvage->n_records, ==, RECORDS - 1);
  g_assert_cmpuint (salvage->losses->len, ==, 1);
  loss = salvage->losses->pdata[0];
  g_assert_cmpint (loss->kind, ==, MERE_LOSS_CONTENT);
  g_assert_true (g_str_has_prefix (loss->record, "uuid:"));
  g_assert_nonnull (loss->title);
  g_assert_nonnull (salvage->rescue.damage);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record WHERE state = 'erased'"), ==, 1);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
  fixture_tear_down (&self);
}

/* A vault of three versions of a record, and of another one, all of whose rows are on one page. */
static gint64
make_versions (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  MereStore *store = mere_store_open (mere_vault_open (self->path, self->passphrase, &error), &error);

  g_assert_no_error (error);
  g_assert_true (mere_store_execute (store, "DELETE FROM record_xml; DELETE FROM record", NULL));
  add_version (store, 0x100, NULL);
  add_version (store, 0x101, "uuid:0c1f2e3d-4b5a-4697-8879-6a5b4c3d0100");
  add_version (store, 0x102, "uuid:0c1f2e3d-4b5a-4697-8879-6a5b4c3d0101");
  add_version (store, 0x103, NULL);
  mere_store_close (store);
  return ask (self, self->path, "SELECT rootpage FROM sqlite_schema WHERE name = 'record'");
}

/* What a record is called, and of which it is a version, is in its answers too. */
static void
test_records_are_known_by_their_answers (void)
{
  Fixture self = { NULL };
  g_autoptr (MereSalvage) salvage = NULL;

  fixture_set_up (&self);
  damage (&self, make_versions (&self));
  salvage = run (&self);
  g_assert_cmpint (salvage->n_records, ==, 4);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record WHERE first_id LIKE '%0100' AND form = 'officer-interview' AND form_version = '1'"), ==, 3);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record WHERE superseded = 1 AND (id LIKE '%0100' OR id LIKE '%0101')"), ==, 2);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record WHERE deprecated_id LIKE '%0100' OR deprecated_id LIKE '%0101'"), ==, 2);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record WHERE superseded = 0 AND state = 'final'"), ==, 2);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record AS r JOIN log AS l ON l.b2 = r.b2 AND l.object = r.id AND l.utc_us = r.finalised_us"), ==, 4);
  g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM record WHERE title = 'Salt & Zenith'"), ==, 4);
  fixture_tear_down (&self);
}

/* So are questionnaires by their XForms, and drafts by their snapshots. */
static void
test_drafts_are_known_by_their_snapshots (void)
{
  static const char *const tables[] = { "instrument", "draft" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      Fixture          self = { NULL };
      g_autofree char *sql = g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", tables[i]);
      g_autoptr (MereSalvage) salvage = NULL;

      fixture_set_up (&self);
      damage (&self, ask (&self, self.path, sql));
      salvage = run (&self);
      g_assert_cmpint (salvage->n_drafts, ==, 1);
      g_assert_cmpuint (salvage->losses->len, ==, i);
      g_assert_true (i == 0 || ((MereLoss *) salvage->losses->pdata[0])->kind == MERE_LOSS_STEPS);
      g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM instrument WHERE form = 'officer-interview' AND version = '1' AND title = 'Interview' AND kind = 'interview'"), ==, 1);
      g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM draft AS d JOIN instrument AS i ON i.row = d.instrument WHERE d.instance_id = '" DRAFT "'"), ==, 1);
      fixture_tear_down (&self);
    }
}

static gint64
count_told (const MereSalvage *salvage, MereLossKind kind)
{
  gint64 told = 0;

  for (guint i = 0; i < salvage->losses->len; i++)
    told += ((MereLoss *) salvage->losses->pdata[i])->kind == kind;
  return told;
}

/* Whatever page it is, and be it the first one: nothing is missing without being told, and nothing is told that is not missing. */
static void
test_every_record_is_there_or_told (void)
{
  Fixture          self = { NULL };
  g_autofree char *database = NULL;
  g_autofree char *whole = NULL;
  gint64           pages, whole_ones = 0;
  gsize            size;

  fixture_set_up (&self);
  pages = ask (&self, self.path, "PRAGMA page_count");
  database = g_build_filename (self.path, "vault.db", NULL);
  g_assert_true (g_file_get_contents (database, &whole, &size, NULL));
  for (gint64 page = 1; page <= pages; page += g_getenv ("MERESTONE_TEST_DEEP") != NULL || page < 30 ? 1 : 4)
    {
      g_autoptr (MereSalvage) salvage = NULL;

      damage (&self, page);
      salvage = run (&self);
      g_test_message ("page %d: %d records, %d told; %d rows lost, %d holes, %d without a table", (int) page, (int) salvage->n_records,
                      (int) salvage->losses->len, (int) salvage->rescue.lost, (int) salvage->rescue.holes, (int) salvage->rescue.unplaced);
      g_assert_cmpint (count_told (salvage, MERE_LOSS_RECORD), ==, 0); /* a record that lost its row is known by its answers */
      g_assert_cmpint (salvage->n_records + count_told (salvage, MERE_LOSS_RECORD) + count_told (salvage, MERE_LOSS_CONTENT), ==, RECORDS);
      g_assert_cmpint (salvage->n_drafts + count_told (salvage, MERE_LOSS_DRAFT), ==, 1);
      g_assert_cmpint (salvage->rescue.unplaced, ==, 0);
      g_assert_cmpint (ask (&self, self.fresh, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
      whole_ones += salvage->losses->len == 0;
      mere_vault_destroy (self.fresh, NULL);
      g_assert_true (g_file_set_contents_full (database, whole, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
  g_test_message ("%d pages, %d of them cost no record", (int) pages, (int) whole_ones);
  fixture_tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/rescue/a-sound-vault-loses-nothing", test_a_sound_vault_loses_nothing);
  g_test_add_func ("/store/rescue/a-lost-answer-is-named", test_a_lost_answer_is_named);
  g_test_add_func ("/store/rescue/records-are-known-by-their-answers", test_records_are_known_by_their_answers);
  g_test_add_func ("/store/rescue/drafts-are-known-by-their-snapshots", test_drafts_are_known_by_their_snapshots);
  g_test_add_func ("/store/rescue/every-record-is-there-or-told", test_every_record_is_there_or_told);
  return g_test_run ();
}
