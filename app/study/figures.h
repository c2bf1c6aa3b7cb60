/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/study/sample.h"

G_BEGIN_DECLS

/* Fewest durations for a figure to be shown: at 95 % the interval by order statistics must have both its ends within
 * the sample, that is p^n (and (1 - p)^n) at most 0.025. Below that there is "not enough data", never a number. */
#define MERE_FIGURES_MEDIAN_MIN_N 6     /* 0.5^6 = 0.016 */
#define MERE_FIGURES_P90_MIN_N 36       /* 0.9^36 = 0.0225 */
#define MERE_FIGURES_P90_UPPER_MIN_N 29 /* one-sided: 0.9^29 = 0.047, at most 0.05 */
#define MERE_FIGURES_P95_MIN_N 72       /* 0.95^72 = 0.0249 */

/**
 * mere_quantile_ranks:
 * @n: size of the sample
 * @p: the quantile, between 0 and 1
 * @confidence: as 0.95; each tail takes half of the rest
 * @lower: (out): rank from 1 of the lower end
 * @upper: (out): rank from 1 of the upper end
 *
 * Ranks whose values cover the quantile with at least @confidence whatever the distribution: each tail of the binomial
 * is summed exactly.
 *
 * Returns: whether the sample is large enough for both
 */
gboolean mere_quantile_ranks (guint n, double p, double confidence, guint *lower, guint *upper);

/* One-sided: the rank whose value is at least the quantile with @confidence; 0 where the sample is too small. */
guint mere_quantile_upper_rank (guint n, double p, double confidence);

/* A quantile with its 95 % interval, µs; where @known is FALSE there is not enough data and the rest is 0. */
typedef struct
{
  gboolean known;
  double   value;
  gint64   lower;
  gint64   upper;
} MereQuantile;

MereQuantile mere_quantile_of (const MereSample *sample, double p);

/* A summary of durations. Minimum, mean and maximum are shown with their n; quantiles each by its own rule. */
typedef struct
{
  guint        n;          /* complete */
  guint        censored;   /* lost: each is "at least"; not in the quantiles */
  guint        wall_clock; /* how many came from the wall clock */
  gint64       minimum;
  gint64       maximum;
  double       mean;
  double       sd;
  MereQuantile q1;
  MereQuantile median;
  MereQuantile q3;
  MereQuantile p90;
  MereQuantile p95;
} MereFigures;

MereFigures mere_figures_of (const MereSample *sample, guint censored, guint wall_clock);

/* What the booth did. Times in µs; rates and shares are 0 where there is nothing to divide by. */
typedef struct
{
  gint64 observed_us; /* from the first event to the last */
  gint64 open_us;     /* between O and C; the whole observation where neither was keyed */
  gint64 busy_us;     /* sum of service */
  gint64 idle_us;     /* between W and the next B */
  gint64 interrupted_us;
  gint64 outage_us;
  guint  n_interruptions;
  guint  n_outages;
  guint  n_decided;
  guint  n_second_line;
  guint  n_refused;
  guint  n_lost;
  double per_hour;    /* decided units per hour that the booth was open */
  double utilisation; /* busy of open */
} MereBoothFigures;

/* "1:23" or "1:02:03", minutes and seconds as a person reads them; tenths below ten seconds, as "4.2 s". */
char *mere_duration_format (double us);

G_END_DECLS
