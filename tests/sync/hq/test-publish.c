/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A new version of a questionnaire, from headquarters to the laptop: what is begun has it, what was begun goes on as it was. */

#include "config.h"

#include "field-fixture.h"

#include "app/capture/capture.h"
#include "app/store/draft.h"
#include "app/store/instrument.h"
#include "app/store/terms.h"
#include "sync/hq/kept.h"

#define FORM(version, more, question)                                                                                \
  "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\""                         \
  " xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Gate</h:title><model>"                                \
  "<instance><data id=\"gate\" version=\"" version "\"><lanes/>" more "<meta><instanceID/></meta></data></instance>" \
  "<bind nodeset=\"/data/lanes\" type=\"int\"/>"                                                                     \
  "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>"                 \
  "</model></h:head><h:body><input ref=\"/data/lanes\"><label>Lanes</label></input>" question "</h:body></h:html>"

static const char first[] = FORM ("1", "", "");
static const char second[] = FORM ("2", "<booths/>", "<input ref=\"/data/booths\"><label>Booths</label></input>");

static MereTestField *
new_field (void)
{
  const char *const forms[] = { first, NULL };

  return mere_test_field_new (forms);
}

/* Headquarters publishes, writes a pack, and the laptop reads it. */
static void
publish (MereTestField *field,
         const char    *form,
         const char    *retired)
{
  const char *const forms[] = { form, NULL };
  char             *ids[] = { (char *) retired, NULL };
  g_autoptr (GPtrArray) published = mere_test_forms (forms);
  const MereMissionChange change = { .published = published, .retired = retired != NULL ? ids : NULL };
  g_autoptr (MerePacked) packed = mere_test_field_pack (field, &change);
  g_autoptr (MereCourierRead) read = mere_test_field_read (field);
}

static char *
dup_newest_version (MereTestField *field)
{
  g_autoptr (MereInstrument) instrument = mere_instrument_load_latest (field->store, "gate", NULL);

  return instrument != NULL ? g_strdup (instrument->version) : NULL;
}

static void
test_drafts_go_on_with_their_version (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) old = mere_instrument_load_latest (field->store, "gate", &error);
  g_autoptr (MereCapture) capture = mere_capture_new (field->store, old->row, NULL, &error);
  gint64           draft = mere_capture_get_draft (capture);
  g_autofree char *newest = NULL;
  g_autofree char *id = NULL;
  g_autofree char *fresh = NULL;
  g_autoptr (MereKept) kept = NULL;
  g_autoptr (MereKept) kept_fresh = NULL;

  g_clear_object (&capture);
  publish (field, second, NULL);
  newest = dup_newest_version (field);
  g_assert_cmpstr (newest, ==, "2");

  capture = mere_capture_open (field->store, draft, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mere_capture_get_instrument (capture)->version, ==, "1");
  g_assert_null (mere_form_session_find (mere_capture_get_session (capture), "/data/booths"));
  mere_capture_set (capture, mere_form_session_find (mere_capture_get_session (capture), "/data/lanes"), "4", &error);
  id = mere_capture_finalise (capture, NULL, &error);
  g_assert_no_error (error);
  fresh = mere_test_field_fill (field, "gate", "/data/booths", "2", NULL);

  mere_test_field_exchange (field);
  kept = mere_kept_load (field->hq->store, id, &error);
  kept_fresh = mere_kept_load (field->hq->store, fresh, &error);
  g_assert_no_error (error);
  g_assert_cmpint (kept->state, ==, MERE_KEPT_COMPLETE); /* its version is still here */
  g_assert_cmpstr (kept->record->form_version, ==, "1");
  g_assert_cmpstr (kept_fresh->record->form_version, ==, "2");
}

static void
test_a_retired_form_begins_nothing_new (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *id = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  g_autofree char *newest = NULL;
  g_autoptr (MereFormSession) session = NULL;

  publish (field, second, "gate");
  newest = dup_newest_version (field);
  g_assert_null (newest);
  session = mere_capture_load_record (field->store, id, NULL); /* what there is can be read */
  g_assert_nonnull (session);
}

static void
test_the_same_version_with_other_content_is_refused (void)
{
  g_autoptr (MereTestField) field = new_field ();
  const char *const forms[] = { FORM ("1", "<booths/>", ""), NULL };
  g_autoptr (GPtrArray) published = mere_test_forms (forms);
  const MereMissionChange change = { .published = published };
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_mission_change (field->hq->store, &change, &error));
  g_assert_error (error, MERE_STORE_ERROR, MERE_STORE_ERROR_CONFLICT);
}

static guint
count_sealed (MereTestField *field)
{
  g_autofree char *folder = g_build_filename (field->hq->folder, "outbox", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;
  guint       n = 0;

  while ((name = g_dir_read_name (files)) != NULL)
    n += g_str_has_suffix (name, ".age") ? 1 : 0;
  return n;
}

/* However often it is packed: one dispatch, and a receipt for each laptop. */
static void
test_packs_that_were_replaced_leave_the_outbox (void)
{
  g_autoptr (MereTestField) field = new_field ();
  g_autofree char *id = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);

  mere_test_field_exchange (field);
  for (guint i = 0; i < 3; i++)
    publish (field, second, NULL);
  g_assert_cmpuint (count_sealed (field), ==, 2);
}

/* What the pack says along is kept on the laptop; it blocks nothing. */
static void
test_terms_of_a_pack (void)
{
  static const struct
  {
    const char *wanted;
    const char *version;
    gboolean    newer;
  } versions[] = {
    { "0.9.0", "0.1.0", TRUE },
    { "0.9.0", "0.9.0", FALSE },
    { "0.9", "0.9.0", FALSE },
    { "0.10.0", "0.9.9", TRUE },
    { "1", "0.99", TRUE },
    { "0.1.0", "0.1.1", FALSE },
  };
  g_autoptr (MereTestField) field = new_field ();
  const MereMissionChange change = { .stale_after = "2026-12-31", .app_min = "9.0", .message = "Good journey." };
  g_autoptr (MerePacked) packed = mere_test_field_pack (field, &change);
  g_autoptr (MereCourierRead) read = mere_test_field_read (field);
  g_autoptr (MereTerms) terms = mere_terms_load (field->store, NULL);
  g_autofree char *id = NULL;

  g_assert_cmpstr (terms->message, ==, "Good journey.");
  g_assert_false (mere_terms_is_stale (terms, "2026-12-31"));
  g_assert_true (mere_terms_is_stale (terms, "2027-01-01"));
  g_assert_true (mere_terms_wants_newer (terms, PACKAGE_VERSION));
  id = mere_test_field_fill (field, "gate", "/data/lanes", "4", NULL);
  mere_test_field_exchange (field);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      MereTerms wants = { .app_min = (char *) versions[i].wanted };

      g_assert_cmpint (mere_terms_wants_newer (&wants, versions[i].version), ==, versions[i].newer);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/publish/drafts-go-on-with-their-version", test_drafts_go_on_with_their_version);
  g_test_add_func ("/hq/publish/a-retired-form-begins-nothing-new", test_a_retired_form_begins_nothing_new);
  g_test_add_func ("/hq/publish/the-same-version-with-other-content-is-refused", test_the_same_version_with_other_content_is_refused);
  g_test_add_func ("/hq/publish/packs-that-were-replaced-leave-the-outbox", test_packs_that_were_replaced_leave_the_outbox);
  g_test_add_func ("/hq/publish/terms-of-a-pack", test_terms_of_a_pack);
  return g_test_run ();
}
