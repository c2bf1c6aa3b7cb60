/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is covered: by this laptop's records and by those of colleagues; what is missing, and where two answers differ. */

#include "config.h"

#include <string.h>

#include "tests/app/capture/filling.h"

#include "app/capture/coverage.h"
#include "app/capture/gathering.h"
#include "app/store/bundle.h"
#include "app/store/colleague.h"
#include "app/store/erasure.h"
#include "app/store/record.h"
#include "app/store/statement.h"

#define OTHER "k7q2m9xd" /* a colleague's laptop */

typedef struct
{
  MerePlainStore *plain;
  MerePlainStore *away; /* where colleagues' records are made */
  char           *crossing;
} Fixture;

static char *
copy_crossing (MerePlainStore *from,
               MerePlainStore *to)
{
  char *id = mere_filling_crossing (from->store);
  g_autoptr (MereCrossing) crossing = mere_crossing_load (from->store, id, NULL);

  g_assert_true (mere_crossing_save (to->store, crossing, NULL));
  return id;
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->plain = mere_plain_store_new ();
  self->away = mere_plain_store_new ();
  self->crossing = copy_crossing (self->plain, self->away);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  mere_plain_store_free (self->plain);
  mere_plain_store_free (self->away);
  g_free (self->crossing);
}

/* "ref=value" each; a repeat's entry is made by "+ref". */
static void
answer (MereCapture       *capture,
        const char *const *answers)
{
  for (guint i = 0; answers[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (answers[i], "=", 2);

      if (*answers[i] == '+')
        mere_filling_add (capture, answers[i] + 1);
      else
        mere_filling_set (capture, parts[0], parts[1]);
    }
}

static char *
fill (MereStore         *store,
      const char        *form,
      const char        *crossing,
      const char *const *answers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MereCapture) capture = mere_capture_new (store, mere_filling_take_in (store, form), crossing, &error);
  char *id;

  g_assert_no_error (error);
  answer (capture, answers);
  id = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);
  return id;
}

#define FILL(...)       \
  (const char *const[]) \
  {                     \
    __VA_ARGS__, NULL   \
  }

static char *
do_own (Fixture           *self,
        const char        *form,
        const char *const *answers)
{
  return fill (self->plain->store, form, self->crossing, answers);
}

/* What a bundle of the colleague brings. */
static void
bring (Fixture    *self,
       const char *record,
       const char *device,
       const char *crossing)
{
  g_autoptr (MereRecord) row = mere_record_load (self->away->store, record, NULL);
  g_autoptr (GBytes) xml = mere_record_load_xml (self->away->store, record, NULL);
  g_autoptr (GError) error = NULL;
  const MereColleagueRecord copy = {
    .id = row->id,
    .device = (char *) device,
    .supersedes = row->deprecated_id,
    .form = row->form,
    .form_version = row->form_version,
    .crossing = (char *) crossing,
    .b2 = row->b2,
    .bundle = (char *) OTHER "-01-000001",
    .finalised = (char *) "2026-11-24T09:30:00+01:00",
  };
  guint n_new = 0;

  mere_colleague_add (self->plain->store, &copy, xml, &n_new, &error);
  g_assert_no_error (error);
}

static char *
do_away (Fixture           *self,
         const char        *form,
         const char *const *answers)
{
  char *id = fill (self->away->store, form, self->crossing, answers);

  bring (self, id, OTHER, self->crossing);
  return id;
}

static MereCoverage *
load (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  MereCoverage *coverage = mere_coverage_load (self->plain->store, NULL, &error);

  g_assert_no_error (error);
  return coverage;
}

static guint
find (const char *id)
{
  guint item;

  g_assert_true (mere_framework_find (mere_framework_get_default (), id, &item, NULL));
  return item;
}

/* At the only crossing. */
static MereCoverageCell
get (const MereCoverage *coverage,
     const char         *id)
{
  return ((const MereCoveragePlace *) coverage->places->pdata[0])->cells[find (id)];
}

static MereCoverageItem *
load_item (Fixture    *self,
           const char *id)
{
  g_autoptr (GError) error = NULL;
  MereCoverageItem *item = mere_coverage_load_item (self->plain->store, self->crossing, find (id), &error);

  g_assert_no_error (error);
  return item;
}

static void
test_nothing_is_covered_at_first (Fixture      *self,
                                  gconstpointer data)
{
  g_autoptr (MereCoverage) coverage = load (self);
  const MereCoveragePlace *place;

  g_assert_cmpuint (coverage->n_items, ==, 28);
  g_assert_cmpuint (coverage->places->len, ==, 1);
  place = coverage->places->pdata[0];
  g_assert_cmpstr (place->crossing, ==, self->crossing);
  g_assert_cmpuint (place->n_begun, ==, 0);
  g_assert_cmpint (get (coverage, "A1").state, ==, MERE_COVERAGE_MISSING);
  /* A land crossing is not asked for national strategies but for one question. */
  g_assert_cmpuint (get (coverage, "A1").n_asked, ==, 5);
  g_assert_cmpuint (get (coverage, "I6").n_asked, <, 7);
}

static void
test_answers_cover_their_items (Fixture      *self,
                                gconstpointer data)
{
  g_autofree char *some = do_own (self, "post", FILL ("/data/law=yes", "/data/agencies=3", "/data/both=x", "/data/partners=police"));
  g_autoptr (MereCoverage) begun = load (self);
  g_autofree char *rest = do_own (self, "post", FILL ("/data/chart=x", "/data/minutes=4", "/data/twice=x"));
  g_autoptr (MereCoverage) whole = load (self);
  g_autoptr (MereCoverageItem) item = load_item (self, "A1");

  g_assert_cmpint (get (begun, "A1").state, ==, MERE_COVERAGE_PARTLY);
  g_assert_cmpuint (get (begun, "A1").n_answered, ==, 2);
  g_assert_cmpuint (get (begun, "A3").n_answered, ==, 1);
  g_assert_cmpuint (get (begun, "O1").n_answered, ==, 1);
  /* About the item as a whole: something, but on none of its questions. */
  g_assert_cmpint (get (begun, "A2").state, ==, MERE_COVERAGE_PARTLY);
  g_assert_cmpuint (get (begun, "A2").n_answered, ==, 0);
  g_assert_cmpint (get (whole, "A1").state, ==, MERE_COVERAGE_WHOLE);
  g_assert_cmpuint (get (whole, "A1").n_records, ==, 2);
  g_assert_cmpuint (get (whole, "A1").n_people, ==, 1);
  g_assert_cmpuint (item->missing->len, ==, 0);
  g_assert_cmpuint (item->records->len, ==, 2);
}

/* Heads of forms, calculations, and answers that say that nothing was seen. */
static void
test_what_is_no_evidence_covers_nothing (Fixture      *self,
                                         gconstpointer data)
{
  g_autofree char *id = do_own (self, "post", FILL ("/data/who=a", "/data/law=not-observed"));
  g_autoptr (MereCoverage) coverage = load (self);

  g_assert_cmpint (get (coverage, "A1").state, ==, MERE_COVERAGE_MISSING);
  g_assert_cmpint (get (coverage, "O3").state, ==, MERE_COVERAGE_MISSING);
}

static void
test_the_team_covers_together (Fixture      *self,
                               gconstpointer data)
{
  g_autofree char *own = do_own (self, "post", FILL ("/data/law=yes", "/data/agencies=3"));
  g_autofree char *away = do_away (self, "post", FILL ("/data/chart=x", "/data/minutes=4"));
  g_autoptr (MereCoverage) coverage = load (self);
  g_autoptr (MereCoverageItem) item = load_item (self, "A1");
  const MereCoverageRecord *record;

  g_assert_cmpuint (get (coverage, "A1").n_answered, ==, 4);
  g_assert_cmpuint (get (coverage, "A1").n_people, ==, 2);
  g_assert_cmpuint (get (coverage, "A1").n_conflicts, ==, 0);
  g_assert_cmpuint (item->missing->len, ==, 1);
  g_assert_cmpuint (g_array_index (item->missing, guint, 0), ==, 4);
  record = item->records->pdata[0];
  g_assert_cmpstr (record->id, ==, own);
  g_assert_null (record->label);
  record = item->records->pdata[1];
  g_assert_cmpstr (record->id, ==, away);
  g_assert_cmpstr (record->label, ==, OTHER);
  g_assert_cmpuint (record->n_answers, ==, 2);
  g_assert_cmpint (record->finalised_us, >, 0);
}

static void
test_two_answers_are_named (Fixture      *self,
                            gconstpointer data)
{
  g_autofree char *own = do_own (self, "post", FILL ("/data/law=yes", "/data/agencies=3"));
  g_autofree char *away = do_away (self, "post", FILL ("/data/law=no", "/data/agencies=4"));
  g_autoptr (MereCoverage) coverage = load (self);
  g_autoptr (MereCoverageItem) item = load_item (self, "A1");
  const MereCoverageConflict *conflict;

  g_assert_cmpuint (get (coverage, "A1").n_conflicts, ==, 1);
  g_assert_cmpuint (((MereCoveragePlace *) coverage->places->pdata[0])->n_conflicts, ==, 1);
  g_assert_cmpuint (item->conflicts->len, ==, 1);
  conflict = item->conflicts->pdata[0];
  g_assert_cmpstr (conflict->question, ==, "Is it named in law?");
  g_assert_cmpuint (conflict->answers->len, ==, 2);
  g_assert_cmpstr (((MereCoverageAnswer *) conflict->answers->pdata[0])->answer, ==, "Yes");
  g_assert_cmpstr (((MereCoverageAnswer *) conflict->answers->pdata[0])->record, ==, own);
  g_assert_cmpstr (((MereCoverageAnswer *) conflict->answers->pdata[1])->answer, ==, "No");
  g_assert_cmpstr (((MereCoverageAnswer *) conflict->answers->pdata[1])->label, ==, OTHER);
}

/* The same in another order; of one person; one who did not look; lanes, of which there are several; two people who were asked. */
static void
test_what_does_not_contradict_is_not_named (Fixture      *self,
                                            gconstpointer data)
{
  g_autofree char *one = do_own (self, "post", FILL ("/data/partners=police customs", "/data/law=yes", "+/data/lane", "/data/lane[1]/open=yes"));
  g_autofree char *two = do_own (self, "post", FILL ("/data/law=no"));
  g_autofree char *away = do_away (self, "post", FILL ("/data/partners=customs police", "/data/law=not-observed", "+/data/lane", "/data/lane[1]/open=no"));
  g_autofree char *talk = do_own (self, "talk", FILL ("/data/law=yes"));
  g_autofree char *other_talk = do_away (self, "talk", FILL ("/data/law=no"));
  g_autoptr (MereCoverage) coverage = load (self);

  g_assert_cmpuint (((MereCoveragePlace *) coverage->places->pdata[0])->n_conflicts, ==, 0);
  g_assert_cmpint (get (coverage, "O2").state, ==, MERE_COVERAGE_PARTLY);
}

static void
test_the_newest_version_counts (Fixture      *self,
                                gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *old = do_away (self, "post", FILL ("/data/law=no"));
  g_autofree char *own = do_own (self, "post", FILL ("/data/law=yes"));
  g_autoptr (MereCoverage) before = load (self);
  g_autoptr (MereCapture) capture = mere_capture_edit (self->away->store, old, &error);
  g_autoptr (MereCoverage) after = NULL;
  g_autofree char *corrected = NULL;

  g_assert_no_error (error);
  mere_filling_set (capture, "/data/law", "yes");
  corrected = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);
  bring (self, corrected, OTHER, self->crossing);
  after = load (self);
  g_assert_cmpuint (get (before, "A1").n_conflicts, ==, 1);
  g_assert_cmpuint (get (after, "A1").n_conflicts, ==, 0);
  g_assert_cmpuint (get (after, "A1").n_records, ==, 2);
}

/* A crossing that only the colleague has, and a questionnaire that is not here. */
static void
test_what_is_not_known_here_is_said (Fixture      *self,
                                     gconstpointer data)
{
  g_autofree char *away = fill (self->away->store, "post", NULL, FILL ("/data/law=no"));
  g_autofree char *foreign = fill (self->away->store, "talk", self->crossing, FILL ("/data/law=no"));
  g_autoptr (MereCoverage) coverage = NULL;
  const MereCoveragePlace *nowhere;

  mere_filling_take_in (self->plain->store, "post");
  bring (self, away, OTHER, "5b0c6a3e-0000-4000-8000-000000000001");
  bring (self, foreign, OTHER, self->crossing);
  coverage = load (self);
  g_assert_cmpint (coverage->n_unknown, ==, 1);
  g_assert_cmpuint (coverage->places->len, ==, 2);
  nowhere = coverage->places->pdata[1];
  g_assert_null (nowhere->crossing);
  g_assert_cmpuint (nowhere->n_begun, ==, 1);

  mere_filling_take_in (self->plain->store, "talk");
  mere_coverage_free (coverage);
  coverage = load (self);
  g_assert_cmpint (coverage->n_unknown, ==, 0);
  g_assert_cmpuint (get (coverage, "A1").n_records, ==, 1);
}

static void
test_a_colleagues_record_opens_to_read (Fixture      *self,
                                        gconstpointer data)
{
  g_autofree char *away = NULL;
  g_autoptr (MereFormSession) session = NULL;
  g_autoptr (GError) error = NULL;

  mere_filling_take_in (self->plain->store, "post");
  away = do_away (self, "post", FILL ("/data/law=no"));
  session = mere_capture_load_colleague (self->plain->store, away, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_form_node_get_value (mere_form_session_find (session, "/data/law")), ==, "no");
  g_assert_null (mere_capture_edit (self->plain->store, away, NULL));
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT count (*) FROM record"), ==, 0);
}

/* Headquarters has what is this laptop's own. */
static void
acknowledge (Fixture    *self,
             const char *record)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autoptr (GPtrArray) refused = g_ptr_array_new ();
  g_autoptr (GBytes) content = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;
  MereBundle        bundle = { .name = (char *) "1p332dpk-01-000001", .chain = (char *) "00", .chain_no = 1, .seq = 1, .b2 = (char *) "ab", .size = 1 };
  MereReceiptBundle line = { "00", 1, "ab", MERE_RECEIPT_ACCEPTED };
  MereReceipt       receipt = { .hq = (char *) "c7x4dtg3", .counter = 1, .trust = 1, .issued = (char *) "2026-11-25T08:00:00Z", .content = content };

  g_ptr_array_add (ids, (char *) record);
  g_ptr_array_add (lines, &line);
  g_assert_cmpint (mere_bundle_add (self->plain->store, &bundle, ids, &error), >, 0);
  mere_receipt_add (self->plain->store, &receipt, lines, refused, &error);
  g_assert_no_error (error);
}

static void
test_erased_answers_leave_no_trace_in_the_coverage (Fixture      *self,
                                                    gconstpointer data)
{
  g_autofree char *own = do_own (self, "post", FILL ("/data/law=yes", "/data/agencies=3"));
  g_autofree char *away = do_away (self, "post", FILL ("/data/law=no"));
  g_autoptr (MereCoverage) coverage = load (self);
  g_autoptr (MereErasurePlan) plan = NULL;
  g_autoptr (MereCoverageItem) item = NULL;
  g_autoptr (GError) error = NULL;
  MereErasureResult result;

  acknowledge (self, own);
  plan = mere_erasure_plan (self->plain->store, &error);
  g_assert_cmpint (plan->n_records, ==, 1);
  g_assert_cmpint (plan->n_colleagues, ==, 1);
  g_assert_cmpint (plan->n_colleague_bytes, >, 0);
  g_assert_true (mere_erasure_run (self->plain->store, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);

  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT count (*) FROM colleague_xml"), ==, 0);
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT count (*) FROM evidence WHERE ref <> '' OR question <> '' OR answer IS NOT NULL"), ==, 0);
  mere_coverage_free (coverage);
  coverage = load (self);
  g_assert_cmpint (get (coverage, "A1").state, ==, MERE_COVERAGE_PARTLY);
  g_assert_cmpuint (get (coverage, "A1").n_people, ==, 2);
  item = load_item (self, "A1");
  g_assert_false (((MereCoverageRecord *) item->records->pdata[0])->readable);
  g_assert_false (((MereCoverageRecord *) item->records->pdata[1])->readable);

  /* What is on the stick once more does not come back. */
  bring (self, away, OTHER, self->crossing);
  g_assert_cmpint (mere_plain_store_ask (self->plain, "SELECT count (*) FROM colleague_xml"), ==, 0);
}

#define ADD(name, function) g_test_add ("/coverage/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("nothing-is-covered-at-first", test_nothing_is_covered_at_first);
  ADD ("answers-cover-their-items", test_answers_cover_their_items);
  ADD ("what-is-no-evidence-covers-nothing", test_what_is_no_evidence_covers_nothing);
  ADD ("the-team-covers-together", test_the_team_covers_together);
  ADD ("two-answers-are-named", test_two_answers_are_named);
  ADD ("what-does-not-contradict-is-not-named", test_what_does_not_contradict_is_not_named);
  ADD ("the-newest-version-counts", test_the_newest_version_counts);
  ADD ("what-is-not-known-here-is-said", test_what_is_not_known_here_is_said);
  ADD ("a-colleagues-record-opens-to-read", test_a_colleagues_record_opens_to_read);
  ADD ("erased-answers-leave-no-trace-in-the-coverage", test_erased_answers_leave_no_trace_in_the_coverage);
  return g_test_run ();
}
