/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What `records list` can be asked for: each filter alone, two together, and pages. */

#include "config.h"

#include "hq-fixture.h"

#include <string.h>

#include "app/store/crossing.h"
#include "app/store/instrument.h"
#include "sync/hq/item.h"
#include "sync/hq/kept.h"
#include "sync/hq/review.h"

#define UUID(letter) "0" #letter "000000-0000-4000-8000-000000000001"

static const char *const picture[] = { "a picture of the gate", NULL };

/* Letters are the first of an id. B and C are two versions after A; F waits for its picture; E is of a form that is not here. */
static const MereTestFile first[] = {
  { .uuid = UUID (a), .answer = "1", .finalised = "2026-07-01T08:00:00Z" },
  { .uuid = UUID (d), .answer = "2", .finalised = "2026-07-02T23:30:00+02:00" },
};
static const MereTestFile second[] = {
  { .uuid = UUID (b), .answer = "3", .supersedes = UUID (a), .finalised = "2026-07-03T08:00:00Z" },
  { .uuid = UUID (c), .answer = "4", .supersedes = UUID (a), .finalised = "2026-07-04T08:00:00Z" },
  { .uuid = UUID (e), .answer = "5", .form = "port", .finalised = "2026-07-05T08:00:00Z" },
  { .uuid = UUID (f), .answer = "6", .blobs = picture, .finalised = "2026-07-06T08:00:00Z" },
};

typedef struct
{
  MereTestHq   *hq;
  MereTestRoad *laptops[2];
  MereCrossing *crossing;
} Desk;

static void
add_form (Desk       *self,
          const char *form,
          const char *item)
{
  g_autofree char *text = g_strdup_printf (
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head><h:title>Gate</h:title><model>"
    "<instance><data id='%s' version='1'><name/></data></instance>"
    "<bind xmlns:m='urn:merestone' nodeset='/data/name' type='string' m:item='%s'/></model></h:head><h:body/></h:html>",
    form,
    item);
  g_autoptr (GBytes) xml = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (MereInstrument) instrument = mere_instrument_add (self->hq->store, form, "1", "Gate", MERE_INSTRUMENT_CHECK, NULL, xml, &error);

  g_assert_no_error (error);
}

static void
take (Desk               *self,
      guint               laptop,
      const MereTestFile *files,
      guint               n)
{
  g_autofree MereTestFile *there = g_memdup2 (files, n * sizeof *files);
  g_autoptr (MereSealed) sealed = NULL;
  g_autoptr (MereInboxResult) result = NULL;

  for (guint i = 0; laptop == 0 && i < n; i++)
    there[i].crossing = self->crossing->id;
  sealed = mere_test_send (self->laptops[laptop], NULL, there, n);
  result = mere_test_take (self->hq, sealed->path);
  g_assert_cmpuint (result->n_new, ==, n);
}

/* The first laptop is at the crossing, the second nowhere. */
static void
set_up (Desk         *self,
        gconstpointer data)
{
  g_autoptr (GPtrArray) questions = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  self->hq = mere_test_hq_new ();
  self->laptops[0] = mere_test_hq_new_laptop (self->hq, "First team");
  self->laptops[1] = mere_test_hq_new_laptop (self->hq, "Second team");
  self->crossing = mere_crossing_new ("Zenith Gate", MERE_CROSSING_LAND, "");
  mere_crossing_save (self->hq->store, self->crossing, &error);
  g_assert_no_error (error);
  add_form (self, "gate", "O2.1 O7.3");
  take (self, 0, first, G_N_ELEMENTS (first));
  take (self, 1, second, G_N_ELEMENTS (second));
  mere_review_say (self->hq->store, "uuid:" UUID (d), MERE_REVIEW_ACCEPT, "a reviewer", "", questions, &error);
  g_assert_no_error (error);
}

static void
tear_down (Desk         *self,
           gconstpointer data)
{
  mere_crossing_free (self->crossing);
  for (guint i = 0; i < G_N_ELEMENTS (self->laptops); i++)
    mere_test_road_free (self->laptops[i]);
  mere_test_hq_free (self->hq);
}

/* The letters of what is listed, in its order. */
static void
assert_listed (Desk                 *self,
               const MereKeptFilter *filter,
               const char           *letters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = mere_kept_list (self->hq->store, filter, &error);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    g_string_append_c (found, ((MereKept *) list->pdata[i])->record->id[strlen ("uuid:0")]);
  g_assert_cmpstr (found->str, ==, letters);
}

/* With what is set in the filter. */
#define ASSERT_LISTED(self, letters, ...)          \
  G_STMT_START                                     \
  {                                                \
    MereKeptFilter filter = MERE_KEPT_FILTER_INIT; \
                                                   \
    __VA_ARGS__;                                   \
    assert_listed (self, &filter, letters);        \
  }                                                \
  G_STMT_END

static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

static void
test_each_filter_finds_what_it_says (Desk         *self,
                                     gconstpointer data)
{
  ASSERT_LISTED (self, "fecbd", filter.form = NULL);
  ASSERT_LISTED (self, "fecbda", filter.older_versions = TRUE);
  ASSERT_LISTED (self, "e", filter.form = "port");
  ASSERT_LISTED (self, "", filter.form = "por");
  ASSERT_LISTED (self, "d", filter.device = self->laptops[0]->device);
  ASSERT_LISTED (self, "fecb", filter.device = self->laptops[1]->device);
  ASSERT_LISTED (self, "d", filter.crossing = self->crossing->id);
  ASSERT_LISTED (self, "d", filter.crossing = "Zenith Gate");
  ASSERT_LISTED (self, "", filter.crossing = "Zenith");
  ASSERT_LISTED (self, "d", filter.state = MERE_KEPT_COMPLETE);
  ASSERT_LISTED (self, "f", filter.state = MERE_KEPT_WAITING);
  ASSERT_LISTED (self, "e", filter.state = MERE_KEPT_UNKNOWN_FORM);
  ASSERT_LISTED (self, "cb", filter.state = MERE_KEPT_CONFLICT);
  ASSERT_LISTED (self, "d", filter.reviewed = MERE_REVIEWED_ACCEPTED);
  ASSERT_LISTED (self, "fecb", filter.reviewed = MERE_REVIEWED_NEW);
  ASSERT_LISTED (self, "", filter.reviewed = MERE_REVIEWED_RETURNED);
  ASSERT_LISTED (self, "c", filter.part = "0c000");
}

/* Days are of UTC, whatever the laptop's offset: D was finalised on the third of July there. */
static void
test_times_are_bounds (Desk         *self,
                       gconstpointer data)
{
  gint64 third = parse_time ("2026-07-03T00:00:00Z");
  gint64 fourth = parse_time ("2026-07-04T08:00:00Z");

  ASSERT_LISTED (self, "fecb", filter.since_us = third);
  ASSERT_LISTED (self, "d", filter.until_us = third);
  ASSERT_LISTED (self, "fec", filter.since_us = fourth);
  ASSERT_LISTED (self, "bd", filter.until_us = fourth);
  ASSERT_LISTED (self, "b", filter.since_us = third, filter.until_us = fourth);
  ASSERT_LISTED (self, "da", filter.until_us = third, filter.older_versions = TRUE);
}

static void
test_filters_narrow_each_other_and_come_in_pages (Desk         *self,
                                                  gconstpointer data)
{
  g_autoptr (GPtrArray) page = NULL;
  MereKeptFilter two = MERE_KEPT_FILTER_INIT;

  ASSERT_LISTED (self, "cb", filter.form = "gate", filter.device = self->laptops[1]->device, filter.state = MERE_KEPT_CONFLICT);
  ASSERT_LISTED (self, "", filter.form = "port", filter.crossing = "Zenith Gate");
  two.limit = 2;
  assert_listed (self, &two, "fe");
  page = mere_kept_list (self->hq->store, &two, NULL);
  two.before_row = ((MereKept *) page->pdata[1])->record->row;
  assert_listed (self, &two, "cb");
}

static void
test_an_item_is_asked_about_by_forms (Desk         *self,
                                      gconstpointer data)
{
  static const struct
  {
    const char *item;
    const char *forms; /* of which versions */
    const char *letters;
  } cases[] = {
    { "O2", "gate 1", "fcbd" },
    { "O2.1", "gate 1", "fcbd" },
    { "O7.3", "gate 1", "fcbd" },
    { "O", "", "" },
    { "O2.2", "", "" },
    { "O22", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) versions = mere_item_list_versions (self->hq->store, cases[i].item, &error);
      g_autofree char *joined = NULL;

      g_assert_no_error (error);
      joined = g_strjoinv (", ", versions);
      g_assert_cmpstr (joined, ==, cases[i].forms);
      ASSERT_LISTED (self, cases[i].letters, filter.forms = (const char *const *) versions);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/hq/filters/" name, Desk, NULL, set_up, function, tear_down)
  ADD ("each-finds-what-it-says", test_each_filter_finds_what_it_says);
  ADD ("times-are-bounds", test_times_are_bounds);
  ADD ("they-narrow-each-other-and-come-in-pages", test_filters_narrow_each_other_and_come_in_pages);
  ADD ("an-item-is-asked-about-by-forms", test_an_item_is_asked_about_by_forms);
  return g_test_run ();
}
