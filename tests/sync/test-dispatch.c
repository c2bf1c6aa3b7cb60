/* SPDX-License-Identifier: GPL-3.0-or-later */

/* dispatch.json: written and read the same, refused where it breaks its format, and installed as a whole. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "app/forms/form.h"
#include "app/store/digest.h"
#include "app/store/instrument.h"
#include "road-fixture.h"

#define MISSION "5b0c6a3e-0000-4000-8000-000000000000"
#define NORTH "5b0c6a3e-0000-4000-8000-000000000001"
#define SOUTH "5b0c6a3e-0000-4000-8000-000000000002"

static MereDispatch *
make_dispatch (void)
{
  MereDispatch     *self = mere_dispatch_new ();
  const char *const to[] = { "k7q2m9xd", NULL };

  self->counter = 31;
  self->to = g_strdupv ((char **) to);
  self->trust = 7;
  self->issued = g_strdup ("2026-11-25T08:00:00Z");
  self->assessment = mere_assessment_new (MISSION, "Utopia 2026", "UTO", "2026-11-01", "2026-11-14");
  self->app_min = g_strdup ("0.1.0");
  self->stale_after = g_strdup ("2026-12-31");
  self->message = g_strdup ("Begin in the north.\nقبل الظهر");

  return self;
}

static void
add_some (MereDispatch *self)
{
  g_autofree char *b2 = g_strnfill (64, 'a');

  mere_dispatch_add_instrument (self, "border_flow", "2026071501", b2, TRUE);
  mere_dispatch_add_instrument (self, "old_flow", "", b2, FALSE);
  mere_dispatch_add_list (self, MERE_DISPATCH_CROSSINGS, 4, b2);
}

static void
test_a_dispatch_reads_as_it_was_written (void)
{
  g_autoptr (MereDispatch) made = make_dispatch ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (MereDispatch) read = NULL;

  add_some (made);
  text = mere_dispatch_write (made);
  read = mere_dispatch_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->counter, ==, 31);
  g_assert_cmpstr (read->assessment->title, ==, "Utopia 2026");
  g_assert_true (((MereDispatchInstrument *) read->instruments->pdata[0])->active);
  g_assert_false (((MereDispatchInstrument *) read->instruments->pdata[1])->active);
  g_assert_cmpuint (mere_dispatch_find_list (read, MERE_DISPATCH_CROSSINGS)->version, ==, 4);
  g_assert_null (mere_dispatch_find_list (read, "teams"));
  again = mere_dispatch_write (read);
  g_assert_true (g_bytes_equal (text, again));
}

static void
test_broken_dispatches_are_refused (void)
{
  static const char *const changes[][2] = {
    { "merestone-dispatch", "merestone-dispute" },
    { "\"version\":1", "\"version\":2" },
    { "\"dispatch\":31", "\"dispatch\":0" },
    { "\"replaces\":\"snapshot\"", "\"replaces\":\"parts\"" },
    { "\"k7q2m9xd\"", "\"all\"" },
    { "\"status\":\"active\"", "\"status\":\"asleep\"" },
    { "\"id\":\"border_flow\"", "\"id\":\"\"" },
    { "\"b2\":\"aa", "\"b2\":\"a" },
    { "\"snapshot\":{", "\"snapshat\":{" },
    { "\"id\":\"" MISSION "\"", "\"id\":\"\"" },
    { "}\n", "}}\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (MereDispatch) made = make_dispatch ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GString) text = NULL;
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;

      add_some (made);
      bytes = mere_dispatch_write (made);
      text = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
      g_assert_cmpuint (g_string_replace (text, changes[i][0], changes[i][1], 1), ==, 1);
      changed = g_string_free_to_bytes (g_steal_pointer (&text));
      g_assert_null (mere_dispatch_parse (changed, &error));
      g_assert_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_FORMAT);
    }
}

static MereCrossing *
make_crossing (const char *id,
               const char *name,
               double      latitude)
{
  MereCrossing *crossing = mere_crossing_new (name, MERE_CROSSING_SEA, "Pier 3");

  g_free (crossing->id);
  crossing->id = g_strdup (id);
  crossing->latitude = latitude;

  return crossing;
}

static GBytes *
make_list (double north,
           double south)
{
  g_autoptr (GPtrArray) crossings = g_ptr_array_new_with_free_func ((GDestroyNotify) mere_crossing_free);

  g_ptr_array_add (crossings, make_crossing (NORTH, "Utopia North", north));
  if (!isnan (south))
    g_ptr_array_add (crossings, make_crossing (SOUTH, "Utopia South", south));

  return mere_dispatch_write_crossings (crossings);
}

static void
test_crossings_read_as_they_were_written (void)
{
  g_autoptr (GBytes) text = make_list (-12.345678901234567, 0.5);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) read = mere_dispatch_parse_crossings (text, MISSION, &error);
  const MereCrossing *north;

  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 2);
  north = read->pdata[0];
  g_assert_cmpstr (north->id, ==, NORTH);
  g_assert_cmpstr (north->name, ==, "Utopia North");
  g_assert_cmpstr (north->note, ==, "Pier 3");
  g_assert_cmpstr (north->assessment, ==, MISSION);
  g_assert_cmpint (north->kind, ==, MERE_CROSSING_SEA);
  g_assert_cmpint (north->origin, ==, MERE_CROSSING_PACK);
  g_assert_cmpfloat (north->latitude, ==, -12.345678901234567);
  g_assert_true (isnan (north->longitude));
}

static void
test_broken_crossings_are_refused (void)
{
  static const char *const texts[] = {
    "",
    "{}",
    "[{}]",
    "[{\"id\":\"a\",\"name\":\"\",\"kind\":\"land\"}]",
    "[{\"id\":\"\",\"name\":\"N\",\"kind\":\"land\"}]",
    "[{\"id\":\"a\",\"name\":\"N\",\"kind\":\"space\"}]",
    "[{\"id\":\"a\",\"name\":\"N\",\"kind\":\"land\",\"latitude\":90.5}]",
    "[{\"id\":\"a\",\"name\":\"N\",\"kind\":\"land\",\"longitude\":1e999}]",
    "[{\"id\":\"a\",\"name\":\"N\",\"kind\":\"land\",\"longitude\":\"12\"}]",
    "[{\"id\":\"a\",\"name\":\"N\",\"kind\":\"land\",\"longitude\":0.00000000000000000000000000000000001}]",
    "[{\"id\":\"a\",\"name\":\"N\",\"kind\":\"land\"}] []",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (mere_dispatch_parse_crossings (bytes, NULL, &error));
      g_assert_error (error, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_FORMAT);
    }
}

/* A #MereDispatchContent. */
static GBytes *
find (gpointer    contents,
      const char *b2)
{
  return g_hash_table_lookup (contents, b2);
}

typedef struct
{
  MereTestDay  *day;
  MereDispatch *dispatch;
  GHashTable   *contents;
} Pack;

static char *
pack_add (Pack   *self,
          GBytes *bytes)
{
  char *b2 = mere_digest_dup_hex_of_bytes (bytes);

  g_hash_table_replace (self->contents, g_strdup (b2), bytes);

  return b2;
}

static void
pack_begin (Pack *self)
{
  g_clear_pointer (&self->dispatch, mere_dispatch_free);
  g_clear_pointer (&self->contents, g_hash_table_unref);
  self->dispatch = make_dispatch ();
  self->contents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static void
pack_init (Pack *self)
{
  self->day = mere_test_day_new ();
  pack_begin (self);
}

static void
pack_clear (Pack *self)
{
  mere_test_day_free (self->day);
  mere_dispatch_free (self->dispatch);
  g_hash_table_unref (self->contents);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pack, pack_clear)

static void
pack_add_instrument (Pack       *self,
                     const char *version)
{
  g_autofree char *b2 = pack_add (self, mere_test_make_instrument (version));

  mere_dispatch_add_instrument (self->dispatch, MERE_TEST_FORM, version, b2, TRUE);
}

static void
pack_install (Pack                  *self,
              MereDispatchInstalled *installed)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mere_dispatch_install (self->day->laptop->store, self->dispatch, find, self->contents, installed, &error));
  g_assert_no_error (error);
}

static void
pack_assert_refused (Pack  *self,
                     GQuark domain,
                     int    code)
{
  g_autofree char *before = mere_test_laptop_dump (self->day->laptop);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (mere_dispatch_install (self->day->laptop->store, self->dispatch, find, self->contents, NULL, &error));
  if (code != 0)
    g_assert_error (error, domain, code);
  else
    g_assert_true (error->domain == domain);
  after = mere_test_laptop_dump (self->day->laptop);
  g_assert_cmpstr (before, ==, after);
}

static void
test_a_held_instrument_need_not_travel (void)
{
  g_auto (Pack) pack = { 0 };
  MereDispatchInstalled installed;

  pack_init (&pack);
  pack_add_instrument (&pack, "1");
  pack_install (&pack, &installed);
  g_assert_cmpuint (installed.n_instruments, ==, 1);
  pack_begin (&pack);
  pack_add_instrument (&pack, "1");
  g_hash_table_remove_all (pack.contents);
  pack_install (&pack, &installed);
  g_assert_cmpuint (installed.n_instruments, ==, 0);
}

static void
test_what_the_snapshot_drops_is_retired (void)
{
  g_auto (Pack) pack = { 0 };
  g_autoptr (MereInstrument) one = NULL;
  g_autoptr (MereInstrument) two = NULL;

  pack_init (&pack);
  pack_add_instrument (&pack, "1");
  pack_add_instrument (&pack, "2");
  pack_install (&pack, NULL);
  pack_begin (&pack);
  pack_add_instrument (&pack, "1");
  pack_install (&pack, NULL);
  one = mere_instrument_load (pack.day->laptop->store, MERE_TEST_FORM, "1", NULL);
  two = mere_instrument_load (pack.day->laptop->store, MERE_TEST_FORM, "2", NULL);
  g_assert_true (one->active);
  g_assert_false (two->active);

  /* And what it has again is in use again. */
  pack_begin (&pack);
  pack_add_instrument (&pack, "2");
  pack_install (&pack, NULL);
  mere_instrument_free (two);
  two = mere_instrument_load (pack.day->laptop->store, MERE_TEST_FORM, "2", NULL);
  g_assert_true (two->active);
}

static void
test_crossings_of_the_laptop_stay (void)
{
  g_auto (Pack) pack = { 0 };
  g_autoptr (MereCrossing) own = mere_crossing_new ("A path in the hills", MERE_CROSSING_LAND, "");
  g_autofree char *b2 = NULL;
  g_autofree char *less = NULL;
  g_autoptr (GPtrArray) crossings = NULL;
  g_autoptr (MereCrossing) south = NULL;

  pack_init (&pack);
  g_assert_true (mere_crossing_save (pack.day->laptop->store, own, NULL));
  b2 = pack_add (&pack, make_list (1, 2));
  mere_dispatch_add_list (pack.dispatch, MERE_DISPATCH_CROSSINGS, 1, b2);
  pack_install (&pack, NULL);
  pack_begin (&pack);
  less = pack_add (&pack, make_list (1, NAN));
  mere_dispatch_add_list (pack.dispatch, MERE_DISPATCH_CROSSINGS, 2, less);
  pack_install (&pack, NULL);

  crossings = mere_crossing_list (pack.day->laptop->store, FALSE, NULL);
  g_assert_cmpuint (crossings->len, ==, 2);
  south = mere_crossing_load (pack.day->laptop->store, SOUTH, NULL);
  g_assert_false (south->active);
}

static void
test_an_incomplete_dispatch_changes_nothing (void)
{
  g_auto (Pack) pack = { 0 };
  g_autofree char *missing = g_strnfill (64, 'e');

  pack_init (&pack);
  pack_add_instrument (&pack, "1");
  mere_dispatch_add_list (pack.dispatch, MERE_DISPATCH_CROSSINGS, 1, missing);
  pack_assert_refused (&pack, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INCOMPLETE);
}

static void
test_an_instrument_that_is_another_one_changes_nothing (void)
{
  g_auto (Pack) pack = { 0 };
  g_autofree char *b2 = NULL;

  pack_init (&pack);
  b2 = pack_add (&pack, mere_test_make_instrument ("1"));
  mere_dispatch_add_instrument (pack.dispatch, MERE_TEST_FORM, "2", b2, TRUE);
  pack_assert_refused (&pack, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INSTRUMENT);
}

static void
test_a_form_that_is_none_changes_nothing (void)
{
  g_auto (Pack) pack = { 0 };
  g_autofree char *b2 = NULL;

  pack_init (&pack);
  b2 = pack_add (&pack, g_bytes_new_static ("not XML", 7));
  mere_dispatch_add_instrument (pack.dispatch, MERE_TEST_FORM, "1", b2, TRUE);
  pack_assert_refused (&pack, MERE_FORM_ERROR, 0);
}

static void
test_other_content_under_a_held_version_is_refused (void)
{
  g_auto (Pack) pack = { 0 };
  g_autofree char *other = g_strnfill (64, 'e');

  pack_init (&pack);
  pack_add_instrument (&pack, "1");
  pack_install (&pack, NULL);
  pack_begin (&pack);
  mere_dispatch_add_instrument (pack.dispatch, MERE_TEST_FORM, "1", other, TRUE);
  pack_assert_refused (&pack, MERE_DISPATCH_ERROR, MERE_DISPATCH_ERROR_INSTRUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatch/a-dispatch-reads-as-it-was-written", test_a_dispatch_reads_as_it_was_written);
  g_test_add_func ("/dispatch/broken-dispatches-are-refused", test_broken_dispatches_are_refused);
  g_test_add_func ("/dispatch/crossings-read-as-they-were-written", test_crossings_read_as_they_were_written);
  g_test_add_func ("/dispatch/broken-crossings-are-refused", test_broken_crossings_are_refused);
  g_test_add_func ("/dispatch/a-held-instrument-need-not-travel", test_a_held_instrument_need_not_travel);
  g_test_add_func ("/dispatch/what-the-snapshot-drops-is-retired", test_what_the_snapshot_drops_is_retired);
  g_test_add_func ("/dispatch/crossings-of-the-laptop-stay", test_crossings_of_the_laptop_stay);
  g_test_add_func ("/dispatch/an-incomplete-dispatch-changes-nothing", test_an_incomplete_dispatch_changes_nothing);
  g_test_add_func ("/dispatch/an-instrument-that-is-another-one-changes-nothing", test_an_instrument_that_is_another_one_changes_nothing);
  g_test_add_func ("/dispatch/a-form-that-is-none-changes-nothing", test_a_form_that_is_none_changes_nothing);
  g_test_add_func ("/dispatch/other-content-under-a-held-version-is-refused", test_other_content_under_a_held_version_is_refused);

  return g_test_run ();
}
