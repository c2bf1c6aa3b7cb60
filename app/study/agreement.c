/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How far two observers agree: Cohen 1960, Byrt 1993 (PABAK), Lin 1989, Bland and Altman 1986. */

#include "config.h"

#include "app/study/agreement.h"

#include <math.h>

#include "app/study/sampling.h"

MereKappa
mere_kappa_of (const guint *one, const guint *other, gsize n, guint n_categories)
{
  g_autofree double *rows = g_new0 (double, n_categories + 1);
  g_autofree double *columns = g_new0 (double, n_categories + 1);
  MereKappa          kappa = { .n = (guint) n };
  double             equal = 0, chance = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_return_val_if_fail (one[i] < n_categories && other[i] < n_categories, kappa);
      rows[one[i]]++;
      columns[other[i]]++;
      equal += one[i] == other[i];
    }
  for (guint k = 0; k < n_categories && n > 0; k++)
    chance += rows[k] / (double) n * (columns[k] / (double) n);
  if (n == 0 || n_categories < 2 || chance >= 1)
    return kappa;
  kappa.known = TRUE;
  kappa.observed = equal / (double) n;
  kappa.kappa = (kappa.observed - chance) / (1 - chance);
  kappa.adjusted = (n_categories * kappa.observed - 1) / (n_categories - 1.0);
  return kappa;
}

static double
mean_of (const double *values, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum / (double) n;
}

static double
covariance_of (const double *one, const double *other, gsize n)
{
  double mean_one = mean_of (one, n), mean_other = mean_of (other, n);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (one[i] - mean_one) * (other[i] - mean_other);
  return sum / (double) n;
}

gboolean
mere_concordance_of (const double *one, const double *other, gsize n, double *coefficient)
{
  double gap, spread;

  if (n < 2)
    return FALSE;
  gap = mean_of (one, n) - mean_of (other, n);
  spread = covariance_of (one, one, n) + covariance_of (other, other, n) + gap * gap;
  if (spread <= 0)
    return FALSE;
  *coefficient = 2 * covariance_of (one, other, n) / spread;
  return TRUE;
}

MereBlandAltman
mere_bland_altman_of (const double *one, const double *other, gsize n)
{
  g_autofree double *gaps = g_new (double, n + 1);
  MereBlandAltman    result = { .n = (guint) n };
  double             sd;

  if (n < 2)
    return result;
  for (gsize i = 0; i < n; i++)
    gaps[i] = one[i] - other[i];
  result.known = TRUE;
  result.bias = mean_of (gaps, n);
  sd = sqrt (covariance_of (gaps, gaps, n) * (double) n / ((double) n - 1));
  result.lower = result.bias - MERE_Z95 * sd;
  result.upper = result.bias + MERE_Z95 * sd;
  return result;
}

/* Best alignment of the first i and the first j: most pairs, then least gap. */
typedef struct
{
  guint  pairs;
  gint64 gap;
} Cell;

static gboolean
is_better (const Cell *a, const Cell *b)
{
  return a->pairs > b->pairs || (a->pairs == b->pairs && a->gap < b->gap);
}

/* How a cell came about, so that the way can be walked back. */
enum {
  SKIP_ONE,
  SKIP_OTHER,
  PAIR,
};

static void
fill_row (const gint64 one, const gint64 *other, gsize n_other, gint64 window_us, const Cell *above, Cell *row, guint8 *way)
{
  row[0] = (Cell){ 0, 0 };
  for (gsize j = 1; j <= n_other; j++)
    {
      gint64 gap = ABS (one - other[j - 1]);
      Cell   pair = { above[j - 1].pairs + 1, above[j - 1].gap + gap };

      row[j] = above[j];
      way[j] = SKIP_ONE;
      if (is_better (&row[j - 1], &row[j]))
        row[j] = row[j - 1], way[j] = SKIP_OTHER;
      if (gap <= window_us && is_better (&pair, &row[j]))
        row[j] = pair, way[j] = PAIR;
    }
}

static guint
walk_back (const guint8 *ways, gsize n_one, gsize n_other, GArray *pairs)
{
  gsize width = n_other + 1;

  for (gsize i = n_one, j = n_other; i > 0 && j > 0;)
    {
      guint8 way = ways[i * width + j];
      guint  pair[2] = { (guint) j - 1, (guint) i - 1 }; /* the array is turned around below */

      if (way == PAIR)
        g_array_append_vals (pairs, pair, 2);
      i -= way != SKIP_OTHER;
      j -= way != SKIP_ONE;
    }
  for (guint i = 0; i < pairs->len / 2; i++)
    {
      guint swap = g_array_index (pairs, guint, i);

      g_array_index (pairs, guint, i) = g_array_index (pairs, guint, pairs->len - 1 - i);
      g_array_index (pairs, guint, pairs->len - 1 - i) = swap;
    }
  return pairs->len / 2;
}

guint
mere_agreement_pair (const gint64 *one, gsize n_one, const gint64 *other, gsize n_other, gint64 window_us, GArray **pairs)
{
  gsize              width = n_other + 1;
  g_autofree Cell   *above = g_new0 (Cell, width);
  g_autofree Cell   *row = g_new0 (Cell, width);
  g_autofree guint8 *ways = g_malloc0_n (n_one + 1, width);

  for (gsize i = 1; i <= n_one; i++)
    {
      Cell *swap = above;

      fill_row (one[i - 1], other, n_other, window_us, above, row, ways + i * width);
      above = row;
      row = swap;
    }
  *pairs = g_array_new (FALSE, FALSE, sizeof (guint));
  return walk_back (ways, n_one, n_other, *pairs);
}
