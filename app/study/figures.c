/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a set of durations says, and when it is too small to say anything. */

#include "config.h"

#include "app/study/figures.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* P(X = k) for X binomial (n, p), by logarithms so that no n is too large. */
static double
binomial (guint n, guint k, double p)
{
  return exp (lgamma (n + 1.0) - lgamma (k + 1.0) - lgamma (n - k + 1.0) + k * log (p) + (n - k) * log1p (-p));
}

/* Farther than this from the mean, what the tail holds is below 1e-10 and cannot move a rank. */
#define FAR_SD 12

static guint
far_below (guint n, double p)
{
  return (guint) MAX (0.0, floor (n * p - FAR_SD * sqrt (n * p * (1 - p))));
}

static guint
far_above (guint n, double p)
{
  return (guint) MIN ((double) n, ceil (n * p + FAR_SD * sqrt (n * p * (1 - p))));
}

/* The largest l with P(X < l) at most @tail; 0 where there is none. */
static guint
lower_rank (guint n, double p, double tail)
{
  double sum = 0;
  guint  l = far_below (n, p);

  while (l < n && (sum += binomial (n, l, p)) <= tail)
    l++;
  return l;
}

/* The smallest u with P(X >= u) at most @tail; n + 1 where there is none. */
static guint
upper_rank (guint n, double p, double tail)
{
  double sum = 0;
  guint  u = far_above (n, p) + 1;

  while (u > 1 && (sum += binomial (n, u - 1, p)) <= tail)
    u--;
  return u;
}

gboolean
mere_quantile_ranks (guint n, double p, double confidence, guint *lower, guint *upper)
{
  double tail = (1 - confidence) / 2;

  g_return_val_if_fail (p > 0 && p < 1 && confidence > 0 && confidence < 1, FALSE);

  *lower = lower_rank (n, p, tail);
  *upper = upper_rank (n, p, tail);
  return n > 0 && *lower >= 1 && *upper <= n;
}

guint
mere_quantile_upper_rank (guint n, double p, double confidence)
{
  guint rank;

  g_return_val_if_fail (p > 0 && p < 1 && confidence > 0 && confidence < 1, 0);

  rank = upper_rank (n, p, 1 - confidence);
  return rank <= n ? rank : 0;
}

MereQuantile
mere_quantile_of (const MereSample *sample, double p)
{
  MereQuantile quantile = { 0 };
  guint        lower, upper;

  if (!mere_quantile_ranks (mere_sample_get_n (sample), p, 0.95, &lower, &upper))
    return quantile;
  quantile.known = TRUE;
  quantile.value = mere_sample_get_quantile (sample, p);
  quantile.lower = mere_sample_get_rank (sample, lower);
  quantile.upper = mere_sample_get_rank (sample, upper);
  return quantile;
}

MereFigures
mere_figures_of (const MereSample *sample, guint censored, guint wall_clock)
{
  guint       n = mere_sample_get_n (sample);
  MereFigures figures = { .n = n, .censored = censored, .wall_clock = wall_clock };

  if (n == 0)
    return figures;
  figures.minimum = mere_sample_get_rank (sample, 1);
  figures.maximum = mere_sample_get_rank (sample, n);
  figures.mean = mere_sample_get_mean (sample);
  figures.sd = mere_sample_get_sd (sample);
  figures.q1 = mere_quantile_of (sample, 0.25);
  figures.median = mere_quantile_of (sample, 0.5);
  figures.q3 = mere_quantile_of (sample, 0.75);
  figures.p90 = mere_quantile_of (sample, 0.9);
  figures.p95 = mere_quantile_of (sample, 0.95);
  return figures;
}

char *
mere_duration_format (double us)
{
  double seconds = us / G_USEC_PER_SEC;
  gint64 whole = (gint64) round (seconds);

  if (seconds > -9.95 && seconds < 9.95)
    /* Translators: seconds with one decimal, as "4.2 s" */
    return g_strdup_printf (_ ("%.1f s"), seconds);
  if (whole < 0)
    return g_strdup_printf ("−%" G_GINT64_FORMAT ":%02d", -whole / 60, (int) (-whole % 60));
  if (whole < 3600)
    return g_strdup_printf ("%d:%02d", (int) whole / 60, (int) whole % 60);
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", whole / 3600, (int) (whole % 3600) / 60, (int) (whole % 60));
}
