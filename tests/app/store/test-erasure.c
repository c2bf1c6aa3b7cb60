/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Carry nothing readable: what is erased is in no page of the database any more, and what headquarters does not have stays. */

#include "config.h"

#include <string.h>

#include "app/store/erasure.h"
#include "app/store/returned.h"
#include "app/store/study-event.h"
#include "app/vault/vault.h"
#include "tests/app/store/rows.h"

#define SECRET "officer of Salt Gate said quartz" /* in everything that is to go */
#define KEPT "officer of Salt Gate said basalt"   /* in everything that is to stay */
#define N_RECORDS 60

/* A record with text, at a title that tells of it. */
static void
add_record (MereStore  *store,
            const char *id,
            const char *text,
            gint64      draft)
{
  g_autoptr (GString) xml = g_string_new ("<data>");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  MereRecordNew record = { .id = id, .form = "lanes", .form_version = "1", .form_b2 = "00", .kind = MERE_INSTRUMENT_CHECK, .draft = draft };

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (xml, "<a>%s, %u</a>", text, i);
  g_string_append (xml, "</data>");
  bytes = g_bytes_new (xml->str, xml->len);
  record.title = text;
  record.xml = bytes;
  mere_record_add (store, &record, &error);
  g_assert_no_error (error);
}

/* Answers of a draft, one step each; other drafts are worked on in between, so that rows move from page to page. */
static void
answer (MereStore  *store,
        gint64      draft,
        const char *text,
        guint       step)
{
  g_autofree char *ref = g_strdup_printf ("/data/a[%u]", step);
  MereStep         set = { .op = MERE_STEP_SET, .ref = ref, .value = (char *) text, .at = { .utc_us = 1 } };
  g_autoptr (GError) error = NULL;

  mere_draft_append (store, draft, &set, NULL, NULL, step, 40, &error);
  g_assert_no_error (error);
}

static void
note_event (MereStore  *store,
            const char *study,
            const char *text)
{
  const MereStudyRow event = { .seq = 1, .kind = (char *) "N", .value = (char *) text, .at = { .utc_us = 1 } };
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_study_begin (store, study, 1, NULL));
  mere_study_row_append (store, study, &event, &error);
  g_assert_no_error (error);
}

/* Records that went through drafts with a file each; (transfer full): their ids. */
static GPtrArray *
add_filled_records (MereStore  *store,
                    const char *prefix,
                    const char *text,
                    guint       n)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) drafts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 instrument = mere_rows_add_instrument (store, prefix, "1");

  g_assert_true (mere_store_begin (store, NULL));
  for (guint i = 0; i < n; i++)
    {
      char            *id = g_strdup_printf ("uuid:%s-%u", prefix, i);
      gint64           draft = mere_rows_add_draft (store, instrument, id);
      g_autofree char *content = g_strdup_printf ("%s in the file of %s", text, id);
      g_autofree char *b2 = mere_rows_add_content (store, content, strlen (content));

      g_assert_true (mere_attachment_attach (store, draft, "photo.jpg", b2, NULL));
      note_event (store, id, text);
      g_ptr_array_add (ids, id);
      g_array_append_val (drafts, draft);
    }
  for (guint step = 1; step <= 20; step++)
    for (guint i = 0; i < n; i++)
      answer (store, g_array_index (drafts, gint64, i), text, step);
  for (guint i = 0; i < n; i++)
    {
      gint64 draft = g_array_index (drafts, gint64, i);

      add_record (store, ids->pdata[i], text, draft);
      g_assert_true (mere_draft_remove (store, draft, NULL));
    }
  g_assert_true (mere_store_commit (store, NULL));
  return g_steal_pointer (&ids);
}

static void
acknowledge (MereStore *store,
             GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MereBundle) bundle = NULL;

      mere_rows_add_bundle (store, ids->pdata[i], NULL);
      bundle = mere_bundle_load_newest (store, "c0", NULL);
      mere_rows_add_receipt (store, bundle->seq, bundle->seq, MERE_RECEIPT_ACCEPTED, NULL, &error);
      g_assert_no_error (error);
    }
}

static gint64
ask (MereStore  *store,
     const char *sql)
{
  g_autoptr (MereStatement) query = mere_statement_new (store, sql, NULL);
  gboolean row;

  g_assert_true (mere_statement_step (query, &row, NULL) && row);
  return mere_statement_get_int (query, 0);
}

/* How often a text is in the pages of the database, as the program reads them: in use, free, or in parts that nothing uses. */
static guint
count_in_pages (MereStore  *store,
                const char *text)
{
  gsize              size = (gsize) ask (store, "PRAGMA page_size");
  gsize              length = strlen (text);
  gint64             n_pages = ask (store, "PRAGMA page_count");
  g_autofree guint8 *page = g_malloc (size);
  sqlite3_file      *file = NULL;
  guint              n = 0;

  g_assert_cmpint (sqlite3_file_control (mere_store_get_database (store), "main", SQLITE_FCNTL_FILE_POINTER, &file), ==, SQLITE_OK);
  for (gint64 i = 0; i < n_pages; i++)
    {
      g_assert_cmpint (file->pMethods->xRead (file, page, (int) size, i * (gint64) size), ==, SQLITE_OK);
      for (const guint8 *at = page; (at = memmem (at, size - (gsize) (at - page), text, length)) != NULL; at++)
        n++;
    }
  return n;
}

typedef struct
{
  char      *folder;
  char      *path;
  MereStore *store;
} Vault;

static void
set_up (Vault        *self,
        gconstpointer data)
{
  g_autoptr (MereSecret) passphrase = mere_secret_new_from_text ("seven wet lanterns cross the gate");
  g_autoptr (GError) error = NULL;
  MereVault *vault;

  self->folder = g_dir_make_tmp ("merestone-erasure-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "Utopia.vault", NULL);
  vault = mere_vault_create (self->path, passphrase, &error);
  g_assert_no_error (error);
  self->store = mere_store_open (vault, &error);
  g_assert_no_error (error);
}

static void
tear_down (Vault        *self,
           gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", self->folder, NULL };

  mere_store_close (self->store);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (self->path);
  g_free (self->folder);
}

static MereErasureResult
run (MereStore *store)
{
  MereErasureResult result;
  g_autoptr (GError) error = NULL;

  mere_erasure_run (store, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  return result;
}

static void
assert_wal_is_empty (Vault *self)
{
  g_autofree char *path = g_build_filename (self->path, "vault.db-wal", NULL);
  g_autofree char *bytes = NULL;
  gsize            size = 0;

  g_assert_true (!g_file_get_contents (path, &bytes, &size, NULL) || size == 0);
}

static void
test_nothing_of_it_is_in_any_page (Vault        *self,
                                   gconstpointer data)
{
  g_autoptr (GPtrArray) gone = add_filled_records (self->store, "gone", SECRET, N_RECORDS);
  g_autoptr (GPtrArray) kept = add_filled_records (self->store, "kept", KEPT, 3);
  gint64            discarded = mere_rows_add_draft (self->store, mere_rows_add_instrument (self->store, "late", "1"), "uuid:late");
  MereErasureResult result;

  answer (self->store, discarded, SECRET, 1);
  g_assert_true (mere_draft_delete (self->store, discarded, NULL));
  acknowledge (self->store, gone);
  g_assert_true (mere_store_execute (self->store, "PRAGMA wal_checkpoint (TRUNCATE)", NULL));
  g_assert_cmpuint (count_in_pages (self->store, SECRET), >, 0);

  result = run (self->store);
  g_assert_cmpint (result.n_records, ==, N_RECORDS);
  g_assert_true (result.rewritten);
  g_assert_cmpuint (count_in_pages (self->store, SECRET), ==, 0);
  g_assert_cmpuint (count_in_pages (self->store, KEPT), >=, 3);
  g_assert_cmpint (ask (self->store, "PRAGMA freelist_count"), ==, 0);
  assert_wal_is_empty (self);
  g_assert_true (mere_log_verify (self->store, NULL, NULL));
}

static void
test_what_it_was_still_counts (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) gone = add_filled_records (plain->store, "lanes", SECRET, 3);
  gint64 counts[MERE_RECORD_N_STATES];
  g_autoptr (MereRecord) record = NULL;
  gint64 n_here = ask (plain->store, "SELECT count (*) FROM record WHERE form = 'lanes' AND crossing IS NULL");

  acknowledge (plain->store, gone);
  g_assert_cmpint (run (plain->store).n_records, ==, 3);
  g_assert_true (mere_record_count (plain->store, counts, NULL));
  g_assert_cmpint (counts[MERE_RECORD_ERASED], ==, 3);
  g_assert_cmpint (ask (plain->store, "SELECT count (*) FROM record WHERE form = 'lanes' AND crossing IS NULL"), ==, n_here);
  record = mere_record_load (plain->store, gone->pdata[0], NULL);
  g_assert_cmpstr (record->title, ==, "Lanes");
  g_assert_cmpuint (strlen (record->b2), ==, 64);
  g_assert_cmpint (ask (plain->store, "SELECT count (*) FROM attachment"), ==, 0);
}

static void
test_what_headquarters_lacks_is_listed_and_kept (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) gone = add_filled_records (plain->store, "lanes", SECRET, 2);
  g_autoptr (MereErasurePlan) plan = NULL;
  g_autoptr (MereErasurePlan) after = NULL;

  acknowledge (plain->store, gone);
  mere_rows_add_record (plain->store, "uuid:final", NULL);
  mere_rows_add_record (plain->store, "uuid:packed", NULL);
  mere_rows_add_bundle (plain->store, "uuid:packed", NULL);
  mere_rows_add_draft (plain->store, mere_rows_add_instrument (plain->store, "more", "1"), "uuid:draft");

  plan = mere_erasure_plan (plain->store, NULL);
  g_assert_cmpint (plan->n_records, ==, 2);
  g_assert_cmpint (plan->n_bytes, >, 2 * 1000);
  g_assert_cmpint (plan->n_kept, ==, 2);
  g_assert_cmpint (plan->n_drafts, ==, 1);
  g_assert_cmpstr (((MereRecord *) plan->kept->pdata[0])->id, ==, "uuid:packed");
  g_assert_cmpstr (((MereRecord *) plan->kept->pdata[1])->id, ==, "uuid:final");

  g_assert_cmpint (run (plain->store).n_records, ==, 2);
  after = mere_erasure_plan (plain->store, NULL);
  g_assert_cmpint (after->n_records, ==, 0);
  g_assert_cmpint (after->n_kept, ==, 2);
  g_assert_cmpint (ask (plain->store, "SELECT count (*) FROM record_xml"), ==, 2);
  g_assert_cmpint (ask (plain->store, "SELECT count (*) FROM draft"), ==, 1);
}

static void
test_what_is_sent_back_is_kept_until_it_is_answered (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) ids = add_filled_records (plain->store, "lanes", SECRET, 1);
  g_autoptr (GPtrArray) returned = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_returned_free);
  g_autoptr (MereErasurePlan) plan = NULL;

  acknowledge (plain->store, ids);
  g_ptr_array_add (returned, mere_returned_new (ids->pdata[0], "/data/a", "Which booth?"));
  g_assert_true (mere_returned_replace (plain->store, returned, NULL, NULL));
  plan = mere_erasure_plan (plain->store, NULL);
  g_assert_cmpint (plan->n_records, ==, 0);
  g_assert_cmpint (plan->n_kept_returned, ==, 1);
  g_assert_cmpint (run (plain->store).n_records, ==, 0);

  mere_rows_add_record (plain->store, "uuid:answer", ids->pdata[0]);
  g_assert_cmpint (run (plain->store).n_records, ==, 1);
  g_assert_cmpint (mere_rows_get_state (plain->store, "uuid:answer"), ==, MERE_RECORD_FINAL);
}

static void
cancel_at_the_third (gpointer user_data,
                     guint64  done,
                     guint64  total)
{
  if (done == 2)
    g_cancellable_cancel (user_data);
}

static void
test_a_run_that_was_cut_off_is_finished_by_the_next (void)
{
  g_autoptr (MerePlainStore) plain = mere_plain_store_new ();
  g_autoptr (GPtrArray) ids = add_filled_records (plain->store, "lanes", SECRET, 5);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  MereErasureResult result;

  acknowledge (plain->store, ids);
  g_assert_false (mere_erasure_run (plain->store, cancel_at_the_third, cancellable, cancellable, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (result.n_records, ==, 2);
  mere_plain_store_reopen (plain);
  g_assert_cmpint (run (plain->store).n_records, ==, 3);
  g_assert_cmpint (ask (plain->store, "SELECT count (*) FROM record WHERE state = 'erased'"), ==, 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/erasure/nothing-of-it-is-in-any-page", Vault, NULL, set_up, test_nothing_of_it_is_in_any_page, tear_down);
  g_test_add_func ("/erasure/what-it-was-still-counts", test_what_it_was_still_counts);
  g_test_add_func ("/erasure/what-headquarters-lacks-is-listed-and-kept", test_what_headquarters_lacks_is_listed_and_kept);
  g_test_add_func ("/erasure/what-is-sent-back-is-kept-until-it-is-answered", test_what_is_sent_back_is_kept_until_it_is_answered);
  g_test_add_func ("/erasure/a-run-that-was-cut-off-is-finished-by-the-next", test_a_run_that_was_cut_off_is_finished_by_the_next);

  return g_test_run ();
}
