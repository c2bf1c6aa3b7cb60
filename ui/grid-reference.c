/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Transverse Mercator by Krüger's series (L. Krüger, 1912; coefficients to the fourth order of the third flattening, which
 * is good to a micrometre within a zone), and the letters of the squares above it. */

#include "config.h"
#include "ui/grid-reference.h"

#include <math.h>
#include <string.h>

#define EQUATOR 6378137.0                  /* m; WGS 84 */
#define FLATTENING (1 / 298.257223563)     /* WGS 84 */
#define SCALE 0.9996                       /* on the central meridian; UTM */
#define FALSE_EASTING 500000.0             /* m */
#define SQUARE 100000.0                    /* m */
#define CYCLE 2000000.0                    /* m; the letters of rows begin anew */
#define BANDS "CDEFGHJKLMNPQRSTUVWX"       /* from 80° south on, 8° each, the last one 12° */
#define COLUMNS "ABCDEFGHJKLMNPQRSTUVWXYZ" /* of three sets of eight */
#define ROWS "ABCDEFGHJKLMNPQRSTUV"

#define RADIANS(degrees) ((degrees) *G_PI / 180)
#define DEGREES(radians) ((radians) *180 / G_PI)

typedef struct
{
  double radius;   /* of the sphere whose meridian is as long */
  double alpha[4]; /* forward */
  double beta[4];  /* back */
  double delta[4]; /* from the conformal latitude */
} Series;

static Series
make_series (void)
{
  double n = FLATTENING / (2 - FLATTENING);
  double n2 = n * n, n3 = n2 * n, n4 = n3 * n;

  return (Series){
    .radius = EQUATOR / (1 + n) * (1 + n2 / 4 + n4 / 64),
    .alpha = { n / 2 - n2 * 2 / 3 + n3 * 5 / 16 + n4 * 41 / 180, n2 * 13 / 48 - n3 * 3 / 5 + n4 * 557 / 1440, n3 * 61 / 240 - n4 * 103 / 140, n4 * 49561 / 161280 },
    .beta = { n / 2 - n2 * 2 / 3 + n3 * 37 / 96 - n4 / 360, n2 / 48 + n3 / 15 - n4 * 437 / 1440, n3 * 17 / 480 - n4 * 37 / 840, n4 * 4397 / 161280 },
    .delta = { n * 2 - n2 * 2 / 3 - n3 * 2 + n4 * 116 / 45, n2 * 7 / 3 - n3 * 8 / 5 - n4 * 227 / 45, n3 * 56 / 15 - n4 * 136 / 35, n4 * 4279 / 630 },
  };
}

static double
get_meridian (int zone)
{
  return RADIANS (zone * 6 - 183);
}

static void
project (double  latitude,
         double  longitude,
         int     zone,
         double *easting,
         double *northing)
{
  Series series = make_series ();
  double e = sqrt (FLATTENING * (2 - FLATTENING));
  double phi = RADIANS (latitude);
  double lambda = RADIANS (longitude) - get_meridian (zone);
  double t = sinh (atanh (sin (phi)) - e * atanh (e * sin (phi)));
  double xi = atan2 (t, cos (lambda));
  double eta = atanh (sin (lambda) / sqrt (1 + t * t));
  double x = eta, y = xi;

  for (int j = 1; j <= 4; j++)
    {
      x += series.alpha[j - 1] * cos (2 * j * xi) * sinh (2 * j * eta);
      y += series.alpha[j - 1] * sin (2 * j * xi) * cosh (2 * j * eta);
    }

  *easting = FALSE_EASTING + SCALE * series.radius * x;
  *northing = SCALE * series.radius * y;
}

/* @northing: below zero in the south. */
static void
unproject (double  easting,
           double  northing,
           int     zone,
           double *latitude,
           double *longitude)
{
  Series series = make_series ();
  double xi = northing / (SCALE * series.radius);
  double eta = (easting - FALSE_EASTING) / (SCALE * series.radius);
  double x = eta, y = xi;
  double chi, phi;

  for (int j = 1; j <= 4; j++)
    {
      x -= series.beta[j - 1] * cos (2 * j * xi) * sinh (2 * j * eta);
      y -= series.beta[j - 1] * sin (2 * j * xi) * cosh (2 * j * eta);
    }

  chi = asin (sin (y) / cosh (x));
  phi = chi;
  for (int j = 1; j <= 4; j++)
    phi += series.delta[j - 1] * sin (2 * j * chi);

  *latitude = DEGREES (phi);
  *longitude = DEGREES (get_meridian (zone) + atan2 (sinh (x), cos (y)));
}

/* South-western Norway belongs to zone 32, and Svalbard has zones of its own. */
static int
get_zone (double latitude,
          double longitude)
{
  int zone = CLAMP ((int) floor ((longitude + 180) / 6) + 1, 1, 60);

  if (latitude >= 56 && latitude < 64 && longitude >= 3 && longitude < 12)
    return 32;
  if (latitude >= 72 && longitude >= 0 && longitude < 42)
    return longitude < 9 ? 31 : longitude < 21 ? 33
                              : longitude < 33 ? 35
                                               : 37;

  return zone;
}

static int
get_band (double latitude)
{
  return CLAMP ((int) floor ((latitude + 80) / 8), 0, (int) strlen (BANDS) - 1);
}

/* Where the letters of rows begin in a zone: at A in odd ones, at F in even ones. */
static int
get_row_shift (int zone)
{
  return zone % 2 == 0 ? 5 : 0;
}

char *
mere_grid_reference_format (double latitude,
                            double longitude)
{
  int    zone = get_zone (latitude, longitude);
  double easting, northing;
  int    column, row, x, y;

  if (latitude < -80 || latitude > 84)
    return NULL;

  project (latitude, longitude, zone, &easting, &northing);
  column = (int) floor (easting / SQUARE) - 1 + (zone - 1) % 3 * 8;
  northing = fmod (northing + 5 * CYCLE, CYCLE);
  row = ((int) floor (northing / SQUARE) + get_row_shift (zone)) % (int) strlen (ROWS);
  x = (int) floor (fmod (easting, SQUARE));
  y = (int) floor (fmod (northing, SQUARE));
  if (column < 0 || column >= (int) strlen (COLUMNS))
    return NULL;

  return g_strdup_printf ("%d%c %c%c %05d %05d", zone, BANDS[get_band (latitude)], COLUMNS[column], ROWS[row], x, y);
}

/* The place of a letter among others, or -1. */
static int
find_letter (const char *letters,
             char        letter)
{
  const char *at = letter != '\0' ? strchr (letters, g_ascii_toupper (letter)) : NULL;

  return at != NULL ? (int) (at - letters) : -1;
}

static char *
dup_without_spaces (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isspace (*text))
        g_string_append_c (plain, *text);
    }

  return g_string_free (plain, FALSE);
}

/* The middle of the square, in metres from the corner of its 100 km. */
static gboolean
parse_digits (const char *digits,
              double     *x,
              double     *y)
{
  gsize  n = strspn (digits, "0123456789");
  double unit = SQUARE;

  if (digits[n] != '\0' || n % 2 != 0 || n > 10)
    return FALSE;

  *x = 0;
  *y = 0;
  for (gsize i = 0; i < n / 2; i++)
    {
      unit /= 10;
      *x += (digits[i] - '0') * unit;
      *y += (digits[n / 2 + i] - '0') * unit;
    }
  *x += unit / 2;
  *y += unit / 2;

  return TRUE;
}

/* Rows repeat every 2,000 km: the right one lies in the band that the reference names, or within a square of it. */
static gboolean
settle_row (int     zone,
            int     band,
            double  easting,
            double  northing,
            double *latitude,
            double *longitude)
{
  double lower = -80 + band * 8;
  double upper = band == (int) strlen (BANDS) - 1 ? 84 : lower + 8;

  for (int cycle = -5; cycle < 5; cycle++)
    {
      unproject (easting, northing + cycle * CYCLE, zone, latitude, longitude);
      if (*latitude > lower - 1 && *latitude < upper + 1 && fabs (*latitude) <= 84)
        return TRUE;
    }

  return FALSE;
}

gboolean
mere_grid_reference_parse (const char *text,
                           double     *latitude,
                           double     *longitude)
{
  g_autofree char *plain = dup_without_spaces (text);
  char            *rest = plain;
  guint64          zone = g_ascii_isdigit (*plain) ? g_ascii_strtoull (plain, &rest, 10) : 0;
  int              band = find_letter (BANDS, *rest);
  int              column = band >= 0 ? find_letter (COLUMNS, rest[1]) : -1;
  int              row = column >= 0 ? find_letter (ROWS, rest[2]) : -1;
  double           x, y, found_latitude, found_longitude;
  int              within;

  if (zone < 1 || zone > 60 || row < 0 || !parse_digits (rest + 3, &x, &y))
    return FALSE;

  within = column - (int) (zone - 1) % 3 * 8;
  row = (row - get_row_shift ((int) zone) + (int) strlen (ROWS)) % (int) strlen (ROWS);
  if (within < 0 || within > 7 || !settle_row ((int) zone, band, (within + 1) * SQUARE + x, row * SQUARE + y, &found_latitude, &found_longitude))
    return FALSE;

  *latitude = found_latitude;
  *longitude = found_longitude;

  return TRUE;
}
