/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A store as an earlier version left it says the same when this one has opened it, and takes in what comes. */

#include "config.h"

#include "hq-fixture.h"

#include <string.h>

#include "app/store/instrument.h"
#include "app/store/record.h"
#include "app/store/statement.h"
#include "sync/hq/kept.h"
#include "sync/hq/review.h"

#define ID(n) "0a000000-0000-4000-8000-00000000000" #n
#define URI(n) "uuid:" ID (n)

/* What says where records came from, as the files before schemas/sql/0017-by-row.sql have it. */
typedef struct
{
  const char *file;
  const char *begin;
} Piece;

static const Piece sqlite_pieces[] = {
  { "0008-headquarters.sql", "CREATE TABLE hq_record (" },
  { "0008-headquarters.sql", "CREATE INDEX hq_record_by_older " },
  { "0008-headquarters.sql", "CREATE VIEW hq_record_state " },
  { "0010-review.sql", "CREATE VIEW hq_record_review " },
  { "0004-records.sql", "CREATE INDEX record_by_first " },
};

static const Piece postgresql_pieces[] = {
  { "0001-headquarters.sql", "CREATE TABLE hq_record (" },
  { "0001-headquarters.sql", "CREATE INDEX hq_record_by_older " },
  { "0009-state-by-key.sql", "CREATE OR REPLACE VIEW hq_record_state " },
  { "0003-review.sql", "CREATE VIEW hq_record_review " },
  { "0001-headquarters.sql", "CREATE INDEX record_by_first " },
};

/* Tables that another process would have in a schema of its own are dropped with what is made of them. */
static const char put_away[] =
  "CREATE TEMP TABLE origin AS SELECT d.id, h.bundle, h.device, h.supersedes, h.received_us"
  " FROM hq_record AS h JOIN record AS d ON d.row = h.row;"
  "DROP VIEW hq_record_state; DROP VIEW hq_record_review; DROP TABLE hq_record; DROP INDEX record_by_first;";

static const char take_back[] =
  "INSERT INTO hq_record (record, bundle, device, supersedes, received_us)"
  " SELECT id, bundle, device, supersedes, received_us FROM origin ORDER BY id;"
  "DROP TABLE origin;";

static void
execute (MereTestHq *hq,
         const char *sql)
{
  g_autoptr (GError) error = NULL;

  mere_store_execute (hq->store, sql, &error);
  g_assert_no_error (error);
}

static char *
dup_piece (const char  *folder,
           const Piece *piece)
{
  g_autofree char *path = g_strconcat (folder, piece->file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sql = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  const char *begin;

  g_assert_no_error (error);
  begin = strstr (g_bytes_get_data (sql, NULL), piece->begin);
  g_assert_nonnull (begin);
  return g_strndup (begin, (gsize) (strstr (begin, ";\n") - begin) + 1);
}

/* Makes the store what it was before the file @number. */
static void
make_older (MereTestHq *hq)
{
  gboolean         shared = mere_store_is_shared (hq->store);
  const Piece     *pieces = shared ? postgresql_pieces : sqlite_pieces;
  const char      *folder = shared ? "/org/merestone/Merestone/sql/postgresql/" : "/org/merestone/Merestone/sql/";
  g_autofree char *forget = g_strdup_printf ("DELETE FROM migration WHERE number = %d", shared ? 10 : 17);

  execute (hq, put_away);
  for (guint i = 0; i < G_N_ELEMENTS (sqlite_pieces); i++)
    {
      g_autofree char *sql = dup_piece (folder, &pieces[i]);

      execute (hq, sql);
    }
  execute (hq, take_back);
  execute (hq, forget);
}

static void
open_again (MereTestHq *hq)
{
  mere_store_close (hq->store);
  hq->store = mere_test_hq_open_again (hq);
}

static char *
dup_versions (MereTestHq *hq,
              const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = mere_record_list_versions (hq->store, id, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < versions->len; i++)
    g_string_append_printf (text, " %s", ((MereRecord *) versions->pdata[i])->id);
  return g_string_free (text, FALSE);
}

/* Each record as whoever asks is told of it. */
static char *
dup_told (MereTestHq *hq)
{
  MereKeptFilter   filter = MERE_KEPT_FILTER_INIT;
  GString         *text = g_string_new (NULL);
  g_autofree char *kept = mere_test_hq_dump_records (hq);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  filter.older_versions = TRUE;
  list = mere_kept_list (hq->store, &filter, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const MereKept  *one = list->pdata[i];
      g_autofree char *versions = dup_versions (hq, one->record->id);
      g_autoptr (GPtrArray) history = mere_review_list_history (hq->store, one->record->id, &error);

      g_assert_no_error (error);
      g_string_append_printf (text, "%s %s %s %s %s %u of %s at %" G_GINT64_FORMAT ":%s\n", one->record->id,
                              mere_kept_state_to_string (one->state), mere_reviewed_to_string (one->reviewed),
                              one->supersedes != NULL ? one->supersedes : "-", one->label, history->len, one->bundle, one->received_us,
                              versions);
    }
  g_string_append (text, kept);
  return g_string_free (text, FALSE);
}

static void
take (MereTestHq         *hq,
      MereTestRoad       *laptop,
      const MereTestFile *files,
      guint               n,
      guint               seq,
      const char         *prev,
      MereSealed        **sealed)
{
  const MereTestPlace place = { .seq = seq, .prev = prev };
  g_autoptr (MereInboxResult) result = NULL;

  *sealed = mere_test_send (laptop, &place, files, n);
  result = mere_test_take (hq, (*sealed)->path);
  g_assert_cmpint (result->verdict, ==, MERE_INBOX_ACCEPTED);
}

static void
know_form (MereTestHq *hq)
{
  g_autoptr (GBytes) form = g_bytes_new_static ("<form/>", 7);
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_add (hq->store, "gate", "1", "Gate", MERE_INSTRUMENT_CHECK, NULL, form, &error);

  g_assert_no_error (error);
}

static void
say (MereTestHq       *hq,
     const char       *record,
     MereReviewVerdict verdict)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  mere_review_say (hq->store, record, verdict, "Reviewer 1", "Please look again.", none, &error);
  g_assert_no_error (error);
}

static void
assert_told (MereTestHq   *hq,
             const char   *record,
             MereKeptState state,
             MereReviewed  reviewed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereKept) kept = mere_kept_load (hq->store, record, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mere_kept_state_to_string (kept->state), ==, mere_kept_state_to_string (state));
  g_assert_cmpstr (mere_reviewed_to_string (kept->reviewed), ==, mere_reviewed_to_string (reviewed));
}

/* Two that replace one, a correction of a correction, one whose older version is not here, one that waits for its attachment, one of a
 * form that is not known, one that was sent back and is answered, and one that was accepted. */
static const char *const picture[] = { "a picture of the gate", NULL };

static const MereTestFile first_files[] = {
  { .uuid = ID (1), .answer = "first" },
  { .uuid = ID (2), .answer = "second", .supersedes = ID (1) },
  { .uuid = ID (3), .answer = "other second", .supersedes = ID (1) },
  { .uuid = ID (4), .answer = "third", .supersedes = ID (2) },
  { .uuid = ID (5), .answer = "of what is not here", .supersedes = ID (9) },
  { .uuid = ID (6), .answer = "with a picture", .blobs = picture },
  { .uuid = ID (7), .answer = "of another form", .form = "lanes" },
  { .uuid = ID (8), .answer = "sent back" },
};

static const MereTestFile second_files[] = {
  { .uuid = "0a000000-0000-4000-8000-000000000010", .answer = "answered", .supersedes = ID (8) },
  { .uuid = "0a000000-0000-4000-8000-000000000011", .answer = "accepted" },
};

static const MereTestFile third_files[] = {
  { .uuid = ID (9), .answer = "what was not here" },
  { .blob = "a picture of the gate", .name = "gate.jpg" },
};

static void
test_an_older_store_says_the_same (void)
{
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autoptr (MereTestRoad) laptop = mere_test_hq_new_laptop (hq, "First team");
  g_autoptr (MereTestRoad) other = mere_test_hq_new_laptop (hq, "Second team");
  g_autoptr (MereSealed) first = NULL;
  g_autoptr (MereSealed) second = NULL;
  g_autoptr (MereSealed) third = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *versions = NULL;

  know_form (hq);
  take (hq, laptop, first_files, G_N_ELEMENTS (first_files), 1, NULL, &first);
  say (hq, URI (8), MERE_REVIEW_RETURN);
  take (hq, other, second_files, G_N_ELEMENTS (second_files), 1, NULL, &second);
  say (hq, "uuid:0a000000-0000-4000-8000-000000000011", MERE_REVIEW_ACCEPT);
  before = dup_told (hq);

  make_older (hq);
  open_again (hq);

  after = dup_told (hq);
  g_assert_cmpstr (before, ==, after);
  assert_told (hq, URI (3), MERE_KEPT_CONFLICT, MERE_REVIEWED_NEW);
  assert_told (hq, URI (6), MERE_KEPT_WAITING, MERE_REVIEWED_NEW);
  assert_told (hq, URI (7), MERE_KEPT_UNKNOWN_FORM, MERE_REVIEWED_NEW);
  assert_told (hq, URI (8), MERE_KEPT_COMPLETE, MERE_REVIEWED_RETURNED);
  assert_told (hq, "uuid:0a000000-0000-4000-8000-000000000010", MERE_KEPT_COMPLETE, MERE_REVIEWED_ANSWERED);
  assert_told (hq, "uuid:0a000000-0000-4000-8000-000000000011", MERE_KEPT_COMPLETE, MERE_REVIEWED_ACCEPTED);

  take (hq, laptop, third_files, G_N_ELEMENTS (third_files), 2, first->b2, &third);
  assert_told (hq, URI (6), MERE_KEPT_COMPLETE, MERE_REVIEWED_NEW);
  versions = dup_versions (hq, URI (5));
  g_assert_cmpstr (versions, ==, " " URI (5) " " URI (9));
}

/* Line by line: what a rescue goes by. */
static void
test_an_older_vault_becomes_like_a_new_one (void)
{
  static const char sql[] = "SELECT group_concat (sql, char (10)) FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)";
  g_autoptr (MereTestHq) hq = mere_test_hq_new ();
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  if (mere_store_is_shared (hq->store))
    {
      g_test_skip ("this is about SQLite");
      return;
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MereStatement) query = mere_statement_new (hq->store, sql, NULL);
      gboolean row = FALSE;

      g_assert_true (mere_statement_step (query, &row, NULL) && row);
      *(i == 0 ? &expected : &found) = mere_statement_dup_text (query, 0);
      g_clear_pointer (&query, mere_statement_free);
      make_older (hq);
      open_again (hq);
    }
  g_assert_cmpstr (expected, ==, found);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/older/says-the-same", test_an_older_store_says_the_same);
  g_test_add_func ("/hq/older/becomes-like-a-new-one", test_an_older_vault_becomes_like_a_new_one);
  return g_test_run ();
}
