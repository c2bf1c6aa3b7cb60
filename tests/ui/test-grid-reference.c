/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Places on the military grid, and what people write for a place. The references were made with GeographicLib 2.1.2. */

#include "config.h"

#include <math.h>

#include "ui/grid-reference.h"
#include "ui/question-parse.h"

#define METRE 1.5e-5 /* degrees; a square of a metre and its diagonal */

static const struct
{
  double      latitude;
  double      longitude;
  const char *reference;
} places[] = {
  { 14.5833, -90.5211, "15P YS 67082 13693" },
  { 38.8895, -77.0352, "18S UJ 23486 06483" },
  { -33.8568, 151.2153, "56H LH 34900 52288" },
  { 60.39, 5.32, "32V KN 97230 00510" },    /* south-western Norway */
  { 78.22, 15.64, "33X WG 14585 83001" },   /* Svalbard */
  { 0.0001, 0.0001, "31N AA 66032 00011" }, /* the equator */
  { -79.9, -179.9, "1C DM 43247 28161" },   /* the southern edge */
  { 71.99, 8.99, "32W ME 99654 87817" },
  { 83.9, 179.9, "60X WU 34390 17795" }, /* the northern edge */
  { 51.4779, -0.0015, "30U YC 08213 07235" },
};

static void
test_places_have_their_reference (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *reference = mere_grid_reference_format (places[i].latitude, places[i].longitude);

      g_assert_cmpstr (reference, ==, places[i].reference);
    }

  g_assert_null (mere_grid_reference_format (84.1, 0));
  g_assert_null (mere_grid_reference_format (-80.1, 0));
}

static void
test_references_are_read (void)
{
  double latitude, longitude;

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_assert_true (mere_grid_reference_parse (places[i].reference, &latitude, &longitude));
      g_assert_cmpfloat (fabs (latitude - places[i].latitude), <, METRE);
      g_assert_cmpfloat (fabs (longitude - places[i].longitude) * cos (latitude * G_PI / 180), <, METRE);
    }

  g_assert_true (mere_grid_reference_parse ("4qfj1234567890", &latitude, &longitude));
  g_assert_cmpfloat_with_epsilon (latitude, 21.4098012, 1e-7);
  g_assert_cmpfloat_with_epsilon (longitude, -157.9160763, 1e-7);
}

static void
test_what_is_no_reference_is_refused (void)
{
  static const char *const wrong[] = { "", "15", "15P", "15PY", "15PYS1", "15PYS123", "61PYS6708213693", "0PYS6708213693", "15IYS6708213693",
                                       "15PIS6708213693", "15PYO6708213693", "15PYW6708213693", "15PAS6708213693", "15PYS670821369312",
                                       "15PYS67082 1369x", "14.5833 -90.5211" };
  double                   latitude, longitude;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      if (mere_grid_reference_parse (wrong[i], &latitude, &longitude))
        g_error ("“%s” was taken for a place", wrong[i]);
    }
}

static void
test_places_are_read_as_people_write_them (void)
{
  static const struct
  {
    const char *typed;
    const char *value; /* or NULL */
  } cases[] = {
    { "", "" },
    { "14.5833 -90.5211", "14.5833 -90.5211 0 0" },
    { "14.5833, -90.5211 1500 4.5", "14.5833 -90.5211 1500 4.5" },
    { "14°35'0\"N 90°31'30\"W", "14.5833333 -90.525 0 0" },
    { "14° 35′ 0″ N, 90° 31′ 30″ W", "14.5833333 -90.525 0 0" },
    { "N 14 35 00 W 90 31 30", "14.5833333 -90.525 0 0" },
    { "14 35 0 S 90 31 30 E 12", "-14.5833333 90.525 12 0" },
    { "14 35.5 N 90 31.5 W", "14.5916667 -90.525 0 0" },
    { "14°60'0\"N 90°31'30\"W", NULL },
    { "14°35'60\"N 90°31'30\"W", NULL },
    { "91 10", NULL },
    { "10 181", NULL },
    { "14.5833", NULL },
    { "somewhere", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char      *why = NULL;
      g_autofree char *value = mere_question_parse_point (cases[i].typed, &why);

      g_assert_cmpstr (value, ==, cases[i].value);
      g_assert_true (value != NULL || why != NULL);
    }
}

static void
test_places_are_shown_to_be_checked (void)
{
  g_autofree char *shown = mere_question_show_point ("14.5833 -90.5211 0 0");
  g_autofree char *south = mere_question_show_point ("-85 10.5 0 0");
  g_autofree char *none = mere_question_show_point ("");

  g_assert_cmpstr (shown, ==, "14°35′00″ N 90°31′16″ W · 15P YS 67082 13693");
  g_assert_cmpstr (south, ==, "85°00′00″ S 10°30′00″ E");
  g_assert_cmpstr (none, ==, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/grid-reference/places-have-their-reference", test_places_have_their_reference);
  g_test_add_func ("/ui/grid-reference/references-are-read", test_references_are_read);
  g_test_add_func ("/ui/grid-reference/what-is-none-is-refused", test_what_is_no_reference_is_refused);
  g_test_add_func ("/ui/grid-reference/places-are-read-as-people-write-them", test_places_are_read_as_people_write_them);
  g_test_add_func ("/ui/grid-reference/places-are-shown-to-be-checked", test_places_are_shown_to_be_checked);

  return g_test_run ();
}
