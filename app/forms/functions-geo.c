/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ODK XForms, "Geographic Functions": on a sphere with the radius that ODK's clients take. */

#include "config.h"

#include "app/forms/instance.h"

#include <math.h>
#include <string.h>

#define EARTH_RADIUS_M 6378100.0
#define CALL_ARGS MereEvaluation *evaluation, MereExpr **args, guint n_args, MereValue *result

typedef struct
{
  double latitude;
  double longitude;
} Point;

static double
radians (double degrees)
{
  return degrees * G_PI / 180;
}

/* "latitude longitude [altitude [accuracy]]"; moves @at behind it. */
static gboolean
read_point (const char **at, Point *point)
{
  double numbers[4];
  guint  n = 0;

  for (;;)
    {
      char *end;

      while (mere_is_xml_space (**at))
        (*at)++;
      if (**at == '\0' || **at == ';')
        break;
      if (n == G_N_ELEMENTS (numbers))
        return FALSE;
      numbers[n++] = g_ascii_strtod (*at, &end);
      if (end == *at)
        return FALSE;
      *at = end;
    }
  if (n < 2 || !(fabs (numbers[0]) <= 90) || !(fabs (numbers[1]) <= 180))
    return FALSE;
  *point = (Point){ numbers[0], numbers[1] };
  return TRUE;
}

static gboolean
read_points (const char *text, GArray *points)
{
  while (mere_is_xml_space (*text))
    text++;
  while (*text != '\0')
    {
      Point point;

      if (!read_point (&text, &point))
        return FALSE;
      g_array_append_val (points, point);
      while (*text == ';' || mere_is_xml_space (*text))
        text++;
    }
  return TRUE;
}

/* The points of a trace or shape, or of a set of points. */
static GArray *
collect_points (MereEvaluation *evaluation, MereExpr **args, guint n_args)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (Point));
  gboolean ok = TRUE;

  for (guint i = 0; i < n_args && ok; i++)
    {
      MereValue value;

      mere_evaluate (evaluation, args[i], &value);
      for (guint k = 0; ok && k < (value.kind == MERE_VALUE_NODES ? value.nodes.n : 1); k++)
        {
          g_autofree char *owned = NULL;

          ok = read_points (value.kind == MERE_VALUE_NODES ? mere_any_to_string (value.nodes.items[k], &owned) : mere_value_to_string (&value, &owned), points);
        }
      mere_value_clear (&value);
    }
  return ok && points->len >= 2 ? g_steal_pointer (&points) : NULL;
}

static double
centi (double value)
{
  return floor (fabs (value) * 100 + 0.5) / 100;
}

static void
fn_area (CALL_ARGS)
{
  g_autoptr (GArray) points = collect_points (evaluation, args, n_args);
  double sum = 0;

  for (guint i = 0; points != NULL && points->len > 2 && i < points->len; i++)
    {
      const Point *a = &g_array_index (points, Point, i);
      const Point *b = &g_array_index (points, Point, (i + 1) % points->len);

      sum += radians (b->longitude - a->longitude) * (2 + sin (radians (b->latitude)) + sin (radians (a->latitude)));
    }
  mere_value_number (result, centi (sum * EARTH_RADIUS_M * EARTH_RADIUS_M / 2));
}

static double
distance_between (const Point *a, const Point *b)
{
  double cosine = sin (radians (a->latitude)) * sin (radians (b->latitude)) +
                  cos (radians (a->latitude)) * cos (radians (b->latitude)) * cos (radians (a->longitude - b->longitude));

  return acos (CLAMP (cosine, -1, 1)) * EARTH_RADIUS_M;
}

static void
fn_distance (CALL_ARGS)
{
  g_autoptr (GArray) points = collect_points (evaluation, args, n_args);
  double sum = 0;

  for (guint i = 1; points != NULL && i < points->len; i++)
    sum += distance_between (&g_array_index (points, Point, i - 1), &g_array_index (points, Point, i));
  mere_value_number (result, points != NULL ? centi (sum) : NAN);
}

/* Whether a point lies within a closed shape: an odd number of edges to the east of it. */
static void
fn_geofence (CALL_ARGS)
{
  g_autofree char *place = mere_evaluate_string (evaluation, args[0]);
  g_autoptr (GArray) shape = collect_points (evaluation, args + 1, 1);
  const char  *at = place;
  Point        point;
  gboolean     inside = FALSE;
  const Point *p = shape != NULL ? (const Point *) shape->data : NULL;

  if (p == NULL || !read_point (&at, &point) || p[0].latitude != p[shape->len - 1].latitude || p[0].longitude != p[shape->len - 1].longitude)
    {
      mere_value_boolean (result, FALSE);
      return;
    }
  for (guint i = 1; i < shape->len; i++)
    if ((p[i].latitude > point.latitude) != (p[i - 1].latitude > point.latitude) &&
        point.longitude < (p[i - 1].longitude - p[i].longitude) * (point.latitude - p[i].latitude) / (p[i - 1].latitude - p[i].latitude) + p[i].longitude)
      inside = !inside;
  mere_value_boolean (result, inside);
}

const MereFunction mere_functions_geo[] = {
  { "area", 1, -1, fn_area, 0 },
  { "distance", 1, -1, fn_distance, 0 },
  { "geofence", 2, 2, fn_geofence, 0 },
  { NULL },
};
